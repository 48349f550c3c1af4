"""One section of the form: a quiet heading, the rows that are there, and a menu of the fields that could be.

Imports the form's words, PySide6 and its own room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.contract.form_model import FormField, Group, Kind
from inspector.contract.paths import Path
from inspector.ui.composer.fields.pickers import Picker
from inspector.ui.composer.fields.row import FieldRow, row_key
from inspector.ui.composer.fields.undo_keys import UndoKeys
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme


class Section(QWidget):
    """`pickers` by the path that they are for. `changed` and `place_wanted` are its rows'; `entered` comes as a visit
    of a row begins; `add_wanted` carries the FormField that was picked from the menu."""

    changed = Signal(object)
    entered = Signal()
    place_wanted = Signal(object)
    add_wanted = Signal(object)

    def __init__(
        self,
        group: Group,
        theme: Theme,
        undo: UndoKeys,
        pickers: Mapping[Path, Picker] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.group = group
        self._theme = theme
        self._undo = undo
        self._rows: dict[tuple[object, ...], FieldRow] = {}
        self._absent: list[FormField] = []
        self._order: list[Picker | FieldRow] = []
        self._pickers = pickers or {}
        heading = QLabel(group.value, self)
        heading.setFixedHeight(CONTROL_HEIGHT)
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
        for picker in self._pickers.values():
            self._column.addWidget(picker)

    def rows(self) -> tuple[FieldRow, ...]:
        """The rows that show, in their order."""
        return tuple(self._rows.values())

    def controls(self) -> list[QWidget]:
        """What takes keys, in the order of the Tab key."""
        return [*(one for shown in self._order for one in shown.controls()), self.add]

    def row(self, path: Path) -> FieldRow | None:
        """The row for a path, where it shows."""
        return next((row for row in self._rows.values() if row.field.path == path), None)

    def show_fields(self, fields: Sequence[FormField], shows: Callable[[FormField], bool]) -> None:
        """Show the fields that are there or have to be, each below the picker for its place, if there is one; those
        that `shows` turns down are the picker's alone. Rows that stay are kept."""
        rows: dict[tuple[object, ...], FieldRow] = {}
        order: list[Picker | FieldRow] = []
        self._absent = []
        for one in fields:
            order += [
                picker
                for path, picker in self._pickers.items()
                if one.path[: len(path)] == path and picker not in order
            ]
            if not shows(one):
                continue
            if not (one.present or one.required or one.kind is Kind.FLAG):
                self._absent.append(one)
                continue
            key = row_key(one)
            row = rows[key] = self._rows.pop(key) if key in self._rows else self._make(one)
            row.show_field(one)
            order.append(row)
        for gone in self._rows.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._rows = rows
        self._arrange(order)

    def _arrange(self, order: list[Picker | FieldRow]) -> None:
        self._order = order
        for picker in self._pickers.values():
            picker.setVisible(picker in order)
        for place, widget in enumerate(order, 1):
            if self._column.indexOf(widget) != place:
                self._column.removeWidget(widget)
                self._column.insertWidget(place, widget)
        self.add.setVisible(bool(self._absent))
        self.setVisible(bool(order or self._absent))

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
