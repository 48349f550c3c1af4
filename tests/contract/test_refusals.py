"""What a provider would refuse further on, which is no problem of the push."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.push import Problem, Severity
from inspector.contract.refusals import MOST_BYTES, refusals

ORIGIN = {
    "backendService": "ams",
    "conversationId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
    "dialogId": "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
    "originatorId": "90588718.2333061110",
    "brandId": "90588711",
    "badge": 1,
    "sequence": 8,
}


def ios(**aps: object) -> dict[str, object]:
    return {"push-service": 1, "notificationType": "apn", "device-token": "ab" * 32, "aps": aps, **ORIGIN}


def fcm(service: int = 2, name: str = "gcm", **data: object) -> dict[str, object]:
    inside = {"message": "Hi", "payload": ORIGIN, **data}
    return {"push-service": service, "notificationType": name, "device-token": "x", "data": inside}


def with_keys(data: dict[str, object]) -> dict[str, object]:
    return {**fcm(), "data": {"message": "Hi", "payload": ORIGIN, **data}}


def said(document: object) -> dict[str, Problem]:
    push = parse(json.dumps(document, ensure_ascii=False).encode())
    return {problem.path or problem.code: problem for problem in refusals(push)}


def test_a_plain_push_for_ios_is_taken() -> None:
    assert said(ios(alert="Hi", sound="default")) == {}


@pytest.mark.parametrize(
    ("aps", "path"),
    [
        ({"alert": "x", "interruption-level": "loud"}, "aps.interruption-level"),
        ({"alert": "x", "relevance-score": 1.5}, "aps.relevance-score"),
        ({"alert": "x", "sound": {"critical": 1, "volume": -1}}, "aps.sound.volume"),
        ({"alert": "x", "content-available": 1}, "aps.content-available"),
    ],
)
def test_what_apns_does_not_take_is_told_at_its_place(aps: dict[str, object], path: str) -> None:
    found = said(ios(**aps))
    assert set(found) == {path}
    assert "APNs" in found[path].message


def test_an_empty_aps_is_told() -> None:
    assert "PayloadEmpty" in said(ios())["aps"].message


def test_a_silent_push_is_taken() -> None:
    assert said(ios(**{"content-available": 1})) == {}


def test_size_counts_bytes_of_what_is_passed_on() -> None:
    room = MOST_BYTES - len(json.dumps({"aps": {"alert": ""}, **ORIGIN}, separators=(",", ":")))
    assert said(ios(alert="x" * room)) == {}
    assert "413 PayloadTooLarge" in said(ios(alert="x" * (room + 1)))["too_large"].message
    assert "too_large" in said(ios(alert="é" * (room // 2 + 1)))
    assert "too_large" in said(fcm(message="x" * MOST_BYTES))
    assert "80300008" in said(fcm(3, "huawei", message="x" * MOST_BYTES))["too_large"].message


def test_fcm_takes_strings_only() -> None:
    found = said(fcm())
    assert set(found) == {"data.payload"}
    assert found["data.payload"].severity is Severity.INFO  # as documented: the proxy does that
    assert "TYPE_STRING" in found["data.payload"].message
    found = said(with_keys({"from": "x", "google.a": "y", "count": 5}))
    assert {"data.from", 'data["google.a"]', "data.count"} <= set(found)
    assert found["data.count"].severity is Severity.WARNING


def test_huawei_takes_one_string() -> None:
    assert set(said(fcm(3, "huawei"))) == {"data"}


@pytest.mark.parametrize("document", [[], {}, 5, {"aps": 5}, {"push-service": 1, "notificationType": "gcm"}])
def test_of_what_has_no_provider_nothing_is_said(document: object) -> None:
    assert not [one for one in said(document).values() if one.code != "PayloadEmpty"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from([(1, "apn"), (2, "gcm"), (3, "huawei")]),
)
def test_whatever_stands_in_a_push_can_be_judged(value: object, service: tuple[int, str]) -> None:
    number, name = service
    for document in (
        {"push-service": number, "notificationType": name, "aps": value, "data": value},
        {"push-service": number, "notificationType": name, "aps": {"sound": value, "alert": value}},
        {"push-service": number, "notificationType": name, "data": {"payload": value, "message": value}},
    ):
        refusals(parse(json.dumps(document).encode()))
