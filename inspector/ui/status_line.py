"""The line at the foot: how many pushes and refusals, how fast; what the listener does out of the ordinary; how the
keys are kept and what runs out next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from inspector.history.model import Counts
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import tip as as_tip
from inspector.ui.status_chips import StatusChips
from inspector.ui.theme import Theme

SAID_MILLISECONDS = 6000
ACTION_MILLISECONDS = 12_000
RATE_SECONDS = 5.0
_MARGIN, _GAP, _WIDEST = 12, 16, 16_777_215
_LEAST_OF_THE_VAULT = 96

BARE_CONNECTS = (
    "Who connects and leaves without a word (a port scan, a health check) is counted and has no row."
)


class StatusLine(QFrame):
    """Counts on the left, beside them the chips and a passing message, the vault on the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self.setFixedHeight(26)
        self._counts = self._label("status_counts")
        self._message = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self._message.setObjectName("status_message")
        self._message.setProperty("role", "muted")
        self._do: Callable[[], None] | None = None
        self._action = QPushButton(self)
        self._action.setObjectName("status_action")
        self._action.setProperty("kind", "link")
        self._action.clicked.connect(self._act)
        self._action.hide()
        self.chips = StatusChips(theme, self)
        self._vault = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self._vault.setObjectName("status_vault")
        self._vault.setProperty("role", "muted")
        self._vault.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.chips.changed.connect(self._share_room)
        self._seen: deque[tuple[float, int]] = deque()
        self._numbers = Counts(0, 0, 0)
        self._bare_connects = 0
        self._matches: str | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._counts)
        row.addWidget(self.chips)
        row.addWidget(self._message, 1)
        row.addWidget(self._action)
        row.addStretch()
        row.addWidget(self._vault)
        self._forget = QTimer(self, singleShot=True, interval=SAID_MILLISECONDS)
        self._forget.timeout.connect(self._clear_message)
        self._rate = QTimer(self, interval=1000)
        self._rate.timeout.connect(self._show_counts)
        self._show_counts()

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("role", "muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    @Slot(object)
    def show_counts(self, counts: Counts) -> None:
        """How much the history holds."""
        self._numbers = counts
        self._show_counts()

    def show_bare_connects(self, count: int) -> None:
        """How many have connected to the listener that runs, and left without a word: they are no rows."""
        if count != self._bare_connects:
            self._bare_connects = count
            self._counts.setToolTip(BARE_CONNECTS if count else "")
            self._show_counts()

    @Slot(int)
    def count_arrivals(self, number: int) -> None:
        """That many rows came just now; shown as a rate over the last seconds."""
        self._seen.append((monotonic(), number))
        if not self._rate.isActive():
            self._rate.start()

    @Slot(str)
    @Slot(str, str, object)
    def say(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """A message that goes away by itself, with a button where something can be done about it."""
        self._message.setText(text)
        self._do = do
        self._action.setText(action)
        self._action.setVisible(bool(text and action))
        # The button stands right behind what it is about.
        self._message.setMaximumWidth(self._message.sizeHint().width() if action else _WIDEST)
        if text:
            self._forget.start(ACTION_MILLISECONDS if action else SAID_MILLISECONDS)
        self._share_room()

    @Slot()
    def _act(self) -> None:
        do = self._do
        self._clear_message()
        if do is not None:
            do()

    def show_matches(self, count: int | None, *, more: bool) -> None:
        """How many rows a filter leaves, None where none is on; `more` may still be found."""
        matches = None if count is None else f"{count:,}{'+' if more else ''}"
        if matches != self._matches:
            self._matches = matches
            self._show_counts()

    def show_vault(self, text: str, tip: str) -> None:
        """How keys are kept and which identity runs out next."""
        self._vault.setText(text)
        self._vault.setToolTip(as_tip(f"{text}\n{tip}".strip()))
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    @Slot()
    def _share_room(self) -> None:
        """The chips come first, then the message while there is one, then the vault: as much of it as has room."""
        self._message.setVisible(bool(self._message.text()))
        room = self.width() - 2 * _MARGIN - self._counts.sizeHint().width() - _GAP
        if self.chips.shown:
            room -= self.chips.sizeHint().width() + _GAP
        if self._message.text():
            room -= self._message.sizeHint().width() + _GAP
        if self._action.isVisible():
            room -= self._action.sizeHint().width() + _GAP
        wanted = self._vault.sizeHint().width()
        self._vault.setFixedWidth(max(0, min(wanted, room)))
        self._vault.setVisible(room >= min(wanted, _LEAST_OF_THE_VAULT))

    @Slot()
    def _clear_message(self) -> None:
        self.say("")

    @Slot()
    def _show_counts(self) -> None:
        now = monotonic()
        while self._seen and self._seen[0][0] < now - RATE_SECONDS:
            self._seen.popleft()
        numbers = self._numbers
        parts = [] if self._matches is None else [f"{self._matches} of {numbers.rows:,} match"]
        parts.append(f"{numbers.pushes_in:,} received")
        if numbers.pushes_out:
            parts.append(f"{numbers.pushes_out:,} sent")
        if numbers.handshakes:
            parts.append(f"{numbers.handshakes:,} turned away")
        if self._bare_connects:
            parts.append(
                f"{self._bare_connects:,} bare connects" if self._bare_connects > 1 else "1 bare connect"
            )
        arrived = sum(number for _, number in self._seen)
        if arrived:
            rate = arrived / RATE_SECONDS
            parts.append(f"{rate:,.0f}/s" if rate >= 1 else "<1/s")
        else:
            self._rate.stop()
        text = "  ·  ".join(parts)
        longer = len(text) != len(self._counts.text())
        self._counts.setText(text)
        if longer:
            self._share_room()
