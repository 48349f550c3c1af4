"""What was sent, as the history gets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.contract.push import Service
from inspector.contract.retry_key import retry_key
from inspector.history.model import Direction, Kind
from inspector.history.store import HistoryWriter
from inspector.sender.record import to_event
from inspector.sender.send import send

PUSH = {
    "push-service": 2,
    "notificationType": "gcm",
    "device-token": "token-1",
    "data": {
        "message": "Hello",
        "payload": {
            "backendService": "ams",
            "conversationId": "11111111-2222-3333-4444-555555555555",
            "dialogId": "11111111-2222-3333-4444-666666666666",
            "originatorId": "90588711.1",
            "brandId": "90588711",
            "badge": 3,
            "sequence": 8,
        },
    },
}
BODY = json.dumps(PUSH).encode()


def test_an_answer(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    target = target_for(nginx.required, dev.client, path="/push?x=1", basic_user="u", basic_password="s3cret")
    result = send(target, BODY)
    event = to_event(result, BODY)
    assert (event.kind, event.direction, event.at) == (Kind.PUSH, Direction.OUT, result.at)
    assert (event.method, event.path, event.url) == ("POST", "/push?x=1", target.url)
    assert (event.status, event.reason, event.detail, event.advice) == (200, None, None, None)
    assert event.body is BODY
    assert event.service is Service.FCM
    assert (event.brand_id, event.conversation_id) == ("90588711", "11111111-2222-3333-4444-555555555555")
    assert (event.dialog_id, event.originator_id) == ("11111111-2222-3333-4444-666666666666", "90588711.1")
    assert (event.device_token, event.message, event.sequence, event.badge) == ("token-1", "Hello", 8, 3)
    assert event.retry_key
    assert event.connection is result.connection
    assert event.timings is result.timings
    assert event.answer_body == result.answer_body
    assert event.answer_headers == result.answer_headers
    assert "Authorization" in dict(event.headers)


def test_a_failure(openssl_server: Any, to_files: Any, target_for: Any, dev: DevIdentities) -> None:
    files = to_files(dev.server)
    port = openssl_server(files, "-Verify", "1", "-verify_return_error", "-CAfile", files.ca, "-tls1_3")
    event = to_event(send(target_for(port), BODY), BODY)
    assert (event.status, event.reason) == (None, "tls_refused")
    assert event.detail is not None
    assert event.detail.startswith("TLS alert certificate_required: [SSL")
    assert event.advice is not None
    assert "wants a client certificate" in event.advice.text
    assert "--identity" in event.advice.text
    assert event.connection is not None
    assert event.brand_id == "90588711"


@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b"\xff\xfe", b'{"aps": 1}'])
def test_any_body_is_kept(nginx: Any, target_for: Any, body: bytes) -> None:
    event = to_event(send(target_for(nginx.plain, scheme="http"), body), body)
    assert event.body == body
    assert event.problems


def test_an_answer_that_was_cut_says_so(serve: Any, target_for: Any) -> None:
    def pour(sock: Any) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000_000)

    event = to_event(send(target_for(serve(pour), scheme="http"), b"{}"), b"{}")
    assert event.status == 200
    assert event.detail is not None
    assert "1048576 bytes" in event.detail


def test_a_sent_push_and_a_received_one_are_the_same_message() -> None:
    from inspector.contract.parse import parse

    other = json.dumps(PUSH, indent=1).encode()
    assert retry_key(parse(BODY)) == retry_key(parse(other))


def test_the_history_takes_it(tmp_path: Path, nginx: Any, target_for: Any) -> None:
    with HistoryWriter.open(tmp_path / "history.sqlite3") as writer:
        written = writer.add([to_event(send(target_for(nginx.none), BODY), BODY) for _ in range(2)])
    assert [one.attempt for one in written] == [1, 2]
