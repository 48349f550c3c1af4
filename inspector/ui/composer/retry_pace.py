"""How often, and after how long, a push is sent again: a small button with a popover. Imports PySide6, the icons and
the theme."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.ui import icons
from inspector.ui.theme import CONTROL_HEIGHT, Theme

MOST_ATTEMPTS = 100
LONGEST_INTERVAL = 3600.0


class RetryPace(QToolButton):
    """The button; its text says what is not as the pusher does it. `changed` comes after each change."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("composer_retry_settings")
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.popover = _Popover(self)
        self.popover.every.valueChanged.connect(self._say)
        self.popover.times.valueChanged.connect(self._say)
        self.clicked.connect(self._open)
        theme.changed.connect(self._recolor)
        self._say()

    @property
    def interval(self) -> float:
        """Seconds from the end of an attempt to the next."""
        return self.popover.every.value()

    @property
    def attempts(self) -> int:
        """How many attempts there are at most, the first counted."""
        return self.popover.times.value()

    def choose(self, interval: float, attempts: int) -> None:
        """Send again so from now on."""
        self.popover.every.setValue(interval)
        self.popover.times.setValue(attempts)

    def restore(self, text: str) -> None:
        """Take what `interval attempts` says; what can't be read changes nothing."""
        interval, _, attempts = text.partition(" ")
        try:
            self.choose(float(interval), int(attempts))
        except ValueError:
            return

    @Slot()
    def _say(self) -> None:
        usual = (self.interval, self.attempts) == (RETRY_INTERVAL_SECONDS, RETRY_ATTEMPTS)
        words = f"every {self.interval:g} s, {self.attempts} times"
        as_often = self.attempts == RETRY_ATTEMPTS
        self.setText("" if usual else f"{self.interval:g} s" if as_often else f"{self.attempts} ×")
        text, icon = Qt.ToolButtonStyle.ToolButtonTextOnly, Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(icon if usual else text)
        self.setToolTip(f"Interval and attempts: {words}" + (", as the pusher does" if usual else ""))
        self.setAccessibleName(f"Interval and attempts: {words}")
        self._recolor()
        self.changed.emit()

    @Slot()
    def _open(self) -> None:
        size = self.popover.sizeHint()
        self.popover.move(self.mapToGlobal(QPoint(0, -size.height() - 4)))
        self.popover.show()
        self.popover.every.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _recolor(self) -> None:
        self.setIcon(icons.icon("timer", self._theme.colors.muted))


class _Popover(QFrame):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("composer_retry_popover")
        self.setAccessibleName("How it is sent again")
        self.setProperty("role", "popover")
        self.every = QDoubleSpinBox(self)
        self.every.setObjectName("composer_retry_interval")
        self.every.setAccessibleName("Seconds between attempts")
        self.every.setRange(0, LONGEST_INTERVAL)
        self.every.setDecimals(2)
        self.every.setSuffix(" s")
        self.every.setValue(RETRY_INTERVAL_SECONDS)
        self.times = QSpinBox(self)
        self.times.setObjectName("composer_retry_attempts")
        self.times.setAccessibleName("Attempts at most, the first counted")
        self.times.setRange(1, MOST_ATTEMPTS)
        self.times.setValue(RETRY_ATTEMPTS)
        reset = QPushButton("As the pusher does", self)
        reset.setObjectName("composer_retry_reset")
        reset.setProperty("kind", "link")
        reset.clicked.connect(self._reset)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for line, (words, field) in enumerate((("&Every", self.every), ("&Attempts", self.times))):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            field.setFixedWidth(96)
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(reset, 2, 1)

    @Slot()
    def _reset(self) -> None:
        self.every.setValue(RETRY_INTERVAL_SECONDS)
        self.times.setValue(RETRY_ATTEMPTS)
