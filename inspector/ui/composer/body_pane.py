"""The editor, and what is said about the body. Imports the contract, PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from inspector.contract.push import Problem
from inspector.contract.text import locate
from inspector.contract.variable_places import stand_in
from inspector.ui.certificates.note import Note
from inspector.ui.composer.body import Opened, open_body
from inspector.ui.composer.body_check import BodyCheck, check_body
from inspector.ui.composer.check_line import CheckLine
from inspector.ui.composer.kept_notice import KeptNotice
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_SMALLEST_EDITOR = 54


Resolve = Callable[[bytes], tuple[bytes, bytes]]


class BodyPane(QWidget):
    """Holds the body that is to be sent. `message` carries a line for the status bar, `settled` the body as it is
    written and as it would be sent, as far as that may be shown, once the typing pauses. `foot` is what is said about
    the body: it stands wherever the composer puts it."""

    message = Signal(str)
    settled = Signal(object, object)

    def __init__(self, worker: Worker, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._lane = f"composer body {id(self)}"
        self._opened: Opened | None = None  # a body that its text can't stand for
        self._resolve: Resolve = _as_it_is
        self.editor = JsonEditor(theme, worker, self, variables=True)
        self.editor.setObjectName("composer_editor")
        self.editor.setAccessibleName("Body")
        self.editor.setMinimumHeight(_SMALLEST_EDITOR)
        # The editor takes what the others leave; it never makes them scroll.
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.foot = QWidget(self)
        self.check_line = CheckLine(theme, self.foot)
        self.kept = KeptNotice(self.foot)
        self.remark = Note(theme, self.foot)
        self.remark.setContentsMargins(12, 0, 12, 4)
        line = QFrame(self.foot)
        line.setProperty("role", "line")
        below = _column(self.foot)
        below.addWidget(line)
        below.addWidget(self.check_line)
        below.addWidget(self.kept)
        below.addWidget(self.remark)
        _column(self).addWidget(self.editor)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.check)
        self.editor.textChanged.connect(self._wait)
        self.kept.changed.connect(self.check)
        self.check_line.format_wanted.connect(self._format)
        self.check_line.problem_chosen.connect(self._show_problem)

    def body(self) -> bytes:
        """The bytes that would be sent now: the text's UTF-8, or what was opened while it is left as it is."""
        text = self.editor.text()
        if self._opened is not None and self.kept.keeps and text == self._opened.text:
            return self._opened.raw
        return text.encode(errors="replace")

    def open(self, opened: Opened) -> None:
        """Put a captured body into the editor; undo brings what was written back."""
        self._opened = opened if opened.reason else None
        self.editor.replace_text(opened.text)
        self.kept.begin()
        self.check()

    def begin_with(self, body: bytes) -> None:
        """Put the first body into the editor, with nothing to undo."""
        self.editor.setPlainText(open_body(body).text)
        self.check()

    def resolve_with(self, resolve: Resolve) -> None:
        """How a body becomes the bytes that are sent, and what of these may be shown; runs in the worker's thread."""
        self._resolve = resolve
        self.check()

    @property
    def untouched(self) -> bool:
        """Whether the editor still holds the first body."""
        return not self.editor.document().isModified()

    @Slot()
    def check(self) -> None:
        """Look at the body anew, in the worker's thread."""
        self._timer.stop()
        body, opened = self.body(), self._opened
        self.kept.show_state(opened, edited=opened is not None and self.editor.text() != opened.text)
        resolve = self._resolve

        def look() -> tuple[bytes, bytes, BodyCheck]:
            sent, shown = resolve(body)
            return body, shown, check_body(sent)

        self._worker.submit(self._lane, look, self._show_check)

    def close_down(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self._worker.outdated(self._lane)

    def _show_check(self, found: tuple[bytes, bytes, BodyCheck]) -> None:
        written, shown, check = found
        self.check_line.show_check(check)
        self.settled.emit(written, shown)

    @Slot()
    def _wait(self) -> None:
        self.remark.say("")
        self._worker.outdated(self._lane)
        self._timer.start(self.editor.pause)

    @Slot()
    def _format(self) -> None:
        if not self.editor.format_json():
            self.editor.show_error()
            self.message.emit(f"This is not JSON yet. {self.editor.error_message()}")
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _show_problem(self, problem: Problem) -> None:
        self.show_path(problem.path)

    def show_path(self, path: str) -> None:
        """Put the cursor to what a path leads to, or as near as there is something; in a text that is no JSON, to where
        it stops being one."""
        place = locate(stand_in(self.editor.text()), path, nearest=True)
        if place is None:
            self.editor.show_error()
        else:
            self.editor.show_place(place[0], place[1] - place[0] if path else 0)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _as_it_is(body: bytes) -> tuple[bytes, bytes]:
    return body, body
