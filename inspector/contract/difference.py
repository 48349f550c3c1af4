"""What differs between two JSON documents, as a tree. Pure; imports its own room.

Keys are compared whatever their order. Lists are aligned, so that one item more is one addition; on request their order
does not matter. JSON in a string (an FCM payload that has become one) is compared inside. Numbers, strings and the
other kinds are told apart, and so are 1 and 1.0: a reader may care.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from inspector.contract.alignment import aligned
from inspector.contract.decode import ODD, decode_clean
from inspector.contract.paths import Path, format_path

_DEEPEST_TEXT = 64  # below this depth JSON in a string is just a string


class Change(StrEnum):
    """What became of a value from left to right. A container is CHANGED where anything in it is."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Missing:
    """Stands for a value that one side lacks."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of both documents. `left` and `right` are its values, MISSING where it is not there; `key` names it
    in its object, in a list `left_index` and `right_index` do. `in_text`: its children are of JSON in a string."""

    path: Path
    change: Change
    left: object = field(repr=False)
    right: object = field(repr=False)
    children: tuple[Difference, ...] = field(default=(), repr=False)
    key: str | None = None
    left_index: int | None = None
    right_index: int | None = None
    in_text: bool = False

    @property
    def where(self) -> str:
        """The path, as problems write it."""
        return format_path(self.path)

    @property
    def is_leaf(self) -> bool:
        return not self.children


@dataclass(frozen=True, slots=True)
class Counts:
    """How many places were added, removed and changed; a place that is added whole counts once."""

    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def words(self) -> str:
        """`2 changed · 1 added`, or that nothing is."""
        parts = ((self.changed, "changed"), (self.added, "added"), (self.removed, "removed"))
        return " · ".join(f"{count:,} {word}" for count, word in parts if count) or "No difference"


def compare(left: object, right: object, *, ignore_order: bool = False) -> Difference:
    """Two decoded documents, as `decode` gives them. Takes any depth that `decode` gives."""
    return _Comparison(ignore_order=ignore_order).compare((), left, right, 0)


def counts(difference: Difference) -> Counts:
    """How much differs."""
    found = Counter(place.change for place in differing(difference))
    return Counts(found[Change.ADDED], found[Change.REMOVED], found[Change.CHANGED])


def differing(difference: Difference) -> Iterator[Difference]:
    """The places that differ, in their order: of what is changed the innermost, of what is added or removed the
    outermost. JSON in a string that is only spelled otherwise is such a place."""
    waiting = [difference]
    while waiting:
        place = waiting.pop()
        inside = [child for child in place.children if child.change is not Change.SAME]
        if place.change is Change.CHANGED and inside:
            waiting += reversed(inside)
        elif place.change is not Change.SAME:
            yield place


class _Comparison:
    """One comparison; remembers what it has digested (the documents live as long as it does)."""

    def __init__(self, *, ignore_order: bool) -> None:
        self._ignore_order = ignore_order
        self._digests: dict[int, bytes] = {}

    def compare(self, path: Path, left: object, right: object, depth: int, **place: object) -> Difference:
        change = _change(left, right)
        children: tuple[Difference, ...] = ()
        in_text = False
        if depth < _DEEPEST_TEXT and (texts := _texts(left, right)):
            in_text = True
            children = self._children(path, *texts, depth)
        else:
            children = self._children(path, left, right, depth)
        if change is None:
            if in_text:
                change = Change.SAME if left == right else Change.CHANGED
            elif children or _is_container(left):
                same = all(child.change is Change.SAME for child in children)
                change = Change.SAME if same and type(left) is type(right) else Change.CHANGED
            else:
                change = Change.SAME if self._digest(left) == self._digest(right) else Change.CHANGED
        return Difference(path, change, left, right, children, in_text=in_text, **place)  # type: ignore[arg-type]

    def _children(self, path: Path, left: object, right: object, depth: int) -> tuple[Difference, ...]:
        """What is in two objects or two lists, or in one where the other side has nothing."""
        if isinstance(left, Missing):
            left = type(right)() if isinstance(right, dict | list) else left
        elif isinstance(right, Missing):
            right = type(left)() if isinstance(left, dict | list) else right
        if isinstance(left, dict) and isinstance(right, dict):
            return tuple(self._members(path, left, right, depth + 1))
        if isinstance(left, list) and isinstance(right, list):
            return tuple(self._items(path, left, right, depth + 1))
        return ()

    def _members(
        self, path: Path, left: dict[str, object], right: dict[str, object], depth: int
    ) -> Iterator[Difference]:
        for key in _keys(left, right):
            values = left.get(key, MISSING), right.get(key, MISSING)
            yield self.compare((*path, key), *values, depth, key=key)

    def _items(
        self, path: Path, left: Sequence[object], right: Sequence[object], depth: int
    ) -> Iterator[Difference]:
        for one, other in self._aligned(left, right):
            index = other if other is not None else one
            assert index is not None
            values = (
                MISSING if one is None else left[one],
                MISSING if other is None else right[other],
            )
            yield self.compare((*path, index), *values, depth, left_index=one, right_index=other)

    def _aligned(
        self, left: Sequence[object], right: Sequence[object]
    ) -> Iterator[tuple[int | None, int | None]]:
        """Pairs of places; None where one side has nothing that fits."""
        ours, theirs = [self._digest(value) for value in left], [self._digest(value) for value in right]
        if self._ignore_order:
            yield from _matched(ours, theirs)
        else:
            yield from aligned(ours, theirs)

    def _digest(self, value: object) -> bytes:
        """Equal for equal values, whatever the order of keys, and of items where that does not matter."""
        if not _is_container(value):
            return blake2b(
                f"{type(value).__name__}:{value!r}".encode("utf-8", "surrogatepass"), digest_size=16
            ).digest()
        known = self._digests.get(id(value))
        if known is None:
            if isinstance(value, dict):
                parts = sorted(self._digest(key) + self._digest(inner) for key, inner in value.items())
                mark = b"{"
            else:
                assert isinstance(value, list)
                parts = [self._digest(inner) for inner in value]
                mark = b"["
                if self._ignore_order:
                    parts.sort()
            known = self._digests[id(value)] = blake2b(mark + b"".join(parts), digest_size=16).digest()
        return known


def _change(left: object, right: object) -> Change | None:
    """What a side that is missing makes of it, None where both are there."""
    if isinstance(left, Missing):
        return Change.ADDED
    return Change.REMOVED if isinstance(right, Missing) else None


def _is_container(value: object) -> bool:
    return isinstance(value, dict | list)


def _texts(left: object, right: object) -> tuple[object, object] | None:
    """What two strings hold where both are JSON texts of an object or a list, and not the same to the letter."""
    if not (isinstance(left, str) and isinstance(right, str)) or left == right:
        return None
    found = []
    for text in (left, right):
        if text.lstrip()[:1] not in ("{", "["):
            return None
        value = decode_clean(text.encode("utf-8", "surrogatepass"))
        if value is ODD or not _is_container(value):
            return None
        found.append(value)
    return found[0], found[1]


def _keys(left: dict[str, object], right: dict[str, object]) -> list[str]:
    """The keys of both in the left's order, each of those that only the right has after the one it follows there."""
    after: dict[str | None, list[str]] = defaultdict(list)
    before: str | None = None
    for key in right:
        if key not in left:
            after[before].append(key)
        else:
            before = key
    keys = list(after[None])
    for key in left:
        keys += (key, *after[key])
    return keys


def _matched(ours: list[bytes], theirs: list[bytes]) -> Iterator[tuple[int | None, int | None]]:
    """What is equal anywhere, then the rest place by place; all in the order of the left, what is only right last."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for place in range(len(theirs) - 1, -1, -1):
        places[theirs[place]].append(place)
    partner = {place: places[digest].pop() for place, digest in enumerate(ours) if places[digest]}
    taken = set(partner.values())
    rest = iter([place for place in range(len(theirs)) if place not in taken])
    for place in range(len(ours)):
        yield place, partner[place] if place in partner else next(rest, None)
    for other in rest:
        yield None, other
