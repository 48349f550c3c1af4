"""What the commands and the window share: one home with its vault and history, listening and sending from it.

Opens everything when it is first needed, so that a start costs nothing. No Qt. Imports certificates, history,
listener and sender, the heavy ones lazily.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import CertificateError, UsageError
from inspector.home import Home
from inspector.listen_request import ListenRequest

if TYPE_CHECKING:
    from cryptography import x509

    from inspector.certificates.model import Identity
    from inspector.certificates.vault import Vault
    from inspector.history.model import Headers
    from inspector.history.store import HistoryWriter
    from inspector.listener.config import ListenerConfig
    from inspector.listener.events import ListenerEvent
    from inspector.listener.service import Listener
    from inspector.sender.cancel import Cancel
    from inspector.sender.model import SendResult, Target

__all__ = ["DEV_CLIENT", "DEV_SERVER", "ListenRequest", "SendRequest", "Workbench"]

DEV_SERVER = "dev-server"
DEV_CLIENT = "dev-client"


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Where to send and as whom. `identity` names one of the vault's; empty means none."""

    url: str
    identity: str = ""
    insecure: bool = False
    ca_files: tuple[Path, ...] = ()
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    headers: Headers = ()
    timeout: float = 30.0


class Workbench:
    """One home in use. Thread-safe; `close` when done."""

    def __init__(self, home: Home, *, use_keyring: bool = True, ask: Callable[[], str] | None = None) -> None:
        self.home = home
        self._use_keyring = use_keyring
        self._ask = ask
        self._lock = threading.RLock()
        self._vault: Vault | None = None
        self._writer: HistoryWriter | None = None
        self.history_file = home.history_file

    def ask_with(self, ask: Callable[[], str]) -> None:
        """Whom to ask for the vault's passphrase. Call before the vault is used."""
        self._ask = ask

    @property
    def vault(self) -> Vault:
        """The vault of identities. Raises VaultError where it is damaged."""
        with self._lock:
            if self._vault is None:
                from inspector.certificates.vault import Vault

                self.home.create()
                self._vault = Vault(self.home, ask=self._ask, use_keyring=self._use_keyring)
            return self._vault

    @property
    def writer(self) -> HistoryWriter:
        """The one writer of the history in this process. Raises HistoryError where the file can't be used."""
        with self._lock:
            if self._writer is None:
                from inspector.history.store import HistoryWriter

                self.home.create()
                self._writer = HistoryWriter.open(self.history_file)
            return self._writer

    def start_new_history(self) -> Path:
        """Go on with a new history file beside the one there is, now and at the next start; returns its path."""
        from inspector.history.store import fresh_path_beside

        with self._lock:
            self.home.create()
            fresh = fresh_path_beside(self.history_file)
            self.home.use_history(fresh.name)
            self.history_file = fresh
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            return fresh

    def ensure_identities(self) -> bool:
        """Make the dev identities where the vault has no identity at all; tells whether it did."""
        with self._lock:
            if any(entry.has_key for entry in self.vault.entries()):
                return False
            try:
                self.vault.create_dev(force=False)
            except CertificateError as error:
                if error.code != "exists":
                    raise
                return False  # another process was quicker
            return True

    def listener_config(self, request: ListenRequest) -> ListenerConfig:
        """A request with its identity and CAs taken from the vault. Raises CertificateError, UsageError, VaultError."""
        from inspector.listener.config import Answer, AuthMode, Limits, ListenerConfig

        auth = AuthMode(request.auth)
        if auth.wants_basic and not (request.basic_user and request.basic_password):
            raise UsageError(
                f"{auth.value} needs a user and a password.",
                "Write --basic-user USER --basic-password-env VARIABLE.",
            )
        return ListenerConfig(
            identity=self._server_identity(request.server_identity),
            client_cas=self._client_cas(
                request.client_ca_files, required=auth.wants_certificate and not request.lenient
            ),
            host=request.host,
            port=request.port,
            auth=auth,
            lenient=request.lenient,
            basic_user=request.basic_user,
            basic_password=request.basic_password,
            limits=request.limits or Limits(),
            answer=Answer(
                status=request.status,
                delay_seconds=request.delay_ms / 1000,
                fail_first=request.fail_first,
                drop=request.drop,
            ),
        )

    def listen(self, request: ListenRequest, on_event: Callable[[ListenerEvent], None]) -> Listener:
        """A listener on this home's history, not started yet."""
        from inspector.listener.service import Listener

        return Listener(self.listener_config(request), self.writer, on_event)

    def target(self, request: SendRequest, identity: Identity | None = None) -> Target:
        """A request with its identity and CAs; `identity` (from files) goes before the named one."""
        from inspector.certificates.read import read_anchors
        from inspector.sender.model import Target, Trust
        from inspector.sender.target import parse_url

        if identity is None and request.identity:
            identity = self.vault.identity(request.identity)
        use_vault = not request.ca_files and self.home.vault_file.exists()
        cas: list[x509.Certificate] = list(self.vault.cas()) if use_vault else []
        if request.ca_files:
            cas += read_anchors(request.ca_files)
        return Target(
            url=parse_url(request.url),
            identity=identity,
            trust=Trust(system=not request.ca_files, extra_cas=tuple(cas), insecure=request.insecure),
            basic_user=request.basic_user,
            basic_password=request.basic_password,
            headers=request.headers,
            timeout=request.timeout,
        )

    def send(self, target: Target, body: bytes, *, cancel: Cancel | None = None) -> SendResult:
        """One push, sent and kept in the history whatever came of it."""
        from inspector.sender.record import to_event
        from inspector.sender.send import send

        result = send(target, body, cancel=cancel)
        self.writer.add([to_event(result, body)])
        return result

    def close(self) -> None:
        """Close the history. Listeners must have been stopped before."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _server_identity(self, name: str) -> Identity:
        if name:
            return self.vault.identity(name)
        named = [entry.name for entry in self.vault.entries() if entry.has_key]
        if DEV_SERVER in named:
            return self.vault.identity(DEV_SERVER)
        from inspector.certificates.describe import describe

        servers = [name for name in named if "server" in describe(self.vault.get(name).leaf).purposes]
        if len(servers) == 1:
            return self.vault.identity(servers[0])
        if not servers:
            raise CertificateError(
                "The vault has no server identity to listen with.",
                "Make the dev ones with: push-inspector certs create-dev",
                code="no_server_identity",
            )
        raise CertificateError(
            f"The vault has several server identities: {', '.join(servers)}.",
            "Name one with --server-identity NAME.",
            code="several_server_identities",
        )

    def _client_cas(self, files: tuple[Path, ...], *, required: bool) -> tuple[x509.Certificate, ...]:
        if files:
            from inspector.certificates.read import read_anchors

            return read_anchors(files)
        cas = self.vault.trusted_client_cas()
        if required and not cas:
            raise CertificateError(
                "No CA is trusted for clients, so every client would be turned away.",
                "Import the one that issues them with: push-inspector certs import CA.pem --name NAME --trust-clients",
                code="no_client_ca",
            )
        return cas
