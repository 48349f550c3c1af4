"""The vault: named identities and issuers, and a few secret texts, at rest in one file; what is secret is encrypted.

Imports cryptography and, of the package, `inspector.errors`, `inspector.home` and the certificates' own modules.

Reading entries needs no passphrase and no lock, so the window may do it at any time. What opens a key may look into the
OS keyring or call `ask`, so the window does that in a worker thread. Any number of threads and processes may use one
vault: each change is made to the newest state of the file, under a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as changed
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspector.certificates import keys, mint, oskeyring
from inspector.certificates.dev_names import DEV_CA, DEV_CLIENT, DEV_SERVER
from inspector.certificates.entries import (
    anchors,
    check_name,
    find,
    locked_record,
    new_entry,
    refuse_existing,
    relocked,
    require_anchor,
    with_old_key,
    with_record,
)
from inspector.certificates.files import locked
from inspector.certificates.fits import refuse_awaited
from inspector.certificates.keys import PrivateKey
from inspector.certificates.model import Identity, VaultEntry
from inspector.certificates.opening import Opening, new_account
from inspector.certificates.passphrase import PassphraseKind, Passphrases, PassphraseSource
from inspector.certificates.protection import Protection, protect
from inspector.certificates.read import read
from inspector.certificates.removed import Removed, RemovedEntries
from inspector.certificates.sealed import seal, unseal
from inspector.certificates.sources import Source, sources_of
from inspector.certificates.vaultfile import Document, Record, VaultFile
from inspector.errors import CertificateError, UsageError, VaultError
from inspector.home import Home

DEV_NAMES = (DEV_CA, DEV_SERVER, DEV_CLIENT)
Change = Callable[[Document, bytes], Document]


class Vault:
    """The identities of one home. `ask` gets a passphrase from the user, is called at most once for each attempt to
    open the vault, and may raise to give up; without it nobody is ever asked. `use_keyring=False` keeps away from the
    OS keyring, as PUSH_INSPECTOR_NO_KEYRING does. What opens the keys stays in memory as long as `opening` says."""

    def __init__(self, home: Home, *, ask: Callable[[], str] | None = None, use_keyring: bool = True) -> None:
        self._file = VaultFile(home)
        self._passphrases = Passphrases(home, ask, use_keyring)
        self._opening = Opening(self._passphrases, self._file.path)
        self._removed = RemovedEntries()

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def exists(self) -> bool:
        """Whether there is a vault on disk."""
        return self._file.path.exists()

    def entries(self) -> tuple[VaultEntry, ...]:
        """All entries, oldest first. Raises VaultError."""
        return tuple(record.entry for record in self._file.load().records)

    def get(self, name: str) -> VaultEntry:
        """One entry. Raises CertificateError (`unknown_name`, with near names), VaultError."""
        return find(self._file.load(), name).entry

    def identity(self, name: str) -> Identity:
        """One entry with its key, ready for TLS. Raises CertificateError (`unknown_name`, `no_key`), VaultError."""
        while True:
            document = self._file.load()
            record = find(document, name)
            if record.key is None or document.protection is None:
                raise CertificateError(
                    f"{name} is in the vault without its private key, so nobody can be it.",
                    "Import it again, with its key.",
                    code="no_key",
                )
            password = self._password_of(document)
            if password is not None:
                return Identity(name, record.entry.chain, self._decrypted(record, password))

    def document(self) -> Document:
        """For the modules of this room: all that is in the file. Raises VaultError."""
        return self._file.load()

    def source(self) -> PassphraseSource:
        """Where the passphrase comes from, as the file says; looks nothing up. Raises VaultError."""
        protection = self._file.load().protection
        return self._passphrases.source(protection.kind if protection else PassphraseKind.NONE)

    def trusted_client_cas(self) -> tuple[x509.Certificate, ...]:
        """The certificates that client certificates are accepted from: the CAs (and self-signed ones) of all entries
        that are trusted for clients. Raises VaultError."""
        return anchors(entry for entry in self.entries() if entry.trust_clients)

    def cas(self) -> tuple[x509.Certificate, ...]:
        """All CA certificates (and self-signed ones) of all entries, to trust servers with. Raises VaultError."""
        return anchors(self.entries())

    def add(
        self,
        name: str,
        chain: Sequence[x509.Certificate],
        key: PrivateKey | None = None,
        *,
        extra: Sequence[x509.Certificate] = (),
        trust_clients: bool = False,
        replace: bool = False,
    ) -> VaultEntry:
        """Keep a certificate, leaf first, with its key if there is one. Names are unique without regard to capitals;
        with `replace` the new entry takes the old one's place, and without a key of its own the old one's key, if that
        is the certificate's: so comes a renewed certificate. Raises CertificateError (`invalid_name`, `exists`,
        `key_mismatch`, `not_a_ca`), VaultError, StateError."""
        entry = new_entry(name, chain, key, extra, trust_clients=trust_clients)

        def put(document: Document, password: bytes) -> Document:
            nonlocal entry
            if not replace:
                refuse_existing(document, [name])
            record = locked_record(entry, key, password)
            if key is None:
                record = with_old_key(document, record)
                entry = record.entry
            return with_record(document, record)

        self.change(put, with_key=key is not None)
        return entry

    def import_files(
        self,
        paths: Sequence[Path],
        name: str,
        password: Callable[[], str] | str | None = None,
        *,
        trust_clients: bool = False,
        replace: bool = False,
    ) -> VaultEntry:
        """Read files as `read.read_files` does and keep what is in them under `name`. Raises CertificateError,
        VaultError, StateError."""
        return self.import_sources(
            sources_of(paths), name, password, trust_clients=trust_clients, replace=replace
        )

    def import_sources(
        self,
        sources: Sequence[Source],
        name: str,
        password: Callable[[], str] | str | None = None,
        *,
        trust_clients: bool = False,
        replace: bool = False,
    ) -> VaultEntry:
        """As `import_files`, of what was read already: pasted, or from standard input. Code `completes_request` besides
        those of `read.read` and `add`: the certificate belongs to a request that waits for it."""
        check_name(name)
        document = self._file.load()
        if not replace:
            refuse_existing(document, [name])  # before a password is asked for in vain
        material = read(sources, password, known=[record.entry for record in document.records])
        if material.key is None:
            refuse_awaited(material.leaf, [locked.request for locked in document.requests])
        return self.add(
            name,
            material.chain,
            material.key,
            extra=material.extra,
            trust_clients=trust_clients,
            replace=replace,
        )

    def remove(self, name: str) -> Removed:
        """Take out an entry and its key; `restore` puts it back, until the program ends. Raises CertificateError
        (`unknown_name`), VaultError, StateError."""
        kept: list[Removed] = []

        def drop(document: Document, _password: bytes) -> Document:
            gone = find(document, name)
            kept[:] = [self._removed.keep(document, gone)]
            return changed(
                document, records=tuple(record for record in document.records if record is not gone)
            )

        try:
            self.change(drop)
        except BaseException:
            for removed in kept:
                self._removed.forget(removed)
            raise
        return kept[0]

    def restore(self, removed: Removed) -> VaultEntry:
        """Put back what `remove` took out, key and all, where it was. Needs no passphrase. Raises CertificateError
        (`exists`) where its name was taken since, VaultError where the vault's lock was changed by another process."""
        self.change(lambda document, _password: self._removed.put_back(document, removed))
        self._removed.forget(removed)
        return removed.entry

    def set_trust_clients(self, name: str, trusted: bool) -> None:  # noqa: FBT001 - reads well with its name
        """Accept, or no longer, the clients that an entry's CA issued. Raises CertificateError (`unknown_name`,
        `not_a_ca`), VaultError, StateError."""

        def mark(document: Document, _password: bytes) -> Document:
            record = find(document, name)
            if trusted:
                require_anchor(record.entry)
            return with_record(document, changed(record, entry=changed(record.entry, trust_clients=trusted)))

        self.change(mark)

    def create_dev(
        self, *, force: bool = False, names: Sequence[str] | None = None
    ) -> tuple[VaultEntry, ...]:
        """Make `dev-ca` (trusted for clients), `dev-server` and `dev-client`, all or none. `names` are the server's
        (default: this machine's). With `force` exactly these three are replaced. Raises CertificateError (`exists`),
        VaultError, StateError."""
        if not force:
            refuse_existing(self._file.load(), DEV_NAMES)
        dev = mint.make_dev(names)
        entries = [
            (new_entry(made.name, made.chain, made.key, (), trust_clients=made is dev.ca), made.key)
            for made in (dev.ca, dev.server, dev.client)
        ]

        def put(document: Document, password: bytes) -> Document:
            if not force:
                refuse_existing(document, DEV_NAMES)
            for entry, key in entries:
                document = with_record(document, locked_record(entry, key, password))
            return document

        self.change(put, with_key=True)
        return tuple(entry for entry, _ in entries)

    def keep_secrets(self, secrets: Mapping[str, str | None]) -> None:
        """Keep texts that are secret, sealed with the vault's passphrase, each under its name; None forgets one. Raises
        VaultError, StateError."""

        def put(document: Document, password: bytes) -> Document:
            left = {name: sealed for name, sealed in document.secrets.items() if name not in secrets}
            new = {name: seal(name, text, password) for name, text in secrets.items() if text is not None}
            return changed(document, secrets={**left, **new})

        if any(text is not None for text in secrets.values()) or secrets.keys() & self._file.load().secrets:
            self.change(put, with_key=any(text is not None for text in secrets.values()))

    def secret(self, name: str) -> str | None:
        """A text that was kept under this name, None where there is none. Raises VaultError."""
        while True:
            document = self._file.load()
            sealed = document.secrets.get(name)
            if sealed is None or document.protection is None:
                return None
            password = self._password_of(document)
            if password is not None:
                return self._unsealed(name, sealed, password)

    def change_passphrase(self, new: str) -> None:
        """Lock the vault with a passphrase of the user's from now on: all keys are encrypted anew, in one step. The
        random passphrase that was used before, if it was one, is deleted. Raises UsageError for an empty one,
        VaultError, StateError."""
        if not new.strip():
            raise UsageError("The new passphrase is empty.", "Type one, the longer the better.")
        self._lock_anew(PassphraseKind.PASSPHRASE, "", lambda: new)

    def protect_with(self, kind: PassphraseKind) -> None:
        """Take the passphrase from another source from now on: `keyring`, `environment` or `key_file`. All keys are
        encrypted anew, in one step. Raises VaultError where that source isn't at hand, StateError."""
        account = new_account() if kind is PassphraseKind.KEYRING else ""
        self._lock_anew(kind, account, lambda: self._passphrases.provide(kind, account))

    @property
    def opening(self) -> Opening:
        """What opens the keys, while it is in memory: to lock the vault, and to have it locked when idle."""
        return self._opening

    def lock(self) -> None:
        """Forget what opens the keys; the next use looks for it, or asks, again."""
        self._opening.lock()

    def _lock_anew(self, kind: PassphraseKind, account: str, passphrase: Callable[[], str]) -> None:
        old: Protection | None = None
        removed = {}

        def relock(document: Document, password: bytes) -> Document:
            nonlocal old, removed
            old = document.protection
            protection, new_password = protect(kind, account, passphrase())

            def locked_again(record: Record) -> Record:
                if record.key is None:
                    return record
                return locked_record(record.entry, self._decrypted(record, password), new_password)

            records = tuple(locked_again(record) for record in document.records)
            removed = self._removed.locked_anew(old, protection, locked_again)
            sealed = {
                name: seal(name, self._unsealed(name, text, password), new_password)
                for name, text in document.secrets.items()
            }
            requests = tuple(
                changed(locked, key=relocked(locked.key, password, new_password))
                for locked in document.requests
            )
            self._opening.remember(protection, new_password)
            return Document(protection, records, sealed, requests)

        self.change(relock, with_key=True)
        self._removed.replace(removed)
        if old is not None and old.kind is PassphraseKind.KEYRING:
            oskeyring.delete(old.account)
        elif old is not None and old.kind is PassphraseKind.KEY_FILE and kind is not PassphraseKind.KEY_FILE:
            self._passphrases.forget_key_file()

    def put_copy_back(self) -> None:
        """Put the last good copy in the place of a vault that is damaged or gone. Raises VaultError."""
        self._file.prepare()
        with locked(self._file.lock):
            self._file.put_copy_back()

    def change(self, change: Change, *, with_key: bool = False) -> None:
        """Load the newest state, change and save it, under the lock of all processes and threads; for the modules of
        this room. `with_key`: the change encrypts or decrypts keys. The passphrase is looked for, and asked for, before
        the lock is taken, so that nobody waits for a person; where the vault's lock was changed meanwhile, all begins
        anew."""
        while True:
            protection = self._file.load().protection
            password = self._opening.open(protection) if with_key and protection else b""
            self._file.prepare()
            with locked(self._file.lock):
                document = self._file.load()
                if with_key and document.protection is None:
                    document, password = self._opening.first_lock(document)
                elif with_key and document.protection != protection:
                    continue
                self._file.save(change(document, password))
                return

    def _password_of(self, document: Document) -> bytes | None:
        """The password for what a document holds; None where the document is outdated: another process has just set a
        new passphrase. Raises VaultError."""
        assert document.protection is not None
        try:
            return self._opening.open(document.protection)
        except VaultError:
            if self._file.load().protection != document.protection:
                return None
            raise

    def _decrypted(self, record: Record, password: bytes) -> PrivateKey:
        name = record.entry.name
        try:
            key = keys.usable(name, load_pem_private_key((record.key or "").encode("ascii"), password))
        except (ValueError, TypeError, CertificateError) as error:
            self._damaged(name, error)
        if not keys.belongs(key, record.entry.leaf):
            self._damaged(name, None)
        return key

    def _unsealed(self, name: str, sealed: str, password: bytes) -> str:
        try:
            return unseal(name, sealed, password)
        except ValueError as error:
            raise VaultError(
                f"The secret {name} in the vault {self._file.path} is damaged.",
                f"Type it again, or compare with the copy {self._file.backup}.",
            ) from error

    def _damaged(self, name: str, error: Exception | None) -> NoReturn:
        raise VaultError(
            f"The key of {name} in the vault {self._file.path} is damaged.",
            f"Import {name} again, or compare with the copy {self._file.backup}.",
        ) from error
