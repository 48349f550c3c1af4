"""Everything about the entry that is looked at, in tabs: what matters of it, its chain, every field, and how servers
require it.

Imports PySide6 and the pieces of this room. It asks for what is to be done by signals; the page does it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from inspector.certificates.describe import pem
from inspector.ui.certificates.chain_tree import ChainTree
from inspector.ui.certificates.chain_view import ChainView
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.facts_view import FactsView
from inspector.ui.certificates.fields_view import FieldsView
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.certificates.overview import Overview
from inspector.ui.certificates.snippets_view import SnippetsView
from inspector.ui.certificates.wording import kind_of_entry
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.theme import Theme

OVERVIEW, CHAIN, FIELDS, SNIPPETS = range(4)
_MARGIN = 12


class CertificateDetails(QFrame):
    """One entry whole. `message` tells what was copied; `trust_wanted` brings whether its CAs are to be trusted for
    clients; `save_ca_wanted`, `renew_wanted`, `replace_wanted`, `delete_wanted` and `export_wanted` ask for it; `left`
    says that the keyboard goes back to the list."""

    message = Signal(str)
    trust_wanted = Signal(bool)
    save_ca_wanted = Signal()
    renew_wanted = Signal()
    replace_wanted = Signal()
    delete_wanted = Signal()
    export_wanted = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("certificate_details")
        self._listed: Listed | None = None
        self._now = datetime.now(UTC)
        self._whole = QWidget(self)
        self.title = ElidedLabel(self)
        self.title.setProperty("role", "title")
        self.kind = QLabel(self)
        self.kind.setProperty("role", "muted")
        self.kind.setWordWrap(True)
        self.kind.setTextFormat(Qt.TextFormat.PlainText)
        self.copy_pem = self._button("Copy PEM", "Copy this certificate as PEM, without any key (Ctrl+C)")
        self.renew = self._button("Renew…", "Have it issued again, with the same key or a new one")
        self.renew.setObjectName("certificate_renew")
        self.replace = self._button("Replace…", "Import another certificate over this one")
        self.delete = self._button("Delete…", "Delete this entry from the vault (Del)")
        self.delete.setProperty("kind", "danger")
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("certificate_tabs")
        self.tabs.setAccessibleName("Details")
        self.tabs.setDocumentMode(True)
        self.overview = Overview(theme, self.message.emit, self)
        self.chain_view = ChainView(theme, self.message.emit, self)
        self.fields = FieldsView(theme, self)
        self.snippets = SnippetsView(theme, self)
        self._lay_out()
        self._connect()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        actions = QWidget(self)
        flow = FlowLayout(actions)
        for button in (self.copy_pem, self.renew, self.replace, self.delete):
            flow.addWidget(button)
        head = QVBoxLayout()
        head.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 4)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.kind)
        head.addSpacing(4)
        head.addWidget(actions)
        for view, words in (
            (self.overview, "Overview"),
            (self.chain_view, "Chain"),
            (self.fields, "All fields"),
            (self.snippets, "Snippets"),
        ):
            self.tabs.addTab(view, words)
        whole = QVBoxLayout(self._whole)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.tabs, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)
        self.tabs.tabBar().installEventFilter(self)

    def _connect(self) -> None:
        self.copy_pem.clicked.connect(self.copy_as_pem)
        self.renew.clicked.connect(self.renew_wanted)
        self.replace.clicked.connect(self.replace_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.save_ca.clicked.connect(self.save_ca_wanted)
        self.overview.export.clicked.connect(self.export_wanted)
        self.trust.clicked.connect(self.trust_wanted)
        self.chain_view.chosen.connect(self._show_certificate)
        self.chain.copy_wanted.connect(self.copy_as_pem)
        self.chain.left.connect(self.left)
        self.fields.chosen.connect(self.chain.choose)
        self.fields.message.connect(self.message)
        self.fields.left.connect(self.left)
        self.snippets.message.connect(self.message)
        self.snippets.export_wanted.connect(self.export_wanted)

    # the parts by which the page and its tests know them

    @property
    def chain(self) -> ChainTree:
        """The tree of the chain."""
        return self.chain_view.tree

    @property
    def facts(self) -> FactsView:
        """The facts of the entry's own certificate."""
        return self.overview.facts

    @property
    def save_ca(self) -> QPushButton:
        """The button that saves what the other side needs."""
        return self.overview.save_ca

    @property
    def trust(self) -> QCheckBox:
        """Whether its CAs are trusted for clients."""
        return self.overview.trust

    @property
    def trust_words(self) -> QLabel:
        """Whom that lets in."""
        return self.overview.trust_words

    @property
    def listed(self) -> Listed | None:
        """What is shown."""
        return self._listed

    def show_entry(
        self,
        listed: Listed,
        now: datetime,
        known: tuple[x509.Certificate, ...] = (),
        trouble: str = "",
    ) -> None:
        """Show another entry, or the same one as it is now (its place in the chain is kept then). `known` CAs may
        complete its chain; `trouble` is why its uses can't be told."""
        same = self._listed is not None and self._listed.entry.chain == listed.entry.chain
        place = self.chain.place if same else 0
        self._listed, self._now = listed, now
        self.title.setText(listed.entry.name)
        self.kind.setText(
            f"{kind_of_entry(listed.leaf, has_key=listed.entry.has_key)} · {listed.validity.words}"
        )
        self.renew.setVisible(listed.entry.has_key)
        self.overview.show_entry(listed, now, trouble)
        self.chain_view.show_entry(listed, known, now, place)
        self.fields.show_titles(listed.titles)
        self._show_certificate(place)
        client = "client" in listed.leaf.purposes and not listed.leaf.is_ca
        self.tabs.setTabVisible(SNIPPETS, client)
        self.snippets.show_entry(listed, known)

    def show_something(self, *, shown: bool) -> None:
        """Whether there is an entry to look at; else the place stays empty."""
        self._whole.setVisible(shown)

    def take_focus(self) -> None:
        """Bring the keyboard here."""
        self.tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Esc goes back to the list, before the window takes it for leaving the page.
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def copy_as_pem(self) -> None:
        """Put the certificate that is looked at on the clipboard. Never a key."""
        if self._listed is not None:
            place = 0 if self.tabs.currentIndex() in (OVERVIEW, SNIPPETS) else self.chain.place
            QGuiApplication.clipboard().setText(pem(self._listed.certificates[place]))
            self.message.emit(f"Copied the certificate of {self._listed.titles[place]} as PEM.")

    @Slot(int)
    def _show_certificate(self, place: int) -> None:
        if self._listed is not None:
            self.fields.show_certificate(place, self._listed.certificates[place], self._now)
