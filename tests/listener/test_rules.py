"""Rules: which pushes they are for, which one fires, what they say of themselves, and their JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.push import Service
from inspector.contract.retry_key import retry_key
from inspector.errors import UsageError
from inspector.history.model import Direction, Kind, NewEvent
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.listener.rule_json import rules_from_data
from inspector.listener.rule_match import misfits
from inspector.listener.rules import (
    PRESETS,
    RuleBook,
    RuleSubject,
    Verdict,
    check,
    check_all,
    explain,
    rules_from_json,
    rules_to_json,
    subject_of,
)

PUSH = RuleSubject(
    service="apns",
    brand="90588711",
    conversation="13a1c5f2-7b1e",
    device_token="SECRETTOKEN",
    path="/push?tenant=a",
    text="Your order is on its way. Überraschung!",
    retry_key=b"1",
)
NOTHING = RuleSubject("unknown", None, None, None, "/", None, None, b"x")


def book(*rules: Rule, seed: int = 1) -> RuleBook:
    return RuleBook(rules, Random(seed))


def fired(rules: RuleBook, *subjects: RuleSubject) -> list[str]:
    return [chosen[0].name if (chosen := rules.choose(one)) else "" for one in subjects]


def fits(match: Match, subject: RuleSubject) -> bool:
    """Whether a book with this one rule chooses it; and nothing is named that does not fit just then."""
    fired = RuleBook([Rule("one", match)]).choose(subject) is not None
    assert fired is (not misfits(match, subject))
    return fired


@pytest.mark.parametrize(
    ("match", "subject", "expected"),
    [
        (Match(), PUSH, True),
        (Match(), NOTHING, True),
        (Match(service="apns"), PUSH, True),
        (Match(service="APNS"), PUSH, True),
        (Match(service="fcm"), PUSH, False),
        (Match(service="unknown"), NOTHING, True),
        (Match(brand="90588711"), PUSH, True),
        (Match(brand="9058871"), PUSH, False),
        (Match(brand="9058*"), PUSH, True),
        (Match(brand="*"), NOTHING, True),
        (Match(brand="?*"), NOTHING, False),
        (Match(brand="????????"), PUSH, True),
        (Match(brand="???????"), PUSH, False),
        (Match(brand="[0-9]*"), PUSH, False),
        (Match(brand="9.*"), PUSH, False),
        (Match(conversation="13A1*7B1E"), PUSH, True),
        (Match(conversation="13A1*7B1"), PUSH, False),
        (Match(conversation="*c5*b1*"), PUSH, True),
        (Match(conversation="*b1*c5*"), PUSH, False),
        (Match(device_token="secrettoken"), PUSH, True),
        (Match(device_token="SECRET"), PUSH, False),
        (Match(path="/push"), PUSH, True),
        (Match(path="/push?tenant=a"), PUSH, True),
        (Match(path="/push?tenant=b"), PUSH, False),
        (Match(path="*tenant=a"), PUSH, True),
        (Match(path="/pu*"), PUSH, True),
        (Match(path="/pus"), PUSH, False),
        (Match(text="order is"), PUSH, True),
        (Match(text="ORDER"), PUSH, True),
        (Match(text="überRASCHUNG"), PUSH, True),
        (Match(text="*"), PUSH, False),
        (Match(text="x"), NOTHING, False),
        (Match(service="apns", brand="9*", text="way"), PUSH, True),
        (Match(service="apns", brand="9*", text="no way"), PUSH, False),
        (Match(brand="a*a"), replace(PUSH, brand="a"), False),
        (Match(brand="a*a"), replace(PUSH, brand="aa"), True),
        (Match(brand="a?*?b"), replace(PUSH, brand="axb"), False),
        (Match(brand="*\n*"), replace(PUSH, brand="a\nb"), True),
    ],
)
def test_what_fits(match: Match, subject: RuleSubject, expected: bool) -> None:
    assert fits(match, subject) is expected


@given(st.text("ab*?", max_size=8), st.text("abC\n", max_size=10))
def test_patterns_are_what_a_regular_expression_says(pattern: str, value: str) -> None:
    wanted = "".join({"*": ".*", "?": "."}.get(one, one) for one in pattern)
    expected = re.fullmatch(wanted, value, re.DOTALL | re.IGNORECASE) is not None
    assert fits(Match(brand=pattern), replace(PUSH, brand=value)) is (expected or not pattern)


def test_no_pattern_takes_for_ever() -> None:
    began = time.monotonic()
    assert not fits(Match(device_token="*a" * 40 + "*b"), replace(PUSH, device_token="a" * 200_000))
    assert time.monotonic() - began < 2


def test_the_text_of_a_rich_alert() -> None:
    """Title, subtitle and body of an alert are searched alike."""
    body = {
        "push-service": 1,
        "notificationType": "apn",
        "aps": {"alert": {"title": "New", "body": "A taxi waits"}},
    }
    push = parse(json.dumps(body).encode())
    subject = replace(PUSH, text=push.message)
    assert fits(Match(text="new"), subject)
    assert fits(Match(text="taxi"), subject)


def test_the_first_that_fires() -> None:
    rules = book(
        Rule("off", enabled=False),
        Rule("other brand", Match(brand="1")),
        Rule("mine", Match(brand="9*"), Answer(403)),
        Rule("rest"),
    )
    assert fired(rules, PUSH, NOTHING) == ["mine", "rest"]
    assert bool(rules)
    assert not book(Rule("off", enabled=False))
    assert not book()


def test_the_first_times_only() -> None:
    rules = book(Rule("twice", Match(service="apns"), Answer(500), first=2))
    assert fired(rules, PUSH, NOTHING, PUSH, PUSH) == ["twice", "", "twice", ""]


def test_the_first_times_of_each_message() -> None:
    rules = book(Rule("twice", answer=Answer(500), first=2, per_message=True))
    other = replace(PUSH, retry_key=b"2")
    assert fired(rules, PUSH, other, PUSH, PUSH, other, other) == ["twice"] * 3 + ["", "twice", ""]


def test_a_message_without_a_retry_key_is_known_by_its_bytes() -> None:
    rules = book(Rule("once", first=1, per_message=True))
    assert fired(rules, NOTHING, NOTHING, replace(NOTHING, body=b"y")) == ["once", "", "once"]


def test_what_is_remembered_of_messages_is_limited() -> None:
    rules = book(Rule("once", first=1, per_message=True))
    keys = [number.to_bytes(16, "big") for number in range(20_000)]
    assert set(fired(rules, *(replace(PUSH, retry_key=key) for key in keys))) == {"once"}
    assert fired(rules, replace(PUSH, retry_key=keys[-1]), replace(PUSH, retry_key=keys[0])) == ["", "once"]


def test_a_share_at_random() -> None:
    rules = book(Rule("some", share=30))
    count = fired(rules, *[PUSH] * 2000).count("some")
    assert 500 < count < 700
    assert fired(book(Rule("all", share=100)), *[PUSH] * 100).count("all") == 100


def test_a_share_and_a_count() -> None:
    """Only what fires is counted."""
    assert fired(book(Rule("some", share=50, first=3)), *[PUSH] * 200).count("some") == 3


def test_fail_first_of_a_rule() -> None:
    rules = book(Rule("warm up", answer=Answer(202, fail_first=2)))
    answers = [chosen[1].status for _ in range(4) if (chosen := rules.choose(PUSH))]
    assert answers == [500, 500, 202, 202]


def test_new_rules_keep_the_counts_of_those_that_stay() -> None:
    stays, goes = Rule("stays", Match(brand="9*"), first=1), Rule("goes", first=1)
    rules = book(stays, goes)
    assert fired(rules, PUSH, PUSH) == ["stays", "goes"]
    rules.set_rules((replace(goes, first=2), stays))
    assert fired(rules, PUSH, PUSH, PUSH) == ["goes", "goes", ""]
    rules.set_rules(())
    rules.set_rules((stays,))
    assert fired(rules, PUSH) == ["stays"]


def test_the_same_rule_twice_counts_twice() -> None:
    once = Rule("once", first=1)
    assert fired(book(once, once), *[PUSH] * 3) == ["once", "once", ""]


def test_rules_that_can_t_be_followed_are_not_taken() -> None:
    rules = book(Rule("good"))
    with pytest.raises(UsageError, match=r"Rule 2, answer\.status: 99 "):
        rules.set_rules((Rule("good"), Rule("bad", answer=Answer(99))))
    assert fired(rules, PUSH) == ["good"]


@pytest.mark.parametrize(
    ("rules", "chosen", "left"),
    [
        ([], None, 0),
        ([Rule("a", Match(path="/push"))], "a", 0),
        ([Rule("a", Match(path="/other"))], None, 0),
        ([Rule("a", Match(path="/other")), Rule("b")], "b", 0),
        ([Rule("a", Match(brand="1")), Rule("b")], None, 2),
        ([Rule("a", Match(path="/x")), Rule("b", first=1, per_message=True), Rule("c")], None, 2),
        ([Rule("a"), Rule("b", Match(brand="1"))], "a", 0),
    ],
)
def test_what_the_head_tells_already(rules: Sequence[Rule], chosen: str | None, left: int) -> None:
    early, rest = book(*rules).choose_early("/push?x=1")
    assert (early[0].name if early else None, len(rest)) == (chosen, left)


def test_what_was_asked_early_is_not_asked_again() -> None:
    rules = book(Rule("once", first=1), Rule("brand", Match(brand="9*")))
    assert rules.choose_early("/")[0] is not None
    early, rest = rules.choose_early("/")
    assert early is None
    chosen = rules.choose(PUSH, rest)
    assert chosen is not None
    assert chosen[0].name == "brand"


def test_an_event_as_a_subject() -> None:
    body = b'{"push-service":1,"notificationType":"apn","device-token":"t","aps":{"alert":"Hi"},"conversationId":"c"}'
    push = parse(body)
    event = NewEvent(
        Kind.PUSH, Direction.IN, 1, service=Service.APNS, path="/p", body=body, brand_id="b", conversation_id="c",
        device_token="t", message="Hi", retry_key=retry_key(push),
    )  # fmt: skip
    assert subject_of(event) == RuleSubject("apns", "b", "c", "t", "/p", "Hi", None, body)


def test_which_rule_would_fire() -> None:
    rules = (
        Rule("huawei", Match(service="huawei", brand="1*")),
        Rule("token", Match(device_token="other")),
        Rule("text", Match(text="taxi", path="/elsewhere")),
        Rule("off", enabled=False),
        Rule("some", share=12.5, first=3),
        Rule("once a message", first=1, per_message=True),
        Rule("all"),
        Rule("late"),
        Rule("late and off", Match(brand="1"), enabled=False),
    )
    trials = explain(rules, PUSH)
    assert [trial.rule for trial in trials] == list(rules)
    assert [trial.verdict for trial in trials] == [
        Verdict.NO_FIT, Verdict.NO_FIT, Verdict.NO_FIT, Verdict.OFF, Verdict.MAY_FIRE, Verdict.MAY_FIRE,
        Verdict.FIRES, Verdict.NOT_REACHED, Verdict.OFF,
    ]  # fmt: skip
    assert trials[0].misfits == ("service", "brand")
    assert trials[0].reason == "The service is apns, not huawei; the brand 90588711 does not fit 1*."
    assert trials[1].reason == "The device token is another."
    assert (
        trials[2].reason
        == "The path /push?tenant=a does not fit /elsewhere; the text does not contain “taxi”."
    )
    assert trials[4].reason == "It fits; it fires in 12.5 % of the cases, at random, the first 3 times only."
    assert trials[5].reason == "It fits; it fires the first time for each message."
    assert trials[6].fires
    assert trials[7].reason == "It fits, but all comes before and fires."
    assert trials[8].reason == "It is switched off. The brand 90588711 does not fit 1."
    assert "SECRET" not in repr(trials)
    assert explain((Rule("a", Match(brand="1")),), NOTHING)[0].reason == "The push has no brand."


def faulty(**settings: object) -> Rule:
    return Rule("x", answer=Answer(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule(" "), "no name"),
        (Rule("a\nb"), "can't be shown"),
        (Rule("x", Match(service="ios")), "no service 'ios': it is apns, fcm, huawei or unknown"),
        (Rule("x", Match(text="\ud800")), "half a character"),
        (Rule("x", share=0), "The share is 0 %"),
        (Rule("x", share=100.5), "100.5 %"),
        (Rule("x", share=float("nan")), "nan %"),
        (Rule("x", first=-1), "-1 times"),
        (faulty(status=199), "199 can't be answered"),
        (faulty(status=600), "600 can't be answered"),
        (faulty(delay_seconds=-1), "-1 s"),
        (faulty(delay_seconds=float("inf")), "inf s"),
        (faulty(delay_seconds=86_401), "a day"),
        (faulty(fail_first=-1), "can't fail first"),
        (faulty(headers=(("", "x"),)), "no name"),
        (faulty(headers=(("a b", "x"),)), "can't have the name"),
        (faulty(headers=(("X", "a\r\nSet-Cookie: b"),)), "no header may have"),
        (faulty(headers=(("X\r\nY", "a"),)), "can't have the name 'X\\r\\nY'"),
        (faulty(headers=(("content-length", "1"),)), "follows from the answer"),
        (faulty(headers=(("Connection", "close"),)), "follows from the answer"),
        (faulty(status=204, body="x"), "has no body"),
        (faulty(body="\ud800"), "half a character"),
        (replace(faulty(fault=Fault.DROP_EARLY), match=Match(brand="1", text="x")), "(the brand and the text)"),
        (replace(faulty(fault=Fault.DROP_EARLY), first=1, per_message=True), "which message it is"),
        (faulty(fault=Fault.DROP_EARLY, delay_seconds=1), "no delay"),
        (faulty(fault=Fault.SILENCE, delay_seconds=1), "no delay"),
        (faulty(fault=Fault.RESET, body="x"), "no answer to have"),
        (faulty(fault=Fault.RESET, drop=True), "the fault counts"),
        (replace(faulty(), per_message=True), "Nothing is counted"),
        (replace(faulty(fail_first=2), first=2), "never given"),
        (Rule("x", Match(text="*taxi*")), "A star"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule(rule: Rule, says: str) -> None:
    found = check(rule)
    assert any(says in sentence for sentence in found), found
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)


def test_header_values_are_not_repeated() -> None:
    assert "secret" not in " ".join(check(faulty(headers=(("X", "secret\n"),))))


@pytest.mark.parametrize("rule", PRESETS, ids=lambda rule: rule.name)
def test_the_presets_are_sound(rule: Rule) -> None:
    assert check(rule) == ()
    assert rule.match == Match()


def test_the_documented_statuses_and_the_usual_failures_are_preset() -> None:
    plain = {rule.answer.status for rule in PRESETS if rule.answer.fault is Fault.NONE}
    assert {200, 401, 403, 500} <= plain
    assert {rule.answer.fault for rule in PRESETS} == set(Fault)
    assert len({rule.name for rule in PRESETS}) == len(PRESETS)


def test_rules_out_of_place() -> None:
    rules = (
        Rule("brand", Match(brand="1")),
        Rule("early", Match(path="/x"), Answer(fault=Fault.DROP_EARLY)),
        Rule("all"),
        Rule("never"),
        Rule("all", enabled=False),
        Rule("all"),
    )
    found = check_all(rules)
    assert found[0] == found[2] == found[4] == ()
    assert found[1] == (
        "brand comes before and must read the body: pushes will be dropped after it is read.",
    )
    assert found[3] == ("It is never asked: all takes every push before.",)
    assert found[5][0] == "There is another rule all; the history can't tell them apart."


CLEAN = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=12)
MATCHES = st.builds(
    Match,
    service=st.sampled_from(["", "apns", "fcm", "huawei", "unknown"]),
    brand=CLEAN,
    conversation=CLEAN,
    device_token=CLEAN,
    path=CLEAN,
    text=CLEAN,
)
ANSWERS = st.builds(
    Answer,
    status=st.integers(206, 303) | st.integers(305, 599),
    delay_seconds=st.floats(0, 86_400),
    fail_first=st.integers(0, 9),
    drop=st.booleans(),
    headers=st.lists(
        st.tuples(st.sampled_from(["X-One", "Retry-After"]), st.text("ab; ", max_size=5)), max_size=2
    ).map(tuple),
    body=CLEAN,
    fault=st.sampled_from(Fault),
)
RULES = st.builds(
    Rule,
    name=NAMES,
    match=MATCHES,
    answer=ANSWERS,
    share=st.floats(0.001, 100),
    first=st.integers(0, 9),
    per_message=st.booleans(),
    enabled=st.booleans(),
)


@given(st.lists(RULES, max_size=4).map(tuple))
def test_json_there_and_back(rules: tuple[Rule, ...]) -> None:
    text = rules_to_json(rules)
    assert rules_from_json(text) == rules
    assert rules_from_json(json.dumps(json.loads(text))) == rules
    RuleBook(rules)
    check_all(rules)
    explain(rules, PUSH)


KEYS = st.sampled_from(["name", "match", "answer", "status", "brand", "headers", "share", "x"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(st.text(max_size=30) | DATA.map(json.dumps))
def test_whatever_there_is_is_read_or_refused_in_a_line(text: str) -> None:
    told = ""
    try:
        rules_from_json(text)
    except UsageError as error:
        told = error.message
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON: line 1, column 1"),
        ("[" * 100_000, "too deep"),
        ('{"name": "x"}', "an object; a list was expected"),
        ("[1]", "Rule 1: a number was found"),
        ("[{}]", "Rule 1, name: the rule has none"),
        ('[{"name": "a"}, {"name": null}]', "Rule 2, name: nothing (null) was found; a text was expected"),
        ('[{"name": "a", "mtach": {}}]', "no field “mtach”; perhaps “match” is meant"),
        (
            '[{"name": "a", "match": {"zzzzzz": ""}}]',
            "Rule 1, match: there is no field “zzzzzz”; there are service",
        ),
        ('[{"name": "a", "match": []}]', "Rule 1, match: a list was found; an object was expected"),
        ('[{"name": "a", "answer": {"status": "401"}}]', "answer.status: a text was found; a whole number"),
        ('[{"name": "a", "answer": {"status": true}}]', "answer.status: true or false was found"),
        ('[{"name": "a", "answer": {"status": 401.5}}]', "answer.status: a number was found; a whole"),
        ('[{"name": "a", "answer": {"status": 4010}}]', "answer.status: 4010 can't be answered"),
        (
            '[{"name": "a", "answer": {"fault": "rset"}}]',
            "answer.fault: there is no fault “rset”; perhaps “reset”",
        ),
        ('[{"name": "a", "answer": {"headers": [["A"]]}}]', "answer.headers: a header is a pair"),
        ('[{"name": "a", "answer": {"headers": "A: b"}}]', "answer.headers: a text was found"),
        ('[{"name": "a", "share": NaN}]', "NaN is no number"),
        ('[{"name": "a", "share": 1e400}]', "share: the number is too large"),
        ('[{"name": "a", "share": 0}]', "share: The share is 0 %"),
        ('[{"name": "a", "first": 1' + "0" * 5000 + "}]", "too deep or too long"),
        ('[{"name": "a", "name": "b"}]', "“name” stands twice"),
        ('[{"name": "a", "enabled": 1}]', "enabled: a number was found; true or false"),
    ],
)
def test_json_that_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        rules_from_json(text)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.next_step


def test_headers_may_be_an_object() -> None:
    (rule,) = rules_from_json('[{"name": "a", "answer": {"headers": {"Retry-After": "3"}}}]')
    assert rule.answer.headers == (("Retry-After", "3"),)


def test_only_what_differs_is_written() -> None:
    assert json.loads(rules_to_json([Rule("a", answer=Answer(403))])) == [
        {"name": "a", "answer": {"status": 403}}
    ]
    assert rules_to_json([]) == "[]"


def test_a_draft_may_be_kept() -> None:
    assert rules_from_data([{"name": "", "answer": {"status": 1}}], sound=False) == (
        Rule("", answer=Answer(1)),
    )


def test_rules_are_light_to_import() -> None:
    """The window shows them before the listener is imported."""
    program = "import inspector.listener.rules, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = {module.partition(".")[0] for module in run.stdout.split()}
    assert not loaded & {
        "asyncio",
        "cryptography",
        "OpenSSL",
        "httptools",
        "httpx",
        "pydantic",
        "PySide6",
        "ssl",
    }
