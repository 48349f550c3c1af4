"""Certificate signing requests whose certificate has not come yet: what the vault keeps of them.

Imports cryptography and, of the package, the certificates' keys. As JSON:

    {"name": …, "created_at": RFC 3339, "csr": PEM, "key": encrypted PKCS#8 PEM}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """A request under the name that the identity is to have."""

    name: str
    csr: x509.CertificateSigningRequest
    created_at: str

    @property
    def pem(self) -> str:
        """The request as PEM, to hand to whoever signs it."""
        return self.csr.public_bytes(Encoding.PEM).decode("ascii")

    @property
    def public_key(self) -> bytes:
        """The public key as SubjectPublicKeyInfo, by which keys are compared."""
        return self.csr.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class LockedRequest:
    """A request and its key, still locked."""

    request: PendingRequest
    key: str = field(repr=False)


def request_content(locked: LockedRequest) -> dict[str, object]:
    """As it stands in the vault's file."""
    request = locked.request
    return {
        "name": request.name,
        "created_at": request.created_at,
        "csr": request.pem,
        "key": locked.key,
    }


def parse_request(content: dict[str, Any]) -> LockedRequest:
    """Raises ValueError, KeyError, TypeError or AttributeError for anything unexpected."""
    name, created_at, csr, key = (content[part] for part in ("name", "created_at", "csr", "key"))
    if not all(isinstance(part, str) for part in (name, created_at, csr, key)):
        raise TypeError("no text")
    if "ENCRYPTED PRIVATE KEY" not in key:
        raise ValueError("a key isn't encrypted")
    return LockedRequest(PendingRequest(name, x509.load_pem_x509_csr(csr.encode("ascii")), created_at), key)
