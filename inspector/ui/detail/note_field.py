"""The note on an event: plain words, kept when one leaves them. Imports PySide6, the icons and the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from inspector.ui import icons
from inspector.ui.qt_text import document_text
from inspector.ui.theme import CONTROL_HEIGHT, Theme

MOST_LINES = 4
_MARGIN = 3
_AROUND = 2 * _MARGIN + 6  # with the frame and what is within it
_HINT = "Note on this row. Kept when you leave it (Ctrl+Return)"


class NoteField(QWidget):
    """Shown where there is a note, or one is being written. `kept` brings the event's id and the words to keep, `left`
    that one is done writing."""

    kept = Signal(int, str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._identifier = 0
        self._last = ""  # what is kept of this event, as far as is known
        self._touched = False  # what is read of this event may be older than what was written here
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._picture = QLabel(self)
        self._picture.setFixedSize(16, CONTROL_HEIGHT)
        self.text = NoteText(self)
        self.text.setObjectName("note_field")
        self.text.setAccessibleName("Note")
        self.text.setPlaceholderText(_HINT)
        self.text.textChanged.connect(self._fit)
        self.text.resized.connect(self._fit)
        self.text.finished.connect(self._finished)
        self.text.focus_left.connect(self._focus_left)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.hide()

    def show_note(self, identifier: int, note: str) -> None:
        """Show the note of an event. One that is written here is kept first; what was written since stays."""
        if identifier != self._identifier:
            self.keep()
            self._identifier = identifier
            self._touched = False
        elif self._touched or self._words() != self._last:
            return
        self._last = note
        if note != self._words():
            self.text.setPlainText(note)
        self.setVisible(bool(note) or self.text.hasFocus())

    def forget(self) -> None:
        """Be on no event any more; what is written is kept first."""
        self.keep()
        self._identifier = 0
        self._touched = False
        self._last = ""
        self.text.clear()
        self.hide()

    @property
    def identifier(self) -> int:
        """The event that the note is on; 0 for none."""
        return self._identifier

    def write(self) -> None:
        """Let the person write."""
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        cursor = self.text.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.text.setTextCursor(cursor)

    @Slot()
    def keep(self) -> None:
        """Keep what is written, if it is something else than before."""
        words = self._words()
        if self._identifier and words != self._last:
            self._last = words
            self._touched = True
            self.kept.emit(self._identifier, words)

    def _words(self) -> str:
        return document_text(self.text.document())

    @Slot()
    def _finished(self) -> None:
        self.keep()
        self.left.emit()

    @Slot(bool)
    def _focus_left(self, elsewhere: bool) -> None:  # noqa: FBT001 - a slot
        self.keep()
        if elsewhere and not self._words():
            self.hide()

    @Slot()
    def _fit(self) -> None:
        lines = max(1, round(self.text.document().size().height()))
        bar = Qt.ScrollBarPolicy
        self.text.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if lines <= MOST_LINES else bar.ScrollBarAsNeeded
        )
        shown = min(MOST_LINES, lines) * self.text.fontMetrics().lineSpacing()
        self.text.setFixedHeight(max(CONTROL_HEIGHT, shown + _AROUND))

    @Slot()
    def _recolor(self) -> None:
        self._picture.setPixmap(icons.pixmap("note", self._theme.colors.muted))


class NoteText(QPlainTextEdit):
    """`finished` is Ctrl+Return, `focus_left` that the keyboard went elsewhere (true) or the window lost it (false),
    `resized` that lines may break elsewhere."""

    finished = Signal()
    focus_left = Signal(bool)
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "field")
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(_MARGIN)
        self.setFixedHeight(CONTROL_HEIGHT)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _done(event):
            event.accept()  # the window would send what the composer holds
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _done(event):
            self.finished.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        inside = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        self.focus_left.emit(event.reason() not in inside)


def _done(event: QKeyEvent) -> bool:
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return event.key() in keys and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
