"""What takes long and is not urgent (an export, a copy of the history): one at a time in a thread of its own, with a
strip above the page that shows how far it is. Imports PySide6, the worker and the strip.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from inspector.ui.exchange.strip import ProgressStrip
from inspector.ui.worker import Worker

_LOOK_MILLISECONDS = 100
_T = TypeVar("_T")


@dataclass(slots=True)
class LongTask:
    """What goes on. The worker's thread puts into `at` how far it is, the UI thread looks there."""

    text: str
    stop: threading.Event = field(default_factory=threading.Event)
    at: tuple[int, int] = (0, 0)

    def tell(self, done: int, total: int) -> None:
        """So far it is; a total of 0 is one that is not known."""
        self.at = (done, total)


class LongTasks(QObject):
    """`strip` is to be shown above the page; `cancelled` is its button, `freed` tells that the next may begin, `said`
    is a line for the status bar."""

    cancelled = Signal()
    freed = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self.task: LongTask | None = None
        self.strip = ProgressStrip(parent)
        self.strip.cancelled.connect(self._cancel)
        self._timer = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether something goes on."""
        return self.task is not None

    def is_busy(self) -> bool:
        """The same; says so where something does."""
        if self.task is not None:
            self.said.emit("One thing at a time: wait for what is under way, or cancel it")
        return self.task is not None

    def begin(
        self,
        task: LongTask,
        job: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[BaseException], None],
        *,
        can_stop: bool = True,
    ) -> None:
        """Run `job` in the thread, then `done` or `failed` in the UI thread, when it is not under way any more."""
        if self._worker is None:
            self._worker = Worker("long-task-worker", self)
        self.task = task
        self.strip.begin(task.text, can_stop=can_stop)
        self._timer.start()

        def ended(result: _T) -> None:
            self._end()
            done(result)
            self.freed.emit()

        def broken(error: BaseException) -> None:
            self._end()
            failed(error)
            self.freed.emit()

        self._worker.submit("", job, ended, broken)

    def _end(self) -> None:
        self.task = None
        self._timer.stop()
        self.strip.hide()

    @Slot()
    def _look(self) -> None:
        if self.task is not None:
            self.strip.show_progress(self.task.text, *self.task.at)

    @Slot()
    def _cancel(self) -> None:
        if self.task is not None:
            self.cancelled.emit()
            self.task.stop.set()

    def close(self) -> None:
        """Stop what goes on, and wait for it."""
        self._timer.stop()
        self._cancel()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
