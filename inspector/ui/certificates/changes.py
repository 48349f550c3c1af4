"""What the page changes in the vault, done in the worker, one after the other. Imports PySide6 and the workbench."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from PySide6.QtCore import QObject, Signal

from inspector.certificates.describe import pem, short_name
from inspector.certificates.files import write_whole
from inspector.certificates.model import VaultEntry
from inspector.errors import CertificateError
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.workbench import Workbench

Undo = Callable[[], None]


class VaultChanges(QObject):
    """`done` brings what to say and, where it can be taken back, the function that does so (else None); `failed` the
    error; `saved` what to say of a file; `busy` whether something is under way that should not be begun twice."""

    done = Signal(str, object)
    saved = Signal(str)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, workbench: Workbench, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker

    def create_dev(self, *, force: bool) -> None:
        """Make the dev identities; `force` replaces those that are there."""
        workbench = self._workbench
        self.busy.emit(True)
        self._do(lambda: workbench.vault.create_dev(force=force), "Made dev-ca, dev-server and dev-client.")

    def trust_clients(self, name: str, *, trusted: bool) -> None:
        """Let in the clients that an entry's CA has issued, or no longer."""
        workbench = self._workbench
        what = "are let in" if trusted else "are no longer let in"
        self._do(
            lambda: workbench.vault.set_trust_clients(name, trusted),
            f"Clients that {name} has issued {what}.",
        )

    def delete(self, entry: VaultEntry) -> None:
        """Forget an entry. Without a key it can be put back as it was; a key is gone for good, as it would have to be
        decrypted to be kept."""
        workbench = self._workbench
        undo = None if entry.has_key else lambda: self._put_back(entry)
        self._do(lambda: workbench.vault.remove(entry.name), f"Deleted {entry.name}.", undo)

    def save_certificate(self, certificate: x509.Certificate, path: Path) -> None:
        """Write one certificate as a PEM file, over the one that is there (the person was asked)."""

        def write() -> None:
            try:
                write_whole(path, pem(certificate).encode("ascii"), mode=0o644)
            except OSError as error:
                raise CertificateError(
                    f"Can't write {path}: {error.strerror or error}.",
                    "Choose another folder.",
                    code="unwritable",
                ) from error

        said = f"Saved the certificate of {short_name(certificate)} as {path.name}."
        self._worker.submit("", write, lambda _: self.saved.emit(said), self._fail)

    def _put_back(self, entry: VaultEntry) -> None:
        workbench = self._workbench

        def add() -> None:
            workbench.vault.add(entry.name, entry.chain, extra=entry.extra, trust_clients=entry.trust_clients)

        self._do(add, f"Put {entry.name} back.")

    def _do(self, change: Callable[[], object], said: str, undo: Undo | None = None) -> None:
        def after(_result: object) -> None:
            self.busy.emit(False)
            self.done.emit(said, undo)

        self._worker.submit("", change, after, self._fail)

    def _fail(self, error: BaseException) -> None:
        self.busy.emit(False)
        self.failed.emit(error)
