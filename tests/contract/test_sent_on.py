"""What a correct proxy sends on to each provider."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.push import Service
from inspector.contract.sent_on.model import Kind, SentOn
from inspector.contract.sent_on.request import curl_command, request_text, sent_on
from inspector.contract.sent_on.sizes import provider_sizes

Body = dict[str, Any]


def request(document: object, *, reveal: bool = False) -> SentOn:
    made = sent_on(parse(json.dumps(document).encode()), reveal=reveal)
    assert made is not None
    return made


def headers(made: SentOn) -> dict[str, str]:
    return {header.name: header.value for header in made.headers}


def words(made: SentOn, kind: Kind) -> list[str]:
    return [change.words for change in made.changes if change.kind is kind]


# APNs


def test_badge_is_copied_into_aps_and_the_proxys_own_is_left_out(ios: Body) -> None:
    made = request(ios)
    assert made.document == {
        "aps": {"alert": "My Test: 123", "sound": "default", "badge": 1},
        **{
            key: ios[key]
            for key in ios
            if key not in ("aps", "push-service", "device-token", "notificationType")
        },
    }
    assert made.size == len(json.dumps(made.document, separators=(",", ":")))
    copied = next(change for change in made.changes if change.path == ("aps", "badge"))
    assert (copied.kind, copied.origin) == (Kind.COPIED, ("badge",))
    assert {change.origin for change in made.changes if change.kind is Kind.LEFT_OUT} == {("push-service",)}
    assert words(made, Kind.LEFT_OUT) == [
        "push-service and notificationType left out: they tell the proxy where to send"
    ]


def test_the_apns_headers_are_derived_and_placeholders_are_marked(ios: Body) -> None:
    made = request(ios)
    found = headers(made)
    assert (found["apns-push-type"], found["apns-priority"]) == ("alert", "10")
    assert found["apns-collapse-id"] == ios["conversationId"]
    assert {header.name for header in made.headers if header.placeholder} == {
        "authorization",
        "apns-topic",
        "apns-expiration",
        "apns-id",
    }
    ios["aps"] = {"content-available": 1}
    found = headers(request(ios))
    assert (found["apns-push-type"], found["apns-priority"]) == ("background", "5")
    ios["aps"] = {"event": "update", "content-state": {}, "timestamp": 5, "alert": "x"}
    found = headers(request(ios))
    assert found["apns-push-type"] == "liveactivity"
    assert found["apns-topic"] == "<bundle id.push-type.liveactivity>"


def test_headers_that_the_push_names_are_taken_out_of_the_body(ios: Body) -> None:
    made = request({**ios, "apns-push-type": "voip", "apns-priority": 5, "apns-collapse-id": "a\nb"})
    found = headers(made)
    assert (found["apns-push-type"], found["apns-priority"], made.limit) == ("voip", "5", 5120)
    assert found["apns-collapse-id"] == '"a\\nb"', "a header is one line"
    assert "apns-priority" not in made.document


def test_the_badge_of_a_silent_push_is_not_copied(ios: Body) -> None:
    ios["aps"] = {"content-available": 1}
    made = request(ios)
    assert made.document["aps"] == {"content-available": 1}
    assert any("silent" in text for text in words(made, Kind.KEPT))


def test_a_badge_in_aps_stays(ios: Body) -> None:
    ios["aps"]["badge"] = 9
    assert request(ios).document["aps"]["badge"] == 9  # type: ignore[index]


def test_the_token_is_masked_unless_revealed(ios: Body, fcm: Body) -> None:
    token = "ab" * 32
    ios["device-token"] = fcm["device-token"] = token
    ios["inside"] = {"device_token": token}
    fcm["data"]["payload"]["deviceToken"] = token
    for document in (ios, fcm, {**fcm, "push-service": 3, "notificationType": "huawei"}):
        masked, revealed = request(document), request(document, reveal=True)
        assert token not in request_text(masked) + curl_command(masked) + repr(masked)
        assert request_text(revealed).count(token) == 2
        assert token not in repr(revealed)
        assert masked.size == revealed.size
    ios["device-token"] = "a b/ü\ud83d|"
    made = request(ios, reveal=True)
    assert made.url == "https://api.push.apple.com/3/device/a%20b%2F%C3%BC%EF%BF%BD%7C"
    del ios["device-token"]
    assert request(ios).url.endswith("/<device token>")


def test_thousands_of_unknown_keys_are_one_line(ios: Body) -> None:
    ios |= {f"key{number}": number for number in range(5000)}
    made = request(ios)
    assert len(made.changes) < 20
    assert any("more" in text for text in words(made, Kind.KEPT))
    assert made.document["key4999"] == 4999


# FCM


def test_the_payload_becomes_text(fcm: Body) -> None:
    fcm["data"] |= {"count": 5, "yes": True, "nothing": None}
    made = request(fcm)
    message: Any = made.document["message"]
    assert made.url == "https://fcm.googleapis.com/v1/projects/<project id>/messages:send"
    assert all(isinstance(value, str) for value in message["data"].values())
    assert json.loads(message["data"]["payload"]) == fcm["data"]["payload"]
    assert (message["data"]["message"], message["data"]["count"]) == ("My Test: 456", "5")
    assert message["android"] == {"priority": "high"}
    assert made.size == sum(len(key) + len(value) for key, value in message["data"].items())
    turned = [change.path for change in made.changes if change.kind is Kind.TEXT]
    assert ("message", "data", "payload") in turned


def test_a_payload_that_is_text_already_stays(fcm: Body) -> None:
    fcm["data"]["payload"] = '{"badge": 4}'
    message: Any = request(fcm).document["message"]
    assert message["data"]["payload"] == '{"badge": 4}'


def test_a_topic_is_no_token_and_has_less_room(fcm: Body) -> None:
    fcm["device-token"] = "/topics/news"
    made = request(fcm)
    message: Any = made.document["message"]
    assert (message["topic"], made.limit) == ("news", 2048)
    assert "token" not in message


def test_what_stands_outside_data_is_not_carried(fcm: Body) -> None:
    made = request({**fcm, "extra": 1, "android": {"ttl": "5s"}})
    message: Any = made.document["message"]
    assert message["android"] == {"ttl": "5s", "priority": "high"}
    assert any(text.startswith("extra ") for text in words(made, Kind.LEFT_OUT))
    many = request({**fcm, **{f"key{number}": number for number in range(500)}})
    assert len(many.changes) < 40


def test_a_push_without_data_is_sent_on_all_the_same(fcm: Body) -> None:
    del fcm["data"]
    assert request(fcm).size == 0


# Huawei


def test_data_becomes_one_string(fcm: Body) -> None:
    fcm |= {"push-service": 3, "notificationType": "huawei", "device-token": "t" * 500}
    made = request(fcm)
    message: Any = made.document["message"]
    assert made.url == "https://push-api.cloud.huawei.com/v1/<app id>/messages:send"
    assert json.loads(message["data"]) == fcm["data"]
    assert (len(message["token"]), message["android"]) == (1, {"urgency": "HIGH"})
    bare = {**made.document, "message": {**message, "token": []}}
    assert made.size == len(json.dumps(bare, separators=(",", ":")))


def test_a_list_of_tokens_stays_one(fcm: Body) -> None:
    fcm |= {"push-service": 3, "notificationType": "huawei", "device-token": ["t" * 40, 5]}
    masked: Any = request(fcm).document["message"]
    revealed: Any = request(fcm, reveal=True).document["message"]
    assert masked["token"] == ["tttt…tttt", "…"]
    assert revealed["token"] == ["t" * 40, 5]


# any


@pytest.mark.parametrize("raw", [b"", b"[]", b"5", b"{}", b'{"push-service":1,"notificationType":"gcm"}'])
def test_without_a_provider_nothing_is_sent_on(raw: bytes) -> None:
    assert sent_on(parse(raw)) is None


def test_the_curl_command_is_one_for_a_shell(ios: Body) -> None:
    ios["aps"]["alert"] = "It's $HOME `here`\n"
    made = request(ios)
    words_of_it = shlex.split(curl_command(made).replace("\\\n", ""))
    assert words_of_it[:2] == ["curl", "--http2"]
    assert json.loads(words_of_it[words_of_it.index("--data-raw") + 1]) == made.document
    assert words_of_it[-1] == made.url


def test_the_request_as_text(fcm: Body) -> None:
    head, body = request_text(request(fcm)).split("\n\n", 1)
    assert head.splitlines()[0].startswith("POST https://fcm.googleapis.com/")
    assert json.loads(body)["message"]["data"]["message"] == "My Test: 456"


def test_sizes_for_all_three(ios: Body) -> None:
    push = parse(json.dumps(ios).encode())
    sizes = provider_sizes(push, sent_on(push))
    assert [(size.service, size.own) for size in sizes] == [
        (Service.APNS, True),
        (Service.FCM, False),
        (Service.HUAWEI, False),
    ]
    assert all(0 < size.size < size.limit for size in sizes)
    assert provider_sizes(parse(b"[]"), None) == ()
    assert not any(size.own for size in provider_sizes(parse(b"{}"), None))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from([(1, "apn"), (2, "gcm"), (3, "huawei")]))
def test_whatever_stands_in_a_push_can_be_sent_on(
    value: object, other: object, service: tuple[int, str]
) -> None:
    envelope = {"push-service": service[0], "notificationType": service[1], "device-token": other}
    for more in (
        {"aps": value, "data": value, "android": other},
        {"aps": {"alert": value}, "apns-push-type": other, "apns-id": value, "conversationId": value},
        {"data": {"message": value, "payload": other}},
    ):
        push = parse(json.dumps({**envelope, **more}).encode())
        made = sent_on(push)
        assert made is not None
        request_text(made).encode()
        curl_command(made).encode()
        assert json.loads(made.compact_body) is not None
        assert len(provider_sizes(push, made)) == 3
