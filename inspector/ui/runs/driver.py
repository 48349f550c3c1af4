"""Runs one order at a time in a thread of its own, and looks at it ten times a second. Imports the composer's runner,
PySide6 and its own room.

Nothing comes from the run by signals while it goes on: a timer takes a snapshot, whatever the number of pushes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.errors import InspectorError
from inspector.sender.run_progress import RunProgress
from inspector.sender.run_record import Recorded
from inspector.ui.composer.runner import SendRunner
from inspector.ui.runs.carrying_out import Begun, Ended, carry_out
from inspector.ui.runs.order import RunOrder
from inspector.ui.runs.samples import Sampler, Stretch
from inspector.workbench import Workbench

LOOK_MILLISECONDS = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as it was seen at one moment, or at its end."""

    number: int
    order: RunOrder
    progress: RunProgress
    stretches: tuple[Stretch, ...]
    remark: str = ""
    recorded: Recorded | None = None
    error: InspectorError | None = None


class RunDriver(QObject):
    """`began` says that an order was taken, `looked` carries a Seen while it goes on, `ended` the last one; `failed` an
    InspectorError where nothing could be sent."""

    began = Signal(object)
    looked = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._runner = SendRunner(self)
        self._number = 0
        self._order: RunOrder | None = None
        self._begun: Begun | None = None
        self._sampler = Sampler()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._runner.reported.connect(self._take_begun)
        self._runner.finished.connect(self._finished)
        self._runner.failed.connect(self._failed)

    @property
    def running(self) -> bool:
        """Whether a run is under way, or made ready."""
        return self._runner.running

    def start(self, order: RunOrder) -> bool:
        """Begin; False where a run is under way."""
        workbench = self._workbench
        if not self._runner.start(lambda cancel, report: carry_out(workbench, order, cancel, report)):
            return False
        self._number += 1
        self._order, self._begun, self._sampler = order, None, Sampler()
        self.began.emit(order)
        return True

    @Slot()
    def stop(self) -> None:
        """End the run; what is under way is given up."""
        self._runner.cancel()

    def close(self) -> None:
        """End the run and wait until all of it is stored. Nothing is delivered after."""
        self._timer.stop()
        self._runner.close()

    @Slot(object)
    def _take_begun(self, begun: Begun) -> None:
        self._begun = begun
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        if self._begun is not None:
            progress = self._begun.run.progress()
            self._sampler.take(progress)
            self.looked.emit(self._seen(progress))

    def _seen(
        self,
        progress: RunProgress,
        recorded: Recorded | None = None,
        error: InspectorError | None = None,
    ) -> Seen:
        assert self._order is not None
        remark = self._begun.remark if self._begun is not None else ""
        stretches = self._sampler.stretches
        return Seen(self._number, self._order, progress, stretches, remark, recorded, error)

    @Slot(object)
    def _finished(self, ended: Ended) -> None:
        self._timer.stop()
        self._sampler.take(ended.progress)
        self.ended.emit(self._seen(ended.progress, ended.recorded, ended.error))

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._timer.stop()
        if not isinstance(error, InspectorError):
            _log.error("a run failed", exc_info=error)
            error = InspectorError(f"The run failed: {error}", "The log has the details.")
        self.failed.emit(error)
