"""The library's files, read and changed in the worker's thread one after the other. Imports the sender's library,
PySide6 and the worker."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError
from inspector.home import Home
from inspector.sender.kept.library import Entry, open_payloads, templates
from inspector.sender.kept.payloads import Payloads, folder_of
from inspector.sender.templates import names
from inspector.ui.worker import Worker

Deed = Callable[[Payloads], object]
"""What is done with the payloads; what it returns goes to whoever asked."""


class Shelf(QObject):
    """`changed` comes when `entries` are other ones, `failed` carries the InspectorError of a deed or a reading."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, home: Home, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._worker = worker
        self._payloads: Payloads | None = None  # of the worker's thread
        self.entries: tuple[Entry, ...] = templates()  # one's own are yet to be read
        self.folder = home.data / "payloads"

    def read(self) -> None:
        """Look at the folder again: others may have changed it."""
        self.do(lambda _payloads: None)

    def do(
        self,
        deed: Deed,
        done: Callable[[object], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Do something with the payloads, and look at all of them again. `failed` comes before the signal does."""

        def work() -> tuple[object, tuple[Entry, ...], Payloads]:
            folder = folder_of(self._home)
            if self._payloads is None or self._payloads.folder != folder:
                self._payloads = Payloads(folder, reserved=names())
            result = deed(self._payloads)
            if folder_of(self._home) != folder:
                self._payloads = Payloads(folder_of(self._home), reserved=names())
            return result, open_payloads(self._payloads), self._payloads

        def show(outcome: tuple[object, tuple[Entry, ...], Payloads]) -> None:
            result, entries, payloads = outcome
            self.folder = payloads.folder
            self.entries = entries
            self.changed.emit()
            if done is not None:
                done(result)

        def fail(error: BaseException) -> None:
            if failed is not None:
                failed()
            if not isinstance(error, InspectorError):
                raise error
            self.failed.emit(error)

        self._worker.submit("", work, show, fail)


def is_whole(entry: Entry) -> bool:
    """Whether an entry's body is at hand: of a file that is too large or can't be read, it is not."""
    return len(entry.body) == entry.size
