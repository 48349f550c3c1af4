"""What differs between two documents: told apart, aligned, rebuilt from the tree."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.decode import decode
from inspector.contract.difference import MISSING, Change, Counts, Difference, compare, counts, differing

_scalars = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(0, 2, width=16) | st.text("ab{", max_size=3)
)
_documents = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4)
    ),
    max_leaves=14,
)


def rebuild(difference: Difference, side: str) -> object:
    """One side's document out of the tree."""
    value = getattr(difference, side)
    if difference.in_text or not difference.children:
        return value
    children = [child for child in difference.children if getattr(child, side) is not MISSING]
    if isinstance(value, dict):
        return {child.key: rebuild(child, side) for child in children}
    children.sort(key=lambda child: getattr(child, f"{side}_index"))
    return [rebuild(child, side) for child in children]


def typed(value: object) -> str:
    """Tells 1, 1.0 and true apart."""
    return json.dumps(value, sort_keys=True)


def found(left: object, right: object, **how: bool) -> list[tuple[str, str]]:
    return [(place.where, str(place.change)) for place in differing(compare(left, right, **how))]


@given(document=_documents)
def test_a_document_does_not_differ_from_itself(document: object) -> None:
    copy = json.loads(json.dumps(document))
    assert compare(document, copy).change is Change.SAME
    assert counts(compare(document, copy)) == Counts()


@given(left=_documents, right=_documents, ignore_order=st.booleans())
def test_both_sides_can_be_rebuilt(left: object, right: object, *, ignore_order: bool) -> None:
    difference = compare(left, right, ignore_order=ignore_order)
    assert typed(rebuild(difference, "left")) == typed(left)
    assert typed(rebuild(difference, "right")) == typed(right)
    if not ignore_order:
        assert (difference.change is Change.SAME) == (typed(left) == typed(right))
    assert (difference.change is Change.SAME) == (counts(difference) == Counts())


@given(items=st.lists(_documents, max_size=8), seed=st.integers())
def test_shuffled_lists_are_the_same_where_order_does_not_matter(items: list[object], seed: int) -> None:
    shuffled = list(items)
    random.Random(seed).shuffle(shuffled)
    left, right = {"deep": [items, 1]}, {"deep": [1, shuffled]}
    assert compare(left, right, ignore_order=True).change is Change.SAME


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"a": 1}, {"a": "1"}, [("a", "changed")]),
        ({"a": 1}, {"a": True}, [("a", "changed")]),
        ({"a": 1}, {"a": 1.0}, [("a", "changed")]),
        ({"a": None}, {}, [("a", "removed")]),
        ({}, {"a": {"b": [1, 2]}}, [("a", "added")]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ([1, 2, 3], [1, 9, 2, 3], [("[1]", "added")]),
        ([1, 2, 3], [2, 3], [("[0]", "removed")]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], [("[1].a", "changed")]),
        ({"a": [1]}, {"a": {"0": 1}}, [("a", "changed")]),
        ([1, 2], [2, 1], [("[0]", "added"), ("[1]", "removed")]),
        ({"p": '{"badge": 1, "x": [1]}'}, {"p": '{"x":[1],"badge":2}'}, [("p.badge", "changed")]),
        ({"p": '{"badge": 1}'}, {"p": "[1"}, [("p", "changed")]),
        (1, 1, []),
    ],
)
def test_what_differs(left: object, right: object, expected: list[tuple[str, str]]) -> None:
    assert found(left, right) == expected


def test_a_text_that_is_spelled_otherwise_is_changed() -> None:
    difference = compare({"p": '{"a": 1}'}, {"p": '{"a":1}'})
    (text,) = difference.children
    assert (text.change, text.in_text) == (Change.CHANGED, True)
    assert [child.change for child in text.children] == [Change.SAME]


def test_right_only_keys_stand_after_the_one_they_follow() -> None:
    difference = compare({"a": 1, "b": 2}, {"x": 0, "a": 1, "y": 5, "b": 2, "z": 9})
    assert [child.key for child in difference.children] == ["x", "a", "y", "b", "z"]
    assert counts(difference).words == "3 added"


def test_a_place_that_is_added_whole_counts_once() -> None:
    difference = compare({}, {"a": {"b": [1, 2, 3]}})
    assert counts(difference) == Counts(added=1)
    (added,) = difference.children
    assert added.children[0].children[1].change is Change.ADDED


def test_big_lists_take_no_long_time() -> None:
    left = [number % 3 for number in range(10_000)]
    right = [number % 5 for number in range(10_000)]
    began = time.process_time()
    compare(left, right)
    compare(left, right, ignore_order=True)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_documents_are_compared(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    for depth in (128, 5000):
        texts = [f"{opening * depth}{leaf}{closing * depth}".encode() for leaf in (1, 2)]
        left, right = (decode(text).value for text in texts)
        assert compare(left, right).change is Change.CHANGED
        assert compare(left, left).change is Change.SAME
