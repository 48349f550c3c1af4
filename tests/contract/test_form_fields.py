"""A body as a form: the documented fields at their places, every key beside them, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector import resources
from inspector.contract.form_fields import MOST_OTHERS, read_form
from inspector.contract.form_model import FormField, FormReading, Group, Kind, Shape, Unreadable, holdable
from inspector.contract.push import Service
from inspector.contract.token_remark import token_remark

NAMES = ["aps", "alert", "data", "payload", "sound", "badge", "push-service", "title", "x"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from([1, 2, "apn", "gcm"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


def form(text: str) -> FormReading:
    found = read_form(text)
    assert isinstance(found, FormReading)
    return found


def template(name: str) -> FormReading:
    return form(resources.read_text(f"templates/{name}.json"))


def field(reading: FormReading, name: str) -> FormField:
    return next(one for one in reading.fields if one.name == name)


def test_an_ios_push() -> None:
    reading = template("ios")
    assert (reading.service, reading.named) == (Service.APNS, Service.APNS)
    assert (reading.alert, reading.sound) == (Shape.TEXT, Shape.TEXT)
    assert field(reading, "device-token").kind is Kind.TOKEN
    assert field(reading, "aps.alert").value == "My Test: 123"
    assert field(reading, "badge").required
    assert not field(reading, "aps.badge").present
    assert field(reading, "conversationId").group is Group.CONVERSATION
    assert not any(one.present for one in reading.of(Group.OTHER))
    assert not reading.of(Group.MESSAGE)
    assert "01408800000259" not in repr(reading)


def test_an_alert_and_a_sound_that_are_objects_open_up() -> None:
    reading = template("ios-critical")
    assert (reading.alert, reading.sound) == (Shape.OBJECT, Shape.OBJECT)
    assert field(reading, "aps.alert.title").value == "Alarm"
    assert field(reading, "aps.sound.volume").raw == "1.0"
    assert field(template("ios-localized"), "aps.alert.loc-args").value == "[…] 2 items"


def test_the_others_keep_their_fields_in_the_payload() -> None:
    reading = template("fcm-proactive")
    assert field(reading, "data.message").group is Group.MESSAGE
    assert field(reading, "data.payload.sequence").raw == "6"
    assert field(reading, "data.payload.campaignInfo").kind is Kind.ELSEWHERE
    assert field(reading, "data.payload.id").problems[0].code == "unconfirmed_key"
    assert not reading.of(Group.ALERT)


def test_a_payload_that_is_a_text_is_only_shown() -> None:
    reading = template("bad-payload-as-text")
    payload = field(reading, "data.payload")
    assert payload.kind is Kind.ELSEWHERE
    assert "phones" in payload.hint
    assert not any(one.name.startswith("data.payload.") for one in reading.fields)


def test_problems_stand_at_their_fields() -> None:
    reading = template("bad-wrong-types")
    assert [one.name for one in reading.fields if one.problems] == [
        "push-service", "conversationId", "brandId", "badge", "sequence",
    ]  # fmt: skip
    assert field(reading, "badge").raw == "true"
    assert field(reading, "brandId").kind is Kind.RAW
    assert template("bad-conflicting-service").named is Service.UNKNOWN


def test_variables_are_shown_as_they_are_and_not_judged() -> None:
    reading = form(
        '{"push-service":1,"notificationType":"apn","badge":{{badge}},"dialogId":"{{uuid}}","x":{{now}}}'
    )
    assert field(reading, "badge").value == "{{badge}}"
    assert not field(reading, "dialogId").problems
    assert field(reading, "x").raw == "{{now}}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The text is not JSON at line 1"),
        ('{\n  "a": 1 "b": 2\n}', "The text is not JSON at line 2"),
        ('{\n  "a": NaN}', "The text is not JSON at line 2"),
        ("[1]", "The text is not a JSON object"),
        ('{"a": {{x}} {{y}}}', "The text is not JSON at line 1"),
    ],
)
def test_what_has_no_form_says_so(text: str, sentence: str) -> None:
    found = read_form(text)
    assert isinstance(found, Unreadable)
    assert found.sentence == sentence


def test_many_unknown_keys_are_counted() -> None:
    reading = form(json.dumps({f"k{n}": n for n in range(MOST_OTHERS + 7)}))
    assert sum(one.present for one in reading.of(Group.OTHER)) == MOST_OTHERS
    assert reading.left_out == 7


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), st.sampled_from([None, 2]))
@settings(max_examples=150)
def test_the_form_says_what_the_text_says(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    reading = form(text)
    paths = [one.path for one in reading.fields]
    assert len(set(paths)) == len(paths)
    for one in reading.fields:
        value: Any = document
        for part in one.path:
            value = value.get(part, ...) if isinstance(value, dict) else ...
        assert one.present is (value is not ...)
        if one.present and one.raw:
            assert json.loads(one.raw) == value
            assert text[one.start :].startswith(one.raw)
            written = not isinstance(value, str) or one.kind in (Kind.NUMBER, Kind.RAW)
            assert one.value == (one.raw if written else value)
    for key in document:  # every key at the top has its place in the form, or its members have
        assert any(path[0] == key for path in paths) or document[key] == {}


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_form(text)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "Empty"),
        ("{{token}}", "Filled in when sent"),
        ("ab" * 32, "64 hexadecimal digits, as APNs has them"),
        ("abc", "3 hexadecimal digits, an odd number"),
        ("42545038303044463030", "20 hexadecimal digits: ‘BTP800DF00’"),
        ("ff00", "4 hexadecimal digits"),
        ("abc:APA91-x", "11 characters, not hexadecimal"),
    ],
)
def test_what_a_token_looks_like(token: str, words: str) -> None:
    assert token_remark(token) == words


def test_what_a_field_can_hold() -> None:
    assert holdable("👩‍👩‍👧 é\u00a0\n\t")
    assert not any(map(holdable, ("\r", "\u2029", "\ud800", "x" * 16_385)))
