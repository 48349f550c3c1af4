"""What the check of a connection has seen, for its steps to tell. Frozen. Imports cryptography,
`inspector.certificates` and the sender's records."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from cryptography import x509

from inspector.certificates.describe import BROKEN
from inspector.certificates.read import load_certificate
from inspector.history.model import Timings
from inspector.sender.attempt import Attempt
from inspector.sender.handshake import Handshake
from inspector.sender.model import SendFailure, Target
from inspector.sender.wire import Stream

TLS13 = "TLSv1.3"


@dataclass(frozen=True, slots=True)
class Seen:
    """One handshake. `failure` is why it went no further, `system` the system's own error for that, `phase` where it
    was. `content` is true where a TLS 1.3 server gave a session's ticket after it had asked for our certificate, false
    where it closed instead, None where it said nothing in time (or was not listened to)."""

    attempt: Attempt
    timings: Timings
    stream: Stream | None = None
    failure: SendFailure | None = None
    system: OSError | None = None
    phase: str = ""
    content: bool | None = None

    @property
    def untrusted(self) -> int | None:
        """OpenSSL's number for why we did not take the server (0 where it is not OpenSSL's), None where we did or it
        did not come to that."""
        if isinstance(self.system, ssl.SSLCertVerificationError):
            return int(getattr(self.system, "verify_code", 0))
        return None

    @property
    def handshake(self) -> Handshake:
        return (self.stream.handshake if self.stream is not None else None) or Handshake()

    @property
    def refused_ours(self) -> bool:
        """Whether the server broke off over our certificate, or its absence."""
        return (
            self.failure is not None and self.failure.reason == "tls_refused" and self.handshake.asked
        ) or self.content is False

    @property
    def established(self) -> bool:
        return self.stream is not None and self.stream.established

    @property
    def version(self) -> str | None:
        tls = self.stream.tls if self.stream is not None else None
        return (tls.version() if tls is not None and self.established else None) or self.handshake.version


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen. `first` is the connection as for a push; `unchecked`, where the server was not taken, another
    one without checks and without our certificate; `distrust` is why the chain itself is not trusted."""

    target: Target
    url: str
    host: str
    server_name: str
    where: str
    secure: bool
    first: Seen
    unchecked: Seen | None = None
    distrust: SendFailure | None = None

    @property
    def seen(self) -> Seen:
        """The connection that got further."""
        return self.unchecked or self.first

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The server's certificates as presented; those that can't be read end it."""
        found = []
        for data in self.first.handshake.chain or self.seen.handshake.chain:
            try:
                found.append(load_certificate(data))
            except BROKEN:
                break
        return tuple(found)
