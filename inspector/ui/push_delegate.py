"""Draws the cells of the push table. Painting is on the hot path while pushes stream in, so pens, fonts and elided
texts are kept. Imports PySide6, the theme and the model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from inspector.history.model import Direction, Kind, Row
from inspector.ui import icons
from inspector.ui.push_columns import COLUMNS, KEYS, service_text, status_text
from inspector.ui.push_model import ROW_ROLE
from inspector.ui.theme import ROW_HEIGHT, Colors, Theme, fixed_font

PADDING = 8
CHIP_PADDING = 6
LONGEST_TEXT = 400
MOST_CUT_TEXTS = 4096
TEXT = KEYS.index("text")


class PushDelegate(QStyledItemDelegate):
    """One painter for every column."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._hovered = -1
        self._fixed = fixed_font()
        self._fixed_metrics = QFontMetrics(self._fixed)
        self._cut: dict[tuple[str, int, bool], str] = {}
        self._fonts(view.font())

    def _fonts(self, font: QFont) -> None:
        self._plain = QFont(font)
        self._plain.setFeature(QFont.Tag("tnum"), 1)
        self._plain_metrics = QFontMetrics(self._plain)
        self._chip = QFont(font)
        self._chip.setPixelSize(max(10, QFontMetrics(font).height() - 6))
        self._chip.setWeight(QFont.Weight.DemiBold)

    def set_hovered(self, position: int) -> int:
        """Light up a row; returns the one that was lit before."""
        before, self._hovered = self._hovered, position
        return before

    def first_width(self, place: int) -> int:
        """The width in pixels that holds a column's title and its usual text."""
        column = COLUMNS[place]
        metrics = self._fixed_metrics if column.fixed else self._plain_metrics
        wanted = max(
            metrics.horizontalAdvance(column.sample), self._plain_metrics.horizontalAdvance(column.title)
        )
        return max(wanted + 2 * PADDING + 4, 28)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self.first_width(index.column()), ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colors = self._theme.colors
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row: Row | None = index.data(ROW_ROLE)
        self._background(painter, rect, state, row, index.row(), colors)
        if row is None:
            return
        key = COLUMNS[index.column()].key
        if key == "direction":
            self._direction(painter, rect, row, colors)
        elif key == "service":
            self._service(painter, rect, row, colors)
        elif key == "problems":
            self._problems(painter, rect, row, colors)
        else:
            reach = self._reach(rect, index.column()) if row.kind is Kind.HANDSHAKE else None
            if reach is None:
                self._text(painter, rect, row, index.column(), colors)
            else:  # each cell paints its part of the one text
                painter.save()
                painter.setClipRect(rect)
                self._text(painter, reach, row, TEXT, colors)
                painter.restore()

    def _background(
        self,
        painter: QPainter,
        rect: QRect,
        state: QStyle.StateFlag,
        row: Row | None,
        position: int,
        colors: Colors,
    ) -> None:
        if state & QStyle.StateFlag.State_Selected:
            active = bool(state & QStyle.StateFlag.State_Active) and self._view.hasFocus()
            painter.fillRect(rect, QColor(colors.selection if active else colors.selection_inactive))
        elif position == self._hovered:
            painter.fillRect(rect, QColor(colors.hover))
        elif row is not None and row.kind is Kind.HANDSHAKE:
            painter.fillRect(rect, QColor(colors.red_wash))

    def _direction(self, painter: QPainter, rect: QRect, row: Row, colors: Colors) -> None:
        if row.kind is Kind.HANDSHAKE:
            name, color = "x", colors.red
        elif row.direction is Direction.OUT:
            name, color = "arrow-up-right", colors.accent
        else:
            name, color = "arrow-down-left", colors.muted
        size = 14
        picture = icons.pixmap(name, color, size, self._view.devicePixelRatioF())
        painter.drawPixmap(rect.center().x() - size // 2 + 1, rect.center().y() - size // 2 + 1, picture)

    def _service(self, painter: QPainter, rect: QRect, row: Row, colors: Colors) -> None:
        text = service_text(row)
        color = QColor(colors.red if row.kind is Kind.HANDSHAKE else colors.chip)
        painter.setFont(self._chip)
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * CHIP_PADDING
        chip = QRect(rect.left() + PADDING, rect.center().y() - 7, min(width, rect.width() - PADDING), 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QColor(color)
        edge.setAlpha(110)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(color)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _problems(self, painter: QPainter, rect: QRect, row: Row, colors: Colors) -> None:
        if not row.problem_count:
            return
        color = {"error": colors.red, "warning": colors.amber}.get(row.worst_problem or "", colors.muted)
        painter.setFont(self._plain)
        painter.setPen(QColor(color))
        cell = rect.adjusted(0, 0, -PADDING, 0)
        text = str(row.problem_count)
        painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        name = "info" if row.worst_problem == "info" else "warning-circle"
        left = cell.right() - self._plain_metrics.horizontalAdvance(text) - 18
        painter.drawPixmap(
            left, rect.center().y() - 6, icons.pixmap(name, color, 13, self._view.devicePixelRatioF())
        )

    def _text(self, painter: QPainter, rect: QRect, row: Row, place: int, colors: Colors) -> None:
        column = COLUMNS[place]
        text = column.text(row)
        if not text:
            return
        painter.setFont(self._fixed if column.fixed else self._plain)
        painter.setPen(QColor(_text_color(row, column.key, colors)))
        cell = rect.adjusted(PADDING, 0, -PADDING, 0)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            cell, side | Qt.AlignmentFlag.AlignVCenter, self._elided(text, cell.width(), fixed=column.fixed)
        )

    def _reach(self, rect: QRect, place: int) -> QRect | None:
        """Where a refused handshake's reason is painted: across the text's cell and the ones left of it, which have
        nothing to show. None for a cell that is not among them."""
        header = self._view.horizontalHeader()
        last = first = header.visualIndex(TEXT)
        while first and COLUMNS[header.logicalIndex(first - 1)].of_push:
            first -= 1
        if not first <= header.visualIndex(place) <= last:
            return None
        left = header.sectionViewportPosition(header.logicalIndex(first))
        right = header.sectionViewportPosition(TEXT) + header.sectionSize(TEXT)
        return QRect(left, rect.top(), right - left, rect.height())

    def _elided(self, text: str, width: int, *, fixed: bool) -> str:
        """A text cut to a width: identifiers in the middle, others at the end."""
        key = (text, width, fixed)
        found = self._cut.get(key)
        if found is None:
            metrics = self._fixed_metrics if fixed else self._plain_metrics
            mode = Qt.TextElideMode.ElideMiddle if fixed else Qt.TextElideMode.ElideRight
            if len(self._cut) >= MOST_CUT_TEXTS:
                self._cut.clear()
            found = self._cut[key] = metrics.elidedText(text[:LONGEST_TEXT], mode, width)
        return found


def _text_color(row: Row, key: str, colors: Colors) -> str:
    if key == "status":
        text = status_text(row)
        if text in ("refused", "failed", "none"):
            return colors.red
        return colors.green if text.startswith("2") else colors.amber if text < "5" else colors.red
    if key in ("time", "conversation"):
        return colors.muted
    if key == "text" and (row.kind is Kind.HANDSHAKE or (row.status is None and row.reason)):
        return colors.red
    return colors.text
