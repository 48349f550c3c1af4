"""Boxes for a run's numbers. The wheel scrolls what is around them and changes nothing. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_MARGINS = (7, 0, 7, 0)  # so that the text stands where other fields have it: a style sheet can't say so


class NumberBox(QDoubleSpinBox):
    """A number above 0 with as many places as it needs, and `unit` behind it."""

    def __init__(self, value: float, most: float, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(3)
        self.setRange(0.001, most)
        self.setLocale(QLocale.c())
        self.setGroupSeparatorShown(False)
        self.setSuffix(unit)
        self.setValue(value)
        self.lineEdit().setTextMargins(*_MARGINS)

    def textFromValue(self, value: float) -> str:
        return f"{value:.3f}".rstrip("0").rstrip(".")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
