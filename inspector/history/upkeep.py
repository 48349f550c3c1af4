"""What a history needs done in the background: events are catalogued while few are written. Imports the writer.

One thread for each history that is open for long. It works in portions and leaves the writer alone between them;
while pushes come in fast it catalogues none, as searches read what is not catalogued yet from the events themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from inspector.errors import HistoryError
from inspector.history.store import HistoryWriter

_log = logging.getLogger(__name__)

PORTION = 256  # events: about 20 ms
BUSY = 500  # events a second; while more are written, none are catalogued
REST_SECONDS = 0.5
AFTER_FAILURE_SECONDS = 30.0

Task = Callable[[HistoryWriter], bool]
"""More to be done from time to time: True where there is more of it right away. Raises HistoryError."""


class Upkeep:
    """The thread. `start` once, `close` before the writer is closed; `tasks` are done beside cataloguing."""

    def __init__(self, writer: HistoryWriter, *tasks: Task, rest_seconds: float = REST_SECONDS) -> None:
        self._writer = writer
        self._tasks = tasks
        self._rest = rest_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Finish the portion under way and end the thread. Closing twice is harmless, also before it has begun."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        before = self._writer.added
        wait = self._rest
        while not self._stop.wait(wait):
            added = self._writer.added
            busy = added - before > BUSY * wait
            before = added
            wait = self._rest
            try:
                self._work(catalogue=not busy)
            except HistoryError as error:
                # A full disk, another process's lock: the listener says so; here it is tried again.
                _log.warning("the history's upkeep waits: %s", error.message)
                wait = AFTER_FAILURE_SECONDS

    def _work(self, *, catalogue: bool) -> None:
        """All there is to do, as long as little is written meanwhile."""
        more = True
        while more and not self._stop.is_set():
            before = self._writer.added
            more = catalogue and self._writer.catalogue(PORTION) > 0
            for task in self._tasks:
                if not self._stop.is_set():
                    more = task(self._writer) or more
            if self._writer.added - before > PORTION // 8:
                return
            self._stop.wait(0.001)  # whoever waits for the writer takes it now
