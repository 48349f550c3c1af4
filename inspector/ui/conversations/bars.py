"""Counts for the small plots: pushes per time, and how long after its attempt before a retry came. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.contract.answers import RETRY_INTERVAL_SECONDS
from inspector.history.conversation_model import ConversationPush
from inspector.ui.conversations.time_axis import DAY, HOUR, MINUTE, SECOND, local_shift, tick_text
from inspector.ui.push_columns import gap_words

MOST_BARS = 60
LONGEST_GAP = 20  # seconds; what is longer shares the last bar
_WIDTHS = (
    *(SECOND * seconds for seconds in (1, 2, 5, 10, 15, 30)),
    *(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(DAY * days for days in (1, 2, 7, 14, 30, 90, 365)),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many, how many of these were refused, and what a pointer on it tells."""

    count: int
    refused: int
    tip: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A small plot: its title, its bars, labels below bars by their place, and a mark above one bar."""

    title: str
    bars: tuple[Bar, ...] = ()
    labels: tuple[tuple[int, str], ...] = ()
    marked: int | None = None
    mark: str = ""

    @property
    def highest(self) -> int:
        return max((bar.count for bar in self.bars), default=0)


def per_time(pushes: Sequence[ConversationPush]) -> Bars:
    """How many pushes came in each stretch of time."""
    if not pushes:
        return Bars("Pushes per time")
    first, last = min(push.at for push in pushes), max(push.at for push in pushes)
    width = next((width for width in _WIDTHS if (last - first) // width < MOST_BARS), None)
    if width is None:  # over half a century
        width = (last - first) // MOST_BARS + 1
    shift = local_shift(first)
    start = (first + shift) // width * width - shift
    counts = [[0, 0] for _ in range((last - start) // width + 1)]
    for push in pushes:
        inside = counts[(push.at - start) // width]
        inside[0] += 1
        inside[1] += push.status is not None and push.status >= 400
    bars = []
    for place, (count, refused) in enumerate(counts):
        from_, to = (tick_text(start + end * width, min(width, MINUTE)) for end in (place, place + 1))
        bars.append(Bar(count, refused, f"{from_} to {to}: {_count_words(count, refused)}"))
    ends = dict.fromkeys((0, len(counts) - 1))
    labels = tuple((place, tick_text(start + place * width, width)) for place in ends)
    return Bars(f"Pushes per {_unit(width)}", tuple(bars), labels)


def retry_gaps(pushes: Sequence[ConversationPush]) -> Bars:
    """How many retries came so many seconds after the attempt before."""
    gaps = [push.gap for push in pushes if push.attempt > 1 and push.gap is not None]
    usual = round(RETRY_INTERVAL_SECONDS)
    labels = ((0, "0 s"), (usual, f"{usual} s"), (LONGEST_GAP, f"{LONGEST_GAP} s"), (LONGEST_GAP + 1, "more"))
    counts = [0] * (LONGEST_GAP + 2)
    for gap in gaps:
        counts[min((gap + SECOND // 2) // SECOND, LONGEST_GAP + 1)] += 1
    bars = tuple(Bar(count, 0, _gap_tip(place, count)) for place, count in enumerate(counts))
    return Bars("Retry gaps", bars if gaps else (), labels[:3] if gaps else (), usual, "the pusher’s 10 s")


def _gap_tip(place: int, count: int) -> str:
    retries = f"{count:,} retry" if count == 1 else f"{count:,} retries"
    when = f"about {place} s after" if place <= LONGEST_GAP else f"more than {LONGEST_GAP} s after"
    return f"{retries} {when} the attempt before"


def _count_words(count: int, refused: int) -> str:
    words = f"{count:,} push" if count == 1 else f"{count:,} pushes"
    return f"{words}, {refused:,} refused" if refused else words


def _unit(width: int) -> str:
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")):
        if width == size:
            return name
        if width > size and width % size == 0:
            return f"{width // size} {name}s" if size >= MINUTE else f"{width // size} s"
    return gap_words(width)
