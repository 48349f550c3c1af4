"""How the window listens: the one request that toolbar, settings and rules change. Read and kept in the worker's
thread.

Imports the workbench and PySide6.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError, StateError
from inspector.listen_request import ListenRequest
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable


class ListenSetup(QObject):
    """`changed` carries the ListenRequest that holds from now on, `failed` an InspectorError.

    Secrets that were typed stay in the request while the window is open; written they are sealed in the vault.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, workbench: Workbench, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._request = ListenRequest()
        self._before_loading = self._request
        self._unsaved = False
        self._then: list[Callable[[], None]] = []
        self._waiting = True
        self._loaded = False

    @property
    def request(self) -> ListenRequest:
        """What holds now."""
        return self._request

    def suggest(self, request: ListenRequest) -> None:
        """What to begin with where nothing has been kept yet. Call before `load`."""
        self._request = self._before_loading = request

    def load(self) -> None:
        """Read what was kept, in the worker's thread. What was changed meanwhile stays changed."""
        self._worker.submit("", self._workbench.load_profile, self._take, self._not_loaded)

    def when_loaded(self, then: Callable[[], None]) -> None:
        """Do something once what was kept is known: now, or later."""
        if self._waiting:
            self._then.append(then)
        else:
            then()

    def change(self, **changes: Any) -> None:
        """Change some of the request's fields, by name."""
        self.put(replace(self._request, **changes))

    def put(self, request: ListenRequest) -> None:
        """Have another request hold from now on."""
        if request == self._request:
            return
        self._request = request
        if self._loaded:
            self._save()
        self.changed.emit(request)

    def close(self) -> None:
        """Write what is not written yet; call when the worker has ended."""
        if self._unsaved:
            try:
                self._workbench.save_profile(self._request)
            except InspectorError:
                return  # it was said when it was first tried
            self._unsaved = False

    def _take(self, kept: ListenRequest) -> None:
        begun, changed = self._before_loading, self._request
        mine = {
            name: getattr(changed, name)
            for name in ListenRequest.__dataclass_fields__
            if getattr(changed, name) != getattr(begun, name)
        }
        base = begun if kept == ListenRequest() else kept
        self._loaded = True
        self._request = replace(base, **mine)
        if mine:
            self._save()
        self.changed.emit(self._request)
        self._do_the_rest()

    def _not_loaded(self, error: BaseException) -> None:
        # What can't be read is not written over: it stays for a person, or a newer version, to look at.
        self._failed(error)
        self._do_the_rest()

    def _do_the_rest(self) -> None:
        self._waiting = False
        waiting, self._then = self._then, []
        for then in waiting:
            then()

    def _save(self) -> None:
        self._unsaved = True
        workbench, request = self._workbench, self._request

        def saved(_result: object) -> None:
            self._unsaved = self._request != request

        self._worker.submit("listen profile", lambda: workbench.save_profile(request), saved, self._failed)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, InspectorError):
            error = StateError(f"How to listen can't be kept: {error}", "The log has the details.")
        self.failed.emit(error)
