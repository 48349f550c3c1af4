"""Requests that no decent client sends, over real TLS: answered as they deserve, recorded, and the client can
read it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from pathlib import Path

import pytest

from inspector.history.model import NewEvent
from inspector.listener.config import Answer, Limits
from inspector.listener.connection import ClientConnection
from inspector.listener.events import PushReceived
from tests.listener.conftest import ClientContext, Connect, Listen, Listening, run, wait_until
from tests.listener.pki import Pki

HEAD = b"POST /a HTTP/1.1\r\nHost: localhost\r\n"
ONE = HEAD + b"Content-Length: 2\r\n\r\n{}"


def read_to_the_end(tls: ssl.SSLSocket) -> bytes:
    """All that comes; the end must be a proper one (close_notify), or the ssl module raises."""
    return b"".join(iter(lambda: tls.recv(65536), b""))


def read_answers(tls: ssl.SSLSocket, count: int) -> list[int]:
    """The statuses of `count` answers without a body."""
    pieces: list[bytes] = []
    ends, last = 0, b""
    while ends < count:
        piece = tls.recv(65536)
        assert piece
        pieces.append(piece)
        ends += (last + piece).count(b"\r\n\r\n")
        last = piece[-3:]
    return [int(head.split(b" ", 2)[1]) for head in b"".join(pieces).split(b"\r\n\r\n")[:count]]


def the_problem(event: NewEvent) -> str:
    (problem,) = event.problems
    return problem.code


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"POST /a HTTP/1.1\nHost: x\n\n", 400, "bad_request"),
        (b"POST /a HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400, "bad_request"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "bad_request"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501, "transfer_coding_not_supported"),
        (HEAD + b"Content-Length: 2000000\r\n\r\n" + b"x" * 100_000, 413, "body_too_large"),
        (HEAD + b"X: " + b"x" * 40_000 + b"\r\n\r\n", 431, "header_too_large"),
        (b"POST /" + b"x" * 40_000, 414, "target_too_long"),
        (HEAD + b"Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}", 417, "expectation_failed"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"),
        (b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"),
        (b"\x00\x01\x02", 400, "bad_request"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_broken_requests(data: bytes, status: int, code: str, listen: Listen, connect: Connect) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(data)
        answer = read_to_the_end(tls)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close\r\n" in answer
    event = listening.heard.push()
    assert event.status == status
    assert the_problem(event) == code
    assert event.problems[0].message.encode() in answer
    assert (listening.listener.pushes, listening.listener.refused_requests) == (0, 1)


def test_the_bytes_of_a_broken_request_are_kept(listen: Listen, connect: Connect) -> None:
    listening = listen()
    data = b"POST /a HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n{}"
    with connect(listening) as tls:
        tls.sendall(data)
        read_to_the_end(tls)
    event = listening.heard.push()
    assert (event.method, event.path, event.body) == ("POST", "/a", data)


def test_a_refusal_is_read_although_the_client_goes_on_sending(listen: Listen, connect: Connect) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(HEAD + b"Content-Length: 3000000\r\n\r\n")
        with contextlib.suppress(OSError):  # the end of its patience may come first
            for _ in range(30):
                tls.sendall(b"x" * 100_000)
        assert tls.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("proper", [True, False], ids=["close_notify", "fin"])
@pytest.mark.parametrize(
    ("data", "body"),
    [
        (HEAD + b"Content-Length: 10\r\n\r\n{12", b"{12"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{12", b"{12"),
        (HEAD + b"Accept: ", HEAD + b"Accept: "),
    ],
    ids=["length", "chunked", "head"],
)
def test_a_request_that_is_cut_off_is_recorded(
    data: bytes, body: bytes, proper: bool, listen: Listen, connect: Connect
) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(data)
        if proper:
            with contextlib.suppress(OSError):
                tls.unwrap()
    event = listening.heard.push()
    assert event.status is None
    assert the_problem(event) == "cut_off"
    assert event.body == body


def test_a_request_that_is_reset_is_recorded(listen: Listen, connect: Connect) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(ONE + HEAD + b"Content-Length: 10\r\n\r\n{12")
        assert read_answers(tls, 1) == [200]
        tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        tls.close()
    first, second = listening.heard.wait(PushReceived, 2)
    assert first.is_push
    assert not second.is_push
    assert the_problem(second.event) == "cut_off"
    assert first.event.connection is second.event.connection


def test_a_client_that_ends_its_side_first_is_still_answered(listen: Listen, connect: Connect) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(ONE)
        socket.socket.shutdown(tls, socket.SHUT_WR)
        assert read_to_the_end(tls).startswith(b"HTTP/1.1 200 OK\r\n")


def test_leaving_without_a_request_leaves_no_trace(listen: Listen, connect: Connect) -> None:
    listening = listen()
    for _ in range(3):
        with connect(listening) as tls:
            tls.unwrap()
    listening.listener.stop()
    assert [type(event).__name__ for event in listening.heard.events] == ["Ready", "Stopped"]


def test_pipelined_requests_are_answered_in_order(listen: Listen, connect: Connect) -> None:
    listening = listen()
    requests = [
        b"%s /%d HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
        % (b"PUT" if n % 5 == 4 else b"POST", n)
        for n in range(500)
    ]
    with connect(listening) as tls:
        tls.sendall(b"".join(requests[:20]))
        data = b""
        while data.count(b"HTTP/1.1 ") < 20:
            data += tls.recv(65536)
        statuses = [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [405 if n % 5 == 4 else 200 for n in range(20)]
    received = listening.heard.wait(PushReceived, 20)
    assert [one.event.path for one in received] == [f"/{n}" for n in range(20)]


def test_pipelined_requests_beyond_what_is_held(listen: Listen, connect: Connect) -> None:
    """More than the listener holds at once, from a client that reads nothing before all is sent."""
    listening = listen()
    count = 1500
    with connect(listening) as tls:
        tls.sendall((HEAD + b"Content-Length: 200\r\n\r\n" + b"x" * 200) * count)
        assert read_answers(tls, count) == [200] * count
    listening.heard.wait(PushReceived, count)


def test_after_connection_close_nothing_more_is_taken(listen: Listen, connect: Connect) -> None:
    listening = listen()
    with connect(listening) as tls:
        tls.sendall(ONE.replace(b"\r\nHost", b"\r\nConnection: close\r\nHost") + ONE)
        answer = read_to_the_end(tls)
    assert answer.count(b"HTTP/1.1 200") == 1
    listening.listener.stop()
    assert listening.listener.pushes == 1


@pytest.mark.parametrize("size", [1, 7, 100])
def test_requests_in_small_pieces(size: int, listen: Listen, connect: Connect) -> None:
    """Each piece a TLS record, each byte a packet if need be."""
    listening = listen()
    data = HEAD + b'Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n5\r\n": 1}\r\n0\r\n\r\n'
    with connect(listening) as tls:
        tls.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(data), size):
            tls.sendall(data[at : at + size])
        assert read_answers(tls, 1) == [200]
    event = listening.heard.push()
    assert event.body == b'{"a": 1}'
    assert event.timings is not None
    assert event.timings.read is not None


HURRIED = Limits(header_seconds=0.5, body_seconds=0.5, idle_seconds=0.5, drain_seconds=0.2)


@pytest.mark.parametrize(
    "data", [b"P", HEAD, HEAD + b"Content-Length: 10\r\n\r\n{"], ids=["byte", "head", "body"]
)
def test_a_request_that_takes_too_long(data: bytes, listen: Listen, connect: Connect) -> None:
    listening = listen(limits=HURRIED)
    with connect(listening) as tls:
        tls.sendall(data)
        assert read_to_the_end(tls).startswith(b"HTTP/1.1 408 ")
    event = listening.heard.push()
    assert event.status == 408
    assert the_problem(event) == "request_timeout"


def test_a_byte_now_and_then_does_not_help(listen: Listen, connect: Connect) -> None:
    """Slowloris: the time counts from the request's first byte."""
    listening = listen(limits=HURRIED)
    with connect(listening) as tls, contextlib.suppress(OSError):
        tls.settimeout(0.05)
        tls.sendall(HEAD)
        for _ in range(200):
            with contextlib.suppress(TimeoutError):
                assert tls.recv(9) == b"HTTP/1.1 "
                break
            tls.sendall(b"X: y\r\n")
        else:
            pytest.fail("it went on for 10 seconds")
    assert the_problem(listening.heard.push()) == "request_timeout"


def test_an_idle_connection_is_closed_properly(listen: Listen, connect: Connect) -> None:
    listening = listen(limits=HURRIED)
    with connect(listening) as tls:
        assert read_to_the_end(tls) == b""
    with connect(listening) as tls:
        tls.sendall(ONE)
        assert read_to_the_end(tls).startswith(b"HTTP/1.1 200 ")
    listening.listener.stop()
    assert listening.listener.pushes == 1
    assert listening.listener.refused_requests == 0


def test_time_for_the_answer_is_not_the_clients(listen: Listen, connect: Connect) -> None:
    listening = listen(limits=HURRIED, answer=Answer(delay_seconds=1.0))
    with connect(listening) as tls:
        tls.sendall(ONE)
        assert read_answers(tls, 1) == [200]


def test_a_client_that_never_reads_is_let_go(listen: Listen, client_context: ClientContext, pki: Pki) -> None:
    """No answers pile up for it: the listener stops reading, and ends it when nothing moves."""
    listening = listen(limits=Limits(body_seconds=0.3))

    def send_without_end(tls: ssl.SSLSocket) -> None:
        while True:
            tls.sendall(ONE.replace(b"POST", b"GET") * 200)

    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        plain.connect(listening.address)
        with (
            client_context(pki.good).wrap_socket(plain, server_hostname="localhost") as tls,
            pytest.raises(OSError, match=r"reset|[Pp]ipe|EOF|closed"),
        ):
            send_without_end(tls)


def test_a_client_that_reads_late_gets_every_answer(
    listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    """The listener stops reading when its answers are not read, and goes on when they are."""
    listening = listen()
    count = 4000
    with (
        socket.create_connection(listening.address) as plain,
        client_context(pki.good).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * count)
        wait_until(lambda: any_choked(listening))
        answers = 0
        while answers < count:
            answers += tls.recv(65536).count(b"HTTP/1.1 405 ")
    listening.heard.wait(PushReceived, count)


def any_choked(listening: Listening) -> bool:
    shared = listening.listener._shared
    assert shared is not None
    return any(one._choked for one in shared.open_connections() if isinstance(one, ClientConnection))


def test_the_idlest_connection_makes_room(listen: Listen, connect: Connect) -> None:
    listening = listen(limits=Limits(connections=3))
    with contextlib.ExitStack() as stack:
        first, second, third = (stack.enter_context(connect(listening)) for _ in range(3))
        for tls in (first, third, second):
            tls.sendall(ONE)
            assert read_answers(tls, 1) == [200]
        first.sendall(ONE)
        assert read_answers(first, 1) == [200]
        fourth = stack.enter_context(connect(listening))
        assert read_to_the_end(third) == b""
        for tls in (first, second, fourth):
            tls.sendall(ONE)
            assert read_answers(tls, 1) == [200]


def test_the_slowest_request_makes_room_where_nobody_is_idle(listen: Listen, connect: Connect) -> None:
    listening = listen(limits=Limits(connections=2))
    with contextlib.ExitStack() as stack:
        slowest, slow = (stack.enter_context(connect(listening)) for _ in range(2))
        slowest.sendall(HEAD)
        wait_until(lambda: busy_count(listening) == 1)
        slow.sendall(HEAD)
        wait_until(lambda: busy_count(listening) == 2)
        third = stack.enter_context(connect(listening))
        third.sendall(ONE)
        assert read_answers(third, 1) == [200]
        assert read_to_the_end(slowest).startswith(b"HTTP/1.1 503 ")
        slow.sendall(b"Content-Length: 2\r\n\r\n{}")
        assert read_answers(slow, 1) == [200]
    events = [one.event for one in listening.heard.wait(PushReceived, 3)]
    assert [event.status for event in events] == [503, 200, 200]
    assert the_problem(events[0]) == "made_room"
    assert events[0].body == HEAD


def busy_count(listening: Listening) -> int:
    shared = listening.listener._shared
    assert shared is not None
    return sum(one.idle_since is None for one in shared.open_connections())


def test_a_push_that_is_being_answered_does_not_make_room(listen: Listen, connect: Connect) -> None:
    listening = listen(limits=Limits(connections=1), answer=Answer(delay_seconds=0.5))
    with connect(listening) as tls:
        tls.sendall(ONE)
        listening.heard.wait(PushReceived)
        another = socket.create_connection(listening.address)
        with another, contextlib.suppress(ConnectionResetError):
            assert another.recv(1) == b""
        assert read_answers(tls, 1) == [200]


def test_renegotiation_is_refused(listen: Listen, client_file: Path) -> None:
    listening = listen()
    done = run(
        "openssl", "s_client", "-connect", listening.connect, "-tls1_2", "-cert", client_file, stdin=b"R\n"
    )
    assert b"no renegotiation" in done.stdout + done.stderr
