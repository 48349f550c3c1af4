"""Resolve apart from connect, time-outs apart, and the TLS versions that are allowed."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from typing import Any

import pytest

from inspector.errors import UsageError
from inspector.sender.model import SendResult
from inspector.sender.send import Prepared, Session, send

BODY = b"{}"


def test_a_name_is_resolved_and_an_address_is_not(nginx: Any, target_for: Any) -> None:
    named = send(target_for(nginx.none), BODY).timings
    assert named.resolve is not None
    assert named.connect is not None
    assert named.total is not None
    assert named.resolve + named.connect < named.total
    assert send(target_for(nginx.none, host="127.0.0.1"), BODY).timings.resolve is None


def test_a_connection_that_is_kept_alive_resolves_once(nginx: Any, target_for: Any) -> None:
    with Session(Prepared(target_for(nginx.none))) as session:
        first, second = session.post(BODY).timings, session.post(BODY).timings
    assert first.resolve is not None
    assert (second.resolve, second.connect, second.tls) == (None, None, None)


def test_a_slow_resolver_shows_as_such(nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    wait = threading.Event()

    def slow(*arguments: Any, **options: Any) -> Any:
        if not options.get("flags"):
            wait.wait(0.2)
        return real(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    timings = send(target_for(nginx.none), BODY).timings
    assert timings.resolve is not None
    assert timings.connect is not None
    assert timings.resolve >= 190
    assert timings.connect < 190


def test_a_name_that_is_not_there_has_no_connect(target_for: Any) -> None:
    result = send(target_for(443, host="no-such-host.invalid"), BODY)
    assert result.failure is not None
    assert result.failure.reason == "name_not_found"
    assert result.timings.resolve is not None
    assert result.timings.connect is None


def ipv6() -> socket.socket:
    try:
        return socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


def test_ipv6_and_the_way_back_to_ipv4(nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with ipv6() as taken:  # what the name resolves to first; nobody accepts there after it is closed
        closed = taken.getsockname()[1]
    first = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", closed, 0, 0))
    second = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", nginx.plain))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [first, second])
    result = send(target_for(nginx.plain, scheme="http"), BODY)
    assert result.status == 200
    assert result.connection is not None
    assert result.connection.peer == f"127.0.0.1:{nginx.plain}"


def test_an_ipv6_address(target_for: Any) -> None:
    def answer(listener: socket.socket) -> None:
        sock, _ = listener.accept()
        with sock:
            sock.recv(65536)
            sock.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    with ipv6() as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        result = send(target_for(listener.getsockname()[1], host="[::1]", scheme="http"), BODY)
        thread.join(20)
    assert result.status == 204
    assert result.connection is not None
    assert result.connection.peer.startswith("[::1]:")


def timed_out(result: SendResult) -> str:
    assert result.failure is not None
    assert result.failure.reason == "timeout"
    return result.failure.message


def test_time_outs_apart(serve: Any, serve_tls: Any, target_for: Any) -> None:
    done = threading.Event()
    try:
        silent = serve(lambda _sock: done.wait(20))
        message = timed_out(send(target_for(silent, timeout=20, connect_timeout=0.1), BODY))
        assert message.endswith("did not finish the TLS handshake within 0.1 s.")
        slow = serve_tls(lambda _sock: done.wait(20))
        message = timed_out(send(target_for(slow, timeout=0.1, connect_timeout=20), BODY))
        assert message.endswith("did not answer within 0.1 s.")
    finally:
        done.set()


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("inf"), float("nan")])
def test_a_time_out_is_a_time(target_for: Any, seconds: float) -> None:
    with pytest.raises(UsageError, match="above 0"):
        Prepared(target_for(1, connect_timeout=seconds))


@pytest.mark.parametrize(
    ("least", "latest", "kind", "spoken"),
    [
        ("1.2", "1.3", "none", "TLSv1.3"),
        ("1.2", "1.2", "none", "TLSv1.2"),
        ("1.3", "1.3", "none", "TLSv1.3"),
        ("1.2", "1.3", "required_12", "TLSv1.2"),
    ],
)
def test_the_versions_that_are_allowed(
    nginx: Any, target_for: Any, dev: Any, least: str, latest: str, kind: str, spoken: str
) -> None:
    result = send(target_for(getattr(nginx, kind), dev.client, tls_min=least, tls_max=latest), BODY)
    assert result.status == 200
    assert result.connection is not None
    assert result.connection.tls is not None
    assert result.connection.tls.version == spoken


def test_tls_13_alone_against_a_server_of_12(nginx: Any, target_for: Any) -> None:
    result = send(target_for(nginx.required_12, tls_min="1.3"), BODY)
    assert result.failure is not None
    assert (result.failure.reason, result.failure.alert) == ("tls_refused", "protocol_version")
    assert "does not speak TLS 1.3" in result.failure.message


def test_tls_12_alone_against_a_server_of_13(serve_tls: Any, target_for: Any) -> None:
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    port = serve_tls(lambda sock: sock.recv(9), version=ssl.TLSVersion.TLSv1_3, lines=lines)
    result = send(target_for(port, tls_max="1.2"), BODY)
    assert result.failure is not None
    assert result.failure.alert == "protocol_version"
    assert "--tls-max" in result.failure.next_step
