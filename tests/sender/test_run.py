"""Many pushes: every one is sent once, over few connections, at the rate asked for."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.errors import UsageError
from inspector.sender.answer_reader import KEPT_ANSWER_BYTES
from inspector.sender.cancel import Cancel
from inspector.sender.model import SendResult, Target, Trust
from inspector.sender.run import Run, run
from inspector.sender.run_plan import at_times, each, repeats
from inspector.sender.send import send


def numbered(number: int) -> bytes:
    return b"x" * number


@pytest.mark.parametrize("concurrency", [1, 4])
def test_each_push_is_sent_once(nginx: Any, target_for: Any, dev: DevIdentities, concurrency: int) -> None:
    results: list[SendResult] = []
    asked: list[int] = []

    def body_for(number: int) -> bytes:
        asked.append(number)
        return numbered(number)

    target = target_for(nginx.required, dev.client)
    summary = run(
        target,
        repeats(body_for, 200),
        concurrency=concurrency,
        on_result=lambda result, _: results.append(result),
    )
    assert asked == list(range(200))
    assert sorted(result.number for result in results) == list(range(200))
    for result in results:
        assert result.answer_body.endswith(b" %d" % result.number)
    assert len({id(result.connection) for result in results}) <= concurrency
    assert (summary.planned, summary.sent, summary.cancelled) == (200, 200, False)
    assert (dict(summary.statuses), dict(summary.failures)) == ({200: 200}, {})
    values = [summary.latencies[name] for name in ("lowest", "median", "p90", "p95", "p99", "highest")]
    assert values == sorted(values)
    assert summary.latencies["lowest"] <= summary.latencies["mean"] <= summary.latencies["highest"]
    assert summary.seconds > 0


def test_a_rate_is_kept(nginx: Any, target_for: Any) -> None:
    moments: list[float] = []
    summary = run(
        target_for(nginx.none),
        repeats(numbered, 40, 100),
        concurrency=4,
        on_result=lambda *_: moments.append(time.monotonic()),
    )
    assert summary.sent == 40
    assert 0.38 <= summary.seconds < 2
    assert moments[-1] - moments[0] > 0.3


def test_latency_counts_from_the_time_that_was_meant(serve: Any, target_for: Any) -> None:
    """A server that stalls once makes all those late that were due meanwhile."""
    stall = threading.Event()
    first = itertools.count()

    def handle(sock: socket.socket) -> None:
        while data := sock.recv(65536):
            if b"\r\n\r\n" in data and data.endswith(b"{}"):
                pass
            elif not data.endswith(b"{}"):
                continue
            if next(first) == 0:
                stall.wait(0.3)
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    target = target_for(serve(handle), scheme="http")
    summary = run(target, repeats(lambda _: b"{}", 20, 200), concurrency=1)
    assert summary.sent == 20
    assert summary.latencies["median"] > 150
    assert summary.latest_start > 150


def test_failures_are_counted_by_reason(target_for: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    summary = run(target_for(port), repeats(numbered, 7), concurrency=3)
    assert dict(summary.failures) == {"connect_failed": 7}
    assert summary.statuses == {}
    assert summary.latencies


def test_statuses_are_counted(serve: Any, target_for: Any) -> None:
    statuses = itertools.cycle([200, 500, 500])

    def handle(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        status = next(statuses)
        sock.sendall(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        sock.recv(1)

    summary = run(target_for(serve(handle), scheme="http"), repeats(lambda _: b"{}", 9))
    assert list(summary.statuses.items()) == [(500, 6), (200, 3)]


def cancelling_run(
    target: Target, cancel: Cancel, *, count: int, rate: float | None = None, **options: Any
) -> tuple[Any, float]:
    began = time.monotonic()
    summary = run(target, repeats(lambda _: b"{}", count, rate), cancel=cancel, **options)
    return summary, time.monotonic() - began


def test_a_cancel_ends_a_run(nginx: Any, target_for: Any) -> None:
    cancel = Cancel()
    count = itertools.count()
    summary, spent = cancelling_run(
        target_for(nginx.none),
        cancel,
        count=1_000_000,
        concurrency=2,
        on_result=lambda *_: cancel.cancel() if next(count) == 20 else None,
    )
    assert summary.cancelled
    assert 20 < summary.sent < 40
    assert spent < 10


def test_a_cancel_ends_a_wait_for_the_next_push(nginx: Any, target_for: Any) -> None:
    cancel = Cancel()
    summary, spent = cancelling_run(
        target_for(nginx.none), cancel, count=10, rate=0.01, on_result=lambda *_: cancel.cancel()
    )
    assert (summary.sent, summary.cancelled) == (1, True)
    assert spent < 10


def test_a_cancel_ends_pushes_under_way(serve: Any, target_for: Any) -> None:
    cancel = Cancel()
    waiting = threading.Semaphore(0)

    def hang(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        waiting.release()
        sock.recv(65536)

    def give_up() -> None:
        for _ in range(3):
            waiting.acquire(timeout=20)
        cancel.cancel()

    thread = threading.Thread(target=give_up)
    thread.start()
    summary, spent = cancelling_run(target_for(serve(hang), scheme="http"), cancel, count=9, concurrency=3)
    thread.join()
    assert dict(summary.failures) == {"cancelled": 3}
    assert summary.latencies == {}
    assert spent < 10


def failing(after: int) -> Callable[..., bytes]:
    count = itertools.count()

    def fail(*_: object) -> bytes:
        if next(count) == after:
            raise RuntimeError("disk full")
        return b"{}"

    return fail


def test_what_callbacks_raise_ends_the_run(nginx: Any, target_for: Any) -> None:
    with pytest.raises(RuntimeError, match="disk full"):
        run(target_for(nginx.none), repeats(failing(5), 1_000_000), concurrency=3)
    fail = failing(5)
    with pytest.raises(RuntimeError, match="disk full"):
        run(
            target_for(nginx.none),
            repeats(numbered, 1000),
            concurrency=3,
            on_result=lambda *_: (fail(), None)[1],
        )


@pytest.mark.parametrize(
    "options",
    [
        {"count": 0},
        {"rate": 0.0},
        {"rate": -1.0},
        {"rate": float("nan")},
        {"concurrency": 0},
        {"concurrency": 100_000},
    ],
    ids=str,
)
def test_numbers_that_make_no_run(target_for: Any, options: dict[str, Any]) -> None:
    def start(*, count: int = 1, rate: float | None = None, **others: Any) -> None:
        run(target_for(1), repeats(numbered, count, rate), **others)

    with pytest.raises(UsageError) as caught:
        start(**options)
    assert caught.value.next_step


def test_a_target_that_can_t_be_sent_to() -> None:
    with pytest.raises(UsageError):
        run(Target("ftp://localhost", trust=Trust(system=False)), repeats(numbered, 1))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none(speed: float) -> None:
    with pytest.raises(UsageError):
        at_times([0.0], numbered, speed=speed)


def test_bodies_of_their_own_each_once(nginx: Any, target_for: Any) -> None:
    sent: list[bytes] = []
    bodies = [b'{"a":1}', b"not json", b""]
    run(target_for(nginx.none), each(bodies), on_result=lambda _, body: sent.append(body))
    assert sent == bodies


def test_times_are_kept(nginx: Any, target_for: Any) -> None:
    """Twice as fast as written."""
    moments: list[float] = []
    dues = [0.0, 0.2, 0.2, 0.6]
    plan = at_times(dues, numbered, speed=2)
    summary = run(
        target_for(nginx.none), plan, concurrency=2, on_result=lambda *_: moments.append(time.monotonic())
    )
    assert summary.sent == 4
    assert moments[1] - moments[0] > 0.06
    assert moments[3] - moments[2] > 0.15


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("size", [10, 400_000])
def test_a_client_that_is_turned_down_is_told_why(
    openssl_server: Any, target_for: Any, to_files: Any, dev: DevIdentities, version: str, size: int
) -> None:
    """With TLS 1.3 the alert comes after the handshake: what a run says is what a single send says."""
    files = to_files(dev.server)
    port = openssl_server(
        files, "-Verify", "1", "-verify_return_error", "-CAfile", files.ca, version, "-naccept", "1000"
    )
    target = target_for(port, issue(make_ca("rogue-ca"), "rogue", purposes=("client",)))
    results: list[SendResult] = []
    summary = run(
        target,
        repeats(lambda _: bytes(size), 30),
        concurrency=2,
        on_result=lambda result, _: results.append(result),
    )
    assert dict(summary.failures) == {"tls_refused": 30}
    failure, alone = summary.progress.first_failures["tls_refused"], send(target, b"{}")
    assert (failure.alert, failure) == ("unknown_ca", alone.failure)
    assert {result.client_auth for result in results} == {alone.client_auth}
    assert "CN=rogue" in failure.message


def test_without_a_certificate(nginx: Any, target_for: Any) -> None:
    """nginx says it over HTTP."""
    summary = run(target_for(nginx.required), repeats(lambda _: b"{}", 5), concurrency=2)
    assert dict(summary.statuses) == {400: 5}


@pytest.mark.parametrize("path", ["/503", "/401"])
def test_error_statuses_keep_the_connection(
    nginx: Any, target_for: Any, dev: DevIdentities, path: str
) -> None:
    connections = set()
    summary = run(
        target_for(nginx.required, dev.client, path=path),
        repeats(lambda _: b"{}", 30),
        on_result=lambda result, _: connections.add(id(result.connection)),
    )
    assert dict(summary.statuses) == {int(path[1:]): 30}
    assert len(connections) == 1


def test_a_server_that_closes_idle_connections(serve: Any, target_for: Any) -> None:
    """It says nothing of it in its answers, and closes before the next push is due."""
    closed = threading.Semaphore(0)

    def one_only(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        sock.shutdown(socket.SHUT_RDWR)
        closed.release()

    plan = at_times([0.0, 0.15, 0.3], lambda _: b"{}")
    summary = run(target_for(serve(one_only), scheme="http"), plan)
    assert dict(summary.statuses) == {200: 3}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "dropped"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "invalid_answer"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "tls_expected"),
    ],
)
def test_answers_that_are_none(serve: Any, target_for: Any, said: bytes, reason: str) -> None:
    def handle(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        sock.sendall(said)

    target = target_for(serve(handle), scheme="http")
    summary = run(target, repeats(lambda _: b"{}", 2))
    assert dict(summary.failures) == {reason: 2}
    alone = send(target, b"{}").failure
    assert alone is not None
    failure = summary.progress.first_failures[reason]
    assert failure.message == alone.message or reason == "invalid_answer"  # parsers differ in their words


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 500 No\r\n\r\n", b"hi"),
    ],
)
def test_answers_of_every_framing(serve: Any, target_for: Any, said: bytes, body: bytes) -> None:
    def handle(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        sock.sendall(said)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1)

    results: list[SendResult] = []
    run(
        target_for(serve(handle), scheme="http"),
        repeats(lambda _: b"{}", 1),
        on_result=lambda result, _: results.append(result),
    )
    assert [(result.status, result.answer_body) for result in results] == [(200, body)]


def test_an_answer_that_never_ends_is_cut(serve: Any, target_for: Any) -> None:
    def handle(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        while True:
            sock.sendall(bytes(65536))

    results: list[SendResult] = []
    run(
        target_for(serve(handle), scheme="http"),
        repeats(lambda _: b"{}", 1),
        on_result=lambda result, _: results.append(result),
    )
    assert results[0].truncated
    assert len(results[0].answer_body) == KEPT_ANSWER_BYTES


def test_a_large_push_goes_out_whole(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    """More than the system takes at once."""
    results: list[SendResult] = []
    run(
        target_for(nginx.required, dev.client),
        repeats(lambda _: bytes(3_000_000), 3),
        concurrency=2,
        on_result=lambda result, _: results.append(result),
    )
    assert [result.answer_body.endswith(b" 3000000") for result in results] == [True] * 3


def test_a_server_that_is_silent_times_out(serve: Any, target_for: Any) -> None:
    target = target_for(
        serve(lambda sock: sock.recv(65536) and sock.recv(65536) and None), scheme="http", timeout=0.2
    )
    summary = run(target, repeats(lambda _: b"{}", 2), concurrency=2)
    assert dict(summary.failures) == {"timeout": 2}
    assert 0.2 <= summary.seconds < 5


def test_progress_is_told_while_it_runs(serve: Any, target_for: Any) -> None:
    held, asked = threading.Event(), threading.Semaphore(0)

    def handle(sock: socket.socket) -> None:
        while b"{}" not in sock.recv(65536):
            pass
        asked.release()
        held.wait(20)
        sock.sendall(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
        sock.recv(65536)

    going = Run(target_for(serve(handle), scheme="http"), repeats(lambda _: b"{}", 2), concurrency=2)
    thread = threading.Thread(target=going.go)
    thread.start()
    for _ in range(2):
        assert asked.acquire(timeout=20)
    during = going.progress()
    held.set()
    thread.join()
    after = going.progress()
    assert (during.sent, during.in_flight, during.running) == (0, 2, True)
    assert (after.sent, after.in_flight, after.running) == (2, 0, False)
    assert dict(after.statuses) == {503: 2}
    assert sum(slot.refused for slot in after.series) == 2
    assert after.latencies.count == 2


def test_a_cancel_ends_connecting(serve: Any, target_for: Any) -> None:
    """A server that takes the connection and never shakes hands."""
    cancel = Cancel()
    came = threading.Semaphore(0)

    def hang(sock: socket.socket) -> None:
        came.release()
        while sock.recv(65536):
            pass

    def give_up() -> None:
        for _ in range(3):
            came.acquire(timeout=20)
        moments.append(time.monotonic())
        cancel.cancel()

    moments: list[float] = []
    thread = threading.Thread(target=give_up)
    thread.start()
    summary = run(target_for(serve(hang)), repeats(lambda _: b"{}", 9), concurrency=3, cancel=cancel)
    spent = time.monotonic() - moments[0]
    thread.join()
    assert dict(summary.failures) == {"cancelled": 3}
    assert spent < 1
