"""What a run sends, and when: one body said again and again, captured pushes, a played script. Pure but for what the
caller's own functions do. Imports the standard library and `inspector.errors`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspector.errors import UsageError

BodyFor = Callable[[int], bytes]


def _at_once(_number: int) -> float | None:
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """`count` pushes. `body(n)` is asked for each n from 0 on, in order and once, right before it is sent; `due(n)` is
    when, in seconds from the beginning of the run, never less than for the one before, or None: as soon as a connection
    is free."""

    count: int
    body: BodyFor
    due: Callable[[int], float | None] = _at_once


def repeats(body_for: BodyFor, count: int, rate: float | None = None) -> Plan:
    """`count` pushes whose bodies `body_for(n)` makes; with a rate, that many a second. Raises UsageError for numbers
    that make no run."""
    _check(count)
    return Plan(count, body_for, _at_rate(rate))


def each(bodies: Sequence[bytes], rate: float | None = None) -> Plan:
    """These bodies, each once, in this order."""
    _check(len(bodies))
    return Plan(len(bodies), bodies.__getitem__, _at_rate(rate))


def at_times(dues: Sequence[float], body_for: BodyFor, *, speed: float = 1.0) -> Plan:
    """Push n at `dues[n]` seconds (ascending), all of it `speed` times as fast. Raises UsageError."""
    _check(len(dues))
    if not 0 < speed < math.inf:
        raise UsageError(
            "The speed must be above 0.", "Give a factor: 2 plays twice as fast, 0.5 half as fast."
        )
    return Plan(len(dues), body_for, lambda number: dues[number] / speed)


def _at_rate(rate: float | None) -> Callable[[int], float | None]:
    if rate is None:
        return _at_once
    if not 0 < rate < math.inf:
        raise UsageError(
            "The rate must be above 0.", "Give a number of pushes a second, or none for no limit."
        )
    return lambda number: number / rate


def _check(count: int) -> None:
    if count < 1:
        raise UsageError("There is nothing to send.", "Give a number of pushes from 1 on.")
