"""What belongs to what in the vault: which entries a key fits, and which share a certificate's key.

Opens nothing: public halves are compared. Imports cryptography and, of the package, `inspector.errors` and the
certificates' keys, model and requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from inspector.certificates.describe import BROKEN
from inspector.certificates.keys import PrivateKey, public_bytes
from inspector.certificates.model import VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.errors import CertificateError

_MOST_NAMED = 3


def who_fits(key: PrivateKey, entries: Iterable[VaultEntry]) -> tuple[VaultEntry, ...]:
    """The entries whose own certificate is for this private key, in their order."""
    wanted = public_bytes(key)
    return tuple(entry for entry in entries if _public_half(entry.chain[:1]) == wanted)


def same_key(cert: x509.Certificate, entries: Iterable[VaultEntry]) -> tuple[VaultEntry, ...]:
    """The entries whose own certificate is for the same key as `cert`: the same one, or one before or after it."""
    wanted = _public_half([cert])
    return tuple(entry for entry in entries if wanted is not None and _public_half(entry.chain[:1]) == wanted)


def refuse_awaited(cert: x509.Certificate, requests: Iterable[PendingRequest]) -> None:
    """Raises CertificateError (`completes_request`) for the certificate that a request waits for: kept as an entry of
    its own, it would be without its key."""
    wanted = _public_half([cert])
    for request in requests:
        if request.public_key == wanted:
            raise CertificateError(
                f"This is the certificate that the request {request.name} waits for, whose key is in the vault.",
                f"Put them together: push-inspector certs complete {request.name} FILE",
                code="completes_request",
            )


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
