"""Boxes for numbers and for choices. The wheel scrolls what is around them and changes nothing. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget

_MARGINS = (7, 0, 7, 0)  # so that the text stands where other fields have it: a style sheet can't say so


class WholeBox(QSpinBox):
    """A whole number; nothing else can be typed."""

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setLocale(QLocale.c())
        self.lineEdit().setTextMargins(*_MARGINS)

    def show_value(self, value: int) -> None:
        """Put a number there; where it is already, what is being typed is left as it stands."""
        if value != self.value():
            self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class PercentBox(QDoubleSpinBox):
    """A share in percent, with as many places as it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(3)
        self.setRange(0, 100)
        self.setLocale(QLocale.c())
        self.lineEdit().setTextMargins(*_MARGINS)
        self.setSuffix(" % of the times")

    def show_value(self, value: float) -> None:
        """Put a share there; where it is already, what is being typed is left as it stands."""
        if value != self.value():
            self.setValue(value)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(QComboBox):
    """One of several."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
