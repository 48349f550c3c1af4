"""Runs one sending at a time in a thread of its own and brings what came of it to the UI thread.

The thread hands over through a deque and a signal without payload, so that callbacks always run in the UI thread.
Imports PySide6 and the sender's Cancel (lazily).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel

_log = logging.getLogger(__name__)

Report = Callable[[object], None]
Work = Callable[["Cancel", Report], None]


class SendRunner(QObject):
    """Lives in the UI thread. `reported` carries whatever the work reported, `finished` the exception that ended it
    or None; after `close` neither comes any more."""

    reported = Signal(object)
    finished = Signal(object)
    _delivered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._cancel: Cancel | None = None
        self._reports: deque[tuple[bool, object]] = deque()
        self._closed = False
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether a sending is under way, or its end not delivered yet."""
        return self._thread is not None

    def start(self, work: Work) -> bool:
        """Run `work(cancel, report)` in a thread. False where another is under way, or after `close`."""
        if self._thread is not None or self._closed:
            return False
        from inspector.sender.cancel import Cancel

        cancel = self._cancel = Cancel()
        self._thread = threading.Thread(
            target=self._run, args=(work, cancel), name="composer-send", daemon=True
        )
        self._thread.start()
        return True

    def cancel(self) -> None:
        """Ask the sending under way to end. Its end is still delivered."""
        if self._cancel is not None:
            self._cancel.cancel()

    def close(self) -> None:
        """Cancel and wait for the thread. No signal comes after."""
        self._closed = True
        self.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._reports.clear()

    def _run(self, work: Work, cancel: Cancel) -> None:
        failure: BaseException | None = None
        try:
            work(cancel, lambda report: self._hand_over(report, last=False))
        except Exception as error:  # noqa: BLE001 - handed to the UI thread, which decides
            failure = error
        self._hand_over(failure, last=True)

    def _hand_over(self, report: object, *, last: bool) -> None:
        self._reports.append((last, report))
        if not self._closed:
            self._delivered.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._reports and not self._closed:
            last, report = self._reports.popleft()
            if not last:
                self.reported.emit(report)
                continue
            if self._thread is not None:
                self._thread.join()
            self._thread = self._cancel = None
            self.finished.emit(report)
