"""What stands at the target's address: the quiet line with what is not as usual, and the buttons beside it.

Imports PySide6, the icons, the theme and this room.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.certificates.note import ICON, ElidedLabel
from inspector.ui.qt_text import tip
from inspector.ui.target_settings.differences import NOT_CHECKED, Difference
from inspector.ui.theme import CONTROL_HEIGHT, Theme

SETTINGS_KEY = "Alt+S"
CHECK_KEY = "Ctrl+Shift+Return"


class TargetLine(QWidget):
    """The name the target is kept under, then what is not as usual; hidden while there is neither. That nothing is
    checked stands first and in red, with a shape."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("composer_target_line")
        self._shield = QLabel(self)
        self._shield.setFixedSize(ICON, ICON)
        self.unchecked = QLabel("Not checked", self)
        self.unchecked.setProperty("role", "bad")
        self.unchecked.setToolTip("Anybody could be answering: only for a proxy of your own.")
        self.words = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.words.setProperty("role", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._shield)
        line.addWidget(self.unchecked)
        line.addWidget(self.words, 1)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.show_state("", ())

    def show_state(self, name: str, found: tuple[Difference, ...]) -> None:
        """Show a name (empty: none) and what is not as usual."""
        unchecked = any(one.words == NOT_CHECKED for one in found)
        words = [*([name] if name else []), *(one.words for one in found if one.words != NOT_CHECKED)]
        text = " · ".join(words)
        self._shield.setVisible(unchecked)
        self.unchecked.setVisible(unchecked)
        self.words.setText(f"· {text}" if unchecked and text else text)
        self.words.setToolTip(tip("\n".join(one.sentence for one in found) or text))
        self.setAccessibleName(" · ".join([*(["Not checked"] if unchecked else []), *words]))
        self.setVisible(bool(words) or unchecked)

    @Slot()
    def _recolor(self) -> None:
        self._shield.setPixmap(
            icons.pixmap("shield-warning", self._theme.colors.red, ICON, self.devicePixelRatioF())
        )


class TargetButtons(QWidget):
    """Settings, with how many are not as usual, and Check connection, which gives up while one is under way."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._checking = False
        self.settings = self._button("composer_target_settings", "Settings of the target")
        self.settings.setCheckable(True)
        self.check = self._button("composer_check_connection", "Check connection")
        self.check.setShortcut(CHECK_KEY)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(self.settings)
        line.addWidget(self.check)
        theme.changed.connect(self._recolor)
        self.show_differences(())
        self.show_checking(False)

    def _button(self, name: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setFixedHeight(CONTROL_HEIGHT)
        button.setMinimumWidth(CONTROL_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def show_differences(self, found: tuple[Difference, ...]) -> None:
        """Say how many settings are not as usual, and in the tooltip which."""
        count = len(found)
        self.settings.setText(str(count) if count else "")
        self.settings.setShortcut(SETTINGS_KEY)  # Qt takes it away with every other text
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        self.settings.setToolButtonStyle(beside if count else alone)
        lines = "\n".join(one.sentence for one in found)
        head = f"Settings of the target ({_native(SETTINGS_KEY)})"
        self.settings.setToolTip(tip(f"{head}\n{lines}" if lines else f"{head}: all as usual"))
        self.settings.setAccessibleDescription(lines or "All as usual")
        self._recolor()

    def show_checking(self, checking: bool) -> None:  # noqa: FBT001 - a plain setter
        """A check is under way, or none is."""
        self._checking = checking
        self.check.setAccessibleName("Cancel the check" if checking else "Check connection")
        self.check.setToolTip(
            "Give up the check"
            if checking
            else f"Check connection ({_native(CHECK_KEY)}): the handshake only, nothing is sent"
        )
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self.settings.setIconSize(QSize(16, 16))
        self.settings.setIcon(icons.icon("sliders-horizontal", colors.text))
        self.check.setIcon(icons.icon("stop" if self._checking else "plugs-connected", colors.text))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
