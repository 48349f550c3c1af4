"""Many pushes to one target, as fast as it takes them or at a steady rate. Imports the sender (httpx
lazily)."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspector.errors import UsageError
from inspector.sender.cancel import Cancel
from inspector.sender.model import SendResult, Target

MOST_CONCURRENT = 256

BodyFor = Callable[[int], bytes]
OnResult = Callable[[SendResult], None]

_SHARES = (("median", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("highest", 1.0))


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came of a run. `statuses` and `failures` count the answers by status and the failures by reason,
    the most frequent first; together they are `sent`. `latencies` are milliseconds, over the pushes that
    were not cancelled: `lowest`, `mean`, `median`, `p90`, `p95`, `p99`, `highest`; empty where there were
    none. `latest_start` is by how many milliseconds the latest push began after its time: with a rate, a
    sign of too little concurrency."""

    planned: int
    sent: int
    statuses: Mapping[int, int]
    failures: Mapping[str, int]
    latencies: Mapping[str, float]
    latest_start: float
    seconds: float
    cancelled: bool


def run(
    target: Target,
    body_for: BodyFor,
    *,
    count: int,
    rate: float | None = None,
    concurrency: int = 1,
    cancel: Cancel | None = None,
    on_result: OnResult | None = None,
) -> RunSummary:
    """Send `count` pushes over at most `concurrency` connections, which are kept alive.

    With a `rate` (a second) push n is due at n / rate seconds, whatever became of those before, and its
    latency counts from then: a server that stalls shows in the latencies of all pushes that had to wait for
    it. Without one, each worker sends as soon as its last push is answered.

    `body_for(n)` (n from 0, in order) and `on_result(result)` (as they come; `result.number` is n) are
    called in the workers' threads, but each never twice at the same time. What they raise ends the run and
    is raised here. A cancel ends it too: pushes under way come out `cancelled`. Raises UsageError for a
    target that nothing can be sent to, or numbers that make no run.
    """
    from inspector.sender.send import Prepared, Session

    _check(count, rate, concurrency)
    prepared = Prepared(target)
    plan = _Plan(body_for, count, rate, cancel or Cancel(), on_result)

    def work() -> None:
        try:
            with Session(prepared, cancel=plan.cancel) as session:
                while (turn := plan.next_turn()) is not None:
                    plan.note(turn, session.post(turn.body, number=turn.number))
        except BaseException as error:  # noqa: BLE001 - handed on to the thread that called run()
            plan.fail(error)

    workers = [threading.Thread(target=work, name=f"run {n}") for n in range(min(concurrency, count))]
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    except BaseException:
        plan.cancel.cancel()
        raise
    finally:
        for worker in workers:
            if worker.ident is not None:
                worker.join()
    return plan.summary()


def _check(count: int, rate: float | None, concurrency: int) -> None:
    if count < 1:
        raise UsageError("There is nothing to send.", "Give a number of pushes from 1 on.")
    if rate is not None and not 0 < rate < math.inf:
        raise UsageError(
            "The rate must be above 0.", "Give a number of pushes a second, or none for no limit."
        )
    if not 1 <= concurrency <= MOST_CONCURRENT:
        raise UsageError(
            f"{concurrency} connections at the same time can't be made.",
            f"Give a number from 1 to {MOST_CONCURRENT}.",
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int
    body: bytes
    due: float
    late: float


class _Plan:
    """What the workers share: whose turn it is, and what came of the turns."""

    def __init__(
        self, body_for: BodyFor, count: int, rate: float | None, cancel: Cancel, on_result: OnResult | None
    ) -> None:
        self.cancel = cancel
        self._body_for = body_for
        self._count = count
        self._rate = rate
        self._on_result = on_result
        self._turns = threading.Lock()
        self._results = threading.Lock()
        self._next = 0
        self._error: BaseException | None = None
        self._statuses: Counter[int] = Counter()
        self._failures: Counter[str] = Counter()
        self._latencies = array("d")
        self._latest_start = 0.0
        self._began = time.monotonic()

    def next_turn(self) -> _Turn | None:
        """The next push when it is due, None when there is none any more."""
        with self._turns:
            if self._next == self._count or self.cancel.cancelled:
                return None
            number = self._next
            self._next += 1
            body = self._body_for(number)
        now = time.monotonic()
        due = now if self._rate is None else self._began + number / self._rate
        if self.cancel.wait(due - now):
            return None
        return _Turn(number, body, due, late=max(0.0, time.monotonic() - due))

    def note(self, turn: _Turn, result: SendResult) -> None:
        ended = time.monotonic()
        with self._results:
            if result.failure is None:
                self._statuses[result.status or 0] += 1
            else:
                self._failures[result.failure.reason] += 1
            if result.failure is None or result.failure.reason != "cancelled":
                self._latencies.append((ended - turn.due) * 1000)
                self._latest_start = max(self._latest_start, turn.late * 1000)
            if self._on_result is not None:
                self._on_result(result)

    def fail(self, error: BaseException) -> None:
        with self._results:
            self._error = self._error or error
        self.cancel.cancel()

    def summary(self) -> RunSummary:
        if self._error is not None:
            raise self._error
        return RunSummary(
            planned=self._count,
            sent=self._statuses.total() + self._failures.total(),
            statuses=MappingProxyType(dict(self._statuses.most_common())),
            failures=MappingProxyType(dict(self._failures.most_common())),
            latencies=MappingProxyType(_latencies(sorted(self._latencies))),
            latest_start=self._latest_start,
            seconds=time.monotonic() - self._began,
            cancelled=self.cancel.cancelled,
        )


def _latencies(ordered: list[float]) -> dict[str, float]:
    """The nearest-rank percentiles."""
    if not ordered:
        return {}
    ranks = {name: ordered[math.ceil(share * len(ordered)) - 1] for name, share in _SHARES}
    return {"lowest": ordered[0], "mean": math.fsum(ordered) / len(ordered), **ranks}
