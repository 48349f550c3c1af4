"""What the page changes in the vault, done in the worker, one after the other. Imports PySide6 and the workbench."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cryptography import x509
from PySide6.QtCore import QObject, Signal, Slot

from inspector.certificates import requests
from inspector.certificates.describe import pem, short_name
from inspector.certificates.files import write_whole
from inspector.certificates.model import VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.errors import CertificateError
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.workbench import Workbench

Taken = TypeVar("Taken")


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
        self._removed: list[tuple[str, Callable[[], object]]] = []

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

    @Slot()
    def put_copy_back(self) -> None:
        """Put the vault's last good copy in the place of one that can't be read."""
        workbench = self._workbench
        self._do(lambda: workbench.vault.put_copy_back(), "The vault’s last good copy is back.")

    def delete(self, entry: VaultEntry) -> None:
        """Take out an entry; `put_back` brings it back, key and all, until the program ends."""
        vault = self._workbench.vault
        self._remove(entry.name, lambda: vault.remove(entry.name), vault.restore)

    def drop_request(self, request: PendingRequest) -> None:
        """Take out a request that waits, with its key; `put_back` brings it back."""
        vault, name = self._workbench.vault, request.name
        self._remove(
            f"the request {name}",
            lambda: requests.drop_request(vault, name),
            lambda dropped: requests.put_back(vault, dropped),
        )

    @property
    def removed(self) -> tuple[str, ...]:
        """What can be put back, the last one last."""
        return tuple(what for what, _ in self._removed)

    @Slot()
    def put_back(self) -> None:
        """Put back what was taken out last."""
        if self._removed:
            what, back = self._removed[-1]

            def after(_result: object) -> None:
                self._removed.remove((what, back))
                self.done.emit(f"Put {what} back.", None)

            self._worker.submit("", back, after, self._fail)

    def _remove(self, what: str, take: Callable[[], Taken], back: Callable[[Taken], object]) -> None:
        def after(taken: Taken) -> None:
            self._removed.append((what, lambda: back(taken)))
            self.done.emit(f"Deleted {what}.", self.put_back)

        self._worker.submit("", take, after, self._fail)

    def keep_presented(self, certificate: bytes) -> None:
        """Keep a certificate that a server presented; servers that it issued are trusted from then on."""
        workbench = self._workbench

        def after(entry: VaultEntry) -> None:
            self.done.emit(f"Kept {entry.name}: servers that it has issued are trusted now.", None)

        self._worker.submit("", lambda: workbench.keep_certificate((certificate,)), after, self._fail)

    def save_text(self, text: str, path: Path, what: str) -> None:
        """Write a text that is no secret as a file, over the one that is there (the person was asked)."""
        self._save(text, path, f"Saved {what} as {path.name}.")

    def save_certificate(self, certificate: x509.Certificate, path: Path) -> None:
        """Write one certificate as a PEM file, over the one that is there (the person was asked)."""

        said = f"Saved the certificate of {short_name(certificate)} as {path.name}."
        self._save(pem(certificate), path, said)

    def _save(self, text: str, path: Path, said: str) -> None:
        def write() -> None:
            try:
                write_whole(path, text.encode("ascii"), mode=0o644)
            except OSError as error:
                raise CertificateError(
                    f"Can't write {path}: {error.strerror or error}.",
                    "Choose another folder.",
                    code="unwritable",
                ) from error

        self._worker.submit("", write, lambda _: self.saved.emit(said), self._fail)

    def _do(self, change: Callable[[], object], said: str) -> None:
        def after(_result: object) -> None:
            self.busy.emit(False)
            self.done.emit(said, None)

        self._worker.submit("", change, after, self._fail)

    def _fail(self, error: BaseException) -> None:
        self.busy.emit(False)
        self.failed.emit(error)
