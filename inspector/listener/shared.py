"""What the connections of one listener share. Lives in the loop's thread. Imports this room's parts."""

from __future__ import annotations

import asyncio

from cryptography import x509

from inspector.listener.answer import AnswerRule
from inspector.listener.batch import Batch
from inspector.listener.config import Limits, ListenerConfig
from inspector.listener.header_clients import HeaderClients
from inspector.listener.http import KnownHeads
from inspector.listener.peer import CertificateRecords
from inspector.listener.places import Member, Places
from inspector.listener.proxy_protocol import Network
from inspector.listener.reply import Renderer
from inspector.listener.tls import ServerTls

_BUFFER_BYTES = 64 * 1024
_MAKE_NEW_ANSWERS = ("auth", "basic_user", "basic_password", "expected_headers", "upstream")
_SECONDS_TO_END = 30.0  # for what an upstream of before has still to answer


def _new_buffer() -> memoryview:
    return memoryview(bytearray(_BUFFER_BYTES))


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
        proxy_protocol_from: tuple[Network, ...] = (),
        certificate_header: str = "",
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
        self.proxy_protocol_from = proxy_protocol_from
        # Whom requests in plain HTTP are from; None where TLS is spoken.
        self.clients = self._clients_of(certificate_header)
        self._known = known_certificates
        self._ending: dict[asyncio.Task[None], AnswerRule] = {}
        # One buffer serves all where the loop fills it and hands it over in one go. asyncio's plain protocol
        # would
        # have it allocate 256 KB for every read, which costs more than decrypting a push.
        self._buffer = _new_buffer() if isinstance(loop, asyncio.SelectorEventLoop) else None
        self.places = Places()

    def _clients_of(self, header: str) -> HeaderClients | None:
        if not header:
            return None
        return HeaderClients(header, lambda: self.tls, lambda: self.known_certificates, self.loop.time)

    def reconfigure(self, old: ListenerConfig, new: ListenerConfig, tls: ServerTls) -> None:
        """Go on with another config. TLS and the caps count for new connections, the rest from the next request."""
        self.tls = tls
        self._known = new.known_certificates
        self.proxy_protocol_from = new.proxy_protocol_from
        if old.limits != new.limits:
            self.limits = new.limits
            self.known_heads = KnownHeads()  # they were let through by the caps of before
        if old.certificate_header != new.certificate_header:
            self.clients = self._clients_of(new.certificate_header)
        if any(getattr(old, name) != getattr(new, name) for name in _MAKE_NEW_ANSWERS):
            self._replace_answers(AnswerRule.of(new, self.loop, self.answers))
            return
        # Counting goes on in what stays as it is.
        if old.answer != new.answer:
            self.answers.set_answer(new.answer)
        if old.rules != new.rules:
            self.answers.set_rules(new.rules)

    def _replace_answers(self, answers: AnswerRule) -> None:
        before, self.answers = self.answers, answers
        if before.forwards is not None and before.forwards is not answers.forwards:
            ending = self.loop.create_task(before.end(_SECONDS_TO_END))
            self._ending[ending] = before
            ending.add_done_callback(self._ending.pop)

    async def end_forwards(self, seconds: float) -> None:
        """Bring what is being passed on to an end within so many seconds, to upstreams of before, too."""
        await asyncio.gather(*(answers.end(seconds) for answers in (self.answers, *self._ending.values())))

    def read_buffer(self) -> memoryview:
        """What a new connection reads into. Windows' loop fills buffers while others are in use: one for
        each."""
        return _new_buffer() if self._buffer is None else self._buffer

    def admit(self, connection: Member) -> bool:
        """Count a new connection in; False where it is to be turned away, as the listener stops, or all places
        are taken by clients that are being answered."""
        welcome = self.places.admit(connection, self.limits.connections, self.loop.time())
        return welcome and not self.stopping

    def forget(self, connection: Member) -> None:
        """The connection is no more."""
        self.places.forget(connection)

    def open_connections(self) -> list[Member]:
        """All there are now."""
        return self.places.all()

    async def none_left(self) -> None:
        """Wait until there is none."""
        await self.places.none_left()

    @property
    def known_certificates(self) -> tuple[x509.Certificate, ...]:
        """Certificates that may tell whose intermediate a client has left out."""
        return (*self._known, *self.records.intermediates())
