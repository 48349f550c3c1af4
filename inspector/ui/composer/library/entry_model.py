"""The entries of the library as a list with quiet headings. Imports the sender's library and PySide6."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence

from inspector.sender.kept.library import Entry
from inspector.ui.composer.template_combo import OWN
from inspector.ui.qt_text import tip

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The Entry of a row; None for a heading and for a hint."""
HINT_ROLE = Qt.ItemDataRole.UserRole + 1
"""Whether a row is neither entry nor heading but says what could be there."""
_BAD, _REFUSED, _PROACTIVE = "Known to be bad", "Refused by a provider", "Proactive and IVR, unconfirmed"
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def nothing_yet() -> str:
    """What stands where one's own would, with the key as this system writes it."""
    key = QKeySequence("Ctrl+S").toString(QKeySequence.SequenceFormat.NativeText)
    return f"Nothing of yours yet. Save what is written with {key}."


class EntryModel(QAbstractListModel):
    """Rows are entries below the heading of their group: one's own first, then by what they are for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, Entry | None]] = []
        self._hint_row = -1

    def show_entries(self, entries: Iterable[Entry], *, grouped: bool) -> None:
        """Show these, under headings or in the order given."""
        self.beginResetModel()
        self._rows, self._hint_row = [], -1
        if grouped:
            groups: dict[str, list[Entry]] = {OWN: []}
            for entry in sorted(entries, key=_rank):
                groups.setdefault(group_of(entry), []).append(entry)
            for heading, members in groups.items():
                self._rows.append((heading, None))
                if not members:
                    self._hint_row = len(self._rows)
                    self._rows.append((nothing_yet(), None))
                self._rows += [(entry.title, entry) for entry in members]
        else:
            self._rows = [(entry.title, entry) for entry in entries]
        self.endResetModel()

    def row_of(self, own: bool, name: str) -> int:  # noqa: FBT001 - what tells an entry from all others
        """The row of an entry, -1 where it is not there."""
        for row, (_title, entry) in enumerate(self._rows):
            if entry is not None and (entry.own, entry.name) == (own, name):
                return row
        return -1

    def near(self, row: int) -> int:
        """The row of the entry at `row`, else of the next one, else of the one before; -1 where there is none."""
        places = (*range(max(row, 0), len(self._rows)), *range(min(row, len(self._rows)) - 1, -1, -1))
        return next((place for place in places if self._rows[place][1] is not None), -1)

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()][1] is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        title, entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == ENTRY_ROLE:
            return entry
        if role == HINT_ROLE:
            return index.row() == self._hint_row
        if entry is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip("\n".join(part for part in (entry.title, entry.description, entry.problem) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = (
                entry.service.label,
                entry.title,
                *entry.tags,
                "unconfirmed" if entry.unconfirmed else "",
                entry.problem,
            )
            return ", ".join(word for word in words if word)
        return None


def group_of(entry: Entry) -> str:
    """The heading that an entry stands below."""
    if entry.own:
        return OWN
    if "refused" in entry.tags:
        return _REFUSED
    if "known-bad" in entry.tags:
        return _BAD
    return _PROACTIVE if entry.unconfirmed else entry.service.label


def _rank(entry: Entry) -> int:
    return (
        0 if entry.own else 1 + ("known-bad" in entry.tags or "refused" in entry.tags) * 2 + entry.unconfirmed
    )
