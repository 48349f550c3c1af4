"""Everything about the entry that is looked at: what it is, what is wrong with it, its chain, every fact.

Imports PySide6 and the pieces of this room. It asks for what is to be done by signals; the page does it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.certificates.describe import pem
from inspector.ui import icons
from inspector.ui.certificates.advice import advice
from inspector.ui.certificates.chain_tree import ChainTree
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.facts_view import FactsView
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.certificates.wording import kind_of_entry, let_in
from inspector.ui.theme import Theme

SIDE_BY_SIDE_FROM = 680
SAVE_CA, SAVE_CERTIFICATE = "Save CA for the other side…", "Save certificate for the other side…"
_MARGIN = 12


class CertificateDetails(QFrame):
    """One entry whole. `message` tells what was copied; `trust_wanted` brings whether its CAs are to be trusted for
    clients; `save_ca_wanted`, `replace_wanted` and `delete_wanted` ask for it; `left` says that
    the keyboard goes back to the list."""

    message = Signal(str)
    trust_wanted = Signal(bool)
    save_ca_wanted = Signal()
    replace_wanted = Signal()
    delete_wanted = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("certificate_details")
        self._theme = theme
        self._listed: Listed | None = None
        self._now = datetime.now(UTC)
        self.title = ElidedLabel(self)
        self.title.setProperty("role", "title")
        self.kind = QLabel(self)
        self.kind.setProperty("role", "muted")
        self.kind.setWordWrap(True)
        self.kind.setTextFormat(Qt.TextFormat.PlainText)
        self.copy_pem = self._button("Copy PEM", "Copy this certificate as PEM, without any key (Ctrl+C)")
        self.replace = self._button("Replace…", "Import another certificate over this one")
        self.delete = self._button("Delete…", "Delete this entry from the vault (Del)")
        self.delete.setProperty("kind", "danger")
        self.save_ca = self._button(
            SAVE_CA, "Save the certificate that the other side needs to trust this one"
        )
        self.trust = QCheckBox("Trust for clients", self)
        self.trust_words = QLabel(self)
        self.trust_words.setProperty("role", "muted")
        self.trust_words.setWordWrap(True)
        self.trust_words.setTextFormat(Qt.TextFormat.PlainText)
        self.trust.setObjectName("certificate_trust")
        self.trust.setToolTip("Whether the listener accepts client certificates by this entry")
        self.chain = ChainTree(theme, self)
        self.facts = FactsView(theme, self.message.emit, self)
        self._notes = QVBoxLayout()
        self._notes.setContentsMargins(0, 0, 0, 0)
        self._notes.setSpacing(8)
        self._lay_out()
        self._connect()
        self._repaint()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.copy_pem)
        actions.addWidget(self.replace)
        actions.addStretch()
        actions.addWidget(self.delete)
        sharing = QHBoxLayout()
        sharing.addWidget(self.save_ca)
        sharing.addStretch()
        trust = QHBoxLayout()
        trust.setSpacing(12)
        trust.addWidget(self.trust, alignment=Qt.AlignmentFlag.AlignTop)
        trust.addWidget(self.trust_words, 1, alignment=Qt.AlignmentFlag.AlignTop)
        chain_label = QLabel("Chain", self)
        chain_label.setProperty("role", "heading")
        chain_label.setBuddy(self.chain)
        about = QVBoxLayout()
        about.setSpacing(4)
        about.addWidget(self.title)
        about.addWidget(self.kind)
        about.addSpacing(4)
        about.addLayout(self._notes)
        about.addSpacing(4)
        about.addLayout(actions)
        about.addSpacing(4)
        about.addLayout(sharing)
        about.addSpacing(4)
        about.addLayout(trust)
        about.addSpacing(8)
        about.addWidget(chain_label)
        about.addWidget(self.chain)
        about.addStretch()
        facts = QVBoxLayout()
        facts.addWidget(self.facts)
        facts.addStretch()
        body = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, body)
        self._columns.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._columns.setSpacing(_MARGIN)
        self._columns.addLayout(about)
        self._columns.addLayout(facts)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _connect(self) -> None:
        self.copy_pem.clicked.connect(self.copy_as_pem)
        self.save_ca.clicked.connect(self.save_ca_wanted)
        self.replace.clicked.connect(self.replace_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.trust.clicked.connect(self.trust_wanted)
        self.chain.chosen.connect(self._show_certificate)
        self.chain.copy_wanted.connect(self.copy_as_pem)
        self.chain.left.connect(self.left)
        self._theme.changed.connect(self._repaint)

    @property
    def listed(self) -> Listed | None:
        """What is shown."""
        return self._listed

    def show_entry(self, listed: Listed, now: datetime) -> None:
        """Show another entry, or the same one as it is now (its place in the chain is kept then)."""
        same = self._listed is not None and self._listed.entry.chain == listed.entry.chain
        place = self.chain.place if same else 0
        self._listed, self._now = listed, now
        self.title.setText(listed.entry.name)
        self.kind.setText(
            f"{kind_of_entry(listed.leaf, has_key=listed.entry.has_key)} · {listed.validity.words}"
        )
        self.save_ca.setVisible(listed.ca_to_share is not None)
        self.save_ca.setText(SAVE_CERTIFICATE if listed.shares_itself and not listed.leaf.is_ca else SAVE_CA)
        self.trust.setVisible(bool(listed.anchors))
        self.trust_words.setVisible(bool(listed.anchors))
        self.trust_words.setText(f"lets in {let_in(listed.anchors)}")
        self.trust.setAccessibleDescription(self.trust_words.text())
        self.trust.setChecked(listed.entry.trust_clients)
        self._show_findings(listed)
        self.chain.show_chain(listed.facts, now)
        self.chain.choose(place)
        self._show_certificate(place)

    def take_focus(self) -> None:
        """Bring the keyboard here."""
        self.chain.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def copy_as_pem(self) -> None:
        """Put the certificate that is looked at on the clipboard. Never a key."""
        if self._listed is not None:
            place = self.chain.place
            QGuiApplication.clipboard().setText(pem(self._listed.certificates[place]))
            self.message.emit(f"Copied the certificate of {self._listed.titles[place]} as PEM.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= SIDE_BY_SIDE_FROM
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self._columns.setSpacing(2 * _MARGIN if wide else _MARGIN)
        self._columns.setStretch(0, 1 if wide else 0)
        self._columns.setStretch(1, 1)

    def _show_findings(self, listed: Listed) -> None:
        while (item := self._notes.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for finding in listed.findings:
            note = Note(self._theme, self)
            self._notes.addWidget(note)
            note.say(finding.message, advice(finding.code, dev=listed.is_dev), finding.severity)

    @Slot(int)
    def _show_certificate(self, place: int) -> None:
        if self._listed is not None:
            self.facts.show_facts(self._listed.facts[place], self._now)

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.copy_pem, "copy", colors.text)
        icons.set_on(self.save_ca, "download-simple", colors.text)
        icons.set_on(self.delete, "trash", colors.red)
