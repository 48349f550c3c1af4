"""A push for one provider made one for another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.convert import convert
from inspector.contract.parse import parse
from inspector.contract.push import Service
from inspector.errors import UsageError

Body = dict[str, Any]
COMMON = (
    "message",
    "backend_service",
    "conversation_id",
    "dialog_id",
    "originator_id",
    "brand_id",
    "badge",
    "sequence",
)


def converted(document: object, to: Service) -> tuple[Body, str]:
    result = convert(json.dumps(document), to)
    return json.loads(result.text), "\n".join(result.remarks)


def test_ios_becomes_fcm_as_documented(ios: Body, fcm: Body) -> None:
    made, remarks = converted(ios, Service.FCM)
    assert made.keys() == fcm.keys()
    assert made["data"].keys() == fcm["data"].keys()
    assert made["data"]["message"] == "My Test: 123"
    assert list(made["data"]["payload"]) == list(fcm["data"]["payload"])
    assert (made["push-service"], made["notificationType"]) == (2, "gcm")
    assert made["device-token"] == ios["device-token"]
    assert "belongs to iOS" in remarks
    assert "aps.sound" in remarks
    assert parse(json.dumps(made).encode()).problems == ()


def test_fcm_becomes_ios_as_documented(ios: Body, fcm: Body) -> None:
    made, remarks = converted(fcm, Service.APNS)
    assert made.keys() == ios.keys()
    assert made["aps"] == {"alert": "My Test: 456", "sound": "default"}
    assert made["badge"] == 4
    assert "sound was set to default" in remarks
    assert parse(json.dumps(made).encode()).problems == ()


def test_fcm_and_huawei_differ_in_the_service_only(fcm: Body) -> None:
    made, remarks = converted(fcm, Service.HUAWEI)
    assert made == {**fcm, "push-service": 3, "notificationType": "huawei"}
    assert "Huawei will not know it" in remarks


def test_the_same_service_changes_nothing(ios: Body) -> None:
    assert converted(ios, Service.APNS) == (ios, "")
    text = json.dumps(ios, indent=2)
    assert convert(text, Service.APNS).text == text


def test_what_has_no_place_is_told(ios: Body) -> None:
    ios["aps"] = {"alert": {"title": "T", "subtitle": "S", "body": "B"}, "category": "c"}
    made, remarks = converted(ios, Service.HUAWEI)
    assert made["data"]["message"] == "B"
    assert "aps.alert.title, aps.alert.subtitle" in remarks
    assert "aps.category" in remarks


def test_a_localized_alert_keeps_its_key(ios: Body) -> None:
    ios["aps"] = {"alert": {"loc-key": "NEW", "loc-args": ["Ann"]}}
    made, remarks = converted(ios, Service.FCM)
    assert made["data"]["message"] == "NEW (Ann)"
    assert "no body" in remarks


def test_a_silent_push_stays_silent(ios: Body) -> None:
    ios["aps"] = {"content-available": 1}
    made, remarks = converted(ios, Service.FCM)
    assert "message" not in made["data"]
    assert "no alert" in remarks
    back, remarks = converted(made, Service.APNS)
    assert back["aps"] == {"content-available": 1}
    assert "silent" in remarks


def test_a_badge_in_aps_is_taken_along(ios: Body) -> None:
    del ios["badge"]
    ios["aps"]["badge"] = 7
    made, remarks = converted(ios, Service.FCM)
    assert made["data"]["payload"]["badge"] == 7
    assert "aps.badge became" in remarks


def test_unknown_keys_are_kept_wherever_they_stood(ios: Body, fcm: Body) -> None:
    made, remarks = converted({**ios, "neu": [1]}, Service.FCM)
    assert made["data"]["payload"]["neu"] == [1]
    assert "kept in data.payload: neu" in remarks
    fcm["data"]["inData"] = 1
    fcm["data"]["payload"]["inPayload"] = 2
    made, remarks = converted({**fcm, "outside": 3}, Service.APNS)
    assert (made["inData"], made["inPayload"], made["outside"]) == (1, 2, 3)
    assert "inData" in remarks


def test_a_name_that_is_taken_is_told(fcm: Body) -> None:
    fcm["data"]["payload"]["device-token"] = "other"
    made, remarks = converted(fcm, Service.APNS)
    assert made["device-token"] == "01408800000259"
    assert "data.payload.device-token" in remarks


def test_payload_as_text_is_read(fcm: Body) -> None:
    fcm["data"]["payload"] = json.dumps(fcm["data"]["payload"])
    made, remarks = converted(fcm, Service.APNS)
    assert made["badge"] == 4
    assert "inside a string" in remarks


@pytest.mark.parametrize(
    "document", [{"aps": 5}, {"data": 5}, {"aps": None}, {"data": {}}, {}, {"aps": {}, "data": {}}]
)
@pytest.mark.parametrize("to", [Service.APNS, Service.FCM, Service.HUAWEI])
def test_odd_pushes_are_converted_too(document: Body, to: Service) -> None:
    made, _ = converted(document, to)
    assert parse(json.dumps(made).encode()).push_service == {"apns": 1, "fcm": 2, "huawei": 3}[to.value]


def test_numbers_and_repeated_keys() -> None:
    result = convert('{"aps": {}, "a": 1e999, "b": 123456789012345678901234567890, "a": 1e999}', Service.FCM)
    assert "1e999" in result.text
    assert "123456789012345678901234567890" in result.text
    assert any("more than once" in remark for remark in result.remarks)


@pytest.mark.parametrize("text", ["", "[]", "{", "5", '{"sequence": {{seq}}}'])
def test_what_is_no_object_can_not_be_converted(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        convert(text, Service.FCM)
    assert caught.value.next_step


def test_there_must_be_a_provider() -> None:
    with pytest.raises(UsageError):
        convert("{}", Service.UNKNOWN)


def test_what_was_given_stays_as_it_is(ios: Body) -> None:
    text = json.dumps(ios)
    convert(text, Service.FCM)
    assert json.loads(text) == ios


WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
UUIDS = st.uuids().map(str)
ORIGINS = st.fixed_dictionaries(
    {
        "backendService": WORD,
        "conversationId": UUIDS,
        "dialogId": UUIDS,
        "originatorId": WORD,
        "brandId": WORD,
        "badge": st.integers(-(2**63), 2**63 - 1),
        "sequence": st.integers(-(2**63), 2**63 - 1),
    },
    optional={"title": WORD, "neu": st.lists(WORD, max_size=2)},
)


@settings(max_examples=80, deadline=None)
@given(ORIGINS, WORD, st.sampled_from([Service.FCM, Service.HUAWEI]))
def test_there_and_back_keeps_the_common_fields(origin: Body, message: str, other: Service) -> None:
    ios = {"aps": {"alert": message, "sound": "default"}, "push-service": 1, "device-token": "x", **origin}
    there = convert(json.dumps(ios), other).text
    back = convert(there, Service.APNS).text
    assert json.loads(back) == {**ios, "notificationType": "apn"}
    before, between, after = (parse(text.encode()) for text in (json.dumps(ios), there, back))
    for name in COMMON:
        assert getattr(before, name) == getattr(between, name) == getattr(after, name)
    assert convert(convert(there, Service.APNS).text, other).text == there
