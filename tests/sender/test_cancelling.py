"""Giving up at any moment, from another thread: it ends at once, and says how far it was."""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from inspector.sender.cancel import Cancel, Cancelled, wait_for
from inspector.sender.model import SendResult, Target
from inspector.sender.send import send

BODY = b"{}"
AT_ONCE_S = 0.5  # about 0.1 s is promised; machines of tests are busy
LONG_S = 30.0


def read_all(sock: socket.socket) -> None:
    """Until the other side goes."""
    while sock.recv(65536):
        pass


def cancelled_when(
    reached: threading.Event, target: Target, body: bytes = BODY, also: Callable[[], None] = lambda: None
) -> SendResult:
    """The result of a send that is cancelled as soon as `reached` is set; it must come at once."""
    cancel = Cancel()
    moments: list[float] = []

    def give_up() -> None:
        assert reached.wait(LONG_S)
        also()
        moments.append(time.monotonic())
        cancel.cancel()

    thread = threading.Thread(target=give_up)
    thread.start()
    result = send(target, body, cancel=cancel)
    ended = time.monotonic()
    thread.join()
    assert ended - moments[0] < AT_ONCE_S
    assert result.failure is not None
    assert result.failure.reason == "cancelled", result.failure
    assert result.status is None
    return result


def message(result: SendResult) -> str:
    assert result.failure is not None
    return result.failure.message


def test_before_the_begin(target_for: Any) -> None:
    cancel = Cancel()
    cancel.cancel()
    result = send(target_for(1), BODY, cancel=cancel)
    assert message(result) == "Cancelled before there was a connection."
    assert result.connection is None


def test_while_the_name_is_looked_up(target_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def slow(*arguments: Any, **options: Any) -> Any:
        if options.get("flags"):
            return real(*arguments, **options)
        asked.set()
        answer.wait(LONG_S)
        raise socket.gaierror(socket.EAI_NONAME, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    result = cancelled_when(asked, target_for(443, host="slow.test"))
    answer.set()
    assert "before there was a connection" in message(result)


def test_while_connecting(target_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()
    real = socket.socket.connect_ex

    def connect_ex(sock: socket.socket, address: Any) -> int:
        code = real(sock, address)
        begun.set()
        return code

    with socket.socket() as listener, contextlib.ExitStack() as held:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(16):  # a full queue: who connects waits
            sock = held.enter_context(socket.socket())
            sock.settimeout(0.2)
            try:
                sock.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.skip("this system's queue is never full")
        monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)
        result = cancelled_when(begun, target_for(listener.getsockname()[1]))
    assert "before there was a connection" in message(result)
    assert result.timings.connect is not None


def test_during_the_handshake(serve: Any, target_for: Any) -> None:
    begun = threading.Event()

    def hang(sock: socket.socket) -> None:
        sock.recv(65536)
        begun.set()
        read_all(sock)

    result = cancelled_when(begun, target_for(serve(hang)))
    assert message(result) == "Cancelled during the TLS handshake."
    assert result.connection is not None


def test_while_sending(serve: Any, target_for: Any) -> None:
    begun, done = threading.Event(), threading.Event()

    def take_a_little(sock: socket.socket) -> None:
        sock.recv(1000)
        begun.set()
        done.wait(LONG_S)

    target = target_for(serve(take_a_little), scheme="http")
    result = cancelled_when(begun, target, b"x" * 50_000_000)
    done.set()
    assert message(result) == "Cancelled while the push was sent."


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_while_waiting_for_the_answer(serve: Any, serve_tls: Any, target_for: Any, scheme: str) -> None:
    begun = threading.Event()
    gone = threading.Event()

    def hang(sock: socket.socket) -> None:
        sock.recv(65536)
        begun.set()
        with contextlib.suppress(OSError):
            read_all(sock)
        gone.set()

    port = serve(hang) if scheme == "http" else serve_tls(hang)
    result = cancelled_when(begun, target_for(port, scheme=scheme))
    assert "the proxy may have taken the push" in message(result)
    assert result.timings.wait is not None
    assert gone.wait(LONG_S), "the connection was left open"


def test_while_reading_the_answer(serve_tls: Any, target_for: Any) -> None:
    begun = threading.Event()

    def hang(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\nabc")
        begun.set()
        read_all(sock)

    # The head may still be on its way: the moment after it can't be seen from here.
    result = cancelled_when(begun, target_for(serve_tls(hang)))
    assert "which began with status 202" in message(result) or "while waiting" in message(result)


def test_one_cancel_ends_many_sends(serve: Any, target_for: Any) -> None:
    port = serve(read_all)
    cancel = Cancel()
    results: list[SendResult] = []
    target = target_for(port, scheme="http")
    threads = [
        threading.Thread(target=lambda: results.append(send(target, BODY, cancel=cancel))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    cancel.cancel()
    for thread in threads:
        thread.join(LONG_S)
    assert [result.failure and result.failure.reason for result in results] == ["cancelled"] * 8


def test_a_cancel_that_comes_too_late_changes_nothing(nginx: Any, target_for: Any) -> None:
    cancel = Cancel()
    result = send(target_for(nginx.none), BODY, cancel=cancel)
    cancel.cancel()
    cancel.cancel()
    assert result.status == 200
    assert cancel.cancelled


def test_waiting() -> None:
    cancel = Cancel()
    began = time.monotonic()
    assert not cancel.wait(0.05)
    assert 0.05 <= time.monotonic() - began < AT_ONCE_S
    assert not cancel.wait(0)
    assert not cancel.wait(-1)
    timer = threading.Timer(0.02, cancel.cancel)
    timer.start()
    assert cancel.wait(LONG_S)
    assert cancel.wait(LONG_S)
    timer.join()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_a_signal_handler_may_cancel() -> None:
    cancel = Cancel()
    before = signal.signal(signal.SIGUSR1, lambda *_: cancel.cancel())
    try:
        sender = threading.Timer(0.02, lambda: os.kill(os.getpid(), signal.SIGUSR1))
        sender.start()
        began = time.monotonic()
        assert cancel.wait(5)
        assert time.monotonic() - began < 4
        sender.join()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_waiting_for_a_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cancel = Cancel()
        wait_for(ours, selectors.EVENT_WRITE, None, cancel)
        with pytest.raises(TimeoutError):
            wait_for(ours, selectors.EVENT_READ, time.monotonic() + 0.02, cancel)
        with pytest.raises(TimeoutError):
            wait_for(ours, selectors.EVENT_READ, time.monotonic() - 1, None)
        theirs.send(b"x")
        wait_for(ours, selectors.EVENT_READ, time.monotonic() + LONG_S, cancel)
        cancel.cancel()
        with pytest.raises(Cancelled):
            wait_for(ours, selectors.EVENT_READ, time.monotonic() + LONG_S, cancel)


def test_a_forgotten_cancel_closes_its_sockets() -> None:
    cancel = Cancel()
    number = cancel.fileno()
    watcher = weakref.ref(cancel)
    del cancel
    gc.collect()
    assert watcher() is None
    with pytest.raises(OSError, match=r"."):
        socket.socket(fileno=number)
