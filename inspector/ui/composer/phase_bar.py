"""The phases of one attempt as a waterfall: each a bar at its place on one axis of time.

Imports history's records, PySide6 and the theme.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.history.model import Timings
from inspector.ui.theme import GRID, Theme

_LINE = 18
_BAR = 8
_NAME_WIDTH = 56
_FIGURE_WIDTH = 68
_SHORTEST = 2
_AXIS = 16
_MOST_TICKS = 5
_TICK_ROOM = 56  # the least that a label needs
_ROUND = (1.0, 2.0, 5.0, 10.0)

Phase = tuple[str, float]


def phases(timings: Timings) -> tuple[Phase, ...]:
    """Name and milliseconds of every phase that happened, in order."""
    named = (
        ("resolve", timings.resolve),
        ("connect", timings.connect),
        ("TLS", timings.tls),
        ("send", timings.send),
        ("wait", timings.wait),
        ("read", timings.read),
    )
    return tuple((name, spent) for name, spent in named if spent is not None)


def milliseconds(spent: float) -> str:
    """A duration for people: three figures at most where they tell something."""
    if spent >= 10_000:
        return f"{spent / 1000:.1f} s"
    if spent >= 100:
        return f"{spent:.0f} ms"
    return f"{spent:.1f} ms" if spent >= 1 else f"{spent:.2f} ms"


def ticks(whole: float, most: int) -> tuple[float, ...]:
    """Round times from 0 on, up to `whole` milliseconds, `most` steps at most; 0 alone where there is no room for
    two."""
    if whole <= 0 or most < 1:
        return (0.0,)
    least = whole / most
    size = 10.0 ** math.floor(math.log10(least))
    step = next(size * round_ for round_ in _ROUND if size * round_ >= least * (1 - 1e-9))
    return tuple(step * number for number in range(math.floor(whole / step * (1 + 1e-9)) + 1))


class PhaseBar(QWidget):
    """Draws the phases; where the attempt `failed`, the last one is where it did. The axis goes from the begin to the
    end of the attempt."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phases: tuple[Phase, ...] = ()
        self._whole = 1.0
        self._failed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Time by phase")
        theme.changed.connect(self._recolor)

    def show_timings(self, timings: Timings, *, failed: bool) -> None:
        """Show one attempt's phases."""
        self._phases = phases(timings)
        self._whole = max(timings.total or 0.0, sum(spent for _, spent in self._phases)) or 1.0
        self._failed = failed
        self.setAccessibleDescription(self.text())
        self.setVisible(bool(self._phases))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The phases in words."""
        return ", ".join(f"{name} {milliseconds(spent)}" for name, spent in self._phases)

    def sizeHint(self) -> QSize:
        return QSize(240, _LINE * len(self._phases) + _AXIS)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAME_WIDTH + _FIGURE_WIDTH + 40, _LINE * len(self._phases) + _AXIS)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        font = QFont(self.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        painter.setFont(font)
        room = self.width() - _NAME_WIDTH - _FIGURE_WIDTH
        whole = self._whole
        self._draw_axis(painter, room)
        before = 0.0
        for place, (name, spent) in enumerate(self._phases):
            top = place * _LINE
            broken = self._failed and place == len(self._phases) - 1
            left = _NAME_WIDTH + min(round(before / whole * room), room - _SHORTEST)
            width = max(_SHORTEST, round((before + spent) / whole * room) + _NAME_WIDTH - left)
            middle = top + (_LINE - _BAR) // 2
            painter.fillRect(
                QRect(left, middle, width, _BAR), QColor(colors.red if broken else colors.accent)
            )
            painter.setPen(QColor(colors.red if broken else colors.muted))
            words = QRect(0, top, _NAME_WIDTH - GRID, _LINE)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QColor(colors.text))
            figure = QRect(self.width() - _FIGURE_WIDTH, top, _FIGURE_WIDTH, _LINE)
            painter.drawText(
                figure, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, milliseconds(spent)
            )
            before += spent
        painter.end()

    def _draw_axis(self, painter: QPainter, room: int) -> None:
        """Hairlines at round times, with their labels below."""
        colors = self._theme.colors
        bottom = _LINE * len(self._phases)
        for at in ticks(self._whole, min(_MOST_TICKS, room // _TICK_ROOM)):
            left = _NAME_WIDTH + round(at / self._whole * room)
            painter.fillRect(QRect(left, 0, 1, bottom + 2), QColor(colors.border))
            painter.setPen(QColor(colors.muted))
            label = QRect(left - _TICK_ROOM // 2, bottom + 1, _TICK_ROOM, _AXIS - 1)
            side = Qt.AlignmentFlag.AlignHCenter
            if at == 0:
                label, side = (
                    QRect(_NAME_WIDTH, bottom + 1, _TICK_ROOM, _AXIS - 1),
                    Qt.AlignmentFlag.AlignLeft,
                )
            painter.drawText(label, side | Qt.AlignmentFlag.AlignVCenter, _tick(at))

    @Slot()
    def _recolor(self) -> None:
        self.update()


def _tick(at: float) -> str:
    if at == 0:
        return "0"
    return f"{at / 1000:g} s" if at >= 1000 else f"{at:g} ms"
