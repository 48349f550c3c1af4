"""The pushes of one conversation as a table. Imports history's records and PySide6."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from inspector.history.conversation_findings import ConversationFinding, FindingCode
from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction
from inspector.ui.conversations.wording import attempt_text, finding_tip, status_words, text_words
from inspector.ui.push_columns import attempt_words, local_date_time, local_time
from inspector.ui.qt_text import tip

PUSH_ROLE = Qt.ItemDataRole.UserRole
FAULTY_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_MARKED = {
    FindingCode.GAP: "sequence",
    FindingCode.STEP_BACK: "sequence",
    FindingCode.REPEAT: "attempt",
    FindingCode.CONFLICT: "text",
    FindingCode.BADGE_FALLS: "badge",
    FindingCode.OUT_OF_STEP: "service",
}


@dataclass(frozen=True, slots=True)
class TimelineColumn:
    """One column: its key, its title, the text that its width must hold, how to get a cell's text."""

    key: str
    title: str
    sample: str
    text: Callable[[ConversationPush], str]
    right: bool = False
    fixed: bool = False


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _direction(push: ConversationPush) -> str:
    return "Received" if push.direction is Direction.IN else "Sent"


COLUMNS: tuple[TimelineColumn, ...] = (
    TimelineColumn("time", "Time", "00:00:00.000", lambda push: local_time(push.at), fixed=True),
    TimelineColumn("direction", "", "⇄", _direction),
    TimelineColumn("service", "Service", "Huawei   ", lambda push: push.service.label),
    TimelineColumn("sequence", "Seq", "00000", lambda push: _number(push.sequence), right=True),
    TimelineColumn("badge", "Badge", "000", lambda push: _number(push.badge), right=True),
    TimelineColumn("attempt", "Attempt", "3 · 10.0 s", attempt_text),
    TimelineColumn("status", "Status", "failed", status_words),
    TimelineColumn("text", "Text", "", text_words),
)
KEYS = tuple(column.key for column in COLUMNS)


class TimelineModel(QAbstractTableModel):
    """Pushes in the order they came, the cells that a finding is about marked (`FAULTY_ROLE`)."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._pushes: tuple[ConversationPush, ...] = ()
        self._places: dict[int, int] = {}
        self._faults: dict[tuple[int, str], list[ConversationFinding]] = {}

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._pushes)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return _alignment(COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        push, column = self._pushes[index.row()], COLUMNS[index.column()]
        if role == PUSH_ROLE:
            return push
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(push)
        if role == FAULTY_ROLE:
            found = self._faults.get((push.id, column.key))
            return None if found is None else found[0].severity
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._tip(push, column)) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title} {column.text(push)}".strip()
        return None

    def _tip(self, push: ConversationPush, column: TimelineColumn) -> str:
        found = self._faults.get((push.id, column.key))
        if found:
            return "\n".join(map(finding_tip, found))
        if column.key == "time":
            return local_date_time(push.at)
        if column.key == "attempt":
            words = attempt_words(push.attempt, push.gap)
            return f"{words} the one before" if words else ""
        return (push.message or column.text(push)) if column.key == "text" else column.text(push)

    def push(self, row: int) -> ConversationPush:
        return self._pushes[row]

    def row_of(self, identifier: int) -> int | None:
        """Where a push stands, None where it is not here."""
        return self._places.get(identifier)

    def show_pushes(
        self, pushes: tuple[ConversationPush, ...], findings: Sequence[ConversationFinding]
    ) -> None:
        """Show these pushes. Where they begin with those that are here, the others are added, so that what is looked at
        stays where it is."""
        known = len(self._pushes)
        grows = 0 < known <= len(pushes) and all(
            old.id == new.id for old, new in zip(self._pushes, pushes, strict=False)
        )
        if not grows:
            self.beginResetModel()
        elif len(pushes) > known:
            self.beginInsertRows(QModelIndex(), known, len(pushes) - 1)
        self._pushes = pushes
        self._places = {push.id: row for row, push in enumerate(pushes)}
        self._faults = {}
        for finding in findings:
            key = _MARKED[finding.code]
            marked = (
                finding.ids
                if finding.code in (FindingCode.CONFLICT, FindingCode.OUT_OF_STEP)
                else finding.ids[-1:]
            )
            for identifier in marked:
                self._faults.setdefault((identifier, key), []).append(finding)
        if not grows:
            self.endResetModel()
            return
        if len(pushes) > known:
            self.endInsertRows()
        self.dataChanged.emit(self.index(0, 0), self.index(known - 1, len(COLUMNS) - 1))


def _alignment(column: TimelineColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
