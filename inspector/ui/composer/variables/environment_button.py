"""Which environment the values of `{{env NAME}}` come from. Imports the sender's environments, PySide6 and
the icons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from inspector.sender.kept.environment_file import EnvironmentSet
from inspector.ui import icons
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

_LONGEST = 18
_NONE = "No environment"


class EnvironmentButton(QToolButton):
    """`chosen` carries the name of an environment, empty for none; `edit_wanted` and `restart_wanted` what the menu
    asks for besides."""

    chosen = Signal(str)
    edit_wanted = Signal()
    restart_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("composer_environment")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setMenu(QMenu(self))
        self._group: QActionGroup | None = None
        theme.changed.connect(self._recolor)
        self.show_environments(EnvironmentSet())
        self._recolor()

    def show_environments(self, known: EnvironmentSet) -> None:
        """Offer these, with the current one marked."""
        menu = self.menu()
        menu.clear()
        if self._group is not None:
            self._group.deleteLater()
        group = self._group = QActionGroup(menu)
        for name in ("", *(one.name for one in known.environments)):
            action = menu.addAction(name.replace("&", "&&") or _NONE)
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name == known.current)
            group.addAction(action)
        group.triggered.connect(self._choose)
        menu.addSeparator()
        menu.addAction("Edit environments…").triggered.connect(self.edit_wanted)
        menu.addAction("Count from the beginning again").triggered.connect(self.restart_wanted)
        current = known.current
        short = current if len(current) <= _LONGEST else f"{current[: _LONGEST - 1]}…"
        self.setText(short.replace("&", "&&") or _NONE)
        self.setAccessibleName(f"Environment: {current or 'none'}")
        self.setToolTip(
            tip(f"{current}: where {{{{env NAME}}}} takes its values from")
            if current
            else "Where {{env NAME}} takes its values from"
        )

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))

    @Slot()
    def _recolor(self) -> None:
        icons.set_on(self, "globe", self._theme.colors.muted)
