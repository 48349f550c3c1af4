"""The list of conversations as a model, more of it read as it is scrolled. Imports history's records and PySide6.

How many findings a conversation has is worked out only for those that are looked at (`judgement_wanted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from inspector.history.conversation_model import ConversationKey, ConversationSummary
from inspector.ui.conversations.wording import brand_name, conversation_name, pushes_words, when
from inspector.ui.push_columns import local_date_time
from inspector.ui.qt_text import tip

SUMMARY_ROLE = Qt.ItemDataRole.UserRole
JUDGEMENT_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many findings a conversation had up to its push `last_id`, and whether one is an error."""

    last_id: int
    findings: int
    bad: bool


class ConversationModel(QAbstractListModel):
    """Conversations, newest activity first. `more_wanted` asks for the next page, `judgement_wanted` for judgements of
    the keys that `take_wanted` gives."""

    more_wanted = Signal()
    judgement_wanted = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._summaries: list[ConversationSummary] = []
        self._places: dict[ConversationKey, int] = {}
        self._judgements: dict[ConversationKey, Judgement] = {}
        self._wanted: dict[ConversationKey, None] = {}
        self._more = False

    # what Qt asks

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._summaries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        summary = self._summaries[index.row()]
        if role == SUMMARY_ROLE:
            return summary
        if role == JUDGEMENT_ROLE:
            return self._judgement(summary)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{brand_name(summary)} {conversation_name(summary.conversation_id)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._tip(summary))
        return None

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and self._more

    def fetchMore(self, parent: _Index) -> None:
        if self.canFetchMore(parent):
            self._more = False
            self.more_wanted.emit()

    def _judgement(self, summary: ConversationSummary) -> Judgement | None:
        """The last one known; a newer one is asked for where there are pushes since."""
        found = self._judgements.get(summary.key)
        if found is None or found.last_id != summary.last_id:
            first = not self._wanted
            self._wanted[summary.key] = None
            if first:
                self.judgement_wanted.emit()
        return found

    @staticmethod
    def _tip(summary: ConversationSummary) -> str:
        lines = [
            f"{brand_name(summary)} · {conversation_name(summary.conversation_id)}",
            f"{pushes_words(summary.pushes, more=summary.more)}: {summary.received:,} received, {summary.sent:,} sent",
            f"from {local_date_time(summary.first_at)}",
            f"to {local_date_time(summary.last_at)}",
            f"{summary.refused:,} refused, worst {summary.worst_status}" if summary.refused else "",
            f"{summary.retries:,} retries" if summary.retries else "",
        ]
        return "\n".join(line for line in lines if line)

    # what the page asks

    @property
    def keys(self) -> frozenset[ConversationKey]:
        return frozenset(self._places)

    def summary(self, row: int) -> ConversationSummary:
        return self._summaries[row]

    def row_of(self, key: ConversationKey) -> int | None:
        return self._places.get(key)

    def take_wanted(self, most: int) -> list[ConversationKey]:
        """The keys that are to be judged, those asked for last; asking clears the list."""
        wanted = [key for key in self._wanted if key in self._places]
        self._wanted.clear()
        return wanted[-most:]

    # what is read

    def reset(self, summaries: Sequence[ConversationSummary], *, more: bool) -> None:
        """Show another list from its start."""
        self.beginResetModel()
        self._summaries = list(summaries)
        self._number()
        self._more = more
        self._wanted.clear()
        self._judgements = {key: known for key, known in self._judgements.items() if key in self._places}
        self.endResetModel()

    def append(self, summaries: Iterable[ConversationSummary], *, more: bool) -> None:
        """Add a page at the end."""
        new = [summary for summary in summaries if summary.key not in self._places]
        if new:
            first = len(self._summaries)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._summaries += new
            self._number()
            self.endInsertRows()
        self._more = more

    def update(self, summaries: Sequence[ConversationSummary]) -> None:
        """Conversations that are new or have new pushes: they go to the top, newest activity first. The rows move, so
        that what is selected stays selected."""
        known = [summary for summary in summaries if summary.key in self._places]
        new = [summary for summary in summaries if summary.key not in self._places]
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._summaries[:0] = new
            self._number()
            self.endInsertRows()
        for summary in known:
            self._summaries[self._places[summary.key]] = summary
        order = sorted(self._summaries, key=lambda one: -one.last_id)
        if order == self._summaries:
            if known:
                self._repaint()
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        keys = [self._summaries[index.row()].key for index in kept]
        self._summaries = order
        self._number()
        self.changePersistentIndexList(kept, [self.index(self._places[key]) for key in keys])
        self.layoutChanged.emit()

    def judge(self, judgements: dict[ConversationKey, Judgement]) -> None:
        """Take in how many findings there are."""
        self._judgements.update(judgements)
        if self._summaries:
            self._repaint()

    def _repaint(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self._summaries) - 1))

    def _number(self) -> None:
        self._places = {summary.key: row for row, summary in enumerate(self._summaries)}


def local_now() -> datetime:
    """Now, where we are."""
    return datetime.now().astimezone()


def time_text(summary: ConversationSummary) -> str:
    """When the last push was."""
    return when(summary.last_at, local_now())
