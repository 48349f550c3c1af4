"""The runs of this session, the newest first, to compare: a table, and its model. Imports PySide6, the words and
its own room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from inspector.ui.qt_text import tip
from inspector.ui.row_table import look_at, set_up_rows
from inspector.ui.runs.axes import duration
from inspector.ui.runs.driver import Seen
from inspector.ui.runs.wording import seconds_words, trouble
from inspector.ui.theme import ROW_HEIGHT

MOST_RUNS = 20
_HEADER = 27
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, what stands in it, and how wide it is at first."""

    title: str
    text: Callable[[Seen], str]
    width: int
    right: bool = True


def _latency(share: float) -> Callable[[Seen], str]:
    def text(seen: Seen) -> str:
        latencies = seen.progress.latencies
        return duration(latencies.at(share)) if latencies.count else "–"

    return text


def _started(seen: Seen) -> str:
    return f"{datetime.fromtimestamp(seen.progress.started_at / 1_000_000).astimezone():%H:%M:%S}"


COLUMNS = (
    Column("Began", _started, 84, right=False),
    Column("Sent", lambda seen: f"{seen.progress.sent:,}", 72),
    Column("Took", lambda seen: seconds_words(seen.progress.seconds), 68),
    Column("Per s", lambda seen: f"{seen.progress.rate:,.0f}", 72),
    Column("p50", _latency(0.5), 80),
    Column("p95", _latency(0.95), 80),
    Column("p99", _latency(0.99), 80),
    Column("Longest", _latency(1.0), 80),
    Column("Bad", lambda seen: f"{trouble(seen.progress):,}", 56),
    Column("What", lambda seen: f"{seen.order.source.title} to {seen.order.where}", 160, right=False),
)


class EarlierRuns(QAbstractTableModel):
    """At most MOST_RUNS runs, the newest first."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._runs: list[Seen] = []

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, run = COLUMNS[index.column()], self._runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(run)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(column.text(run))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title} {column.text(run)}"
        return None

    @staticmethod
    def _alignment(section: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def run(self, row: int) -> Seen:
        """The run in a row."""
        return self._runs[row]

    def add(self, run: Seen) -> None:
        """A run has ended; the oldest goes where there are too many."""
        if len(self._runs) == MOST_RUNS:
            self.beginRemoveRows(QModelIndex(), MOST_RUNS - 1, MOST_RUNS - 1)
            self._runs.pop()
            self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._runs.insert(0, run)
        self.endInsertRows()


class EarlierTable(QTableView):
    """`chosen` carries the run that is looked at."""

    chosen = Signal(object)

    def __init__(self, model: EarlierRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_earlier")
        self.setAccessibleName("Runs of this session")
        self.setAccessibleDescription("The newest first; the one chosen is shown above")
        self._runs = model
        self._rows = 4
        self.setModel(model)
        set_up_rows(self, QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(40)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, column.width)
        header.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        model.rowsInserted.connect(self._make_room)
        self._make_room()

    def show_rows(self, count: int) -> None:
        """So many are seen at once at most."""
        if count != self._rows:
            self._rows = count
            self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """So high that the newest are seen, and no higher."""
        self.setFixedHeight(_HEADER + ROW_HEIGHT * min(self._rows, max(1, self._runs.rowCount())))

    def choose(self, row: int) -> None:
        """Look at a run."""
        look_at(self, self._runs.index(row, 0))

    @Slot()
    def _selection_changed(self) -> None:
        rows = self.selectionModel().selectedRows()
        if rows:
            self.chosen.emit(self._runs.run(rows[0].row()))
