"""What belongs to what in the vault: which entries a key fits, and which share a certificate's key.

Imports cryptography and, of the package, the certificates' keys and model. Opens nothing: public halves are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from inspector.certificates.describe import BROKEN
from inspector.certificates.keys import PrivateKey, public_bytes
from inspector.certificates.model import VaultEntry

_MOST_NAMED = 3


def who_fits(key: PrivateKey, entries: Iterable[VaultEntry]) -> tuple[VaultEntry, ...]:
    """The entries whose own certificate is for this private key, in their order."""
    wanted = public_bytes(key)
    return tuple(entry for entry in entries if _public_half(entry.chain[:1]) == wanted)


def same_key(cert: x509.Certificate, entries: Iterable[VaultEntry]) -> tuple[VaultEntry, ...]:
    """The entries whose own certificate is for the same key as `cert`: the same one, or one before or after it."""
    wanted = _public_half([cert])
    return tuple(entry for entry in entries if wanted is not None and _public_half(entry.chain[:1]) == wanted)


def named(entries: Sequence[VaultEntry]) -> str:
    """Entries in a sentence: `a`, `a and b`, `a, b, c and 2 more`."""
    names = [entry.name for entry in entries]
    if len(names) > _MOST_NAMED:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _public_half(chain: Sequence[x509.Certificate]) -> bytes | None:
    """The first certificate's public key, None where there is none that can be read."""
    try:
        return (
            chain[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            if chain
            else None
        )
    except BROKEN:
        return None
