"""How a run goes and what came of it: counted in one thread, read by any. Imports the standard library and the
sender's records."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspector.sender.latency_histogram import DurationCounter, Histogram
from inspector.sender.model import SendFailure, SendResult

MOST_SLOTS = 600
"""Points in time that the series has at most; then each gets twice as long."""

PERCENTILES = (
    ("median", 0.5),
    ("p90", 0.9),
    ("p95", 0.95),
    ("p99", 0.99),
    ("p99_9", 0.999),
    ("highest", 1.0),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """What was done in one stretch of a run. `start` is seconds from its beginning; `accepted`, `refused` and `failed`
    are pushes with a 2xx answer, with another one, with none; latencies are milliseconds, 0 where nothing ended."""

    start: float
    accepted: int
    refused: int
    failed: int
    mean_latency: float
    highest_latency: float

    @property
    def done(self) -> int:
        """All of them."""
        return self.accepted + self.refused + self.failed


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run at one moment. `sent` are the pushes that are over, `in_flight` those under way. `statuses` and `failures`
    count the answers by status and the failures by reason, the most frequent first; together they are `sent`.

    `latencies` count from the time a push was meant to start, over those that were not cancelled, and `lateness` is by
    how much they began after it; a push that has no time is meant to start when a connection is free. `series` are
    stretches of `slot_seconds` each, without a hole. `first_failures` holds, for each reason of a failure, the first
    that came, in its own words. `seconds` is how long it goes on, `running` whether it still does. `started_at` is
    microseconds since 1970 UTC.
    """

    planned: int
    sent: int
    in_flight: int
    statuses: Mapping[int, int]
    failures: Mapping[str, int]
    first_failures: Mapping[str, SendFailure]
    latencies: Histogram
    lateness: Histogram
    series: tuple[Slot, ...]
    slot_seconds: float
    started_at: int
    seconds: float
    running: bool
    cancelled: bool

    @property
    def rate(self) -> float:
        """Pushes a second, on the whole."""
        return self.sent / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came of a run. `statuses` and `failures` count the answers by status and the failures by reason,
    the most frequent first; together they are `sent`. `latencies` are milliseconds, over the pushes that
    were not cancelled: `lowest`, `mean`, `median`, `p90`, `p95`, `p99`, `p99_9`, `highest`; empty where there were
    none; percentiles are at most 1 % off, the others exact. `latest_start` is by how many milliseconds the latest push
    began after its time: with a rate, a sign of too little concurrency. `progress` has all of it in detail."""

    planned: int
    sent: int
    statuses: Mapping[int, int]
    failures: Mapping[str, int]
    latencies: Mapping[str, float]
    latest_start: float
    seconds: float
    cancelled: bool
    progress: RunProgress


def summarize(progress: RunProgress) -> RunSummary:
    """The summary of a run that is over."""
    return RunSummary(
        planned=progress.planned,
        sent=progress.sent,
        statuses=progress.statuses,
        failures=progress.failures,
        latencies=MappingProxyType(figures(progress.latencies)),
        latest_start=progress.lateness.highest,
        seconds=progress.seconds,
        cancelled=progress.cancelled,
        progress=progress,
    )


def figures(histogram: Histogram) -> dict[str, float]:
    """The figures that tell of durations, by their names; empty where there were none."""
    if not histogram.count:
        return {}
    shares = {name: histogram.at(share) for name, share in PERCENTILES}
    return {"lowest": histogram.lowest, "mean": histogram.mean, **shares}


class Tally:
    """Counts what comes of a run's pushes. Every method may be called from any thread."""

    def __init__(self, planned: int) -> None:
        self._lock = threading.Lock()
        self._planned = planned
        self._started_at = time.time_ns() // 1000
        self._began = time.monotonic()
        self._ended: float | None = None
        self._cancelled = False
        self._in_flight = 0
        self._statuses: Counter[int] = Counter()
        self._failures: Counter[str] = Counter()
        self._first_failures: dict[str, SendFailure] = {}
        self._latencies = DurationCounter()
        self._lateness = DurationCounter()
        self._series = _Series()

    def begin(self, now: float) -> None:
        """The run begins, at `now` (time.monotonic())."""
        with self._lock:
            self._began = now
            self._started_at = time.time_ns() // 1000

    def started(self) -> None:
        """A push is under way."""
        with self._lock:
            self._in_flight += 1

    def ended(self, result: SendResult, *, due: float, late: float, now: float) -> None:
        """A push is over at `now`; it was due at `due` and began `late` seconds after."""
        failure = result.failure
        with self._lock:
            self._in_flight -= 1
            if failure is None:
                self._statuses[result.status or 0] += 1
            else:
                self._failures[failure.reason] += 1
                self._first_failures.setdefault(failure.reason, failure)
            if failure is not None and failure.reason == "cancelled":
                return
            latency = (now - due) * 1000
            self._latencies.add(latency)
            self._lateness.add(late * 1000)
            self._series.add(now - self._began, None if failure else result.status, latency)

    def finish(self, *, cancelled: bool) -> None:
        """The run is over."""
        with self._lock:
            self._ended = time.monotonic()
            self._cancelled = cancelled

    def snapshot(self) -> RunProgress:
        """The run as it is now."""
        with self._lock:
            return RunProgress(
                planned=self._planned,
                sent=self._statuses.total() + self._failures.total(),
                in_flight=self._in_flight,
                statuses=MappingProxyType(dict(self._statuses.most_common())),
                failures=MappingProxyType(dict(self._failures.most_common())),
                first_failures=MappingProxyType(dict(self._first_failures)),
                latencies=self._latencies.snapshot(),
                lateness=self._lateness.snapshot(),
                series=self._series.slots(),
                slot_seconds=self._series.slot_seconds,
                started_at=self._started_at,
                seconds=(self._ended or time.monotonic()) - self._began,
                running=self._ended is None,
                cancelled=self._cancelled,
            )


class _Series:
    """Counts by stretches of time, at most MOST_SLOTS of them."""

    def __init__(self) -> None:
        self.slot_seconds = 1.0
        # accepted, refused, failed, the latencies' sum, the highest one
        self._slots: list[list[float]] = []

    def add(self, at: float, status: int | None, latency: float) -> None:
        place = int(max(0.0, at) / self.slot_seconds)
        while place >= MOST_SLOTS:
            self._halve()
            place = int(at / self.slot_seconds)
        while len(self._slots) <= place:
            self._slots.append([0, 0, 0, 0.0, 0.0])
        slot = self._slots[place]
        slot[2 if status is None else 0 if 200 <= status < 300 else 1] += 1
        slot[3] += latency
        slot[4] = max(slot[4], latency)

    def slots(self) -> tuple[Slot, ...]:
        found = []
        for place, (accepted, refused, failed, total, highest) in enumerate(self._slots):
            mean = total / max(1, accepted + refused + failed)
            start = place * self.slot_seconds
            found.append(Slot(start, int(accepted), int(refused), int(failed), mean, highest))
        return tuple(found)

    def _halve(self) -> None:
        self.slot_seconds *= 2
        slots = self._slots
        if len(slots) % 2:
            slots.append([0, 0, 0, 0.0, 0.0])
        self._slots = [
            [*(first[part] + second[part] for part in range(4)), max(first[4], second[4])]
            for first, second in zip(slots[::2], slots[1::2], strict=True)
        ]
