"""What is sent where, and what came back. Frozen; no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509

from inspector.certificates.model import Identity
from inspector.history.model import Connection, Headers, Timings


@dataclass(frozen=True, slots=True)
class Trust:
    """How the server's certificate is checked: the OS trust store (`system`) plus `extra_cas`; `insecure` checks nothing."""

    system: bool = True
    extra_cas: tuple[x509.Certificate, ...] = ()
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where a push goes and as whom. `timeout` is seconds for each phase."""

    url: str
    identity: Identity | None = None
    trust: Trust = Trust()
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    headers: Headers = field(default=(), repr=False)
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class SendFailure:
    """Why no answer came: `reason` out of `connect_failed`, `name_not_found`, `tls_refused` (they turned us down),
    `tls_untrusted` (we don't trust them), `tls_failed`, `timeout`, `dropped`, `cancelled`; `alert` is the TLS alert's
    name such as `unknown_ca` where one came; `detail` the system's own text; `message` and `next_step` for people."""

    reason: str
    message: str
    next_step: str
    detail: str = ""
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt: an answer, or a failure, never both. `at` is microseconds since 1970 UTC when it began."""

    at: int
    url: str
    request_headers: Headers
    status: int | None
    http_version: str
    answer_headers: Headers
    answer_body: bytes
    timings: Timings
    connection: Connection | None
    failure: SendFailure | None = None
