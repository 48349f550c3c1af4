"""The certificates that the other side presented: how they hang together and what can be done with them; every fact
of the one looked at is a view of its own, for another place.

Imports PySide6, the theme, the views of the certificates page and what was prepared.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates.chain_tree import ChainTree
from inspector.ui.certificates.facts_view import FactsView
from inspector.ui.detail.fact_grid import NAME_WIDTH
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.detail.offers import pin_offer, trust_offer
from inspector.ui.detail.prepared import Detail
from inspector.ui.detail.presented import Presented
from inspector.ui.theme import Theme

_NOT_FOR_FILES = re.compile(r"[^A-Za-z0-9._-]+")


class ChainView(QWidget):
    """`save_wanted` brings a PEM text, a title and a file name; `offer_wanted` an Offer to trust or pin;
    `keep_wanted` a certificate for the vault; `copied` tells what went to the clipboard; `left` is Esc. `facts` is for
    whoever lays this out to put somewhere."""

    save_wanted = Signal(str, str, str)
    offer_wanted = Signal(object)
    keep_wanted = Signal(object)
    copied = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._detail: Detail | None = None
        self._served = False
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self._remark = QLabel(self)
        self._remark.setProperty("role", "warn")
        self._remark.setWordWrap(True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self.tree = ChainTree(theme, self, missing="was not sent")
        self.tree.setObjectName("presented_chain")
        self.tree.setAccessibleName("Chain as presented")
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._show_menu)
        self.tree.chosen.connect(self._show_certificate)
        self.tree.copy_wanted.connect(self.copy_pem)
        self.tree.left.connect(self.left)
        self.facts = FactsView(theme, self.copied.emit, label_width=NAME_WIDTH)
        self.save_one = QPushButton("Save certificate…", self)
        self.save_one.setToolTip("Save the certificate looked at as a PEM file")
        self.save_one.clicked.connect(self.save_certificate)
        self.save_all = QPushButton("Save chain…", self)
        self.save_all.setToolTip("Save all that was presented as one PEM file")
        self.save_all.clicked.connect(self.save_chain)
        self.copy = QPushButton("Copy PEM", self)
        self.copy.setToolTip("Copy the certificate looked at as PEM (Ctrl+C)")
        self.copy.clicked.connect(self.copy_pem)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lay_out()
        theme.changed.connect(self._repaint)
        self._repaint()

    def _lay_out(self) -> None:
        row = QWidget(self)
        buttons = FlowLayout(row)
        for button in (self.copy, self.save_one, self.save_all):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self.tree)
        column.addWidget(self._remark)
        column.addWidget(row)

    def serve(self) -> None:
        """There is somebody who can trust, pin and keep."""
        self._served = True

    def show_chain(self, detail: Detail) -> None:
        """Show what an event's other side presented; nothing hides the view."""
        chain = detail.chain
        same = self._detail is not None and self._detail.chain.pem == chain.pem
        place = self.tree.place if same and chain.certificates else 0
        self._detail = detail
        self.setVisible(bool(chain.certificates or chain.pem))
        count = len(chain.certificates)
        self._heading.setText("Certificate as presented" if count == 1 else "Chain as presented")
        self._remark.setText(chain.remark)
        self._remark.setVisible(bool(chain.remark))
        for part in (self.tree, self.facts, self.save_one, self.copy):
            part.setVisible(count > 0)
        self.save_all.setVisible(count != 1)
        if count:
            notes = [_note(one) for one in chain.certificates]
            self.tree.show_chain(chain.facts, detail.now, notes)
            self.tree.choose(place)
            self._show_certificate(place)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the keyboard stops at, in order."""
        return (self.tree, self.copy, self.save_one, self.save_all, self.facts.copy_button)

    @property
    def looked_at(self) -> Presented | None:
        """The certificate that is looked at."""
        if self._detail is None or not self._detail.chain.certificates:
            return None
        return self._detail.chain.certificates[self.tree.place]

    @Slot()
    def copy_pem(self) -> None:
        """Put the certificate that is looked at on the clipboard."""
        one = self.looked_at
        if one is not None:
            QGuiApplication.clipboard().setText(one.pem)
            self.copied.emit(f"Copied the certificate of {one.title} as PEM.")

    @Slot()
    def save_certificate(self) -> None:
        """Have the certificate that is looked at saved."""
        one = self.looked_at
        if one is not None:
            self.save_wanted.emit(one.pem, "Save certificate", file_name(one.title))

    @Slot()
    def save_chain(self) -> None:
        """Have all that was presented saved."""
        if self._detail is not None:
            certificates = self._detail.chain.certificates
            title = certificates[0].title if certificates else "client"
            self.save_wanted.emit(self._detail.chain.pem, "Save chain", file_name(f"{title}-chain"))

    def menu(self) -> QMenu:
        """What can be done with the certificate looked at."""
        menu = QMenu(self)
        one, detail = self.looked_at, self._detail
        if one is None or detail is None:
            return menu
        menu.addAction("Copy PEM\tCtrl+C").triggered.connect(self.copy_pem)
        menu.addAction("Copy the SHA-256 fingerprint").triggered.connect(self.facts.copy_fingerprint)
        menu.addAction("Save certificate…").triggered.connect(self.save_certificate)
        if self._served:
            menu.addSeparator()
            keep = menu.addAction("Keep in the vault, trusted for nothing")
            keep.triggered.connect(lambda: self.keep_wanted.emit(one.certificate))
            if one.anchor:
                trust = menu.addAction("Trust for clients")
                trust.setEnabled(not one.trusted)
                trust.triggered.connect(lambda: self.offer_wanted.emit(trust_offer(one.certificate)))
            if self.tree.place == 0 and not one.facts.is_ca:
                pin = menu.addAction("Pin this client")
                pin.setEnabled(not detail.around.allowed.pins(one.facts.fingerprint_sha256))
                pin.triggered.connect(lambda: self.offer_wanted.emit(pin_offer(one, detail.around)))
        return menu

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.tree.itemAt(place) is not None:
            menu = self.menu()
            menu.exec(self.tree.viewport().mapToGlobal(place))
            menu.deleteLater()

    @Slot(int)
    def _show_certificate(self, place: int) -> None:
        if self._detail is not None:
            self.facts.show_facts(self._detail.chain.facts[place], self._detail.now)

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.copy, "copy", colors.text)
        for button in (self.save_one, self.save_all):
            icons.set_on(button, "download-simple", colors.text)


def _note(one: Presented) -> str:
    return " · ".join(part for part in (one.link, "trusted here" if one.trusted else "") if part)


def file_name(title: str) -> str:
    """What to call a certificate's file."""
    return f"{_NOT_FOR_FILES.sub('-', title).strip('-.')[:60] or 'certificate'}.pem"
