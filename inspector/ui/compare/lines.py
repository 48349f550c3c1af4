"""Two documents as aligned lines. Pure; imports the contract's difference and what shows values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inspector.contract.alignment import aligned
from inspector.contract.difference import MISSING, Change, Difference
from inspector.ui.compare.shown import scalar

INDENT = "  "
MOST_LINES = 50_000
ONLY_REST = "… from here on only what differs is shown"
NO_REST = "… what follows is not shown"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of both sides; None where a side has none. `place` numbers the difference it belongs to, the outermost
    line of what is added or removed first; None where nothing differs. `around`: it opens or closes what holds a
    difference."""

    left: str | None
    right: str | None
    change: Change
    place: int | None = None
    around: bool = False


class _Writer:
    def __init__(self, *, reveal: bool) -> None:
        self._reveal = reveal
        self._places = 0

    def write(self, difference: Difference, depth: int, *, last: bool, place: int | None) -> Iterator[Line]:
        inside = difference.children
        if place is None and self._is_place(difference):
            place = self._places
            self._places += 1
        if not inside:
            yield self._one(difference, depth, last=last, place=place)
            return
        opens, closes = self._brackets(difference)
        begins = self._key(difference, depth)
        yield self._line(difference, [part and begins + part for part in opens], place)
        for number, child in enumerate(inside):
            yield from self.write(child, depth + 1, last=number == len(inside) - 1, place=place)
        ends = INDENT * depth
        comma = "" if last else ","
        yield self._line(difference, [part and ends + part + comma for part in closes], place)

    @staticmethod
    def _is_place(difference: Difference) -> bool:
        if difference.change is Change.CHANGED:
            return all(child.change is Change.SAME for child in difference.children)
        return difference.change is not Change.SAME

    def _one(self, difference: Difference, depth: int, *, last: bool, place: int | None) -> Line:
        begins, comma = self._key(difference, depth), "" if last else ","
        texts = [
            None if side is MISSING else f"{begins}{self._value(side, difference)}{comma}"
            for side in (difference.left, difference.right)
        ]
        return Line(texts[0], texts[1], difference.change, place)

    def _value(self, value: object, difference: Difference) -> str:
        if isinstance(value, dict):
            return f"{{ {len(value)} }}" if value else "{}"
        if isinstance(value, list):
            return f"[ {len(value)} ]" if value else "[]"
        return scalar(value, difference, reveal=self._reveal)

    @staticmethod
    def _line(difference: Difference, texts: list[str | None], place: int | None) -> Line:
        change = difference.change
        around = change is Change.CHANGED and place is None
        if around:
            change = Change.SAME  # what is in it differs, not its brackets
        return Line(texts[0] or None, texts[1] or None, change, place, around)

    @staticmethod
    def _key(difference: Difference, depth: int) -> str:
        name = f'"{difference.key}": ' if difference.key is not None else ""
        return INDENT * depth + name.encode("utf-8", "backslashreplace").decode()

    @staticmethod
    def _brackets(difference: Difference) -> tuple[list[str | None], list[str | None]]:
        opens: list[str | None] = []
        closes: list[str | None] = []
        for value in (difference.left, difference.right):
            if value is MISSING:
                opens.append(None)
                closes.append(None)
                continue
            text = difference.in_text
            is_object = str(value).lstrip()[:1] == "{" if text else isinstance(value, dict)
            opens.append(('" ' if text else "") + ("{" if is_object else "["))
            closes.append(("}" if is_object else "]") + (' "' if text else ""))
        return opens, closes


def document_lines(difference: Difference, *, reveal: bool) -> tuple[Line, ...]:
    """The lines of two JSON documents; of very long ones only what differs after the first many."""
    lines: list[Line] = []
    for line in _Writer(reveal=reveal).write(difference, 0, last=True, place=None):
        if len(lines) == MOST_LINES:
            lines.append(Line(ONLY_REST, ONLY_REST, Change.SAME, around=True))
        if len(lines) < MOST_LINES or line.place is not None or line.around:
            lines.append(line)
        if len(lines) == 2 * MOST_LINES:
            lines.append(Line(NO_REST, NO_REST, Change.SAME, around=True))
            break
    return tuple(lines)


def text_lines(texts: tuple[str, str], shown: tuple[str, str]) -> tuple[Line, ...]:
    """The lines of two texts that are no JSON, compared as they are and written as they may be shown."""
    ours, theirs = (text.split("\n")[:MOST_LINES] for text in texts)
    left, right = (text.split("\n")[:MOST_LINES] for text in shown)
    if (len(left), len(right)) != (len(ours), len(theirs)):
        ours, theirs = left, right  # what is masked went over more than one line
    lines: list[Line] = []
    places = 0
    apart = False
    for one, other in aligned(ours, theirs):
        change = Change.ADDED if one is None else Change.REMOVED if other is None else Change.CHANGED
        if one is not None and other is not None and ours[one] == theirs[other]:
            change = Change.SAME
        if change is not Change.SAME and not apart:
            places += 1
        apart = change is not Change.SAME
        lines.append(
            Line(
                None if one is None else left[one],
                None if other is None else right[other],
                change,
                places - 1 if apart else None,
            )
        )
    return tuple(lines)


def changed_part(left: str, right: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Which characters of two lines differ, as spans: all but what they have in common at both ends."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return (start, len(left) - end), (start, len(right) - end)
