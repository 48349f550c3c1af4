"""What a rule does in words, and header fields as lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.ui.answers.header_lines import from_lines, to_lines, unfinished
from inspector.ui.answers.wording import FAULTS, answer_words, fails, fault_of, when_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("a"), "every push"),
        (Rule("a", Match(service="apns", brand="9058*")), "iOS  ·  brand 9058*"),
        (Rule("a", Match(service="unknown")), "unknown service"),
        (Rule("a", Match(service="sms")), "sms"),
        (
            Rule("a", Match(device_token="secret", path="/x", text="hi")),
            "one device token  ·  path /x  ·  “hi”",
        ),
        (Rule("a", first=1), "every push  ·  once"),
        (Rule("a", first=2, per_message=True), "every push  ·  first 2 for each message"),
        (Rule("a", Match(brand="1"), share=12.5), "brand 1  ·  12.5 % at random"),
    ],
)
def test_which_pushes(rule: Rule, words: str) -> None:
    assert when_words(rule) == words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(), "200 accepted"),
        (Answer(500), "500 error while processing, sent again"),
        (Answer(200, delay_seconds=12), "200 accepted  ·  after 12 s"),
        (Answer(200, delay_seconds=0.25), "200 accepted  ·  after 250 ms"),
        (Answer(fault=Fault.TRUNCATE), "200, cut off after half"),
        (Answer(fault=Fault.SILENCE), "never answers"),
        (Answer(drop=True), "closes without an answer"),
        (
            Answer(201, fail_first=2),
            "500 for the first 2, then 201 not documented; only 200 is known to mean accepted",
        ),
    ],
)
def test_what_is_answered(answer: Answer, words: str) -> None:
    assert answer_words(answer) == words


def test_every_fault_has_words() -> None:
    assert [fault for fault, _, _ in FAULTS] == sorted(Fault, key=[one for one, _, _ in FAULTS].index)
    assert fault_of(Answer(drop=True, fault=Fault.RESET)) is Fault.RESET


def test_a_rule_fails_pushes_unless_it_sends_a_whole_good_answer() -> None:
    assert not fails(Rule("a", answer=Answer(204)))
    assert fails(Rule("a", answer=Answer(301)))
    assert fails(Rule("a", answer=Answer(200, fault=Fault.TRUNCATE)))
    assert fails(Rule("a", answer=Answer(200, fail_first=1)))


_TOKEN = st.text("abcXYZ0-!#$", min_size=1)
_VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)).map(str.strip)


@given(st.lists(st.tuples(_TOKEN, _VALUE)).map(tuple))
def test_headers_come_back_from_their_lines(headers: tuple[tuple[str, str], ...]) -> None:
    assert from_lines(to_lines(headers)) == headers
    assert unfinished(headers) is None


@given(st.text("ab: \n\t#é"))
def test_lines_say_the_same_again_once_read(text: str) -> None:
    headers = from_lines(text)
    assert from_lines(to_lines(headers)) == headers


def test_a_line_without_a_colon_stays_as_it_was_typed() -> None:
    headers = from_lines("Retry-After 5\n\nX-Empty:\nX: a: b")
    assert headers == (("Retry-After 5 ", ""), ("X-Empty", ""), ("X", "a: b"))
    assert to_lines(headers) == "Retry-After 5\nX-Empty: \nX: a: b"
    assert unfinished(headers) == "Retry-After 5"
