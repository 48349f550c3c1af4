"""The short label that tells a service, in a rounded frame, as a picture. Imports PySide6."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

CHIP_PADDING = 6
CHIP_HEIGHT = 17


def chip_font(font: QFont) -> QFont:
    """The font of chips beside texts of `font`."""
    result = QFont(font)
    result.setPixelSize(max(10, round(QFontMetricsF(font).height()) - 6))
    result.setWeight(QFont.Weight.DemiBold)
    return result


@lru_cache(maxsize=128)
def chip_picture(text: str, color: str, ratio: float, font: QFont) -> QPixmap:
    """The chip, `ratio` device pixels to a pixel; `font` is a `chip_font`."""
    width = round(QFontMetricsF(font).horizontalAdvance(text)) + 2 * CHIP_PADDING
    result = QPixmap(QSize(round(width * ratio), round(CHIP_HEIGHT * ratio)))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    edge = QColor(color)
    edge.setAlpha(110)
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, CHIP_HEIGHT - 1), 4, 4)
    painter.setPen(QColor(color))
    painter.drawText(QRectF(0, 0, width, CHIP_HEIGHT), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return result
