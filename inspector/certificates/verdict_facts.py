"""What an advice on a failed handshake may speak of, and the phrases that several share.

Pure; imports cryptography and, of the package, the certificates' description, allow list and CRLs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from inspector.certificates import describe
from inspector.certificates.allowed import AllowedClients
from inspector.certificates.crl import Revoked

Parts = tuple[str, str, str]
"""What happened, the likely cause, what to do."""

LENIENT = "Or listen with --lenient to take such clients and flag them."
IMPORT_CA = "push-inspector certs import CA.pem --name partner-ca --trust-clients"

NOT_ALLOWED = 1000
"""Beside OpenSSL's error numbers: the certificate verifies, but is not on the list of allowed ones."""

_LONGEST_NAME = 160
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts at hand. `chain` is what OpenSSL could build, leaf first; `culprit` the certificate it
    complained of and `depth` that one's place, 0 for the client's own; `shown` all that the client sent; `alert`
    the name of the alert the client sent; `established` whether the handshake itself was done; `own` our server
    certificate; `name_not_ours` the name that a client went to which left right after the handshake; `missing` the
    issuer that the client left out, where it is known from elsewhere; `revoked` what a
    CRL says."""

    now: datetime
    culprit: x509.Certificate | None = None
    depth: int = 0
    chain: tuple[x509.Certificate, ...] = ()
    verify_error: int | None = None
    verify_text: str = ""
    accepted: tuple[x509.Certificate, ...] = ()
    alert: str | None = None
    offered_versions: tuple[str, ...] = ()
    own: x509.Certificate | None = None
    own_was_shown: bool = False
    established: bool = False
    first_bytes: bytes = b""
    shown: tuple[x509.Certificate, ...] = ()
    offered_ciphers: tuple[str, ...] = ()
    offered_groups: tuple[str, ...] = ()
    allowed: AllowedClients = field(default_factory=AllowedClients)
    revoked: Revoked | None = None
    missing: x509.Certificate | None = None
    name_not_ours: str = ""

    @property
    def leaf(self) -> x509.Certificate | None:
        """The client's own certificate."""
        if self.chain:
            return self.chain[0]
        return self.culprit or (self.shown[0] if self.shown else None)

    @property
    def last(self) -> x509.Certificate | None:
        """The certificate whose issuer is missing."""
        return self.chain[-1] if self.chain else self.culprit

    @property
    def subject(self) -> str:
        """Whom the client's certificate names."""
        return shorten(describe.subject(self.leaf)) if self.leaf is not None else "(unknown)"

    @property
    def last_issuer(self) -> str:
        """The missing issuer."""
        return shorten(describe.issuer(self.last)) if self.last is not None else "(unknown)"

    @property
    def whose(self) -> str:
        """The culprit in a sentence: the client's certificate, or one above it."""
        if self.culprit is None or self.depth == 0:
            return f"The client's certificate {self.subject}"
        return (
            f"{shorten(describe.subject(self.culprit))}, a CA above the client's certificate {self.subject},"
        )

    @property
    def accepted_names(self) -> str:
        """The CAs whose clients are taken, a few of them by name."""
        return some([describe.subject(cert) for cert in self.accepted]) or "no CA at all"

    @property
    def pin(self) -> str:
        """What to write to take this client alone, whoever issued its certificate."""
        if self.leaf is None:
            return "--client-fingerprint SHA256"
        return f"--client-fingerprint {describe.fingerprint(self.leaf)}"

    @property
    def beside_the_point(self) -> str:
        """What the client sent along though it is not above its own certificate."""
        others = [describe.subject(cert) for cert in self.shown[1:] if cert not in self.chain]
        return f" What it sent along does not fit: {some(others)}." if others else ""

    @property
    def besides(self) -> str:
        """A second fault that would show next: fixing one thing at a time is tedious."""
        try:
            if self.leaf is not None and self.leaf.not_valid_after_utc < self.now:
                return f" Besides, it expired on {describe.rfc3339(self.leaf.not_valid_after_utc)}."
            if self.leaf is not None and self.leaf.not_valid_before_utc > self.now:
                return f" Besides, it is valid only from {describe.rfc3339(self.leaf.not_valid_before_utc)}."
        except ValueError:
            return ""
        return ""


def some(names: Sequence[str]) -> str:
    """A few of some names; empty where there is none."""
    different = list(dict.fromkeys(shorten(name) for name in names))
    more = f" and {len(different) - _MOST_NAMES} more" if len(different) > _MOST_NAMES else ""
    return "; ".join(different[:_MOST_NAMES]) + more


def shorten(name: str) -> str:
    """A distinguished name of a line or two at most: a client may send names of any length."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
