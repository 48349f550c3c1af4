"""A notification of the desktop, where it has such: nothing else of the tray is used. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

_SECONDS = 20


class DesktopNotice(QObject):
    """`taken` comes when somebody clicks on it. The icon is in the tray only as long as there is something to tell."""

    taken = Signal()

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tray: QSystemTrayIcon | None = None
        self._gone = QTimer(self, singleShot=True, interval=1000 * _SECONDS)
        self._gone.timeout.connect(self.close)

    def show(self, title: str, text: str) -> bool:
        """Tell something; False where the desktop takes no notifications."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return False
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon, self)
            self._tray.messageClicked.connect(self.taken)
            self._tray.activated.connect(self.taken)
        self._tray.setToolTip(text)
        self._tray.show()
        self._tray.showMessage(title, text, QSystemTrayIcon.MessageIcon.Warning, 1000 * _SECONDS)
        self._gone.start()
        return True

    @Slot()
    def close(self) -> None:
        """Take the icon out of the tray."""
        if self._tray is not None:
            self._tray.hide()
