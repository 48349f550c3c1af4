"""What opens the vault's keys while it is in memory: found once, kept until the vault is locked or idle.

Imports the standard library and, of the package, `inspector.errors` and the certificates' passphrase and protection.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace as changed
from pathlib import Path

from inspector.certificates.passphrase import PassphraseKind, Passphrases
from inspector.certificates.protection import Protection, protect, unlock
from inspector.certificates.vaultfile import Document
from inspector.errors import VaultError


class Opening:
    """The password for one vault's keys. Any thread may use it. `idle_limit` is after how many seconds without use it
    is forgotten, None for never; then it is looked for, and where a person knows it, asked for again."""

    def __init__(self, passphrases: Passphrases, path: Path) -> None:
        self.idle_limit: float | None = None
        self._passphrases = passphrases
        self._path = path
        self._looking = threading.RLock()
        self._asking = False
        self._opened: tuple[Protection, bytes] | None = None
        self._used_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is in memory now."""
        return self._opened is not None

    def lock(self) -> None:
        """Forget it. Identities that are in use stay so. Never waits, also while a person is asked."""
        self._opened = None

    def lock_when_idle(self) -> bool:
        """Lock, if nobody needed a key for as long as `idle_limit`; for a timer. Whether it did."""
        limit = self.idle_limit
        if self._opened is None or limit is None or time.monotonic() - self._used_at < limit:
            return False
        self.lock()
        return True

    def remember(self, protection: Protection, password: bytes) -> None:
        """Keep the password for what is under this lock."""
        self._opened, self._used_at = (protection, password), time.monotonic()

    def open(self, protection: Protection) -> bytes:
        """The password for the keys, from the first source whose passphrase is right. One thread at a time looks for
        it. Raises VaultError."""
        with self._looking:
            self.lock_when_idle()
            opened = self._opened  # another thread may lock the vault at any time
            if opened is not None and opened[0] == protection:
                self.remember(*opened)
                return opened[1]
            if self._asking:  # the window's dialog runs the UI's other events, and one of them wants a key
                raise VaultError("The vault's passphrase is being asked for.", "Answer that question first.")
            self._asking = True
            try:
                for _kind, passphrase in self._passphrases.candidates(protection.kind, protection.account):
                    password = unlock(protection, passphrase)
                    if password is not None:
                        self.remember(protection, password)
                        return password
            finally:
                self._asking = False
        raise self._passphrases.none_opens(protection.kind, str(self._path))

    def first_lock(self, document: Document) -> tuple[Document, bytes]:
        """A document that has no lock yet with its first one, and the password for it. Raises VaultError."""
        account = new_account()
        kind, passphrase = self._passphrases.choose(account)
        protection, password = protect(kind, account if kind is PassphraseKind.KEYRING else "", passphrase)
        self.remember(protection, password)
        return changed(document, protection=protection), password


def new_account() -> str:
    """A name for a vault in the OS keyring that no other has."""
    return f"vault-{secrets.token_hex(16)}"
