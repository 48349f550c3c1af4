"""The plot of a conversation: its pushes along the time, a lane for each device. Imports PySide6 and the layout.

All geometry is worked out when the pushes or the size change; painting draws what is there. The arrow keys move along
the pushes, a click chooses one, a pointer on a mark tells what it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from inspector.history.conversation_model import ConversationPush
from inspector.ui.conversations.plot_layout import Mark, lay_out
from inspector.ui.conversations.plot_marks import paint_marks
from inspector.ui.conversations.time_axis import BREAK_WIDTH, Tick
from inspector.ui.conversations.wording import break_words, mark_tip
from inspector.ui.qt_text import tip
from inspector.ui.theme import Colors, Theme

LEFT, RIGHT, TOP, BOTTOM = 76, 64, 4, 22
LANE_HEIGHT, MOST_HEIGHT, LEAST_HEIGHT = 48, 232, 118
REACH = 7.0  # pixels from a mark's middle that still hit it


class TimelinePlot(QWidget):
    """`chosen` carries the place of the push that was clicked or gone to, `opened` says that it is to be shown."""

    chosen = Signal(int)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation_plot")
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription("Pushes along the time; the arrow keys go from one to the next")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._theme = theme
        self._pushes: Sequence[ConversationPush] = ()
        self._faulty: Collection[int] = frozenset()
        self._current = -1
        self._order: list[int] = []
        self._mark_of: dict[int, int] = {}
        self._small = QFont(self.font())
        self._small.setPixelSize(11)
        self._small.setFeature(QFont.Tag("tnum"), 1)
        self._metrics = QFontMetricsF(self._small)
        self._layout = lay_out((), (), left=0, right=1, top=0, bottom=1)
        self._ticks: tuple[Tick, ...] = ()
        self._curves: list[QPolygonF] = []
        theme.changed.connect(self.update)

    # what the page says

    def show_pushes(self, pushes: Sequence[ConversationPush], faulty: Collection[int]) -> None:
        """Show these pushes; `faulty` are the ids that a finding names."""
        self._pushes, self._faulty = pushes, faulty
        self._order = sorted(range(len(pushes)), key=lambda place: (pushes[place].at, place))
        self._current = self._current if self._current < len(pushes) else -1
        self._arrange()
        self.updateGeometry()

    def show_current(self, place: int) -> None:
        """Mark the push at this place as the one looked at; -1 for none."""
        if place != self._current:
            self._current = place
            self.update()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is painted, for whoever wants to know where."""
        return self._layout.marks

    @property
    def current(self) -> int:
        return self._current

    def sizeHint(self) -> QSize:
        wanted = TOP + BOTTOM + LANE_HEIGHT * max(1, len(self._layout.lanes))
        return QSize(400, min(MOST_HEIGHT, max(LEAST_HEIGHT, wanted)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, LEAST_HEIGHT)

    # where things are

    def _arrange(self) -> None:
        right = max(LEFT + 40, self.width() - RIGHT)
        bottom = max(TOP + 20, self.height() - BOTTOM)
        self._layout = lay_out(self._pushes, self._faulty, left=LEFT, right=right, top=TOP, bottom=bottom)
        self._mark_of = {
            place: number for number, mark in enumerate(self._layout.marks) for place in mark.places
        }
        self._ticks = tuple(
            self._layout.axis.ticks(self._metrics.horizontalAdvance, self.width() - 4) if self._pushes else ()
        )
        self._curves = [QPolygonF([QPointF(x, y) for x, y in steps.points]) for steps in self._layout.steps]
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def mark_at(self, place: QPoint) -> Mark | None:
        """The mark under the pointer, the nearest one where several are."""
        near = [
            mark
            for mark in self._layout.marks
            if abs(mark.x - place.x()) <= REACH and abs(mark.y - place.y()) <= 2 * REACH
        ]
        return min(near, key=lambda mark: abs(mark.x - place.x()) + abs(mark.y - place.y()), default=None)

    def tip_at(self, place: QPoint) -> str:
        """What a pointer there tells; nothing where no mark is."""
        mark = self.mark_at(place)
        return "" if mark is None else mark_tip([self._pushes[each] for each in mark.places])

    # hands

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.tip_at(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.mark_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position().toPoint())
        if mark is not None and event.button() is Qt.MouseButton.LeftButton:
            self._choose(mark.places[0])
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.mark_at(event.position().toPoint()) is not None:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in moves:
            self._move(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._order:
            self._choose(self._order[0 if event.key() == Qt.Key.Key_Home else -1])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        if not self._order:
            return
        if self._current < 0:
            self._choose(self._order[0 if by > 0 else -1])
            return
        current = self._pushes[self._current]
        at = bisect_left(
            self._order,
            (current.at, self._current),
            key=lambda place: (self._pushes[place].at, place),
        )
        self._choose(self._order[min(max(at + by, 0), len(self._order) - 1)])

    def _choose(self, place: int) -> None:
        self.show_current(place)
        self.chosen.emit(place)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(colors.surface))
        painter.setFont(self._small)
        self._paint_axis(painter, colors)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lanes(painter, colors)
        chosen = self._mark_of.get(self._current)
        paint_marks(painter, self._layout, self._metrics, colors, chosen)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(QPen(QColor(colors.accent)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_axis(self, painter: QPainter, colors: Colors) -> None:
        foot = self.height() - BOTTOM
        muted, line = QColor(colors.muted), QPen(QColor(colors.border))
        for tick in self._ticks:
            painter.setPen(line)
            painter.drawLine(QPointF(round(tick.x) + 0.5, TOP), QPointF(round(tick.x) + 0.5, foot + 4))
            painter.setPen(muted)
            width = self._metrics.horizontalAdvance(tick.text)
            painter.drawText(QPointF(tick.x - width / 2, foot + 6 + self._metrics.ascent()), tick.text)
        painter.setPen(QPen(QColor(colors.strong_border)))
        for segment in self._layout.axis.segments:
            painter.drawLine(QPointF(segment.left, foot), QPointF(segment.right, foot))
        half = BREAK_WIDTH / 2 - 2
        for each in self._layout.axis.breaks:
            band = QRectF(each.x - half, TOP, 2 * half, foot - TOP + 1)
            painter.fillRect(band, QColor(colors.window))
            painter.setPen(muted)
            words = break_words(each.duration)
            width = self._metrics.horizontalAdvance(words)
            painter.drawText(QPointF(each.x - width / 2, foot + 6 + self._metrics.ascent()), words)

    def _paint_lanes(self, painter: QPainter, colors: Colors) -> None:
        line, muted = QPen(QColor(colors.border)), QColor(colors.muted)
        right = self.width() - RIGHT
        for lane in self._layout.lanes:
            painter.setPen(line)
            painter.drawLine(QPointF(LEFT - 8, lane.y), QPointF(right + 8, lane.y))
            painter.setPen(QColor(colors.text))
            name = f"{'↗' if lane.sent else '↙'} {lane.name}"
            painter.drawText(
                QRectF(12, lane.y - 10, LEFT - 24, 20),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                name,
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for steps, curve in zip(self._layout.steps, self._curves, strict=True):
            painter.setPen(QPen(muted, 1))
            painter.drawPolyline(curve)
            last = curve.at(curve.count() - 1)
            painter.drawText(QPointF(last.x() + 4, last.y() + 4), f"badge {steps.last}")
