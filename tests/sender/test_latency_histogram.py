"""The histogram of durations: its percentiles are those of the exact list, within the width of a bucket."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.sender.latency_histogram import GROWTH, LEAST_MS, MOST_MS, DurationCounter, Histogram

DURATIONS = st.lists(st.floats(LEAST_MS, MOST_MS), min_size=1, max_size=200)


def counted(durations: list[float]) -> Histogram:
    counter = DurationCounter()
    for duration in durations:
        counter.add(duration)
    return counter.snapshot()


@settings(max_examples=200, deadline=None)
@given(DURATIONS, st.floats(0, 1))
def test_percentiles_are_within_two_percent(durations: list[float], share: float) -> None:
    exact = sorted(durations)[max(1, math.ceil(share * len(durations))) - 1]
    assert abs(counted(durations).at(share) - exact) <= exact * (GROWTH - 1)


@settings(max_examples=100, deadline=None)
@given(DURATIONS)
def test_nothing_is_lost(durations: list[float]) -> None:
    found = counted(durations)
    assert (found.count, found.lowest, found.highest) == (len(durations), min(durations), max(durations))
    assert math.isclose(found.mean, math.fsum(durations) / len(durations), rel_tol=1e-9)
    assert sum(bucket.count for bucket in found.buckets) == len(durations)
    assert all(
        first.high <= second.low * 1.0001
        for first, second in zip(found.buckets, found.buckets[1:], strict=False)
    )
    assert found.at(1.0) == found.highest
    assert found.up_to(found.highest) == 1.0


def test_what_is_out_of_range_counts() -> None:
    found = counted([-1.0, 0.0, MOST_MS * 10])
    assert (found.count, found.lowest, found.highest) == (3, 0.0, MOST_MS * 10)
    assert found.at(1.0) == MOST_MS * 10


def test_nothing_at_all() -> None:
    empty = DurationCounter().snapshot()
    assert (empty.count, empty.at(0.5), empty.up_to(1.0), empty.buckets) == (0, 0.0, 0.0, ())


def test_a_snapshot_stays_as_it_is() -> None:
    counter = DurationCounter()
    counter.add(1.0)
    before = counter.snapshot()
    counter.add(2.0)
    assert before.count == 1
