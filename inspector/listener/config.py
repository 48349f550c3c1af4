"""What a listener is told: its address, whom it lets in, its limits and what it answers. Frozen; no I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from cryptography import x509

from inspector.certificates.model import Identity
from inspector.history.model import Forwarded, Headers
from inspector.listener.rule import Answer, Rule

__all__ = ["Answer", "AuthMode", "ExpectedHeader", "Limits", "ListenerConfig", "Upstream"]


class AuthMode(StrEnum):
    """Whom the listener lets in: a client certificate, HTTP Basic, both, or anybody."""

    MTLS = "mtls"
    BASIC = "basic"
    MTLS_BASIC = "mtls+basic"
    NONE = "none"

    @property
    def wants_certificate(self) -> bool:
        return self in (AuthMode.MTLS, AuthMode.MTLS_BASIC)

    @property
    def wants_basic(self) -> bool:
        return self in (AuthMode.BASIC, AuthMode.MTLS_BASIC)


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps in bytes, times in seconds."""

    header_bytes: int = 32 * 1024
    body_bytes: int = 1024 * 1024
    handshake_seconds: float = 10.0
    header_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0
    drain_seconds: float = 2.0
    connections: int = 2000


@dataclass(frozen=True, slots=True)
class ExpectedHeader:
    """A header field that every push should have, with this value where it is not None (contract, "Transport": up to
    four custom headers). The name is compared in any case."""

    name: str
    value: str | None = field(default=None, repr=False)


def _nothing_to_close() -> None:
    """Of an upstream that holds nothing open."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where pushes are passed on to. `forward` is called in a thread of its own for one push at a time of each, with
    the request's method, target (path and query), headers and body, all as they came; it never raises. `address`
    names the upstream for people. `returns_answer`: the client gets the upstream's answer; else the rule's, at once,
    and pushes may overtake one another on their way.

    A request that has `mark` in a Via field has been passed on by us before and is refused. `close` is called when the
    listener ends: what is being passed on then is broken off.
    """

    address: str
    forward: Callable[[str, str, Headers, bytes], Forwarded] = field(repr=False)
    returns_answer: bool = True
    mark: str = ""
    close: Callable[[], None] = field(default=_nothing_to_close, repr=False)


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """One listener. `client_cas` are the issuers whose client certificates are taken. `lenient` takes clients
    whose certificate fails, or is missing, too, and flags them. `known_certificates` are trusted for nothing;
    they only help to tell a client that left its intermediate out from one of a stranger.

    Of the clients whose certificate verifies, only those are taken that `client_fingerprints` (SHA-256, lower-case
    hex; such a certificate is taken whoever issued it) or `client_subjects` (RFC 4514 patterns with `*`) name, where
    there are any. `crls` are looked at for every certificate of a chain whose issuer one of them is of.

    `rules` come before `answer`. `proxy_protocol_from` are networks whose connections begin with a PROXY protocol
    header. `certificate_header` names the header field that carries the client's certificate; the listener then
    speaks plain HTTP, and only to loopback. `key_log` is a file that TLS secrets are appended to (SSLKEYLOGFILE).
    """

    identity: Identity
    client_cas: tuple[x509.Certificate, ...]
    host: str = "127.0.0.1"
    port: int = 8443
    auth: AuthMode = AuthMode.MTLS
    lenient: bool = False
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    answer: Answer = field(default_factory=Answer)
    limits: Limits = Limits()
    known_certificates: tuple[x509.Certificate, ...] = ()
    client_fingerprints: tuple[str, ...] = ()
    client_subjects: tuple[str, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    expected_headers: tuple[ExpectedHeader, ...] = ()
    rules: tuple[Rule, ...] = ()
    upstream: Upstream | None = None
    proxy_protocol_from: tuple[IPv4Network | IPv6Network, ...] = ()
    certificate_header: str = ""
    key_log: Path | None = None
