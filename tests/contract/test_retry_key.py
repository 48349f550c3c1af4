"""When two pushes are the same message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.retry_key import conflict_key, retry_key

Body = dict[str, Any]


def key(body: Body, **layout: Any) -> bytes | None:
    return retry_key(parse(json.dumps(body, **layout).encode()))


def conflict(body: Body) -> bytes | None:
    return conflict_key(parse(json.dumps(body).encode()))


def test_the_same_message_has_the_same_key(ios: Body, fcm: Body) -> None:
    for body in (ios, fcm):
        expected = key(body)
        assert expected is not None
        assert len(expected) == 16
        assert key(body, indent=3) == expected
        assert key(dict(reversed(body.items()))) == expected
        assert key({**body, "new": 1}) == expected


def test_how_a_text_is_spelled_does_not_matter(ios: Body) -> None:
    ios["aps"]["alert"] = "Grüße 😀"
    assert key(ios, ensure_ascii=True) == key(ios, ensure_ascii=False)


def test_a_key_does_not_change_between_versions(ios: Body, fcm: Body) -> None:
    """Keys are kept in the history: a new way to make them would cut retries from their first attempt."""
    assert key(ios) == bytes.fromhex("a29f61aae0959e207be8128ca9b167d5")
    assert key(fcm) == bytes.fromhex("331371e20b47e9d7448095b4972a1b3c")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("device-token", "01408800000250"),
        ("conversationId", "ff816d0d-3572-4430-956f-cab638d18826"),
        ("dialogId", "ff816d0d-3572-4430-956f-cab638d18826"),
        ("dialogId", ""),
        ("sequence", 9),
        ("sequence", -8),
        ("aps", {"alert": "My Test: 124"}),
        ("aps", {"alert": ""}),
        ("aps", {}),
        ("aps", {"alert": {"body": "My Test: 123"}}),
        ("notificationType", "gcm"),
    ],
)
def test_another_message_has_another_key(ios: Body, field: str, value: object) -> None:
    assert key({**ios, field: value}) not in (None, key(ios))


def test_a_dialog_may_be_absent(ios: Body) -> None:
    without = {name: value for name, value in ios.items() if name != "dialogId"}
    assert key(without) not in (None, key(ios), key({**ios, "dialogId": ""}))
    assert key(without) == key(without)


@pytest.mark.parametrize("field", ["device-token", "conversationId", "sequence"])
@pytest.mark.parametrize("value", [..., None, ""])
def test_too_little_to_tell(ios: Body, field: str, value: object) -> None:
    body = {name: content for name, content in {**ios, field: value}.items() if content is not ...}
    assert key(body) is None
    assert conflict(body) is None


@pytest.mark.parametrize("raw", [b"", b"no json", b"[]", b"{}", b"5"])
def test_what_is_no_push_has_no_key(raw: bytes) -> None:
    assert retry_key(parse(raw)) is None


def test_fields_do_not_run_together(ios: Body) -> None:
    one = {**ios, "device-token": "ab", "conversationId": "c", "dialogId": "d"}
    other = {**ios, "device-token": "a", "conversationId": "bc", "dialogId": "d"}
    third = {**ios, "device-token": "ab1:c", "conversationId": "", "dialogId": "d"}
    assert len({key(one), key(other), key(third)}) == 3


def test_alerts_that_read_alike_are_not_the_same(ios: Body) -> None:
    alerts = [
        {"title": "a — b"},
        {"title": "a", "body": "b"},
        {"loc-key": "a — b"},
        "a — b",
        "a\ud800",
        "a\ud801",
    ]
    keys = {key({**ios, "aps": {"alert": alert}}) for alert in alerts}
    assert len(keys) == len(alerts)


def test_services_are_told_apart(fcm: Body, huawei: Body) -> None:
    assert key(fcm) != key(huawei)


def test_a_conflict_is_the_same_but_for_its_text(ios: Body) -> None:
    other = {**ios, "aps": {"alert": "other"}}
    assert conflict(ios) == conflict(other) != None  # noqa: E711 - one line for "equal, and there"
    assert conflict(ios) != key(ios)
    assert conflict({**ios, "sequence": 9}) != conflict(ios)


@given(st.binary(max_size=200))
def test_never_raises(raw: bytes) -> None:
    assert retry_key(parse(raw)) is None


@given(st.text(), st.text())
def test_texts_are_equal_or_not(one: str, other: str) -> None:
    base = '{"device-token":"a","conversationId":"b","sequence":1,"aps":{"alert":%s}}'
    keys = [retry_key(parse((base % json.dumps(text)).encode())) for text in (one, other)]
    assert (keys[0] == keys[1]) is (one == other)
