"""Commands to read, select and copy, shown in place. Imports PySide6 and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates.facts_view import FactValue
from inspector.ui.theme import Theme

LEGEND = (
    "client.pem, client.key and chain.pem stand for the client's own files, server-ca.pem for the CA of our "
    "certificate, client-ca.pem for the CAs whose clients are let in."
)
_PADDING = 8


class CommandBox(QFrame):
    """Hidden until there is something to show. `copied` tells what went to the clipboard."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "notice")
        self.text = FactValue("openssl commands", fixed=True, parent=self)
        self.text.setObjectName("openssl_command")
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text.setStyleSheet("background: transparent;")
        self.copy = QPushButton("Copy", self)
        self.copy.setAccessibleName("Copy the openssl commands")
        self.copy.clicked.connect(self._copy)
        legend = QLabel(LEGEND, self)
        legend.setProperty("role", "muted")
        legend.setWordWrap(True)
        legend.setTextFormat(Qt.TextFormat.PlainText)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(legend, 1)
        foot.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        column.setSpacing(4)
        column.addWidget(self.text)
        column.addLayout(foot)
        theme.changed.connect(self._repaint)
        self._repaint()
        self.hide()

    def show_commands(self, commands: str) -> None:
        """Show other commands; none hides the box."""
        self.text.say(commands)
        self.setVisible(bool(commands))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copied.emit("Copied the openssl commands.")

    @Slot()
    def _repaint(self) -> None:
        icons.set_on(self.copy, "copy", self._theme.colors.text)
