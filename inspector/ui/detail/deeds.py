"""Does what a button about a turned-away client offers: in the vault, in the way one listens, and at once in the
listener that runs. Everything that touches the disk runs in the worker's thread.

Imports the workbench, the window's listening and its setup, and PySide6.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from inspector.errors import CertificateError, InspectorError
from inspector.ui.listening import ListeningControl
from inspector.ui.worker import Worker
from inspector.workbench import DEV_SERVER, Workbench

if TYPE_CHECKING:
    from cryptography import x509

    from inspector.history.model import NewEvent
    from inspector.ui.detail.surroundings import Surroundings
    from inspector.ui.listen_setup import ListenSetup

_NEXT = "The next connection of this client is let in."
_NAMED = "Only clients that are named are let in, though: this one may have to be pinned as well."
_NOT_NOW = "It holds once you listen."


class Deeds(QObject):
    """One at a time. `busy` tells whether one is under way, `done` brings what to say of it, `failed` the error;
    `vault_changed` that others should look at the vault again."""

    busy = Signal(bool)
    done = Signal(str)
    failed = Signal(object)
    vault_changed = Signal()

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        listening: ListeningControl,
        setup: ListenSetup,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._listening = listening
        self._setup = setup
        self._working = False
        self._to_say: str | None = None
        listening.reconfigured.connect(self._reconfigured)
        listening.unchanged.connect(self._not_reconfigured)

    # what is looked at

    def look_around(self) -> Surroundings:
        """What the listener and the vault are like now. For the worker's thread; never raises: what the vault can't
        tell is left out."""
        from inspector.certificates.allowed import AllowedClients
        from inspector.certificates.describe import names
        from inspector.certificates.entries import anchors
        from inspector.ui.detail.surroundings import Surroundings

        request = self._setup.request
        config = self._listening.config
        accepted: tuple[x509.Certificate, ...] = ()
        known: tuple[x509.Certificate, ...] = ()
        own: tuple[str, ...] = ()
        own_ca = False
        try:
            entries = self._workbench.vault.entries()
            known = anchors(entries)
            accepted = anchors(entry for entry in entries if entry.trust_clients)
            wanted = request.server_identity or DEV_SERVER
            for entry in entries:
                if entry.name == wanted:
                    own = names(entry.leaf)
                    own_ca = True
        except InspectorError:
            pass  # the window says elsewhere that the vault can't be read
        if config is not None:
            accepted, own, own_ca = config.client_cas, names(config.identity.leaf), True
        listed = config if config is not None else request
        return Surroundings(
            accepted=accepted,
            known=known,
            own_names=own,
            allowed=AllowedClients.of(listed.client_fingerprints, listed.client_subjects),
            own_ca=own_ca,
            lenient=listed.lenient,
            url=self._listening.state.url,
        )

    def find_commands(self, written: NewEvent, found: Callable[[str], None]) -> None:
        """Bring the openssl commands that make the same handshake, one a line."""
        connection = written.connection
        local = connection.local if connection is not None else ""
        url = self._listening.state.url or f"https://{local or '127.0.0.1:8443'}"

        def job() -> str:
            from inspector.listener.reproduce import openssl_commands

            return openssl_commands(written, url)

        self._worker.submit("openssl command", job, found, self.failed.emit)

    # what is done

    def trust(self, certificate: x509.Certificate) -> None:
        """Keep a CA in the vault, trusted for clients, and let its clients in from now on."""
        from inspector.certificates.describe import short_name

        data, workbench = _der(certificate), self._workbench
        name = short_name(certificate)

        def after(_entry: object) -> None:
            if self._setup.request.client_ca_files:
                self.vault_changed.emit()
                self._fail(
                    CertificateError(
                        f"{name} is trusted in the vault now, but this listener takes its CAs from files only.",
                        "Leave the files out in the listener's settings, or add this CA to them.",
                    )
                )
                return
            request = self._setup.request
            named = request.client_fingerprints or request.client_subjects
            self._apply(f"Trusted {name}.", _NAMED if named else _NEXT, self.vault_changed.emit)

        self._do(lambda: workbench.trust_ca((data,), 0), after)

    def pin(self, certificate: x509.Certificate) -> None:
        """Let in one client by its fingerprint, and keep its certificate."""
        from inspector.certificates.describe import fingerprint, short_name

        data, workbench, wanted = _der(certificate), self._workbench, fingerprint(certificate)
        name = short_name(certificate)

        def allow() -> None:
            self.vault_changed.emit()
            before = self._setup.request.client_fingerprints
            if wanted not in before:
                self._setup.change(client_fingerprints=(*before, wanted))

        self._do(
            lambda: workbench.keep_certificate((data,)),
            lambda _: self._apply(f"Pinned {name}.", _NEXT, allow),
        )

    def listen_leniently(self) -> None:
        """Take clients whatever is wrong with their certificate, from now on, and flag them."""
        if self._working:
            return
        self._working = True
        self.busy.emit(True)
        self._apply(
            "Lenient from now on.",
            "Who should not be trusted is let in and flagged; strict checks come back in the listener's settings.",
            lambda: self._setup.change(lenient=True),
        )

    def keep(self, certificate: x509.Certificate) -> None:
        """Keep a certificate in the vault, trusted for nothing."""
        data, workbench = _der(certificate), self._workbench

        def after(_entry: object) -> None:
            self.vault_changed.emit()
            self._finish("Kept in the vault, trusted for nothing.")

        self._do(lambda: workbench.keep_certificate((data,)), after)

    def make_server(self, name: str) -> None:
        """Have our CA issue a server certificate that has this name too, and show it from now on."""
        workbench, current = self._workbench, self._setup.request.server_identity

        def after(entry: object) -> None:
            made = getattr(entry, "name", "")

            def show() -> None:
                self.vault_changed.emit()
                if made != (self._setup.request.server_identity or DEV_SERVER):
                    self._setup.change(server_identity=made)

            self._apply(f"{made} is for {name} now.", "It is shown to every new connection.", show)

        self._do(lambda: workbench.make_server_identity((name,), current), after)

    def export_ca(self, path: Path) -> None:
        """Write the CA that the other side must trust."""
        workbench, request = self._workbench, self._setup.request
        config = self._listening.config

        def job() -> None:
            from inspector.listening_setup import server_identity
            from inspector.trust import own_ca_pem

            vault = workbench.vault
            identity = (
                config.identity if config is not None else server_identity(vault, request.server_identity)
            )
            _write(path, own_ca_pem(vault, identity))

        said = f"Saved as {path.name}. Give it to the other side as a CA to trust."
        self._do(job, lambda _: self._finish(said))

    def save(self, text: str, path: Path) -> None:
        """Write certificates as PEM, over the file that is there (the person was asked)."""
        self._do(lambda: _write(path, text), lambda _: self._finish(f"Saved as {path.name}."))

    # how it goes

    def _do(self, job: Callable[[], object], after: Callable[[object], None]) -> None:
        if self._working:
            return
        self._working = True
        self.busy.emit(True)
        self._worker.submit("", job, after, self._fail)

    def _apply(self, said: str, then: str, change: Callable[[], object]) -> None:
        """Make a change that the listener takes over, and speak once it has."""
        if self._listening.request is None or self._listening.state.busy:
            change()
            self._finish(f"{said} {_NOT_NOW}")
            return
        self._to_say = f"{said} {then}"
        change()

    @Slot()
    def _reconfigured(self) -> None:
        if self._to_say is not None:
            self._finish(self._to_say)

    @Slot(object)
    def _not_reconfigured(self, error: BaseException) -> None:
        if self._to_say is not None:
            self._fail(error)

    def _finish(self, said: str) -> None:
        self._working = False
        self._to_say = None
        self.busy.emit(False)
        self.done.emit(said)

    def _fail(self, error: BaseException) -> None:
        self._working = False
        self._to_say = None
        self.busy.emit(False)
        self.failed.emit(error)


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _write(path: Path, text: str) -> None:
    from inspector.certificates.files import write_whole

    try:
        write_whole(path, text.encode("ascii"), mode=0o644)
    except OSError as error:
        raise CertificateError(
            f"Can't write {path}: {error.strerror or error}.", "Choose another folder.", code="unwritable"
        ) from error
