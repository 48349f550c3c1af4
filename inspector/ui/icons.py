"""Icons: Phosphor's regular weight (MIT, see resources/icons/LICENSE), drawn in a colour of the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from inspector import resources

GAP = 5


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    return resources.read_text(f"icons/{name}.svg")


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))


@lru_cache(maxsize=256)
def pixmap(name: str, color: str, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """One icon as a picture of `size` logical pixels."""
    result = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    _renderer(name, color).render(painter)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def set_on(button: QAbstractButton, name: str, color: str, disabled: str | None = None) -> None:
    """Put an icon beside a button's text, with room between the two."""
    button.setIconSize(QSize(16 + GAP, 16))
    button.setIcon(_beside_text(name, color, disabled))


@lru_cache(maxsize=256)
def _beside_text(name: str, color: str, disabled: str | None) -> QIcon:
    result = QIcon(_with_gap(name, color))
    if disabled:
        result.addPixmap(_with_gap(name, disabled), QIcon.Mode.Disabled)
    return result


def _with_gap(name: str, color: str, ratio: float = 2.0) -> QPixmap:
    result = QPixmap(QSize(round((16 + GAP) * ratio), round(16 * ratio)))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    _renderer(name, color).render(painter, QRectF(0, 0, 16 * ratio, 16 * ratio))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


@lru_cache(maxsize=256)
def icon(name: str, color: str, disabled: str | None = None) -> QIcon:
    """One icon for buttons and menus, muted where disabled."""
    result = QIcon()
    for size in (16, 20):
        result.addPixmap(pixmap(name, color, size))
        if disabled:
            result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result
