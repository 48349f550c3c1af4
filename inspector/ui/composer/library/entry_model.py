"""The entries of the library as a list with quiet headings. Imports the sender's library and PySide6."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.sender.kept.library import Entry
from inspector.ui.composer.template_combo import OWN
from inspector.ui.qt_text import tip

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The Entry of a row; None for a heading."""
_BAD, _REFUSED, _PROACTIVE = "Known to be bad", "Refused by a provider", "Proactive and IVR, unconfirmed"
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class EntryModel(QAbstractListModel):
    """Rows are entries below the heading of their group: one's own first, then by what they are for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, Entry | None]] = []

    def show_entries(self, entries: Iterable[Entry], *, grouped: bool) -> None:
        """Show these, under headings or in the order given."""
        self.beginResetModel()
        self._rows = []
        if grouped:
            groups: dict[str, list[Entry]] = {}
            for entry in sorted(entries, key=_rank):
                groups.setdefault(group_of(entry), []).append(entry)
            for heading, members in groups.items():
                self._rows.append((heading, None))
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

    def first(self) -> int:
        """The first row that is an entry, -1 where there is none."""
        return next((row for row, (_title, entry) in enumerate(self._rows) if entry is not None), -1)

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
        if entry is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(entry.description or entry.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = (
                entry.service.label,
                entry.title,
                *entry.tags,
                "unconfirmed" if entry.unconfirmed else "",
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
