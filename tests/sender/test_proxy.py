"""Going through an HTTP proxy: the tunnel, its user, and everything that a proxy may say instead."""

from __future__ import annotations

import base64
import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.sender.cancel import Cancel
from inspector.sender.model import Proxy, SendFailure, SendResult
from inspector.sender.record import to_event
from inspector.sender.send import Prepared, Session, send
from tests.sender.proxies import TunnelProxy

BODY = b'{"a": 1}'


def failure_of(result: SendResult) -> SendFailure:
    assert result.failure is not None
    return result.failure


@pytest.mark.parametrize("kind", ["required", "required_12"])
def test_mutual_tls_through_a_tunnel(
    nginx: Any, serve: Any, target_for: Any, dev: DevIdentities, kind: str
) -> None:
    proxy = TunnelProxy()
    port = serve(proxy)
    result = send(target_for(getattr(nginx, kind), dev.client, proxy=Proxy("localhost", port)), BODY)
    assert result.status == 200, result.failure
    assert b"CN=dev-client" in result.answer_body
    assert proxy.heads[0].startswith(f"CONNECT localhost:{getattr(nginx, kind)} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization" not in proxy.heads[0]
    assert result.connection is not None
    assert result.connection.peer == f"localhost:{getattr(nginx, kind)}"
    assert result.connection.via in (f"127.0.0.1:{port}", f"[::1]:{port}")
    assert result.timings.resolve is not None
    assert result.timings.connect is not None


def test_plain_http_goes_through_a_tunnel_too_and_is_kept_alive(
    nginx: Any, serve: Any, target_for: Any
) -> None:
    proxy = TunnelProxy()
    target = target_for(nginx.plain, scheme="http", proxy=Proxy("127.0.0.1", serve(proxy)))
    with Session(Prepared(target)) as session:
        assert [session.post(BODY).status for _ in range(3)] == [200, 200, 200]
    assert len(proxy.heads) == 1


def test_the_user_of_the_proxy_is_told_to_it_alone(nginx: Any, serve: Any, target_for: Any) -> None:
    proxy = TunnelProxy(credentials=base64.b64encode("me:geheim ü".encode()).decode())
    target = target_for(nginx.none, proxy=Proxy("127.0.0.1", serve(proxy), "me", "geheim ü"))
    result = send(target, BODY)
    assert result.status == 200
    assert "geheim" not in repr(target)
    assert not any("proxy" in name.lower() for name, _value in result.request_headers)


def test_a_wrong_user_and_none(nginx: Any, serve: Any, target_for: Any) -> None:
    port = serve(TunnelProxy(credentials="xxxx"))
    none = failure_of(send(target_for(nginx.none, proxy=Proxy("127.0.0.1", port)), BODY))
    assert (none.reason, none.message) == (
        "proxy_refused",
        f"The HTTP proxy 127.0.0.1:{port} wants a user and a password (407 Proxy Authentication Required).",
    )
    assert "--proxy-password-env" in none.next_step
    result = send(target_for(nginx.none, proxy=Proxy("127.0.0.1", port, "me", "geheim")), BODY)
    assert "did not take the user me" in failure_of(result).message
    event = to_event(result, BODY)
    assert "geheim" not in f"{event!r} {result!r} {event.advice} {event.detail}"


@pytest.mark.parametrize(
    ("answer", "reason", "said"),
    [
        (b"HTTP/1.0 403 Filtered\r\n\r\n", "proxy_refused", "does not allow a connection to localhost:"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy_refused", "could not connect on to localhost:"),
        (b"HTTP/1.1 418\r\n\r\n", "proxy_refused", "made no connection to localhost:"),
        (b"HTTP/1.1 302 Found\nLocation: http://x/\n\n", "proxy_refused", "(302 Found)"),
        (
            b"SSH-2.0-OpenSSH_9.2\r\n",
            "proxy_failed",
            "does not answer like an HTTP proxy: “SSH-2.0-OpenSSH_9.2”",
        ),
        (b"HTTP/1.1 2", "proxy_failed", "does not answer like an HTTP proxy: “HTTP/1.1 2”"),
        (b"HTTP/2 200\r\n\r\n", "proxy_failed", "does not answer like an HTTP proxy"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "proxy_failed", "a head that is too long"),
    ],
)
def test_what_else_a_proxy_may_say(
    serve: Any, target_for: Any, answer: bytes, reason: str, said: str
) -> None:
    failure = failure_of(
        send(target_for(1, proxy=Proxy("127.0.0.1", serve(TunnelProxy(answer=answer)))), BODY)
    )
    assert failure.reason == reason
    assert said in failure.message
    assert failure.next_step


def test_a_proxy_that_hangs_up(serve: Any, target_for: Any) -> None:
    failure = failure_of(
        send(target_for(1, proxy=Proxy("127.0.0.1", serve(lambda sock: sock.recv(9)))), BODY)
    )
    assert failure.reason in ("proxy_failed", "connect_failed")  # a reset, where it left our request unread


def test_a_proxy_that_is_not_there(target_for: Any) -> None:
    failure = failure_of(send(target_for(1, proxy=Proxy("127.0.0.1", 1)), BODY))
    assert (failure.reason, failure.message) == (
        "connect_failed",
        "Nothing listens at 127.0.0.1:1, where the HTTP proxy should be.",
    )
    failure = failure_of(send(target_for(1, proxy=Proxy("no-such-host.invalid", 3128)), BODY))
    assert failure.reason == "name_not_found"
    assert "no-such-host.invalid" in failure.message


def test_a_proxy_that_says_nothing_in_time(serve: Any, target_for: Any) -> None:
    done = threading.Event()
    port = serve(lambda _sock: done.wait(20))
    try:
        result = send(target_for(7, proxy=Proxy("127.0.0.1", port), timeout=20, connect_timeout=0.1), BODY)
    finally:
        done.set()
    assert failure_of(result).message == (
        f"The HTTP proxy 127.0.0.1:{port} did not connect on to localhost:7 within 0.1 s."
    )


def test_giving_up_on_a_silent_proxy(serve: Any, target_for: Any) -> None:
    asked, cancel = threading.Event(), Cancel()

    def silent(sock: socket.socket) -> None:
        sock.recv(9)
        asked.set()
        while sock.recv(9):
            pass

    def give_up() -> None:
        asked.wait(20)
        cancel.cancel()

    thread = threading.Thread(target=give_up)
    thread.start()
    result = send(target_for(7, proxy=Proxy("127.0.0.1", serve(silent))), BODY, cancel=cancel)
    thread.join()
    assert failure_of(result).message == "Cancelled before there was a connection."


def test_the_environment_says_nothing_unasked(
    nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(target_for(nginx.none), BODY).status == 200


@pytest.fixture
def tinyproxy(tmp_path: Path) -> Iterator[int]:
    """A tinyproxy that wants user and password."""
    program = shutil.which("tinyproxy") or shutil.which(
        "tinyproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin"
    )
    if program is None:
        pytest.skip("tinyproxy is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    config = tmp_path / "tinyproxy.conf"
    config.write_text(f'Port {port}\nListen 127.0.0.1\nBasicAuth me geheim\nLogFile "{tmp_path}/log"\n')
    process = subprocess.Popen(
        [program, "-d", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                pytest.fail("tinyproxy did not start")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def test_through_tinyproxy(tinyproxy: int, nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    through = Proxy("127.0.0.1", tinyproxy, "me", "geheim")
    result = send(target_for(nginx.required, dev.client, proxy=through), BODY)
    assert result.status == 200, result.failure
    assert b"CN=dev-client" in result.answer_body
    wrong = Proxy("127.0.0.1", tinyproxy, "me", "wrong")
    assert (
        failure_of(send(target_for(nginx.required, dev.client, proxy=wrong), BODY)).reason == "proxy_refused"
    )
    nobody = send(target_for(1, proxy=through), BODY)
    assert failure_of(nobody).reason == "proxy_refused"
