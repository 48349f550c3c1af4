"""Paths as people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.paths import MAX_LENGTH, Path, format_path, parse_path, read_path
from inspector.errors import UsageError

PATHS = st.lists(st.text() | st.integers(0, 999_999_999), max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("aps", "alert"), "aps.alert"),
        (("push-service",), "push-service"),
        (("list", 2), "list[2]"),
        ((0, 1, "a"), "[0][1].a"),
        (("a.b", "c"), '["a.b"].c'),
        (("c", "a=b"), 'c["a=b"]'),
        (("",), '[""]'),
        (("größe", "日本"), "größe.日本"),
        (("\ud800",), '["\\ud800"]'),
        (("a b",), '["a b"]'),
        (("0",), "0"),
        (('"',), '["\\""]'),
    ],
)
def test_paths_and_their_texts(path: Path, text: str) -> None:
    assert format_path(path) == text
    assert parse_path(text) == path


@given(PATHS)
def test_any_path_comes_back(path: Path) -> None:
    text = format_path(path)
    assert text.encode() is not None
    assert parse_path(text) == path[: len(parse_path(text))]
    assert len(text) <= MAX_LENGTH
    if len(text) < MAX_LENGTH // 2 and all(not isinstance(part, str) or len(part) < 20 for part in path):
        assert parse_path(text) == path


def assert_it_helps(refusal: UsageError) -> None:
    assert refusal.next_step
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", refusal.message)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        path, end = read_path(text)
    except UsageError as refusal:
        assert_it_helps(refusal)
    else:
        assert end == len(text) or text[end] == "="
        assert (path == ()) == (end == 0)


@pytest.mark.parametrize(
    ("text", "path"), [("a['b.c']", ("a", "b.c")), ("['']", ("",)), ("[ 3 ]", (3,)), ("a b", ("a b",))]
)
def test_other_ways_to_write(text: str, path: Path) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize(
    "text", ["a..b", ".a", "a.", "a[", "a[]", "a[x]", "a[-1]", "a]", 'a["b]', "a[1", "a=b", 'a"b', '["\\x"]']
)
def test_what_can_not_be_read(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_path(text)
    assert caught.value.next_step


def test_an_error_does_not_show_what_follows() -> None:
    with pytest.raises(UsageError) as caught:
        parse_path("device-token]secret")
    assert "secret" not in str(caught.value)


def test_a_path_too_long_is_cut_at_a_part() -> None:
    assert format_path(("a", "b" * 400, "c")) == "a"
    assert format_path(("a",) * 1000) == ".".join("a" * 150)
    assert format_path(("é" * 300,)) == "é" * 300
