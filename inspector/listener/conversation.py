"""The HTTP side of one connection: requests in, captured, answered in order. Imports this room's parts.

It knows the exchange, the batch and the rule for answers; of TLS and the socket only the `Link`.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from inspector.history.model import Advice, Connection, NewEvent, Timings, Written
from inspector.listener import capture
from inspector.listener.answer import NOT_STORED, UNDECIDED, reply_to_broken
from inspector.listener.header_clients import ConnectionClients
from inspector.listener.http import HttpExchange
from inspector.listener.http_events import Broken, Phase, Request
from inspector.listener.late import Late
from inspector.listener.reply import CONTINUE, Reply, cut_in_half
from inspector.listener.rule import Fault
from inspector.listener.rule_book import Rest
from inspector.listener.shared import Shared
from inspector.listener.spoil import is_gone, spoil


class Link(Protocol):
    """What carries the conversation."""

    def send(self, data: bytes) -> None:
        """Send to the client."""

    def finish(self) -> None:
        """Nothing more will be said: end the connection properly."""

    def settle(self) -> None:
        """The phase may have changed."""

    @property
    def transport(self) -> asyncio.Transport:
        """What is under it, for ends that are not proper."""


class Conversation:
    """Requests of one client. `complaint` is what strict checks would have said of it, as detail and advice."""

    __slots__ = (
        "_began",
        "_clients",
        "_complaint",
        "_early",
        "_exchange",
        "_handshake_ms",
        "_late",
        "_link",
        "_pieces",
        "_record",
        "_reply",
        "_request",
        "_shared",
        "over",
        "requests",
        "their_end",
    )

    def __init__(
        self,
        shared: Shared,
        link: Link,
        record: Connection,
        *,
        complaint: tuple[str, Advice] | None,
        handshake_ms: float | None,
        clients: ConnectionClients | None = None,
    ) -> None:
        self._shared = shared
        self._link = link
        self._record = record
        self._complaint = complaint
        self._exchange = HttpExchange(shared.limits, shared.known_heads)
        self._handshake_ms = handshake_ms
        self._clients = clients
        self._request: Request | None = None
        self._reply: Reply | None = None
        self._early: tuple[Reply | None, Rest] | None = None
        self._late: Late | None = None
        self._began = 0.0
        self._pieces = 0
        self.requests = 0
        self.their_end = False
        self.over = False

    @property
    def phase(self) -> Phase:
        """Where the request under way is."""
        return self._exchange.phase

    @property
    def held(self) -> int:
        """How many bytes wait to be parsed."""
        return self._exchange.held

    @property
    def answering(self) -> bool:
        """Whether a request waits for its answer."""
        return self._request is not None

    def take(self, data: bytes) -> None:
        """Bytes have come from the client."""
        if self._exchange.phase is Phase.IDLE:
            self._began = self._shared.loop.time()
            self._pieces = 0
        self._pieces += 1
        self._exchange.receive(data)
        self.pump()

    def pump(self) -> None:
        """Deal with what has come, up to the next request that must be answered first."""
        while (event := self._exchange.next_event()) is not None:
            if isinstance(event, Request):
                return self._take_request(event)
            if isinstance(event, Broken):
                return self._take_broken(event)
            if self._is_dropped_early():
                return None
            self._link.send(CONTINUE)
        if self._exchange.phase is Phase.BODY:
            self._is_dropped_early()
        return None

    def client_finished(self) -> None:
        """The client will send nothing more. What waits is answered; what is incomplete is recorded as such."""
        self.their_end = True
        if self._request is not None:
            if self._late is not None:
                self._late.client_has_finished()
            return
        if (broken := self._exchange.end()) is not None:
            self._take_broken(broken)
        else:
            self._link.finish()

    def time_out(self) -> None:
        """The client took too long over its request."""
        if (broken := self._exchange.time_out()) is not None:
            self._take_broken(broken)

    def make_room(self) -> None:
        """The connection is needed for another client: give the request that is still arriving up."""
        if (broken := self._exchange.make_room()) is not None:
            self._take_broken(broken)

    def hurry(self) -> None:
        """Give the answer that is being delayed now."""
        if self._late is not None:
            self._late.hurry()

    def close(self) -> None:
        """The connection is gone. A request that was cut off by that is recorded."""
        if self.over:
            return
        self.over = True
        if self._late is not None:
            self._late.client_is_gone()
        if self._request is None and (broken := self._exchange.end()) is not None:
            self._take_broken(broken)

    def _take_request(self, request: Request) -> None:
        self.requests += 1
        answers = self._shared.answers
        refusal = self._identify(request) if self._clients is not None else None
        reply = refusal or answers.decide(request)
        event = capture.push_event(
            request,
            answers.usual if reply is UNDECIDED else reply,
            self._record,
            complaint=self._complaint,
            timings=self._timings(),
            body_cap=self._shared.limits.body_bytes,
        )
        if answers.special and request.method == "POST":
            reply, event = self._take_specially(request, reply, event)
        self._request, self._reply = request, reply
        self._shared.batch.add_request(event, self._deliver, is_push=request.method == "POST")

    def _identify(self, request: Request) -> Reply | None:
        """Behind a proxy that ends TLS each request has a client of its own. Returns what a push of one that is not
        let in is answered."""
        if self._clients is None:
            return None
        client = self._clients.of(request.headers)
        self._record, self._complaint = client.record, client.complaint
        return client.refusal if request.method == "POST" else None

    def _take_specially(self, request: Request, reply: Reply, event: NewEvent) -> tuple[Reply, NewEvent]:
        """What only some listeners do with a push: rules, a later answer, an upstream, headers it should have."""
        answers = self._shared.answers
        early, rest = self._early or (None, None)
        self._early = None
        if reply is UNDECIDED:
            reply = early or answers.choose(event, rest)
        forwards = answers.forwards
        if reply.refused or reply.fault is Fault.DROP_EARLY:
            forwards = None
        from_upstream = forwards is not None and forwards.upstream.returns_answer and not reply.insists
        later = from_upstream or reply.comes_later
        problems = answers.header_problems(request.headers)
        complaint = None if self._complaint is None else self._complaint[0]
        event = capture.with_reply(event, reply, complaint, problems, later=later)
        if forwards is not None or later:
            self._late = Late(
                self._shared.loop,
                self._shared.batch,
                request,
                reply,
                detail=event.detail,
                forwards=forwards,
                from_upstream=from_upstream,
            )
        return reply, event

    def _is_dropped_early(self) -> bool:
        """Close the connection while the body is on its way, if that is what the push is to be answered."""
        answers = self._shared.answers
        if not answers.drops_early or self._early is not None:
            return False
        head = self._exchange.head
        if self._identify(head) is not None:
            return False
        reply, _rest = self._early = answers.choose_early(head)
        if reply is None or reply.fault is not Fault.DROP_EARLY:
            return False
        broken = self._exchange.end()
        assert broken is not None
        self.requests += 1
        self._early = None
        self._request, self._reply = broken.request, reply
        complaint = None if self._complaint is None else self._complaint[0]
        event = capture.dropped_event(broken, reply, self._record, complaint)
        self._shared.batch.add_request(event, self._deliver, is_push=False)
        return True

    def _take_broken(self, broken: Broken) -> None:
        self.requests += 1
        reply = reply_to_broken(broken)
        self._identify(broken.request)
        self._request, self._reply = broken.request, reply
        event = capture.broken_event(broken, reply, self._record)
        self._shared.batch.add_request(event, self._deliver, is_push=False)

    def _timings(self) -> Timings | None:
        """The first request carries the handshake's; reading takes time only where it came in pieces."""
        if self._handshake_ms is None and self._pieces == 1:
            return None
        read = (self._shared.loop.time() - self._began) * 1000
        timings = Timings(tls=self._handshake_ms, read=read)
        self._handshake_ms = None
        return timings

    def _deliver(self, written: Written | None) -> None:
        """The request is in the history (None: could not be put there): answer it, now or when its time comes."""
        reply, late, shared = self._reply, self._late, self._shared
        if late is not None and written is not None:
            late.begin(written.id, self, patience=shared.limits.idle_seconds, hurried=shared.stopping)
        elif not self.over and reply is not None:
            self.answer(NOT_STORED if written is None and not reply.close else reply)

    # What asks for a late answer

    def answer(self, reply: Reply, *, stay: bool = False) -> None:
        """Give the answer to the request that waits for it; `stay` does not end the connection yet."""
        request, link = self._request, self._link
        assert request is not None
        self._request = self._reply = None
        if not stay:
            self._late = None
        if reply.status is None and reply.close:
            link.finish()
            return
        if reply.status is None:
            spoil(link.transport, reply.fault)
            return
        whole = reply.fault is Fault.NONE
        keep_alive = not whole or (
            request.keep_alive and not reply.close and not self.their_end and not self._shared.stopping
        )
        rendered = self._shared.renderer.render(
            reply, keep_alive=keep_alive, version=request.version, head_only=request.method == "HEAD"
        )
        if not whole:
            link.send(cut_in_half(rendered))
            spoil(link.transport, reply.fault)
            return
        link.send(rendered)
        self._exchange.answered(keep_alive=keep_alive)
        if keep_alive:
            link.settle()
        elif not stay:
            link.finish()

    def finish(self) -> None:
        """End the connection."""
        self._late = None
        self._link.finish()

    @property
    def is_gone(self) -> bool:
        """Whether the client is known to be there no more."""
        return self.over or is_gone(self._link.transport)
