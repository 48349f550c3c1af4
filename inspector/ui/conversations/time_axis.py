"""A time axis for a plot: where a moment stands, where the ticks are, and which quiet times are folded away. Pure.

Pushes come in bursts. On a plain axis of a day, retries that are 10 s apart would be one dot; so the longest quiet
times become breaks of one width that say how long they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
BREAK_WIDTH = 44.0
LEAST_SEGMENT = 12.0
QUIET = 60 * SECOND  # nothing shorter is folded away
QUIET_SHARE = 0.12  # of the time that is left
MOST_BREAKS = 8
TICK_ROOM = 18.0  # pixels between two labels

_STEPS = (
    *(SECOND // 1000 * milliseconds for milliseconds in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(SECOND * seconds for seconds in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(DAY * days for days in (1, 2, 7, 14, 30, 90, 365)),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time that is drawn to scale: from `first` at `left` to `last` at `right`."""

    first: int
    last: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Break:
    """A quiet time that is folded away: its middle in pixels, and how long it is."""

    x: float
    duration: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the axis."""

    x: float
    text: str


class TimeAxis:
    """The axis for moments (microseconds, ascending) between two places in pixels."""

    def __init__(self, moments: Sequence[int], left: float, right: float) -> None:
        runs = list(_runs(moments, int((right - left) / (3 * BREAK_WIDTH))))
        room = max(right - left - BREAK_WIDTH * (len(runs) - 1), LEAST_SEGMENT * len(runs))
        busy = sum(last - first for first, last in runs)
        spare = room - LEAST_SEGMENT * len(runs)
        segments: list[Segment] = []
        breaks: list[Break] = []
        at = left
        for first, last in runs:
            if segments:
                breaks.append(Break(at + BREAK_WIDTH / 2, first - segments[-1].last))
                at += BREAK_WIDTH
            width = LEAST_SEGMENT + (spare * (last - first) / busy if busy else spare / len(runs))
            segments.append(Segment(first, last, at, at + width))
            at += width
        self.segments = tuple(segments)
        self.breaks = tuple(breaks)
        self._firsts = [segment.first for segment in segments]

    def x(self, moment: int) -> float:
        """Where a moment stands."""
        if not self.segments:
            return 0.0
        segment = self.segments[max(0, bisect_right(self._firsts, moment) - 1)]
        if segment.last == segment.first:
            return (segment.left + segment.right) / 2
        share = (moment - segment.first) / (segment.last - segment.first)
        return segment.left + min(max(share, 0.0), 1.0) * (segment.right - segment.left)

    def ticks(self, width_of: Callable[[str], float], right: float) -> Iterator[Tick]:
        """Labels that run neither into one another nor into a break."""
        free, day = -1e9, ""
        taken = [(each.x - BREAK_WIDTH / 2, each.x + BREAK_WIDTH / 2) for each in self.breaks]
        for segment in self.segments:
            for moment, step in _marks(segment, width_of):
                text = tick_text(moment, step)
                today = _local(moment).strftime("%b %d")
                if today != day and step < DAY and (day or _spans_days(self.segments)):
                    text = f"{today} {text}"
                x, half = self.x(moment), width_of(text) / 2
                room = all(x + half <= start or x - half >= end for start, end in taken)
                if room and x - half >= free and x + half <= right:
                    yield Tick(x, text)
                    free, day = x + half + TICK_ROOM, today


def _spans_days(segments: Sequence[Segment]) -> bool:
    return _local(segments[0].first).date() != _local(segments[-1].last).date()


def _runs(moments: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """First and last moment of each stretch between the quiet times that are folded away."""
    if not moments:
        return
    gaps = sorted(
        ((after - before, place) for place, (before, after) in enumerate(pairwise(moments))), reverse=True
    )
    left = moments[-1] - moments[0]
    cuts = []
    for gap, place in gaps[: min(MOST_BREAKS, max(0, most))]:
        if gap < QUIET or gap < QUIET_SHARE * left:
            break
        cuts.append(place)
        left -= gap
    start = 0
    for place in sorted(cuts):
        yield moments[start], moments[place]
        start = place + 1
    yield moments[start], moments[-1]


def _marks(segment: Segment, width_of: Callable[[str], float]) -> Iterator[tuple[int, int]]:
    """The moments of a stretch that are worth a label, with the step between them."""
    span, width = segment.last - segment.first, segment.right - segment.left
    room = width_of("00:00:00") + TICK_ROOM
    step = next((step for step in _STEPS if span == 0 or step * width >= span * room), _STEPS[-1])
    if span < step or width < 2 * room:
        yield segment.first, SECOND
        return
    shift = local_shift(segment.first)
    moment = -(-(segment.first + shift) // step) * step - shift
    while moment <= segment.last:
        yield moment, step
        moment += step


def local_shift(moment: int) -> int:
    """How far local time is ahead then, in microseconds."""
    offset = _local(moment).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * SECOND


def tick_text(moment: int, step: int) -> str:
    """A moment as a label, as exact as the step between labels asks for."""
    local = _local(moment)
    if step >= DAY:
        return local.strftime("%b %d")
    if step >= MINUTE:
        return local.strftime("%H:%M")
    if step >= SECOND:
        return local.strftime("%H:%M:%S")
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / SECOND).astimezone()
