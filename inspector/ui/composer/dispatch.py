"""Sends what the composer holds, or other bytes, and brings what came of each attempt. Imports the sender's records,
the workbench, PySide6 and its own room."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from inspector.errors import CertificateError, InspectorError, VaultError
from inspector.sender.model import SendResult
from inspector.ui.composer.runner import SendRunner
from inspector.ui.composer.sending import Attempted, Order, carry_out
from inspector.workbench import Workbench

_log = logging.getLogger(__name__)


class Dispatch(QObject):
    """One order at a time. `attempted` carries each Attempted, `waits` comes after those that another follows, `ended`
    when nothing is under way any more. `refused` carries an InspectorError about identity or vault, `failed` any other
    that kept the order from being sent, `given_up` comes where it was cancelled between two attempts."""

    attempted = Signal(object)
    waits = Signal()
    ended = Signal()
    refused = Signal(object)
    failed = Signal(object)
    given_up = Signal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.runner = SendRunner(self)
        self.attempts: list[SendResult] = []
        self.runner.reported.connect(self._reported)
        self.runner.finished.connect(self._finished)
        self.runner.failed.connect(self._failed)

    @property
    def running(self) -> bool:
        """Whether an order is under way."""
        return self.runner.running

    def start(self, make: Callable[[], Order]) -> None:
        """Carry out an order; `make` is called in the sending thread."""
        workbench = self._workbench
        self.attempts = []
        self.runner.start(lambda cancel, report: carry_out(workbench, make(), cancel, report))

    @Slot()
    def cancel(self) -> None:
        """Give up what is under way."""
        self.runner.cancel()

    def close(self) -> None:
        """Cancel what is under way and wait for its thread."""
        self.runner.close()

    @Slot(object)
    def _reported(self, attempted: Attempted) -> None:
        self._take(attempted)
        self.waits.emit()

    @Slot(object)
    def _finished(self, attempted: Attempted | None) -> None:
        self.ended.emit()
        if attempted is not None:
            self._take(attempted)
        else:
            self.given_up.emit()

    def _take(self, attempted: Attempted) -> None:
        self.attempts.append(attempted.result)
        self.attempted.emit(attempted)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.ended.emit()
        if isinstance(error, (CertificateError, VaultError)):
            self.refused.emit(error)
            return
        if not isinstance(error, InspectorError):
            _log.error("sending failed", exc_info=error)
            error = InspectorError(f"Sending failed: {error}", "The log has the details.")
        self.failed.emit(error)
