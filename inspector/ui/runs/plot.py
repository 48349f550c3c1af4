"""What the plots of a run share: a title, axes, a place that is pointed at by mouse or keys, and what stands there in
words. Imports PySide6, the axes and the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui.runs.axes import Axis
from inspector.ui.theme import Theme

LEFT, RIGHT, TOP, BOTTOM = 60.0, 40.0, 28.0, 24.0
HEIGHT = 168
_GAP = 8.0
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Plot(QWidget):
    """Draws nothing but its frame by itself. A plot paints in `paint_plot`, has places to point at (`stops`, in pixels)
    and says in `words_at` what stands at one of them."""

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.theme = theme
        self.title = title
        self.pointed: int | None = None
        self.small = QFont(self.font())
        self.small.setPixelSize(11)
        self.small.setFeature(QFont.Tag("tnum"), 1)
        self.metrics = QFontMetricsF(self.small)
        theme.changed.connect(self.update)

    # what a plot says of itself

    def stops(self) -> list[float]:
        """The places to point at, from left to right."""
        return []

    def words_at(self, stop: int) -> str:
        """What stands at one of the places."""
        raise NotImplementedError

    def paint_plot(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is to be seen."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Why there is nothing to be seen; empty where there is something."""
        return ""

    # around

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEIGHT - 24)

    @property
    def area(self) -> QRectF:
        """Where the figures stand."""
        return QRectF(LEFT, TOP, max(40.0, self.width() - LEFT - RIGHT), self.height() - TOP - BOTTOM)

    def readout(self) -> str:
        """What stands where one points."""
        stops = len(self.stops())
        if self.pointed is None or not stops:
            return ""
        return self.words_at(min(self.pointed, stops - 1))

    def describe(self, words: str) -> None:
        """Say the figures to those who don't see them."""
        self.setAccessibleDescription(words)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        stops = self.stops()
        self._point(min(range(len(stops)), key=lambda place: abs(stops[place] - x)) if stops else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.stops()) - 1
        key = Qt.Key(event.key())
        if last < 0 or key not in (*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        elif key in _STEPS:
            at = last + 1 if self.pointed is None and key == Qt.Key.Key_Left else self.pointed
            self._point(min(last, max(0, (-1 if at is None else at) + _STEPS[key])))
        else:
            self._point(0 if key == Qt.Key.Key_Home else last)

    def _point(self, stop: int | None) -> None:
        if stop != self.pointed:
            self.pointed = stop
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.theme.colors
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(colors.surface))
        painter.setFont(self.small)
        self._paint_head(painter)
        nothing = self.nothing()
        if nothing:
            painter.setPen(QColor(colors.muted))
            painter.drawText(self.area, Qt.AlignmentFlag.AlignCenter, nothing)
        else:
            self.paint_plot(painter, self.area)
            self._paint_pointer(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.accent)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5, 5)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        colors = self.theme.colors
        baseline = 6 + self.metrics.ascent()
        words = self.metrics.elidedText(self.readout(), Qt.TextElideMode.ElideRight, self.width() - 24)
        left = self.width() - 12 - self.metrics.horizontalAdvance(words)
        if not words or left >= 12 + self.metrics.horizontalAdvance(self.title) + 16:
            painter.setPen(QColor(colors.muted))
            painter.drawText(QPointF(12, baseline), self.title)
        if words:  # where there is no room for both, they stand in the title's place
            painter.setPen(QColor(colors.text))
            painter.drawText(QPointF(left, baseline), words)

    def _paint_pointer(self, painter: QPainter) -> None:
        stops, area = self.stops(), self.area
        if self.pointed is not None and stops:
            x = stops[min(self.pointed, len(stops) - 1)]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(QPen(QColor(self.theme.colors.text), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def paint_scale(self, painter: QPainter, area: QRectF, axis: Axis) -> None:
        """The axis of heights: thin lines, labels on their left."""
        colors = self.theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        free = 1e9
        for tick in axis.ticks:
            y = round(area.bottom() - axis.place(tick.value) * area.height())
            painter.setPen(QPen(QColor(colors.border)))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if y + self.metrics.height() / 2 <= free:
                painter.setPen(QColor(colors.muted))
                width = self.metrics.horizontalAdvance(tick.text)
                painter.drawText(
                    QPointF(area.left() - 6 - width, y + self.metrics.ascent() / 2 - 1), tick.text
                )
                free = y - self.metrics.height() / 2

    def paint_foot(self, painter: QPainter, area: QRectF, axis: Axis) -> None:
        """The axis from left to right: labels below it, as many as there is room for."""
        colors = self.theme.colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(QColor(colors.strong_border)))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(colors.muted))
        free = -1e9
        for tick in axis.ticks:
            width = self.metrics.horizontalAdvance(tick.text)
            x = area.left() + axis.place(tick.value) * area.width() - width / 2
            x = min(max(x, 12.0), self.width() - 12 - width)
            if x >= free:
                painter.drawText(QPointF(x, area.bottom() + 5 + self.metrics.ascent()), tick.text)
                free = x + width + _GAP
