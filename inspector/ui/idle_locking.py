"""Has the vault forget what opens it when nobody needed a key for long. Imports PySide6 and the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from inspector.ui.worker import Worker
    from inspector.workbench import Workbench

_EVERY = 15_000
LOCKED = "Locked the vault: no key was needed for long."


class IdleLocking(QObject):
    """`locked` brings the words for it, when the vault was just locked."""

    locked = Signal(str)

    def __init__(self, workbench: Workbench, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look from now on."""
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Lock it, if it was idle for as long as was wanted."""
        workbench = self._workbench

        def job() -> bool:
            return workbench.home.vault_file.exists() and workbench.vault.opening.lock_when_idle()

        self._worker.submit("idle-lock", job, self._looked, _not_now)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _looked(self, locked: bool) -> None:  # noqa: FBT001 - the job's result
        if locked:
            self.locked.emit(LOCKED)


def _not_now(_error: BaseException) -> None:
    """A vault that can't be read is open to nobody; others tell of it."""
