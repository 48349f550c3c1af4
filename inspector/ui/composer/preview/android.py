"""An Android phone with a heads-up notification, drawn. Imports PySide6 and the parts of the drawings.

Collapsed, Android shows one line of a text; unfolded, about ten.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from inspector.ui.composer.preview.content import APP_NAME, Notification
from inspector.ui.composer.preview.looks import Looks, phone_font
from inspector.ui.composer.preview.parts import (
    paint_badged_icon,
    paint_card,
    paint_icon,
    paint_nothing,
    paint_wallpaper,
)
from inspector.ui.composer.preview.text_block import TextBlock

COLLAPSED_LINES, EXPANDED_LINES = 1, 10
TOP = 40.0
_SIDE = 8.0
_PADDING = 14.0
_ICON = 34.0
_FOLD = 26.0
_FOOT = 96.0


def paint_android(
    painter: QPainter, width: float, least: float, shown: Notification, looks: Looks, *, expanded: bool
) -> float:
    """Draw the phone `width` wide and at least `least` high. Gives the height that it takes."""
    card = _Card(shown, width - 2 * _SIDE - 2 * _PADDING - _ICON - 12, expanded=expanded)
    height = max(least, TOP + card.height + _FOOT + 24)
    paint_wallpaper(painter, QRectF(0, 0, width, height), looks, 20)
    _paint_status(painter, width, looks)
    area = QRectF(_SIDE, TOP, width - 2 * _SIDE, card.height)
    if shown.nothing:
        paint_nothing(painter, area, looks, shown.nothing)
    else:
        card.draw(painter, area, looks)
    paint_badged_icon(
        painter,
        QPointF(width / 2, height - _FOOT + 12),
        looks,
        badge=shown.badge,
        dot=True,
        round_icon=True,
    )
    return height


def _paint_status(painter: QPainter, width: float, looks: Looks) -> None:
    painter.setPen(QColor(looks.on_sky))
    painter.setFont(phone_font(12, QFont.Weight.DemiBold))
    painter.drawText(
        QRectF(20, 12, 80, 18), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "9:41"
    )
    painter.setBrush(QColor(looks.on_sky))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(width - 32, 15, 8, 12), 2, 2)
    for bar in range(4):
        rise = 3.0 * (bar + 1)
        painter.drawRect(QRectF(width - 54 + 4 * bar, 27 - rise, 3, rise))


class _Card:
    """The texts of a card, set."""

    def __init__(self, shown: Notification, width: float, *, expanded: bool) -> None:
        self._width = width
        self._expanded = expanded
        self._head = TextBlock(f"{APP_NAME}  •  now", phone_font(12), width - _FOLD, 1)
        self._title = TextBlock(
            shown.title, phone_font(14, QFont.Weight.DemiBold), width, 2 if expanded else 1
        )
        lines = EXPANDED_LINES if expanded else COLLAPSED_LINES
        self._text = TextBlock(shown.text, phone_font(14), width, lines)
        self._texts = self._head.height + 3 + self._title.height + self._text.height
        self.height = max(_ICON, self._texts) + 2 * _PADDING

    def draw(self, painter: QPainter, area: QRectF, looks: Looks) -> None:
        paint_card(painter, area, looks.card, looks.rim, 24)
        top = area.top() + (area.height() - self._texts) / 2
        icon_top = area.top() + _PADDING if self._expanded else area.top() + (area.height() - _ICON) / 2
        paint_icon(painter, QRectF(area.left() + _PADDING, icon_top, _ICON, _ICON), looks, _ICON / 2)
        left = area.left() + _PADDING + _ICON + 12
        y = self._head.draw(painter, QPointF(left, top), QColor(looks.soft)) + 3
        y = self._title.draw(painter, QPointF(left, y), QColor(looks.text))
        self._text.draw(painter, QPointF(left, y), QColor(looks.text))
        self._paint_fold(painter, QPointF(left + self._width - 8, top + self._head.height / 2), looks)

    def _paint_fold(self, painter: QPainter, centre: QPointF, looks: Looks) -> None:
        painter.setPen(
            QPen(
                QColor(looks.soft),
                1.6,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        rise = -2.0 if self._expanded else 2.0
        tip = centre + QPointF(0, rise)
        painter.drawPolyline([centre + QPointF(-4, -rise), tip, centre + QPointF(4, -rise)])
