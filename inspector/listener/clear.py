"""A session without TLS, with the face of `tls.TlsSession`: for connections from a proxy that ends TLS.

Imports this room's `verify` for its Watch, which sees nothing here.
"""

from __future__ import annotations

from inspector.listener.verify import Watch


class ClearSession:
    """Bytes in are bytes out. Never fails; the end of the connection is its only end."""

    __slots__ = ("_outgoing", "closed", "failure", "watch")

    def __init__(self) -> None:
        self.watch = Watch()
        self.closed = False
        self.failure: str | None = None
        self._outgoing = b""

    def receive(self, data: bytes | memoryview) -> bytes:
        """Take bytes off the wire."""
        return bytes(data)

    def send(self, data: bytes) -> None:
        """Have `data` ready for `outgoing`."""
        self._outgoing += data

    def close(self) -> None:
        """There is nothing to say about the end."""

    def outgoing(self) -> bytes:
        """What is to be written to the client now."""
        data, self._outgoing = self._outgoing, b""
        return data
