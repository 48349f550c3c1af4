"""One section of the form: a quiet heading, the rows that are there, and a menu of the fields that could be.

Imports the form's words, PySide6 and its own room.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.contract.form_model import FormField, Group, Kind
from inspector.ui.composer.fields.row import FieldRow, row_key
from inspector.ui.composer.fields.undo_keys import UndoKeys
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme


class Section(QWidget):
    """`changed` and `place_wanted` are its rows'; `entered` comes as a visit of a row begins; `add_wanted` carries the
    FormField that was picked from the menu."""

    changed = Signal(object)
    entered = Signal()
    place_wanted = Signal(object)
    add_wanted = Signal(object)

    def __init__(
        self,
        group: Group,
        theme: Theme,
        undo: UndoKeys,
        pickers: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.group = group
        self._theme = theme
        self._undo = undo
        self._rows: dict[tuple[object, ...], FieldRow] = {}
        self._absent: list[FormField] = []
        heading = QLabel(group.value, self)
        heading.setProperty("role", "heading")
        self.add = QToolButton(self)
        self.add.setObjectName(f"composer_add_{group.name.lower()}")
        self.add.setText("Add field ▾")
        self.add.setAccessibleName(f"Add a field to {group.value}")
        self.add.setFixedHeight(CONTROL_HEIGHT)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.add)
        self._menu.aboutToShow.connect(self._fill)
        self._menu.triggered.connect(self._picked)
        self.add.setMenu(self._menu)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(heading, 1)
        head.addWidget(self.add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 2 * GRID)
        self._column.setSpacing(GRID)
        self._column.addLayout(head)
        for picker in pickers:
            self._column.addWidget(picker)
        self._first = 1 + len(pickers)

    def rows(self) -> tuple[FieldRow, ...]:
        """The rows that show, in their order."""
        return tuple(self._rows.values())

    def row(self, path: tuple[str | int, ...]) -> FieldRow | None:
        """The row for a path, where it shows."""
        return next((row for row in self._rows.values() if row.field.path == path), None)

    def show_fields(self, fields: Sequence[FormField]) -> None:
        """Show the fields that are there, or have to be; keep the rows that stay."""
        wanted = {row_key(one): one for one in fields if one.present or one.required or one.kind is Kind.FLAG}
        self._absent = [one for one in fields if row_key(one) not in wanted]
        for key in [key for key in self._rows if key not in wanted]:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        rows: dict[tuple[object, ...], FieldRow] = {}
        for place, (key, one) in enumerate(wanted.items()):
            row = self._rows.get(key) or self._make(one)
            row.show_field(one)
            if self._column.indexOf(row) != self._first + place:
                self._column.removeWidget(row)
                self._column.insertWidget(self._first + place, row)
            rows[key] = row
        self._rows = rows
        self.add.setVisible(bool(self._absent))
        self.setVisible(bool(rows or self._absent) or self._first > 1)

    def _make(self, shown: FormField) -> FieldRow:
        row = FieldRow(shown, self._theme, self._undo, self)
        row.changed.connect(self.changed)
        row.entered.connect(self.entered)
        row.place_wanted.connect(self.place_wanted)
        return row

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for place, one in enumerate(self._absent):
            self._menu.addAction(one.name.replace("&", "&&")).setData(place)

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        self.add_wanted.emit(self._absent[action.data()])
