"""The window's history file: held for writing, or read along while another process writes it; another one begun.

Everything that touches the disk runs in the worker's thread. Imports the workbench, the feed and PySide6.
"""

from __future__ import annotations

from collections import deque
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

TRY_AGAIN_MILLISECONDS = 2000


class Keeping(QObject):
    """`reads_along` carries the Holder of a history that another process writes, None once this window does;
    `said` a line for the status bar, `failed` an error."""

    reads_along = Signal(object)
    said = Signal(str)
    failed = Signal(object)
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
        self._listening.stop()  # in the worker too, so that nobody writes to the old file when the new one is begun
        self._feed.forget_reader()
        self._worker.submit("", self._workbench.start_new_history, self._begun, self.failed.emit)

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
        self.said.emit(f"New history: {path.name}")
        self.open()

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
