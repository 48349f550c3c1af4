"""What is offered while a query is typed, what is made of it, and what is said of a text that is not finished."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector.history.completion import Accepted, Offer, Part, Source, accept, complete_at, field_of
from inspector.history.query import parse
from inspector.history.query_fields import FIELDS, find_field
from inspector.history.query_offers import own_offers
from inspector.history.query_tree import Node, Not, Pattern
from inspector.history.query_verdict import State, judge
from inspector.history.query_writing import added, grouped, term, turned_round

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def offered(marked: str) -> list[str]:
    """What is offered where the text has a |."""
    text, cursor = marked.replace("|", "", 1), marked.index("|")
    return [offer.shown for offer in own_offers(complete_at(text, cursor))]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("sta|", ["status:"]),
        ("a (sta|)", ["status:"]),
        ("-sta|", ["status:"]),
        ("con|", ["conv:"]),
        ("acc|", ["brand:"]),
        ("STA|tus:200", ["status:"]),
        ("nothing|", []),
        ("service:|", ["apns", "fcm", "huawei", "unknown"]),
        ("service:a|", ["apns"]),
        ("service:!=a|", ["apns"]),
        ("service:apns|", []),
        ("dir:o|", ["out"]),
        ("is:re|", ["refused", "retry"]),
        ("has:pro|", ["problem"]),
        ("problem:w|", ["warning"]),
        ("status:>|", []),
        ("at:to|", ["today"]),
        ("mark:r|", ["red"]),
        ("token:|", []),
        ("what:|", []),
        ('"sta|"', []),
        ('"sta|', []),
        ('brand: "a" sta|', ["status:"]),
        ("stat|", ["status:"]),
        ("-|", [f"{field.name}:" for field in FIELDS]),
        ("|", [f"{field.name}:" for field in FIELDS]),
        ("a or |", [f"{field.name}:" for field in FIELDS]),
    ],
)
def test_what_is_offered(marked: str, expected: list[str]) -> None:
    assert offered(marked) == expected


@pytest.mark.parametrize(
    ("marked", "offer", "expected"),
    [
        ("sta|", Offer("status", source=Source.FIELD), "status:|"),
        ("a sta| b", Offer("status", source=Source.FIELD), "a status:| b"),
        ("st|at:200 b", Offer("status", source=Source.FIELD), "status:|200 b"),
        ("(sta|)", Offer("status", source=Source.FIELD), "(status:|)"),
        ("|word", Offer("status", source=Source.FIELD), "status:| word"),
        ('"a"|', Offer("status", source=Source.FIELD), '"a" status:|'),
        ("status:|", Offer(">=400"), "status:>=400|"),
        ("brand:q|", Offer("qa 905", source=Source.KNOWN), 'brand:"qa 905"|'),
        ('brand:"q| x', Offer("qa 905", source=Source.KNOWN), 'brand:"qa 905"| x'),
        ('brand:"q|a" x', Offer("90588711", source=Source.KNOWN), 'brand:"90588711"| x'),
        ("brand:!=9|", Offer("90588711", source=Source.KNOWN), "brand:!=90588711|"),
        ("path:|", Offer("/f(x)", source=Source.KNOWN), 'path:"/f(x)"|'),
        ("-brand:|(a)", Offer("1", source=Source.KNOWN), "-brand:1|"),
        ("a err| b", Offer("(is:failed or a)", source=Source.SAVED), "a (is:failed or a)| b"),
    ],
)
def test_what_an_offer_makes_of_the_text(marked: str, offer: Offer, expected: str) -> None:
    text, cursor = marked.replace("|", "", 1), marked.index("|")
    result = accept(text, complete_at(text, cursor), offer)
    assert f"{result.text[: result.cursor]}|{result.text[result.cursor :]}" == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("|", State.EMPTY),
        ("  |", State.EMPTY),
        ("status:200|", State.GOOD),
        ("status:|", State.UNFINISHED),
        ("status:>=|", State.UNFINISHED),
        ("|status:", State.BAD),
        ("status: |", State.BAD),
        ("status:4x|", State.UNFINISHED),
        ("status:x|", State.BAD),
        ("seq:3.|", State.UNFINISHED),
        ("seq:-|", State.UNFINISHED),
        ("seq:9..1|", State.UNFINISHED),
        ("at:2026-0|", State.UNFINISHED),
        ("at:2026-13|", State.BAD),
        ("at:-12|", State.UNFINISHED),
        ("at:tod|", State.UNFINISHED),
        ("at:10:0|", State.UNFINISHED),
        ("size:4k|", State.GOOD),
        ("service:ap|", State.UNFINISHED),
        ("service:wi|", State.BAD),
        ("service:ap| word", State.UNFINISHED),
        ("service:ap word|", State.BAD),
        ('"exact wo|', State.UNFINISHED),
        ('"|"', State.UNFINISHED),
        ('""|', State.BAD),
        ('|"exact wo', State.BAD),
        ('text:"|', State.UNFINISHED),
        ("(a or b|", State.UNFINISHED),
        ("(a| or b", State.BAD),
        ("(|)", State.UNFINISHED),
        ("a or |", State.UNFINISHED),
        ("a or| b", State.GOOD),
        ("not|", State.UNFINISHED),
        ("-|", State.UNFINISHED),
        ("a)|", State.BAD),
        ("(status:|", State.UNFINISHED),
        ("foo:|", State.BAD),
        ("https:|", State.UNFINISHED),
        ("https:/|", State.UNFINISHED),
        ("https://|", State.GOOD),
    ],
)
def test_what_is_not_finished_is_told_from_what_is_wrong(marked: str, expected: State) -> None:
    text, cursor = marked.replace("|", "", 1), marked.index("|")
    assert judge(text, NOW, cursor).state is expected
    left = judge(text, NOW).state
    assert left is (State.BAD if expected is State.UNFINISHED else expected)


def test_a_field_that_there_is_not_is_said_before_its_value_is_typed() -> None:
    error = judge("a statsu:", NOW).error
    assert error is not None
    assert (error.start, error.end) == (2, 8)
    assert "Did you mean status:" in error.next_step


def test_terms_are_put_together() -> None:
    assert added("", "is:push", NOW) == "is:push"
    assert added("a", "is:push", NOW) == "a is:push"
    assert added("a or b ", "-is:push", NOW) == "(a or b) -is:push"
    assert added("a is:push", "is:push", NOW) == "a is:push"
    assert added("a (", "is:push", NOW) == "is:push"
    assert grouped("(", NOW) == "("
    assert turned_round(turned_round("is:push")) == "is:push"


_values = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    _values | st.sampled_from(["a*", "…", "3..9", ">=5", "a)", "(", "=", "-", '"', "\\", "“", "//x", "or"])
)
def test_a_value_is_read_as_it_was_written(value: str) -> None:
    expected: Node = Pattern("brand", (value,))
    written = term("brand", value)
    assert parse(written, now=NOW).root == expected
    assert parse(f"({turned_round(written)})", now=NOW).root == Not(expected)


_words = st.sampled_from(
    ["word", '"two words"', "status:200", "-is:push", "(a or b)", 'brand:"a b"', "text:ü", "😀", "10:04"]
)
_typed = st.sampled_from(
    [
        *(
            "",
            "s",
            "br",
            "-st",
            "(st",
            "status:",
            "status:4",
            "service:a",
            "is:",
            "has:pro",
            "at:t",
            "-problem:",
        ),
        *('brand:"q', "brand:q", 'brand:!="q', "conv:", 'rule:"', "token:"),
    ]
)
_known = st.builds(Offer, _values, source=st.just(Source.KNOWN))


@settings(max_examples=300)
@given(before=st.lists(_words, max_size=3), typed=_typed, after=st.lists(_words, max_size=2), known=_known)
def test_every_offer_keeps_what_stands_beside_and_makes_something_that_can_be_read(
    before: list[str], typed: str, after: list[str], known: Offer
) -> None:
    head = "".join(f"{word} " for word in before)
    opened = ")" if "(" in typed else ""
    tail = opened + "".join(f" {word}" for word in after)
    text, cursor = f"{head}{typed}{tail}", len(head) + len(typed)
    at = complete_at(text, cursor)
    offers = own_offers(at) + ([known] if field_of(at) in ("brand", "conv", "rule", "token") else [])
    for offer in offers:
        result = accept(text, at, offer)
        assert result.text.startswith(head)
        assert result.text.endswith(tail)
        assert judge(result.text, NOW, result.cursor).state in (State.GOOD, State.UNFINISHED), result


@settings(max_examples=300)
@given(st.text(st.characters() | st.sampled_from('ab:"-() \\“>='), max_size=20), st.data())
@example('status:"', None)
def test_any_text_can_be_completed_anywhere(text: str, data: st.DataObject | None) -> None:
    cursor = len(text) if data is None else data.draw(st.integers(0, len(text)))
    at = complete_at(text, cursor)
    assert 0 <= at.start <= cursor
    assert cursor <= at.end <= len(text) or at.start == cursor or at.part is Part.NAME
    judge(text, NOW, cursor)
    for offer in own_offers(at):
        result: Accepted = accept(text, at, offer)
        assert result.text.startswith(text[: at.start])
        assert result.text.endswith(text[at.end :])
        assert find_field(field_of(at)) is not None or offer.source is Source.FIELD
