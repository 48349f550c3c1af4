"""Line numbers beside the JSON editor, with a mark at the line of the syntax error. Imports PySide6 and the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from inspector.ui import icons
from inspector.ui.qt_text import tip
from inspector.ui.theme import GRID

if TYPE_CHECKING:
    from inspector.ui.json_editor import JsonEditor

MARK = 12
_FEWEST_DIGITS = 2


class JsonGutter(QWidget):
    """Draws for its editor and knows nothing that the editor does not."""

    def __init__(self, editor: JsonEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def room(self) -> int:
        """The width it needs, in pixels."""
        digits = max(_FEWEST_DIGITS, len(str(self._editor.blockCount())))
        return GRID + MARK + GRID + digits * self._editor.fontMetrics().horizontalAdvance("0") + 2 * GRID

    def sizeHint(self) -> QSize:
        return QSize(self.room(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._editor.theme.colors
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colors.surface))
        painter.setFont(self._editor.font())
        current = self._editor.textCursor().blockNumber() if self._editor.hasFocus() else -1
        faulty = self._editor.error_line()
        right = self.width() - 2 * GRID
        for number, rect in self._editor.visible_lines(event.rect()):
            strong = number == current
            painter.setPen(
                QColor(colors.red if number == faulty else colors.text if strong else colors.muted)
            )
            line = QRect(0, rect.top(), right, self._editor.fontMetrics().height())
            painter.drawText(
                line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number + 1)
            )
            if number == faulty:
                top = line.top() + (line.height() - MARK) // 2
                painter.drawPixmap(GRID, top, icons.pixmap("warning-circle", colors.red, MARK))
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self._editor.cursorForPosition(event.pos()).blockNumber()
            message = self._editor.error_message() if line == self._editor.error_line() else ""
            QToolTip.showText(event.globalPos(), tip(message), self)
            return True
        return super().event(event)
