"""Which items of two sequences belong together: what is equal in the same order, as much of it as can be. Pure.

The longest common subsequence, found with one number of as many bits as there are items (Hyyrö 2004): lists of 10,000
take a tenth of a second. What is longer is cut into pieces first, at items that both have exactly once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

Pair = tuple[int | None, int | None]
_Match = tuple[int, int]
# Bits that are kept while a piece is aligned: 16 MB. Larger pieces without a landmark are paired place by place.
_MOST_BITS = 128_000_000


def aligned(ours: Sequence[str | bytes], theirs: Sequence[str | bytes]) -> Iterator[Pair]:
    """Pairs of places in the order of both; what has no equal is paired place by place, then with None."""
    before = (0, 0)
    for one, other in (*_matches(ours, theirs), (len(ours), len(theirs))):
        yield from _side_by_side(range(before[0], one), range(before[1], other))
        if one < len(ours):
            yield one, other
        before = (one + 1, other + 1)


def _side_by_side(ours: range, theirs: range) -> Iterator[Pair]:
    for place in range(max(len(ours), len(theirs))):
        yield (
            ours[place] if place < len(ours) else None,
            theirs[place] if place < len(theirs) else None,
        )


def _matches(ours: Sequence[str | bytes], theirs: Sequence[str | bytes]) -> Iterator[_Match]:
    """Places of equal items, ascending on both sides."""
    start = 0
    while start < min(len(ours), len(theirs)) and ours[start] == theirs[start]:
        yield start, start
        start += 1
    end = 0
    while end < min(len(ours), len(theirs)) - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    last = len(ours) - end, len(theirs) - end
    before = (start, start)
    cuts = _landmarks(ours, theirs, before, last) if _bits(before, last) > _MOST_BITS else []
    for cut in (*cuts, last):
        yield from _common(ours, theirs, before, cut)
        if cut != last:
            yield cut
        before = (cut[0] + 1, cut[1] + 1)
    for place in range(end, 0, -1):
        yield len(ours) - place, len(theirs) - place


def _bits(first: _Match, last: _Match) -> int:
    return (last[0] - first[0]) * (last[1] - first[1])


def _landmarks(
    ours: Sequence[str | bytes], theirs: Sequence[str | bytes], first: _Match, last: _Match
) -> list[_Match]:
    """Most of the items that both have exactly once, such that both have them in the same order."""
    counted = [Counter(part[begin:end]) for part, begin, end in zip((ours, theirs), first, last, strict=True)]
    once = {item for item, count in counted[0].items() if count == 1 and counted[1][item] == 1}
    where = {theirs[place]: place for place in range(first[1], last[1]) if theirs[place] in once}
    pairs = [(place, where[ours[place]]) for place in range(first[0], last[0]) if ours[place] in once]
    # The longest ascending run of the right's places: the least end of a run of each length, and what led to it.
    ends: list[int] = []
    tops: list[int] = []
    led: list[int | None] = []
    for number, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        led.append(tops[length - 1] if length else None)
        ends[length : length + 1] = [other]
        tops[length : length + 1] = [number]
    run: list[_Match] = []
    at = tops[-1] if tops else None
    while at is not None:
        run.append(pairs[at])
        at = led[at]
    return run[::-1]


def _common(
    ours: Sequence[str | bytes], theirs: Sequence[str | bytes], first: _Match, last: _Match
) -> list[_Match]:
    """The longest common subsequence of a piece; nothing where that would take too long."""
    if not 0 < _bits(first, last) <= _MOST_BITS:
        return []
    places: defaultdict[str | bytes, int] = defaultdict(int)
    for place in range(first[0], last[0]):
        places[ours[place]] |= 1 << (place - first[0])
    whole = (1 << (last[0] - first[0])) - 1
    row = whole
    rows: list[int] = []
    for place in range(first[1], last[1]):
        if theirs[place] in places:
            hit = row & places[theirs[place]]
            row = ((row + hit) | (row - hit)) & whole
        rows.append(row)
    # A bit that is not set in a row: with this item of ours one more is common. Walk back along those.
    found: list[_Match] = []
    one, other = last[0] - first[0], len(rows)
    while one and other:
        if rows[other - 1] >> (one - 1) & 1:
            one -= 1
            continue
        other -= 1
        if not other or rows[other - 1] >> (one - 1) & 1:
            one -= 1
            found.append((first[0] + one, first[1] + other))
    return found[::-1]
