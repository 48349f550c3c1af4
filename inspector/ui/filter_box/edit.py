"""The line of the filter box: underlines what is wrong in it, and lets a list beside it have keys first. Imports
PySide6 and the helpers for Qt's texts.

The underline is painted over the line. Formats in the text itself would take an input method's own away, and QLineEdit
has no others.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QTextLayout
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from inspector.ui.qt_text import to_python, to_qt

_WAVE, _STEP = 1.5, 2.0
_BEFORE_CURSOR = 5  # so far left of the cursor Qt lets the cursor's rectangle begin
_GAP = 2

TakesKey = Callable[[QKeyEvent], bool]


class FilterEdit(QLineEdit):
    """`entered` and `left` tell of the focus; a menu that opens over it does not take it away."""

    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked: tuple[int, int] | None = None
        self._color = QColor()
        self._wants: TakesKey | None = None
        self._takes: TakesKey | None = None
        self.cursorPositionChanged.connect(self._repaint_mark)

    def give_keys_first(self, wants: TakesKey, takes: TakesKey) -> None:
        """Ask `wants` whether a key is to be kept from the window's shortcuts, and `takes` whether it was used."""
        self._wants, self._takes = wants, takes

    @property
    def cursor_place(self) -> int:
        """Where the cursor is, in characters."""
        return to_python(self.text(), self.cursorPosition())

    def replace(self, start: int, end: int, text: str, cursor: int) -> None:
        """Put other characters in the place of some, as one step that can be undone, and the cursor somewhere."""
        before = self.text()
        first = to_qt(before, start)
        self.setSelection(first, to_qt(before, end) - first)
        if text:
            self.insert(text)
        elif start != end:
            self.del_()
        self.setCursorPosition(to_qt(self.text(), cursor))

    def mark(self, start: int, end: int, color: str) -> None:
        """Underline the characters from `start` to `end`."""
        self._marked = (start, end)
        self._color = QColor(color)
        self.update()

    def unmark(self) -> None:
        """Underline nothing."""
        self._marked = None
        self.update()

    @property
    def marked(self) -> tuple[int, int] | None:
        """What is underlined."""
        return self._marked

    def place_of(self, offset: int) -> int:
        """Where a character begins, from the left of the line."""
        return round(self._x(offset))

    def _x(self, offset: int) -> float:
        """From the place of the cursor, the only one that QLineEdit tells, however far it has scrolled."""
        text = self.text()
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        if not line.isValid():
            return float(self.cursorRect().x() + _BEFORE_CURSOR)
        there = _first(line.cursorToX(to_qt(text, offset)))
        here = _first(line.cursorToX(self.cursorPosition()))
        return self.cursorRect().x() + _BEFORE_CURSOR + there - here

    def _text_room(self) -> QRect:
        """Where text can be seen: between the buttons at both ends."""
        room = self.rect().adjusted(4, 0, -4, 0)
        for button in self.findChildren(QToolButton):
            if not button.isVisible():
                continue
            if button.geometry().center().x() < self.width() // 2:
                room.setLeft(max(room.left(), button.geometry().right() + _GAP))
            else:
                room.setRight(min(room.right(), button.geometry().left() - _GAP))
        return room

    def _repaint_mark(self) -> None:
        if self._marked is not None:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked is None or not self.text():
            return
        start, end = sorted(map(self._x, self._marked))
        room = self._text_room()
        start, end = max(start, room.left()), min(max(end, start + 3 * _STEP), room.right())
        if end <= start:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._color, 1.25, c=Qt.PenCapStyle.RoundCap))
        floor = self.rect().center().y() + self.fontMetrics().height() / 2
        points = []
        x, up = start, False
        while x <= end:
            points.append(QPointF(x, floor - (_WAVE if up else 0)))
            x, up = x + _STEP, not up
        painter.drawPolyline(points)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if (
                event.type() == QEvent.Type.ShortcutOverride
                and self._wants is not None
                and self._wants(event)
            ):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._takes is not None and self._takes(event):
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def _first(place: object) -> float:
    """PySide gives the place alone, or with the offset that it is of."""
    return float(place[0] if isinstance(place, tuple) else place)  # type: ignore[arg-type]
