"""Bytes as a hex dump: only the lines that show are painted, so that a body of any size opens at once.

Imports PySide6, the theme and the dump's lines.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from inspector.ui.clipboard import copy_text
from inspector.ui.detail.hex_lines import (
    BYTES,
    COLUMNS,
    HEX_START,
    TEXT_START,
    ascii_text,
    byte_at,
    dump,
    hex_column,
    hex_text,
    line_count,
)
from inspector.ui.theme import GRID, Theme, fixed_font

_MARGIN = 3 * GRID
_KEYS = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class HexView(QAbstractScrollArea):
    """A span of bytes is selected by mouse or keyboard and copied as hex (Ctrl+C) or as text (Ctrl+Shift+C). `said`
    tells what went to the clipboard."""

    said = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data = b""
        self._anchor = 0
        self._cursor = 0  # the byte one is at; what is selected reaches from the anchor to it, both with it
        self._selected = False
        self.setObjectName("hex_view")
        self.setAccessibleName("Payload as bytes")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(fixed_font())
        self.viewport().setFont(fixed_font())
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        metrics = self.viewport().fontMetrics()
        self._width = metrics.horizontalAdvance("0" * 64) / 64
        self._line = metrics.height() + 2
        self._ascent = metrics.ascent() + 1
        theme.changed.connect(self.viewport().update)

    # what others ask

    def show_bytes(self, data: bytes) -> None:
        """Show other bytes from their beginning."""
        if data == self._data:
            return
        self._data = data
        self._anchor = self._cursor = 0
        self._selected = False
        self._fit()
        self.verticalScrollBar().setValue(0)
        self._moved()

    @property
    def data(self) -> bytes:
        """What is shown."""
        return self._data

    @property
    def selection(self) -> tuple[int, int]:
        """Start and end of the selected bytes; equal where there are none."""
        if not self._selected or not self._data:
            return self._cursor, self._cursor
        return min(self._anchor, self._cursor), max(self._anchor, self._cursor) + 1

    def select(self, start: int, end: int) -> None:
        """Select the bytes from `start` up to `end`, and bring them into sight."""
        self._anchor = start
        self._selected = end > start
        self._go(max(start, end - 1))

    @Slot()
    def select_all(self) -> None:
        """Select every byte, and stay where one is."""
        self._anchor, self._cursor = 0, max(0, len(self._data) - 1)
        self._selected = bool(self._data)
        self._moved()

    @Slot()
    def copy_hex(self) -> None:
        """Put the selected bytes on the clipboard as hexadecimal numbers."""
        start, end = self.selection
        self._copy(dump(self._data, start, end), end - start)

    @Slot()
    def copy_text(self) -> None:
        """Put the selected bytes on the clipboard as the text that they are in UTF-8."""
        start, end = self.selection
        self._copy(self._data[start:end].decode("utf-8", "replace"), end - start)

    def _copy(self, text: str, count: int) -> None:
        if count:
            copy_text(text, secret=True)  # a device token may be in it
            self.said.emit("Copied 1 byte" if count == 1 else f"Copied {count:,} bytes")

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        painter = QPainter(self.viewport())
        painter.setFont(self.viewport().font())
        painter.translate(_MARGIN - self.horizontalScrollBar().value(), 0)
        first = self.verticalScrollBar().value()
        top, bottom = event.rect().top() // self._line, event.rect().bottom() // self._line
        last = min(first + bottom, line_count(len(self._data)) - 1)
        chosen = QColor(colors.selection if self.hasFocus() else colors.selection_inactive)
        for line in range(first + top, last + 1):
            y = (line - first) * self._line
            offset = line * BYTES
            part = self._data[offset : offset + BYTES]
            self._paint_marks(painter, offset, len(part), y, chosen)
            painter.setPen(QColor(colors.muted))
            painter.drawText(QPointF(0, y + self._ascent), f"{offset:08x}")
            painter.setPen(QColor(colors.text))
            painter.drawText(QPointF(HEX_START * self._width, y + self._ascent), hex_text(part))
            painter.setPen(QColor(colors.json_string))
            painter.drawText(QPointF(TEXT_START * self._width, y + self._ascent), ascii_text(part))
        painter.end()

    def _paint_marks(self, painter: QPainter, offset: int, size: int, y: int, chosen: QColor) -> None:
        """What is selected of a line, and where the keyboard is."""
        start, end = (min(max(0, edge - offset), size) for edge in self.selection)
        if start < end:
            left, right = hex_column(start), hex_column(end - 1) + 2
            painter.fillRect(self._cell(left, right - left, y), chosen)
            painter.fillRect(self._cell(TEXT_START + start, end - start, y), chosen)
        if self.hasFocus() and offset <= self._cursor < offset + size:
            painter.setPen(QColor(self._theme.colors.accent))
            painter.drawRect(self._cell(hex_column(self._cursor - offset), 2, y).adjusted(-1, 0, 0, -1))
            painter.drawRect(self._cell(TEXT_START + self._cursor - offset, 1, y).adjusted(-1, 0, 0, -1))

    def _cell(self, column: int, columns: int, y: int) -> QRect:
        left = round(column * self._width)
        return QRect(left, y, round((column + columns) * self._width) - left, self._line)

    # scrolling

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        page = max(1, self.viewport().height() // self._line)
        bar = self.verticalScrollBar()
        bar.setPageStep(page)
        bar.setRange(0, max(0, line_count(len(self._data)) - page))
        across = self.horizontalScrollBar()
        across.setPageStep(self.viewport().width())
        across.setSingleStep(round(self._width))
        across.setRange(0, max(0, round(COLUMNS * self._width) + 2 * _MARGIN - self.viewport().width()))

    def _moved(self) -> None:
        start, end = self.selection
        what = f"bytes {start} to {end - 1}" if start < end else f"at byte {self._cursor}"
        self.setAccessibleDescription(f"{len(self._data):,} bytes, {what}")
        self.viewport().update()

    def _go(self, place: int) -> None:
        """Be at another byte, and have it in sight."""
        self._cursor = min(max(0, place), max(0, len(self._data) - 1))
        line, bar = self._cursor // BYTES, self.verticalScrollBar()
        bar.setValue(max(min(bar.value(), line), line - bar.pageStep() + 1))
        self._moved()

    # the hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_hex()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == _KEYS.Key_C and event.modifiers() & _SHIFT:
            self.copy_text()
        elif (place := self._place_for(event)) is not None:
            self._move(place, extend=bool(event.modifiers() & _SHIFT))
        else:
            super().keyPressEvent(event)

    def _place_for(self, event: QKeyEvent) -> int | None:
        """Where a key leads, None where it leads nowhere."""
        here, key = self._cursor, event.key()
        steps = {
            _KEYS.Key_Left: -1,
            _KEYS.Key_Right: 1,
            _KEYS.Key_Up: -BYTES,
            _KEYS.Key_Down: BYTES,
            _KEYS.Key_PageUp: -BYTES * self.verticalScrollBar().pageStep(),
            _KEYS.Key_PageDown: BYTES * self.verticalScrollBar().pageStep(),
        }
        if key in steps:
            place = here + steps[_KEYS(key)]
            return place if 0 <= place < len(self._data) or abs(steps[_KEYS(key)]) > BYTES else here
        whole = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == _KEYS.Key_Home:
            return 0 if whole else here - here % BYTES
        if key == _KEYS.Key_End:
            return len(self._data) - 1 if whole else here - here % BYTES + BYTES - 1
        return None

    def _move(self, place: int, *, extend: bool) -> None:
        if extend and not self._selected:
            self._anchor = self._cursor
        self._selected = extend
        self._go(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._move(self._byte_under(event.position().toPoint()), extend=bool(event.modifiers() & _SHIFT))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            place = self._byte_under(event.position().toPoint())
            if place != self._cursor or self._selected:
                self._move(place, extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole line."""
        place = self._byte_under(event.position().toPoint())
        start = place - place % BYTES
        self.select(start, min(start + BYTES, len(self._data)))

    def _byte_under(self, point: QPoint) -> int:
        line = self.verticalScrollBar().value() + point.y() // self._line
        column = (point.x() - _MARGIN + self.horizontalScrollBar().value()) / self._width
        return line * BYTES + byte_at(column)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.make_menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def make_menu(self) -> QMenu:
        """Copying, in both ways."""
        menu = QMenu(self)
        start, end = self.selection
        for text, keys, do in (
            ("Copy as hex", "Ctrl+C", self.copy_hex),
            ("Copy as text", "Ctrl+Shift+C", self.copy_text),
        ):
            action = menu.addAction(f"{text}\t{keys}")
            action.setEnabled(start < end)
            action.triggered.connect(do)
        menu.addSeparator()
        menu.addAction("Select all\tCtrl+A").triggered.connect(self.select_all)
        return menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
