"""Every attempt a row: number, time, what came of it, how long it took, the gap before. Imports PySide6 and the
sender's records."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from inspector.sender.model import SendResult
from inspector.ui.composer.phase_bar import milliseconds
from inspector.ui.composer.wording import failure_headline
from inspector.ui.push_columns import local_time
from inspector.ui.qt_text import tip
from inspector.ui.theme import ROW_HEIGHT, Theme

TITLES = ("#", "Time", "Result", "Took", "Gap")
_WIDTHS = (24, 100, 0, 60, 60)
_RESULT = 2
_MOST_ROWS = 6
_ACCEPTED = 200
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def outcome(result: SendResult) -> str:
    """What came of an attempt, in a word or a few."""
    if result.failure is not None:
        return failure_headline(result.failure.reason)
    return str(result.status)


def gaps(attempts: tuple[SendResult, ...]) -> tuple[float | None, ...]:
    """Milliseconds from the end of each attempt's forerunner to its begin; None for the first."""
    found: list[float | None] = [None]
    for before, after in pairwise(attempts):
        found.append(max(0.0, (after.at - before.at) / 1000 - (before.timings.total or 0.0)))
    return tuple(found[: len(attempts)])


class AttemptModel(QAbstractTableModel):
    """The attempts of one sending, the first at the top."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.attempts: tuple[SendResult, ...] = ()
        self._gaps: tuple[float | None, ...] = ()

    def show(self, attempts: tuple[SendResult, ...]) -> None:
        """Show these; what only goes on is added below."""
        before = len(self.attempts)
        if before and attempts[:before] == self.attempts:
            if len(attempts) > before:
                self.beginInsertRows(QModelIndex(), before, len(attempts) - 1)
                self.attempts, self._gaps = attempts, gaps(attempts)
                self.endInsertRows()
            return
        self.beginResetModel()
        self.attempts, self._gaps = attempts, gaps(attempts)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.attempts)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_aligned(section))
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        result, column = self.attempts[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = self._text(index.row(), column)
            return text if role == Qt.ItemDataRole.DisplayRole else tip(text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_aligned(column))
        if role == Qt.ItemDataRole.ForegroundRole:
            colors = self._theme.colors
            if column == _RESULT:
                return QColor(colors.green if result.status == _ACCEPTED else colors.red)
            return QColor(colors.muted)
        return None

    def _text(self, row: int, column: int) -> str:
        result, gap = self.attempts[row], self._gaps[row]
        total = result.timings.total
        return (
            str(row + 1),
            local_time(result.at),
            outcome(result),
            "" if total is None else milliseconds(total),
            "" if gap is None else milliseconds(gap),
        )[column]


class AttemptTable(QTableView):
    """Hidden unless there are several. `chosen` carries the place of the one that somebody wants to see."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_attempts")
        self.setAccessibleName("Attempts")
        self.attempts = AttemptModel(theme, self)
        self.setModel(self.attempts)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(_WIDTHS[0])
        columns.setSectionsClickable(False)
        for column, width in enumerate(_WIDTHS):
            if width:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                columns.resizeSection(column, width)
            else:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._showing = False
        self.selectionModel().currentRowChanged.connect(self._choose)
        theme.changed.connect(self.viewport().update)
        self.hide()

    def show_attempts(self, attempts: tuple[SendResult, ...]) -> None:
        """Show these, the last one chosen."""
        self._showing = True
        try:
            self.attempts.show(attempts)
            if attempts:
                self.selectRow(len(attempts) - 1)
                self.scrollToBottom()
        finally:
            self._showing = False
        self.setVisible(len(attempts) > 1)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        rows = min(self.attempts.rowCount(), _MOST_ROWS)
        return QSize(240, self.horizontalHeader().sizeHint().height() + rows * ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @Slot(QModelIndex)
    def _choose(self, now: QModelIndex) -> None:
        if now.isValid() and not self._showing:
            self.chosen.emit(now.row())


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column <= _RESULT else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
