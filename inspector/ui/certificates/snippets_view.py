"""How a server requires and verifies the client looked at, to be copied. Imports PySide6 and the certificates room."""

from __future__ import annotations

from cryptography import x509
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from inspector.certificates.chain import order, unique
from inspector.certificates.snippets import SERVERS, snippet
from inspector.ui import icons
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.form_dialog import plain_label
from inspector.ui.certificates.hand_over_dialog import PREFIX
from inspector.ui.theme import Theme, fixed_font


class SnippetsView(QWidget):
    """`message` tells what was copied; `export_wanted` asks for the files that the snippets name."""

    message = Signal(str)
    export_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chain: tuple[x509.Certificate, ...] = ()
        self._stale = False
        self.server = QComboBox(self)
        self.server.setObjectName("certificate_snippet_server")
        self.server.setAccessibleName("Server")
        for server in SERVERS:
            self.server.addItem(server.title, server.key)
        self.copy = QPushButton("Copy", self)
        self.copy.setObjectName("certificate_snippet_copy")
        self.copy.setToolTip("Copy this text")
        self.export = QPushButton("Export for LivePerson…", self)
        self.export.setObjectName("certificate_export")
        self.export.setToolTip("Write the two files for LivePerson, and what the push proxy needs")
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("certificate_snippet")
        self.text.setAccessibleName("Snippet")
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setProperty("role", "field")
        self.text.setTabChangesFocus(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.server, 1)
        row.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.addWidget(self.export)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(plain_label("muted", self, "How the push proxy requires and verifies this client."))
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.server.currentIndexChanged.connect(self._show)
        self.copy.clicked.connect(self._copy)
        self.export.clicked.connect(self.export_wanted)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_entry(self, listed: Listed, known: tuple[x509.Certificate, ...]) -> None:
        """Show how another client is required; its text is made when it is looked at."""
        self._chain = order(listed.entry.leaf, unique((*listed.entry.chain[1:], *known)))
        self.export.setEnabled(listed.entry.has_key)
        self._stale = True
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._show()

    @Slot()
    def _show(self) -> None:
        if self._chain:
            self._stale = False
            self.text.setPlainText(snippet(SERVERS[self.server.currentIndex()], self._chain, prefix=PREFIX))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.message.emit(f"Copied the text for {self.server.currentText()}.")

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.copy, "copy", colors.text)
        icons.set_on(self.export, "export", colors.text, colors.muted)
