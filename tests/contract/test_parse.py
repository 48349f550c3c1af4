"""Bodies to pushes: what is extracted, what is a problem, and that nothing ever raises or gets lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector import resources
from inspector.contract.findings import MAX_PROBLEMS
from inspector.contract.parse import parse
from inspector.contract.push import Problem, Push, Service, Severity

Body = dict[str, Any]
Place = tuple[str, str, str]

KEYS = (
    st.sampled_from(
        ["aps", "alert", "badge", "data", "payload", "message", "push-service", "notificationType"]
    )
    | st.sampled_from(["device-token", "brandId", "brandID", "conversationId", "dialogId", "sequence"])
    | st.sampled_from(["title", "id", "x", "\ud800", "a.b", ""])
)
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2, 3, -1, 2**63, 2**200, 1.0, 1.5, "", "\ud800", "\x00", "["])
    | st.sampled_from(
        ["1", "apn", "gcm", "huawei", "APN", "ff816d0d", '{"badge":1}', '{"badge":NaN,"brandID":"1"}']
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=20,
)
BODIES = st.dictionaries(KEYS, VALUES, max_size=10)


def read(body: object) -> Push:
    return parse(json.dumps(body).encode())


def places(push: Push) -> set[Place]:
    return {(problem.code, problem.severity.value, problem.path) for problem in push.problems}


def only(push: Push) -> Problem:
    (problem,) = push.problems
    return problem


def changed(body: Body, changes: Body) -> Body:
    return {**body, **changes}


# What must always hold


@given(st.binary() | BODIES.map(json.dumps).map(str.encode) | VALUES.map(json.dumps).map(str.encode))
@example(b"")
@example(b'{"push-service":true}')
@example(b'{"push-service":[],"notificationType":{}}')
@example(b'{"data":"{\\"payload\\":\\"{}\\"}"}')
def test_any_bytes_make_a_push(raw: bytes) -> None:
    push = parse(raw)
    assert push.raw is raw
    assert push.is_json or push.document is None
    assert len(push.problems) <= MAX_PROBLEMS
    for words in (
        push.notification_type,
        push.device_token,
        push.message,
        push.backend_service,
        push.brand_id,
    ):
        assert words is None or words.encode() is not None
    for number in (push.push_service, push.badge, push.sequence):
        assert number is None or (type(number) is int and -(2**63) <= number < 2**63)
    for problem in push.problems:
        assert problem.path.encode() is not None
        assert problem.message.encode().endswith(b".")
        assert problem.code.replace("_", "").isalpha()


@given(BODIES)
def test_no_departure_goes_unnoticed(body: Body) -> None:
    """None of these bodies is as documented: they lack a conversation's UUID at least."""
    push = read(body)
    assert push.problems
    assert push.is_json


@given(BODIES)
def test_layout_does_not_matter(body: Body) -> None:
    compact = parse(json.dumps(body, separators=(",", ":")).encode())
    spread = parse(json.dumps(body, indent=4).encode())
    assert compact.problems == spread.problems
    assert compact.service is spread.service


# The documented bodies


@pytest.mark.parametrize(("name", "service"), [("ios", "apns"), ("fcm", "fcm"), ("huawei", "huawei")])
@pytest.mark.parametrize("layout", ["as documented", "compact", "spread", "escaped"])
def test_the_documented_samples_have_no_problem(name: str, service: str, layout: str) -> None:
    raw = resources.read_bytes(f"templates/{name}.json")
    if layout != "as documented":
        spaces = {"compact": None, "spread": 3, "escaped": 1}[layout]
        separators = (",", ":") if layout == "compact" else None
        raw = json.dumps(json.loads(raw), indent=spaces, separators=separators).encode()
    if layout == "escaped":
        raw = raw.replace(b"push-service", b"push\\u002dservice")
    push = parse(raw)
    assert push.problems == ()
    assert push.service == service
    assert push.is_json
    assert push.device_token == "01408800000259"
    assert push.backend_service == "ams"
    assert push.dialog_id == "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"
    assert push.originator_id == "90588718.2333061110"
    assert push.brand_id == "90588711"
    if name == "ios":
        assert (push.push_service, push.notification_type, push.message) == (1, "apn", "My Test: 123")
        assert (push.badge, push.sequence) == (1, 8)
        assert push.conversation_id == "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"
    else:
        assert push.message == "My Test: 456"
        assert (push.badge, push.sequence) == (4, 6)
        assert push.conversation_id == "ff816d0d-3572-4430-956f-cab638d18826"


def test_the_quick_way_and_the_long_way_extract_the_same(ios: Body, fcm: Body, huawei: Body) -> None:
    for body in (ios, fcm, huawei):
        quick, long = read(body), read({**body, "new": 1})
        assert places(quick) == set()
        assert places(long) == {("undocumented_key", "warning", "new")}
        for name in Push.__slots__:
            if name not in ("raw", "document", "problems"):
                assert getattr(quick, name) == getattr(long, name), name


@pytest.mark.parametrize("brand", ["qa90588718", "", "90588711"])
def test_ids_need_not_be_digits(ios: Body, brand: str) -> None:
    assert read(changed(ios, {"brandId": brand, "originatorId": f"{brand}.2333061110"})).problems == ()


@pytest.mark.parametrize("token", ["BTP800DF00M|03|04", "a" * 64, "x", "é"])
def test_device_tokens_may_be_anything(ios: Body, token: str) -> None:
    push = read(changed(ios, {"device-token": token}))
    assert push.problems == ()
    assert push.device_token == token


# The service


@pytest.mark.parametrize(
    ("number", "name", "service", "problem"),
    [
        (1, "apn", "apns", None),
        (1, "gcm", "unknown", ("conflicting_service", "error", "notificationType")),
        (3, "apn", "unknown", ("conflicting_service", "error", "notificationType")),
        (1, "APN", "apns", ("old_spelling", "warning", "notificationType")),
        (1, "Apn", "apns", ("old_spelling", "warning", "notificationType")),
        (1, "apns", "apns", ("unknown_value", "error", "notificationType")),
        (1, "", "apns", ("unknown_value", "error", "notificationType")),
        (1, None, "apns", ("wrong_type", "error", "notificationType")),
        (1, ["apn"], "apns", ("wrong_type", "error", "notificationType")),
        (1, ..., "apns", ("missing_field", "error", "notificationType")),
        (..., "apn", "apns", ("missing_field", "error", "push-service")),
        ("1", "apn", "apns", ("wrong_type", "error", "push-service")),
        (True, "apn", "apns", ("wrong_type", "error", "push-service")),
        (1.0, "apn", "apns", ("wrong_type", "error", "push-service")),
        ({}, "apn", "apns", ("wrong_type", "error", "push-service")),
        (None, "apn", "apns", ("wrong_type", "error", "push-service")),
        (0, "apn", "apns", ("unknown_value", "error", "push-service")),
        (-1, "apn", "apns", ("unknown_value", "error", "push-service")),
        (2**53 + 1, "apn", "apns", ("unknown_value", "error", "push-service")),
    ],
)
def test_the_service_of_an_ios_body(
    ios: Body, number: object, name: object, service: str, problem: Place | None
) -> None:
    body = changed(ios, {"push-service": number, "notificationType": name})
    push = read({key: value for key, value in body.items() if value is not ...})
    assert push.service == service
    assert places(push) == ({problem} if problem else set())
    assert push.brand_id == "90588711"
    assert push.push_service == (number if type(number) is int else None)
    assert push.notification_type == (name if isinstance(name, str) else None)


@pytest.mark.parametrize(
    ("number", "name", "service"),
    [
        (2, "gcm", "fcm"),
        (2, "GCM", "fcm"),
        (3, "HUAWEI", "huawei"),
        (3, ..., "huawei"),
        (..., "huawei", "huawei"),
        (2, "huawei", "unknown"),
        (3, "gcm", "unknown"),
        (..., ..., "unknown"),
        ("2", None, "unknown"),
    ],
)
def test_the_service_of_a_data_body(fcm: Body, number: object, name: object, service: str) -> None:
    body = changed(fcm, {"push-service": number, "notificationType": name})
    push = read({key: value for key, value in body.items() if value is not ...})
    assert push.service == service
    assert push.message == "My Test: 456"
    assert push.sequence == 6
    assert all(problem.path in ("push-service", "notificationType") for problem in push.problems)


def test_the_shape_alone_tells_apns_and_nothing_else(ios: Body, fcm: Body) -> None:
    for body in (ios, fcm):
        del body["push-service"], body["notificationType"]
    assert read(ios).service is Service.APNS
    assert read(fcm).service is Service.UNKNOWN
    both = read({**ios, **fcm})
    assert both.service is Service.UNKNOWN
    assert both.message == "My Test: 123"


def test_a_shape_that_contradicts_the_service(ios: Body, fcm: Body) -> None:
    push = read({**ios, "data": fcm["data"]})
    assert push.service is Service.APNS
    assert places(push) == {("conflicting_service", "error", "data")}
    push = read({**fcm, "aps": ios["aps"]})
    assert push.service is Service.FCM
    assert places(push) == {("conflicting_service", "error", "aps")}
    push = read(changed(fcm, {"push-service": 1, "notificationType": "apn"}))
    assert push.service is Service.APNS
    assert ("conflicting_service", "error", "data") in places(push)
    assert ("missing_field", "error", "aps") in places(push)
    assert push.brand_id == "90588711"
    assert push.message == "My Test: 456"


# What is missing


@pytest.mark.parametrize(
    "key",
    [
        "aps",
        "device-token",
        "backendService",
        "conversationId",
        "originatorId",
        "brandId",
        "badge",
        "sequence",
    ],
)
def test_a_missing_field_at_the_top(ios: Body, key: str) -> None:
    del ios[key]
    push = read(ios)
    assert places(push) == {("missing_field", "error", key)}
    assert only(push).message.startswith(f"{key} is missing; ")
    assert push.service is Service.APNS


@pytest.mark.parametrize(
    "key", ["backendService", "conversationId", "originatorId", "brandId", "badge", "sequence"]
)
def test_a_missing_field_in_the_payload(fcm: Body, key: str) -> None:
    del fcm["data"]["payload"][key]
    assert places(read(fcm)) == {("missing_field", "error", f"data.payload.{key}")}


def test_missing_parts_of_data(fcm: Body) -> None:
    del fcm["data"]["message"]
    assert places(read(fcm)) == {("missing_field", "error", "data.message")}
    del fcm["data"]["payload"]
    assert places(read(fcm)) == {
        ("missing_field", "error", "data.message"),
        ("missing_field", "error", "data.payload"),
    }
    del fcm["data"]
    assert places(read(fcm)) == {("missing_field", "error", "data")}


def test_a_missing_dialog_was_seen_before(ios: Body, fcm: Body) -> None:
    del ios["dialogId"], fcm["data"]["payload"]["dialogId"]
    assert places(read(ios)) == {("missing_field", "info", "dialogId")}
    assert places(read(fcm)) == {("missing_field", "info", "data.payload.dialogId")}
    assert read(ios).dialog_id is None


def test_an_empty_object_lacks_everything() -> None:
    push = read({})
    assert push.service is Service.UNKNOWN
    missing = {problem.path for problem in push.problems if problem.code == "missing_field"}
    assert missing >= {
        "",
        "push-service",
        "notificationType",
        "device-token",
        "brandId",
        "badge",
        "conversationId",
    }


# What is new, old, or in the wrong place


def test_new_keys_are_told_and_kept(ios: Body, fcm: Body) -> None:
    ios |= {"new": {"deep": 1}, "a.b": 1}
    ios["aps"]["fresh"] = 1
    push = read(ios)
    assert places(push) == {
        ("undocumented_key", "warning", "new"),
        ("undocumented_key", "warning", '["a.b"]'),
        ("undocumented_key", "info", "aps.fresh"),
    }
    assert push.document == ios
    fcm["x"] = fcm["data"]["y"] = fcm["data"]["payload"]["z"] = None
    assert places(read(fcm)) == {
        ("undocumented_key", "warning", path) for path in ("x", "data.y", "data.payload.z")
    }


def test_a_key_that_is_nearly_right_is_told_so(ios: Body) -> None:
    ios["conversationid"] = ios.pop("conversationId")
    ios["device_token"] = ios.pop("device-token")
    push = read(ios)
    messages = {
        problem.path: problem.message for problem in push.problems if problem.code == "undocumented_key"
    }
    assert "‘conversationId’" in messages["conversationid"]
    assert "‘device-token’" in messages["device_token"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("badge", 1),
        ("sound", {"critical": 1, "name": "x.caf", "volume": 0.5}),
        ("thread-id", "x"),
        ("category", "x"),
        ("content-available", 1),
        ("mutable-content", 1),
        ("target-content-id", "x"),
        ("interruption-level", "passive"),
        ("relevance-score", 1),
        ("relevance-score", 0.5),
        ("stale-date", 1),
        ("content-state", {"any": [{"thing": None}]}),
        ("timestamp", 1),
        ("event", "update"),
        ("dismissal-date", 1),
        ("attributes-type", "x"),
        ("attributes", {"\ud800": 1}),
        ("filter-criteria", "x"),
        ("alert", {"title": "a", "subtitle": "b", "body": "c", "launch-image": "d"}),
        (
            "alert",
            {"title-loc-key": "a", "title-loc-args": ["b"], "subtitle-loc-key": "c", "subtitle-loc-args": []},
        ),
        ("alert", {"loc-key": "a", "loc-args": ["b", "c"], "action-loc-key": "d"}),
    ],
)
def test_the_keys_of_aps_are_known(ios: Body, key: str, value: object) -> None:
    ios["aps"][key] = value
    assert {problem.code for problem in read(ios).problems} <= {"lone_surrogate"}


def test_new_keys_deeper_in_aps(ios: Body) -> None:
    ios["aps"] = {"alert": {"body": "a", "colour": 1}, "sound": {"name": "x", "loud": 1}}
    assert places(read(ios)) == {
        ("undocumented_key", "info", "aps.alert.colour"),
        ("undocumented_key", "info", "aps.sound.loud"),
    }


@pytest.mark.parametrize(
    "key", ["id", "transactionId", "lookBackPeriod", "agentPid", "campaignInfo", "event", "title"]
)
def test_proactive_keys_are_unconfirmed(ios: Body, fcm: Body, key: str) -> None:
    ios[key] = fcm["data"]["payload"][key] = "x"
    assert places(read(ios)) == {("unconfirmed_key", "info", key)}
    assert places(read(fcm)) == {("unconfirmed_key", "info", f"data.payload.{key}")}
    assert "never confirmed" in only(read(ios)).message


def test_the_old_spelling_of_the_brand(ios: Body, fcm: Body) -> None:
    ios["brandID"] = ios.pop("brandId")
    fcm["data"]["payload"]["brandID"] = fcm["data"]["payload"].pop("brandId")
    assert places(read(ios)) == {("old_spelling", "warning", "brandID")}
    assert places(read(fcm)) == {("old_spelling", "warning", "data.payload.brandID")}
    assert read(ios).brand_id == read(fcm).brand_id == "90588711"


def test_both_spellings_of_the_brand(ios: Body) -> None:
    ios["brandID"] = ios["brandId"]
    assert places(read(ios)) == {("old_spelling", "warning", "brandID")}
    ios["brandID"] = "other"
    assert places(read(ios)) == {("conflicting_value", "error", "brandID")}
    assert read(ios).brand_id == "90588711"


def test_fields_in_the_wrong_place(ios: Body, fcm: Body) -> None:
    ios["aps"]["sequence"] = ios.pop("sequence")
    push = read(ios)
    assert places(push) == {("misplaced_field", "warning", "aps.sequence")}
    assert push.sequence == 8
    fcm["badge"] = fcm["data"]["payload"].pop("badge")
    fcm["data"]["brandId"] = fcm["data"]["payload"].pop("brandId")
    push = read(fcm)
    assert places(push) == {
        ("misplaced_field", "warning", "badge"),
        ("misplaced_field", "warning", "data.brandId"),
    }
    assert (push.badge, push.brand_id) == (4, "90588711")


def test_fields_in_both_places_that_differ(fcm: Body) -> None:
    fcm["badge"] = 4
    assert places(read(fcm)) == {("misplaced_field", "warning", "badge")}
    fcm["badge"] = 5
    push = read(fcm)
    assert places(push) == {("conflicting_value", "error", "badge")}
    assert push.badge == 4


def test_the_badge_within_aps(ios: Body) -> None:
    ios["aps"]["badge"] = 1
    assert read(ios).problems == ()
    ios["aps"]["badge"] = 2
    push = read(ios)
    assert places(push) == {("conflicting_value", "error", "aps.badge")}
    assert push.badge == 1
    del ios["badge"]
    assert places(read(ios)) == {("missing_field", "error", "badge")}


# Types


@pytest.mark.parametrize("key", ["badge", "sequence"])
@pytest.mark.parametrize("value", [True, False, None, "7", 7.0, 7.5, [], {}])
def test_whole_numbers_only(ios: Body, fcm: Body, key: str, value: object) -> None:
    ios[key] = fcm["data"]["payload"][key] = value
    assert places(read(ios)) == {("wrong_type", "error", key)}
    assert places(read(fcm)) == {("wrong_type", "error", f"data.payload.{key}")}
    assert getattr(read(ios), key) is None
    assert "; a whole number was expected." in only(read(ios)).message


@pytest.mark.parametrize(
    "key", ["device-token", "backendService", "originatorId", "brandId", "conversationId", "dialogId"]
)
@pytest.mark.parametrize("value", [True, None, 7, 7.5, [], {"a": 1}])
def test_strings_only(ios: Body, key: str, value: object) -> None:
    push = read(changed(ios, {key: value}))
    assert places(push) == {("wrong_type", "error", key)}
    assert "; a string was expected." in only(push).message


@pytest.mark.parametrize("value", [None, "x", 5, [], True])
def test_objects_only(ios: Body, fcm: Body, value: object) -> None:
    assert places(read(changed(ios, {"aps": value}))) == {("wrong_type", "error", "aps")}
    assert places(read(changed(fcm, {"data": value}))) == {("wrong_type", "error", "data")}
    fcm["data"]["payload"] = value
    assert places(read(fcm)) == {("wrong_type", "error", "data.payload")}


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("alert", 5, "aps.alert"),
        ("alert", ["a"], "aps.alert"),
        ("alert", {"title": 5}, "aps.alert.title"),
        ("alert", {"loc-args": ["a", 1]}, "aps.alert.loc-args[1]"),
        ("alert", {"loc-args": "a"}, "aps.alert.loc-args"),
        ("badge", "1", "aps.badge"),
        ("sound", 1, "aps.sound"),
        ("sound", {"volume": "1"}, "aps.sound.volume"),
        ("content-available", True, "aps.content-available"),
        ("relevance-score", "1", "aps.relevance-score"),
        ("content-state", [], "aps.content-state"),
    ],
)
def test_types_within_aps(ios: Body, key: str, value: object, path: str) -> None:
    ios["aps"][key] = value
    assert places(read(ios)) == {("wrong_type", "warning", path)}


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**600, 10**700])
def test_numbers_beyond_64_bits(ios: Body, value: int) -> None:
    raw = json.dumps(ios).replace('"badge": 1', f'"badge": {"-" * (value < 0)}{abs(value):d}').encode()
    push = parse(raw)
    assert places(push) == {("number_too_large", "warning", "badge")}
    assert push.badge is None
    assert push.sequence == 8


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none(ios: Body, literal: str) -> None:
    push = parse(json.dumps(ios).replace('"badge": 1', f'"badge": {literal}').encode())
    assert push.badge is None
    assert push.sequence == 8
    assert {problem.path for problem in push.problems} == {"badge"}
    assert push.problems[0].code in ("not_a_number", "number_too_large")


@pytest.mark.parametrize("value", [0, -1, 2**63 - 1, -(2**63), 2**53 + 1])
def test_any_number_of_64_bits_is_fine(ios: Body, value: int) -> None:
    push = read(changed(ios, {"badge": value, "sequence": value}))
    assert push.problems == ()
    assert (push.badge, push.sequence) == (value, value)


def test_minus_zero_is_zero(ios: Body) -> None:
    push = parse(json.dumps(ios).replace('"badge": 1', '"badge": -0').encode())
    assert push.problems == ()
    assert push.badge == 0


@pytest.mark.parametrize(
    "value", ["", "x", "13a1ca79", "13a1ca7922eb4a608cadcd7f9dbdb9f3", "{13a1ca79-22eb}", "é" * 36]
)
def test_uuids(ios: Body, fcm: Body, value: str) -> None:
    push = read(changed(ios, {"conversationId": value, "dialogId": value}))
    assert places(push) == {
        ("not_a_uuid", "warning", "conversationId"),
        ("not_a_uuid", "warning", "dialogId"),
    }
    assert push.conversation_id == value
    fcm["data"]["payload"]["dialogId"] = value
    assert places(read(fcm)) == {("not_a_uuid", "warning", "data.payload.dialogId")}


def test_uuids_in_capitals_and_with_a_line_end(ios: Body) -> None:
    upper = "13A1CA79-22EB-4A60-8CAD-CD7F9DBDB9F3"
    assert read(changed(ios, {"dialogId": upper})).problems == ()
    assert places(read(changed(ios, {"dialogId": upper + "\n"}))) == {("not_a_uuid", "warning", "dialogId")}


# Texts


@pytest.mark.parametrize(
    ("alert", "message"),
    [
        ("Hi", "Hi"),
        ("", ""),
        ({"body": "Hi"}, "Hi"),
        ({"title": "A", "subtitle": "B", "body": "C"}, "A — B — C"),
        ({"title": "A", "body": "C", "launch-image": "x"}, "A — C"),
        ({"loc-key": "KEY"}, "KEY"),
        ({"loc-key": "KEY", "loc-args": ["a", "b"]}, "KEY (a, b)"),
        ({"title-loc-key": "T", "title-loc-args": ["x"], "body": "b"}, "T (x) — b"),
        ({"title": 5, "body": "b"}, "b"),
        ({}, None),
        (None, None),
        (5, None),
    ],
)
def test_the_text_of_an_alert(ios: Body, alert: object, message: str | None) -> None:
    ios["aps"]["alert"] = alert
    assert read(ios).message == message


def test_a_silent_push_has_no_text(ios: Body) -> None:
    ios["aps"] = {"content-available": 1}
    push = read(ios)
    assert push.problems == ()
    assert push.message is None


def test_texts_are_clean(ios: Body) -> None:
    ios["aps"]["alert"] = "a\ud800b"
    ios["device-token"] = "\udc00"
    push = read(ios)
    assert push.message == "a\ufffdb"
    assert push.device_token == "\ufffd"
    assert places(push) == {
        ("lone_surrogate", "warning", "aps.alert"),
        ("lone_surrogate", "warning", "device-token"),
    }


def test_half_a_surrogate_pair_in_an_id_or_a_key(ios: Body) -> None:
    push = read(changed(ios, {"dialogId": "\ud800", "\udc00": 1}))
    assert {problem.code for problem in push.problems} == {"lone_surrogate", "not_a_uuid", "undocumented_key"}


def test_nul_in_texts(ios: Body) -> None:
    ios["aps"]["alert"] = "a\x00b"
    push = read(ios)
    assert push.problems == ()
    assert push.message == "a\x00b"


# A payload that has become text


def test_a_payload_as_text_is_told_and_read(fcm: Body) -> None:
    fcm["data"]["payload"] = json.dumps(fcm["data"]["payload"])
    push = read(fcm)
    assert places(push) == {("wrong_type", "error", "data.payload")}
    assert (push.badge, push.sequence, push.brand_id) == (4, 6, "90588711")
    assert push.document == fcm


def test_data_as_text_is_told_and_read(huawei: Body) -> None:
    huawei["data"] = json.dumps(huawei["data"])
    push = read(huawei)
    assert places(push) == {("wrong_type", "error", "data")}
    assert (push.badge, push.message) == (4, "My Test: 456")


def test_what_is_odd_in_a_payload_as_text(fcm: Body) -> None:
    fcm["data"]["payload"] = '{"badge":1,"badge":NaN,"new":1,"brandID":"7"}'
    push = read(fcm)
    assert places(push) >= {
        ("wrong_type", "error", "data.payload"),
        ("duplicate_key", "warning", "data.payload.badge"),
        ("not_a_number", "error", "data.payload.badge"),
        ("undocumented_key", "warning", "data.payload.new"),
        ("old_spelling", "warning", "data.payload.brandID"),
        ("missing_field", "error", "data.payload.sequence"),
    }
    assert push.brand_id == "7"


@pytest.mark.parametrize("payload", ["", "{", "[1]", "5", "null", "[" * 100_000, '{"a":NaN', "\ud800"])
def test_a_payload_as_text_that_is_no_object(fcm: Body, payload: str) -> None:
    fcm["data"]["payload"] = payload
    push = read(fcm)
    assert {problem.code for problem in push.problems} <= {"wrong_type", "lone_surrogate"}
    assert ("wrong_type", "error", "data.payload") in places(push)
    assert push.message == "My Test: 456"


# What is no object, or no JSON


@pytest.mark.parametrize(
    ("raw", "is_a"), [("[]", "a list"), ('"x"', "a string"), ("5", "a whole number"), ("null", "null")]
)
def test_json_that_is_no_object(raw: str, is_a: str) -> None:
    push = parse(raw.encode())
    assert push.is_json
    assert push.document == json.loads(raw)
    assert push.service is Service.UNKNOWN
    assert (only(push).code, only(push).message) == (
        "not_an_object",
        f"The body is {is_a}; a JSON object was expected.",
    )


def test_an_odd_value_that_is_no_object() -> None:
    assert [problem.code for problem in parse(b"NaN").problems] == ["not_a_number", "not_an_object"]
    assert [problem.code for problem in parse(b"9" * 5000).problems] == ["number_too_large", "not_an_object"]


@pytest.mark.parametrize("raw", [b"", b" ", b"hello", b"a=b", b"<a/>", b"\x00\x01\x02", b"{", b"\xff"])
def test_a_body_that_is_not_json_is_a_push_all_the_same(raw: bytes) -> None:
    push = parse(raw)
    assert push == Push(raw, False, None, Service.UNKNOWN, push.problems)
    assert push.problems[-1].severity is Severity.ERROR


def test_an_ios_body_in_utf_16_is_read(ios: Body) -> None:
    push = parse(json.dumps(ios).encode("utf-16"))
    assert places(push) == {("wrong_encoding", "error", "")}
    assert push.service is Service.APNS
    assert push.brand_id == "90588711"


def test_the_worst_problems_are_kept(ios: Body) -> None:
    ios |= {f"key{number}": number for number in range(5000)}
    del ios["sequence"]
    push = read(ios)
    assert len(push.problems) == MAX_PROBLEMS
    assert ("missing_field", "error", "sequence") in places(push)
    assert push.problems[-1].code == "more_problems"
    assert "4902 more" in push.problems[-1].message
    assert push.problems[-1].severity is Severity.WARNING


def test_no_message_shows_a_device_token(ios: Body) -> None:
    for value in ("secret-token", ["secret-token"], {"secret-token": 1}):
        push = read({"device-token": value, "push-service": "secret-token", "aps": 5})
        assert all("secret-token" not in problem.message for problem in push.problems)
