"""Durations counted in buckets that grow by a fiftieth each, so that a run of any length takes the same few kilobytes.

A bucket is at most 2 % wide, and a value read back from one is its middle: at most 1 % off. The lowest and the highest
value and the mean are exact. Pure: imports the standard library only.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

GROWTH = 1.02
LEAST_MS = 0.001
"""What is shorter counts as this."""

MOST_MS = 3_600_000.0
"""What is longer counts in the last bucket; only `highest` and the mean know better."""

_SCALE = 1 / math.log(GROWTH)
_BUCKETS = math.ceil(math.log(MOST_MS / LEAST_MS) * _SCALE) + 1


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many durations were from `low` up to `high` milliseconds."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Durations in milliseconds, as they were counted at one moment. `buckets` are those with something in them, the
    shortest first. All figures are 0 where nothing was counted."""

    count: int = 0
    lowest: float = 0.0
    highest: float = 0.0
    mean: float = 0.0
    buckets: tuple[Bucket, ...] = ()

    def at(self, share: float) -> float:
        """The nearest-rank percentile for a share from 0 to 1: 0.99 is the duration that 99 % did not exceed."""
        rank = max(1, math.ceil(share * self.count))
        if rank >= self.count:
            return self.highest
        for bucket in self.buckets:
            rank -= bucket.count
            if rank <= 0:
                middle = math.sqrt(bucket.low * bucket.high)
                return min(max(middle, self.lowest), self.highest)
        return self.highest

    def up_to(self, duration: float) -> float:
        """The share of durations up to this one; what shares its bucket counts in."""
        if not self.count:
            return 0.0
        return sum(bucket.count for bucket in self.buckets if bucket.low <= duration) / self.count


class DurationCounter:
    """Counts durations. Not thread-safe: whoever shares one locks it."""

    def __init__(self) -> None:
        self._counts = array("Q", bytes(8 * _BUCKETS))
        self._count = 0
        self._sum = 0.0
        self._lowest = math.inf
        self._highest = 0.0

    def add(self, milliseconds: float) -> None:
        """Count one; what is negative (a clock's grain) counts as none."""
        duration = max(0.0, milliseconds)
        place = int(math.log(max(duration, LEAST_MS) / LEAST_MS) * _SCALE)
        self._counts[min(place, _BUCKETS - 1)] += 1
        self._count += 1
        self._sum += duration
        if duration < self._lowest:
            self._lowest = duration
        if duration > self._highest:
            self._highest = duration

    def snapshot(self) -> Histogram:
        """What was counted so far."""
        if not self._count:
            return Histogram()
        buckets = tuple(
            Bucket(LEAST_MS * GROWTH**place, LEAST_MS * GROWTH ** (place + 1), count)
            for place, count in enumerate(self._counts)
            if count
        )
        return Histogram(self._count, self._lowest, self._highest, self._sum / self._count, buckets)
