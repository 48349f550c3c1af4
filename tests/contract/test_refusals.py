"""What a provider would refuse further on, which is no problem of the push."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.push import Problem, Severity
from inspector.contract.refusals import refusals
from inspector.contract.sent_on.request import sent_on

ORIGIN = {
    "backendService": "ams",
    "conversationId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
    "dialogId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
    "originatorId": "90588718.2333061110",
    "brandId": "90588711",
    "badge": 1,
    "sequence": 8,
}
JsonObject = dict[str, object]
INVALID = "400 INVALID_ARGUMENT"


def ios(**aps: object) -> JsonObject:
    return {"push-service": 1, "notificationType": "apn", "device-token": "ab" * 32, "aps": aps, **ORIGIN}


def ios_with(**more: object) -> JsonObject:
    return {**ios(alert="Hi"), **{key.replace("_", "-"): value for key, value in more.items()}}


def with_payload(**data: object) -> JsonObject:
    return {"message": "Hi", "payload": ORIGIN, **data}


def fcm(service: int = 2, name: str = "gcm", **data: object) -> JsonObject:
    return {
        "push-service": service,
        "notificationType": name,
        "device-token": "x",
        "data": with_payload(**data),
    }


def huawei(**more: object) -> JsonObject:
    return {**fcm(3, "huawei"), **more}


def found(document: object) -> tuple[Problem, ...]:
    return refusals(parse(json.dumps(document, ensure_ascii=False).encode()))


def warned(document: object) -> set[tuple[str, str]]:
    """Codes and paths of all that is more than a remark."""
    return {(one.code, one.path) for one in found(document) if one.severity is not Severity.INFO}


def test_a_plain_push_for_ios_is_taken() -> None:
    assert found(ios(alert="Hi", sound="default")) == ()


@pytest.mark.parametrize(
    "aps",
    [
        {"alert": {"title": "a", "title-loc-args": ["x"]}, "badge": 0, "sound": {"name": "x", "critical": 1}},
        {"content-available": 1},
        {"alert": "x", "interruption-level": "critical", "relevance-score": 0},
        {"alert": "x", "relevance-score": 1, "sound": {"name": "x", "volume": 1.0}},
        {"alert": "x", "stale-date": 5, "content-state": {}, "timestamp": 0, "mutable-content": 1},
    ],
)
def test_what_apple_documents_is_taken(aps: JsonObject) -> None:
    assert found(ios(**aps)) == ()


@pytest.mark.parametrize(
    ("aps", "path"),
    [
        ({"alert": "x", "interruption-level": "loud"}, "aps.interruption-level"),
        ({"alert": "x", "interruption-level": ["active"]}, "aps.interruption-level"),
        ({"alert": "x", "relevance-score": 1.01}, "aps.relevance-score"),
        ({"alert": "x", "relevance-score": -0.01}, "aps.relevance-score"),
        ({"alert": "x", "relevance-score": True}, "aps.relevance-score"),
        ({"alert": "x", "sound": {"name": "a", "critical": 1, "volume": -0.1}}, "aps.sound.volume"),
        ({"alert": "x", "sound": {"name": "a", "critical": 1, "volume": 1.1}}, "aps.sound.volume"),
        ({"alert": "x", "sound": {"name": "a", "critical": True}}, "aps.sound.critical"),
        ({"alert": "x", "sound": {"critical": 1}}, "aps.sound.name"),
        ({"alert": "x", "sound": 5}, "aps.sound"),
        ({"alert": "x", "badge": "1"}, "aps.badge"),
        ({"alert": "x", "badge": True}, "aps.badge"),
        ({"alert": "x", "badge": 1.0}, "aps.badge"),
        ({"alert": 5}, "aps.alert"),
        ({"alert": {}}, "aps.alert"),
        ({"alert": {"launch-image": "x"}}, "aps.alert"),
        ({"alert": {"body": "x", "title": 5}}, "aps.alert.title"),
        ({"alert": {"loc-key": "x", "loc-args": "y"}}, "aps.alert.loc-args"),
        ({"alert": {"loc-key": "x", "loc-args": [1]}}, "aps.alert.loc-args"),
        ({"alert": "x", "content-available": 2}, "aps.content-available"),
        ({"alert": "x", "mutable-content": "1"}, "aps.mutable-content"),
        ({"sound": "x", "mutable-content": 1}, "aps.mutable-content"),
        ({"alert": "x", "thread-id": 5}, "aps.thread-id"),
        ({"alert": "x", "stale-date": "now"}, "aps.stale-date"),
        ({"alert": "x", "attributes": []}, "aps.attributes"),
    ],
)
def test_what_ios_does_not_do_is_told_at_its_place(aps: JsonObject, path: str) -> None:
    assert warned(ios(**aps)) == {("ignored", path)}


def test_a_key_that_apple_does_not_document_is_a_remark() -> None:
    (one,) = found(ios(alert="x", loudness=5))
    assert (one.code, one.severity, one.path) == ("ignored", Severity.INFO, "aps.loudness")


@pytest.mark.parametrize("aps", [{}, None, [], 5])
def test_an_empty_aps_is_told(aps: object) -> None:
    assert warned({**ios(), "aps": aps}) == {("400 PayloadEmpty", "aps")}


def test_a_missing_aps_is_told() -> None:
    document = ios()
    del document["aps"]
    assert warned(document) == {("400 PayloadEmpty", "")}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"device_token": "BTP|03"}, "400 BadDeviceToken"),
        ({"device_token": "١٢"}, "400 BadDeviceToken"),
        ({"device_token": ""}, "400 BadDeviceToken"),
        ({"device_token": 5}, "400 BadDeviceToken"),
        ({"apns_push_type": "loud"}, "400 InvalidPushType"),
        ({"apns_push_type": ["alert"]}, "400 InvalidPushType"),
        ({"apns_push_type": "background"}, "400 InvalidPushType"),
        ({"apns_priority": 4}, "400 BadPriority"),
        ({"apns_priority": "high"}, "400 BadPriority"),
        ({"apns_collapse_id": "x" * 65}, "400 BadCollapseId"),
        ({"apns_collapse_id": "é" * 33}, "400 BadCollapseId"),
        ({"apns_expiration": -1}, "400 BadExpirationDate"),
        ({"apns_expiration": "soon"}, "400 BadExpirationDate"),
        ({"apns_expiration": True}, "400 BadExpirationDate"),
        ({"apns_topic": ""}, "400 BadTopic"),
    ],
)
def test_what_apns_refuses_is_named_by_its_error(more: JsonObject, code: str) -> None:
    key = next(iter(more)).replace("_", "-")
    assert warned(ios_with(**more)) == {(code, key)}
    assert any(
        f"APNs answers {code}" in one.message or code in one.message for one in found(ios_with(**more))
    )


@pytest.mark.parametrize(
    "more",
    [
        {"device_token": "01408800000259"},
        {"apns_push_type": "alert"},
        {"apns_priority": 10},
        {"apns_priority": "5"},
        {"apns_collapse_id": "x" * 64},
        {"apns_collapse_id": "é" * 32},
        {"apns_expiration": 0},
        {"apns_expiration": "1893456000"},
        {"apns_topic": "com.example.app"},
    ],
)
def test_headers_that_the_push_names_itself_are_taken(more: JsonObject) -> None:
    assert found(ios_with(**more)) == ()


def test_without_a_token_apns_refuses() -> None:
    document = ios(alert="x")
    del document["device-token"]
    assert warned(document) == {("400 BadDeviceToken", "")}


def test_a_silent_push_is_background_and_of_low_priority() -> None:
    silent = ios(**{"content-available": 1})
    assert warned({**silent, "apns-push-type": "alert"}) == {("400 InvalidPushType", "apns-push-type")}
    assert warned({**silent, "apns-priority": 10}) == {("400 BadPriority", "apns-priority")}
    assert found({**silent, "apns-priority": 5, "apns-push-type": "background"}) == ()
    (remark,) = found(ios(**{"content-available": 1, "alert": "x"}))
    assert (remark.code, remark.severity) == ("400 InvalidPushType", Severity.INFO)


def test_a_conversation_id_that_is_no_collapse_id_is_a_remark() -> None:
    (remark,) = found({**ios(alert="x"), "conversationId": "c" * 65})
    assert (remark.code, remark.severity) == ("400 BadCollapseId", Severity.INFO)


# sizes: the last byte that is taken, and the first that is not


def grown(
    document: JsonObject, place: list[str], limit: int, letter: str = "x"
) -> tuple[JsonObject, JsonObject]:
    """The document with a text at `place` that fills it to its provider's limit, and with one letter more."""

    def with_text(count: int) -> JsonObject:
        made: JsonObject = json.loads(json.dumps(document))
        inside = made
        for key in place[:-1]:
            inside = inside[key]  # type: ignore[assignment]
        inside[place[-1]] = letter * count
        return made

    request = sent_on(parse(json.dumps(with_text(0), ensure_ascii=False).encode()))
    assert request is not None
    assert request.limit == limit
    count = (limit - request.size) // len(letter.encode())
    return with_text(count), with_text(count + 1)


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
@pytest.mark.parametrize(
    ("document", "place", "limit", "code"),
    [
        (ios(alert=""), ["aps", "alert"], 4096, "413 PayloadTooLarge"),
        ({**ios(alert=""), "apns-push-type": "voip"}, ["aps", "alert"], 5120, "413 PayloadTooLarge"),
        (fcm(), ["data", "message"], 4096, INVALID),
        ({**fcm(), "device-token": "/topics/news"}, ["data", "message"], 2048, INVALID),
        (huawei(), ["data", "message"], 4096, "80300008"),
    ],
)
def test_sizes_count_bytes_of_what_is_sent_on(
    document: JsonObject, place: list[str], limit: int, code: str, letter: str
) -> None:
    full, over = grown(document, place, limit, letter)
    assert warned(full) == set()
    assert warned(over) == {(code, "")}
    (problem,) = [one for one in found(over) if one.severity is not Severity.INFO]
    assert code in problem.message
    assert f"{limit:,} is the most" in problem.message


def test_the_border_is_exact_to_the_byte() -> None:
    full, _ = grown(ios(alert=""), ["aps", "alert"], 4096)
    request = sent_on(parse(json.dumps(full).encode()))
    assert request is not None
    assert request.size == len(request.compact_body.encode()) == 4096


# FCM


def test_fcm_takes_strings_only() -> None:
    (remark,) = found(fcm())
    assert (remark.code, remark.path, remark.severity) == (INVALID, "data.payload", Severity.INFO)
    assert "Invalid value at 'message.data[1].value' (TYPE_STRING)" in remark.message
    assert warned(fcm(count=5)) == {(INVALID, "data.count")}
    assert warned(fcm(payload=[1])) == {(INVALID, "data.payload")}


@pytest.mark.parametrize("key", ["from", "message_type", "google.a", "gcm.notification.title"])
def test_fcm_keeps_some_keys_for_itself(key: str) -> None:
    assert {code for code, _ in warned({**fcm(), "data": with_payload(**{key: "x"})})} == {INVALID}


@pytest.mark.parametrize("key", ["From", "from_", "google", "gcm.notice", "message-type"])
def test_fcm_takes_keys_that_only_look_alike(key: str) -> None:
    assert warned({**fcm(), "data": with_payload(**{key: "x"})}) == set()


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"device-token": ""}, "device-token"),
        ({"device-token": None}, "device-token"),
        ({"device-token": "/topics/ä b"}, "device-token"),
        ({"data": [1]}, "data"),
        ({"data": "text"}, "data"),
        ({"android": {"priority": "loud"}}, "android.priority"),
        ({"android": {"priority": ["high"]}}, "android.priority"),
        ({"android": {"ttl": "2419201s"}}, "android.ttl"),
        ({"android": {"ttl": 5}}, "android.ttl"),
        ({"android": {"ttl": "-1s"}}, "android.ttl"),
        ({"android": {"ttl": "5m"}}, "android.ttl"),
    ],
)
def test_what_fcm_refuses_is_told_at_its_place(more: JsonObject, path: str) -> None:
    assert warned({**fcm(), **more}) == {(INVALID, path)}


@pytest.mark.parametrize(
    "android",
    [{"priority": "normal"}, {"ttl": "0s"}, {"ttl": "3.5s"}, {"ttl": "2419200s"}, {"priority": "high"}],
)
def test_what_fcm_takes(android: JsonObject) -> None:
    assert warned({**fcm(), "android": android}) == set()


# Huawei


def test_huawei_takes_one_string() -> None:
    (remark,) = found(huawei())
    assert (remark.code, remark.path, remark.severity) == ("80100003", "data", Severity.INFO)
    assert found(huawei(data="text")) == ()
    assert warned(huawei(data=5)) == {("80100003", "data")}


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"device-token": ""}, "80300007", "device-token"),
        ({"device-token": []}, "80300007", "device-token"),
        ({"device-token": 5}, "80300007", "device-token"),
        ({"device-token": ["x"] * 1001}, "80300010", "device-token"),
        ({"android": {"collapse_key": -2}}, "80100013", "android.collapse_key"),
        ({"android": {"collapse_key": 101}}, "80100013", "android.collapse_key"),
        ({"android": {"collapse_key": "1"}}, "80100013", "android.collapse_key"),
        ({"android": {"ttl": 10000}}, "80100004", "android.ttl"),
        ({"android": {"ttl": "10000"}}, "80100004", "android.ttl"),
        ({"android": {"urgency": "high"}}, "80100001", "android.urgency"),
    ],
)
def test_what_huawei_refuses_is_named_by_its_code(more: JsonObject, code: str, path: str) -> None:
    assert warned(huawei(**more)) == {(code, path)}
    assert any(code in one.message for one in found(huawei(**more)))


@pytest.mark.parametrize(
    "more",
    [
        {"device-token": ["x"] * 1000},
        {"android": {"collapse_key": -1}},
        {"android": {"collapse_key": 100, "ttl": "10000s", "urgency": "NORMAL"}},
    ],
)
def test_what_huawei_takes(more: JsonObject) -> None:
    assert warned(huawei(**more)) == set()


def test_a_push_without_data_is_told() -> None:
    document = huawei()
    del document["data"]
    assert warned(document) == {("80100003", "")}


@pytest.mark.parametrize("document", [[], {}, 5, "x", {"push-service": 1, "notificationType": "gcm"}])
def test_of_what_has_no_provider_nothing_is_said(document: object) -> None:
    assert found(document) == ()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(ANYTHING, st.sampled_from([(1, "apn"), (2, "gcm"), (3, "huawei")]))
def test_whatever_stands_in_a_push_can_be_judged(value: object, service: tuple[int, str]) -> None:
    envelope = {"push-service": service[0], "notificationType": service[1]}
    for more in (
        {"aps": value, "data": value, "android": value, "device-token": value},
        {
            "aps": {"sound": value, "alert": value, "badge": value, "interruption-level": value},
            "badge": value,
        },
        {"aps": {"sound": {"volume": value}, "alert": {"title": value}, "content-available": value}},
        {"aps": {"alert": "x"}, "apns-push-type": value, "apns-priority": value, "apns-collapse-id": value},
        {"aps": {"alert": "x"}, "apns-expiration": value, "apns-topic": value, "conversationId": value},
        {"data": {"payload": value, "message": value}, "android": {"ttl": value, "collapse_key": value}},
        {"data": {"payload": value}, "android": {"priority": value, "urgency": value}},
    ):
        refusals(parse(json.dumps({**envelope, **more}).encode()))
