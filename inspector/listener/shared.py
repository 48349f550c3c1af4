"""What the connections of one listener share. Lives in the loop's thread. Imports this room's parts."""

from __future__ import annotations

import asyncio
from typing import Protocol

from cryptography import x509

from inspector.listener.answer import AnswerRule
from inspector.listener.batch import Batch
from inspector.listener.config import Limits
from inspector.listener.http import KnownHeads
from inspector.listener.peer import CertificateRecords
from inspector.listener.reply import Renderer
from inspector.listener.tls import ServerTls

_BUFFER_BYTES = 64 * 1024


def _new_buffer() -> memoryview:
    return memoryview(bytearray(_BUFFER_BYTES))


class Member(Protocol):
    """A connection, as far as the others need to know it."""

    @property
    def idle_since(self) -> float | None:
        """The loop's time since when no request is under way, None while one is."""

    def evict(self) -> None: ...

    def shut_down(self) -> None: ...

    def abort(self) -> None: ...


class Shared:
    """The settings and the common parts. `tls` may be replaced at any time: it counts for new connections."""

    def __init__(
        self,
        *,
        loop: asyncio.AbstractEventLoop,
        tls: ServerTls,
        limits: Limits,
        url: str,
        answers: AnswerRule,
        batch: Batch,
        renderer: Renderer,
        known_certificates: tuple[x509.Certificate, ...],
    ) -> None:
        self.loop = loop
        self.tls = tls
        self.limits = limits
        self.url = url
        self.answers = answers
        self.batch = batch
        self.renderer = renderer
        self.records = CertificateRecords()
        self.known_heads = KnownHeads()
        self.stopping = False
        self.bare_connects = 0
        self._known = known_certificates
        # One buffer serves all where the loop fills it and hands it over in one go. asyncio's plain protocol
        # would
        # have it allocate 256 KB for every read, which costs more than decrypting a push.
        self._buffer = _new_buffer() if isinstance(loop, asyncio.SelectorEventLoop) else None
        self._open: set[Member] = set()
        self._none_left = asyncio.Event()
        self._none_left.set()

    def read_buffer(self) -> memoryview:
        """What a new connection reads into. Windows' loop fills buffers while others are in use: one for
        each."""
        return _new_buffer() if self._buffer is None else self._buffer

    def admit(self, connection: Member) -> bool:
        """Count a new connection in. Over the cap the one that has been idle for longest makes room; where
        all are busy, or the listener stops, the new one is to be turned away (False)."""
        welcome = not self.stopping
        if welcome and len(self._open) >= self.limits.connections:
            idle = [(since, one) for one in self._open if (since := one.idle_since) is not None]
            if idle:
                min(idle, key=lambda found: found[0])[1].evict()
            else:
                welcome = False
        self._open.add(connection)
        self._none_left.clear()
        return welcome

    def forget(self, connection: Member) -> None:
        """The connection is no more."""
        self._open.discard(connection)
        if not self._open:
            self._none_left.set()

    def open_connections(self) -> list[Member]:
        """All there are now."""
        return list(self._open)

    async def none_left(self) -> None:
        """Wait until there is none."""
        await self._none_left.wait()

    @property
    def known_certificates(self) -> tuple[x509.Certificate, ...]:
        """Certificates that may tell whose intermediate a client has left out."""
        return (*self._known, *self.records.intermediates())
