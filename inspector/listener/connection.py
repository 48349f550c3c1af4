"""One client's connection: an asyncio Protocol that joins the TLS session and the HTTP conversation.

Imports this room's parts. It owns the socket, the timer and the order of things; TLS and HTTP know neither.

    OPENING --first bytes--> HANDSHAKE --done--> OPEN --last answer--> DRAINING --> CLOSED
       |                        |                                         ^
       +--plain HTTP, not TLS---+--refused: the alert, then---------------+

Behind a proxy that ends TLS, a connection is OPEN with its first bytes.

DRAINING: our side is ended (FIN), what the client still sends is read and thrown away for a moment. Were the
socket closed with unread bytes in it, the kernel would reset the connection, and the client would lose the
alert or answer.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import cast

from inspector.certificates.model import Verdict
from inspector.history.model import Advice, Connection
from inspector.listener.clear import ClearSession
from inspector.listener.conversation import Conversation
from inspector.listener.entrance import Entrance
from inspector.listener.http_events import Phase
from inspector.listener.opening import HANDSHAKE_RECORD, Opening, classify
from inspector.listener.places import Seniority, Stage, seniority
from inspector.listener.proxy_protocol import begins_like_announcement
from inspector.listener.refusal import judge, judge_leniently
from inspector.listener.reply import plain_http_reply, tls_reply
from inspector.listener.shared import Shared
from inspector.listener.timer import Timer
from inspector.listener.tls import TlsSession
from inspector.listener.wrong_door import had_to_leave, tls_to_plain_http

# Bytes of requests to come that are held while one is being answered; then the socket is no longer read.
_MOST_HELD = 64 * 1024
_SEND_BUFFER = 32 * 1024


class ClientConnection(asyncio.BufferedProtocol):
    """One client, from accept to close."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._stage = Stage.OPENING
        self._timer = Timer(shared.loop, self._time_is_up)
        self._began = shared.loop.time()
        self._buffer = shared.read_buffer()
        self._reading = True
        self._choked = False
        self._session: TlsSession | ClearSession | None = None
        self._conversation: Conversation | None = None
        self._phase = Phase.IDLE
        self._recorded = False
        self._since = self._began
        self.idle_since: float | None = self._began

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        address, local = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self._entrance = Entrance(address, local, self._shared.proxy_protocol_from)
        if not self._shared.admit(self):
            self._stage = Stage.CLOSED
            self._transport.abort()
            return
        # Answers are short. The system's own buffer would grow to megabytes for a client that reads none of
        # them.
        with suppress(OSError):  # macOS refuses this where the client has reset the connection already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._timer.set(self._shared.limits.handshake_seconds)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 (as asyncio calls it)
        """Where the next bytes are to go. They are used up before this is asked again."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._stage is Stage.OPEN:
            self._take(self._buffer[:nbytes])
        elif self._stage is Stage.HANDSHAKE:
            self._shake_hands(self._buffer[:nbytes])
        elif self._stage is Stage.OPENING:
            self._open(bytes(self._buffer[:nbytes]))

    def eof_received(self) -> bool:
        """Returns whether the transport stays open for what is still to be written."""
        if self._stage is Stage.OPENING or self._stage is Stage.HANDSHAKE:
            self._gone_early()
        elif self._stage is Stage.OPEN and self._conversation is not None:
            self._conversation.client_finished()
            return self._conversation.answering
        return False

    def connection_lost(self, error: Exception | None) -> None:
        if self._stage is Stage.OPENING or self._stage is Stage.HANDSHAKE:
            self._gone_early()
        self._stage = Stage.CLOSED
        self._timer.stop()
        if self._conversation is not None:
            self._conversation.close()
            left = error is not None or self._conversation.their_end
            if left and not self._conversation.requests and not self._recorded:
                self._record(self._entrance.silence(self._session))
        self._shared.forget(self)

    def pause_writing(self) -> None:
        """The client does not read what it is sent: read no more from it either."""
        self._choked = True
        self._timer.set(self._shared.limits.body_seconds)
        self._steer_reading()

    def resume_writing(self) -> None:
        self._choked = False
        if self._stage is Stage.OPEN:
            self.settle()

    # What the listener calls

    def seniority(self, now: float) -> Seniority | None:
        """How soon it must make room for a new one."""
        phase = None if self._conversation is None else self._conversation.phase
        return seniority(self._stage, phase, began=self._began, since=self._since, now=now)

    def evict(self) -> None:
        """Make room for a new connection."""
        conversation = self._conversation
        if self._stage is Stage.OPENING or self._stage is Stage.HANDSHAKE:
            if self._entrance.first_bytes:
                self._record(had_to_leave(self._shared.limits.connections))
            else:
                self._shared.bare_connects += 1
            self._stage = Stage.CLOSED
            self._transport.close()
        elif self._stage is Stage.DRAINING or conversation is None:
            self._transport.abort()
        elif conversation.phase is Phase.IDLE:
            self.idle_since = None
            self.finish()
        else:
            conversation.make_room()
            self.settle()

    def shut_down(self) -> None:
        """The listener stops: finish the request under way, answer what waits, begin nothing new."""
        if self._stage is Stage.OPENING or self._stage is Stage.HANDSHAKE:
            self._stage = Stage.CLOSED
            self._transport.close()
        elif self._stage is Stage.OPEN and self._conversation is not None:
            if self._conversation.phase is Phase.IDLE:
                self.finish()
            else:
                self._conversation.hurry()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    # The handshake

    def _open(self, piece: bytes) -> None:
        data = self._entrance.take(piece)
        if isinstance(data, Verdict):
            self._record(data)
            self._drain()
        elif data and self._shared.clients is not None:
            self._open_clear(data, self._shared.clients.header)
        elif data:
            self._open_tls(data)

    def _open_tls(self, data: bytes) -> None:
        opening = classify(data)
        if opening is Opening.TLS:
            self._session = TlsSession(self._shared.tls)
            self._stage = Stage.HANDSHAKE
            self._shake_hands(data)
        elif opening is not Opening.UNDECIDED:
            self._refuse(opening=opening)
            if opening is Opening.HTTP:
                self._transport.write(plain_http_reply(self._shared.url))
            self._drain()

    def _open_clear(self, data: bytes, header: str) -> None:
        """Plain HTTP, as it comes from a proxy that ends TLS."""
        if data[0] == HANDSHAKE_RECORD:
            self._record(tls_to_plain_http(data, header))
            self._transport.write(tls_reply(self._shared.url))
            self._drain()
        elif begins_like_announcement(data):
            self._refuse(opening=Opening.OTHER)
            self._drain()
        else:
            session = self._session = ClearSession()
            self._converse(self._entrance.connection(), None)
            self._take_plaintext(session, data)

    def _shake_hands(self, data: bytes | memoryview) -> None:
        session = self._session
        assert isinstance(session, TlsSession)
        plaintext = session.receive(data)
        if not session.established or session.failure is not None or session.owes_finished:
            self._write(session)  # what TLS 1.3 has left to say, session tickets, may go with the answer
        if session.established:
            self._established(session)
            self._take_plaintext(session, plaintext)
        elif session.failure is not None:
            self._refuse()
            self._drain()

    def _established(self, session: TlsSession) -> None:
        shared = self._shared
        chain = session.client_chain()
        complaint = trusted = None
        if session.tls.wants_certificate:
            verdict = judge_leniently(session.tls, session.watch, chain, shared.known_certificates)
            trusted = verdict is None
            if verdict is not None:
                advice = Advice(verdict.happened, verdict.cause, verdict.remedy)
                complaint = (f"{verdict.reason}: {verdict.detail}", advice)
        certificate = shared.records.record(chain)
        self._converse(self._entrance.connection(certificate, trusted, session.facts()), complaint)

    def _converse(self, record: Connection, complaint: tuple[str, Advice] | None) -> None:
        """Requests may come."""
        self._stage = Stage.OPEN
        self._entrance.first_bytes = b""
        shared = self._shared
        handshake_ms = clients = None
        if shared.clients is None:
            handshake_ms = (shared.loop.time() - self._began) * 1000
        else:
            clients = shared.clients.of_connection(self._entrance)
        self._conversation = Conversation(
            shared, self, record, complaint=complaint, handshake_ms=handshake_ms, clients=clients
        )
        self.settle()

    def _gone_early(self) -> None:
        """The client left before the handshake was done."""
        if self._entrance.first_bytes:
            self._refuse(ended=True)
        else:
            self._record(None)
        self._stage = Stage.CLOSED

    def _refuse(
        self, *, opening: Opening | None = None, timed_out: bool = False, ended: bool = False
    ) -> None:
        """Have the failed handshake judged and recorded."""
        session, shared = self._session, self._shared
        assert not isinstance(session, ClearSession)
        verdict = self._entrance.cut_off(timed_out=timed_out) or judge(
            shared.tls if session is None else session.tls,
            session,
            opening=opening or (Opening.UNDECIDED if session is None else Opening.TLS),
            first_bytes=self._entrance.first_bytes,
            timed_out=timed_out,
            ended=ended,
            known=shared.known_certificates,
        )
        self._record(verdict)

    def _record(self, verdict: Verdict | None) -> None:
        """Have a connection that never came to requests recorded; without a verdict it is only counted."""
        self._recorded = True
        if verdict is None or self._entrance.own:  # a load balancer tries whether we are there
            self._shared.bare_connects += 1
        else:
            session = self._session if isinstance(self._session, TlsSession) else None
            self._shared.batch.add_refusal(*self._entrance.refusal(verdict, session))

    # The conversation

    def _take(self, data: memoryview) -> None:
        session = self._session
        assert session is not None
        plaintext = session.receive(data)
        if session.watch.alert_sent is not None:
            self._write(session)
        self._take_plaintext(session, plaintext)

    def _take_plaintext(self, session: TlsSession | ClearSession, plaintext: bytes) -> None:
        conversation = self._conversation
        assert conversation is not None
        if plaintext:
            conversation.take(plaintext)
        if session.failure is not None:
            self._broken_off(conversation)
        elif session.closed and not conversation.their_end:
            conversation.client_finished()
        if self._stage is Stage.OPEN:
            self.settle()

    def _broken_off(self, conversation: Conversation) -> None:
        """TLS itself failed after the handshake: in TLS 1.3 a client may only now say that it does not trust
        us."""
        if not conversation.requests and conversation.phase is Phase.IDLE:
            self._refuse()
        conversation.close()
        self._drain()

    # The conversation's Link

    def send(self, data: bytes) -> None:
        session = self._session
        if session is not None and self._stage is Stage.OPEN:
            session.send(data)
            self._write(session)

    def finish(self) -> None:
        if self._stage is not Stage.OPEN:
            return
        session, conversation = self._session, self._conversation
        assert session is not None
        assert conversation is not None
        session.close()
        self._write(session)
        if conversation.their_end or conversation.phase is Phase.IDLE:
            self._stage = Stage.CLOSED  # nothing of theirs can be on its way, or nothing that matters
            self._transport.close()
        else:
            self._drain()

    @property
    def transport(self) -> asyncio.Transport:
        return self._transport

    def settle(self) -> None:
        """Fit the timer, the place among the idle ones and the reading to where the request under way is."""
        conversation, shared = self._conversation, self._shared
        if conversation is None or self._choked or self._stage is not Stage.OPEN:
            return
        if conversation.phase is Phase.IDLE and conversation.held:
            conversation.pump()
        phase = conversation.phase
        if phase is Phase.IDLE:
            self.idle_since = self._since = self._timer.set(shared.limits.idle_seconds)
        elif phase is not self._phase:
            self.idle_since = None
            if phase is Phase.HEAD:
                self._since = self._timer.set(shared.limits.header_seconds)
            elif phase is Phase.BODY:
                self._since = self._timer.set(shared.limits.body_seconds)
            else:
                self._timer.clear()
        self._phase = phase
        if not self._reading or conversation.held:
            self._steer_reading()

    # The socket

    def _write(self, session: TlsSession | ClearSession) -> None:
        data = session.outgoing()
        if data:
            self._transport.write(data)

    def _drain(self) -> None:
        self._stage = Stage.DRAINING
        self._steer_reading()
        try:
            if self._transport.can_write_eof():
                self._transport.write_eof()
        except OSError:  # the client has reset the connection in the meantime
            self._transport.abort()
            return
        self._since = self._timer.set(self._shared.limits.drain_seconds)

    def _steer_reading(self) -> None:
        """Read from the socket, or don't: bytes that nobody takes must wait at the client's."""
        conversation = self._conversation
        read = self._stage is Stage.DRAINING or not (
            self._choked or (conversation is not None and conversation.held > _MOST_HELD)
        )
        if read is not self._reading and not self._transport.is_closing():
            self._reading = read
            if read:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def _time_is_up(self) -> None:
        conversation = self._conversation
        if self._stage is Stage.OPENING or self._stage is Stage.HANDSHAKE:
            if self._entrance.first_bytes:
                self._refuse(timed_out=True)
                self._drain()
            else:
                self._gone_early()
                self._transport.close()
        elif self._stage is Stage.DRAINING or self._choked or conversation is None:
            self._transport.abort()
        elif conversation.phase is Phase.IDLE:
            self.finish()
        else:
            conversation.time_out()
            self.settle()
