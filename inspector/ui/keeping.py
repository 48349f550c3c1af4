"""The window's history file: held for writing, or read along while another process writes it; another one in its place.

Everything that touches the disk runs in the worker's thread. Imports the workbench, the feed and PySide6.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.errors import HistoryError
from inspector.ui.feed import HistoryFeed
from inspector.ui.listening import ListeningControl
from inspector.ui.status_chips import Chip
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.history.forgetting import Forgotten
    from inspector.history.lease import Holder
    from inspector.listen_request import ListenRequest

TRY_AGAIN_MILLISECONDS = 2000


class Keeping(QObject):
    """`reads_along` carries the Holder of a history that another process writes, None once this window does;
    `switched` tells that another file is in use, `said` carries a line for the status bar, `failed` why the history
    can't be used, `refused` why another one can't: the one in use stays."""

    reads_along = Signal(object)
    switched = Signal()
    said = Signal(str)
    failed = Signal(object)
    refused = Signal(object)
    _forgot = Signal()

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        feed: HistoryFeed,
        listening: ListeningControl,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._feed = feed
        self._listening = listening
        self._reading = False
        self._listen_again: ListenRequest | None = None
        self._again = QTimer(self, singleShot=True, interval=TRY_AGAIN_MILLISECONDS)
        self._again.timeout.connect(self._try_to_hold)
        listening.changed.connect(self._look)
        self._forgotten: deque[Forgotten] = deque()
        self._forgot.connect(self._tell_forgotten, Qt.ConnectionType.QueuedConnection)
        workbench.when_forgotten(self._note_forgotten)

    @property
    def reading(self) -> bool:
        """Whether another process writes this history."""
        return self._reading

    @Slot()
    def open(self) -> None:
        """Open the history and show it; for writing where no other process does."""
        self._worker.submit("", self._hold, self._opened, self.failed.emit)

    @Slot()
    def start_new(self) -> None:
        """Go on with a new file beside the one there is."""
        self._switch(self._workbench.start_new_history)

    def start_new_at(self, path: Path) -> None:
        """Go on with a new file of that name."""
        self._switch(lambda: self._workbench.start_new_history(path))

    def open_file(self, path: Path) -> None:
        """Go on with a history that is there. It is looked at before anything is stopped for it."""
        current = self._workbench.history_file

        def job() -> bool:
            from inspector.history.up_to_date import open_for_reading

            if path.resolve() == current.resolve():
                return False
            open_for_reading(path).close()
            return True

        def looked_at(another: bool) -> None:  # noqa: FBT001 - a result
            if another:
                self._switch(lambda: self._workbench.open_history(path))
            else:
                self.said.emit(f"{path.name} is the history in use")

        self._worker.submit("", job, looked_at, self.refused.emit)

    def _switch(self, job: Callable[[], Path]) -> None:
        """A listener finishes what is in flight, so that all it has taken is in the old file, and begins again."""
        if self._listening.state.busy:
            self.said.emit("Listening is just starting or stopping: try again in a moment")
            return
        self._listen_again = self._listening.request
        self._listening.stop()  # in the worker too, so that nobody writes to the old file when another one is used
        self._feed.forget_reader()
        self._worker.submit("", job, self._begun, self._not_begun)

    def close(self) -> None:
        """Try no more."""
        self._again.stop()

    def _hold(self) -> Holder | None:
        """In the worker's thread: be the writer; or who that is."""
        from inspector.history.lease import HELD, Holder

        try:
            self._workbench.hold_history()
        except HistoryError as error:
            if error.code != HELD:
                raise
            return self._workbench.history_holder() or Holder()
        return None

    def _opened(self, holder: Holder | None) -> None:
        self._take(holder)
        self._feed.start()

    def _begun(self, path: Path) -> None:
        self.said.emit(f"The history is {path.name} now")
        self.switched.emit()
        self.open()
        self._go_on_listening()

    def _not_begun(self, error: BaseException) -> None:
        self.refused.emit(error)
        self._feed.start()  # a search that was under way ended with its reader
        self._go_on_listening()

    def _go_on_listening(self) -> None:
        request, self._listen_again = self._listen_again, None
        if request is not None:
            self._listening.start(request)

    def _take(self, holder: Holder | None) -> None:
        before, self._reading = self._reading, holder is not None
        self.reads_along.emit(holder)
        if holder is not None:
            self._again.start()
        elif before:
            self.said.emit("This window writes the history now")

    @Slot()
    def _try_to_hold(self) -> None:
        self._worker.submit("lease", self._hold, self._take, self.failed.emit)

    @Slot()
    def _look(self) -> None:
        """Who began to listen has the lease."""
        if self._reading and self._listening.state.on:
            self._try_to_hold()

    def _note_forgotten(self, forgotten: Forgotten) -> None:
        """In the upkeep's thread."""
        self._forgotten.append(forgotten)
        self._forgot.emit()

    @Slot()
    def _tell_forgotten(self) -> None:
        while self._forgotten:
            self.said.emit(self._forgotten.popleft().words)
        self._feed.poke()


def reading_chip(holder: Holder) -> Chip:
    """What the status line says of a history that another process writes."""
    who = holder.words
    return Chip(
        "Reading along",
        "Reading",
        f"{who[:1].upper()}{who[1:]} writes this history; this window reads along and shows what comes."
        "\nListening needs a history of its own: stop the other one, or start a new file.",
    )
