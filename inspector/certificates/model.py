"""The words for certificates and identities that other rooms use. Imports cryptography's types only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

Purpose = Literal["server", "client"]


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What people want to know of one certificate. Names are RFC 4514 texts, times RFC 3339 UTC,
    fingerprints lower-case hex without colons, `key` such as `ECDSA P-256` or `RSA 2048`,
    `purposes` out of `server`, `client`, `ca`."""

    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    days_left: int
    fingerprint_sha256: str
    key: str
    signature: str
    names: tuple[str, ...]
    purposes: tuple[str, ...]
    is_ca: bool
    self_signed: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key, ready for TLS. `chain` is leaf first, then its issuers, root optional.
    The key never shows in a repr."""

    name: str
    chain: tuple[x509.Certificate, ...]
    key: CertificateIssuerPrivateKeyTypes = field(repr=False)

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """One entry of the vault as it may be read without the passphrase: the key, if any, stays encrypted.

    `trust_clients`: its CA certificates are accepted as issuers of client certificates. `extra` are certificates that
    came along and are no part of the chain, such as the other CAs of a bundle.
    """

    name: str
    chain: tuple[x509.Certificate, ...]
    has_key: bool
    trust_clients: bool
    created_at: str
    extra: tuple[x509.Certificate, ...] = ()

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a handshake failed: one of the interface's reasons, OpenSSL's own text, and advice for people in three
    parts (what happened, the likely cause, what to do)."""

    reason: str
    detail: str
    happened: str
    cause: str
    remedy: str

    @property
    def advice(self) -> str:
        """The three parts as one text."""
        return " ".join(part for part in (self.happened, self.cause, self.remedy) if part)


class Severity(StrEnum):
    """How bad a finding is: an `error` makes a handshake fail, a `warning` will or may, an `info` is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check of an identity. `code` is one of the interface's for `certs check`."""

    code: str
    severity: Severity
    message: str
