"""Clients that mean no good, over real sockets: they are let go in time, cost little, and keep nobody out."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from inspector.history.model import NewEvent
from inspector.listener.config import Limits
from inspector.listener.events import HandshakeFailed, PushReceived
from tests.listener.conftest import ClientContext, Listen, Listening, wait_until
from tests.listener.pki import Pki

HEAD = b"POST /a HTTP/1.1\r\nHost: localhost\r\n"
ONE = HEAD + b"Content-Length: 2\r\n\r\n{}"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def context(client_context: ClientContext, pki: Pki) -> ssl.SSLContext:
    return client_context(pki.good)


@contextlib.contextmanager
def connected(listening: Listening, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(listening.address) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        yield tls


def answer(listening: Listening, context: ssl.SSLContext, data: bytes) -> tuple[bytes, NewEvent]:
    with connected(listening, context) as tls:
        with contextlib.suppress(OSError):  # it may have been refused half-way
            tls.sendall(data)
        return tls.recv(65536), listening.heard.push()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (CHUNKED + (b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 40, 413, "body_too_large"),
        (CHUNKED + (b"1;" + b"x" * 4000 + b"\r\nx\r\n") * 100, 413, "body_too_large"),
        (CHUNKED + b"1;" + b"x" * 200_000, 400, "bad_request"),
        (CHUNKED + b"0\r\n" + b"X: y\r\n" * 20_000, 431, "header_too_large"),
        (HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n", 431, "header_too_large"),
        (HEAD + b"X: " + b"y" * 100_000, 431, "header_too_large"),
        (HEAD + b"Content-Length: 1048577\r\n\r\n", 413, "body_too_large"),
        (b"\r\n" * 100_000, 400, "bad_request"),
        (b"POST /a RTSP/1.0\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /\r\n", 505, "version_not_supported"),
        (b"POST /a HTTP/1.0\r\n\r\n{}", 411, "length_required"),
        (HEAD + b"Content-Length: 5, 5\r\n\r\nabcde", 400, "bad_request"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400, "bad_request"),
        (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"),
        (HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, "transfer_coding_not_supported"),
        (HEAD + b"A: b\r\n c\r\n\r\n", 400, "bad_request"),
        (HEAD + b"A: b\rc\r\n\r\n", 400, "bad_request"),
        (HEAD + b"A: b\x00c\r\n\r\n", 400, "bad_request"),
        (b"POST x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (CHUNKED + b"FFFFFFFFFFFFFFFFF\r\n", 400, "bad_request"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_what_is_too_much_or_ambiguous(
    data: bytes, status: int, code: str, listen: Listen, context: ssl.SSLContext
) -> None:
    got, event = answer(listen(), context, data)
    assert got.startswith(b"HTTP/1.1 %d " % status)
    assert event.status == status
    assert [problem.code for problem in event.problems] == [code]
    assert event.body or event.headers or len(data) > 10_000


def push_with(client: http.client.HTTPSConnection, body: bytes, coding: str) -> int:
    client.request("POST", "/", body=body, headers={"Content-Encoding": coding})
    got = client.getresponse()
    got.read()
    return got.status


def test_coded_bodies(listen: Listen, context: ssl.SSLContext) -> None:
    """Always taken, kept as they came, and told of where they can't be undone: also what grows without end."""
    listening = listen()
    bomb = gzip.compress(gzip.compress(b"a" * 100_000_000))
    body = b'{"push-service": 1}'
    cases = [
        (gzip.compress(body), "gzip", ""),
        (gzip.compress(body[:4]) + gzip.compress(body[4:]), "gzip", ""),
        (gzip.compress(gzip.compress(body)), "gzip, gzip", ""),
        (bomb, "gzip, gzip", "more than 1048576 bytes"),
        (gzip.compress(body)[:-3], "gzip", "cut off"),
        (body, "gzip", "not valid gzip"),
        (body, "br", "not known here"),
    ]
    client = http.client.HTTPSConnection("localhost", listening.ready.port, context=context)
    with contextlib.closing(client):
        assert [push_with(client, coded, coding) for coded, coding, _says in cases] == [200] * len(cases)
    for (coded, coding, says), one in zip(cases, listening.heard.wait(PushReceived, len(cases)), strict=True):
        assert one.event.body == coded
        told = [problem.message for problem in one.event.problems if problem.code == "undecodable_content"]
        assert len(told) == bool(says), coding
        assert says in "".join(told)


HURRIED = Limits(
    handshake_seconds=0.4, header_seconds=0.4, body_seconds=0.4, idle_seconds=0.4, drain_seconds=0.2
)


@pytest.mark.parametrize("drip", [b"X: y\r\n", b"x"])
@pytest.mark.parametrize(
    "start", [HEAD, HEAD + b"Content-Length: 9999\r\n\r\n", CHUNKED, CHUNKED + b"FF\r\n", CHUNKED + b"0\r\n"],
    ids=["head", "body", "chunk-size", "chunk", "trailer"],
)  # fmt: skip
def test_dripping_helps_at_no_stage(
    start: bytes, drip: bytes, listen: Listen, context: ssl.SSLContext
) -> None:
    listening = listen(limits=HURRIED)
    began = time.monotonic()
    with connected(listening, context) as tls, contextlib.suppress(OSError):
        tls.settimeout(0.05)
        tls.sendall(start)
        while True:
            with contextlib.suppress(TimeoutError):
                if tls.recv(100):
                    break
            tls.sendall(drip)
    assert time.monotonic() - began < 5
    assert listening.heard.push().status in (400, 408)


@pytest.mark.parametrize("start", [b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"P"])
def test_dripping_helps_in_no_handshake(start: bytes, listen: Listen) -> None:
    listening = listen(limits=HURRIED)
    began = time.monotonic()
    with socket.create_connection(listening.address) as plain, contextlib.suppress(OSError):
        plain.settimeout(0.05)
        plain.sendall(start)
        while True:
            with contextlib.suppress(TimeoutError):
                if not plain.recv(100):
                    break
            plain.sendall(b"\x03")
    assert time.monotonic() - began < 5
    assert listening.heard.refusal().reason in ("timeout", "not_tls")


@pytest.mark.parametrize("kind", ["connects", "half-open", "slowloris", "bodies", "idle"])
def test_nobody_keeps_a_push_out(kind: str, listen: Listen, context: ssl.SSLContext) -> None:
    """All places are taken, and taken again as soon as one is free; pushes get in all the same. (How soon, the
    benchmark of those that dribble tells.)"""
    listening = listen(limits=Limits(connections=20))
    start = {
        "connects": b"", "half-open": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "slowloris": HEAD, "bodies": HEAD + b"Content-Length: 99\r\n\r\n{", "idle": ONE,
    }[kind]  # fmt: skip
    enough = threading.Event()
    with contextlib.ExitStack() as stack:

        def take_one_place() -> None:
            plain = stack.enter_context(socket.create_connection(listening.address))
            if kind in ("connects", "half-open"):
                plain.sendall(start)
            else:
                tls = stack.enter_context(context.wrap_socket(plain, server_hostname="localhost"))
                tls.sendall(start)

        def take_places() -> None:
            with contextlib.suppress(OSError):
                while not enough.is_set():
                    take_one_place()
                    enough.wait(0.01)

        for _ in range(25):
            take_one_place()
        attacker = threading.Thread(target=take_places)
        attacker.start()
        try:
            answers = []
            for _ in range(20):
                with connected(listening, context) as tls:
                    tls.sendall(ONE)
                    answers.append(tls.recv(12))
            # On a busy machine one may have to leave before it is read; the pusher comes again then.
            assert set(answers) <= {b"", b"HTTP/1.1 200"}
            assert answers.count(b"") <= 1
        finally:
            enough.set()
            attacker.join()
        shared = listening.listener._shared
        assert shared is not None
        wait_until(lambda: len(shared.open_connections()) <= 40)


def test_a_client_that_had_to_leave_its_handshake_is_told_of(listen: Listen, context: ssl.SSLContext) -> None:
    listening = listen(limits=Limits(connections=1))
    with socket.create_connection(listening.address) as plain:
        plain.sendall(b"\x16\x03\x01\x02\x00\x01")
        shared = listening.listener._shared
        assert shared is not None
        wait_until(lambda: any(one.seniority(0.0) for one in shared.open_connections()))
        with connected(listening, context) as tls:
            tls.sendall(ONE)
            assert tls.recv(12) == b"HTTP/1.1 200"
    event = listening.heard.wait(HandshakeFailed)[0].event
    assert event.reason == "timeout"
    assert event.advice is not None
    assert "make room" in event.advice.happened


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted otherwise elsewhere")
def test_rubbish_does_not_pile_up(listen: Listen, context: ssl.SSLContext) -> None:
    """Chunks of one byte with long extensions, and bytes that nobody waits for."""
    import resource

    listening = listen()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data in (
        CHUNKED + (b"1;" + b"x" * 3000 + b"\r\nx\r\n") * 20_000,
        HEAD + b"Content-Length: 9999999\r\n\r\n" + b"x" * 50_000_000,
    ):
        with connected(listening, context) as tls, contextlib.suppress(OSError):
            tls.sendall(data)
    listening.heard.wait(PushReceived, 2)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000  # kilobytes; the client's own 110 MB are among them
