"""A push that is in the history before it is known how it is answered: its answer is delayed, or comes from an
upstream, or never. Imports this room's parts.

The history is told when the answer has left, when the client has left before, and when the upstream's answer comes
after that.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Protocol

from inspector.history.model import Forwarded, Settled
from inspector.listener.batch import Batch
from inspector.listener.capture import joined, now
from inspector.listener.forwards import Forwards, reply_of_upstream
from inspector.listener.http_events import Request
from inspector.listener.reply import Reply
from inspector.listener.rule import Fault

# A client that has ended its side may still listen. What is sent to one that does not comes back as a reset.
_HEARING_SECONDS = 0.25


class Asker(Protocol):
    """The client that waits."""

    def answer(self, reply: Reply, *, stay: bool = False) -> None:
        """Give the answer and go on; `stay` leaves the connection open where it would end now."""

    def finish(self) -> None:
        """End the connection."""

    @property
    def is_gone(self) -> bool:
        """Whether it is known to be there no more."""


class Late:
    """One such push, in the history with `detail`. `from_upstream`: the answer is to be the upstream's, else it is
    `reply`; `told`: the history has that already, and only the upstream's is still to come."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Batch,
        request: Request,
        reply: Reply,
        *,
        detail: str | None,
        forwards: Forwards | None,
        from_upstream: bool,
    ) -> None:
        self._loop = loop
        self._batch = batch
        self._request = request
        self._reply = reply
        self._detail = detail
        self._forwards = forwards
        self._from_upstream = from_upstream
        self._told = not (from_upstream or reply.comes_later)
        self._asker: Asker | None = None
        self._id = 0
        self._began = 0.0
        self._left_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._forwarded: Forwarded | None = None
        self._settled: Settled | None = None

    def begin(self, identifier: int, asker: Asker, *, patience: float, hurried: bool) -> None:
        """The push is in the history now: pass it on, and answer when it is time. A silent client is let go after
        `patience` seconds; `hurried` leaves out the delay."""
        self._id = identifier
        self._asker = asker
        self._began = self._loop.time()
        if self._forwards is not None:
            self._forwards.submit(self._request, self._upstream_is_done)
        if asker.is_gone:
            self.client_is_gone()
        elif self._reply.fault is Fault.SILENCE:
            self._timer = self._loop.call_later(0 if hurried else patience, self._break_silence)
        elif self._reply.delay_seconds and not hurried:
            self._timer = self._loop.call_later(self._reply.delay_seconds, self._delay_is_over)
        else:
            self._answer()

    def hurry(self) -> None:
        """The listener stops: the answer is due now."""
        if self._timer is not None:
            self._timer.cancel()
            if self._reply.fault is Fault.SILENCE:
                self._break_silence()
            else:
                self._delay_is_over()

    def client_has_finished(self) -> None:
        """The client has ended its side; mostly it has left."""
        self._left_at = self._loop.time()
        if self._reply.fault is Fault.SILENCE and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._settle(None, self._parting())
            assert self._asker is not None
            self._asker.answer(self._reply)

    def client_is_gone(self) -> None:
        """The connection is no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._settled is None:
            self._settle(None, self._parting())

    def _delay_is_over(self) -> None:
        self._timer = None
        self._answer()

    def _break_silence(self) -> None:
        self._timer = None
        self._settle(None, f"The connection was closed after {self._loop.time() - self._began:.1f} s.")
        assert self._asker is not None
        self._asker.answer(self._reply)

    def _upstream_is_done(self, forwarded: Forwarded) -> None:
        self._forwarded = forwarded
        if self._settled is not None:
            self._write()
        elif self._from_upstream and self._timer is None:
            self._answer()

    def _answer(self) -> None:
        """Give the answer, if it is there."""
        asker, reply = self._asker, self._reply
        assert asker is not None
        if self._from_upstream:
            if self._forwarded is None:
                return
            reply = reply_of_upstream(self._forwarded)
        if self._left_at is None:
            self._settle(reply, "" if self._told else reply.note)
            asker.answer(reply)
        else:
            asker.answer(reply, stay=True)
            self._timer = self._loop.call_later(_HEARING_SECONDS, self._see_whether_heard, reply)

    def _see_whether_heard(self, reply: Reply) -> None:
        self._timer = None
        asker = self._asker
        assert asker is not None
        if asker.is_gone:
            self._settle(None, self._parting())
        else:
            self._settle(reply, "" if self._told else reply.note)
        asker.finish()

    def _parting(self) -> str:
        left_at = self._loop.time() if self._left_at is None else self._left_at
        return f"The client left {left_at - self._began:.1f} s after its push, before it was answered."

    def _settle(self, reply: Reply | None, note: str) -> None:
        """It is known now how the push was answered, if at all."""
        told = self._told and reply is not None
        self._settled = Settled(
            at=now(),
            status=None if reply is None else reply.status,
            answer_headers=() if reply is None else reply.headers,
            answer_body=b"" if reply is None else reply.body,
            detail=joined(self._detail, note) if note else None,
        )
        if not told or self._forwarded is not None:
            self._write()

    def _write(self) -> None:
        assert self._settled is not None
        self._batch.add_settled(self._id, replace(self._settled, forwarded=self._forwarded))
