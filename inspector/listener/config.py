"""What a listener is told: its address, whom it lets in, its limits and what it answers. Frozen; no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cryptography import x509

from inspector.certificates.model import Identity


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
class Answer:
    """What a push is answered. `fail_first` pushes get 500 before; `drop` closes the connection instead."""

    status: int = 200
    delay_seconds: float = 0.0
    fail_first: int = 0
    drop: bool = False


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """One listener. `client_cas` are the issuers whose client certificates are taken. `lenient` takes clients
    whose certificate fails, or is missing, too, and flags them. `known_certificates` are trusted for nothing;
    they only help to tell a client that left its intermediate out from one of a stranger."""

    identity: Identity
    client_cas: tuple[x509.Certificate, ...]
    host: str = "127.0.0.1"
    port: int = 8443
    auth: AuthMode = AuthMode.MTLS
    lenient: bool = False
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    answer: Answer = Answer()
    limits: Limits = Limits()
    known_certificates: tuple[x509.Certificate, ...] = ()
