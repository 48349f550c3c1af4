"""Commits what two turns of the loop have brought in one transaction, then lets it be answered, then tells of
it.

Imports the history's writer and this room's events. Used in the loop's thread alone: the commit happens
there, as it is shorter than handing over to another thread would be.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from inspector.errors import HistoryError
from inspector.history.model import NewEvent, Settled, Written
from inspector.listener.events import (
    HandshakeFailed,
    ListenerEvent,
    PushReceived,
    PushSettled,
    StoreFailed,
    StoreRecovered,
)

_log = logging.getLogger(__name__)

# A turn that brings more than this is committed in several, so that the first need not wait for the last.
_MOST_AT_ONCE = 256
_REFUSALS_REMEMBERED = 4096
# Answers that could not be written during an outage and are tried again.
_ANSWERS_KEPT = 10_000

RefusalKey = tuple[str, str, str]
"""Address without port, reason, and what sets one trouble apart from another: the certificate's fingerprint, or where
the client turns us down its alert and the name it asked for. What helps differs with it."""


class Writer(Protocol):
    """What is needed of the history: `HistoryWriter` is one."""

    def add(self, events: Sequence[NewEvent]) -> list[Written]: ...

    def repeat(self, identifier: int, at: int) -> int: ...

    def settle_all(self, answers: Sequence[tuple[int, Settled]]) -> list[bool]: ...


class Batch:
    """Collects, commits, reports. `emit` is called for every event, after those concerned have been answered."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, writer: Writer, emit: Callable[[ListenerEvent], None]
    ) -> None:
        self._loop = loop
        self._writer = writer
        self._emit = emit
        self._requests: list[tuple[NewEvent, bool, Callable[[Written | None], None]]] = []
        self._refusals: list[tuple[NewEvent, RefusalKey]] = []
        self._settled: list[tuple[int, Settled]] = []
        self._remembered: OrderedDict[RefusalKey, Written] = OrderedDict()
        self._scheduled = False
        self._broken = False
        self.pushes = 0
        self.refused_requests = 0
        self.handshake_failures = 0

    def add_request(
        self, event: NewEvent, deliver: Callable[[Written | None], None], *, is_push: bool
    ) -> None:
        """Store a request with this turn's others, then call `deliver` with what came of it, None if it
        failed."""
        self._requests.append((event, is_push, deliver))
        self._schedule()

    def add_refusal(self, event: NewEvent, key: RefusalKey) -> None:
        """Store a refused handshake; one that is like an earlier one only counts that one up."""
        self._refusals.append((event, key))
        self._schedule()

    def add_settled(self, identifier: int, settled: Settled) -> None:
        """Store how a push was answered that is in the history already."""
        self._settled.append((identifier, settled))
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            # After what other connections have sent meanwhile: a transaction costs as much as four pushes, so half as
            # many of them are a sixth more pushes. It takes one look at the sockets, nothing where there is nothing.
            self._loop.call_soon(self._loop.call_soon, self._flush_turn)

    def _flush_turn(self) -> None:
        self._scheduled = False
        self._flush_requests()
        if self._settled:
            self._flush_settled()
        if self._refusals:
            self._flush_refusals()
        if self._requests or self._refusals:
            self._schedule()

    def flush(self) -> None:
        """Commit whatever is left, now."""
        while self._requests or self._refusals:
            self._flush_requests()
            self._flush_refusals()
        self._flush_settled()

    def _flush_requests(self) -> None:
        requests = self._requests[:_MOST_AT_ONCE]
        if not requests:
            return
        del self._requests[:_MOST_AT_ONCE]
        events = [event for event, _is_push, _deliver in requests]
        written = self._add(events)
        if written is not None:
            pushes = sum(is_push for _event, is_push, _deliver in requests)
            self.pushes += pushes
            self.refused_requests += len(requests) - pushes
        for place, (_event, _is_push, deliver) in enumerate(requests):
            try:
                deliver(None if written is None else written[place])
            except Exception:  # noqa: BLE001 (one client's trouble must not cost the others their answers)
                _log.exception("a push could not be answered")
        if written is None:
            return
        for (event, is_push, _deliver), stored in zip(requests, written, strict=True):
            self._emit(PushReceived(stored, event, is_push))

    def _flush_settled(self) -> None:
        """Write the answers; during an outage they wait for the next turn that has anything to write."""
        settled, self._settled = self._settled, []
        if not settled:
            return
        try:
            found = self._writer.settle_all(settled)
        except HistoryError as error:
            self._settled = settled[-_ANSWERS_KEPT:]
            self._report(error)
            return
        for (identifier, answer), there in zip(settled, found, strict=True):
            if there:
                self._emit(PushSettled(identifier, answer))

    def _flush_refusals(self) -> None:
        refusals = self._refusals[:_MOST_AT_ONCE]
        del self._refusals[:_MOST_AT_ONCE]
        for event, key in refusals:
            self.handshake_failures += 1
            known = self._remembered.get(key)
            count = self._repeat(known, event) if known is not None else 0
            if known is not None and count:
                self._remembered.move_to_end(key)
                self._emit(HandshakeFailed(known, event, count))
                continue
            written = self._add([event])
            if written is None:
                continue
            self._remembered[key] = written[0]
            if len(self._remembered) > _REFUSALS_REMEMBERED:
                self._remembered.popitem(last=False)
            self._emit(HandshakeFailed(written[0], event))

    def _add(self, events: list[NewEvent]) -> list[Written] | None:
        try:
            written = self._writer.add(events)
        except HistoryError as error:
            self._report(error)
            return None
        if self._broken:
            self._broken = False
            _log.info("the history can be written again")
            self._emit(StoreRecovered())
        return written

    def _repeat(self, known: Written, event: NewEvent) -> int:
        """How often it was seen now; 0 where its row has been deleted since."""
        try:
            return self._writer.repeat(known.id, event.at)
        except HistoryError as error:
            self._report(error)
            return 0

    def _report(self, error: HistoryError) -> None:
        """Tell of an outage once, however many pushes it hits."""
        if not self._broken:
            self._broken = True
            _log.error("the history could not be written: %s", error.message)
            self._emit(StoreFailed(f"{error.message} {error.next_step}".strip()))
