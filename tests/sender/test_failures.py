"""Everything else that can go wrong on the way: each gets its reason, a cause in words and a next step."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.certificates.mint import DevIdentities, issue
from inspector.sender.model import SendFailure, SendResult
from inspector.sender.record import to_event
from inspector.sender.send import Prepared, Session, send
from inspector.sender.words import explain

BODY = b'{"a":1}'
RESET = struct.pack("ii", 1, 0)


def failed(result: SendResult, reason: str) -> SendFailure:
    assert result.failure is not None, result
    assert result.failure.reason == reason, result.failure
    assert (result.status, result.http_version, result.answer_body) == (None, "", b"")
    assert result.failure.message.endswith(".")
    assert "\n" not in result.failure.message
    assert result.failure.next_step
    assert result.timings.total is not None
    return result.failure


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


def silent(sock: socket.socket) -> None:
    """Reads all there is and says nothing, until we go."""
    while sock.recv(65536):
        pass


def saying(
    *parts: bytes, then: Callable[[socket.socket], None] = lambda _: None
) -> Callable[[socket.socket], None]:
    def handle(sock: socket.socket) -> None:
        sock.recv(65536)
        for part in parts:
            sock.sendall(part)
        then(sock)

    return handle


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue is full: who connects to it waits."""
    with socket.socket() as listener, contextlib.ExitStack() as held:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(16):
            sock = held.enter_context(socket.socket())
            sock.settimeout(0.2)
            try:
                sock.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.skip("this system's queue is never full")
        yield listener.getsockname()[1]


# No connection


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_listens(target_for: Any, scheme: str) -> None:
    port = free_port()
    result = send(target_for(port, scheme=scheme), BODY)
    failure = failed(result, "connect_failed")
    assert f"Nothing listens at localhost:{port}" in failure.message
    assert "refused" in failure.detail
    assert result.connection is None
    assert result.client_auth is None
    assert result.timings.connect is not None
    assert result.timings.tls is None


@pytest.mark.parametrize("host", ["no-such-host.invalid", "m\u00fcnchen.invalid", "a" * 60 + ".invalid"])
def test_a_name_that_nobody_knows(target_for: Any, host: str) -> None:
    failure = failed(send(target_for(443, host=host), BODY), "name_not_found")
    assert "invalid" in failure.message
    assert failure.detail


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENETUNREACH, "can't be reached"),
        (errno.EHOSTUNREACH, "can't be reached"),
        (errno.EACCES, "permission"),
    ],
)
def test_a_host_that_can_t_be_reached(
    target_for: Any, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    """No machine of a test is sure to have an unreachable network, so the kernel's answer is given for it."""
    monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: code)
    failure = failed(send(target_for(443), BODY), "connect_failed")
    assert words in failure.message.lower()


def test_the_second_address_of_a_name_will_do(
    nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", free_port()))
    second = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", nginx.plain))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [first, second])
    assert send(target_for(nginx.plain, scheme="http"), BODY).status == 200


def test_no_connection_in_time(target_for: Any, full_port: int) -> None:
    result = send(target_for(full_port, timeout=0.2), BODY)
    failure = failed(result, "timeout")
    assert f"No connection to localhost:{full_port} within 0.2 s" in failure.message
    assert 150 < (result.timings.connect or 0) < 2000


def test_no_name_in_time(target_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        answer.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "too late")

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *a, **k: real(*a, **k) if k.get("flags") else slow(),
    )
    try:
        failed(send(target_for(443, host="slow.test", timeout=0.1), BODY), "timeout")
    finally:
        answer.set()


def test_a_connection_that_is_gone_at_once(
    nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reset may come before we ask for the address; when, no test can choose."""

    def gone(_: socket.socket) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr(socket.socket, "getpeername", gone)
    failed(send(target_for(nginx.plain, scheme="http"), BODY), "connect_failed")


# TLS


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "plain HTTP"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-Open"),
        (b"\x00\x00\x00", "something else"),
    ],
)
def test_a_port_that_speaks_no_tls(serve: Any, target_for: Any, greeting: bytes, words: str) -> None:
    failure = failed(send(target_for(serve(saying(greeting))), BODY), "not_tls")
    assert words in failure.message


def test_nginx_s_plain_port(nginx: Any, target_for: Any) -> None:
    failure = failed(send(target_for(nginx.plain), BODY), "not_tls")
    assert "http://" in failure.next_step


@pytest.mark.parametrize("how", [lambda _: None, reset], ids=["closed", "reset"])
def test_a_connection_closed_during_the_handshake(
    serve: Any, target_for: Any, how: Callable[[socket.socket], None]
) -> None:
    result = send(target_for(serve(saying(then=how))), BODY)
    failure = failed(result, "tls_failed")
    assert "during the TLS handshake" in failure.message
    assert result.connection is not None
    assert result.connection.certificate is None
    assert result.timings.tls is not None


def test_a_handshake_without_end(serve: Any, target_for: Any) -> None:
    failure = failed(send(target_for(serve(silent), timeout=0.2), BODY), "timeout")
    assert "did not finish the TLS handshake within 0.2 s" in failure.message


def test_a_handshake_that_is_nonsense(serve: Any, target_for: Any) -> None:
    failure = failed(
        send(target_for(serve(saying(b"\x16\x03\x03\x00\x04\xff\xff\xff\xff"))), BODY), "tls_failed"
    )
    assert failure.message.startswith("The TLS handshake failed:")


def test_a_record_that_is_nonsense_later(
    serve: Any, to_files: Any, target_for: Any, dev: DevIdentities
) -> None:
    files = to_files(dev.server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)

    def handle(sock: socket.socket) -> None:
        tls = context.wrap_socket(sock, server_side=True)
        tls.recv(65536)
        raw = socket.socket(fileno=tls.detach())
        with raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
            raw.recv(65536)

    failure = failed(send(target_for(serve(handle)), BODY), "tls_failed")
    assert failure.message.startswith("TLS broke down:")


def test_a_refusal_without_an_alert(to_files: Any, target_for: Any, dev: DevIdentities) -> None:
    """asyncio's servers swallow the alert; the hint that they asked for a certificate is what is left."""
    files = to_files(dev.server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    context.load_verify_locations(files.ca)
    context.verify_mode = ssl.CERT_REQUIRED

    async def attempt() -> SendResult:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=context)  # noqa: TID251 - its flaw is the point
        async with server:
            port = server.sockets[0].getsockname()[1]
            rogue = issue(None, "rogue", purposes=("client",))
            return await asyncio.to_thread(send, target_for(port, rogue), BODY)

    result = asyncio.run(attempt())
    assert result.failure is not None
    assert result.failure.reason in ("dropped", "tls_refused")
    if result.failure.reason == "dropped":
        assert "got ours, which comes from CN=rogue" in result.failure.next_step


# The exchange


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("how", [lambda _: None, reset], ids=["closed", "reset"])
def test_a_connection_closed_without_an_answer(
    serve: Any, serve_tls: Any, target_for: Any, scheme: str, how: Callable[[socket.socket], None]
) -> None:
    port = serve(saying(then=how)) if scheme == "http" else serve_tls(saying(then=how))
    result = send(target_for(port, scheme=scheme), BODY)
    failure = failed(result, "dropped")
    assert "without an answer" in failure.message
    assert result.connection is not None
    assert (result.connection.tls is not None) == (scheme == "https")


def test_a_server_that_says_nothing_when_it_refuses(
    serve_tls: Any, target_for: Any, dev: DevIdentities
) -> None:
    """As Node's servers do: the handshake goes well, and then the connection is closed."""
    port = serve_tls(reset, client_ca=dev.ca.leaf)
    failure = failed(send(target_for(port, dev.client), BODY), "dropped")
    assert "got ours, which comes from CN=dev-ca" in failure.next_step


def test_a_kept_connection_closed_at_the_next_push(
    serve_tls: Any, target_for: Any, dev: DevIdentities
) -> None:
    def once(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        sock.recv(65536)

    port = serve_tls(once, client_ca=dev.ca.leaf)
    with Session(Prepared(target_for(port, dev.client))) as session:
        assert session.post(BODY).status == 200
        failure = failed(session.post(BODY), "dropped")
    assert "kept alive from the push before" in failure.next_step


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-", "in the middle of the head"),
        (b"HTTP/1.1 201 OK\r\nContent-Length: 5\r\n\r\nabc", "began to answer with status 201"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "began to answer with status 200"),
    ],
)
def test_an_answer_cut_short(serve_tls: Any, target_for: Any, answer: bytes, words: str) -> None:
    failure = failed(send(target_for(serve_tls(saying(answer))), BODY), "dropped")
    assert words in failure.message


@pytest.mark.parametrize(
    "answer",
    [
        b"220 mail.example.com ESMTP\r\n\r\n",
        b"HTTP/1.1 200\x00 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"\x00" * 40 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ],
    ids=range(8),
)
def test_an_answer_that_is_not_http(serve_tls: Any, target_for: Any, answer: bytes) -> None:
    failure = failed(send(target_for(serve_tls(saying(answer, then=silent))), BODY), "invalid_answer")
    assert "not valid HTTP" in failure.message
    for word in ("bytearray", "_SWITCH", "buffer"):
        assert word not in f"{failure.message} {failure.detail}"


def test_plain_http_to_a_port_that_speaks_tls(nginx: Any, serve: Any, target_for: Any) -> None:
    port = serve(saying(bytes([21, 3, 1, 0, 2, 2, 70])))
    failure = failed(send(target_for(port, scheme="http"), BODY), "tls_expected")
    assert "https://" in failure.next_step
    result = send(target_for(nginx.none, scheme="http"), BODY)
    assert result.status == 400
    assert b"plain HTTP request was sent to HTTPS port" in result.answer_body


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_answer_in_time(serve: Any, serve_tls: Any, target_for: Any, scheme: str) -> None:
    port = serve(silent) if scheme == "http" else serve_tls(silent)
    result = send(target_for(port, scheme=scheme, timeout=0.2), BODY)
    failure = failed(result, "timeout")
    assert "took the push but did not answer within 0.2 s" in failure.message
    assert "--timeout" in failure.next_step
    assert 150 < (result.timings.wait or 0) < 2000


def test_a_push_that_is_not_taken_in_time(serve: Any, target_for: Any) -> None:
    done = threading.Event()
    port = serve(lambda _: done.wait(20))
    failure = failed(send(target_for(port, scheme="http", timeout=0.2), b"x" * 50_000_000), "timeout")
    done.set()
    assert "did not take the whole push" in failure.message


@pytest.mark.parametrize("drip", [False, True], ids=["silence", "drop by drop"])
def test_an_answer_without_end_in_time(serve: Any, target_for: Any, drip: bool) -> None:
    """A phase has its time as a whole: one byte now and then does not prolong it."""
    stop = threading.Event()

    def then(sock: socket.socket) -> None:
        while drip and not stop.wait(0.02):
            sock.sendall(b"x")
        silent(sock)

    port = serve(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nabc", then=then))
    result = send(target_for(port, scheme="http", timeout=0.3), BODY)
    stop.set()
    failure = failed(result, "timeout")
    assert "began with status 200 but did not end within 0.3 s" in failure.message
    assert (result.timings.read or 0) < 2000


# Anything at all


@pytest.fixture
def parrot(serve: Any) -> tuple[int, list[bytes]]:
    """A server that answers with whatever was put into the list last, and closes."""
    words = [b""]

    def handle(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(words[-1])

    return serve(handle), words


pieces = st.lists(
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 101 Switching\r\n",
            b"HTTP/1.1 103 Early\r\n\r\n",
            b"HTTP/1.1 099 X\r\n",
            b"Content-Length: 3\r\n",
            b"Content-Length: -1\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Connection: upgrade\r\nUpgrade: x\r\n",
            b"Set-Cookie: a=b; Max-Age=\xff\r\n",
            b"\r\n",
            b"3\r\nabc\r\n",
            b"0\r\n\r\n",
            b"\x15\x03\x03\x00\x02\x02\x28",
            b"\x16\x03\x03\x00\x04\x02\x00\x00\x00",
        ]
    )
    | st.binary(max_size=12),
    max_size=8,
).map(b"".join)


@pytest.mark.parametrize("scheme", ["http", "https"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(answer=pieces)
def test_whatever_a_server_says_there_is_a_result(
    parrot: tuple[int, list[bytes]], target_for: Any, scheme: str, answer: bytes
) -> None:
    port, words = parrot
    words.append(answer)
    result = send(target_for(port, scheme=scheme, timeout=10), BODY)
    assert (result.status is None) == (result.failure is not None)
    if result.failure is not None:
        assert result.failure.message
        assert result.failure.next_step
    assert all(explain(result))
    to_event(result, BODY)
