"""Captured pushes to be sent again, however many: read from the history a page at a time while they are sent, each body
with the bytes that came.

Imports history and the run's plans. A thread of its own reads ahead, so that a run does not wait for the disk.
"""

from __future__ import annotations

import math
import queue
import threading
from array import array
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.errors import HistoryError, UsageError
from inspector.sender.run_plan import Plan, repeats

if TYPE_CHECKING:
    from inspector.history.ordering import Order
    from inspector.history.query import Query
    from inspector.history.reader import HistoryReader

PAGE = 128
PAGES_AHEAD = 2
PATIENCE_SECONDS = 0.1
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """When captured pushes are sent: so many a second; or with the times between them when they came, `speed` times as
    fast, where `gaps` is set; or as soon as a connection is free, where neither is."""

    rate: float | None = None
    gaps: bool = False
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.speed < math.inf:
            raise UsageError(
                "The speed must be above 0.", "Give a factor: 2 sends twice as fast, 0.5 half as fast."
            )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is sent again, in this order. `handshakes` is how many refused handshakes are left out: nothing was sent in
    them that could be sent again."""

    ids: array[int]
    handshakes: int = 0


def choose(
    reader: HistoryReader,
    ids: Iterable[int] | None = None,
    *,
    query: Query | None = None,
    order: Order | None = None,
    most: int | None = None,
) -> Chosen:
    """These events, or all that match, the first `most` of them. Raises HistoryError."""
    from inspector.history.query import local_now, parse

    if ids is not None:
        found = array("q", ids)
    elif order is not None:
        found = reader.ordered_ids(order, query)
    else:
        found = reader.ids(query)
    refused = set(reader.ids(parse("is:handshake", now=local_now())))
    pushes = array("q", (one for one in found if one not in refused)) if refused else found
    left_out = len(found) - len(pushes)
    return Chosen(pushes if most is None else pushes[:most], left_out)


class CapturedPushes:
    """What a run sends of a history. Use it as a context: its thread ends with it.

    The plan raises HistoryError where a push is gone by the time it is its turn.
    """

    def __init__(self, path: Path, chosen: Chosen, pace: Pace = Pace()) -> None:
        if not chosen.ids:
            raise UsageError(
                "There is no push to send again.", "Choose pushes; refused handshakes hold nothing to send."
            )
        self._path = path
        # The times between them are those in which they came.
        self._ids = array("q", sorted(chosen.ids)) if pace.gaps else chosen.ids
        self._pace = pace
        self._pages: queue.Queue[list[tuple[int, int, bytes]] | BaseException] = queue.Queue(PAGES_AHEAD)
        self._ready: deque[tuple[int, int, bytes]] = deque()  # id, at, body
        self._first_at: int | None = None
        self._due = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="captured-pushes", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def plan(self) -> Plan:
        """The plan of the run. Raises UsageError for a rate that is none."""
        if self._pace.gaps:
            return Plan(len(self._ids), self._take, self._due_by_gaps)
        return repeats(self._take, len(self._ids), self._pace.rate)

    # in the run's thread

    def _due_by_gaps(self, number: int) -> float:
        at = self._next(number)[1]
        if self._first_at is None:
            self._first_at = at
        # A clock that was set back is no reason to go back.
        self._due = max(self._due, (at - self._first_at) / _MICROSECONDS / self._pace.speed)
        return self._due

    def _take(self, number: int) -> bytes:
        body = self._next(number)[2]
        self._ready.popleft()
        return body

    def _next(self, number: int) -> tuple[int, int, bytes]:
        wanted = self._ids[number]
        while not self._ready:
            page = self._pages.get()
            if isinstance(page, BaseException):
                raise page
            self._ready.extend(page)
        if self._ready[0][0] != wanted:
            raise HistoryError(
                f"Push #{wanted} is not in the history any more.",
                "What is kept is limited: send the pushes that are left again, or keep more.",
            )
        return self._ready[0]

    # in the thread that reads ahead

    def _read(self) -> None:
        from inspector.history.reader import HistoryReader

        try:
            with HistoryReader.open(self._path) as reader:
                for start in range(0, len(self._ids), PAGE):
                    events = reader.events(self._ids[start : start + PAGE])
                    self._hand_over([(one.id, one.written.at, one.written.body) for one in events])
                    if self._stopped.is_set():
                        return
                # Whoever asks for more than there was finds that the next one is gone.
                self._hand_over([(0, 0, b"")])
        except Exception as error:  # noqa: BLE001 - raised in the run's thread
            self._hand_over(error)

    def _hand_over(self, page: list[tuple[int, int, bytes]] | BaseException) -> None:
        while not self._stopped.is_set():
            try:
                self._pages.put(page, timeout=PATIENCE_SECONDS)
            except queue.Full:
                continue
            return
