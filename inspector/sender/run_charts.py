"""The drawings of a run's page, as SVG texts: latencies, percentiles, what was done over time. Pure; imports the
sender's records.

Colours are classes of the page's style sheet. What a colour says is also said by a place in a stack, a legend and a
title.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape

from inspector.sender.latency_histogram import Histogram
from inspector.sender.run_progress import Slot

WIDTH, HEIGHT = 720, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 32
_PLOT_WIDTH, _PLOT_HEIGHT = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
_BARS = 72
_NAMED_SHARES = (("50 %", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("99.9 %", 0.999), ("99.99 %", 0.9999))

Scale = Callable[[float], float]


def milliseconds(value: float) -> str:
    """A duration for people."""
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{digits}f} ms"


def _tick(value: float) -> str:
    """A duration on an axis."""
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"


def latency_bars(histogram: Histogram) -> str:
    """How many pushes took how long; the axis of time is logarithmic."""
    low, high = _bounds(histogram)
    across = _logarithmic(low, high, _LEFT, _LEFT + _PLOT_WIDTH)
    counts = [0] * _BARS
    for bucket in histogram.buckets:
        middle = math.sqrt(bucket.low * bucket.high)
        place = int((across(middle) - _LEFT) / _PLOT_WIDTH * _BARS)
        counts[min(max(place, 0), _BARS - 1)] += bucket.count
    most = max(counts)
    up = _linear(0, most, _TOP + _PLOT_HEIGHT, _TOP)
    ratio = (high / low) ** (1 / _BARS)
    step = _PLOT_WIDTH / _BARS
    parts = [*_grid_across(low, high, across), *_grid_up(most, up)]
    for place, count in enumerate(counts):
        if count:
            begin = low * ratio**place
            words = f"{milliseconds(begin)} to {milliseconds(begin * ratio)}: {count:,}"
            parts.append(
                _bar("any", _LEFT + place * step, up(count), step - 1, _TOP + _PLOT_HEIGHT - up(count), words)
            )
    return _svg("Latency histogram: pushes by how long they took", parts)


def percentile_curve(histogram: Histogram) -> str:
    """How long at most the given share of pushes took; both axes are logarithmic, the shares' towards 100 %."""
    low, high = _bounds(histogram)
    up = _logarithmic(low, high, _TOP + _PLOT_HEIGHT, _TOP)
    nines = max(2.0, math.log10(max(histogram.count, 1)))

    def across(share: float) -> float:
        return _LEFT + min(-math.log10(max(1 - share, 1e-12)) / nines, 1.0) * _PLOT_WIDTH

    parts = [
        _line("grid", _LEFT, up(value), _LEFT + _PLOT_WIDTH, up(value))
        + _text(_LEFT - 6, up(value) + 4, _tick(value), "end")
        for value in _decades(low, high)
    ]
    for name, share in _NAMED_SHARES:
        if -math.log10(1 - share) <= nines:
            x = across(share)
            parts.append(
                _line("grid", x, _TOP, x, _TOP + _PLOT_HEIGHT) + _text(x, HEIGHT - 12, name, "middle")
            )
    points: list[tuple[float, float]] = [(_LEFT, up(histogram.lowest or low))]
    seen = 0
    for bucket in histogram.buckets:
        y = up(min(max(math.sqrt(bucket.low * bucket.high), low), high))
        points.append(
            (across(seen / histogram.count), y)
        )  # a step: so many took less, and so many more took this
        seen += bucket.count
        points.append((across(seen / histogram.count), y))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline class="curve" points="{path}"/>')
    return _svg("Percentiles: how long at most a share of the pushes took", parts)


def done_over_time(series: Sequence[Slot], slot_seconds: float) -> str:
    """Pushes a second, by what became of them, one on the other."""
    most = max(slot.done for slot in series) / slot_seconds
    up = _linear(0, most, _TOP + _PLOT_HEIGHT, _TOP)
    step = _PLOT_WIDTH / len(series)
    gap = 1 if step > 4 else 0
    parts = list(_grid_up(most, up))
    for place, slot in enumerate(series):
        base = 0.0
        words = (
            f"{slot.start:g} s: {slot.accepted:,} accepted, {slot.refused:,} with another answer, "
            f"{slot.failed:,} failed"
        )
        for kind, count in (("good", slot.accepted), ("odd", slot.refused), ("bad", slot.failed)):
            if count:
                rate = count / slot_seconds
                parts.append(
                    _bar(
                        kind,
                        _LEFT + place * step,
                        up(base + rate),
                        step - gap,
                        up(base) - up(base + rate),
                        words,
                    )
                )
                base += rate
    parts += _seconds_across(len(series), slot_seconds, step)
    return _svg("Pushes a second over time", parts)


def latency_over_time(series: Sequence[Slot], slot_seconds: float) -> str:
    """The mean and the highest latency over time."""
    most = max(max(slot.highest_latency for slot in series), 0.001)
    up = _linear(0, most, _TOP + _PLOT_HEIGHT, _TOP)
    step = _PLOT_WIDTH / len(series)
    parts = list(_grid_up(most, up, _tick))
    for kind, values in (
        ("curve", [slot.mean_latency for slot in series]),
        ("curve dashed", [slot.highest_latency for slot in series]),
    ):
        path = " ".join(
            f"{_LEFT + (place + 0.5) * step:.1f},{up(value):.1f}" for place, value in enumerate(values)
        )
        parts.append(f'<polyline class="{kind}" points="{path}"/>')
        if len(values) == 1:
            parts.append(f'<circle class="dot" cx="{_LEFT + step / 2:.1f}" cy="{up(values[0]):.1f}" r="3"/>')
    parts += _seconds_across(len(series), slot_seconds, step)
    return _svg("Latency over time: the mean, and dashed the highest", parts)


def _bounds(histogram: Histogram) -> tuple[float, float]:
    """Where the axis begins and ends, apart even if all took equally long."""
    low = max(histogram.lowest, 0.001)
    return low * 0.9, max(histogram.highest, low) * 1.1


def _linear(low: float, high: float, begin: float, end: float) -> Scale:
    return lambda value: begin + (value - low) / ((high - low) or 1) * (end - begin)


def _logarithmic(low: float, high: float, begin: float, end: float) -> Scale:
    inner = _linear(math.log(low), math.log(high), begin, end)
    return lambda value: inner(math.log(max(value, low)))


def _decades(low: float, high: float) -> Iterator[float]:
    """1, 2 and 5 of each power of ten between the two; only the powers where that would be many."""
    steps = (1, 2, 5) if high / low < 300 else (1,)
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in steps:
            value: float = step * 10.0**power
            if low <= value <= high:
                yield value


def _grid_across(low: float, high: float, across: Scale) -> Iterator[str]:
    for value in _decades(low, high):
        x = across(value)
        if _LEFT + 20 < x < WIDTH - 28:
            yield _line("grid", x, _TOP, x, _TOP + _PLOT_HEIGHT) + _text(
                x, HEIGHT - 12, _tick(value), "middle"
            )


def _grid_up(
    most: float, up: Scale, show: Callable[[float], str] = lambda value: f"{value:,.0f}"
) -> Iterator[str]:
    step = _round_step(most)
    for number in range(int(most / step) + 1):
        y = up(number * step)
        yield _line("grid", _LEFT, y, _LEFT + _PLOT_WIDTH, y)
        yield _text(_LEFT - 6, y + 4, show(number * step) if number else "0", "end")


def _seconds_across(slots: int, slot_seconds: float, step: float) -> Iterator[str]:
    every = max(1, math.ceil(_round_step(slots * slot_seconds) / slot_seconds))
    for place in range(0, slots, every):
        yield _text(_LEFT + place * step, HEIGHT - 12, f"{place * slot_seconds:g} s", "middle")


def _round_step(most: float) -> float:
    """1, 2 or 5 times a power of ten, some four of which fill the axis."""
    rough = max(most, 1e-3) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def _bar(kind: str, x: float, y: float, width: float, height: float, words: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 1):.1f}">'
        f"<title>{escape(words)}</title></rect>"
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(title: str, parts: Sequence[str]) -> str:
    inner = "\n".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">\n{inner}\n</svg>'
