"""The short values by which certificates and keys are recognised and pinned.

Imports cryptography and, of the package, the certificates' description.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from inspector.certificates import der
from inspector.certificates.describe import fingerprint


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of the whole certificate, lower-case hex without colons: `sha256`, and `sha1`, which old tools and consoles
    still show. `spki_pin` is of its public key, and so the same after a renewal with that key: base64 of SHA-256 over
    SubjectPublicKeyInfo (RFC 7469 2.4); empty where that can't be found."""

    sha256: str
    sha1: str
    spki_pin: str


def fingerprints(cert: x509.Certificate) -> Fingerprints:
    """All three. Never raises."""
    spki = public_key_info(cert)
    return Fingerprints(
        sha256=fingerprint(cert),
        sha1=cert.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - to recognise it, not to trust it
        spki_pin=base64.b64encode(hashlib.sha256(spki).digest()).decode("ascii") if spki else "",
    )


def public_key_info(cert: x509.Certificate) -> bytes:
    """SubjectPublicKeyInfo as it stands in the certificate (RFC 5280 4.1), also of a kind of key that can't be read;
    empty where the certificate is too odd."""
    try:
        parts = list(der.elements(der.first(cert.tbs_certificate_bytes).content))
    except der.NotDerError:
        return b""
    versioned = bool(parts) and parts[0].tag == der.CONTEXT_0
    place = 6 if versioned else 5
    return parts[place].raw if len(parts) > place else b""
