"""Opens the library, and what else can be begun with. Imports PySide6, the icons and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.theme import CONTROL_HEIGHT, Theme


class LibraryButton(QToolButton):
    """Asks for the library (`open_wanted`), for what is written to be kept (`save_wanted`), or for what was copied
    (`paste_wanted`)."""

    open_wanted = Signal()
    save_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("composer_library_open")
        self.setAccessibleName("Payload library")
        self.setToolTip(
            "The library: templates and payloads of your own (Ctrl+Shift+O). "
            "The arrow, or Down, shows what else to begin with."
        )
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self)
        menu.addAction("Open the library…\tCtrl+Shift+O").triggered.connect(self.open_wanted)
        menu.addAction("Save what is written\tCtrl+S").triggered.connect(self.save_wanted)
        menu.addSeparator()
        menu.addAction("Begin with what was copied (cURL, JSON, HTTP)").triggered.connect(self.paste_wanted)
        self.setMenu(menu)
        self.clicked.connect(self.open_wanted)
        theme.changed.connect(self._recolor)
        self._recolor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.showMenu()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _recolor(self) -> None:
        self.setIcon(icons.icon("books", self._theme.colors.text))
