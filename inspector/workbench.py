"""What the commands and the window share: one home with its vault and history, listening and sending from it.

Opens everything when it is first needed, so that a start costs nothing. No Qt. Imports certificates, history,
listener and sender, the heavy ones lazily.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector import core_dumps, idle_lock
from inspector.certificates.dev_names import DEV_CLIENT, DEV_SERVER
from inspector.errors import CertificateError, UsageError
from inspector.home import Home
from inspector.listen_request import KEPT, ListenRequest
from inspector.sender.request import SendRequest, TrustKind

if TYPE_CHECKING:
    from inspector.certificates.model import Identity, VaultEntry
    from inspector.certificates.vault import Vault
    from inspector.history.forgetting import Forgotten
    from inspector.history.lease import Holder, Lease
    from inspector.history.model import NewEvent
    from inspector.history.retention import Retention
    from inspector.history.store import HistoryWriter
    from inspector.history.upkeep import Upkeep
    from inspector.listen_request import ForwardRequest
    from inspector.listener.config import ListenerConfig
    from inspector.listener.events import ListenerEvent
    from inspector.listener.service import Listener
    from inspector.sender.cancel import Cancel
    from inspector.sender.connection_check import ConnectionCheck
    from inspector.sender.forward import OwnAddresses
    from inspector.sender.kept.targets import SavedTarget
    from inspector.sender.model import SendResult, Target
    from inspector.usage import Use

__all__ = ["DEV_CLIENT", "DEV_SERVER", "KEPT", "ListenRequest", "SendRequest", "TrustKind", "Workbench"]


class Workbench:
    """One home in use. Thread-safe; `close` when done."""

    def __init__(self, home: Home, *, use_keyring: bool = True, ask: Callable[[], str] | None = None) -> None:
        self.home = home
        self._use_keyring = use_keyring
        self._ask = ask
        self._lock = threading.RLock()
        self._vault: Vault | None = None
        self._writer: HistoryWriter | None = None
        self._upkeep: Upkeep | None = None
        self._lease: Lease | None = None
        self._on_forgotten: Callable[[Forgotten], None] | None = None
        self.what = "listen"  # what this process is, for others that want to write the same history
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

                core_dumps.forbid()
                self.home.create()
                self._vault = Vault(self.home, ask=self._ask, use_keyring=self._use_keyring)
                self._vault.opening.idle_limit = idle_lock.seconds(self.home)
            return self._vault

    def lock_vault_after(self, minutes: int | None) -> None:
        """Lock the vault when it was idle for so long, now and at every start; None: never. Raises UsageError,
        StateError."""
        idle_lock.save(self.home, minutes)
        self.vault.opening.idle_limit = idle_lock.seconds(self.home)

    @property
    def writer(self) -> HistoryWriter:
        """The one writer of the history in this process. Raises HistoryError where the file can't be used."""
        with self._lock:
            if self._writer is None:
                from inspector.history.store import HistoryWriter

                self.home.create()
                self._writer = HistoryWriter.open(self.history_file)
            return self._writer

    def record(self, events: Sequence[NewEvent]) -> None:
        """Keep events in the history that is in use by now. Raises HistoryError."""
        with self._lock:  # another history may just be opened
            self.writer.add(events)

    def start_new_history(self, path: Path | None = None) -> Path:
        """Go on with a new history file, beside the one there is where none is named, now and at the next start;
        returns its path. Raises UsageError where there is a file already, HistoryError, StateError."""
        from inspector.history.store import HistoryWriter, fresh_path_beside

        with self._lock:
            self.home.create()
            fresh = path.absolute() if path is not None else fresh_path_beside(self.history_file)
            if path is not None and os.path.lexists(fresh):
                raise UsageError(f"There is a file {fresh} already.", "Open it, or give another name.")
            HistoryWriter.open(fresh).close()
            self._go_on_with(fresh)
            return fresh

    def open_history(self, path: Path) -> Path:
        """Go on with a history file that is there, now and at the next start; returns its path. Raises HistoryError
        where it is none; the one in use stays then."""
        from inspector.history.up_to_date import open_for_reading

        with self._lock:
            self.home.create()
            wanted = path.absolute()
            open_for_reading(wanted).close()
            self._go_on_with(wanted)
            return wanted

    def _go_on_with(self, path: Path) -> None:
        self.home.use_history(path)
        self._close_history()
        self.history_file = path

    def hold_history(self) -> None:
        """Be the one who writes the history for long, and look after it in the background. Raises HistoryError where
        another process is (its code is `lease.HELD`), or the file can't be used."""
        with self._lock:
            if self._lease is None:
                from inspector.history.forgetting import Forgetting
                from inspector.history.lease import Lease
                from inspector.history.upkeep import Upkeep
                from inspector.retention_file import Followed

                self.home.create()
                lease = Lease.take(self.history_file, self.what)
                try:
                    self._upkeep = Upkeep(self.writer, Forgetting(Followed(self.home), self._forgot))
                except BaseException:
                    lease.release()
                    raise
                self._lease = lease
                self._upkeep.start()

    @property
    def holds_history(self) -> bool:
        """Whether this process is the one who writes the history for long."""
        return self._lease is not None

    def history_holder(self) -> Holder | None:
        """Which process that is, None where there is none."""
        from inspector.history.lease import holder

        return holder(self.history_file)

    def when_forgotten(self, tell: Callable[[Forgotten], None]) -> None:
        """Whom to tell, in the upkeep's thread, what was let go of."""
        self._on_forgotten = tell

    def retention(self) -> Retention:
        """How much of the history is kept. Raises StateError for a damaged file."""
        from inspector import retention_file

        return retention_file.load(self.home)

    def keep_at_most(self, retention: Retention) -> None:
        """Keep so much of the history, from now on and at every start, whichever process writes it. Raises UsageError,
        StateError."""
        from inspector import retention_file

        retention_file.save(self.home, retention)

    def _forgot(self, forgotten: Forgotten) -> None:
        if self._on_forgotten is not None:
            self._on_forgotten(forgotten)

    def _close_history(self) -> None:
        if self._upkeep is not None:
            self._upkeep.close()
            self._upkeep = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lease is not None:
            self._lease.release()
            self._lease = None

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

    def listener_config(
        self, request: ListenRequest, own_addresses: OwnAddresses | None = None
    ) -> ListenerConfig:
        """A request with its identity, CAs and secrets taken from the vault. `own_addresses` says where we listen, so
        that nothing is passed on to ourselves; by default where the request says. Raises CertificateError, UsageError,
        StateError."""
        from inspector.listening_setup import listener_config, upstream

        forward = request.forward
        wanted = ((request.host, request.port),) if request.port else ()
        return listener_config(
            request,
            self.vault,
            upstream(forward, self._forward_target(forward), own_addresses or (lambda: wanted))
            if forward
            else None,
        )

    def load_profile(self) -> ListenRequest:
        """How one listens here; secrets stand as `KEPT`, which `listener_config` knows. Quick: looks into no vault.
        Raises StateError for a damaged file."""
        from inspector import profile

        return profile.load(self.home)

    def save_profile(self, request: ListenRequest) -> None:
        """Have one listen so from the next start on, too. Secrets that are no `KEPT` go to the vault, which may ask for
        its passphrase. Raises StateError, UsageError."""
        from inspector import profile

        profile.save(self.home, request, vault=self.vault)

    def trust_ca(self, chain: Sequence[bytes], which: int, name: str = "") -> VaultEntry:
        """Take clients of the CA at `which` of a presented chain; see `trust.trust_ca`."""
        from inspector import trust

        return trust.trust_ca(self.vault, chain, which, name)

    def keep_certificate(self, chain: Sequence[bytes], name: str = "") -> VaultEntry:
        """Keep a presented chain, trusted for nothing; see `trust.keep_certificate`."""
        from inspector import trust

        return trust.keep_certificate(self.vault, chain, name)

    def own_ca_pem(self, config: ListenerConfig) -> str:
        """The CA that the other side must trust to take this listener; see `trust.own_ca_pem`."""
        from inspector import trust

        return trust.own_ca_pem(self.vault, config.identity)

    def make_server_identity(self, names: Sequence[str], name: str = "") -> VaultEntry:
        """A server identity that has these names too; see `trust.make_server_identity`."""
        from inspector import trust

        return trust.make_server_identity(self.vault, names, name)

    def listen(self, request: ListenRequest, on_event: Callable[[ListenerEvent], None]) -> Listener:
        """A listener on this home's history, not started yet. Raises HistoryError where another process writes it."""
        from inspector.listener.events import Ready
        from inspector.listener.service import Listener

        own = [(request.host, request.port)] if request.port else []

        def tell(event: ListenerEvent) -> None:
            if isinstance(event, Ready):
                own[:] = [(event.host, event.port)]  # known at last, where any free port was to be taken
            on_event(event)

        config = self.listener_config(request, lambda: own)
        self.hold_history()
        return Listener(config, self.writer, tell)

    def target(self, request: SendRequest, identity: Identity | None = None) -> Target:
        """A request with its identity, CAs and kept secrets; `identity` (from files) goes before the named one. Raises
        UsageError (CertificateError), StateError."""
        core_dumps.forbid()  # the identity may come from a file, and no vault be opened
        from inspector.sending_setup import target

        return target(
            request, self.vault if self.home.vault_file.exists() or request.identity else None, identity
        )

    def targets(self) -> tuple[SavedTarget, ...]:
        """The saved targets by name; secrets stand as `KEPT`, which `target` knows. Quick: looks into no vault. Raises
        StateError."""
        from inspector.sender.kept import targets

        return targets.load(self.home)

    def save_target(self, name: str, request: SendRequest, *, over: bool = True) -> SavedTarget:
        """Keep a request under a name; see `sender.kept.targets.save`."""
        from inspector.sender.kept import targets

        return targets.save(self.home, name, request, vault=self.vault, over=over)

    def rename_target(self, name: str, new: str) -> SavedTarget:
        """Give a saved target another name; see `sender.kept.targets.rename`."""
        from inspector.sender.kept import targets

        return targets.rename(self.home, name, new)

    def delete_target(self, name: str) -> None:
        """Forget a saved target; see `sender.kept.targets.delete`."""
        from inspector.sender.kept import targets

        targets.delete(self.home, name, vault=self.vault)

    def uses_of(self, entry: VaultEntry) -> tuple[Use, ...]:
        """What uses an entry of the vault: saved targets, and how one listens here. Raises StateError for a damaged
        file of either."""
        from inspector.usage import NamedIdentity, uses_of

        named = [NamedIdentity(target.name, target.request.identity) for target in self.targets()]
        return uses_of(
            entry.name,
            targets=named,
            listening=self.load_profile(),
            trusted_for_clients=entry.trust_clients,
        )

    def check_connection(
        self, request: SendRequest, identity: Identity | None = None, *, cancel: Cancel | None = None
    ) -> ConnectionCheck:
        """Whether a push would get through, step by step; see `sender.check_connection`. Raises as `target`."""
        from inspector.sender.check_connection import check_connection

        return check_connection(self.target(request, identity), cancel=cancel)

    def _forward_target(self, forward: ForwardRequest) -> Target:
        if "@" in forward.url.partition("://")[2].partition("/")[0]:
            raise UsageError(
                "The URL to pass pushes on to has a user in it.",
                "Leave it out: what the client sends as Authorization is passed on.",
            )
        try:
            identity = self.vault.identity(forward.identity) if forward.identity else None
        except CertificateError as error:  # its own code does not tell that it is about this identity
            raise CertificateError(error.message, error.next_step, code="forward_identity") from error
        checked = TrustKind.FILES if forward.ca_files else TrustKind.USUAL
        request = SendRequest(
            url=forward.url,
            trust=TrustKind.NOTHING if forward.insecure else checked,
            ca_files=forward.ca_files,
            timeout=forward.timeout,
        )
        return self.target(request, identity)

    def send(self, target: Target, body: bytes, *, cancel: Cancel | None = None) -> SendResult:
        """One push, sent and kept in the history whatever came of it."""
        from inspector.sender.record import to_event
        from inspector.sender.send import send

        result = send(target, body, cancel=cancel)
        with self._lock:  # another history may just be opened
            self.writer.add([to_event(result, body)])
        return result

    def close(self) -> None:
        """Close the history. Listeners must have been stopped before."""
        with self._lock:
            self._close_history()
