"""The query language: what is understood, and what is said of what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector.errors import QueryError
from inspector.history.query import MAX_CHARACTERS, MAX_DEPTH, MAX_LEVELS, MAX_TERMS, parse
from inspector.history.query_fields import FIELDS, Takes, find_field, near_names
from inspector.history.query_tree import (
    AllOf,
    AnyOf,
    Between,
    Contains,
    Everything,
    Has,
    Is,
    Node,
    Not,
    Pattern,
    Words,
)

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
LARGEST = 2**63 - 1


def tree(text: str) -> Node:
    return parse(text, now=NOW).root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        ("  \t\n ", Everything()),
        ("hello", Words("hello")),
        ("Hello wörld", AllOf((Words("Hello"), Words("wörld")))),
        ("hello and world", AllOf((Words("hello"), Words("world")))),
        ("a or b c", AnyOf((Words("a"), AllOf((Words("b"), Words("c")))))),
        ("(a OR b) c", AllOf((AnyOf((Words("a"), Words("b"))), Words("c")))),
        ("a or b or c", AnyOf((Words("a"), Words("b"), Words("c")))),
        ("not a", Not(Words("a"))),
        ("-a -b", AllOf((Not(Words("a")), Not(Words("b"))))),
        ("not not a", Words("a")),
        ("--a", Words("a")),
        ("not -a", Words("a")),
        ("-(a or b)", Not(AnyOf((Words("a"), Words("b"))))),
        ("not(a or b)", Not(AnyOf((Words("a"), Words("b"))))),
        ("a and(b)or(c)", AnyOf((AllOf((Words("a"), Words("b"))), Words("c")))),
        ("a and not b", AllOf((Words("a"), Not(Words("b"))))),
        ("((a))", Words("a")),
        ('"exact words"', Words("exact words")),
        ('"or"', Words("or")),
        ('-"a b"', Not(Words("a b"))),
        (r'"say \"hi\" \\ \n"', Words('say "hi" \\ \\n')),
        ("“curly quotes”", Words("curly quotes")),
        ("„so“", Words("so")),
        ('"a “b” c"', Words("a “b” c")),
        ('one"two"three', AllOf((Words("one"), Words("two"), Words("three")))),
        ("foo-bar", Words("foo-bar")),
        ("f(x)", Words("f(x)")),
        ("(f(x))", Words("f(x)")),
        ("CN=rogue", Words("CN=rogue")),
        ("127.0.0.1:8443", Words("127.0.0.1:8443")),
        ("https://localhost/push", Words("https://localhost/push")),
        ("10:04", Words("10:04")),
        ("*", Everything()),
        ("13a1*", Words("13a1")),
        ("13a1…", Words("13a1")),
        ('"13a1*"', Words("13a1*")),
    ],
)
def test_words_and_how_they_combine(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("service:apns", Is("service", "apns")),
        ("SERVICE:iOS", Is("service", "apns")),
        ("service:gcm", Is("service", "fcm")),
        ("service:android", Is("service", "fcm")),
        ("service:huawei", Is("service", "huawei")),
        ("-service:fcm", Not(Is("service", "fcm"))),
        ("service:!=fcm", Not(Is("service", "fcm"))),
        ("service:=fcm", Is("service", "fcm")),
        ("service:*", Everything()),
        ("direction:in", Is("direction", "in")),
        ("dir:sent", Is("direction", "out")),
        ("kind:handshake", Is("kind", "handshake")),
        ("is:handshake", Is("is", "handshake")),
        ("is:in is:refused", AllOf((Is("is", "in"), Is("is", "refused")))),
        ("is:untrusted", Is("is", "untrusted")),
        ("has:retry", Between("attempt", 2, None)),
        ("has:problem", Has("problem")),
        ("has:token", Has("token")),
        ("has:answer", Has("status")),
        ("has:certificate", Has("subject")),
        ("-has:conv", Not(Has("conv"))),
    ],
)
def test_choices(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("brand:90588711", Pattern("brand", ("90588711",))),
        ('brand:"qa 905"', Pattern("brand", ("qa 905",))),
        ("conv:13a1*", Pattern("conv", ("13a1", ""))),
        ("conv:13a1…", Pattern("conv", ("13a1", ""))),
        ("conv:13a1...", Pattern("conv", ("13a1", ""))),
        ("conv:13a1…b9f3", Pattern("conv", ("13a1", "b9f3"))),
        ('conv:"13a1*"', Pattern("conv", ("13a1*",))),
        ("conv:*", Has("conv")),
        ("conv:!=13a1*", Not(Pattern("conv", ("13a1", "")))),
        ("token:BTP800DF00M|03|04", Pattern("token", ("BTP800DF00M|03|04",))),
        ("token:>x", Pattern("token", (">x",))),
        ("originator:90588718.2333061110", Pattern("originator", ("90588718.2333061110",))),
        ("reason:unknown_issuer", Pattern("reason", ("unknown_issuer",))),
        ('reason:"unknown issuer"', Pattern("reason", ("unknown_issuer",))),
        ("fingerprint:AB:CD*", Pattern("fingerprint", ("ABCD", ""))),
        ("method:post", Pattern("method", ("post",))),
        ("path:/push", Contains("path", "/push")),
        ("path:=/push", Pattern("path", ("/push",))),
        ("path:/push*", Pattern("path", ("/push", ""))),
        ("path:!=/push", Not(Contains("path", "/push"))),
        ("path:/f(x)", Contains("path", "/f(x)")),
        ("(path:/f)", Contains("path", "/f")),
        ("url:https://localhost", Contains("url", "https://localhost")),
        ("text:“my test”", Contains("text", "my test")),
        ("message:hi", Contains("text", "hi")),
        ("text:<b>", Contains("text", "<b>")),
        ("peer:127.0.0.1:5", Contains("peer", "127.0.0.1:5")),
        ("subject:CN=rogue", Contains("subject", "CN=rogue")),
        ("body:a*b", Contains("body", "a*b")),
        ("body:*", Has("body")),
        ("problem:*", Has("problem")),
        ("problem:missing_field", Pattern("problem", ("missing_field",))),
        ("problem:missing*", Pattern("problem", ("missing", ""))),
        ("problem:error", Is("severity", "error")),
    ],
)
def test_texts(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:200", Between("status", 200, 200)),
        ("status:>=500", Between("status", 500, None)),
        ("status:>500", Between("status", 501, None)),
        ("status:<400", Between("status", None, 399)),
        ("status:<=400", Between("status", None, 400)),
        ("status:!=200", Not(Between("status", 200, 200))),
        ("status:==200", Between("status", 200, 200)),
        ("status:4xx", Between("status", 400, 499)),
        ("status:>=4XX", Between("status", 400, None)),
        ("status:4xx..5xx", Between("status", 400, 599)),
        ("status:*", Has("status")),
        ("seq:3..9", Between("seq", 3, 9)),
        ("seq:3…9", Between("seq", 3, 9)),
        ("seq:3..", Between("seq", 3, None)),
        ("seq:..9", Between("seq", None, 9)),
        ("seq:!=3..9", Not(Between("seq", 3, 9))),
        ("seq:-5", Between("seq", -5, -5)),
        ("seq:-5..-3", Between("seq", -5, -3)),
        ('seq:">=5"', None),
        ('seq:>="5"', Between("seq", 5, None)),
        (f"seq:{LARGEST}", Between("seq", LARGEST, LARGEST)),
        (f"seq:>{LARGEST}", Not(Everything())),
        ("badge:0", Between("badge", 0, 0)),
        ("attempt:>1", Between("attempt", 2, None)),
        ("count:>=3", Between("count", 3, None)),
        ("id:7", Between("id", 7, 7)),
        ("size:>4096", Between("size", 4097, None)),
        ("size:>4k", Between("size", 4097, None)),
        ("size:1K..1MiB", Between("size", 1024, 1024 * 1024)),
        ("size:5b", Between("size", 5, 5)),
    ],
)
def test_numbers(text: str, expected: Node | None) -> None:
    if expected is None:
        with pytest.raises(QueryError):
            tree(text)
    else:
        assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "faulty", "message", "next_step"),
    [
        ("a foo:bar", "foo", "no field “foo”", "quotes"),
        ("statsu:200", "statsu", "no field “statsu”", "status:"),
        ("brnad:5", "brnad", "no field", "Did you mean brand:"),
        ("localhost:8443", "localhost", "no field", "quotes"),
        ("a status:abc", "abc", "can't read “abc” as a number", ">=500"),
        ("seq:1.5", "1.5", "number", "3..9"),
        ("seq:٣", "٣", "number", "3..9"),
        ("seq:..", "..", "number", "3..9"),
        ("seq:9..3", "seq:9..3", "ends before it begins", "seq:3..9"),
        ("seq:>=3..9", "seq:>=3..9", "not both", "3..9"),
        ("seq:9223372036854775808", "9223372036854775808", "never as large", str(LARGEST)),
        ("size:4x", "4x", "number", "4k"),
        ("after:soon", "soon", "time", "yesterday"),
        ("after:2026-13-01", "2026-13-01", "time", "2026-01-31"),
        ("after:-99999999999999d", "-99999999999999d", "time", "-2h"),
        ("after:>2026-01-01", "after:>2026-01-01", "without >", "2026-01-31"),
        ("before:!=today", "before:!=today", "without !=", "yesterday"),
        ("service:windows", "windows", "does not know “windows”", "apns, fcm, huawei"),
        ("service:>apns", "service:>apns", "can't be compared", "apns"),
        ("has:fun", "fun", "does not know", "retry, answer"),
        ("is:nice", "nice", "does not know", "handshake"),
        ('a "b c', '"b c', "not closed", '"'),
        ('path:"b c', '"b c', "not closed", '"'),
        ('""', '""', "empty", ""),
        ("brand:", "brand:", "no value", "-has:brand"),
        ("brand: 5", "brand:", "no value", "without a space"),
        ('brand:""', 'brand:""', "no value", "-has:brand"),
        ("status:>=", "status:>=", "no value", "right after"),
        ("(a or b", "(", "not closed", ")"),
        ("((a) b", "(", "not closed", ")"),
        ("a)", ")", "closes nothing", "quotes"),
        (")", ")", "closes nothing", "quotes"),
        ("a :)", ")", "closes nothing", "quotes"),
        ("( )", "( )", "empty", ""),
        ("or a", "or", "both sides", '"or"'),
        ("a or", "or", "both sides", '"or"'),
        ("a and", "and", "both sides", '"and"'),
        ("a or or b", "or", "both sides", '"or"'),
        ("(a or) b", "or", "both sides", '"or"'),
        ("a not", "not", "after it", '"not"'),
        ("a -", "-", "nothing to leave out", "quotes"),
        ("a - b", "-", "nothing to leave out", "quotes"),
        ("(-)", "-", "nothing to leave out", "quotes"),
    ],
)
def test_mistakes_are_said_with_their_place(text: str, faulty: str, message: str, next_step: str) -> None:
    with pytest.raises(QueryError) as caught:
        tree(text)
    error = caught.value
    assert text[error.start : error.end] == faulty
    assert message in error.message
    assert next_step in error.next_step
    assert error.next_step
    assert "\n" not in error.message
    assert error.exit_code == 2


def test_a_parenthesis_that_is_not_closed_is_the_inner_one() -> None:
    with pytest.raises(QueryError) as caught:
        tree("(a (b")
    assert caught.value.start == 3


def test_limits() -> None:
    assert tree(" ".join(["a"] * MAX_TERMS))
    assert tree("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == Words("a")
    for text, message in (
        (" ".join(["a"] * (MAX_TERMS + 1)), "too many parts"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "nested too deep"),
        ("(" * 4999, "nested too deep"),
        ("-(a " * MAX_LEVELS + ")" * MAX_LEVELS, "nested too deep"),
        ("a" * (MAX_CHARACTERS + 1), "too long"),
    ):
        with pytest.raises(QueryError, match=message):
            tree(text)
    assert tree("-" * 4998 + "a") == Words("a")


def test_a_query_knows_its_text_and_whether_it_narrows() -> None:
    query = parse(" service:apns ", now=NOW)
    assert query.text == " service:apns "
    assert not query.matches_everything
    assert parse("", now=NOW).matches_everything
    assert parse("service:apns", now=NOW) == parse("service:apns", now=NOW)
    assert len({parse("a", now=NOW), parse("a", now=NOW)}) == 1


def test_names_of_fields_are_told_apart() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)
    assert all(field.hint for field in FIELDS)
    for name in names:
        assert find_field(name.upper()) is find_field(name) is not None
    assert near_names("conversationn")[0] == "conv"
    assert near_names("zzzzzz") == []


_PIECES = st.sampled_from(
    ["(", ")", '"', "“", "”", "-", "not ", " or ", " and ", ":", "*", "…", "..", ">=", "!=", "\\", " "]
    + [f"{field.name}:" for field in FIELDS]
    + [
        "200",
        "4xx",
        "today",
        "-2h",
        "2026-01-01",
        "2026-01-01T10:00Z",
        "apns",
        "in",
        "retry",
        "é",
        "\0",
        "\ud800",
    ]
)


@settings(max_examples=500)
@given(st.text() | st.lists(_PIECES | st.text(max_size=3), max_size=12).map("".join))
@example("after:9999")
@example("at:0001-01-01")
@example("before:9999-12-31T23:59:59.999999")
@example("at:-999999999w")
@example("at:0000-00-00")
@example("after:25:99")
@example("at:10:04+99:99")
@example("at:2026-01-01T10:00+24:00")
def test_any_text_is_understood_or_refused(text: str) -> None:
    error = None
    try:
        query = parse(text, now=NOW)
    except QueryError as raised:
        error = raised
    if error is None:
        assert query.text == text
    else:
        assert 0 <= error.start < error.end <= len(text)
        assert error.message
        assert error.next_step


def test_every_field_says_what_it_takes() -> None:
    assert {field.takes for field in FIELDS} == set(Takes)
