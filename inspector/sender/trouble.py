"""What is known of an attempt that failed: the evidence that the diagnosis looks at. Imports the sender's
records."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.certificates.model import Identity
from inspector.sender.handshake import Handshake
from inspector.sender.model import Proxy


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failed attempt. `error` is what ended it and `system` the system's or OpenSSL's own error before
    that; `phase` is where it was (resolve, connect, tls, send, wait, read). `where` is host and port, `host` the
    host alone, `secure` whether https was asked for. `status` is the answer's if it got so far, `answered`
    how many bytes of an answer had come, `first` the first bytes the server sent on the connection,
    `reused` says that the connection was kept alive from a push before. `proxy` is the HTTP proxy on the way,
    `tls_versions` are the least and the latest that we speak."""

    error: Exception
    system: OSError | None
    phase: str
    where: str
    host: str
    secure: bool
    timeout: float
    identity: Identity | None = None
    handshake: Handshake = field(default_factory=Handshake)
    status: int | None = None
    answered: int = 0
    first: bytes = b""
    reused: bool = False
    proxy: Proxy | None = None
    tls_versions: tuple[str, str] = ("1.2", "1.3")

    @property
    def detail(self) -> str:
        """The system's own text."""
        return str(self.system or self.error)
