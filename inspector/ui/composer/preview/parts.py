"""Parts that both drawings share: the wallpaper, the app's icon, a card, a sentence where there is no notification.

Imports PySide6, the icons and the drawings' looks.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPen

from inspector.ui import icons
from inspector.ui.composer.preview.content import APP_NAME
from inspector.ui.composer.preview.looks import Looks, phone_font
from inspector.ui.composer.preview.text_block import TextBlock

_MOST_BADGE = 9999
_GLYPH = 0.6
CENTRED = Qt.AlignmentFlag.AlignCenter


def paint_wallpaper(painter: QPainter, area: QRectF, looks: Looks, radius: float) -> None:
    """The phone's picture behind everything."""
    sky = QLinearGradient(area.topLeft(), area.bottomRight())
    sky.setColorAt(0.0, QColor(looks.sky))
    sky.setColorAt(0.55, QColor(looks.middle))
    sky.setColorAt(1.0, QColor(looks.ground))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sky)
    painter.drawRoundedRect(area, radius, radius)


def paint_card(painter: QPainter, area: QRectF, fill: str, rim: str, radius: float) -> None:
    """A card with a thin rim and a soft shadow below."""
    for spread, strength in ((5.0, 8), (3.0, 10), (1.0, 14)):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, strength))
        painter.drawRoundedRect(
            area.adjusted(-spread / 2, spread / 2, spread / 2, spread),
            radius + spread / 2,
            radius + spread / 2,
        )
    painter.setPen(QPen(QColor(rim), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_icon(painter: QPainter, area: QRectF, looks: Looks, radius: float) -> None:
    """The stand-in for the app's icon: a speech bubble."""
    fill = QLinearGradient(area.topLeft(), area.bottomLeft())
    fill.setColorAt(0.0, QColor(looks.icon_top))
    fill.setColorAt(1.0, QColor(looks.icon_bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(area, radius, radius)
    side = round(area.width() * _GLYPH)
    glyph = icons.pixmap("chat-circle-text", "#ffffff", side, 4.0)
    corner = area.center() - QPointF(side / 2, side / 2)
    painter.drawPixmap(QRectF(corner.x(), corner.y(), side, side), glyph, QRectF(glyph.rect()))


def paint_badged_icon(
    painter: QPainter, place: QPointF, looks: Looks, *, badge: int | None, dot: bool, round_icon: bool
) -> None:
    """The app's icon on the home screen with its name and badge: a number as iOS has it, or a dot."""
    side = 48.0
    area = QRectF(place.x() - side / 2, place.y(), side, side)
    paint_icon(painter, area, looks, side / 2 if round_icon else 11)
    painter.setFont(phone_font(12))
    painter.setPen(QColor(looks.on_sky))
    painter.drawText(QRectF(area.left() - 30, area.bottom() + 4, side + 60, 16), CENTRED, APP_NAME)
    if not badge:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(looks.badge))
    if dot:
        painter.drawEllipse(QRectF(area.right() - 14, area.top(), 12, 12))
        return
    words = f"{badge:,}" if badge <= _MOST_BADGE else f"{_MOST_BADGE:,}+"
    font = phone_font(12, QFont.Weight.DemiBold)
    width = max(20.0, QFontMetricsF(font).horizontalAdvance(words) + 12)
    bubble = QRectF(area.right() - 12, area.top() - 8, width, 20)
    painter.drawRoundedRect(bubble, 10, 10)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(bubble, CENTRED, words)


def paint_nothing(painter: QPainter, area: QRectF, looks: Looks, words: str) -> float:
    """A dashed place with a sentence where the notification would be. Gives its height."""
    block = TextBlock(words, phone_font(13), area.width() - 32, 4)
    height = max(56.0, block.height + 28)
    frame = QRectF(area.left(), area.top(), area.width(), height).adjusted(0.5, 0.5, -0.5, -0.5)
    path = QPainterPath()
    path.addRoundedRect(frame, 18, 18)
    pen = QPen(QColor(looks.on_sky), 1.2, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(QColor(0, 0, 0, 60))
    painter.drawPath(path)
    block.draw(
        painter, QPointF(area.left() + 16, area.top() + (height - block.height) / 2), QColor(looks.on_sky)
    )
    return height
