"""How the pushes of a run ended: a row for each status and each reason, with a bar, a shape and a figure. Imports
PySide6, the words and the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui import icons
from inspector.ui.runs.wording import FAILED, GIVEN_UP, GOOD, REFUSED, Outcome
from inspector.ui.theme import ROW_HEIGHT, Theme

MOST_ROWS = 12
SIDE = 12
ICON = 16
_BAR = 6
_ICONS = {GOOD: "check-circle", REFUSED: "warning-circle", FAILED: "x-circle", GIVEN_UP: "minus-circle"}


class OutcomeBars(QWidget):
    """One row a way to end; the rest of many share the last one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_outcomes")
        self.setAccessibleName("How the pushes ended")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._outcomes: tuple[Outcome, ...] = ()
        theme.changed.connect(self.update)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self._outcomes

    def show_outcomes(self, outcomes: tuple[Outcome, ...]) -> None:
        """Show others."""
        if len(outcomes) > MOST_ROWS:
            rest = outcomes[MOST_ROWS - 1 :]
            count, share = sum(one.count for one in rest), sum(one.share for one in rest)
            outcomes = (
                *outcomes[: MOST_ROWS - 1],
                Outcome(FAILED, f"{len(rest)} other ways to end", count, share),
            )
        if outcomes != self._outcomes:
            taller = len(outcomes) != len(self._outcomes)
            self._outcomes = outcomes
            if taller:
                self.updateGeometry()
            self.setToolTip("\n".join(f"{one.words}: {one.count:,} ({one.share:.2%})" for one in outcomes))
            self.update()

    def describe(self) -> None:
        """Say the figures to those who don't see them."""
        self.setAccessibleDescription("; ".join(f"{one.words}: {one.count:,}" for one in self._outcomes))

    def sizeHint(self) -> QSize:
        return QSize(320, ROW_HEIGHT * max(1, len(self._outcomes)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(colors.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(self.font())
        if not self._outcomes:
            painter.setPen(QColor(colors.muted))
            painter.drawText(
                self.rect().adjusted(SIDE, 0, -SIDE, 0), Qt.AlignmentFlag.AlignVCenter, "None has ended yet."
            )
        figures = [f"{one.count:,}   {one.share:.1%}" for one in self._outcomes]
        figure_width = max((metrics.horizontalAdvance(text) for text in figures), default=0.0)
        words_width = max((metrics.horizontalAdvance(one.words) for one in self._outcomes), default=0.0)
        words_width = min(words_width, self.width() * 0.5)
        left = SIDE + ICON + 8 + words_width + 12
        room = self.width() - left - figure_width - 12 - SIDE
        for row, (one, figure) in enumerate(zip(self._outcomes, figures, strict=True)):
            top = row * ROW_HEIGHT
            color = self._color(one.kind)
            picture = icons.pixmap(_ICONS[one.kind], color, ICON, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(SIDE, top + (ROW_HEIGHT - ICON) / 2), picture)
            painter.setPen(QColor(colors.text))
            line = QRectF(SIDE + ICON + 8, top, words_width, ROW_HEIGHT)
            shown = metrics.elidedText(one.words, Qt.TextElideMode.ElideRight, words_width)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            place = QRectF(self.width() - SIDE - figure_width, top, figure_width, ROW_HEIGHT)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
            if room >= 24:
                self._paint_bar(painter, QRectF(left, top + (ROW_HEIGHT - _BAR) / 2, room, _BAR), one, color)
        painter.end()

    def _paint_bar(self, painter: QPainter, track: QRectF, one: Outcome, color: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.hover))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        bar = QRectF(track)
        bar.setWidth(max(_BAR, track.width() * one.share))
        solid = one.kind in (GOOD, REFUSED)
        painter.setBrush(
            QBrush(QColor(color), Qt.BrushStyle.SolidPattern if solid else Qt.BrushStyle.Dense4Pattern)
        )
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)

    def _color(self, kind: str) -> str:
        colors = self._theme.colors
        return {GOOD: colors.green, REFUSED: colors.amber, FAILED: colors.red}.get(kind, colors.muted)
