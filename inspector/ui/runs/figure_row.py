"""The figures of a run beside one another: a name, and below it the value. Imports PySide6 and the words."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from inspector.ui.runs.wording import Figure

_LEAST = 76


class FigureRow(QWidget):
    """As many columns as there is room for; the rest goes to a second line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_figures")
        self.setAccessibleName("Figures")
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 4, 12, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show others, of which there are always as many."""
        while len(self._pairs) < len(figures):
            self._add()
        for (name, value), figure in zip(self._pairs, figures, strict=True):
            if name.text() != figure.name:
                name.setText(figure.name)
                value.setAccessibleName(figure.name)
            if value.text() != figure.value:
                value.setText(figure.value)
            if name.toolTip() != figure.hint:
                name.setToolTip(figure.hint)
                value.setToolTip(figure.hint)

    def _add(self) -> None:
        place = len(self._pairs)
        name, value = QLabel(self), QLabel(self)
        name.setProperty("role", "muted")
        font = QFont(self.font())
        font.setPixelSize(16)
        font.setWeight(QFont.Weight.DemiBold)
        font.setFeature(QFont.Tag("tnum"), 1)
        value.setFont(font)
        value.setMinimumWidth(_LEAST)
        self._grid.addWidget(name, 2 * (place // 8), place % 8)
        self._grid.addWidget(value, 2 * (place // 8) + 1, place % 8)
        self._grid.setColumnStretch(place % 8, 1)
        self._pairs.append((name, value))

    def text(self) -> str:
        """What is shown, in words."""
        return "; ".join(f"{name.text()} {value.text()}" for name, value in self._pairs)
