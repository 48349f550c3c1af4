"""The HTTP side of one connection: requests in, captured, answered in order. Imports this room's parts.

It knows the exchange, the batch and the rule for answers; of TLS and the socket only the `Link`.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from inspector.history.model import Advice, Connection, Timings, Written
from inspector.listener import capture
from inspector.listener.answer import NOT_STORED, reply_to_broken
from inspector.listener.http import HttpExchange
from inspector.listener.http_events import Broken, Phase, Request
from inspector.listener.reply import CONTINUE, Reply
from inspector.listener.shared import Shared


class Link(Protocol):
    """What carries the conversation."""

    def send(self, data: bytes) -> None:
        """Send to the client."""

    def finish(self) -> None:
        """Nothing more will be said: end the connection properly."""

    def drop(self) -> None:
        """Close the connection without a word."""

    def settle(self) -> None:
        """The phase may have changed."""


class Conversation:
    """Requests of one client. `complaint` is what strict checks would have said of it, as detail and advice."""

    __slots__ = (
        "_began",
        "_complaint",
        "_delayed",
        "_exchange",
        "_handshake_ms",
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
        handshake_ms: float,
    ) -> None:
        self._shared = shared
        self._link = link
        self._record = record
        self._complaint = complaint
        self._exchange = HttpExchange(shared.limits, shared.known_heads)
        self._handshake_ms: float | None = handshake_ms
        self._request: Request | None = None
        self._reply: Reply | None = None
        self._delayed: asyncio.TimerHandle | None = None
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
            self._link.send(CONTINUE)
        return None

    def client_finished(self) -> None:
        """The client will send nothing more. What waits is answered; what is incomplete is recorded as such."""
        self.their_end = True
        if self._request is not None:
            return
        if (broken := self._exchange.end()) is not None:
            self._take_broken(broken)
        else:
            self._link.finish()

    def time_out(self) -> None:
        """The client took too long over its request."""
        if (broken := self._exchange.time_out()) is not None:
            self._take_broken(broken)

    def hurry(self) -> None:
        """Give the answer that is being delayed now."""
        if self._delayed is not None:
            self._delayed.cancel()
            self._answer()

    def close(self) -> None:
        """The connection is gone. A request that was cut off by that is recorded."""
        if self.over:
            return
        self.over = True
        if self._delayed is not None:
            self._delayed.cancel()
            self._delayed = None
        if self._request is None and (broken := self._exchange.end()) is not None:
            self._take_broken(broken)

    def _take_request(self, request: Request) -> None:
        self.requests += 1
        reply = self._shared.answers.decide(request)
        event = capture.push_event(
            request,
            reply,
            self._record,
            complaint=self._complaint,
            timings=self._timings(),
            body_cap=self._shared.limits.body_bytes,
        )
        self._request, self._reply = request, reply
        self._shared.batch.add_request(event, self._deliver, is_push=request.method == "POST")

    def _take_broken(self, broken: Broken) -> None:
        self.requests += 1
        reply = reply_to_broken(broken)
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
        """The request is in the history (None: could not be put there): answer it, now or after the delay."""
        reply = self._reply
        if self.over or reply is None:
            return
        if written is None and not reply.close:
            reply = self._reply = NOT_STORED
        if reply.delay_seconds and not self._shared.stopping:
            self._delayed = self._shared.loop.call_later(reply.delay_seconds, self._answer)
        else:
            self._answer()

    def _answer(self) -> None:
        request, reply = self._request, self._reply
        assert request is not None
        assert reply is not None
        self._request = self._reply = self._delayed = None
        if reply.status is None:
            if reply.close:
                self._link.finish()
            else:
                self._link.drop()
            return
        keep_alive = (
            request.keep_alive and not reply.close and not self.their_end and not self._shared.stopping
        )
        rendered = self._shared.renderer.render(
            reply, keep_alive=keep_alive, version=request.version, head_only=request.method == "HEAD"
        )
        self._link.send(rendered)
        self._exchange.answered(keep_alive=keep_alive)
        if keep_alive:
            self._link.settle()
        else:
            self._link.finish()
