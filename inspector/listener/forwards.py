"""Passes pushes on to an upstream, in threads of their own, so that a slow one holds up nobody. Imports asyncio,
threading, history's records and the words for an upstream and for answers.

The threads are daemons: one that hangs in the system does not keep the program from ending.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

from inspector.history.model import Advice, Forwarded, Headers
from inspector.listener.config import Upstream
from inspector.listener.http_events import Request
from inspector.listener.reply import Reply

_log = logging.getLogger(__name__)

_MOST_THREADS = 16
_MOST_WAITING = 2000
_LAST_WORDS_SECONDS = 1.0
_STATUSES = {"timeout": 504, "forward_loop": 508, "overloaded": 503}
# RFC 9110 7.6.1, and what follows from the body as we send it.
_NOT_PASSED_ON = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

Done = Callable[[Forwarded], None]


class Forwards:
    """Pushes under way to one upstream. Used in the loop's thread; `upstream.forward` runs in up to 16 others."""

    def __init__(self, loop: asyncio.AbstractEventLoop, upstream: Upstream) -> None:
        self.upstream = upstream
        self._loop = loop
        self._queue: SimpleQueue[tuple[int, Request] | None] = SimpleQueue()
        self._under_way: dict[int, Done] = {}
        self._threads = 0
        self._last = 0
        self._ended = False
        self._none_left = asyncio.Event()
        self._none_left.set()

    def submit(self, request: Request, done: Done) -> None:
        """Pass a push on; `done` is called, later and in the loop's thread, with what became of it."""
        if (refusal := self._refusal(request)) is not None:
            self._loop.call_soon(done, refusal)
            return
        self._last += 1
        self._under_way[self._last] = done
        self._none_left.clear()
        self._queue.put((self._last, request))
        if self._threads < min(_MOST_THREADS, len(self._under_way)):
            self._threads += 1
            name = f"push-inspector-forward-{self._threads}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    async def end(self, seconds: float) -> None:
        """Wait for what is under way, break off what takes too long, and begin nothing new: all that within
        `seconds`."""
        last_words = min(_LAST_WORDS_SECONDS, seconds / 2)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_left.wait(), seconds - last_words)
        self._ended = True
        self.upstream.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_left.wait(), last_words)
        for _ in range(self._threads):
            self._queue.put(None)
        for number in list(self._under_way):
            self._finish(
                number, self._not_forwarded("cancelled", "The listener was stopped before it answered.")
            )

    def _refusal(self, request: Request) -> Forwarded | None:
        """Why a push is not passed on at all."""
        mark = self.upstream.mark
        if mark and any(name.lower() == "via" and mark in value for name, value in request.headers):
            return self._not_forwarded(
                "forward_loop",
                "The push has come back to this listener, which had passed it on.",
                "Have the upstream, or what stands between, lead somewhere else.",
            )
        if self._ended:
            return self._not_forwarded("cancelled", "The listener was about to stop.")
        if len(self._under_way) >= _MOST_WAITING:
            return self._not_forwarded(
                "overloaded",
                f"{_MOST_WAITING} pushes were waiting for the upstream already.",
                "Send fewer at a time, or have the upstream answer faster.",
            )
        return None

    def _not_forwarded(self, reason: str, happened: str, remedy: str = "") -> Forwarded:
        return Forwarded(self.upstream.address, reason=reason, advice=Advice(happened, remedy=remedy))

    def _finish(self, number: int, forwarded: Forwarded) -> None:
        done = self._under_way.pop(number, None)
        if not self._under_way:
            self._none_left.set()
        if done is not None:
            done(forwarded)

    # In a thread of its own

    def _work(self) -> None:
        while (order := self._queue.get()) is not None:
            number, request = order
            forwarded = self._forward(request)
            try:
                self._loop.call_soon_threadsafe(self._finish, number, forwarded)
            except RuntimeError:  # the loop has ended
                return

    def _forward(self, request: Request) -> Forwarded:
        try:
            return self.upstream.forward(request.method, request.target, request.headers, request.body)
        except Exception as error:  # noqa: BLE001 (whatever an upstream raises, the push is answered)
            _log.exception("a push could not be passed on")
            return self._not_forwarded("failed", f"Passing the push on failed: {type(error).__name__}.")


def reply_of_upstream(forwarded: Forwarded) -> Reply:
    """What the client is answered for what became of its push at the upstream."""
    if forwarded.status is not None:
        return Reply(
            forwarded.status, end_to_end(forwarded.headers), content=forwarded.body, insists=True, once=True
        )
    status = _STATUSES.get(forwarded.reason or "", 502)
    happened = forwarded.advice.happened if forwarded.advice is not None else "The upstream did not answer."
    line = " ".join(happened.split())
    return Reply(status, text=line, note=f"{forwarded.reason}: {line}", once=True)


def end_to_end(headers: Headers) -> Headers:
    """The header fields of a message that are for the one at the other end, not for this connection."""
    named = {
        option.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for option in value.split(",")
    }
    return tuple((n, v) for n, v in headers if n.lower() not in _NOT_PASSED_ON and n.lower() not in named)
