"""The variables of a body: each one, where it stands, and what is left alone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.variables import Values, examples, read, resolve, resolve_body

NOW = datetime(2026, 3, 1, 23, 59, 59, 250_900, UTC)
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def values(number: int = 0, seed: str = "run", **environment: str) -> Values:
    return Values(number, NOW, seed, environment)


def filled(text: str, source: Values | None = None) -> Any:
    return json.loads(resolve(text, source or values()).text)


@pytest.mark.parametrize(
    ("variable", "pattern"),
    [
        ("{{uuid}}", UUID4),
        ("{{ uuid  dialog }}", UUID4),
        ("{{now}}", r"2026-03-01T23:59:59\.250Z"),
        ("{{now iso +1h}}", r"2026-03-02T00:59:59\.250Z"),
        ("{{now -1d +1ms}}", r"2026-02-28T23:59:59\.251Z"),
        ("{{random hex 64}}", r"[0-9a-f]{64}"),
        ("{{random hex 1}}", r"[0-9a-f]"),
        ("{{random word}}", r"[a-z]+"),
        ("{{random name}}", r"\w+"),
        ("{{random one of a|b b| c }}", r"a|b b|c"),
        ("{{env BRAND}}", r"x\"\\y"),
    ],
)
def test_what_is_no_number_is_quoted_outside_a_string_and_escaped_within(variable: str, pattern: str) -> None:
    source = values(BRAND='x"\\y')
    bare = filled(f'{{"a":{variable}}}', source)["a"]
    within = filled(f'{{"a":"<{variable}>"}}', source)["a"]
    assert re.fullmatch(pattern if "BRAND" not in variable else re.escape('x"\\y'), bare)
    assert within == f"<{bare}>"


@pytest.mark.parametrize(
    ("variable", "number"),
    [
        ("{{now epoch}}", int(NOW.timestamp())),
        ("{{now epoch_ms}}", int(NOW.timestamp()) * 1000 + 250),
        ("{{now epoch +1w}}", int(NOW.timestamp()) + 7 * 86400),
        ("{{seq}}", 5),
        ("{{seq 10}}", 14),
        ("{{badge -3}}", 1),
        ("{{random 7..7}}", 7),
        ("{{env N}}", -1.5),
        ("{{env YES}}", True),
    ],
)
def test_numbers_stand_bare_outside_a_string(variable: str, number: object) -> None:
    source = values(4, N="-1.5", YES="true")
    assert filled(f'{{"a":{variable}}}', source) == {"a": number}
    assert isinstance(filled(f'{{"a":"{variable}"}}', source)["a"], str)


def test_a_number_that_json_does_not_know_is_quoted() -> None:
    assert filled("[{{env A}},{{env B}}]", values(A="007", B="1e5x")) == ["007", "1e5x"]


def test_what_rises_and_what_stays_within_a_run() -> None:
    recipe = read(
        "[{{seq}},{{seq}},{{badge 3}},{{uuid}},{{uuid}},{{uuid c}},{{uuid c}},{{random 1..1000000}}]"
    )
    first, second = (json.loads(recipe.resolve(values(number)).text) for number in (0, 1))
    assert (first[:3], second[:3]) == ([1, 1, 3], [2, 2, 4])
    assert len({*first[3:5], *second[3:5], first[5]}) == 5
    assert first[5] == first[6] == second[5]
    assert json.loads(recipe.resolve(values(0)).text) == first, "what is previewed is what is sent"
    assert json.loads(recipe.resolve(values(0, "other")).text)[5] != first[5]


def test_examples_are_always_the_same() -> None:
    text = '{"a":"{{uuid}}","s":{{seq}},"e":"{{env X}}"}'
    assert resolve(text, examples(NOW, {"X": "y"})).text == resolve(text, examples(NOW, {"X": "y"})).text


@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ('{"a":"{{uid}}"}', "{{uid}}", "uuid"),
        ('{"a":"{{timestamp}}"}', "{{timestamp}}", "now"),
        ('{"a":"{{BRAND}}"}', "{{BRAND}}", "env BRAND"),
        ('{"a":"{{}}"}', "{{}}", "uuid"),
        ('{"a":"{{ x "}', "{{", "}}"),
        ('{"a":"{{env GONE}}"}', "{{env GONE}}", "environment"),
        ('{"a":"{{env}}"}', "{{env}}", "env BRAND"),
        ('{"a":"{{random}}"}', "{{random}}", "1..100"),
        ('{"a":"{{random hex 9999}}"}', "{{random hex 9999}}", "hex 64"),
        ('{"a":"{{now tomorrow}}"}', "{{now tomorrow}}", "epoch"),
        ('{"a":"{{now +999999999w}}"}', "{{now +999999999w}}", "+1h"),
        ('{"a":"{{seq one}}"}', "{{seq one}}", "{{seq 10}}"),
        ('{"a":"{{uuid ?}}"}', "{{uuid ?}}", "{{uuid dialog}}"),
    ],
)
def test_what_is_no_variable_stays_and_is_told(text: str, part: str, word: str) -> None:
    done = resolve(text, values())
    assert done.text == text
    (problem,) = done.problems
    assert text[problem.start : problem.end] == part
    assert word in problem.next_step


def test_a_text_without_variables_is_the_same_object() -> None:
    text, body = '{"a": {"b": 1}}', b'\xff{"a": {"b": 1}}'
    assert resolve(text, values()).text is text
    assert resolve_body(body, values())[0] is body


def test_doubled_braces_are_two_braces() -> None:
    assert filled('{"a":"{{{{uuid}} and {{seq}}"}') == {"a": "{{uuid}} and 1"}
    assert filled('{"a":"{{{seq}}}"}') == {"a": "{1}"}


def test_braces_that_close_objects_are_none_of_a_variable() -> None:
    assert filled('{"a":{"b":{{seq}}}}') == {"a": {"b": 1}}


def test_plain_text_and_odd_bytes_stay_around_what_is_filled_in() -> None:
    assert resolve("seq={{seq}} id={{env A}}", values(A='"')).text == 'seq=1 id="'
    assert resolve_body(b'{"a":"\xff{{seq}}"}', values())[0] == b'{"a":"\xff1"}'


def test_a_quote_too_many_spoils_one_line_only() -> None:
    assert resolve('{"a": "b""\n"c": {{env X}}}', values(X="y")).text.endswith('"c": "y"}')


def test_a_secret_is_in_no_repr() -> None:
    source = Values(0, NOW, "run", {"T": "hush"}, frozenset({"T"}))
    done = resolve('{"a":"{{env T}}"}', source)
    assert done.replaced[0].secret
    assert "hush" not in f"{source!r} {done!r} {done.replaced[0]!r}"


VARIABLES = ("{{uuid}}", "{{now}}", "{{now epoch}}", "{{seq}}", "{{badge 4}}", "{{random 1..9}}", "{{random word}}",
             "{{env A}}", "{{ env B }}", "{{uuid c}}")  # fmt: skip
strings = st.lists(st.one_of(st.text(max_size=8), st.sampled_from(VARIABLES)), max_size=4).map("".join)
documents = st.recursive(
    st.one_of(st.integers(), st.booleans(), strings, st.sampled_from(VARIABLES).map(lambda v: ("bare", v))),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(strings, inner, max_size=4)),
    max_leaves=12,
)


def written(document: Any) -> str:
    if isinstance(document, tuple):
        return str(document[1])
    if isinstance(document, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{written(value)}" for key, value in document.items()) + "}"
    if isinstance(document, list):
        return "[" + ",".join(map(written, document)) + "]"
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace").decode()


@settings(max_examples=150)
@given(st.lists(documents, max_size=5), st.text(max_size=12), st.text(max_size=12))
def test_json_stays_json_and_places_are_right(document: list[Any], a: str, b: str) -> None:
    text = written(document)
    source = values(3, A=a, B=b)
    done = resolve(text, source)
    json.loads(done.text)
    done.text.encode()
    rebuilt, place = "", 0
    for one in done.replaced:
        assert text[one.start : one.end].startswith("{{")
        new = done.text[one.new_start : one.new_end]
        assert one.value in (new, json.loads(new) if new[:1] == '"' else json.loads(f'"{new}"'))
        rebuilt += text[place : one.start].replace("{{{{", "{{") + new
        place = one.end
    assert rebuilt + text[place:].replace("{{{{", "{{") == done.text


@settings(max_examples=200)
@given(st.text(alphabet='{}"\\\n auidseqnow1', max_size=60))
def test_any_text_is_taken(text: str) -> None:
    done = resolve(text, values())
    rebuilt, place = "", 0
    for one in done.replaced:
        rebuilt += text[place : one.start].replace("{{{{", "{{") + done.text[one.new_start : one.new_end]
        place = one.end
    assert rebuilt + text[place:].replace("{{{{", "{{") == done.text
