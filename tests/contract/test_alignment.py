"""Items that belong together: the most that are equal in the same order, in good time."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract import alignment
from inspector.contract.alignment import Pair, aligned

_words = st.lists(st.sampled_from("abcd"), max_size=12)


def equal(ours: list[str], theirs: list[str], pairs: list[Pair]) -> list[str]:
    return [ours[a] for a, b in pairs if a is not None and b is not None and ours[a] == theirs[b]]


def longest(ours: list[str], theirs: list[str]) -> int:
    """How long the longest common subsequence is, the plain way."""
    row = [0] * (len(theirs) + 1)
    for one in ours:
        before = 0
        for place, other in enumerate(theirs, 1):
            before, row[place] = row[place], before + 1 if one == other else max(row[place], row[place - 1])
    return row[-1]


@given(ours=_words, theirs=_words)
def test_as_much_as_can_be_belongs_together(ours: list[str], theirs: list[str]) -> None:
    pairs = list(aligned(ours, theirs))
    assert [one for one, _ in pairs if one is not None] == list(range(len(ours)))
    assert [other for _, other in pairs if other is not None] == list(range(len(theirs)))
    assert len(equal(ours, theirs, pairs)) >= longest(ours, theirs)


@given(ours=_words, theirs=_words)
def test_pieces_between_landmarks_are_whole(ours: list[str], theirs: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_MOST_BITS", 4)
        pairs = list(aligned(ours, theirs))
    assert [one for one, _ in pairs if one is not None] == list(range(len(ours)))
    assert [other for _, other in pairs if other is not None] == list(range(len(theirs)))


@pytest.mark.parametrize("length", [10_000, 50_000])
def test_two_items_more_are_two_additions(length: int) -> None:
    ours = [str(number) for number in range(length)]
    theirs = list(ours)
    theirs.insert(10, "new")
    theirs.insert(length - 10, "newer")
    pairs = list(aligned(ours, theirs))
    assert [theirs[other] for one, other in pairs if one is None and other is not None] == ["new", "newer"]
    assert len(equal(ours, theirs, pairs)) == length


def test_what_repeats_takes_no_long_time() -> None:
    chance = random.Random(1)
    for length in (10_000, 50_000):
        ours, theirs = ([chance.choice("ab") for _ in range(length)] for _ in range(2))
        began = time.process_time()
        assert len(list(aligned(ours, theirs))) >= length
        assert time.process_time() - began < 5
