"""A text field for JSON: what is typed is what is kept, to the byte. Imports PySide6, the contract and the theme.

Nothing is changed behind the writer's back: no quotes are bent, no line is wrapped, no-break spaces stay. Everything
that costs more than a line's worth of work waits until the typing pauses, and for big texts runs in the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from inspector.contract.text import reformat
from inspector.sender.pasted import is_request
from inspector.ui import json_typing
from inspector.ui.composer.body import LONGEST_LINE
from inspector.ui.json_gutter import JsonGutter
from inspector.ui.json_highlighter import JsonHighlighter
from inspector.ui.json_marks import JsonFault, bracket_marks, fault_marks, fault_place, find_fault
from inspector.ui.qt_text import document_text, selected_text, tip, to_python, to_qt
from inspector.ui.theme import Theme, fixed_font
from inspector.ui.worker import Worker

CHECK_MILLISECONDS = 150
# A check in the worker takes the interpreter from the UI thread now and then, so it waits for a real pause.
BIG_CHECK_MILLISECONDS = 600
# A text of this many characters is parsed in a fraction of a keystroke's time.
CHECKED_AT_ONCE = 16_384
_TAB_COLUMNS = 4
_KEYS = Qt.Key
_MODIFIERS = {_KEYS.Key_Shift, _KEYS.Key_Control, _KEYS.Key_Alt, _KEYS.Key_Meta, _KEYS.Key_AltGr}
_PLAIN_TYPING = (
    Qt.InputMethodHint.ImhMultiLine
    | Qt.InputMethodHint.ImhNoAutoUppercase
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhPreferLatin
)


class JsonEditor(QPlainTextEdit):
    """The editor, and read-only a viewer.

    `error_changed` brings the JsonFault of the text's first syntax error, or None; it comes a moment after the text
    has changed. `request_pasted` brings a text that is better begun with than typed, where variables may stand: a
    cURL command, an HTTP request, a whole body in one endless line. Without a worker, big texts are checked in the UI
    thread; without `checking`, only errors that it is given (`take_error`) are marked; with `variables`, `{{…}}` may
    stand where a value does. Tab indents and Shift+Tab dedents; Ctrl+Tab and Ctrl+Shift+Tab, or Escape and then Tab,
    leave the editor. Read-only, Tab just leaves.
    """

    error_changed = Signal(object)
    request_pasted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        worker: Worker | None = None,
        parent: QWidget | None = None,
        *,
        checking: bool = True,
        variables: bool = False,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._variables = variables
        self._checking = checking
        self._worker = worker
        self._lane = f"json {id(self)}"
        self._error: JsonFault | None = None
        self._error_place = QTextCursor(self.document())
        self._washes: list[QTextEdit.ExtraSelection] = []
        self._leaving = False
        self.setFont(fixed_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(_TAB_COLUMNS * self.fontMetrics().horizontalAdvance(" "))
        self.setInputMethodHints(_PLAIN_TYPING)
        self.setAccessibleName("JSON")
        self._describe()
        self._gutter = JsonGutter(self)
        self._highlighter = JsonHighlighter(self.document(), theme)
        self._check_timer = QTimer(self, singleShot=True)
        self._check_timer.timeout.connect(self._check)
        self.textChanged.connect(self._text_changed)
        self.cursorPositionChanged.connect(self._mark)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow)
        theme.changed.connect(self._recolor)
        self._make_room()

    # what others ask

    @property
    def pause(self) -> int:
        """Milliseconds without a key after which a text of this size is looked at."""
        big = self.document().characterCount() > CHECKED_AT_ONCE
        return BIG_CHECK_MILLISECONDS if big else CHECK_MILLISECONDS

    def text(self) -> str:
        """The text without loss (`toPlainText` turns no-break spaces into spaces); lines end with a line feed."""
        return document_text(self.document())

    def replace_text(self, text: str) -> None:
        """Put another text in the place of this one. Undo brings this one back."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.setPosition(0)
        self.setTextCursor(cursor)
        self._check_timer.stop()
        self._check()

    def format_json(self) -> bool:
        """Lay the JSON out with two spaces; undo brings the old layout back. False where it is no JSON."""
        text = self.text()
        if find_fault(text, variables=self._variables) is not None:
            return False
        laid_out = reformat(text, variables=self._variables)
        if laid_out != text:
            place = _same_place(text, to_python(text, self.textCursor().position()), laid_out)
            self.replace_text(laid_out)
            self.show_place(place)
        return True

    def show_place(self, offset: int, length: int = 0) -> None:
        """Bring an offset (in characters) into view and put the cursor there, with `length` characters selected."""
        text = self.text()
        cursor = self.textCursor()
        cursor.setPosition(to_qt(text, offset))
        cursor.setPosition(to_qt(text, offset + length), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    @property
    def error(self) -> JsonFault | None:
        """The first syntax error, as of the last check."""
        return self._error

    def show_error(self) -> None:
        """Put the cursor at the syntax error."""
        if self._error is not None:
            self.show_place(self._error.offset)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def error_message(self) -> str:
        """The syntax error in words; empty where there is none."""
        return "" if self._error is None else self._error.sentence

    def error_line(self) -> int:
        """The line of the syntax error, from 0; -1 where there is none."""
        if self._error is None:
            return -1
        return self.document().findBlock(self._error_place.selectionStart()).blockNumber()

    def visible_lines(self, area: QRect) -> Iterator[tuple[int, QRect]]:
        """Number (from 0) and place of every line that shows in `area`."""
        block = self.firstVisibleBlock()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            if rect.top() > area.bottom():
                return
            if rect.bottom() >= area.top():
                yield block.blockNumber(), rect
            block = block.next()

    def setReadOnly(self, read_only: bool) -> None:  # noqa: FBT001 - Qt's signature
        super().setReadOnly(read_only)
        self.setTabChangesFocus(read_only)
        if read_only:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._describe()

    # checking

    @Slot()
    def _text_changed(self) -> None:
        if self._checking:
            self._check_timer.start(self.pause)
        if self._worker is not None:
            self._worker.outdated(self._lane)

    @Slot()
    def _check(self) -> None:
        text = self.text()
        if self._worker is None or len(text) <= CHECKED_AT_ONCE:
            self.take_error(find_fault(text, variables=self._variables))
        else:
            variables = self._variables
            self._worker.submit(self._lane, lambda: find_fault(text, variables=variables), self.take_error)

    def take_error(self, error: JsonFault | None) -> None:
        """Mark the text's first syntax error; None is for no error at all."""
        if error is not None:
            self._error_place = fault_place(self.document(), self.text(), error)
        changed, self._error = error != self._error, error
        self._mark()
        if changed:
            self._describe()
            self.error_changed.emit(error)

    # marks

    def show_washes(self, washes: list[QTextEdit.ExtraSelection]) -> None:
        """Lay marks under all others, for a viewer that points at parts of its text."""
        self._washes = washes
        self._mark()

    @Slot()
    def _mark(self) -> None:
        colors = self.theme.colors
        marks = bracket_marks(self.textCursor(), colors)
        marks = [*self._washes, *marks]
        if self._error is not None:
            marks = [*fault_marks(self._error_place, colors), *marks]
        if marks or self.extraSelections():
            self.setExtraSelections(marks)
        self._gutter.update()

    @Slot()
    def _recolor(self) -> None:
        self._highlighter.take_colors()
        self._mark()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        block, bottom = self.firstVisibleBlock(), self.viewport().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= bottom:
            self._highlighter.colour(block)
            top += self.blockBoundingRect(block).height()
            block = block.next()
        super().paintEvent(event)

    # the gutter

    @Slot()
    def _make_room(self) -> None:
        self.setViewportMargins(self._gutter.room(), 0, 0, 0)
        self._place_gutter()

    @Slot(QRect, int)
    def _follow(self, area: QRect, lines: int) -> None:
        if lines:
            self._gutter.scroll(0, lines)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self._gutter.setGeometry(inside.left(), inside.top(), self._gutter.room(), inside.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_gutter()

    # the hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly():
            super().keyPressEvent(event)
            return
        key, leaving = event.key(), self._leaving
        if key not in _MODIFIERS:
            self._leaving = key == _KEYS.Key_Escape
        if key in (_KEYS.Key_Tab, _KEYS.Key_Backtab):
            self._tab(event, leaving=leaving)
        elif key in (_KEYS.Key_Return, _KEYS.Key_Enter) and not _commands(event):
            self._type(json_typing.new_line)
        elif event.text() in ("}", "]") and not _commands(event):
            json_typing.close_bracket(self.textCursor(), event.text())
        elif key in (_KEYS.Key_Escape, _KEYS.Key_Return, _KEYS.Key_Enter):
            event.ignore()  # whoever is around may have a use for Escape and Ctrl+Return
        else:
            super().keyPressEvent(event)

    def _tab(self, event: QKeyEvent, *, leaving: bool) -> None:
        back = event.key() == _KEYS.Key_Backtab or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if leaving or _commands(event):
            self.setTabChangesFocus(True)
            self.focusNextPrevChild(not back)
            self.setTabChangesFocus(False)
        elif back:
            json_typing.dedent(self.textCursor())
        else:
            self._type(json_typing.indent)

    def _type(self, change: Callable[[QTextCursor], None]) -> None:
        cursor = self.textCursor()
        change(cursor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._leaving = False
        self._gutter.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._gutter.update()

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(selected_text(self.textCursor()))
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self._variables and (is_request(text := source.text()) or self._is_a_body_in_one_line(text)):
            self.request_pasted.emit(text)
        else:
            super().insertFromMimeData(source)

    def _is_a_body_in_one_line(self, text: str) -> bool:
        """Whether a whole body is pasted in the place of all that is here, in a line too long to be typed in: Qt shapes
        a line as a whole, at every key."""
        if len(text) <= LONGEST_LINE or text.lstrip()[:1] not in ("{", "["):
            return False
        cursor, end = self.textCursor(), self.document().characterCount() - 1
        replaces_all = cursor.selectionEnd() - cursor.selectionStart() == end
        return replaces_all and max(map(len, text.split("\n"))) > LONGEST_LINE

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # A file that is dropped is for the window to read, not for its path to be typed.
        return source.hasText() and not source.hasUrls()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self.cursorForPosition(event.pos()).blockNumber()
            message = self.error_message() if line == self.error_line() else ""
            QToolTip.showText(event.globalPos(), tip(message), self)
            return True
        return super().viewportEvent(event)

    def _describe(self) -> None:
        keys = "Tab indents, Shift+Tab dedents. Ctrl+Tab, or Escape and then Tab, leaves the editor."
        use = "Read-only." if self.isReadOnly() else keys
        self.setAccessibleDescription(f"{self.error_message()} {use}".strip())


def _commands(event: QKeyEvent) -> bool:
    """Whether Ctrl, Alt or Meta is held, so that the key is not just typing. (On macOS Meta is the Control key.)"""
    held = (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    return bool(event.modifiers() & held)


def _same_place(old: str, offset: int, new: str) -> int:
    """Where the cursor belongs after only white space has changed: behind as many other characters as before."""
    solid = sum(not character.isspace() for character in old[:offset])
    for place, character in enumerate(new):
        if solid == 0:
            return place
        solid -= not character.isspace()
    return len(new)
