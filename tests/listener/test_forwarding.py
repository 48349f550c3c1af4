"""A listener that passes pushes on: to nginx, to a second listener, and to upstreams that fail in every way."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.history.model import Event, Forwarded, Headers
from inspector.history.reader import HistoryReader
from inspector.listener.config import Answer, AuthMode, Upstream
from inspector.listener.events import PushReceived, PushSettled
from inspector.listener.forwards import Forwards, reply_of_upstream
from inspector.listener.http_events import Request
from inspector.listener.rule import Fault, Match, Rule
from inspector.sender.forward import Forwarder
from inspector.sender.model import Target, Trust
from tests.listener.conftest import PATIENCE_S, ClientContext, Listen, Listening, wait_until
from tests.listener.pki import Pki
from tests.sender.conftest import (  # noqa: F401 (fixtures of the other room: its servers)
    Nginx,
    Serve,
    nginx,
    serve,
)

BODY = b'{"push-service": 1, "device-token": "t"}'
Through = Callable[..., Upstream]
Push = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def through(dev: DevIdentities) -> Iterator[Through]:
    """Makes upstreams at URLs, reached as the dev client."""
    made: list[Forwarder] = []

    def make(
        url: str,
        *,
        identity: Identity | None = dev.client,
        timeout: float = 20,
        returns_answer: bool = True,
        own: Callable[[], list[tuple[str, int]]] = list,
    ) -> Upstream:
        trust = Trust(system=False, extra_cas=(dev.ca.leaf,))
        forwarder = Forwarder(Target(url, identity, trust, timeout=timeout), own)
        made.append(forwarder)
        return Upstream(forwarder.address, forwarder.forward, returns_answer, forwarder.mark, forwarder.close)

    yield make
    for one in made:
        one.close()


@pytest.fixture
def push(client_context: ClientContext, pki: Pki) -> Iterator[Push]:
    """Sends one push over a connection of its own; its answer is not read yet."""
    opened: list[http.client.HTTPSConnection] = []
    context = client_context(pki.good)

    def send(
        listening: Listening, body: bytes = BODY, path: str = "/push", headers: Headers = ()
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("localhost", listening.ready.port, context=context)
        opened.append(connection)
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse()

    yield send
    for one in opened:
        one.close()


def stored(listening: Listening, identifier: int) -> Event:
    with HistoryReader.open(listening.writer.path) as reader:
        event = reader.event(identifier)
    assert event is not None
    return event


def settled(listening: Listening, count: int = 1) -> Event:
    return stored(listening, listening.heard.wait(PushSettled, count)[count - 1].id)


def forwarded(event: Event) -> Forwarded:
    assert event.written.forwarded is not None
    return event.written.forwarded


def dead_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def read_request(sock: socket.socket) -> bytes:
    data = b""
    while not data.endswith(BODY):
        piece = sock.recv(65536)
        if not piece:
            raise ConnectionError
        data += piece
    return data


@pytest.mark.parametrize("port", ["required", "required_12"])
def test_through_nginx_by_mutual_tls(
    listen: Listen,
    push: Push,
    through: Through,
    nginx: Nginx,  # noqa: F811
    dev: DevIdentities,
    port: str,
) -> None:
    url = f"https://localhost:{getattr(nginx, port)}/"
    listening = listen(upstream=through(url), answer=Answer(500))
    answer = push(listening, path="/push?a=1", headers=(("Content-Type", "application/json"),))
    said = answer.read()
    assert answer.status == 200
    assert said.startswith(f"CN={dev.client.name}".encode())
    assert said.endswith(f" POST /push?a=1 application/json {len(BODY)}".encode())
    assert listening.heard.push().status is None
    event = settled(listening)
    assert (event.written.status, event.written.answer_body) == (200, said)
    one = forwarded(event)
    assert (one.status, one.body, one.url) == (200, said, f"{url}push?a=1")
    assert one.timings is not None
    assert one.timings.tls is not None
    assert one.timings.wait is not None
    assert ("Server", dict(one.headers)["Server"]) in event.written.answer_headers
    assert answer.headers.get_all("Date") == [dict(one.headers)["Date"]], "one Date, and it is the upstream's"
    assert answer.headers.get_all("Content-Length") == [str(len(said))]


@pytest.mark.parametrize("status", [401, 403, 500, 503, 302])
def test_the_upstream_s_answer_comes_back(
    listen: Listen,
    push: Push,
    through: Through,
    nginx: Nginx,  # noqa: F811
    status: int,
) -> None:
    listening = listen(upstream=through(f"http://localhost:{nginx.plain}/"))
    answer = push(listening, path="/moved" if status == 302 else f"/{status}")
    assert answer.status == status
    assert b"nginx" in answer.read()
    if status == 302:
        assert answer.headers["Location"] == "http://127.0.0.1:1/elsewhere"
    assert settled(listening).written.status == status


def test_byte_for_byte(listen: Listen, push: Push, through: Through, serve: Serve) -> None:  # noqa: F811
    seen: list[bytes] = []
    body = bytes(range(256))
    chunks = (
        b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:100], body[100:])) + b"0\r\n\r\n"
    )

    def answer(sock: socket.socket) -> None:
        seen.append(read_request(sock))
        sock.sendall(
            b"HTTP/1.1 299 Quite\r\nTransfer-Encoding: chunked\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
            b"X-A: 1\r\nX-A: 2\r\nContent-Encoding: br\r\n\r\n" + chunks
        )

    listening = listen(upstream=through(f"http://localhost:{serve(answer)}/"))
    headers = (("Authorization", "Basic dTpw"), ("Connection", "keep-alive"), ("X-Tenant", "a"))
    got = push(listening, headers=headers)
    assert (got.status, got.read()) == (299, body)
    assert got.headers.get_all("X-A") == ["1", "2"]
    assert got.headers["Content-Encoding"] == "br"
    assert got.headers["X-Hop"] is None
    assert got.headers["Transfer-Encoding"] is None
    assert seen[0].endswith(b"\r\n\r\n" + BODY)
    assert b"\r\nAuthorization: Basic dTpw\r\n" in seen[0]
    assert b"\r\nConnection:" not in seen[0]
    assert settled(listening).written.answer_body == body


def test_a_body_with_a_coding_goes_on_as_it_came(
    listen: Listen,
    push: Push,
    through: Through,
) -> None:
    import gzip

    upstream = listen()
    listening = listen(upstream=through(upstream.ready.url))
    packed = gzip.compress(BODY)
    assert push(listening, packed, headers=(("Content-Encoding", "gzip"),)).status == 200
    for one in (listening, upstream):
        event = one.heard.push()
        assert event.body == packed
        assert event.device_token == "t"


def test_a_second_listener_as_upstream(listen: Listen, push: Push, through: Through) -> None:
    """Both keep the push; the first one's row has the second one's answer."""
    upstream = listen(rules=(Rule("no", answer=Answer(403, body="not you")),))
    listening = listen(upstream=through(upstream.ready.url))
    answer = push(listening)
    assert (answer.status, answer.read()) == (403, b"not you")
    received = upstream.heard.push()
    assert (received.body, received.rule) == (BODY, "no")
    assert received.connection is not None
    assert received.connection.trusted is True
    assert forwarded(settled(listening)).status == 403


def test_an_upstream_that_is_down(listen: Listen, push: Push, through: Through) -> None:
    port = dead_port()
    listening = listen(upstream=through(f"https://127.0.0.1:{port}/"))
    answer = push(listening)
    assert (answer.status, answer.read()) == (502, f"Nothing listens at 127.0.0.1:{port}.\n".encode())
    event = settled(listening)
    assert event.written.status == 502
    assert event.written.detail == f"connect_failed: Nothing listens at 127.0.0.1:{port}."
    one = forwarded(event)
    assert (one.status, one.reason) == (None, "connect_failed")
    assert one.advice is not None
    assert one.advice.remedy == "Check the port, and that the proxy runs."


@pytest.mark.parametrize(
    ("says", "status", "reason"),
    [
        (None, 504, "timeout"),
        (b"", 502, "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 502, "dropped"),
        (b"Who is there?\r\n\r\n", 502, "invalid_answer"),
        (b"reset", 502, "dropped"),
    ],
)
def test_an_upstream_that_fails(
    listen: Listen,
    push: Push,
    through: Through,
    serve: Serve,  # noqa: F811
    says: bytes | None,
    status: int,
    reason: str,
) -> None:
    ended = threading.Event()

    def answer(sock: socket.socket) -> None:
        read_request(sock)
        if says is None:
            ended.wait(PATIENCE_S)
        elif says == b"reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        else:
            sock.sendall(says)

    listening = listen(upstream=through(f"http://localhost:{serve(answer)}/", timeout=0.3))
    got = push(listening)
    text = got.read().decode()
    ended.set()
    assert got.status == status
    assert text.count("\n") == 1
    event = settled(listening)
    assert (event.written.status, forwarded(event).reason) == (status, reason)


def test_an_upstream_that_refuses_us(
    listen: Listen,
    push: Push,
    through: Through,
    pki: Pki,
) -> None:
    upstream = listen()
    listening = listen(upstream=through(upstream.ready.url, identity=pki.stranger))
    assert push(listening).status == 502
    one = forwarded(settled(listening))
    assert one.reason == "tls_refused"
    assert one.detail is not None
    assert "unknown_ca" in one.detail


def test_a_push_that_is_not_let_in_goes_nowhere(listen: Listen, push: Push, through: Through) -> None:
    upstream = listen()
    listening = listen(
        upstream=through(upstream.ready.url), auth=AuthMode.MTLS_BASIC, basic_user="u", basic_password="p"
    )
    assert push(listening).status == 401
    listening.listener.stop()
    assert listening.heard.push().forwarded is None
    assert upstream.listener.pushes == 0


def test_a_rule_goes_before_the_upstream_and_the_push_goes_on(
    listen: Listen, push: Push, through: Through
) -> None:
    upstream = listen(answer=Answer(202))
    listening = listen(
        upstream=through(upstream.ready.url),
        rules=(
            Rule("no", Match(path="/no"), Answer(403)),
            Rule("reset", Match(path="/reset"), Answer(fault=Fault.RESET)),
            Rule("early", Match(path="/early"), Answer(fault=Fault.DROP_EARLY)),
        ),
    )
    assert push(listening, path="/no").status == 403
    for path in ("/reset", "/early"):
        with pytest.raises(OSError, match=r"reset|closed|EOF"):
            push(listening, path=path)
    assert push(listening, path="/").status == 202
    wait_until(lambda: len(listening.heard.all(PushSettled)) == 3)
    events = [stored(listening, one.written.id) for one in listening.heard.all(PushReceived)]
    assert [event.written.status for event in events] == [403, None, None, 202]
    assert [event.written.forwarded and event.written.forwarded.status for event in events] == [
        202,
        202,
        None,
        202,
    ]
    # Pushes whose client does not wait for the upstream may overtake one another.
    paths = [one.event.path for one in upstream.heard.wait(PushReceived, 3)]
    assert sorted(paths) == ["/", "/no", "/reset"]


def test_the_usual_answer_where_the_upstream_s_is_not_returned(
    listen: Listen, push: Push, through: Through
) -> None:
    """It is given at once; what the upstream says is kept beside it."""
    upstream = listen(answer=Answer(503, delay_seconds=0.3))
    listening = listen(upstream=through(upstream.ready.url, returns_answer=False), answer=Answer(202))
    began = time.monotonic()
    assert push(listening).status == 202
    assert time.monotonic() - began < 0.3
    assert listening.heard.push().status == 202
    event = settled(listening)
    assert (event.written.status, forwarded(event).status) == (202, 503)


def test_a_delay_is_the_least_an_upstream_s_answer_takes(
    listen: Listen, push: Push, through: Through
) -> None:
    upstream = listen(answer=Answer(202))
    listening = listen(upstream=through(upstream.ready.url), answer=Answer(delay_seconds=0.4, fail_first=1))
    for status in (500, 202):
        began = time.monotonic()
        assert push(listening).status == status
        assert time.monotonic() - began >= 0.4


def test_a_client_that_leaves_before_the_upstream_has_answered(
    listen: Listen, through: Through, client_context: ClientContext, pki: Pki
) -> None:
    upstream = listen(answer=Answer(202, delay_seconds=0.5))
    listening = listen(upstream=through(upstream.ready.url))
    connection = http.client.HTTPSConnection(
        "localhost", listening.ready.port, context=client_context(pki.good)
    )
    connection.request("POST", "/", BODY)
    upstream.heard.push()
    connection.close()
    wait_until(lambda: stored(listening, 1).written.forwarded is not None)
    wait_until(lambda: stored(listening, 1).written.detail is not None)
    event = stored(listening, 1)
    assert (event.written.status, forwarded(event).status) == (None, 202)
    assert "The client left" in str(event.written.detail)


def test_a_slow_upstream_holds_up_nobody_else(
    listen: Listen,
    push: Push,
    through: Through,
    serve: Serve,  # noqa: F811
) -> None:
    """100 pushes wait for an upstream of which all threads are busy; others are answered at once."""
    go_on = threading.Event()

    def answer(sock: socket.socket) -> None:
        while True:
            read_request(sock)
            go_on.wait(PATIENCE_S)
            sock.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    listening = listen(
        upstream=through(f"http://localhost:{serve(answer)}/"),
        rules=(Rule("quick", Match(path="/quick"), Answer(200)),),
    )
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(push(listening).status)) for _ in range(100)]
    for thread in threads:
        thread.start()
    listening.heard.wait(PushReceived, 100)
    began = time.monotonic()
    assert push(listening, path="/quick").status == 200
    assert time.monotonic() - began < 2
    assert statuses == []
    go_on.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert statuses == [202] * 100
    listening.heard.wait(PushSettled, 101)


def test_stop_while_pushes_are_passed_on(
    listen: Listen,
    push: Push,
    through: Through,
    serve: Serve,  # noqa: F811
) -> None:
    """What is not done in time is broken off, answered 502, and kept as such."""

    def hold(sock: socket.socket) -> None:
        read_request(sock)
        sock.recv(1)

    listening = listen(upstream=through(f"http://localhost:{serve(hold)}/"))
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(push(listening).status)) for _ in range(20)]
    for thread in threads:
        thread.start()
    listening.heard.wait(PushReceived, 20)
    began = time.monotonic()
    listening.listener.stop(1.0)
    assert time.monotonic() - began < 4
    for thread in threads:
        thread.join(PATIENCE_S)
    assert statuses == [502] * 20
    for number in range(1, 21):
        event = stored(listening, number)
        assert (event.written.status, forwarded(event).reason) == (502, "cancelled")


def test_another_upstream_while_it_runs(
    listen: Listen,
    push: Push,
    through: Through,
    serve: Serve,  # noqa: F811
) -> None:
    """What is with the upstream of before gets its answer from there, or at the stop."""
    go_on = threading.Event()

    def hold(sock: socket.socket) -> None:
        if b"/first" in read_request(sock):
            go_on.wait(PATIENCE_S)
            sock.sendall(b"HTTP/1.1 203 Late\r\nContent-Length: 0\r\n\r\n")
        else:
            sock.recv(1)

    listening = listen(upstream=through(f"http://localhost:{serve(hold)}/"))
    statuses: dict[str, int] = {}

    def send(path: str) -> None:
        statuses[path] = push(listening, path=path).status

    threads = [threading.Thread(target=send, args=(path,)) for path in ("/first", "/second")]
    for thread in threads:
        thread.start()
    listening.heard.wait(PushReceived, 2)
    other = listen(answer=Answer(202))
    config = listening.listener.config
    listening.listener.reconfigure(replace(config, upstream=through(other.ready.url)))
    assert push(listening).status == 202
    go_on.set()
    threads[0].join(PATIENCE_S)
    listening.listener.stop(1.0)
    threads[1].join(PATIENCE_S)
    assert statuses == {"/first": 203, "/second": 502}


def test_stop_waits_for_what_is_nearly_done(listen: Listen, push: Push, through: Through) -> None:
    upstream = listen(answer=Answer(202, delay_seconds=0.4))
    listening = listen(upstream=through(upstream.ready.url, returns_answer=False))
    assert push(listening).status == 200
    listening.listener.stop(5.0)
    assert forwarded(stored(listening, 1)).status == 202


def test_not_to_ourselves(listen: Listen, push: Push, through: Through) -> None:
    """Neither directly nor over another machine: a second listener here, that passes back."""
    port = dead_port()
    listening = listen(
        port=port, upstream=through(f"https://localhost:{port}/", own=lambda: [("127.0.0.1", port)])
    )
    assert push(listening).status == 508
    assert forwarded(settled(listening)).reason == "forward_loop"
    assert listening.listener.pushes == 1
    listening.listener.stop()

    other = listen(upstream=through(f"https://localhost:{port}/"))
    back = listen(port=port, upstream=through(other.ready.url))
    answer = push(back)
    assert (answer.status, answer.read()) == (
        508,
        b"The push has come back to this listener, which had passed it on.\n",
    )
    events = [one.event for one in back.heard.wait(PushReceived, 2)]
    assert len(events) == 2
    assert [name for name, _value in events[1].headers].count("Via") == 2
    back.heard.wait(PushSettled, 2)
    assert forwarded(stored(back, back.heard.all(PushReceived)[1].written.id)).reason == "forward_loop"


def test_an_upstream_that_raises(listen: Listen, push: Push, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_method: str, _target: str, _headers: Headers, _body: bytes) -> Forwarded:
        raise RuntimeError("s3cret")

    listening = listen(upstream=Upstream("https://proxy.example.com/", fail))
    answer = push(listening)
    assert (answer.status, answer.read()) == (502, b"Passing the push on failed: RuntimeError.\n")
    assert "could not be passed on" in caplog.text
    assert forwarded(settled(listening)).reason == "failed"


def test_more_than_an_upstream_can_take() -> None:
    """Pushes that nobody waits for must not pile up without end."""
    done = threading.Event()

    def hang(_method: str, _target: str, _headers: Headers, _body: bytes) -> Forwarded:
        done.wait(PATIENCE_S)
        return Forwarded("https://proxy.example.com/", 200)

    async def scenario() -> list[Forwarded]:
        results: list[Forwarded] = []
        forwards = Forwards(asyncio.get_running_loop(), Upstream("https://proxy.example.com/", hang))
        for _ in range(2001):
            forwards.submit(Request("POST", "/", "1.1", (), b"", keep_alive=True), results.append)
        await asyncio.sleep(0)
        assert [result.reason for result in results] == ["overloaded"]
        assert reply_of_upstream(results[0]).status == 503
        done.set()
        await forwards.end(PATIENCE_S)
        return results

    results = asyncio.run(scenario())
    assert [result.status for result in results[1:]] == [200] * 2000


def test_an_upstream_that_never_returns(listen: Listen, push: Push) -> None:
    """It can't be broken off, but the listener ends."""
    done = threading.Event()

    def hang(_method: str, _target: str, _headers: Headers, _body: bytes) -> Forwarded:
        done.wait(PATIENCE_S)
        return Forwarded("https://proxy.example.com/", 200)

    listening = listen(upstream=Upstream("https://proxy.example.com/", hang))
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(push(listening).status))
    thread.start()
    listening.heard.wait(PushReceived)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        stack.callback(done.set)
        listening.listener.stop(0.5)
        assert time.monotonic() - began < 4
        thread.join(PATIENCE_S)
    assert statuses == [502]
    assert forwarded(stored(listening, 1)).reason == "cancelled"
