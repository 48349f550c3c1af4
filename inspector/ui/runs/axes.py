"""Axes for the plots of a run: where a figure stands, and at which figures the ticks are. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on an axis, and its label."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, in equal steps or, where `logarithmic`, in equal factors."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value stands, from 0 (low) to 1 (high); beyond both it is cut."""
        if self.logarithmic:
            value, low, high = (math.log10(max(one, 1e-9)) for one in (value, self.low, self.high))
        else:
            low, high = self.low, self.high
        return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.0


def latency_axis(low: float, high: float) -> Axis:
    """Milliseconds, in equal factors, from a tick below to a tick above."""
    low, high = max(low, 0.001), max(high, 0.002)
    steps = [base * 10.0**power for power in range(-3, 8) for base in (1.0, 2.0, 5.0)]
    first = max((step for step in steps if step <= low), default=steps[0])
    last = min((step for step in steps if step >= high and step > first), default=steps[-1])
    between = [step for step in steps if first <= step <= last]
    if len(between) > 7:
        kept = {step for step in between if math.isclose(math.log10(step), round(math.log10(step)))}
        between = [step for step in between if step in kept]
    return Axis(first, last, tuple(Tick(step, duration(step)) for step in between), logarithmic=True)


def count_axis(highest: float) -> Axis:
    """From 0 on, in equal steps of 1, 2 or 5 times a power of ten."""
    highest = max(highest, 1.0)
    step = _step(highest / 4, least=1.0)
    last = math.ceil(highest / step - 1e-9) * step
    count = round(last / step)
    return Axis(0.0, last, tuple(Tick(n * step, short_count(n * step)) for n in range(count + 1)))


def time_axis(seconds: float, width: float) -> Axis:
    """Seconds from a run's beginning; labels have some 72 pixels each."""
    seconds = max(seconds, LEAST_SECONDS)
    wanted = seconds / max(2.0, width / 72)
    steps = [
        base * 10.0**power for power in (-2, -1, 0) for base in (1.0, 2.0, 5.0) if base * 10.0**power < 10
    ]
    steps += [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]
    step = next((one for one in steps if one >= wanted), steps[-1])
    count = int(seconds / step + 1e-9)
    return Axis(0.0, seconds, tuple(Tick(n * step, clock(n * step, step)) for n in range(count + 1)))


def _step(wanted: float, *, least: float) -> float:
    power = 10.0 ** math.floor(math.log10(max(wanted, least)))
    return max(least, next(base * power for base in (1, 2, 5, 10) if base * power >= wanted - 1e-9))


def duration(milliseconds: float) -> str:
    """A duration in a few characters: 0.5 ms, 20 ms, 1.5 s, 2 min."""
    if milliseconds >= 60_000:
        return f"{milliseconds / 60_000:.3g} min"
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.3g} s"
    if milliseconds >= 100:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds:.2g} ms" if milliseconds < 10 else f"{milliseconds:.3g} ms"


def clock(seconds: float, step: float = 1.0) -> str:
    """A time from a run's beginning: 0.5 s, 20 s, 1:30, 2:00:00."""
    if seconds < 60:
        return f"{seconds:.{0 if step >= 1 else 1 if step >= 0.1 else 2}f} s"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def short_count(count: float) -> str:
    """A count in a few characters: 950, 1,500, 20k, 1.5M."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.3g}M"
    return f"{count / 1000:.3g}k" if count >= 10_000 else f"{count:,.0f}"
