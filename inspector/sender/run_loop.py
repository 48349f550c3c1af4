"""The loop of a run: whose turn it is, which connection it takes, what came of it. Imports httpx (through the sender)
and the standard library."""

from __future__ import annotations

import contextlib
import select
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from inspector.history.model import Timings
from inspector.sender.cancel import Cancel
from inspector.sender.facts import client_auth, connection_of
from inspector.sender.lane import Lane, cancelled, timed_out
from inspector.sender.model import SendFailure, SendResult
from inspector.sender.run_connect import Connected, open_connection
from inspector.sender.run_place import Place, Turn, failure_of, result_of
from inspector.sender.run_plan import Plan
from inspector.sender.run_progress import Tally
from inspector.sender.run_request import RequestHeads
from inspector.sender.send import Prepared

_TIMEOUT_CHECK_SECONDS = 0.05
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_FD_SETSIZE = 1024


class Loop:
    """Runs a plan once. Its thread calls everything but `_connected`."""

    def __init__(
        self,
        prepared: Prepared,
        plan: Plan,
        concurrency: int,
        cancel: Cancel,
        tally: Tally,
        on_result: Callable[[SendResult, bytes], None] | None,
    ) -> None:
        self._prepared = prepared
        self._url = str(prepared.url)
        self._plan = plan
        self._cancel = cancel
        self._tally = tally
        self._on_result = on_result
        self._heads = RequestHeads(prepared)
        self._next = 0
        self._began = 0.0
        self._check_at = 0.0
        self._places = tuple(Place() for _ in range(min(concurrency, plan.count)))
        self._free = list(self._places)
        self._busy: set[Place] = set()
        self._connecting = 0
        self._made: deque[tuple[Place, Connected | BaseException]] = deque()
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._connector = ThreadPoolExecutor(len(self._places), "run connects")

    def __enter__(self) -> Self:
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._woken, _READ)
        self._selector.register(self._cancel, _READ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._cancel.cancel()  # what still connects is not waited for
        self._connector.shutdown()
        for place in self._places:
            if place.lane is not None:
                place.lane.close()
        for _, made in self._made:
            if isinstance(made, Connected) and made.stream is not None:
                made.stream.close()
        self._selector.close()
        self._woken.close()
        self._waker.close()
        self._tally.finish(cancelled=self._cancel.cancelled)

    def go(self) -> None:
        """Until all pushes are over, or it is cancelled."""
        now = self._began = time.monotonic()
        self._tally.begin(now)
        while not self._cancel.cancelled:
            wait = self._start_due()
            if not self._busy and not self._connecting and self._next >= self._plan.count:
                return
            self._turn(wait)
        self._give_up_all()

    def _start_due(self) -> float | None:
        """Begin every push that is due and has a place. Tells how long to wait for the next one, None if it is not the
        time that is missing."""
        while self._free and self._next < self._plan.count and not self._cancel.cancelled:
            now = time.monotonic()
            offset = self._plan.due(self._next)
            due = now if offset is None else self._began + offset
            if due > now:
                return due - now
            self._start(self._free.pop(), due)
        return None

    def _start(self, place: Place, due: float) -> None:
        number = self._next
        body = self._plan.body(number)
        self._next += 1
        head, headers = self._heads.head(len(body))
        now = time.monotonic()
        place.turn = Turn(number, body, headers, head + body, due, now, time.time_ns() // 1000)
        self._tally.started()
        self._busy.add(place)
        if place.lane is not None and place.lane.idle_readable():
            self._drop(
                place
            )  # it was closed since, as servers do that keep no connection alive and don't say so
        if place.lane is None:
            self._connecting += 1
            self._connector.submit(self._connect, place)
        else:
            self._post(place, now)

    def _connect(self, place: Place) -> None:
        made: Connected | BaseException
        try:
            made = open_connection(self._prepared, self._cancel)
        except BaseException as error:  # noqa: BLE001 - raised in the loop's thread
            made = error
        self._made.append((place, made))
        with contextlib.suppress(BlockingIOError):  # it will wake up anyway
            self._waker.send(b"x")

    def _take_connections(self) -> None:
        while self._made:
            place, made = self._made.popleft()
            self._connecting -= 1
            if isinstance(made, BaseException):
                raise made
            place.making = made.timings
            if made.stream is not None:
                failure = made.failure
                distrusted = failure is not None and failure.reason == "tls_untrusted"
                checked = not self._prepared.target.trust.insecure
                place.facts = (
                    connection_of(made.stream, checked=checked, distrusted=distrusted),
                    client_auth(made.stream),
                )
            if made.failure is not None:
                self._finish(place, made.failure)
                continue
            assert made.stream is not None
            place.lane = Lane(made.stream)
            self._selector.register(place.lane.sock, _READ, place)
            if self._cancel.cancelled:
                place.lane.give_up(cancelled())
                self._conclude(place)
            else:
                self._post(place, time.monotonic())

    def _post(self, place: Place, now: float) -> None:
        assert place.lane is not None
        assert place.turn is not None
        place.posted = now
        place.deadline = now + self._prepared.target.timeout
        place.lane.post(place.turn.request, now)
        if place.lane.wants_write:
            self._selector.modify(place.lane.sock, _READ | _WRITE, place)
        if place.lane.over:
            self._conclude(place)

    def _turn(self, wait: float | None) -> None:
        if self._busy and (wait is None or wait > _TIMEOUT_CHECK_SECONDS):
            wait = _TIMEOUT_CHECK_SECONDS
        for key, events in _ready(self._selector, wait):
            if key.fileobj is self._woken:
                with contextlib.suppress(BlockingIOError):
                    self._woken.recv(4096)
            elif isinstance(key.data, Place):
                self._move(key.data, events)
        self._take_connections()
        now = time.monotonic()
        if now >= self._check_at:
            self._check_at = now + _TIMEOUT_CHECK_SECONDS
            self._end_late(now)

    def _move(self, place: Place, events: int) -> None:
        lane, now = place.lane, time.monotonic()
        if lane is None:
            return
        if place.turn is None:
            if lane.idle_readable():
                self._drop(place)
            return
        before = lane.phase
        if events & _WRITE and lane.writable(now):
            self._selector.modify(lane.sock, _READ, place)
        if events & _READ:
            lane.readable(now)
        if lane.over:
            self._conclude(place)
        elif lane.phase != before:
            place.deadline = now + self._prepared.target.timeout

    def _end_late(self, now: float) -> None:
        for place in [one for one in self._busy if one.lane is not None and one.deadline <= now]:
            assert place.lane is not None
            place.lane.give_up(*timed_out(place.lane.phase))
            self._conclude(place)

    def _give_up_all(self) -> None:
        for place in [one for one in self._busy if one.lane is not None]:
            assert place.lane is not None
            place.lane.give_up(cancelled())
            self._conclude(place)
        self._connector.shutdown()  # those were told to stop, too
        self._take_connections()

    def _conclude(self, place: Place) -> None:
        """The push of this place is answered or has failed on its connection."""
        lane = place.lane
        assert lane is not None
        failure = failure_of(lane, self._prepared) if lane.error is not None else None
        if failure is not None and lane.pushes == 1:
            # An alert after the handshake tells whether we were asked for a certificate.
            place.facts = (place.facts[0], client_auth(lane.stream))
        self._finish(place, failure)

    def _finish(self, place: Place, failure: SendFailure | None) -> None:
        turn, lane = place.turn, place.lane
        assert turn is not None
        now = time.monotonic()
        result = result_of(place, self._url, failure, now)
        place.turn = None
        place.making = Timings()
        self._busy.discard(place)
        self._free.append(place)
        if lane is None:
            place.facts = (None, None)
        elif not lane.reusable:
            self._drop(place)
        self._tally.ended(result, due=turn.due, late=turn.began - turn.due, now=now)
        if self._on_result is not None:
            self._on_result(result, turn.body)

    def _drop(self, place: Place) -> None:
        """Close a connection; the place makes another one when it has something to send."""
        lane = place.lane
        assert lane is not None
        self._selector.unregister(lane.sock)
        lane.close()
        place.lane = None
        place.facts = (None, None)


def _ready(selector: selectors.BaseSelector, wait: float | None) -> list[tuple[selectors.SelectorKey, int]]:
    """What is ready within `wait` seconds. epoll counts whole milliseconds and rounds up, which is late for a steady
    rate; select, asked for the epoll itself, does not."""
    number: int | None = getattr(selector, "fileno", lambda: None)()
    if wait is not None and wait > 0 and number is not None and number < _FD_SETSIZE:
        select.select([number], [], [], wait)
        wait = 0
    return selector.select(wait)
