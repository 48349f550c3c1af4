"""The rail on the left: one icon for each page, preferences and help at its foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.theme import Scheme, Theme

PAGES = (
    ("pushes", "Pushes", "tray"),
    ("conversations", "Conversations", "chats"),
    ("runs", "Runs", "speedometer"),
    ("certificates", "Certificates", "certificate"),
    ("answers", "Answers", "arrow-bend-up-left"),
)


class Rail(QFrame):
    """`chosen` carries the place of the page, `scheme_chosen` a Scheme, `help_wanted` asks for the keys."""

    chosen = Signal(int)
    scheme_chosen = Signal(object)
    help_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setFixedWidth(44)
        self._theme = theme
        self._group = QButtonGroup(self)
        self._buttons: list[tuple[QToolButton, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 8, 5, 8)
        layout.setSpacing(4)
        for place, (key, title, icon) in enumerate(PAGES):
            button = self._button(f"{title} (Ctrl+{place + 1})", title, icon)
            button.setObjectName(f"rail_{key}")
            button.setCheckable(True)
            self._group.addButton(button, place)
            layout.addWidget(button)
        layout.addStretch()
        self.files = self._button("The history file (Ctrl+Shift+H)", "History file", "database")
        self.files.setObjectName("rail_history_file")
        self.files.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        preferences = self._button("Appearance", "Appearance", "gear-six")
        preferences.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        preferences.setMenu(self._appearance_menu(preferences))
        shortcuts = self._button("Keys (F1)", "Keys", "question")
        shortcuts.clicked.connect(self.help_wanted)
        layout.addWidget(self.files)
        layout.addWidget(preferences)
        layout.addWidget(shortcuts)
        self._group.idClicked.connect(self.chosen)
        self._group.button(0).setChecked(True)
        theme.changed.connect(self._recolor)
        self._recolor()

    def choose(self, place: int) -> None:
        """Mark a page as shown."""
        self._group.button(place).setChecked(True)

    def _button(self, tip: str, name: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setAccessibleName(name)
        button.setFixedSize(34, 34)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons.append((button, icon))
        return button

    def _appearance_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        self._schemes = {}
        for scheme, title in (
            (Scheme.SYSTEM, "Like the system"),
            (Scheme.LIGHT, "Light"),
            (Scheme.DARK, "Dark"),
        ):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(scheme)
            self._schemes[scheme] = action
        menu.triggered.connect(self._scheme_triggered)
        menu.aboutToShow.connect(self._mark_scheme)
        return menu

    @Slot(object)
    def _scheme_triggered(self, action: object) -> None:
        for scheme, candidate in self._schemes.items():
            if candidate is action:
                self.scheme_chosen.emit(scheme)

    @Slot()
    def _mark_scheme(self) -> None:
        for scheme, action in self._schemes.items():
            action.setChecked(scheme is self._theme.choice)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        for button, icon in self._buttons:
            button.setIcon(icons.icon(icon, colors.text))
