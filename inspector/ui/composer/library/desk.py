"""Where the library and the composer meet: what is taken, what is kept, and what is begun with from the clipboard.
Imports the sender's library and what reads pasted texts, PySide6 and its own room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from inspector.errors import InspectorError
from inspector.sender.kept.library import Entry
from inspector.sender.kept.payload import Stored
from inspector.sender.kept.payloads import Payloads
from inspector.sender.pasted import Form, Pasted, read_pasted
from inspector.ui.composer.body import Opened, open_body
from inspector.ui.composer.library.beginning import begin
from inspector.ui.composer.library.shelf import Shelf, is_whole
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.composer.composer import Composer
    from inspector.ui.composer.library.dialog import LibraryDialog

_LANE = "composer begin"


class LibraryDesk(QObject):
    """The library of one composer. `current` is the name of the own payload that the body came from; empty for none.
    `notice` tells what was saved over, with its undo: it stands wherever the composer puts it."""

    def __init__(self, composer: Composer, workbench: Workbench, worker: Worker, theme: Theme) -> None:
        super().__init__(composer)
        self._composer = composer
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._dialog: LibraryDialog | None = None
        self.current = ""
        self._for_saving = False  # the window is there to ask for a title, and goes with the answer
        self.notice = NoticeBar(theme, composer)
        self.notice.setObjectName("composer_library_notice")
        self.shelf = Shelf(workbench.home, worker, self)
        self._folder = self.shelf.folder
        self.shelf.changed.connect(self._offer)
        self.shelf.failed.connect(self._fail)

    @property
    def dialog(self) -> LibraryDialog:
        """The library's window, shown or not."""
        if self._dialog is None:
            from inspector.ui.composer.library.dialog import LibraryDialog

            composer = self._composer
            self._dialog = LibraryDialog(
                self.shelf, self._workbench.home, self._worker, self._theme, composer.body, composer.window()
            )
            self._dialog.picked.connect(self.take)
            self._dialog.deeds.saved.connect(self._saved)
            self._dialog.deeds.moved.connect(self._moved)
            self._dialog.about.given_up.connect(self._give_up)
        return self._dialog

    @Slot()
    def open(self) -> None:
        """Show the library."""
        self._for_saving = False
        self.dialog.open_at(self.current)

    @Slot(object)
    def take(self, entry: Entry) -> None:
        """Begin with an entry; undo brings back what is there."""
        composer = self._composer

        def begin_with(body: Opened) -> None:
            self.forget()
            composer.body_pane.open(body)
            self.current = entry.name if entry.own else ""
            composer.form.template.show_entry(entry)
            composer.message.emit(f"{entry.title}: undo brings the body before back.")
            composer.focus_editor()

        self._worker.submit(_LANE, lambda: open_body(entry.body), begin_with)

    def forget(self) -> None:
        """The body comes from elsewhere now."""
        self.current = ""
        self.notice.hide()
        self._composer.form.template.mark_changed(False)

    @Slot(object)
    def compare(self, written: bytes) -> None:
        """Say whether what is written differs from what is kept under the name that is shown."""
        own = self._own(self.current)
        self._composer.form.template.mark_changed(own is not None and own.body != written)

    # kept

    @Slot()
    def save(self) -> None:
        """Keep what is written: in the payload it came from, else under a title that is asked for."""
        name, body = self.current, self._composer.body()
        own = self._own(name)
        if own is None:
            self._ask_for_title()
            return

        def over(payloads: Payloads) -> Stored | None:
            if all(one.name != name for one in payloads.list()):
                return None
            before = payloads.stored(name)
            return before if before.body == body else payloads.save_over(name, body)

        def saved(before: object) -> None:
            if not isinstance(before, Stored):
                self.forget()
                self._ask_for_title(own.title)
                self.dialog.notice.show_hint(f"{own.title} is not there any more: save it as a new one.")
            elif before.body == body:
                self._composer.message.emit(f"{own.title} is saved as it is written.")
            else:
                self.notice.show_hint(f"{own.title} was saved over.", "Undo", lambda: self._undo(before))

        self.shelf.do(over, saved)

    def _ask_for_title(self, title: str = "") -> None:
        self._for_saving = True
        self.dialog.open_at()
        self.dialog.deeds.save_written(title)

    def _undo(self, before: Stored) -> None:
        name = self.current or before.name

        def undone(_stored: object) -> None:
            self._composer.message.emit("It is kept as it was before; what is written stays.")

        self.shelf.do(lambda payloads: payloads.save_over(name, before.body), undone)

    @Slot(str)
    def _saved(self, name: str) -> None:
        self.notice.hide()
        self.current = name
        self._show_current()
        self._composer.message.emit(f"Saved as {name}; Ctrl+S saves it again.")

        if self._for_saving:
            self.dialog.accept()
            self._composer.focus_editor()

    @Slot()
    def _give_up(self) -> None:
        if self._for_saving:
            self.dialog.reject()
            self._composer.focus_editor()

    @Slot(str, str)
    def _moved(self, before: str, now: str) -> None:
        if self.current != before:
            return
        if now:
            self.current = now
            self._show_current()
        else:
            self.forget()

    def _show_current(self) -> None:
        own = self._own(self.current)
        if own is not None:
            self._composer.form.template.show_entry(own)
            self.compare(self._composer.body())

    def _own(self, name: str) -> Entry | None:
        return next((one for one in self.shelf.entries if one.own and one.name == name), None)

    @Slot()
    def _offer(self) -> None:
        if self.shelf.folder != self._folder:
            self._folder = self.shelf.folder
            self.forget()  # a payload of the same name is another one there
        self._composer.form.template.offer_own(
            [one for one in self.shelf.entries if one.own and is_whole(one)]
        )
        if self.current:
            self.compare(self._composer.body())

    @Slot(object)
    def _fail(self, error: InspectorError) -> None:
        if self._dialog is None or not self._dialog.isVisible():
            self._composer.body_pane.remark.say(error.message, error.next_step)

    # starting from what was copied

    @Slot()
    def start_from_clipboard(self) -> None:
        """Begin with a cURL command, an HTTP request or a body that was copied."""
        self.start_from(QGuiApplication.clipboard().text())

    @Slot(str)
    def start_from_pasted(self, text: str) -> None:
        """Begin with a text that was pasted into the editor; where it can't be read it is pasted there, after all."""

        def paste(error: BaseException) -> None:
            self._composer.editor.textCursor().insertText(text)
            self._not_read(error)

        self._worker.submit(_LANE, lambda: _read(text), self._begin, paste)

    def start_from(self, text: str) -> None:
        """Begin with a text."""
        self._worker.submit(_LANE, lambda: _read(text), self._begin, self._not_read)

    def _begin(self, read: tuple[Pasted, Opened]) -> None:
        pasted, body = read
        composer, form = self._composer, self._composer.form
        state = form.settings.state
        beginning = begin(pasted, state.request)
        if pasted.body:
            self.forget()
            composer.body_pane.open(body)
            form.template.show_other(
                {Form.BODY: "Pasted", Form.CURL: "From cURL"}.get(pasted.form, "From a request")
            )
        if pasted.url:
            form.target.setText(pasted.url)
        if pasted.form is not Form.BODY:
            state.load(beginning.request)
        composer.body_pane.remark.say(beginning.said, " ".join(beginning.remarks), "info")

    def _not_read(self, error: BaseException) -> None:
        if not isinstance(error, InspectorError):
            raise error
        self._composer.body_pane.remark.say(error.message, error.next_step)


def _read(text: str) -> tuple[Pasted, Opened]:
    pasted = read_pasted(text)
    return pasted, open_body(pasted.body)
