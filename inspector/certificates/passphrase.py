"""Where the vault's passphrase comes from, and in which order.

Imports the standard library and, of the package, `inspector.errors`, `inspector.home` and the certificates' files and
keyring. Secrets that are made here are random; none ever shows in a message, a log or a repr.

A new vault takes the first of: the OS keyring, PUSH_INSPECTOR_VAULT_PASSPHRASE, a random key in a file apart from the
vault. A passphrase that the user sets takes the place of any of them later. An existing vault names its own source;
that one is tried first, then the others that ask nobody, then the user.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from inspector.certificates import oskeyring
from inspector.certificates.files import read_whole, write_whole
from inspector.errors import VaultError
from inspector.home import Home

VARIABLE = "PUSH_INSPECTOR_VAULT_PASSPHRASE"
_RANDOM_BYTES = 32


class PassphraseKind(StrEnum):
    """The sources; `none` is a vault that keeps no key yet."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a source, not a secret
    KEY_FILE = "key_file"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PassphraseSource:
    """A source for people: `description` completes "vault: …", `advice` offers a better one, or is empty."""

    kind: PassphraseKind
    description: str
    advice: str = ""

    @property
    def asks(self) -> bool:
        """Whether a person has to give it, so that locking the vault keeps others out."""
        return self.kind is PassphraseKind.PASSPHRASE


@dataclass(frozen=True, slots=True)
class Passphrases:
    """The sources as they are at hand for one home. `ask` gets the passphrase from the user; without it nobody is
    asked."""

    home: Home
    ask: Callable[[], str] | None = None
    use_keyring: bool = True

    def source(self, kind: PassphraseKind) -> PassphraseSource:
        """The words for `kind`. Looks nothing up."""
        match kind:
            case PassphraseKind.KEYRING:
                return PassphraseSource(kind, "OS keyring")
            case PassphraseKind.ENVIRONMENT:
                return PassphraseSource(kind, f"environment variable {VARIABLE}")
            case PassphraseKind.PASSPHRASE:
                return PassphraseSource(kind, "a passphrase that you set")
            case PassphraseKind.KEY_FILE:
                return PassphraseSource(
                    kind,
                    f"random key in a file, {self.home.vault_key_file}",
                    "Whoever reads that file can open the vault: the OS keyring or a passphrase of your own is safer.",
                )
        return PassphraseSource(PassphraseKind.NONE, "no key kept yet")

    def choose(self, account: str) -> tuple[PassphraseKind, str]:
        """The source for a new vault and its passphrase; asks nobody. `account` is the vault's own name in the
        keyring. Raises VaultError where not even the key file can be made."""
        if self._keyring_allowed():
            secret = _random()
            if oskeyring.store(account, secret):
                return PassphraseKind.KEYRING, secret
        if secret := os.environ.get(VARIABLE, ""):
            return PassphraseKind.ENVIRONMENT, secret
        return PassphraseKind.KEY_FILE, self._key_file()

    def provide(self, kind: PassphraseKind, account: str) -> str:
        """The passphrase for a vault that is to be moved to `kind`, made where it is a random one. Raises VaultError
        where that source isn't at hand."""
        match kind:
            case PassphraseKind.KEYRING:
                secret = _random()
                if self._keyring_allowed() and oskeyring.store(account, secret):
                    return secret
                raise VaultError(
                    "There is no OS keyring that can keep the vault's passphrase.", "Set one of your own."
                )
            case PassphraseKind.ENVIRONMENT:
                if secret := os.environ.get(VARIABLE, ""):
                    return secret
                raise VaultError(f"{VARIABLE} isn't set.", "Set it to the passphrase, and start again.")
            case PassphraseKind.KEY_FILE:
                return self._key_file()
        raise VaultError(f"The vault can't take its passphrase from {kind}.", "Set a passphrase instead.")

    def candidates(self, recorded: PassphraseKind, account: str) -> Iterator[tuple[PassphraseKind, str]]:
        """The passphrases to try on an existing vault, each looked up only when its turn comes: the recorded source,
        the others, and at the end, once, the user. An empty `account` means that the keyring was never given
        anything, so it isn't woken. What `ask` raises goes through."""
        silent = [PassphraseKind.KEYRING, PassphraseKind.ENVIRONMENT, PassphraseKind.KEY_FILE]
        silent.sort(key=lambda kind: kind != recorded)
        for kind in silent:
            if secret := self._look_up(kind, account):
                yield kind, secret
        if self.ask is not None and (secret := self.ask()):
            yield PassphraseKind.PASSPHRASE, secret

    def forget_key_file(self) -> None:
        """Delete the random key, once nothing is locked with it any more."""
        with suppress(OSError):
            self.home.vault_key_file.unlink(missing_ok=True)

    def none_opens(self, recorded: PassphraseKind, vault: str) -> VaultError:
        """The error for when no candidate was the right one, in terms of the source that should have been."""
        key_file = self.home.vault_key_file
        anew = f"Otherwise move {vault} and its .bak away and import the identities again."
        match recorded:
            case PassphraseKind.KEYRING if not self._keyring_allowed():
                what = "is in the OS keyring, which is switched off"
                step = (
                    f"Unset {oskeyring.SWITCH}." if oskeyring.switched_off() else "Start without that switch."
                )
            case PassphraseKind.KEYRING:
                what = "isn't in the OS keyring, or the keyring stays locked"
                step = f"Unlock the keyring, or log in as the user who made the vault. {anew}"
            case PassphraseKind.ENVIRONMENT if not os.environ.get(VARIABLE):
                what = f"is expected in {VARIABLE}, which isn't set"
                step = f"Set it to the passphrase that the vault was made with. {anew}"
            case PassphraseKind.ENVIRONMENT:
                what = f"is another one than {VARIABLE} holds"
                step = f"Set it to the passphrase that the vault was made with. {anew}"
            case PassphraseKind.KEY_FILE if not key_file.exists():
                what = f"was in {key_file}, which is gone"
                step = f"Put that file back from a backup. {anew}"
            case PassphraseKind.KEY_FILE:
                what = f"is another one than {key_file} holds"
                step = f"Put back the file that belongs to this vault. {anew}"
            case _ if self.ask is None:
                what = "was set by you, and can't be asked for here"
                step = f"Set {VARIABLE} to it, or start at a terminal."
            case _:
                what = "is another one than was given"
                step = "Try again: mind capitals and the keyboard's layout."
        return VaultError(f"The vault {vault} can't be opened: its passphrase {what}.", step)

    def _look_up(self, kind: PassphraseKind, account: str) -> str | None:
        match kind:
            case PassphraseKind.ENVIRONMENT:
                return os.environ.get(VARIABLE) or None
            case PassphraseKind.KEY_FILE:
                try:
                    return read_whole(self.home.vault_key_file).decode("ascii").strip() or None
                except (OSError, ValueError):
                    return None
        return oskeyring.load(account) if account and self._keyring_allowed() else None

    def _keyring_allowed(self) -> bool:
        return self.use_keyring and not oskeyring.switched_off()

    def _key_file(self) -> str:
        """The random key in its file. One that is there is taken, never replaced: a copy of a vault may need it."""
        path = self.home.vault_key_file
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.exists():
                if found := read_whole(path).decode("ascii").strip():
                    return found
                raise VaultError(f"The key file {path} is empty.", "Put it back from a backup, or delete it.")
            secret = _random()
            write_whole(path, f"{secret}\n".encode("ascii"), mode=0o600)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged"
            raise VaultError(
                f"The vault's key file {path} can't be used: {reason}.",
                f"Check the folder's permissions, or set {VARIABLE}.",
            ) from error
        return secret


def _random() -> str:
    return secrets.token_urlsafe(_RANDOM_BYTES)
