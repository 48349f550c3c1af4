"""Paints the marks of a timeline: dots, hollow for retries, red diamonds for what was refused, and what joins them.

Imports PySide6, the layout and the theme's colours.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from inspector.ui.conversations.plot_layout import LABEL_ROOM, Mark, PlotLayout
from inspector.ui.theme import Colors

DOT = 4.0
_AMBER_RING = DOT + 3.5
_DIAMOND = QPolygonF([QPointF(0, -5.5), QPointF(5.5, 0), QPointF(0, 5.5), QPointF(-5.5, 0)])


def paint_marks(
    painter: QPainter, layout: PlotLayout, metrics: QFontMetricsF, colors: Colors, chosen: int | None
) -> None:
    """Paint links, marks and the ring around the mark that is looked at (its place among the marks)."""
    surface = QColor(colors.surface)
    _paint_links(painter, layout, metrics, colors)
    pens = {color: QPen(QColor(color), 1.5) for color in (colors.chip, colors.red, colors.muted)}
    amber, accent = QPen(QColor(colors.amber), 1.5), QPen(QColor(colors.accent), 2)
    text = QColor(colors.muted)
    for number, mark in enumerate(layout.marks):
        if number == chosen:
            painter.setPen(accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            _around(painter, mark, _AMBER_RING + 2.5)
        if len(mark.places) > 1:
            _paint_bar(painter, mark, colors)
            continue
        middle = QPointF(mark.x, mark.y)
        if mark.faulty:
            painter.setPen(amber)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _AMBER_RING, _AMBER_RING)
        color = colors.red if mark.refused else colors.muted if mark.unanswered else colors.chip
        painter.setPen(pens[color])
        painter.setBrush(surface if mark.retry or mark.unanswered else QColor(color))
        if mark.refused:
            painter.drawPolygon(_DIAMOND.translated(middle))
        else:
            painter.drawEllipse(middle, DOT, DOT)
        if mark.label:
            width = metrics.horizontalAdvance(mark.label)
            painter.setPen(text)
            painter.drawText(QPointF(mark.x - width / 2, mark.y - LABEL_ROOM + 2), mark.label)


def _paint_bar(painter: QPainter, mark: Mark, colors: Colors) -> None:
    """Several pushes: a bar, red from its foot on as far as they were refused, an amber dot above it for a finding."""
    height = _height(mark)
    foot = mark.y + height / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.chip))
    painter.drawRect(QRectF(mark.x - 2, foot - height, 4, height))
    if mark.refused:
        red = max(3.0, height * mark.refused / len(mark.places))
        painter.setBrush(QColor(colors.red))
        painter.drawRect(QRectF(mark.x - 2, foot - red, 4, red))
    if mark.faulty:
        painter.setBrush(QColor(colors.amber))
        painter.drawEllipse(QPointF(mark.x, foot - height - 4), 2, 2)


def _paint_links(painter: QPainter, layout: PlotLayout, metrics: QFontMetricsF, colors: Colors) -> None:
    line, muted = QPen(QColor(colors.muted), 1.5), QColor(colors.muted)
    for link in layout.links:
        painter.setPen(line)
        painter.drawLine(QPointF(link.left + DOT, link.y), QPointF(link.right - DOT, link.y))
        width = metrics.horizontalAdvance(link.text)
        if link.text and width < link.right - link.left - 4 * DOT:
            painter.setPen(muted)
            painter.drawText(QPointF((link.left + link.right - width) / 2, link.y - 5), link.text)


def _height(mark: Mark) -> float:
    """Taller for more pushes."""
    return 10 + 12 * mark.weight


def _around(painter: QPainter, mark: Mark, radius: float) -> None:
    half = max(radius, _height(mark) / 2 + radius - DOT) if len(mark.places) > 1 else radius
    painter.drawRoundedRect(QRectF(mark.x - radius, mark.y - half, 2 * radius, 2 * half), radius, radius)
