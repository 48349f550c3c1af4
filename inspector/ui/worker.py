"""One background thread for what must not run in the UI thread, with its results delivered in the UI thread.

Jobs of the same lane replace one another: a newer job makes the older one's result void, so a fast typist or a fast
clicker never waits for outdated work. Imports PySide6 only.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

_log = logging.getLogger(__name__)

Job = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]


class Worker(QObject):
    """A thread that runs jobs one after the other. Lives in the UI thread; `submit` and the callbacks run there.

    The thread hands results over through a deque and a signal without payload (a queued connection to a slot of
    this object), so that callbacks always run in the UI thread, whatever they are.
    """

    _delivered = Signal()

    def __init__(self, name: str, parent: QObject | None = None, *, held: bool = False) -> None:
        """A `held` one begins to work when it is let go of (`release`)."""
        super().__init__(parent)
        self._jobs: deque[tuple[str, int, Job, Done | None, Failed | None]] = deque()
        self._results: deque[tuple[str, int, Callable[[], None]]] = deque()
        self._newest: dict[str, int] = {}
        self._serial = 0
        self._wake = threading.Condition()
        self._closing = False
        self._held = held
        self._last: list[Job] = []
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Begin to work, where it was held."""
        with self._wake:
            self._held = False
            self._wake.notify()

    def submit(self, lane: str, job: Job, done: Done | None = None, failed: Failed | None = None) -> None:
        """Run `job` in the thread, then `done(result)` or `failed(error)` in the UI thread. A later job of the same
        lane voids this one; an empty lane is never voided."""
        with self._wake:
            if self._closing:
                return
            self._serial += 1
            if lane:
                self._newest[lane] = self._serial
            self._jobs.append((lane, self._serial, job, done, failed))
            self._wake.notify()

    def outdated(self, lane: str) -> None:
        """Void whatever is under way in `lane`."""
        with self._wake:
            self._serial += 1
            self._newest[lane] = self._serial

    def at_end(self, job: Job) -> None:
        """Run `job` in the thread when it ends, to close what belongs to it."""
        self._last.append(job)

    def close(self) -> None:
        """Finish the job under way, drop the others, end the thread and wait for it. No callback runs after."""
        with self._wake:
            self._closing = True
            self._jobs.clear()
            self._wake.notify()
        self._thread.join()
        self._results.clear()

    def _run(self) -> None:
        self._work()
        for job in self._last:
            try:
                job()
            except Exception:  # noqa: BLE001 - the thread ends; what it could not close is logged
                _log.exception("closing failed")

    def _work(self) -> None:
        while True:
            with self._wake:
                while (self._held or not self._jobs) and not self._closing:
                    self._wake.wait()
                if self._closing:
                    return
                lane, serial, job, done, failed = self._jobs.popleft()
                if lane and self._newest.get(lane) != serial:
                    continue
            result: Callable[[], None]
            try:
                value = job()
            except Exception as error:  # noqa: BLE001 - handed to the UI thread, which decides
                result = _failure(error, failed)
            else:
                result = _success(value, done)
            self._results.append((lane, serial, result))
            if not self._closing:
                self._delivered.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._results:
            lane, serial, result = self._results.popleft()
            if not lane or self._newest.get(lane) == serial:
                result()


def _success(value: object, done: Done | None) -> Callable[[], None]:
    def deliver() -> None:
        if done is not None:
            done(value)

    return deliver


def _failure(error: BaseException, failed: Failed | None) -> Callable[[], None]:
    def deliver() -> None:
        if failed is not None:
            failed(error)
        else:
            _log.error("background job failed", exc_info=error)

    return deliver
