"""An iPhone's lock screen with a banner, drawn. Imports PySide6 and the parts of the drawings.

Collapsed, iOS shows up to four lines of a text and one of title and subtitle each; a banner that is held shows more.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from inspector.ui.composer.preview.content import APP_NAME, Notification
from inspector.ui.composer.preview.looks import Looks, phone_font
from inspector.ui.composer.preview.parts import (
    CENTRED,
    paint_badged_icon,
    paint_card,
    paint_icon,
    paint_nothing,
    paint_wallpaper,
)
from inspector.ui.composer.preview.text_block import TextBlock

COLLAPSED_LINES, EXPANDED_LINES = 4, 14
TOP = 112.0
_SIDE = 8.0
_PADDING = 12.0
_ICON = 38.0
_FOOT = 92.0
_NOW = "now"


def paint_ios(
    painter: QPainter, width: float, least: float, shown: Notification, looks: Looks, *, expanded: bool
) -> float:
    """Draw the phone `width` wide and at least `least` high. Gives the height that it takes; the painter may be on
    anything, so that the height can be asked for first."""
    body_width = width - 2 * _SIDE - 2 * _PADDING - _ICON - 10
    banner = _Banner(shown, body_width, expanded=expanded)
    height = max(least, TOP + banner.height + _FOOT + 16)
    paint_wallpaper(painter, QRectF(0, 0, width, height), looks, 20)
    painter.setPen(QColor(looks.on_sky))
    painter.setFont(phone_font(13, QFont.Weight.DemiBold))
    painter.drawText(QRectF(0, 18, width, 18), CENTRED, "Tuesday, 9 June")
    painter.setFont(phone_font(54, QFont.Weight.Light))
    painter.drawText(QRectF(0, 34, width, 66), CENTRED, "9:41")
    area = QRectF(_SIDE, TOP, width - 2 * _SIDE, banner.height)
    if shown.nothing:
        paint_nothing(painter, area, looks, shown.nothing)
    else:
        banner.draw(painter, area, looks)
    paint_badged_icon(
        painter,
        QPointF(width / 2, height - _FOOT + 12),
        looks,
        badge=shown.badge,
        dot=False,
        round_icon=False,
    )
    return height


class _Banner:
    """The texts of a banner, set."""

    def __init__(self, shown: Notification, width: float, *, expanded: bool) -> None:
        self._width = width
        strong = phone_font(14, QFont.Weight.DemiBold)
        self._small = phone_font(12)
        self._now_width = QFontMetricsF(self._small).horizontalAdvance(_NOW) + 8
        self._level = shown.level.upper()
        more = 2 if expanded else 1
        self._title = TextBlock(shown.title or APP_NAME, strong, width - self._now_width, more)
        self._subtitle = TextBlock(shown.subtitle, strong, width, more)
        lines = EXPANDED_LINES if expanded else COLLAPSED_LINES
        self._text = TextBlock(shown.text, phone_font(14), width, lines)
        self._level_height = 16.0 if self._level else 0.0
        texts = self._level_height + self._title.height + self._subtitle.height + self._text.height
        self.height = max(_ICON, texts) + 2 * _PADDING

    def draw(self, painter: QPainter, area: QRectF, looks: Looks) -> None:
        paint_card(painter, area, looks.glass, looks.rim, 20)
        icon_top = area.top() + (area.height() - _ICON) / 2
        paint_icon(painter, QRectF(area.left() + _PADDING, icon_top, _ICON, _ICON), looks, 9)
        left = area.left() + _PADDING + _ICON + 10
        texts = self._level_height + self._title.height + self._subtitle.height + self._text.height
        y = area.top() + (area.height() - texts) / 2
        if self._level:
            font = phone_font(10, QFont.Weight.DemiBold)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
            TextBlock(self._level, font, self._width, 1).draw(painter, QPointF(left, y), QColor(looks.urgent))
            y += self._level_height
        painter.setFont(self._small)
        painter.setPen(QColor(looks.soft))
        now = QRectF(left + self._width - self._now_width + 8, y, self._now_width - 8, 17)
        painter.drawText(now, CENTRED, _NOW)
        y = self._title.draw(painter, QPointF(left, y), QColor(looks.text))
        y = self._subtitle.draw(painter, QPointF(left, y), QColor(looks.text))
        self._text.draw(painter, QPointF(left, y), QColor(looks.text))
