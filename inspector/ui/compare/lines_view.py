"""Two texts side by side, line by line, in one table: they can't scroll apart. Imports PySide6 and the theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.contract.difference import Change
from inspector.ui.compare.colors import SIGNS, WORDS, ink, wash
from inspector.ui.compare.lines import Line, changed_part
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme, fixed_font

LINE_HEIGHT = 20
_MARGIN, _SIGN = 8, 16
LINE_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class LinesModel(QAbstractTableModel):
    """Two columns of lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._titles = ("", "")

    def show(self, lines: tuple[Line, ...], left: str, right: str) -> None:
        """Show other lines under these titles."""
        self.beginResetModel()
        self._lines = lines
        self._titles = (left, right)
        self.endResetModel()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        text = line.left if index.column() == 0 else line.right
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return text or ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(text) if text else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{WORDS[line.change]}: {text}" if line.change is not Change.SAME else text or ""
        return None


class _LineDelegate(QStyledItemDelegate):
    """Paints a line: its sign, its wash, and what changed in it."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = fixed_font()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: Line = index.data(LINE_ROLE)
        left = index.column() == 0
        text, other = (line.left, line.right) if left else (line.right, line.left)
        colors = self._theme.colors
        area = QRectF(option.rect)
        painter.save()
        painter.setClipRect(area)
        if text is None:
            painter.fillRect(area, QColor(colors.window))
        elif background := wash(colors, line.change):
            painter.fillRect(area, background)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        baseline = area.top() + (area.height() + metrics.ascent() - metrics.descent()) / 2
        begin = area.left() + _MARGIN + _SIGN
        if text is not None:
            if line.change is Change.CHANGED and other is not None:
                (start, end), _ = changed_part(text, other)
                before = metrics.horizontalAdvance(text[:start])
                width = metrics.horizontalAdvance(text[start:end])
                mark = QRectF(begin + before, area.top() + 2, max(width, 2), area.height() - 4)
                painter.fillRect(mark, wash(colors, line.change, strong=True) or background)
            painter.setPen(ink(colors, line.change))
            painter.drawText(QPointF(area.left() + _MARGIN, baseline), SIGNS[line.change])
            painter.setPen(QColor(colors.text))
            painter.drawText(QPointF(begin, baseline), text)
        if not left:
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(area.topLeft(), area.bottomLeft())
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawLine(area.topLeft(), area.topRight())
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()


class LinesView(QTableView):
    """The table; a row is a line of both sides."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_lines")
        self.setAccessibleName("Side by side")
        self.lines_model = LinesModel(self)
        self.setModel(self.lines_model)
        self.setItemDelegate(_LineDelegate(theme, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(LINE_HEIGHT)
        rows.setDefaultSectionSize(LINE_HEIGHT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)
        theme.changed.connect(self.viewport().update)

    def go_to(self, place: int) -> None:
        """Look at the lines of a difference."""
        for row, line in enumerate(self.lines_model.lines):
            if line.place == place:
                self.selectRow(row)
                self.scrollTo(self.lines_model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
                return

    @Slot()
    def _copy(self) -> None:
        """The selected lines as a patch shows them."""
        texts = []
        for index in sorted(self.selectionModel().selectedRows(), key=lambda one: one.row()):
            line = self.lines_model.lines[index.row()]
            if line.change is Change.SAME:
                texts.append(f"  {line.left}")
                continue
            texts += [f"- {line.left}"] if line.left is not None else []
            texts += [f"+ {line.right}"] if line.right is not None else []
        QGuiApplication.clipboard().setText("\n".join(texts))
