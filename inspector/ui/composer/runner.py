"""Runs one sending at a time in a thread of its own and brings what came of it to the UI thread.

The thread hands over through a deque and a signal without payload, so that callbacks always run in the UI thread.
Imports PySide6 and the sender's Cancel (lazily).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel

_log = logging.getLogger(__name__)

Report = Callable[[object], None]
Work = Callable[["Cancel", Report], object]


@dataclass(frozen=True, slots=True)
class _Report:
    signal: SignalInstance
    content: object
    last: bool = False


class SendRunner(QObject):
    """Lives in the UI thread. `reported` carries whatever the work reported on its way; then comes `finished` with
    what it returned, or `failed` with the exception that ended it. The next may be started from those two on. After
    `close` none comes any more."""

    reported = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    _delivered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._cancel: Cancel | None = None
        self._reports: deque[_Report] = deque()
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
        try:
            outcome = work(cancel, lambda report: self._hand_over(_Report(self.reported, report)))
        except Exception as error:  # noqa: BLE001 - handed to the UI thread, which decides
            self._hand_over(_Report(self.failed, error, last=True))
        else:
            self._hand_over(_Report(self.finished, outcome, last=True))

    def _hand_over(self, report: _Report) -> None:
        self._reports.append(report)
        if not self._closed:
            self._delivered.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._reports and not self._closed:
            report = self._reports.popleft()
            if report.last and self._thread is not None:
                self._thread.join()
                self._thread = self._cancel = None
            report.signal.emit(report.content)
