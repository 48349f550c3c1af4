"""What a request is answered, and the bytes of it."""

from __future__ import annotations

import base64
from email.utils import parsedate_to_datetime

import pytest

from inspector.history.model import Headers
from inspector.listener.answer import AnswerRule, reply_to_broken
from inspector.listener.config import Answer, AuthMode
from inspector.listener.http_events import Broken, Request
from inspector.listener.reply import Renderer, Reply

NOON = 1_767_268_800.0  # 2026-01-01 12:00:00 UTC


def request(method: str = "POST", headers: Headers = ()) -> Request:
    return Request(method, "/push", "1.1", headers, b"{}", keep_alive=True)


def basic(text: str, scheme: str = "Basic") -> Headers:
    return (("authorization", f"{scheme} {base64.b64encode(text.encode()).decode()}"),)


def rule(auth: AuthMode = AuthMode.MTLS, **answer: object) -> AnswerRule:
    return AnswerRule(auth, Answer(**answer), basic_user="mü", basic_password="p:w")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 202, 401, 403, 500, 503])
def test_the_status_asked_for(status: int) -> None:
    assert rule(status=status).decide(request()).status == status


def test_401_says_how_to_do_better() -> None:
    """RFC 9110 15.5.2: a 401 has a WWW-Authenticate."""
    assert dict(rule(status=401).decide(request()).headers)["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_anything_but_a_post(method: str) -> None:
    reply = rule(AuthMode.BASIC, status=500).decide(request(method))
    assert (reply.status, reply.headers) == (405, (("Allow", "POST"),))


def test_fail_first() -> None:
    answers = rule(fail_first=2, status=202)
    assert [answers.decide(request()).status for _ in range(4)] == [500, 500, 202, 202]
    answers.set_answer(Answer(fail_first=1))
    assert [answers.decide(request()).status for _ in range(2)] == [500, 200]


def test_what_is_no_push_does_not_count_as_a_failure() -> None:
    answers = rule(AuthMode.BASIC, fail_first=1)
    answers.decide(request("GET"))
    answers.decide(request())
    assert answers.decide(request(headers=basic("mü:p:w"))).status == 500


def test_drop_and_delay() -> None:
    reply = rule(drop=True, delay_seconds=0.5).decide(request())
    assert (reply.status, reply.delay_seconds, reply.close) == (None, 0.5, False)
    assert rule(drop=True, fail_first=1).decide(request()).status == 500


@pytest.mark.parametrize("auth", [AuthMode.BASIC, AuthMode.MTLS_BASIC])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic("mü:p:w"), 200),
        (basic("mü:p:w", "bAsIc"), 200),
        (basic("mü:p:w2"), 401),
        (basic("mü"), 401),
        (basic(""), 401),
        (basic("mü:p:w", "Bearer"), 401),
        ((("Authorization", "Basic !!!"),), 401),
        ((("Authorization", "Basic"),), 401),
        ((("Authorization", ""),), 401),
        ((("Authorization", "Basic ü"),), 401),
        (basic("mü:p:w") * 2, 401),
        ((), 401),
    ],
)
def test_basic(auth: AuthMode, headers: Headers, status: int) -> None:
    reply = rule(auth).decide(request(headers=headers))
    assert reply.status == status
    assert bool(reply.note) is (status == 401)
    assert "p:w" not in reply.note
    assert bool(reply.headers) is (status == 401)


@pytest.mark.parametrize("auth", [AuthMode.MTLS, AuthMode.NONE])
def test_no_basic_asked_for(auth: AuthMode) -> None:
    assert rule(auth).decide(request()).status == 200


def test_a_broken_request_ends_the_connection() -> None:
    reply = reply_to_broken(Broken(405, "method_not_allowed", "A push is a POST.", request("FLY")))
    assert (reply.status, reply.close, reply.headers) == (405, True, (("Allow", "POST"),))
    assert reply_to_broken(Broken(None, "cut_off", "It ended.", request())).body == b""


def test_a_reply_is_minimal() -> None:
    rendered = Renderer(lambda: NOON).render(Reply(200), keep_alive=True)
    assert rendered == b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"


def test_a_reply_with_all_there_is() -> None:
    reply = Reply(405, headers=(("Allow", "POST"),), text="Naïve")
    renderer = Renderer(lambda: NOON)
    head, _, body = renderer.render(reply, keep_alive=False).partition(b"\r\n\r\n")
    assert body == "Naïve\n".encode()
    assert head.split(b"\r\n")[2:] == [
        b"Allow: POST", b"Content-Type: text/plain; charset=utf-8", b"Content-Length: 7", b"Connection: close",
    ]  # fmt: skip
    assert renderer.render(reply, keep_alive=False, head_only=True) == head + b"\r\n\r\n"


@pytest.mark.parametrize("status", [204, 304])
def test_no_length_where_there_is_no_body(status: int) -> None:
    rendered = Renderer(lambda: NOON).render(Reply(status, text="no"), keep_alive=True)
    assert b"Content-Length" not in rendered
    assert rendered.endswith(b"\r\n\r\n")


def test_http_1_0_is_told_that_the_connection_stays() -> None:
    assert b"\r\nConnection: keep-alive\r\n" in Renderer(lambda: NOON).render(
        Reply(200), keep_alive=True, version="1.0"
    )


def test_a_status_without_a_name() -> None:
    assert Renderer(lambda: NOON).render(Reply(599), keep_alive=True).startswith(b"HTTP/1.1 599 \r\n")


def test_the_date_moves_on() -> None:
    now = [NOON]
    renderer = Renderer(lambda: now[0])
    dates = []
    for _ in range(2):
        line = renderer.render(Reply(200), keep_alive=True).split(b"\r\n")[1]
        dates.append(parsedate_to_datetime(line.removeprefix(b"Date: ").decode()).timestamp())
        now[0] += 61.5
    assert dates == [NOON, NOON + 61]
