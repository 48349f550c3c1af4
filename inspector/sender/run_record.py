"""Keeps a run's pushes in the history without slowing the run: they are handed over, and a thread of its own stores
them in batches, each in one transaction.

Imports history's records and the sender's; the contract lazily, so that the window may import this as it starts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.errors import StateError
from inspector.history.model import NewEvent
from inspector.sender.model import SendResult

if TYPE_CHECKING:
    from inspector.contract.push import Push

SAMPLE_EVERY = 100
"""With Keep.SAMPLE, of so many accepted pushes one is kept; all others always are."""

_BATCH = 250
_LINGER_SECONDS = 0.02
_MOST_WAITING = 10_000
_PARSED_KEPT = 256


class Keep(StrEnum):
    """Which pushes of a run the history keeps."""

    ALL = "all"
    SAMPLE = "sample"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Recorded:
    """How the recording went: how many were stored, how many were not because the history failed, and its first
    error."""

    stored: int
    lost: int
    error: StateError | None


class Recorder:
    """Stores what `take` gets through `add`, which is `HistoryWriter.add` or the like; between `with` and its end,
    which waits until all is stored. A history that fails does not end the run: see `recorded`.

    Where storing is slower than sending, up to 10,000 pushes wait in memory, which is a second or two at the end;
    beyond that, `take` waits.
    """

    def __init__(self, add: Callable[[Sequence[NewEvent]], object], keep: Keep = Keep.ALL) -> None:
        self._add = add
        self._keep = keep
        self._waiting: deque[tuple[SendResult, bytes]] = deque()
        self._condition = threading.Condition()
        self._closing = False
        self._over = False
        self._accepted = 0
        self._stored = 0
        self._lost = 0
        self._error: StateError | None = None
        self._parsed: OrderedDict[bytes, tuple[Push, bytes | None]] = OrderedDict()
        self._thread = threading.Thread(target=self._work, name="run history")

    def __enter__(self) -> Self:
        if self._keep is not Keep.NONE:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def recorded(self) -> Recorded:
        """How it went so far."""
        return Recorded(self._stored, self._lost, self._error)

    def take(self, result: SendResult, body: bytes) -> None:
        """Keep this push, if it is to be kept. For a run's `on_result`."""
        if not self._wanted(result):
            return
        self._waiting.append((result, body))
        if len(self._waiting) in (1, _BATCH) or len(self._waiting) >= _MOST_WAITING:
            with self._condition:
                self._condition.notify_all()
                self._condition.wait_for(lambda: len(self._waiting) < _MOST_WAITING or self._over)

    def _wanted(self, result: SendResult) -> bool:
        if self._keep is not Keep.SAMPLE:
            return self._keep is Keep.ALL
        if result.status is None or not 200 <= result.status < 300:
            return True
        self._accepted += 1
        return self._accepted % SAMPLE_EVERY == 1

    def _work(self) -> None:
        try:
            self._store_all()
        finally:  # whatever has happened, nobody waits for this thread any longer
            with self._condition:
                self._over = True
                self._condition.notify_all()

    def _store_all(self) -> None:
        while self._wait():
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            try:
                self._add([self._event(result, body) for result, body in batch])
            except StateError as error:
                self._lost += len(batch)
                self._error = self._error or error
            else:
                self._stored += len(batch)
            with self._condition:
                self._condition.notify_all()

    def _wait(self) -> bool:
        """Until there is a batch, or part of one and no more comes for a moment; false at the end."""
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._closing)
            self._condition.wait_for(lambda: len(self._waiting) >= _BATCH or self._closing, _LINGER_SECONDS)
        return bool(self._waiting)

    def _event(self, result: SendResult, body: bytes) -> NewEvent:
        from inspector.contract.parse import parse
        from inspector.contract.retry_key import retry_key
        from inspector.sender.record import to_event

        known = self._parsed.get(body)
        if known is None:
            push = parse(body)
            known = self._parsed[body] = (push, retry_key(push))
            if len(self._parsed) > _PARSED_KEPT:
                self._parsed.popitem(last=False)
        return to_event(result, body, known)
