"""A text field that is as tall as its text, up to a few lines. Imports PySide6, Qt's texts and the theme's sizes."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from inspector.ui.qt_text import document_text
from inspector.ui.theme import CONTROL_HEIGHT

MOST_LINES = 6
_LEAST_WIDTH = 48
_FRAME = 4  # border and padding of role="field", above and below


class GrowingText(QPlainTextEdit):
    """`typed` carries the text after a change by hand, `entered` comes as the focus does. It has no undo of its own:
    the document that it is a view of has one. With `single`, it holds one line, however many it is shown on."""

    typed = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None, *, single: bool = False) -> None:
        super().__init__(parent)
        self._single = single
        self._showing = False
        self.setProperty("role", "field")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.textChanged.connect(self._grow)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.textChanged.connect(self._tell)
        self._set_margin()

    def text(self) -> str:
        """The text without loss."""
        return document_text(self.document())

    def show_text(self, text: str) -> None:
        """Put a text there, unless it is there already; the cursor stays where it was, as far as that goes."""
        if text == self.text():
            return
        self._showing = True
        place = self.textCursor().position()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self._showing = False

    def replace_text(self, text: str) -> None:
        """Put a text there as if it was typed."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        commands = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        )
        if (enters and (self._single or commands)) or event.key() == Qt.Key.Key_Escape:
            event.ignore()  # whoever is around may have a use for it
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        self.textCursor().insertText(" ".join(text.split()) if self._single else text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_margin()

    def _set_margin(self) -> None:
        """One line is as tall as any control, with its text in the middle."""
        spare = CONTROL_HEIGHT - _FRAME - self.fontMetrics().lineSpacing()
        self.document().setDocumentMargin(max(0, spare // 2))
        self._grow()

    @Slot()
    def _grow(self) -> None:
        """Be as tall as the lines are. The layout is asked line by line: by itself it only lays out what shows."""
        layout, line = self.document().documentLayout(), self.fontMetrics().lineSpacing()
        most = MOST_LINES * line
        height, block = 0.0, self.document().begin()
        while block.isValid() and height <= most:
            height += layout.blockBoundingRect(block).height()
            block = block.next()
        # The first and the last line have the margins within their heights.
        lines = max(1, round((height - 2 * self.document().documentMargin()) / line))
        scrolls = lines > MOST_LINES
        margins = _FRAME + 2 * math.ceil(self.document().documentMargin())
        wanted = max(CONTROL_HEIGHT, min(lines, MOST_LINES) * line + margins)
        if self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    @Slot()
    def _tell(self) -> None:
        if not self._showing:
            self.typed.emit(self.text())
