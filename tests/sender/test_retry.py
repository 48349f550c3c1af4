"""Sending again as the pusher does."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from inspector.errors import UsageError
from inspector.sender.cancel import Cancel
from inspector.sender.model import SendResult
from inspector.sender.retry import send_like_pusher, will_send_again

BODY = b"{}"


def answering(statuses: Iterator[int]) -> Callable[[socket.socket], None]:
    """Answers each push with the next status; 0 closes without an answer."""

    def handle(sock: socket.socket) -> None:
        while b"{}" in (data := sock.recv(65536)) or data:
            if b"{}" not in data:
                continue
            status = next(statuses)
            if not status:
                return
            sock.sendall(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)

    return handle


def outcomes(results: list[SendResult]) -> list[int | str]:
    return [result.failure.reason if result.failure else result.status or 0 for result in results]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([200], [200]),
        ([500, 200], [500, 200]),
        ([500, 503, 599, 500, 200], [500, 503, 599, 500]),
        ([0, 0, 200], ["dropped", "dropped", 200]),
        ([401], [401]),
        ([500, 403, 200], [500, 403]),
        ([302, 200], [302]),
    ],
    ids=str,
)
def test_a_5xx_and_a_network_error_are_sent_again(
    serve: Any, target_for: Any, statuses: list[int], expected: list[int | str]
) -> None:
    seen: list[SendResult] = []
    target = target_for(serve(answering(iter(statuses))), scheme="http")
    results = send_like_pusher(target, BODY, interval=0.01, on_attempt=seen.append)
    assert outcomes(results) == expected
    assert seen == results


def test_nobody_there_is_tried_four_times(target_for: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    results = send_like_pusher(target_for(port), BODY, interval=0)
    assert outcomes(results) == ["connect_failed"] * 4


def test_a_refusal_by_tls_is_a_network_error(
    openssl_server: Any, to_files: Any, target_for: Any, dev: Any
) -> None:
    files = to_files(dev.server)
    port = openssl_server(files, "-Verify", "1", "-verify_return_error", "-CAfile", files.ca)
    assert outcomes(send_like_pusher(target_for(port), BODY, interval=0, attempts=2)) == ["tls_refused"] * 2


def test_the_interval_is_kept(serve: Any, target_for: Any) -> None:
    target = target_for(serve(answering(itertools.repeat(500))), scheme="http")
    results = send_like_pusher(target, BODY, interval=0.1, attempts=3)
    gaps = [(later.at - earlier.at) / 1e6 for earlier, later in itertools.pairwise(results)]
    assert all(0.1 <= gap < 1 for gap in gaps)


def test_a_cancel_between_two_attempts(serve: Any, target_for: Any) -> None:
    target = target_for(serve(answering(itertools.repeat(500))), scheme="http")
    cancel = Cancel()
    timer = threading.Timer(0.05, cancel.cancel)
    timer.start()
    began = time.monotonic()
    results = send_like_pusher(target, BODY, interval=30, cancel=cancel)
    timer.join()
    assert outcomes(results) == [500]
    assert time.monotonic() - began < 5


def test_a_cancel_during_an_attempt(serve: Any, target_for: Any) -> None:
    cancel = Cancel()

    def hang(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        cancel.cancel()
        sock.recv(65536)

    results = send_like_pusher(target_for(serve(hang), scheme="http"), BODY, interval=0, cancel=cancel)
    assert outcomes(results) == ["cancelled"]
    assert not will_send_again(results[0])


@pytest.mark.parametrize(
    "options", [{"attempts": 0}, {"interval": -1.0}, {"interval": float("nan")}, {"interval": float("inf")}]
)
def test_numbers_that_make_no_sense(target_for: Any, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        send_like_pusher(target_for(1), BODY, **options)


def test_what_on_attempt_raises_ends_it(nginx: Any, target_for: Any) -> None:
    def fail(_: SendResult) -> None:
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        send_like_pusher(target_for(nginx.none, path="/500"), BODY, interval=0, on_attempt=fail)
