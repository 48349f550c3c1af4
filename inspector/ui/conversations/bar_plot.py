"""A small plot of bars: how many in each stretch, with a title, few labels and a mark. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from inspector.ui.conversations.bars import Bars
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

HEIGHT = 84
SIDE, TOP, BOTTOM = 12, 22, 20
WIDEST_BAR = 24.0


class BarPlot(QWidget):
    """Says `nothing` where there are no bars."""

    def __init__(self, theme: Theme, name: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._theme = theme
        self._nothing = nothing
        self._bars = Bars(name)
        self._small = QFont(self.font())
        self._small.setPixelSize(11)
        self._small.setFeature(QFont.Tag("tnum"), 1)
        self._metrics = QFontMetricsF(self._small)
        self.setFixedHeight(HEIGHT)
        theme.changed.connect(self.update)

    def show_bars(self, bars: Bars) -> None:
        """Show other bars."""
        self._bars = bars
        total = sum(bar.count for bar in bars.bars)
        said = [bar.tip for bar in bars.bars if bar.count][:20]
        self.setAccessibleDescription(f"{total} in all. {'; '.join(said)}" if total else self._nothing)
        self.update()

    @property
    def bars(self) -> Bars:
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def bar_rect(self, place: int) -> QRectF:
        """Where a bar stands, over its whole height."""
        step = min(WIDEST_BAR, (self.width() - 2 * SIDE) / max(1, len(self._bars.bars)))
        return QRectF(SIDE + place * step, TOP, step, HEIGHT - TOP - BOTTOM)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.tip_at(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def tip_at(self, place: QPoint) -> str:
        """What a pointer there tells; nothing where no bar is."""
        step = self.bar_rect(0).width()
        number = int((place.x() - SIDE) // step) if step else -1
        if not 0 <= number < len(self._bars.bars) or not self._bars.bars[number].count:
            return ""
        return self._bars.bars[number].tip

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        bars = self._bars
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(colors.surface))
        painter.setFont(self._small)
        painter.setPen(QColor(colors.muted))
        title = f"{bars.title} · most {bars.highest:,}" if bars.bars else bars.title
        painter.drawText(QPointF(SIDE, 4 + self._metrics.ascent()), title)
        if not bars.bars:
            painter.drawText(self.rect().adjusted(SIDE, TOP, -SIDE, -BOTTOM), _MIDDLE, self._nothing)
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bars(painter)
        painter.end()

    def _paint_bars(self, painter: QPainter) -> None:
        colors, bars = self._theme.colors, self._bars
        foot = HEIGHT - BOTTOM
        if bars.marked is not None:
            rect = self.bar_rect(bars.marked)
            painter.fillRect(rect.adjusted(-2, -2, 2, 0), QColor(colors.selection))
            painter.setPen(QColor(colors.accent))
            x = self.width() - SIDE - self._metrics.horizontalAdvance(bars.mark)
            if x > SIDE + self._metrics.horizontalAdvance(f"{bars.title} · most {bars.highest:,}") + 8:
                painter.drawText(QPointF(x, 4 + self._metrics.ascent()), bars.mark)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, bar in enumerate(bars.bars):
            if not bar.count:
                continue
            rect = self.bar_rect(place)
            inner = rect.adjusted(0.5, 0, -1.0 if rect.width() > 3 else 0, 0)
            height = max(2.0, inner.height() * bar.count / bars.highest)
            inner.setTop(foot - height)
            painter.setBrush(QColor(colors.chip))
            painter.drawRect(inner)
            if bar.refused:
                inner.setTop(foot - max(2.0, height * bar.refused / bar.count))
                painter.setBrush(QColor(colors.red))
                painter.drawRect(inner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        last = self.bar_rect(len(bars.bars) - 1).right()
        painter.setPen(QPen(QColor(colors.strong_border)))
        painter.drawLine(QPointF(SIDE, foot), QPointF(max(last, SIDE + 40), foot))
        painter.setPen(QColor(colors.muted))
        free = -1e9
        for place, text in bars.labels:
            rect, width = self.bar_rect(place), self._metrics.horizontalAdvance(text)
            x = min(max(rect.center().x() - width / 2, SIDE), max(SIDE, self.width() - SIDE - width))
            if x >= free:
                painter.drawText(QPointF(x, foot + 3 + self._metrics.ascent()), text)
                free = x + width + 8


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
