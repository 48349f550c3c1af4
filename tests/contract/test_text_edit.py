"""Least edits of a JSON text: the value is what was asked for, and every other byte stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inspector.contract.text_edit import Edit, apply, read_outline, remove_edits, respell, set_edit
from inspector.errors import UsageError

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
KEYS = st.sampled_from(["a", "b", "aps", "alert", "é😀", "with.dot"])
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_size=5,
)
LAYOUTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False, "indent": 1}]
)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(tuple)


def put(document: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for part in path[:-1]:
        document = document.setdefault(part, {})
    document[path[-1]] = value


@given(DOCUMENTS, LAYOUTS, PATHS, SCALARS)
@settings(max_examples=150)
def test_what_is_set_is_read_and_the_rest_stays(
    document: dict[str, Any], layout: dict[str, Any], path: tuple[str, ...], value: object
) -> None:
    text = json.dumps(document, **layout)
    try:
        edit = set_edit(text, read_outline(text), path, json.dumps(value))
    except UsageError:
        assume(False)
    changed = apply(text, [edit])
    put(document, path, value)
    assert json.loads(changed) == document
    assert changed.startswith(text[: edit.start])
    assert changed.endswith(text[edit.end :])


@given(DOCUMENTS, LAYOUTS, KEYS)
@settings(max_examples=100)
def test_what_is_put_in_and_taken_out_leaves_the_text_as_it_was(
    document: dict[str, Any], layout: dict[str, Any], key: str
) -> None:
    assume(document and key not in document)
    text = json.dumps(document, **layout)
    longer = apply(text, [set_edit(text, read_outline(text), (key,), "1")])
    assert apply(longer, remove_edits(longer, read_outline(longer), (key,))) == text


@given(st.text(max_size=12), st.text(max_size=12), st.booleans())
@settings(max_examples=200)
def test_a_string_is_spelled_anew_only_where_it_differs(before: str, after: str, escaped: bool) -> None:
    assume(not any("\ud800" <= one <= "\udfff" for one in before + after))
    literal = json.dumps(before, ensure_ascii=escaped)
    edit = respell(literal, after)
    changed = apply(literal, [edit])
    assert json.loads(changed) == after
    if before == after:
        assert changed == literal


@pytest.mark.parametrize(
    ("literal", "value", "edit"),
    [
        ('"\\u00e9t\\u00e9"', "été!", Edit(14, 14, "!")),
        ('"a\\/b"', "a/c", Edit(4, 5, "c")),
        ('"\\ud83d\\ude00x"', "😀", Edit(13, 14, "")),
        ('""', 'a"b', Edit(1, 1, 'a\\"b')),
    ],
)
def test_the_least_edit_of_a_string(literal: str, value: str, edit: Edit) -> None:
    assert respell(literal, value) == edit


@pytest.mark.parametrize(
    ("text", "path", "literal", "after"),
    [
        ('{\n  "a": 1\n}', ("b",), "2", '{\n  "a": 1,\n  "b": 2\n}'),
        ('{"a": {{x}}, "b": 1}', ("a",), "7", '{"a": 7, "b": 1}'),
        ('{\n  "a": {{x}}\n}', ("b",), "{{y}}", '{\n  "a": {{x}},\n  "b": {{y}}\n}'),
        ('{"a":1}', ("aps", "alert"), '"x"', '{"a":1,"aps":{"alert":"x"}}'),
    ],
)
def test_setting_beside_variables_and_in_layouts(
    text: str, path: tuple[str, ...], literal: str, after: str
) -> None:
    assert apply(text, [set_edit(text, read_outline(text), path, literal)]) == after


@pytest.mark.parametrize(
    ("text", "key", "after"),
    [
        ('{\n  "a": 1\n}', "a", "{}"),
        ('{"a": 1, "b": {{x}}}', "b", '{"a": 1}'),
        ('{"a": {{x}}, "b": 2}', "b", '{"a": {{x}}}'),
        ('{"a": {{x}}}', "a", "{}"),
    ],
)
def test_removing_beside_variables(text: str, key: str, after: str) -> None:
    assert apply(text, remove_edits(text, read_outline(text), (key,))) == after


def test_an_edit_does_not_show_what_it_puts_in() -> None:
    assert "secret" not in repr(Edit(0, 1, "secret"))
