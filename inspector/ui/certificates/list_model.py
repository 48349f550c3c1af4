"""The certificate list's model: one row an entry of the vault. Imports PySide6 and the columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.ui.certificates.columns import COLUMNS, spoken, tooltip
from inspector.ui.certificates.contents import Listed
from inspector.ui.qt_text import tip

LISTED_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class CertificateModel(QAbstractTableModel):
    """The entries as they were read last, in the vault's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Listed, ...] = ()

    def replace(self, entries: tuple[Listed, ...]) -> None:
        """Show what was read anew."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def row_of(self, name: str) -> int | None:
        """Where an entry stands, None where there is none of that name."""
        return next((row for row, one in enumerate(self._entries) if one.entry.name == name), None)

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            if role == Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section].hint
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        listed, column = self._entries[index.row()], COLUMNS[index.column()]
        if role == LISTED_ROLE:
            return listed
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(listed)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(tooltip(listed, column.key)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(listed, column.key)
        if role == SORT_ROLE:
            return column.sort(listed)
        return None
