"""One check of a connection at a time, in a thread of its own. Imports the workbench, PySide6 and the composer's
runner."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from inspector.errors import InspectorError
from inspector.sender.connection_check import ConnectionCheck
from inspector.sender.request import SendRequest
from inspector.ui.composer.runner import SendRunner
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """A check, the request it was for, and the names of the vault's identities that one of the CAs has issued which the
    server names (none where it names no CA)."""

    check: ConnectionCheck
    request: SendRequest
    fitting: tuple[str, ...] = ()

    @property
    def chain(self) -> tuple[bytes, ...]:
        """What the server presented (DER), leaf first."""
        connection = self.check.connection
        return (
            connection.certificate.chain
            if connection is not None and connection.certificate is not None
            else ()
        )


def fitting_identities(workbench: Workbench, issuers: tuple[str, ...]) -> tuple[str, ...]:
    """The vault's clients that a CA of one of these names has issued, by their names. Reads entries only. Raises
    VaultError."""
    if not issuers or not workbench.home.vault_file.exists():
        return ()
    from inspector.certificates.describe import describe

    found = []
    for entry in workbench.vault.entries():
        facts = describe(entry.leaf)
        if not entry.has_key or facts.is_ca or "client" not in facts.purposes or facts.days_left < 0:
            continue
        if {describe(one).issuer for one in entry.chain} & set(issuers):
            found.append(entry.name)
    return tuple(sorted(found))


class Checking(QObject):
    """`checked` carries the Checked, `failed` the InspectorError that kept the check from being done; `ended` comes
    before either."""

    checked = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.runner = SendRunner(self)
        self.runner.finished.connect(self._finished)
        self.runner.failed.connect(self._failed)

    @property
    def running(self) -> bool:
        """Whether a check is under way."""
        return self.runner.running

    def start(self, request: SendRequest) -> None:
        """Check the connection that this request would make."""
        workbench = self._workbench

        def work(cancel: Cancel, _report: object) -> Checked:
            check = workbench.check_connection(request, cancel=cancel)
            issuers = check.client_auth.issuers if check.client_auth is not None else ()
            return Checked(check, request, fitting_identities(workbench, issuers))

        self.runner.start(work)

    @Slot()
    def cancel(self) -> None:
        """Give up the check under way; what it has seen so far is still shown."""
        self.runner.cancel()

    def close(self) -> None:
        """Cancel what is under way and wait for its thread."""
        self.runner.close()

    @Slot(object)
    def _finished(self, checked: Checked) -> None:
        self.ended.emit()
        self.checked.emit(checked)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.ended.emit()
        if not isinstance(error, InspectorError):
            _log.error("checking a connection failed", exc_info=error)
            error = InspectorError(f"The check failed: {error}", "The log has the details.")
        self.failed.emit(error)
