"""How a run went over time: the latencies' percentiles, and pushes a second beside the rate that was wanted. Imports
PySide6, the stretches of a run and the axes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from inspector.ui.runs.axes import LEAST_SECONDS, clock, count_axis, duration, latency_axis, time_axis
from inspector.ui.runs.plot import Plot
from inspector.ui.runs.samples import Stretch
from inspector.ui.theme import Theme

NAMES = ("p50", "p95", "p99")
_RATE = "Pushes a second"


class TimePlot(Plot):
    """Stretches of a run from left to right."""

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, title, parent)
        self.stretches: Sequence[Stretch] = ()

    @property
    def seconds(self) -> float:
        return self.stretches[-1].end if self.stretches else 0.0

    def nothing(self) -> str:
        return "" if self.stretches else "Nothing was sent yet."

    def stops(self) -> list[float]:
        area, seconds = self.area, max(self.seconds, LEAST_SECONDS)
        return [area.left() + area.width() * (one.start + one.end) / 2 / seconds for one in self.stretches]

    def when(self, stop: int) -> str:
        one = self.stretches[stop]
        return clock((one.start + one.end) / 2, 0.1 if self.seconds < 60 else 1.0)


class LatencyPlot(TimePlot):
    """Three lines: half of the pushes were answered within p50, 99 in a hundred within p99."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "runs_latency_plot", "Latency over time", parent)

    def show_stretches(self, stretches: Sequence[Stretch]) -> None:
        """Show a run as it went so far."""
        self.stretches = stretches
        self.update()

    def nothing(self) -> str:
        if self.stretches and not any(one.percentiles for one in self.stretches):
            return "Nothing was answered yet."
        return super().nothing()

    def words_at(self, stop: int) -> str:
        found = self.stretches[stop].percentiles
        if not found:
            return f"{self.when(stop)}: nothing ended"
        figures = " · ".join(f"{name} {duration(one)}" for name, one in zip(NAMES, found, strict=True))
        return f"{self.when(stop)}: {figures}"

    def paint_plot(self, painter: QPainter, area: QRectF) -> None:
        known = [one.percentiles for one in self.stretches if one.percentiles]
        axis = latency_axis(min(one[0] for one in known), max(one[-1] for one in known))
        self.paint_scale(painter, area, axis)
        self.paint_foot(painter, area, time_axis(self.seconds, area.width()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stops = self.stops()
        lowest = area.bottom()
        for place in (2, 1, 0):
            points = [
                QPointF(x, area.bottom() - axis.place(one.percentiles[place]) * area.height())
                for x, one in zip(stops, self.stretches, strict=True)
                if one.percentiles
            ]
            painter.setPen(self._pen(place))
            if len(points) > 1:
                painter.drawPolyline(QPolygonF(points))
            else:
                painter.drawEllipse(points[0], 2, 2)
            at = points[-1].y() + self.metrics.ascent() / 2 - 1
            # the labels keep clear of one another, from the top down
            at = at if place == 2 else max(at, lowest + self.metrics.height() - 2)
            lowest = at
            painter.drawText(QPointF(area.right() + 6, at), NAMES[place])

    def _pen(self, place: int) -> QPen:
        colors = self.theme.colors
        color, width, style = (
            (colors.accent, 2.0, Qt.PenStyle.SolidLine),
            (colors.chip, 1.2, Qt.PenStyle.SolidLine),
            (colors.muted, 1.2, Qt.PenStyle.DashLine),
        )[place]
        return QPen(QColor(color), width, style)


class RatePlot(TimePlot):
    """How many pushes ended a second; the part with no answer or a bad one is hatched. A dashed line is the rate that
    was wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "runs_rate_plot", _RATE, parent)
        self._wanted: float | None = None

    def show_stretches(self, stretches: Sequence[Stretch], wanted: float | None) -> None:
        """Show a run as it went so far; `wanted` is the rate it was to have."""
        self.stretches, self._wanted = stretches, wanted
        self.title = _RATE if wanted is None else f"{_RATE} · {wanted:,.6g} wanted (dashed)"
        self.update()

    def words_at(self, stop: int) -> str:
        one = self.stretches[stop]
        bad = one.refused + one.failed
        words = f"{self.when(stop)}: {one.rate:,.0f}/s"
        return f"{words}, {bad:,} of {one.done:,} not accepted" if bad else words

    def paint_plot(self, painter: QPainter, area: QRectF) -> None:
        colors = self.theme.colors
        highest = max(max(one.rate for one in self.stretches), self._wanted or 0.0)
        axis = count_axis(highest)
        self.paint_scale(painter, area, axis)
        seconds = max(self.seconds, LEAST_SECONDS)
        for one in self.stretches:
            left, right = (area.left() + area.width() * end / seconds for end in (one.start, one.end))
            gap = 1.0 if right - left > 4 else 0.0
            bar = QRectF(left, 0, max(1.0, right - left - gap), 0)
            bar.setTop(area.bottom() - axis.place(one.rate) * area.height())
            bar.setBottom(area.bottom())
            painter.fillRect(bar, QColor(colors.accent))
            bad = (one.refused + one.failed) / one.done if one.done else 0.0
            if bad:
                bar.setTop(bar.bottom() - bar.height() * bad)
                painter.fillRect(bar, QColor(colors.surface))
                painter.fillRect(bar, QBrush(QColor(colors.red), Qt.BrushStyle.BDiagPattern))
                painter.fillRect(QRectF(bar.left(), bar.top(), bar.width(), 1), QColor(colors.red))
        self.paint_foot(painter, area, time_axis(self.seconds, area.width()))
        if self._wanted is not None:
            y = round(area.bottom() - axis.place(self._wanted) * area.height())
            painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
