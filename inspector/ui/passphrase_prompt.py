"""Asks for the vault's passphrase in the window, for a job that needs it in another thread. Imports PySide6.

Asked once per start: the vault keeps what opened it. A closed dialog, and a closing window, give up with an empty text.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QInputDialog, QLineEdit, QPushButton, QWidget

TITLE = "Unlock the vault"
_WIDTH = 400
LABEL = "The vault of identities is locked with your passphrase:"


class PassphrasePrompt(QObject):
    """`ask` is for the vault: it may be called in any thread but the UI thread, and waits there for the answer."""

    _wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._turn = threading.Lock()
        self._answered = threading.Event()
        self._answer = ""
        self._closed = False
        self._dialog: QInputDialog | None = None
        self._wanted.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> str:
        """The passphrase; empty where nobody gave one. In the UI thread nobody can wait, so it is empty there."""
        if threading.current_thread() is threading.main_thread():
            return ""
        with self._turn:
            if self._closed:
                return ""
            self._answer = ""
            self._answered.clear()
            self._wanted.emit()
            self._answered.wait()
            answer, self._answer = self._answer, ""
            return answer

    def close(self) -> None:
        """Give up whatever is asked, now and later."""
        self._closed = True
        if self._dialog is not None:
            self._dialog.reject()
        self._answered.set()

    @Slot()
    def _open(self) -> None:
        if self._closed:
            return
        dialog = QInputDialog(self._window)
        dialog.setObjectName("vault_passphrase")
        dialog.setWindowTitle(TITLE)
        dialog.setLabelText(LABEL)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        dialog.setOkButtonText("Unlock")
        for button in dialog.findChildren(QPushButton):
            button.setIcon(QIcon())  # the style's own pictures: no other dialog has them
        dialog.resize(_WIDTH, dialog.sizeHint().height())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._finished)
        self._dialog = dialog
        dialog.open()

    @Slot(int)
    def _finished(self, result: int) -> None:
        if self._dialog is not None and result:
            self._answer = self._dialog.textValue()
        self._dialog = None
        self._answered.set()
