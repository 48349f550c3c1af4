"""The colours that events are marked with, and the menu to choose one. Imports PySide6, history's records and
the change."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu

from inspector.history.model import MARK_COLORS, Row
from inspector.ui.mark_change import MarkChange

_LIGHT = {
    "red": "#cf5a60",
    "orange": "#d4803a",
    "yellow": "#c4a11c",
    "green": "#4f9a66",
    "blue": "#4d80cc",
    "purple": "#8d6cc0",
}
_DARK = {
    "red": "#dd7679",
    "orange": "#dd985c",
    "yellow": "#d3bb5a",
    "green": "#70b687",
    "blue": "#7ba4e3",
    "purple": "#ae93d9",
}
_SIZE = 16
_SWATCH = 12


def mark_color(name: str, *, dark: bool) -> str:
    """A mark's colour as `#rrggbb`."""
    return (_DARK if dark else _LIGHT)[name]


@lru_cache(maxsize=32)
def swatch(name: str, *, dark: bool) -> QIcon:
    """A mark's colour as an icon."""
    picture = QPixmap(2 * _SIZE, 2 * _SIZE)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mark_color(name, dark=dark)))
    edge = (_SIZE - _SWATCH) / 2
    painter.drawRoundedRect(QRectF(edge, edge, _SWATCH, _SWATCH), 3, 3)
    painter.end()
    return QIcon(picture)


def fill_mark_menu(menu: QMenu, current: str, choose: Callable[[str], object], *, dark: bool) -> None:
    """The colours by name, the current one checked, and none; `choose` gets a colour's name, or an empty text."""
    menu.clear()
    group = QActionGroup(menu)
    for name in (*MARK_COLORS, ""):
        if not name:
            menu.addSeparator()
        action = menu.addAction(name.capitalize() if name else "No mark")
        if name:
            action.setIcon(swatch(name, dark=dark))
        action.setCheckable(True)
        action.setChecked(name == current)
        group.addAction(action)
        action.triggered.connect(lambda _=False, name=name: choose(name))


def add_mark_entries(
    menu: QMenu,
    row: Row,
    change: Callable[[Row, MarkChange], object],
    write_note: Callable[[Row], object],
    *,
    dark: bool,
) -> None:
    """What can be noted on a row: a pin, a colour, words."""
    pin = menu.addAction("Let go of the pin\tSpace" if row.pinned else "Pin\tSpace")
    pin.triggered.connect(lambda: change(row, MarkChange(pinned=not row.pinned)))
    colors = menu.addMenu("Mark")
    fill_mark_menu(colors, row.mark_color, lambda color: change(row, MarkChange(color=color)), dark=dark)
    menu.addAction("Note…\tCtrl+M").triggered.connect(lambda: write_note(row))
