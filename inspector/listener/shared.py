"""What the connections of one listener share. Lives in the loop's thread. Imports this room's parts."""

from __future__ import annotations

import asyncio
from typing import Protocol

from cryptography import x509

from inspector.listener.answer import AnswerRule
from inspector.listener.batch import Batch
from inspector.listener.config import Limits
from inspector.listener.peer import CertificateRecords
from inspector.listener.reply import Renderer
from inspector.listener.tls import ServerTls


class Member(Protocol):
    """A connection, as far as the others need to know it."""

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
        self.stopping = False
        self.bare_connects = 0
        self._known = known_certificates
        self._open: set[Member] = set()
        # Those with no request under way, the one that has been so for longest first.
        self._idle: dict[Member, None] = {}
        self._none_left = asyncio.Event()
        self._none_left.set()

    def admit(self, connection: Member) -> bool:
        """Count a new connection in. Over the cap the one that has been idle for longest makes room; where
        all are busy the new one is turned away (False)."""
        if len(self._open) >= self.limits.connections:
            idlest = next(iter(self._idle), None)
            if idlest is None:
                return False
            self.mark_busy(idlest)
            idlest.evict()
        self._open.add(connection)
        self._idle[connection] = None
        self._none_left.clear()
        return True

    def forget(self, connection: Member) -> None:
        """The connection is no more."""
        self._open.discard(connection)
        self._idle.pop(connection, None)
        if not self._open:
            self._none_left.set()

    def mark_idle(self, connection: Member) -> None:
        """No request is under way on it, from now on."""
        if connection in self._open:
            self._idle.pop(connection, None)
            self._idle[connection] = None

    def mark_busy(self, connection: Member) -> None:
        """A request is under way on it."""
        self._idle.pop(connection, None)

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
