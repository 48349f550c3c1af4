"""The figures of a run beside one another: a name, and below it the value. Imports PySide6 and the words."""

from __future__ import annotations

from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from inspector.ui.runs.wording import Figure

_LEAST, _GAP = 72, 12
_ALL = 8  # beside one another, where there is room


class FigureRow(QWidget):
    """As many columns as there is room for; the rest goes to a second line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_figures")
        self.setAccessibleName("Figures")
        self._columns = 0
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 4, 12, 4)
        self._grid.setHorizontalSpacing(_GAP)
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
        name, value = QLabel(self), QLabel(self)
        name.setProperty("role", "muted")
        font = QFont(self.font())
        font.setPixelSize(16)
        font.setWeight(QFont.Weight.DemiBold)
        font.setFeature(QFont.Tag("tnum"), 1)
        value.setFont(font)
        value.setMinimumWidth(_LEAST)
        self._pairs.append((name, value))
        self._columns = 0
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        columns = _ALL if width >= _ALL * (_LEAST + _GAP) + 2 * _GAP else _ALL // 2
        if columns == self._columns:
            return
        self._columns = columns
        for place, (name, value) in enumerate(self._pairs):
            self._grid.addWidget(name, 2 * (place // columns), place % columns)
            self._grid.addWidget(value, 2 * (place // columns) + 1, place % columns)
        for column in range(_ALL):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def text(self) -> str:
        """What is shown, in words."""
        return "; ".join(f"{name.text()} {value.text()}" for name, value in self._pairs)
