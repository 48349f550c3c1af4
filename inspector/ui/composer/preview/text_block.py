"""Texts as phones set them: a number of lines, the last one cut with an ellipsis, in the direction of their script.

Imports PySide6.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

_LINE_SEPARATOR = "\u2028"
_BREAKS = str.maketrans({"\r": None, "\n": _LINE_SEPARATOR, "\u2029": _LINE_SEPARATOR, "\t": " "})
_RIGHT_TO_LEFT = ("R", "AL")


class TextBlock:
    """A text set in lines of a width. Nothing is drawn before `draw`."""

    def __init__(
        self, text: str, font: QFont, width: float, most_lines: int, *, leading: float = 1.0
    ) -> None:
        self._width = max(width, 1.0)
        self._font = font
        self.right_to_left = is_right_to_left(text)
        metrics = QFontMetricsF(font)
        self._line_height = round(metrics.height() * leading)
        self.lines = self._break(text.translate(_BREAKS).strip(), most_lines, metrics)

    @property
    def height(self) -> float:
        """Pixels that the lines take."""
        return self._line_height * len(self.lines)

    def draw(self, painter: QPainter, place: QPointF, color: QColor) -> float:
        """Draw it with its top left corner at `place`. Gives the y below it."""
        painter.setFont(self._font)
        painter.setPen(color)
        side = Qt.AlignmentFlag.AlignRight if self.right_to_left else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTextDirection(_direction(right_to_left=self.right_to_left))
        y = place.y()
        for line in self.lines:
            painter.drawText(QRectF(place.x(), y, self._width, self._line_height), line, option)
            y += self._line_height
        return y

    def _break(self, text: str, most: int, metrics: QFontMetricsF) -> list[str]:
        if not text:
            return []
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(_direction(right_to_left=self.right_to_left))
        layout = QTextLayout(text, self._font)
        layout.setTextOption(option)
        encoded = text.encode("utf-16-le")
        lines: list[str] = []
        layout.beginLayout()
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width)
            start, length = line.textStart(), line.textLength()
            if len(lines) == most:
                # There is more than fits: the last line is cut, whatever it said.
                lines[-1] = metrics.elidedText(f"{lines[-1]}…", Qt.TextElideMode.ElideRight, self._width)
                break
            lines.append(_units(encoded, start, length).strip(_LINE_SEPARATOR + " "))
        layout.endLayout()
        return lines


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left: its first letter with a direction says so."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return False
        if kind in _RIGHT_TO_LEFT:
            return True
    return False


def _units(encoded: bytes, start: int, length: int) -> str:
    """A part of a text in Qt's 16-bit units."""
    return encoded[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")


def _direction(*, right_to_left: bool) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
