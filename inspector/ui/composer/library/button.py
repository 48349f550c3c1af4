"""Beside the templates: opens the library, and keeps what is written in it. Imports PySide6, the icons and
the theme."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.theme import CONTROL_HEIGHT, Theme


class LibraryButtons(QWidget):
    """Asks for the library (`open_wanted`), for what is written to be kept (`save_wanted`), or, in the menu of the
    first button, for what was copied (`paste_wanted`)."""

    open_wanted = Signal()
    save_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.open = self._button("composer_library_open", "Payload library")
        self.open.setToolTip("The library: templates and payloads of your own (Ctrl+Shift+O)")
        self.open.clicked.connect(self.open_wanted)
        self.open.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.open.customContextMenuRequested.connect(self._show_menu)
        self.save = self._button("composer_library_save", "Save as a payload")
        self.save.setToolTip("Keep what is written in the library (Ctrl+S)")
        self.save.clicked.connect(self.save_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(self.open)
        line.addWidget(self.save)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _button(self, name: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setFixedHeight(CONTROL_HEIGHT)
        button.setMinimumWidth(CONTROL_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open the library…\tCtrl+Shift+O", self.open_wanted.emit)
        menu.addAction("Begin with what was copied (cURL, JSON, HTTP)\tCtrl+Shift+V", self.paste_wanted.emit)
        menu.popup(self.open.mapToGlobal(place))

    @Slot()
    def _recolor(self) -> None:
        self.open.setIcon(icons.icon("books", self._theme.colors.text))
        self.save.setIcon(icons.icon("floppy-disk", self._theme.colors.text))
