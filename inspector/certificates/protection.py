"""The lock of the vault: what the passphrase is turned into, and how a wrong one is known.

Imports cryptography and, of the package, the passphrase's kinds.

    passphrase --scrypt(salt)--> 64 bytes: the first half, in hex, is the PKCS#8 password of every key;
                                 an HMAC under the second half is the verifier that stands in the vault

So a wrong passphrase is told from a damaged key without trying any key, and the verifier gives nothing away that
would open one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from inspector.certificates.passphrase import PassphraseKind

_VERIFIED = b"push-inspector vault verifier 1"
_SALT_BYTES = 16
_KEY_BYTES = 64
# 80 to 100 ms and 32 MB on the machines of 2026; a vault keeps the cost that it was made with.
_COST = (2**15, 8, 1)
_MOST_MEMORY = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Protection:
    """How one vault is locked; all of it is public. `account` names it in the OS keyring, where it was put there."""

    kind: PassphraseKind
    account: str
    n: int
    r: int
    p: int
    salt: bytes
    verifier: bytes

    def __post_init__(self) -> None:
        """Raises ValueError for a cost that is no cost, or that would bring the machine down."""
        sane = self.n >= 2**14 and self.n & (self.n - 1) == 0 and 1 <= self.r <= 32 and 1 <= self.p <= 16
        if not sane or 128 * self.n * self.r > _MOST_MEMORY or len(self.salt) < _SALT_BYTES:
            raise ValueError("the cost of the passphrase is out of range")


def protect(kind: PassphraseKind, account: str, passphrase: str) -> tuple[Protection, bytes]:
    """A new lock and the password for the keys below it."""
    salt = secrets.token_bytes(_SALT_BYTES)
    n, r, p = _COST
    password, verifier = _derive(passphrase, salt, n, r, p)
    return Protection(kind, account, n, r, p, salt, verifier), password


def unlock(protection: Protection, passphrase: str) -> bytes | None:
    """The password for the keys, None where the passphrase is a wrong one."""
    password, verifier = _derive(passphrase, protection.salt, protection.n, protection.r, protection.p)
    return password if hmac.compare_digest(verifier, protection.verifier) else None


def _derive(passphrase: str, salt: bytes, n: int, r: int, p: int) -> tuple[bytes, bytes]:
    # The same letters arrive composed from one system's keyboard and decomposed from another's.
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    memory = 128 * n * r + 128 * r * p + 1024 * 1024
    derived = hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=_KEY_BYTES)
    verifier = hmac.digest(derived[_KEY_BYTES // 2 :], _VERIFIED, "sha256")
    return derived[: _KEY_BYTES // 2].hex().encode("ascii"), verifier
