"""What is sent where, and what came back. Frozen; no I/O. Types of certificates are only named, so that this module
is light to import: the window needs it before it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.history.model import Connection, Headers, Timings

if TYPE_CHECKING:
    from cryptography import x509

    from inspector.certificates.model import Identity


@dataclass(frozen=True, slots=True)
class Trust:
    """How the server's certificate is checked: the OS trust store (`system`) plus `extra_cas`; `insecure`
    checks nothing; with a `pin` (SHA-256, lower-case hex) it must be exactly that one, whatever its name and age."""

    system: bool = True
    extra_cas: tuple[x509.Certificate, ...] = ()
    insecure: bool = False
    pin: str = ""

    @property
    def verifies(self) -> bool:
        """Whether a chain, its times and the name are verified."""
        return not (self.insecure or self.pin)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that connections are tunnelled through (CONNECT, RFC 9110 9.3.6), https and http alike."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a push goes and as whom. `timeout` is seconds for each phase, `connect_timeout` for each of those until the
    connection stands (resolve, connect, TLS), None: as `timeout`. `tls_min` and `tls_max` are `1.2` or `1.3`.
    `server_name` is asked for (SNI), and looked for in the certificate, in the place of the URL's host."""

    url: str
    identity: Identity | None = None
    trust: Trust = Trust()
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    headers: Headers = field(default=(), repr=False)
    timeout: float = 30.0
    connect_timeout: float | None = None
    tls_min: str = "1.2"
    tls_max: str = "1.3"
    proxy: Proxy | None = None
    server_name: str = ""


@dataclass(frozen=True, slots=True)
class SendFailure:
    """Why no answer came. `alert` is the TLS alert's name such as `unknown_ca` where one came, `detail` the
    system's own text, `message` and `next_step` are for people. `reason` is one of

    - `name_not_found`, `connect_failed`: no connection, to the target or its proxy;
    - `proxy_refused`: the HTTP proxy turned us down; `proxy_failed`: it is none, or broke off;
    - `tls_refused`: they turned us down, by an alert; `tls_untrusted`: we don't trust them; `not_tls`:
      https was asked for, but the port does not speak TLS; `tls_failed`: any other failure of TLS;
    - `tls_expected`: http was asked for, but the port speaks TLS;
    - `timeout`: a phase took longer than the target's timeout; `dropped`: the connection ended before the
      answer did; `invalid_answer`: what came is not HTTP;
    - `cancelled`: we gave up because we were asked to.
    """

    reason: str
    message: str
    next_step: str
    detail: str = ""
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class ClientAuth:
    """What a TLS server wanted to know of us: whether it asked for a client certificate, whether we
    presented one, and the names of the CAs that it takes clients from (empty where it did not say)."""

    asked: bool
    presented: bool
    issuers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt: an answer, or a failure, never both. `at` is microseconds since 1970 UTC when it began.

    `answer_body` is as received, still encoded where the server did so without being asked; `truncated`
    says that it was too long and only its beginning was kept. `client_auth` is None without TLS, and where
    a connection failed too early to know. `number` is the place in a run, from 0.
    """

    at: int
    url: str
    request_headers: Headers = field(repr=False)
    status: int | None
    http_version: str
    answer_headers: Headers
    answer_body: bytes = field(repr=False)
    timings: Timings
    connection: Connection | None
    failure: SendFailure | None = None
    truncated: bool = False
    client_auth: ClientAuth | None = None
    number: int = 0
