"""The table of a conversation's pushes: painting and keys. Imports PySide6 and the model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.contract.push import Severity
from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction
from inspector.ui import icons
from inspector.ui.chip_picture import CHIP_HEIGHT, chip_font, chip_picture
from inspector.ui.conversations.timeline_model import (
    COLUMNS,
    FAULTY_ROLE,
    KEYS,
    PUSH_ROLE,
    TimelineColumn,
    TimelineModel,
)
from inspector.ui.row_table import look_at, set_up_rows
from inspector.ui.theme import Colors, Theme, fixed_font

PADDING = 8
ICON = 14
_Index = QModelIndex | QPersistentModelIndex


class TimelineDelegate(QStyledItemDelegate):
    """One painter for every cell."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._font = QFont(view.font())
        self._font.setFeature(QFont.Tag("tnum"), 1)
        self._fixed = fixed_font()
        self._chip = chip_font(view.font())

    def width(self, column: TimelineColumn) -> int:
        """What holds a column's title and its usual text."""
        metrics = QFontMetricsF(self._fixed if column.fixed else self._font)
        wide = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.title))
        return round(wide) + 2 * PADDING + 4

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colors = self._theme.colors
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            fill = colors.selection if self._view.hasFocus() else colors.selection_inactive
            painter.fillRect(rect, QColor(fill))
        push: ConversationPush = index.data(PUSH_ROLE)
        column = COLUMNS[index.column()]
        ratio = painter.device().devicePixelRatioF()
        severity = index.data(FAULTY_ROLE)
        fault = "" if severity is None else colors.red if severity == Severity.ERROR else colors.amber
        if fault:
            edge = QColor(fault)
            edge.setAlpha(36)
            painter.fillRect(rect.adjusted(1, 2, -1, -2), edge)
        if column.key == "direction":
            out = push.direction is Direction.OUT
            color = colors.accent if out else colors.muted
            picture = icons.pixmap("arrow-up-right" if out else "arrow-down-left", color, ICON, ratio)
            painter.drawPixmap(rect.center().x() - ICON // 2, rect.center().y() - ICON // 2 + 1, picture)
            return
        if column.key == "service":
            picture = chip_picture(push.service.label, fault or colors.chip, ratio, self._chip)
            left, top = rect.left() + PADDING, rect.top() + (rect.height() - CHIP_HEIGHT) // 2
            painter.drawPixmap(
                QRectF(left, top, picture.width() / ratio, CHIP_HEIGHT), picture, QRectF(picture.rect())
            )
            return
        font = self._fixed if column.fixed else self._font
        painter.setFont(font)
        painter.setPen(QColor(fault or _color(push, column.key, colors)))
        cell = QRect(QPoint(rect.left() + PADDING, rect.top()), QPoint(rect.right() - PADDING, rect.bottom()))
        shown = painter.fontMetrics().elidedText(
            column.text(push), Qt.TextElideMode.ElideRight, cell.width() + 1
        )
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(cell, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _color(push: ConversationPush, key: str, colors: Colors) -> str:
    if key == "status":
        if push.status is None:
            return colors.red if push.direction is Direction.OUT else colors.muted
        return colors.green if push.status < 300 else colors.amber if push.status < 500 else colors.red
    if key == "text" and push.status is None and push.reason:
        return colors.red
    return colors.muted if key in ("time", "attempt") else colors.text


class TimelineView(QTableView):
    """The table. `chosen` carries the row looked at, -1 for none; `opened` says that it is to be shown among the
    pushes."""

    chosen = Signal(int)
    opened = Signal()

    def __init__(self, model: TimelineModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation_table")
        self.setAccessibleName("Pushes of the conversation")
        self.setAccessibleDescription("In the order they came; Enter shows one among all pushes")
        delegate = TimelineDelegate(theme, self)
        self.setItemDelegate(delegate)
        self.setModel(model)
        set_up_rows(self, QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(24)
        header.setSectionsClickable(False)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, delegate.width(column))
        header.setSectionResizeMode(KEYS.index("text"), QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self.viewport().update)

    @property
    def row(self) -> int:
        """The row looked at, -1 for none."""
        chosen = self.selectionModel().selectedRows()
        return chosen[0].row() if chosen else -1

    def choose(self, row: int) -> None:
        """Look at a row."""
        look_at(self, self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self.row >= 0:
            self.opened.emit()

    def _selection_changed(self) -> None:
        self.chosen.emit(self.row)
