"""How a run went over time: percentiles and pushes a second by stretches, told from snapshots of the run. Pure; imports
the sender's records.

A snapshot counts from the beginning of a run; the difference of two is what happened between them. Stretches are as
long as the time between two looks at first; when there are too many, two become one each, so that a run of any length
takes the same room.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from inspector.sender.run_progress import RunProgress

MOST_STRETCHES = 240
SHARES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was done from `start` to `end`, in seconds from the run's beginning. `percentiles` are milliseconds for
    SHARES, empty where nothing was answered; `accepted`, `refused` and `failed` are pushes with a 2xx answer, with
    another one, with none."""

    start: float
    end: float
    accepted: int
    refused: int
    failed: int
    percentiles: tuple[float, ...]

    @property
    def done(self) -> int:
        return self.accepted + self.refused + self.failed

    @property
    def rate(self) -> float:
        """Pushes a second."""
        return self.done / (self.end - self.start) if self.end > self.start else 0.0


@dataclass(slots=True)
class _Counted:
    start: float
    end: float
    outcomes: tuple[int, int, int]
    latencies: dict[float, int]


class Sampler:
    """Takes snapshots, and tells the stretches between them."""

    def __init__(self, *, least_seconds: float = 0.09) -> None:
        self._least = least_seconds
        self._counted: list[_Counted] = []
        self._told: list[Stretch] = []
        self._at = 0.0
        self._outcomes = (0, 0, 0)
        self._latencies: Mapping[float, int] = {}

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """From the beginning on, without a hole."""
        return tuple(self._told)

    def take(self, progress: RunProgress) -> bool:
        """Look at the run; tells whether there is more to tell since. A run that is over is looked at to its end."""
        if progress.seconds < self._at:  # its clock began anew: what was seen before was being made ready
            self._counted, self._told, self._at = [], [], 0.0
        if progress.seconds - self._at < (self._least if progress.running else 1e-6):
            return False
        outcomes = _outcomes(progress)
        latencies = {bucket.low: bucket.count for bucket in progress.latencies.buckets}
        before = self._latencies
        new = {
            low: count - before.get(low, 0) for low, count in latencies.items() if count > before.get(low, 0)
        }
        difference = tuple(now - then for now, then in zip(outcomes, self._outcomes, strict=True))
        accepted, refused, failed = difference
        self._add(_Counted(self._at, progress.seconds, (accepted, refused, failed), new), progress)
        self._at, self._outcomes, self._latencies = progress.seconds, outcomes, latencies
        return True

    def _add(self, counted: _Counted, progress: RunProgress) -> None:
        last = self._counted[-1] if self._counted else None
        if last is not None and not progress.running and counted.end - counted.start < self._least / 2:
            self._counted[-1] = _together(last, counted)  # the rest of a run would make a peak of no meaning
            self._told[-1] = _told(self._counted[-1])
            return
        self._counted.append(counted)
        self._told.append(_told(counted))
        if len(self._counted) > MOST_STRETCHES:
            self._least *= 2
            pairs = zip(self._counted[::2], self._counted[1::2], strict=False)
            rest = self._counted[len(self._counted) // 2 * 2 :]
            self._counted = [_together(one, other) for one, other in pairs] + rest
            self._told = [_told(one) for one in self._counted]


def _outcomes(progress: RunProgress) -> tuple[int, int, int]:
    answered = sum(progress.statuses.values())
    accepted = sum(count for status, count in progress.statuses.items() if 200 <= status < 300)
    cancelled = progress.failures.get("cancelled", 0)
    return accepted, answered - accepted, sum(progress.failures.values()) - cancelled


def _together(one: _Counted, other: _Counted) -> _Counted:
    latencies = dict(one.latencies)
    for low, count in other.latencies.items():
        latencies[low] = latencies.get(low, 0) + count
    accepted, refused, failed = (sum(pair) for pair in zip(one.outcomes, other.outcomes, strict=True))
    return _Counted(one.start, other.end, (accepted, refused, failed), latencies)


def _told(counted: _Counted) -> Stretch:
    return Stretch(counted.start, counted.end, *counted.outcomes, percentiles(counted.latencies))


def percentiles(latencies: Mapping[float, int]) -> tuple[float, ...]:
    """The nearest-rank percentiles for SHARES of counted buckets, by the buckets' lower ends; empty for none."""
    total = sum(latencies.values())
    if not total:
        return ()
    found: list[float] = []
    ranks = [max(1, math.ceil(share * total)) for share in SHARES]
    seen = 0
    for low in sorted(latencies):
        seen += latencies[low]
        while len(found) < len(ranks) and seen >= ranks[len(found)]:
            found.append(low * _MIDDLE)
    return tuple(found)


_MIDDLE = math.sqrt(1.02)
