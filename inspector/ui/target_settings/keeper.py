"""Loads, saves, renames and deletes targets in the worker's thread, and opens what the vault keeps of them.

Imports the workbench, the worker and PySide6.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError
from inspector.sender.kept.targets import SavedTarget
from inspector.sender.request import SendRequest
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

_log = logging.getLogger(__name__)


class TargetKeeper(QObject):
    """`listed` carries the saved targets whenever they may be others, `unlisted` why they can't be read, `saved` the
    one that was just kept, `renamed` the one that has another name now, `deleted` comes after a deletion; `failed`
    carries the InspectorError of what could not be done. `opened` carries a request with its secrets in clear,
    `pinned` a fingerprint, `unpinned` an InspectorError."""

    listed = Signal(object)
    unlisted = Signal(object)
    saved = Signal(object)
    renamed = Signal(object)
    deleted = Signal()
    failed = Signal(object)
    opened = Signal(object)
    pinned = Signal(str)
    unpinned = Signal(object)

    def __init__(self, workbench: Workbench, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker

    def refresh(self) -> None:
        """Read the saved targets again."""
        self._worker.submit("saved targets", self._workbench.targets, self._list, self._unlist)

    def save(self, name: str, request: SendRequest) -> None:
        """Keep a request under a name."""
        workbench = self._workbench
        self._worker.submit("", lambda: workbench.save_target(name, request), self._kept, self._fail)

    def rename(self, name: str, new: str) -> None:
        """Give a target another name."""
        workbench = self._workbench
        self._worker.submit("", lambda: workbench.rename_target(name, new), self._renamed, self._fail)

    def delete(self, name: str) -> None:
        """Forget a target and its secrets."""
        workbench = self._workbench
        self._worker.submit("", lambda: workbench.delete_target(name), self._gone, self._fail)

    def open(self, request: SendRequest) -> None:
        """Have the secrets of a request that the vault keeps shown."""
        workbench = self._workbench

        def job() -> SendRequest:
            from inspector.sender.kept.targets import resolve

            return resolve(request, workbench.vault.secret)

        self._worker.submit("target secrets", job, self._open, self._fail)

    def pin_file(self, path: Path) -> None:
        """Read the fingerprint of the certificate in a file."""

        def job() -> str:
            from inspector.sending_setup import pin_of_file

            return pin_of_file(path)

        self._worker.submit("target pin", job, self._pin, self._unpin)

    def _list(self, targets: tuple[SavedTarget, ...]) -> None:
        self.listed.emit(targets)

    def _unlist(self, error: BaseException) -> None:
        self.unlisted.emit(_told(error))

    def _kept(self, target: SavedTarget) -> None:
        self.saved.emit(target)
        self.refresh()

    def _renamed(self, target: SavedTarget) -> None:
        self.renamed.emit(target)
        self.refresh()

    def _gone(self, _nothing: None) -> None:
        self.deleted.emit()
        self.refresh()

    def _open(self, request: SendRequest) -> None:
        self.opened.emit(request)

    def _pin(self, fingerprint: str) -> None:
        self.pinned.emit(fingerprint)

    def _unpin(self, error: BaseException) -> None:
        self.unpinned.emit(_told(error))

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(_told(error))


def _told(error: BaseException) -> InspectorError:
    if isinstance(error, InspectorError):
        return error
    _log.error("keeping targets failed", exc_info=error)
    return InspectorError(f"That failed: {error}", "The log has the details.")
