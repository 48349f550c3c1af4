"""Answers by rules and faults in their place, as a client sees them over real TLS, and as the history keeps them."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import time
from pathlib import Path

import pytest

from inspector.errors import UsageError
from inspector.history.model import Event
from inspector.history.reader import HistoryReader
from inspector.listener.config import Answer, AuthMode, ExpectedHeader, Limits
from inspector.listener.events import PushReceived, PushSettled
from inspector.listener.rule import Fault, Match, Rule
from inspector.listener.rules import PRESETS
from tests.listener.conftest import SAMPLES, Connect, Listen, Listening, run, wait_until

IOS = (SAMPLES / "ios.json").read_bytes()
JSON = (("Content-Type", "application/json"),)
FCM = (SAMPLES / "fcm.json").read_bytes()


@pytest.fixture
def curl(ca_file: Path, client_file: Path) -> tuple[str | Path, ...]:
    return ("curl", "-sS", "--cacert", ca_file, "--cert", client_file)


def push(body: bytes = IOS, path: str = "/push", *fields: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


def answer_of(tls: ssl.SSLSocket) -> tuple[int, dict[str, str], bytes]:
    """The next answer, whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = tls.recv(65536)
        assert piece, data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    while len(body) < int(headers.get("content-length", "0")):
        body += tls.recv(65536)
    return int(first.split()[1]), headers, body


def expect_reset(tls: ssl.SSLSocket) -> None:
    """A TCP reset, looked for below TLS: Python's ssl module takes it for an end."""
    with pytest.raises(ConnectionResetError):
        list(iter(lambda: socket.socket.recv(tls, 65536), b""))


def ask(tls: ssl.SSLSocket, data: bytes) -> int:
    tls.sendall(data)
    return answer_of(tls)[0]


def stored(listening: Listening, identifier: int = 1) -> Event:
    with HistoryReader.open(listening.writer.path) as reader:
        event = reader.event(identifier)
    assert event is not None
    return event


def settled(listening: Listening, count: int = 1) -> Event:
    """The row of the push whose answer was told of last."""
    return stored(listening, listening.heard.wait(PushSettled, count)[-1].id)


def test_rules_choose_by_what_is_in_the_push(listen: Listen, connect: Connect) -> None:
    listening = listen(
        rules=(
            Rule("fcm", Match(service="fcm"), Answer(403, headers=JSON, body='{"why":"ü"}')),
            Rule("elsewhere", Match(path="/elsewhere*"), Answer(503, headers=(("Retry-After", "7"),))),
            Rule("off", enabled=False),
        ),
        answer=Answer(202),
    )  # fmt: skip
    with connect(listening) as tls:
        assert ask(tls, push()) == 202
        tls.sendall(push(FCM))
        status, headers, body = answer_of(tls)
        assert (status, headers["content-type"], body) == (403, "application/json", '{"why":"ü"}'.encode())
        tls.sendall(push(path="/elsewhere?x=1"))
        status, headers, body = answer_of(tls)
        assert (status, headers["retry-after"], body) == (503, "7", b"")
    events = [one.event for one in listening.heard.wait(PushReceived, 3)]
    assert [(event.status, event.rule) for event in events] == [(202, None), (403, "fcm"), (503, "elsewhere")]
    assert stored(listening, 2).written.rule == "fcm"
    assert stored(listening, 2).written.answer_body == '{"why":"ü"}'.encode()
    assert stored(listening, 3).written.answer_headers == (("Retry-After", "7"),)
    assert listening.heard.all(PushSettled) == []


def test_the_usual_answer_has_headers_and_a_body(listen: Listen, curl: tuple[str | Path, ...]) -> None:
    listening = listen(answer=Answer(202, headers=(("X-Id", "7"),), body="taken"))
    done = run(*curl, "-i", "-d", "{}", listening.ready.url)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    assert body == b"taken"
    assert b"\r\nX-Id: 7\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5" in head


@pytest.mark.parametrize("preset", PRESETS, ids=lambda rule: rule.name)
def test_presets_over_curl(listen: Listen, curl: tuple[str | Path, ...], preset: Rule) -> None:
    """What each preset looks like to a program that knows nothing of it."""
    listening = listen(rules=(preset,), limits=Limits(idle_seconds=0.5))
    url = listening.ready.url
    done = run(*curl, "--max-time", "1.5", "-d", "@" + str(SAMPLES / "ios.json"), "-w", "%{http_code}", url)
    answer = preset.answer
    if answer.delay_seconds:
        assert done.returncode == 28  # curl's time is up
    elif answer.fault is Fault.NONE:
        assert (done.returncode, done.stdout[-3:]) in ((0, b"%d" % answer.status), (0, b"200"))
    elif answer.fault is Fault.TRUNCATE:
        assert done.returncode in (18, 56), done
        assert b"200" in done.stdout
    else:
        assert done.returncode in (52, 56), done
        assert done.stdout.endswith(b"000")
    event = listening.heard.push()
    assert event.rule == (preset.name if preset.share == 100 or event.status == 500 else None)


def test_401_of_a_rule_says_how_to_do_better(listen: Listen, connect: Connect) -> None:
    with connect(listen(rules=(Rule("no", answer=Answer(401)),))) as tls:
        tls.sendall(push())
        status, headers, _body = answer_of(tls)
    assert status == 401
    assert headers["www-authenticate"].startswith("Basic ")


def test_basic_comes_before_the_rules(listen: Listen, connect: Connect) -> None:
    listening = listen(
        auth=AuthMode.MTLS_BASIC,
        basic_user="u",
        basic_password="p",
        rules=(Rule("once", answer=Answer(500), first=1),),
    )
    with connect(listening) as tls:
        assert ask(tls, push()) == 401
        assert ask(tls, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 405
        assert ask(tls, push(IOS, "/", "Authorization: Basic dTpw")) == 500
        assert ask(tls, push(IOS, "/", "Authorization: Basic dTpw")) == 200


def test_a_reset(listen: Listen, connect: Connect) -> None:
    """On a connection that has served pushes before, too."""
    listening = listen(rules=(Rule("bang", Match(service="fcm"), Answer(fault=Fault.RESET)),))
    with connect(listening) as tls:
        assert ask(tls, push()) == 200
        tls.sendall(push(FCM))
        expect_reset(tls)
    event = listening.heard.wait(PushReceived, 2)[1].event
    assert (event.status, event.rule, event.body) == (None, "bang", FCM)
    assert event.detail == "The connection was reset instead of an answer, by the rule bang."


def test_a_drop(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.DROP))
    with connect(listening) as tls:
        tls.sendall(push())
        with contextlib.suppress(ssl.SSLEOFError):
            assert tls.recv(1) == b""
    event = listening.heard.push()
    assert (event.status, event.detail) == (None, "The connection was closed instead of an answer.")


def test_half_an_answer(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(200, body="0123456789", fault=Fault.TRUNCATE))
    with connect(listening) as tls:
        tls.sendall(push())
        data = b""
        with contextlib.suppress(ssl.SSLEOFError):
            while piece := tls.recv(65536):
                data += piece
    assert b"\r\nContent-Length: 10\r\n" in data
    assert data.endswith(b"\r\n\r\n01234")
    event = listening.heard.push()
    assert event.status == 200
    assert event.detail == "Half of the answer was sent, then the connection was closed."


@pytest.mark.parametrize("expect", [True, False])
@pytest.mark.parametrize("usual", [True, False])
def test_dropped_before_the_body_is_read(listen: Listen, connect: Connect, usual: bool, expect: bool) -> None:
    early = Answer(fault=Fault.DROP_EARLY)
    listening = listen(answer=early) if usual else listen(rules=(Rule("early", Match(path="/x"), early),))
    with connect(listening) as tls:
        fields = ("Expect: 100-continue",) if expect else ()
        tls.sendall(push(b"1234", "/x", *fields)[: -4 if expect else -2])
        with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
            assert tls.recv(1) == b""
    event = listening.heard.push()
    assert (event.method, event.path, event.status) == ("POST", "/x", None)
    assert event.body == (b"" if expect else b"12")
    assert event.rule == (None if usual else "early")
    assert event.problems == ()
    assert event.detail is not None
    assert event.detail.endswith(f" {0 if expect else 2} bytes of the body had come.")


def test_what_needs_the_body_is_not_dropped_before(listen: Listen, connect: Connect) -> None:
    early = Answer(fault=Fault.DROP_EARLY)
    listening = listen(rules=(Rule("brand", Match(service="fcm"), Answer(403)), Rule("early", answer=early)))
    with connect(listening) as tls:
        tls.sendall(push(FCM)[:-5])
        wait_until(lambda: listening.listener._shared is not None)
        tls.sendall(FCM[-5:])
        assert answer_of(tls)[0] == 403
        tls.sendall(push())
        with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
            assert tls.recv(1) == b""
    events = [one.event for one in listening.heard.wait(PushReceived, 2)]
    assert [(event.rule, event.status, event.body) for event in events] == [
        ("brand", 403, FCM),
        ("early", None, IOS),
    ]


def test_one_that_is_failed_first_is_not_dropped_early(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.DROP_EARLY, fail_first=1))
    with connect(listening) as tls:
        tls.sendall(push()[:-3])
        tls.sendall(IOS[-3:])
        assert answer_of(tls)[0] == 500
        tls.sendall(push()[:-3])
        with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
            assert tls.recv(1) == b""
    assert listening.heard.wait(PushReceived, 2)[1].event.body == IOS[:-3]


def test_silence_until_the_client_leaves(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.SILENCE))
    with connect(listening) as tls:
        tls.sendall(push())
        first = listening.heard.push()
        assert (first.status, first.detail) == (None, "No answer is given.")
        tls.settimeout(0.2)
        with pytest.raises(TimeoutError):
            tls.recv(1)
    event = settled(listening)
    assert event.written.status is None
    assert event.written.detail is not None
    assert event.written.detail.startswith("No answer is given. The client left 0.")
    assert event.settled_at is not None


def test_silence_has_an_end(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.SILENCE), limits=Limits(idle_seconds=0.3))
    with connect(listening) as tls:
        tls.sendall(push())
        with contextlib.suppress(ssl.SSLEOFError):
            assert tls.recv(1) == b""
    assert "closed after 0.3 s" in str(settled(listening).written.detail)


def test_a_delayed_answer_is_stored_when_it_has_left(listen: Listen, connect: Connect) -> None:
    listening = listen(rules=(Rule("slow", answer=Answer(503, delay_seconds=0.4, body="late")),))
    with connect(listening) as tls:
        tls.sendall(push())
        received = listening.heard.push()
        assert (received.status, received.answer_body, received.rule) == (None, b"", "slow")
        assert stored(listening).written.status is None
        assert answer_of(tls)[0] == 503
    event = settled(listening)
    assert (event.written.status, event.written.answer_body, event.written.rule) == (503, b"late", "slow")
    assert event.settled_at is not None
    assert event.settled_at - event.written.at >= 400_000
    assert event.written.detail is None


@pytest.mark.parametrize("politely", [True, False])
def test_a_client_that_leaves_before_its_answer(listen: Listen, connect: Connect, politely: bool) -> None:
    listening = listen(answer=Answer(200, delay_seconds=0.6))
    with connect(listening) as tls:
        tls.sendall(push())
        listening.heard.push()
        if politely:
            with contextlib.suppress(OSError):
                tls.settimeout(0.05)
                tls.unwrap()
    event = settled(listening)
    assert event.written.status is None
    assert event.written.detail is not None
    assert "before it was answered" in event.written.detail
    assert event.written.detail.startswith("The client left 0.")


def test_what_did_not_happen_is_not_told(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.RESET, delay_seconds=0.3))
    with connect(listening) as tls:
        tls.sendall(push())
        assert listening.heard.push().detail is None
    assert str(settled(listening).written.detail).startswith("The client left 0.")


def test_a_client_that_only_ends_its_side_gets_its_answer(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(202, delay_seconds=0.3))
    with connect(listening) as tls:
        tls.sendall(push())
        listening.heard.push()
        socket.socket.shutdown(tls, socket.SHUT_WR)  # SSLSocket's own would forget TLS
        assert answer_of(tls)[0] == 202
    event = settled(listening)
    assert (event.written.status, event.written.detail) == (202, None)


def test_delayed_faults(listen: Listen, connect: Connect) -> None:
    listening = listen(answer=Answer(fault=Fault.RESET, delay_seconds=0.2))
    with connect(listening) as tls:
        tls.sendall(push())
        expect_reset(tls)
    event = settled(listening)
    assert event.written.status is None
    assert event.written.detail == "The connection was reset instead of an answer."


def test_stop_tells_how_late_answers_ended(listen: Listen, connect: Connect) -> None:
    silent = Rule("silent", Match(path="/s"), Answer(fault=Fault.SILENCE))
    listening = listen(rules=(silent,), answer=Answer(202, delay_seconds=600))
    with connect(listening) as one, connect(listening) as other:
        one.sendall(push(path="/s"))
        listening.heard.wait(PushReceived, 1)
        other.sendall(push())
        listening.heard.wait(PushReceived, 2)
        began = time.monotonic()
        listening.listener.stop(10)
        assert time.monotonic() - began < 5
        assert answer_of(other)[0] == 202
    assert "closed after" in str(stored(listening, 1).written.detail)
    assert stored(listening, 2).written.status == 202


def test_rules_change_while_it_runs(listen: Listen, connect: Connect) -> None:
    listening = listen(rules=(Rule("once", answer=Answer(500), first=1),))
    listener = listening.listener
    with connect(listening) as tls:
        assert [ask(tls, push()) for _ in range(2)] == [500, 200]
        listener.set_rules((Rule("once", answer=Answer(500), first=1), Rule("no", answer=Answer(403))))
        assert ask(tls, push()) == 403
        with pytest.raises(UsageError, match="Rule 1"):
            listener.set_rules((Rule("bad", answer=Answer(99)),))
        assert ask(tls, push()) == 403
        assert len(listener.config.rules) == 2
        listener.set_rules(())
        assert ask(tls, push()) == 200
        with pytest.raises(UsageError, match="The answer's status"):
            listener.set_answer(Answer(99))


def test_a_listener_does_not_start_with_what_can_t_be_answered(listen: Listen) -> None:
    with pytest.raises(UsageError, match="Rule 1, share"):
        listen(rules=(Rule("bad", share=-1),))
    with pytest.raises(UsageError, match="The answer's headers"):
        listen(answer=Answer(headers=(("A", "b\r\nC: d"),)))


def test_expected_headers(listen: Listen, connect: Connect) -> None:
    listening = listen(
        expected_headers=(ExpectedHeader("X-Tenant"), ExpectedHeader("X-Key", "s3cret")), auth=AuthMode.MTLS
    )
    with connect(listening) as tls:
        assert ask(tls, push(IOS, "/", "x-tenant: any", "X-KEY: s3cret")) == 200
        assert ask(tls, push(IOS, "/", "X-Tenant: any", "X-Key: wr0ng")) == 200
        assert ask(tls, push()) == 200
    events = [one.event for one in listening.heard.wait(PushReceived, 3)]
    assert [[problem.code for problem in event.problems] for event in events] == [
        [],
        ["unexpected_header_value"],
        ["missing_header", "missing_header"],
    ]
    told = " ".join(problem.message for event in events for problem in event.problems)
    assert "X-Key" in told
    assert "s3cret" not in told
    assert "wr0ng" not in told
    assert {problem.severity.value for event in events for problem in event.problems} == {"warning"}
    assert "s3cret" not in repr(listening.listener.config)


def test_pipelined_pushes_are_answered_in_order(listen: Listen, connect: Connect) -> None:
    listening = listen(rules=(Rule("slow", Match(service="fcm"), Answer(503, delay_seconds=0.3)),))
    with connect(listening) as tls:
        tls.sendall(push(FCM) + push() + push(FCM))
        assert [answer_of_stream(tls) for _ in range(3)] == [503, 200, 503]
    assert settled(listening, 2).written.status == 503


def answer_of_stream(tls: ssl.SSLSocket) -> int:
    """The next answer, read to the byte: another may follow."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += tls.recv(1)
    assert b"Content-Length: 0" in data
    return int(data.split()[1])


def retry_like_the_pusher(tls: ssl.SSLSocket, body: bytes) -> list[int]:
    statuses: list[int] = []
    while not statuses or (statuses[-1] >= 500 and len(statuses) < 4):
        statuses.append(ask(tls, push(body)))
    return statuses


def test_retries_are_seen_with_their_gaps(listen: Listen, connect: Connect) -> None:
    """Two messages, each failed twice: the third attempt of each is taken, and the gap is from the attempt before."""
    preset = next(rule for rule in PRESETS if rule.per_message)
    listening = listen(rules=(preset,))
    other = json.dumps({**json.loads(IOS), "sequence": 77}).encode()
    with connect(listening) as tls:
        assert ask(tls, push(IOS)) == 500
        began = time.time_ns() // 1000
        assert ask(tls, push(other)) == 500
        wait_until(lambda: time.time_ns() // 1000 - began > 150_000)
        assert retry_like_the_pusher(tls, IOS) == [500, 200]
        assert retry_like_the_pusher(tls, other) == [500, 200]
    pushes = listening.heard.wait(PushReceived, 6)
    assert [(one.written.attempt, one.event.status) for one in pushes] == [
        (1, 500), (1, 500), (2, 500), (3, 200), (2, 500), (3, 200),
    ]  # fmt: skip
    assert pushes[0].written.gap is None
    gap = pushes[2].written.gap
    assert gap is not None
    assert gap == pushes[2].event.at - pushes[0].event.at >= 150_000
    assert stored(listening, 3).gap == gap
    assert stored(listening, 3).attempt == 2


def test_a_retry_after_a_silence_and_a_reset(listen: Listen, connect: Connect) -> None:
    """Attempts are told apart whatever was answered, over new connections too."""
    listening = listen(
        rules=(
            Rule("silent", answer=Answer(fault=Fault.SILENCE), first=1),
            Rule("reset", answer=Answer(fault=Fault.RESET), first=1),
        )
    )
    with connect(listening) as tls:
        tls.sendall(push())
        listening.heard.wait(PushReceived, 1)
    with connect(listening) as tls:
        tls.sendall(push())
        expect_reset(tls)
    with connect(listening) as tls:
        assert ask(tls, push()) == 200
    pushes = listening.heard.wait(PushReceived, 3)
    assert [one.written.attempt for one in pushes] == [1, 2, 3]
    assert [one.event.rule for one in pushes] == ["silent", "reset", None]
