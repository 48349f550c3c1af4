"""The button that sends, or cancels what is being sent, with how long that has taken. Imports PySide6 and the theme."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.retry_pace import RetryPace
from inspector.ui.theme import Theme

SEND_KEY = "Ctrl+Return"
_TICK_MILLISECONDS = 100
_RETRY, _RETRY_KEY = "Retry &like the pusher", "Alt+L"
_ROOM_FOR_WORDS = 400


class SendButton(QPushButton):
    """A double click counts once: the second half must not cancel what the first has begun."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class SendRow(QWidget):
    """`send_wanted` and `cancel_wanted` come from the one button."""

    send_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._busy = False
        self._words = ""
        self._due = (
            0.0  # seconds until the next attempt, counted from when the clock was started; 0 while sending
        )
        self._clock = QElapsedTimer()
        self._tick = QTimer(self, interval=_TICK_MILLISECONDS)
        self._tick.timeout.connect(self._show_time)
        self.button = SendButton(self)
        self.button.setObjectName("composer_send")
        self.button.setMinimumWidth(92)
        self.button.clicked.connect(self._click)
        self.retry = QCheckBox(_RETRY, self)
        self.retry.setObjectName("composer_retry")
        self.retry.setAccessibleName(_RETRY.replace("&", ""))
        self.pace = RetryPace(theme, self)
        self.pace.changed.connect(self._show_pace)
        self._time = ElidedLabel(self)
        self._time.setProperty("role", "muted")
        self._time.setAccessibleName("Progress")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addLayout(self._retrying())
        row.addWidget(self._time, 1)
        row.addStretch()
        theme.changed.connect(self._recolor)
        self._show_pace()
        self.show_idle()

    def _retrying(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.retry)
        line.addWidget(self.pace)
        return line

    @Slot()
    def _show_pace(self) -> None:
        self.retry.setToolTip(
            f"After a 5xx or a network error send again every {self.pace.interval:g} seconds, "
            f"up to {self.pace.attempts} attempts"
        )

    def add_button(self, button: QWidget) -> None:
        """Put something at the end of the row."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, only the first word stands; the key stays the same."""
        super().resizeEvent(event)
        words = _RETRY if event.size().width() >= _ROOM_FOR_WORDS else _RETRY.partition(" ")[0]
        if self.retry.text() != words:
            self.retry.setText(words)
            self.retry.setShortcut(_RETRY_KEY)

    @property
    def progress(self) -> str:
        """How it goes, in words; empty while nothing is under way."""
        return self._time.text()

    def show_idle(self) -> None:
        """Nothing is under way."""
        self._tick.stop()
        self._time.setText("")
        self._set_busy(False)

    def show_sending(self, words: str) -> None:
        """Something is being sent; `words` such as `Sending` or `Attempt 2`."""
        self._begin(words, 0.0)

    def show_waiting(self, words: str, seconds: float) -> None:
        """The next attempt begins in `seconds`; `words` such as `Attempt 2 of 4 in`."""
        self._begin(words, seconds)

    def _begin(self, words: str, due: float) -> None:
        self._words, self._due = words, due
        self._clock.start()
        self._tick.start()
        self._set_busy(True)
        self._show_time()

    @Slot()
    def _show_time(self) -> None:
        spent = self._clock.elapsed() / 1000
        if self._due:
            left = self._due - spent
            self._time.setText(f"{self._words} in {left:.0f} s" if left >= 0.5 else f"{self._words}…")
        else:
            self._time.setText(f"{self._words}… {spent:.1f} s")

    @Slot()
    def _click(self) -> None:
        if self._busy:
            self.cancel_wanted.emit()
        else:
            self.send_wanted.emit()

    def _set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a plain setter
        self._busy = busy
        self.button.setText("Cancel" if busy else "Send")
        keys = QKeySequence(SEND_KEY).toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setToolTip(
            "Give up what is being sent" if busy else f"Send the body to the target ({keys})"
        )
        self.button.setAccessibleName(self.button.text())
        self.button.setProperty("kind", "" if busy else "primary")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        self.retry.setVisible(not busy)
        self.pace.setVisible(not busy)
        self._time.setVisible(busy)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color = ("stop", colors.text) if self._busy else ("paper-plane-tilt", colors.on_accent)
        icons.set_on(self.button, name, color)
