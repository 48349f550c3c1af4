"""The table view of pushes: paints its rows itself, tells where the mouse is, Home and End go to the ends.

Imports PySide6 and the painter.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QTableView, QWidget

from inspector.ui.push_model import PushModel
from inspector.ui.push_painter import Cells, Line, PushPainter
from inspector.ui.theme import ROW_HEIGHT, Theme

_Index = QModelIndex | QPersistentModelIndex


class PushView(QTableView):
    """Shows a PushModel. `hovered` carries the position the mouse is over, -1 for none; `pin_wanted` is Space."""

    hovered = Signal(int)
    pin_wanted = Signal()

    def __init__(self, model: PushModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pushes = model
        self._hovered = -1
        self._painter = PushPainter(theme, QFont(self.font()))
        self.setModel(model)
        theme.changed.connect(self.viewport().update)

    def first_width(self, place: int) -> int:
        """The width in pixels that holds a column's title and its usual text."""
        return self._painter.first_width(place)

    def sizeHintForColumn(self, column: int) -> int:
        return self._painter.first_width(column)

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        area = event.rect()
        first = self.rowAt(area.top())
        if first < 0:
            return
        header = self.horizontalHeader()
        columns = [
            Cells(place, header.sectionViewportPosition(place), header.sectionSize(place))
            for place in map(header.logicalIndex, range(header.count()))
            if not header.isSectionHidden(place)
        ]
        top = self.rowViewportPosition(first)
        last = min(self._pushes.rowCount() - 1, first + (area.bottom() - top) // ROW_HEIGHT)
        selected = self._selected(first, last)
        row, hovered, current = self._pushes.row, self._hovered, self.currentIndex().row()
        lines = [
            Line(
                top + (place - first) * ROW_HEIGHT,
                row(place),
                place in selected,
                place == hovered,
                place == current and place not in selected,
            )
            for place in range(first, last + 1)
        ]
        painter = QPainter(viewport)
        painter.setClipRegion(event.region())
        self._painter.paint(painter, columns, lines, width=viewport.width(), active=self.hasFocus())
        painter.end()

    def _selected(self, first: int, last: int) -> set[int]:
        """Which of these rows are selected."""
        chosen = self.selectionModel()
        if not chosen.hasSelection():
            return set()
        return {place for place in range(first, last + 1) if chosen.isRowSelected(place, QModelIndex())}

    def _hover(self, position: int) -> None:
        if position != self._hovered:
            self._update_rows(self._hovered, position)
            self._hovered = position
            self.hovered.emit(position)

    def _update_rows(self, *places: int) -> None:
        for place in places:
            if place >= 0:
                self.viewport().update(
                    0, self.rowViewportPosition(place), self.viewport().width(), ROW_HEIGHT
                )

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self._update_rows(previous.row(), current.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = self._pushes.rowCount()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            position = 0 if event.key() == Qt.Key.Key_Home else count - 1
            self.setCurrentIndex(self._pushes.index(position, max(0, self.currentIndex().column())))
            return
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.pin_wanted.emit()
            return
        super().keyPressEvent(event)
