"""JSON text for people, and places in it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.decode import decode
from inspector.contract.parse import parse
from inspector.contract.text import error_place, locate, pretty, reformat
from inspector.contract.verbatim import Verbatim

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=())), inner),
    max_leaves=30,
)
DOCUMENT = '{"a": {"b": [1, {"c": "x"}]}, "a.b": 2, "d": 1, "d": [true]}'


@given(JSON_VALUES)
def test_pretty_text_says_the_same(value: object) -> None:
    text = pretty(value)
    assert text.encode() is not None
    assert json.loads(text) == value


@given(st.recursive(st.integers(0, 9), lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner)))
def test_pretty_text_is_laid_out_as_usual(value: object) -> None:
    assert pretty(value) == json.dumps(value, indent=2)
    assert reformat(json.dumps(value)) == json.dumps(value, indent=2)


def test_what_pretty_text_shows_and_escapes() -> None:
    assert pretty("Grüße 😀 שלום") == '"Grüße 😀 שלום"'
    assert pretty("\ud800\u2028\u2029\x85\x00\n\ufeff") == '"\\ud800\\u2028\\u2029\\u0085\\u0000\\n\\ufeff"'
    assert pretty({}) == "{}"
    assert pretty({"b": [], "a": None}) == '{\n  "b": [],\n  "a": null\n}'
    assert pretty([math.nan, math.inf, -math.inf]) == "[\n  NaN,\n  Infinity,\n  -Infinity\n]"
    assert pretty(Verbatim("1e999")) == "1e999"
    assert pretty(10**5000) == "1" + "0" * 5000
    assert pretty(-(10**5000)) == "-1" + "0" * 5000


def test_pretty_takes_json_values_only() -> None:
    with pytest.raises(TypeError, match="bytes is no JSON value"):
        pretty({"a": b"x"})


@pytest.mark.parametrize("depth", [100, 1_000, 20_000])
def test_any_depth_is_laid_out(depth: int) -> None:
    text = '{"a":[' * depth + "]}" * depth
    value: Any = None
    for _ in range(depth):
        value = {"a": [] if value is None else [value]}
    assert pretty(value) == reformat(text)
    assert len(pretty(value)) < 40 * depth + 100_000
    assert reformat(text).replace(" ", "").replace("\n", "") == text
    assert error_place(text) is None
    assert locate(text, "a[0].a") == (7, len(text) - 3)
    assert pretty(decode(text.encode()).value).replace(" ", "").replace("\n", "") == text


def test_what_is_very_deep_goes_on_in_one_line() -> None:
    text = "[" * 100 + '1,2,{"a":3,"b":4}' + "]" * 100
    assert '[1, 2, {"a": 3, "b": 4}]' in reformat(text)
    assert json.loads(reformat(text)) == json.loads(text)


def test_reformat_keeps_every_spelling() -> None:
    text = '{"a":1.10,"a":1E5,"\\u00e9":"\\/","n":-0,"big":' + "9" * 5000 + ',"x":NaN}'
    assert reformat(text).replace("\n", "").replace("  ", "").replace('": ', '":') == text
    assert reformat("{not json") == "{not json"


@given(JSON_VALUES)
def test_reformat_changes_white_space_only(value: object) -> None:
    once = reformat(json.dumps(value))
    assert json.loads(once) == value
    assert reformat(once) == once


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", DOCUMENT),
        ("a", '"a": {"b": [1, {"c": "x"}]}'),
        ("a.b", '"b": [1, {"c": "x"}]'),
        ("a.b[0]", "1"),
        ("a.b[1]", '{"c": "x"}'),
        ("a.b[1].c", '"c": "x"'),
        ('["a.b"]', '"a.b": 2'),
        ("d", '"d": [true]'),
        ("d[0]", "true"),
        ("e", None),
        ("a.b[2]", None),
        ("a.b.c", None),
        ("a[0]", None),
        ("a.b[0].x", None),
        ("a..b", None),
        ("a]", None),
    ],
)
def test_places_of_paths(path: str, found: str | None) -> None:
    place = locate(DOCUMENT, path)
    assert (None if place is None else DOCUMENT[slice(*place)]) == found


def test_the_nearest_place() -> None:
    place = locate(DOCUMENT, "a.b[7].x.y", nearest=True)
    assert place is not None
    assert DOCUMENT[slice(*place)] == '"b": [1, {"c": "x"}]'
    assert locate("{", "a", nearest=True) is None


def test_every_problem_of_a_bad_body_has_a_place(ios: dict[str, Any]) -> None:
    ios |= {"new": 1, "badge": "7", "brandID": "1", "a.b": [1], "notificationType": "APN"}
    ios["aps"] = {"alert": {"x": 1, "loc-args": [1]}, "sequence": 8}
    text = json.dumps(ios, indent=2)
    problems = [problem for problem in parse(text.encode()).problems if problem.code != "missing_field"]
    assert len(problems) >= 7
    for problem in problems:
        assert locate(text, problem.path) is not None, problem


@pytest.mark.parametrize(
    "text", ["{}", "[1, 2]", " null ", '"x"', "9" * 5000, "[" * 5000 + "]" * 5000, '"\ud800"']
)
def test_json_has_no_error(text: str) -> None:
    assert error_place(text) is None


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", (1, 1, 0), "the text ends where a value was expected"),
        ('{\n  "a": 1,\n}', (3, 1, 12), "a comma stands before"),
        ('{"a": NaN}', (1, 7, 6), "‘NaN’, which JSON does not have"),
        ("[1,\n-Infinity]", (2, 1, 4), "‘-Infinity’"),
        ('{"😀": x}', (1, 7, 6), "double quotes"),
        ("{} {}", (1, 4, 3), "already ended"),
        ("\ufeff{}", (1, 1, 0), "a byte order mark"),
        ("\ud800", (1, 1, 0), "U+D800"),
        ('[NaN, "x]', (1, 2, 1), "‘NaN’"),
    ],
)
def test_the_place_of_an_error(text: str, place: tuple[int, int, int], says: str) -> None:
    found = error_place(text)
    assert found is not None
    assert found[:3] == place
    assert says in found[3]
    assert found[3].encode() is not None


@given(st.text(st.sampled_from('{}[]:,"\\ \n1e.+-naulltruefs\ud800')) | st.text())
def test_an_error_s_place_is_in_the_text(text: str) -> None:
    found = error_place(text)
    try:
        json.loads(text, parse_constant=pytest.fail)
    except ValueError:
        assert found is not None
        line, column, offset, _ = found
        assert 0 <= offset <= len(text)
        assert (line, column) == (text[:offset].count("\n") + 1, offset - (text[:offset].rfind("\n") + 1) + 1)
    except pytest.fail.Exception:
        assert found is not None
    else:
        assert found is None
