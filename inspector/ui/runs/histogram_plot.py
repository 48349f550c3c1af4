"""How long pushes took: a histogram whose bars grow in equal factors, with the percentiles marked. Imports PySide6, the
sender's histograms and the axes."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from inspector.sender.latency_histogram import Histogram
from inspector.ui.runs.axes import Axis, count_axis, duration, latency_axis
from inspector.ui.runs.plot import Plot
from inspector.ui.theme import Theme

BAR_WIDTH = 7.0  # at least; so that bars of a few buckets don't turn into hair
_MARKED = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


class HistogramPlot(Plot):
    """Shows a histogram of latencies."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "runs_histogram_plot", "How long pushes took", parent)
        self._histogram = Histogram()

    def show_histogram(self, histogram: Histogram) -> None:
        """Show other figures."""
        if histogram is not self._histogram:
            self._histogram = histogram
            self.update()

    def nothing(self) -> str:
        return "" if self._histogram.count else "Nothing was answered yet."

    @property
    def _axis(self) -> Axis:
        return latency_axis(self._histogram.lowest, self._histogram.highest)

    def bars(self) -> list[tuple[float, float, int]]:
        """From and to in milliseconds, and how many; without holes, all of one width."""
        axis, histogram = self._axis, self._histogram
        count = max(4, int(self.area.width() / BAR_WIDTH))
        growth = math.log(axis.high / axis.low) / count
        found = [0] * count
        for bucket in histogram.buckets:
            middle = math.sqrt(bucket.low * bucket.high)
            place = int(math.log(max(middle, axis.low) / axis.low) / growth)
            found[min(count - 1, place)] += bucket.count
        return [
            (axis.low * math.exp(place * growth), axis.low * math.exp((place + 1) * growth), number)
            for place, number in enumerate(found)
        ]

    def stops(self) -> list[float]:
        if not self._histogram.count:
            return []
        area = self.area
        count = max(4, int(area.width() / BAR_WIDTH))
        return [area.left() + area.width() * (place + 0.5) / count for place in range(count)]

    def words_at(self, stop: int) -> str:
        low, high, count = self.bars()[stop]
        share = count / self._histogram.count
        within = self._histogram.up_to(high)
        pushes = "1 push" if count == 1 else f"{count:,} pushes"
        return f"{duration(low)} to {duration(high)}: {pushes} ({share:.1%}), {within:.1%} within"

    def paint_plot(self, painter: QPainter, area: QRectF) -> None:
        colors = self.theme.colors
        bars = self.bars()
        scale = count_axis(max(count for *_, count in bars))
        self.paint_scale(painter, area, scale)
        step = area.width() / len(bars)
        for place, (*_, count) in enumerate(bars):
            if count:
                height = max(2.0, scale.place(count) * area.height())
                left = area.left() + place * step
                painter.fillRect(
                    QRectF(left, area.bottom() - height, step - 1, height), QColor(colors.accent)
                )
        axis = self._axis
        self.paint_foot(painter, area, axis)
        self._paint_percentiles(painter, area, axis)

    def _paint_percentiles(self, painter: QPainter, area: QRectF, axis: Axis) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        ends: list[float] = []  # of the labels, a line each, so that none covers another
        for name, share in _MARKED:
            x = round(area.left() + axis.place(self._histogram.at(share)) * area.width())
            painter.setPen(QPen(QColor(self.theme.colors.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            line = next((row for row, end in enumerate(ends) if end <= x), len(ends))
            ends[line : line + 1] = [x + 3 + self.metrics.horizontalAdvance(name) + 4]
            y = area.top() + self.metrics.ascent() - 1 + line * self.metrics.height()
            painter.setPen(QColor(self.theme.colors.text))
            painter.drawText(QPointF(x + 3, y), name)
