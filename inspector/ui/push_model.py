"""The table's model: ids of what is shown in an array, rows in pages read when they are looked at.

It never holds more than a few pages of rows, however long the history is. Imports history's records and PySide6.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from inspector.history.model import Kind, Row
from inspector.ui.mark_change import mark_words
from inspector.ui.push_columns import COLUMNS, KEYS, direction_words, tooltip
from inspector.ui.qt_text import tip

ROW_ROLE = Qt.ItemDataRole.UserRole
CACHED_ROWS = 2048
PAGE = 128

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class PushModel(QAbstractTableModel):
    """Events in ascending id, or in another order. `rows_wanted` asks for rows that are looked at and not there yet
    (see `wanted`)."""

    rows_wanted = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._wanted: set[int] = set()
        self._ordered = False
        self._grown: int | None = None

    # what Qt asks

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            column = COLUMNS[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.hint
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row(index.row())
        if role == ROW_ROLE:
            return row
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(tooltip(row, column.key)) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column.key == "direction":
                return direction_words(row)
            marked = mark_words(row) if column.key == "time" else ""
            return f"{column.title} {column.text(row)} {marked}".strip()
        return None

    # what the window asks

    def row(self, position: int) -> Row | None:
        """The row at a place of the table; None where it is not read yet (it is asked for then)."""
        identifier = self._ids[position]
        found = self._rows.get(identifier)
        if found is None:
            self._want(position)
        return found

    def id_at(self, position: int) -> int:
        return self._ids[position]

    def ids_between(self, first: int, end: int) -> array[int]:
        """The events from one place up to another."""
        return self._ids[first:end]

    def position_of(self, identifier: int, before: int | None = None) -> int | None:
        """Where an event stands, None where it is not shown. `before`: where it stood before a renewal, from where
        it is found at once among a million."""
        if self._ordered:
            if before is not None and self._grown is not None:
                with suppress(ValueError):
                    return self._ids.index(identifier, before, before + max(0, self._grown) + 1)
            try:
                return self._ids.index(identifier)
            except ValueError:
                return None
        place = bisect_left(self._ids, identifier)
        return place if place < len(self._ids) and self._ids[place] == identifier else None

    def knows(self, identifier: int) -> bool:
        """Whether an event's row was read and may be looked at."""
        return identifier in self._rows

    def known_ids(self) -> list[int]:
        """The events whose rows were read and may be looked at."""
        return list(self._rows)

    @property
    def ordered(self) -> bool:
        """Whether rows are in another order than the one they came in."""
        return self._ordered

    @property
    def renewed(self) -> bool:
        """Whether the last reset brought the same result anew, with what has come meanwhile."""
        return self._grown is not None

    def push_above(self, position: int) -> int | None:
        """The id of the nearest push above a place, of those that were read; None where there is none."""
        for place in range(position - 1, max(-1, position - PAGE), -1):
            row = self._rows.get(self._ids[place])
            if row is not None and row.kind is Kind.PUSH:
                return row.id
        return None

    def wanted(self) -> list[int]:
        """The ids of rows that were looked at and are not here; asking clears the list."""
        result = sorted(self._wanted)
        self._wanted.clear()
        return result

    # what the feed brings

    def reset(
        self, ids: array[int], rows: Sequence[Row] = (), *, ordered: bool = False, renewed: bool = False
    ) -> None:
        """Show another result from its start; `ordered`: in another order than by id, `renewed`: the same result
        with what has come meanwhile, whose rows that were read stay."""
        self.beginResetModel()
        self._grown = len(ids) - len(self._ids) if renewed else None
        self._ids = ids
        self._ordered = ordered
        if not renewed:
            self._rows.clear()
        self._wanted.clear()
        self._keep(rows)
        self.endResetModel()

    def append(self, ids: array[int], rows: Sequence[Row]) -> None:
        """Add a batch at the end; `rows` may hold only some of it."""
        if not ids:
            return
        first = len(self._ids)
        self.beginInsertRows(QModelIndex(), first, first + len(ids) - 1)
        self._ids.extend(ids)
        self._keep(rows)
        self.endInsertRows()

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows that are not shown yet where their ids belong."""
        self._keep(rows)
        ids = sorted(row.id for row in rows)
        together = [
            (place, array("q", some)) for place, some in groupby(ids, lambda one: bisect_left(self._ids, one))
        ]
        for place, some in reversed(together):
            self.beginInsertRows(QModelIndex(), place, place + len(some) - 1)
            self._ids[place:place] = some
            self.endInsertRows()

    def prepend(self, ids: array[int]) -> None:
        """Add a batch before the first; its rows are read when they are looked at."""
        if ids:
            self.beginInsertRows(QModelIndex(), 0, len(ids) - 1)
            ids.extend(self._ids)
            self._ids = ids
            self.endInsertRows()

    def fill(self, rows: Sequence[Row]) -> None:
        """Rows that were wanted, or that have changed."""
        self._keep(rows)
        last = len(COLUMNS) - 1
        if self._ordered and rows:  # where they stand takes longer to find than to paint what shows
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, last))
            return
        places = [place for row in rows if (place := self.position_of(row.id)) is not None]
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), last))

    def remove_before(self, identifier: int) -> None:
        """Take out all events with lower ids; does nothing where rows are in another order."""
        end = 0 if self._ordered else bisect_left(self._ids, identifier)
        if end:
            for gone in [one for one in self._rows if one < identifier]:
                del self._rows[gone]
            self._remove(0, end)

    def remove(self, ids: Iterable[int]) -> None:
        """Take out events that are gone. Ids that are not shown are let be."""
        gone = set(ids)
        places = sorted({place for one in gone if (place := self.position_of(one)) is not None}, reverse=True)
        for one in gone:
            self._rows.pop(one, None)
        while places:
            end = first = places.pop(0)
            while places and places[0] == first - 1:
                first = places.pop(0)
            self._remove(first, end + 1)

    def _remove(self, first: int, end: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, end - 1)
        del self._ids[first:end]
        self.endRemoveRows()

    def _keep(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > CACHED_ROWS:
            self._rows.popitem(last=False)

    def _want(self, position: int) -> None:
        start = position // PAGE * PAGE
        missing = [
            identifier for identifier in self._ids[start : start + PAGE] if identifier not in self._rows
        ]
        first = not self._wanted
        self._wanted.update(missing)
        if first:
            self.rows_wanted.emit()


def column_of(key: str) -> int:
    """The place of a column by its key."""
    return KEYS.index(key)
