"""Where the library and the composer meet: what is taken, what is kept, and what is begun with from the clipboard.
Imports the sender's library and what reads pasted texts, PySide6 and its own room."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from inspector.errors import InspectorError
from inspector.sender.kept.library import Entry
from inspector.sender.kept.payload import Stored
from inspector.sender.kept.payloads import Payloads
from inspector.sender.pasted import Form, Pasted, read_pasted
from inspector.sender.request import TrustKind
from inspector.ui.composer.body import Opened, open_body
from inspector.ui.composer.library.shelf import Shelf
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.composer.composer import Composer
    from inspector.ui.composer.library.dialog import LibraryDialog

_LANE = "composer begin"
_MOST_HEADERS = 4
_OWN_HEADERS = ("content-type", "accept", "user-agent")


class LibraryDesk(QObject):
    """The library of one composer. `current` is the name of the own payload that the body came from; empty for none."""

    def __init__(self, composer: Composer, workbench: Workbench, worker: Worker, theme: Theme) -> None:
        super().__init__(composer)
        self._composer = composer
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._dialog: LibraryDialog | None = None
        self.current = ""
        self.shelf = Shelf(workbench.home, worker, self)
        self.shelf.changed.connect(self._offer)
        self.shelf.failed.connect(self._fail)

    @property
    def dialog(self) -> LibraryDialog:
        """The library's window, shown or not."""
        if self._dialog is None:
            from inspector.ui.composer.library.dialog import LibraryDialog

            composer = self._composer
            self._dialog = LibraryDialog(
                self.shelf, self._workbench, self._theme, composer.body, composer.window()
            )
            self._dialog.picked.connect(self.take)
            self._dialog.saved.connect(self._saved)
        return self._dialog

    @Slot()
    def open(self) -> None:
        """Show the library."""
        self.dialog.open_at(self.current)

    @Slot(object)
    def take(self, entry: Entry) -> None:
        """Begin with an entry; undo brings back what is there."""
        composer = self._composer

        def begin(body: Opened) -> None:
            composer.body_pane.open(body)
            self.current = entry.name if entry.own else ""
            composer.form.template.show_entry(entry)
            composer.message.emit(f"{entry.title}: undo brings the body before back.")
            composer.focus_editor()

        self._worker.submit(_LANE, lambda: open_body(entry.body), begin)

    def forget(self) -> None:
        """The body comes from elsewhere now."""
        self.current = ""

    @Slot()
    def save(self) -> None:
        """Keep what is written: in the payload it came from, else under a title that is asked for."""
        name, body = self.current, self._composer.body()
        if not name:
            self.dialog.open_at()
            self.dialog.save_written()
            return

        def saved(stored: object) -> None:
            assert isinstance(stored, Stored)
            self._composer.message.emit(f"Saved as {name}.")

        def over(payloads: Payloads) -> Stored:
            return payloads.save_over(name, body)

        self.shelf.do(over, saved)

    @Slot(str)
    def _saved(self, name: str) -> None:
        self.current = name
        entry = next((one for one in self.shelf.entries if one.own and one.name == name), None)
        if entry is not None:
            self._composer.form.template.show_entry(entry)
        self._composer.message.emit(f"Saved as {name}; Ctrl+S saves it again.")

    @Slot()
    def _offer(self) -> None:
        self._composer.form.template.offer_own([one for one in self.shelf.entries if one.own])

    @Slot(object)
    def _fail(self, error: InspectorError) -> None:
        if self._dialog is None or not self._dialog.isVisible():
            self._composer.body_pane.remark.say(error.message, error.next_step)

    # starting from what was copied

    @Slot()
    def start_from_clipboard(self) -> None:
        """Begin with a cURL command, an HTTP request or a body that was copied."""
        self.start_from(QGuiApplication.clipboard().text())

    def start_from(self, text: str) -> None:
        """The same with a text."""

        def read() -> tuple[Pasted, Opened]:
            pasted = read_pasted(text)
            return pasted, open_body(pasted.body)

        self._worker.submit(_LANE, read, self._begin, self._not_read)

    def _begin(self, read: tuple[Pasted, Opened]) -> None:
        pasted, body = read
        composer, form = self._composer, self._composer.form
        composer.body_pane.open(body)
        self.forget()
        form.template.show_other(
            {Form.BODY: "Pasted", Form.CURL: "From cURL"}.get(pasted.form, "From a request")
        )
        remarks = list(pasted.remarks)
        if pasted.url:
            form.target.setText(pasted.url)
        if pasted.form is not Form.BODY:
            headers = tuple(one for one in pasted.headers if one[0].lower() not in _OWN_HEADERS)
            if len(headers) > _MOST_HEADERS:
                remarks.append(
                    f"Only the first {_MOST_HEADERS} headers were taken: the pusher sends no more."
                )
            state = form.settings.state
            state.load(
                replace(
                    state.request,
                    trust=TrustKind.NOTHING if pasted.insecure else state.request.trust,
                    basic_user=pasted.basic_user,
                    basic_password=pasted.basic_password,
                    headers=headers[:_MOST_HEADERS],
                    proxy=pasted.proxy or state.request.proxy,
                )
            )
            if pasted.cert:
                remarks.append(
                    f"It names the client certificate {pasted.cert}: choose an identity, or import that."
                )
        title = "The body, the address and its settings are those of the text that was pasted."
        composer.body_pane.remark.say(
            title if pasted.form is not Form.BODY else "The body is the one that was pasted.",
            " ".join(remarks),
            "info",
        )

    def _not_read(self, error: BaseException) -> None:
        if not isinstance(error, InspectorError):
            raise error
        self._composer.body_pane.remark.say(error.message, error.next_step)
