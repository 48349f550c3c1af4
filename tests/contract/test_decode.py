"""Bytes to JSON values: whatever comes, an answer, and the place of whatever is odd."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.contract.build import MAX_DEPTH
from inspector.contract.decode import ODD, Decoded, decode, decode_clean
from inspector.contract.findings import MAX_PROBLEMS
from inspector.contract.push import Severity
from inspector.contract.verbatim import Verbatim

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)
JSON_SOUP = st.lists(
    st.sampled_from(["{", "}", "[", "]", ":", ",", '"', "\\", " ", "\n", "\x00", "\ufeff", "//", "'", "é"])
    | st.sampled_from(["\\u", "d800", "dc00", "\\ud83d", "\\ude00", '"a":', '"a"', "true", "null"])
    | st.sampled_from(["NaN", "-Infinity", "1", "-0", "1e999", "0.5", "9" * 30]),
    max_size=25,
).map("".join)


def codes(raw: bytes) -> list[str]:
    return [problem.code for problem in decode(raw).problems]


def places(raw: bytes) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in decode(raw).problems]


@given(st.binary() | JSON_SOUP.map(str.encode))
@example(b"\xff\xfe")
@example(b"\x00")
@example(b'{\x00"')
@example(b"\xef\xbb\xbf")
def test_any_bytes_get_an_answer(raw: bytes) -> None:
    found = decode(raw)
    assert found.is_json or found.value is None
    assert found.is_json or found.problems
    assert len(found.problems) <= MAX_PROBLEMS
    for problem in found.problems:
        assert problem.message.encode()
        assert problem.path.encode() is not None
        assert problem.message.endswith(".")


@given(JSON_SOUP)
def test_what_is_json_is_what_python_takes_for_json(text: str) -> None:
    """Apart from an object that something follows: a phone's parser may well read it."""
    try:
        json.loads(text)
    except ValueError:
        taken = False
    else:
        taken = True
    found = decode(text.encode())
    if any(problem.code in ("trailing_text", "byte_order_mark") for problem in found.problems):
        assert not taken
    else:
        assert found.is_json is taken


@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 0, 3]))
def test_any_json_comes_back(value: object, ascii_only: bool, indent: int | None) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert decode(raw) == Decoded(is_json=True, value=value, problems=())


@given(JSON_VALUES)
def test_both_ways_agree(value: object) -> None:
    """A NaN beside it sends the same value the careful way."""
    raw = b'{"a":' + json.dumps(value).encode() + b',"odd":NaN}'
    careful = decode(raw)
    assert isinstance(careful.value, dict)
    assert careful.value["a"] == value
    assert places(raw) == [("not_a_number", "odd")]
    assert decode_clean(raw) is ODD


@pytest.mark.parametrize("raw", [b"", b" ", b"\n\t \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_body(raw: bytes) -> None:
    found = decode(raw)
    assert not found.is_json
    assert found.problems[-1].code == "empty_body"


@pytest.mark.parametrize(
    ("raw", "line", "column", "says"),
    [
        (b'{"a": 1,}', 1, 9, "a comma stands before ‘}’"),
        (b"[1, 2,\n]", 2, 1, "a comma stands before ‘]’"),
        (b'{"a" 1}', 1, 6, "‘1’ where a colon after the key was expected"),
        (b'{"a": }', 1, 7, "‘}’ where a value was expected"),
        (b'{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma is missing before ‘"’'),
        (b"{'a': 1}", 1, 2, "a straight double quote was expected"),
        ("{“a”: 1}".encode(), 1, 2, "typographic quote"),
        (b"{a: 1}", 1, 2, "a key that does not stand in double quotes"),
        (b'{"a": hello}', 1, 7, "text that does not stand in double quotes"),
        (b'{"a": True}', 1, 7, "‘True’ where JSON has ‘true’"),
        (b'{"a": None}', 1, 7, "‘None’ where JSON has ‘null’"),
        (b'{"a": 01}', 1, 8, "a number can't begin with 0"),
        (b'{"a": +1}', 1, 7, "a number can't begin with ‘+’"),
        (b'{"a": 1.}', 1, 8, "a decimal point without a digit after it"),
        (b'{"a": 1x}', 1, 8, "goes on in a way that JSON does not know"),
        (b'{"a": 1 2}', 1, 9, "a comma is missing before ‘2’"),
        (b'{"a": -}', 1, 7, "a minus sign without a number after it"),
        (b'{"a": 1 // one\n}', 1, 9, "a comment"),
        (b'{"a": "b', 1, 7, "never closed"),
        (b'{"a": "b\nc"}', 1, 9, "a line break inside a string must be written ‘\\n’"),
        (b'{"a": "b\x00c"}', 1, 9, "a NUL character inside a string must be written ‘\\u0000’"),
        (b'{"a": "\\x"}', 1, 8, "a backslash before ‘x’"),
        (b'{"a": "\\u12"}', 1, 8, "four hexadecimal digits"),
        (b'{"a": [1}', 1, 9, "‘}’ closes what was opened by ‘[’"),
        (b'{"a": 1', 1, 8, "the text ends where a comma or ‘}’ was expected"),
        (b"{", 1, 2, "the text ends where a key in double quotes or ‘}’ was expected"),
        (b"12 apples", 1, 4, "‘a’ where the document has already ended"),
        (b"<xml/>", 1, 1, "‘<’ where a value was expected"),
        (b"device-token=abc", 1, 1, "text that does not stand in double quotes"),
        ("{\xa0}".encode(), 1, 2, "a no-break space where a key"),
    ],
)
def test_not_json_says_where_and_what(raw: bytes, line: int, column: int, says: str) -> None:
    found = decode(raw)
    assert not found.is_json
    (problem,) = found.problems
    assert (problem.code, problem.severity, problem.path) == ("not_json", Severity.ERROR, "")
    assert f"line {line}, column {column}:" in problem.message
    assert says in problem.message


def test_what_is_not_json_is_not_quoted_beyond_a_character() -> None:
    for raw in (
        b'{"device-token": secret1234}',
        b"secret1234",
        b'{"device-token": "secret1234',
        b'{secret1234: "',
    ):
        assert all("secret" not in problem.message for problem in decode(raw).problems)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ['{"a": "é日😀"}', "[]", '"日本"'])
def test_wide_encodings_are_read_and_told(codec: str, text: str) -> None:
    found = decode(text.encode(codec))
    assert found.is_json
    assert found.value == json.loads(text)
    assert [problem.code for problem in found.problems] == ["wrong_encoding"]
    assert codec[:6].upper() in found.problems[0].message


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_a_damaged_wide_encoding_is_not_json(mark: bytes) -> None:
    found = decode(mark + b"{\x00}")
    assert not found.is_json
    assert [problem.code for problem in found.problems] == ["wrong_encoding"]


def test_a_byte_order_mark_is_told_and_skipped() -> None:
    assert decode(b'\xef\xbb\xbf{"a":1}').value == {"a": 1}
    assert places(b'\xef\xbb\xbf{"a":1}') == [("byte_order_mark", "")]


def test_latin_1_is_read_and_told() -> None:
    found = decode('{"a": "Grüße"}'.encode("latin-1"))
    assert found.value == {"a": "Grüße"}
    (problem,) = found.problems
    assert (problem.code, problem.severity) == ("wrong_encoding", Severity.ERROR)
    assert "byte 0xFC at offset 9" in problem.message
    assert "Latin-1" in problem.message


def test_damaged_utf_8_keeps_what_is_whole() -> None:
    found = decode('{"a": "Grüße'.encode() + b'\xff"}')
    assert found.value == {"a": "Grüße\ufffd"}
    assert [problem.code for problem in found.problems] == ["wrong_encoding"]


def test_surrogates_written_as_utf_8_are_joined() -> None:
    found = decode(b'{"a": "\xed\xa0\xbd\xed\xb8\x80"}')
    assert found.value == {"a": "😀"}
    assert [problem.code for problem in found.problems] == ["wrong_encoding"]


def test_repeated_keys_are_told_each_with_its_path() -> None:
    raw = b'{"a":1,"b":[{"c":1,"c":2,"c":3},{"c":1}],"a":{"x":1,"x":2},"\\u0062":5}'
    found = decode(raw)
    assert found.value == {"a": {"x": 2}, "b": 5}
    assert sorted(places(raw)) == [
        ("duplicate_key", "a"),
        ("duplicate_key", "a.x"),
        ("duplicate_key", "b"),
        ("duplicate_key", "b[0].c"),
    ]
    messages = {problem.path: problem.message for problem in found.problems}
    assert "3 times" in messages["b[0].c"]
    assert "twice" in messages["a"]


def test_repeated_keys_that_need_quotes() -> None:
    assert places(b'{"a.b":1,"a.b":2}') == [("duplicate_key", '["a.b"]')]
    assert places(b'{"":1,"":2}') == [("duplicate_key", '[""]')]
    assert places(b'[[{"push-service":1,"push-service":2}]]') == [("duplicate_key", "[0][0].push-service")]


def test_words_that_json_does_not_have() -> None:
    raw = b'{"a":NaN,"b":[Infinity,{"c":-Infinity}]}'
    found = decode(raw)
    assert places(raw) == [("not_a_number", "a"), ("not_a_number", "b[0]"), ("not_a_number", "b[1].c")]
    value: Any = found.value
    assert math.isnan(value["a"])
    assert value["b"] == [math.inf, {"c": -math.inf}]


@pytest.mark.parametrize("digits", [19, 20, 640, 641, 4300, 4301, 100_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_ints_of_any_length_are_kept(digits: int, sign: str) -> None:
    literal = f"{sign}1{'0' * (digits - 1)}"
    raw = f'{{"a":[{literal}]}}'.encode()
    found = decode(raw)
    value: Any = found.value
    assert str(value["a"][0]) == literal
    assert isinstance(value["a"][0], int if len(literal) <= 640 else Verbatim)
    assert places(raw) == ([("number_too_large", "a[0]")] if digits > 19 else [])


@pytest.mark.parametrize(
    ("literal", "value"),
    [("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)), ("9007199254740993", 2**53 + 1)],
)
def test_the_longest_ints_of_64_bits_are_clean(literal: str, value: int) -> None:
    assert decode(literal.encode()) == Decoded(is_json=True, value=value, problems=())
    assert codes(b"9223372036854775808") == ["number_too_large"]


def test_numbers_beyond_a_double_are_kept() -> None:
    assert decode(b"[1e999]").value == [Verbatim("1e999")]
    assert places(b"[1e999,-1E+400]") == [("number_too_large", "[0]"), ("number_too_large", "[1]")]
    assert decode(b"[1e-999, 1e308, -0, -0.0]").problems == ()


def test_half_surrogate_pairs_are_told() -> None:
    raw = rb'{"a":"\ud800","b":["\udc00x"],"\ud83d":1,"c":"\ud83d\ude00","d":"\\ud800"}'
    found = decode(raw)
    assert places(raw) == [
        ("lone_surrogate", "a"),
        ("lone_surrogate", "b[0]"),
        ("lone_surrogate", r'["\ud83d"]'),
    ]
    value: Any = found.value
    assert value["c"] == "😀"
    assert value["d"] == r"\ud800"


@pytest.mark.parametrize(
    "literal",
    [
        r"\ud83d\ud83d\ude00",
        r"\ud83d\ude00\ude00",
        r"\\\ud83d",
        r"\\ud83d\ude00",
        r"\ud83dx\ude00",
        r"\ud83d\u0041",
    ],
)
def test_half_surrogate_pairs_hidden_beside_whole_ones(literal: str) -> None:
    assert codes(f'"{literal}"'.encode()) == ["lone_surrogate"]


@pytest.mark.parametrize(
    "literal", [r"\ud83d\ude00", r"\\ud83d", r"\uD83D\uDE00\uD83D\uDE00", r"\u00e9", r"\\\\ud800"]
)
def test_whole_surrogate_pairs_are_clean(literal: str) -> None:
    assert codes(f'"{literal}"'.encode()) == []


@pytest.mark.parametrize("rest", [b" x", b"{}", b"\n\x00", b"}", b","])
def test_an_object_that_something_follows_is_still_read(rest: bytes) -> None:
    found = decode(b'{"a": 1}' + rest)
    assert found.is_json
    assert found.value == {"a": 1}
    assert [problem.code for problem in found.problems] == ["trailing_text"]


@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, 1_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_any_depth_is_read(depth: int, opening: bytes, closing: bytes) -> None:
    raw = opening * depth + b"1" + closing * depth
    found = decode(raw)
    assert found.is_json
    assert [problem.code for problem in found.problems] == (["too_deep"] if depth > MAX_DEPTH else [])
    value: Any = found.value
    for _ in range(min(depth, MAX_DEPTH)):
        value = value[0] if isinstance(value, list) else value["a"]
    below = depth - MAX_DEPTH
    assert value == (1 if below <= 0 else Verbatim((opening * below + b"1" + closing * below).decode()))
    assert repr(found) is not None


def test_what_stands_beside_the_depths_is_read() -> None:
    raw = b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b',"b":{"c":NaN}}'
    value: Any = decode(raw).value
    assert math.isnan(value["b"]["c"])
    assert [code for code, _ in places(raw)] == ["too_deep", "not_a_number"]


def test_many_shallow_containers_are_not_deep() -> None:
    assert codes(b"[" + b",".join([b'{"a":[]}'] * 1000) + b"]") == []


def test_problems_are_capped_and_the_last_one_counts_the_rest() -> None:
    found = decode(b"[" + b",".join([b"NaN"] * 1000) + b"]")
    assert len(found.problems) == MAX_PROBLEMS
    assert found.problems[-1].code == "more_problems"
    assert "901 more" in found.problems[-1].message
    assert found.problems[-1].severity is Severity.ERROR


def test_a_key_too_long_for_a_path_is_told_at_its_parent() -> None:
    raw = b'{"a":{"' + b"x" * 100_000 + b'":NaN}}'
    (problem,) = decode(raw).problems
    assert (problem.code, problem.path) == ("not_a_number", "a")
    assert problem.message == "A value within a is NaN, which JSON does not have."


@pytest.mark.parametrize(
    "raw",
    [
        b"{" + b",".join(b'"a":1' for _ in range(100_000)) + b"}",
        b"{" + b",".join(b'"%d":1' % (i % 50_000) for i in range(100_000)) + b"}",
        b'["' + b"\\n" * 500_000 + b'"]',
        b'["' + b"x" * 1_000_000,
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b"[" + b" " * 1_000_000,
        b'["' + b"\\ud800" * 100_000 + b'"]',
        b"9" * 1_000_000,
        b"0." + b"9" * 1_000_000,
        b'"' * 1_000_001,
    ],
    ids=[
        "same keys",
        "repeated keys",
        "escapes",
        "unclosed",
        "lists",
        "objects",
        "space",
        "halves",
        "int",
        "float",
        "quotes",
    ],
)
def test_a_megabyte_of_anything_takes_no_more_than_it_must(raw: bytes) -> None:
    start = time.perf_counter()
    decode(raw)
    assert (
        time.perf_counter() - start < 10
    )  # linear: a second or so on a slow machine; quadratic would be minutes
