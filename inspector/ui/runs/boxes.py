"""Boxes for a run's numbers. The wheel scrolls what is around them and changes nothing. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator, QWheelEvent
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


class ZeroBox(NumberBox):
    """A number from 0 on."""

    def __init__(self, most: float, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(0.0, most, unit, parent)
        self.setRange(0.0, most)

    def show_value(self, value: float) -> None:
        """Put a number there; where it is already, what is being typed is left as it stands."""
        if value != self.value():
            self.setValue(value)


class SharesBox(ZeroBox):
    """A share from 0 to 1, shown in percent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(1.0, " %", parent)
        self.setDecimals(4)
        self.setSingleStep(0.05)

    def textFromValue(self, value: float) -> str:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".")

    def valueFromText(self, text: str) -> float:
        try:
            return float(text.removesuffix(self.suffix()).strip() or 0) / 100
        except ValueError:
            return 0.0

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        number = text.removesuffix(self.suffix()).strip()
        if not number:
            return QValidator.State.Intermediate, text, place
        try:
            fits = 0 <= float(number) <= 100
        except ValueError:
            fits = False
        return QValidator.State.Acceptable if fits else QValidator.State.Invalid, text, place
