"""Many pushes: every one is sent once, over few connections, at the rate asked for."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.errors import UsageError
from inspector.sender.cancel import Cancel
from inspector.sender.model import SendResult, Target, Trust
from inspector.sender.run import run


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
    summary = run(target, body_for, count=200, concurrency=concurrency, on_result=results.append)
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
        numbered,
        count=40,
        rate=100,
        concurrency=4,
        on_result=lambda _: moments.append(time.monotonic()),
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
    summary = run(target, lambda _: b"{}", count=20, rate=200, concurrency=1)
    assert summary.sent == 20
    assert summary.latencies["median"] > 150
    assert summary.latest_start > 150


def test_failures_are_counted_by_reason(target_for: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    summary = run(target_for(port), numbered, count=7, concurrency=3)
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

    summary = run(target_for(serve(handle), scheme="http"), lambda _: b"{}", count=9)
    assert list(summary.statuses.items()) == [(500, 6), (200, 3)]


def cancelling_run(target: Target, cancel: Cancel, **options: Any) -> tuple[Any, float]:
    began = time.monotonic()
    summary = run(target, lambda _: b"{}", cancel=cancel, **options)
    return summary, time.monotonic() - began


def test_a_cancel_ends_a_run(nginx: Any, target_for: Any) -> None:
    cancel = Cancel()
    count = itertools.count()
    summary, spent = cancelling_run(
        target_for(nginx.none),
        cancel,
        count=1_000_000,
        concurrency=2,
        on_result=lambda _: cancel.cancel() if next(count) == 20 else None,
    )
    assert summary.cancelled
    assert 20 < summary.sent < 40
    assert spent < 10


def test_a_cancel_ends_a_wait_for_the_next_push(nginx: Any, target_for: Any) -> None:
    cancel = Cancel()
    summary, spent = cancelling_run(
        target_for(nginx.none), cancel, count=10, rate=0.01, on_result=lambda _: cancel.cancel()
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


def failing(after: int) -> Callable[[Any], bytes]:
    count = itertools.count()

    def fail(_: object) -> bytes:
        if next(count) == after:
            raise RuntimeError("disk full")
        return b"{}"

    return fail


def test_what_callbacks_raise_ends_the_run(nginx: Any, target_for: Any) -> None:
    with pytest.raises(RuntimeError, match="disk full"):
        run(target_for(nginx.none), failing(5), count=1_000_000, concurrency=3)
    fail = failing(5)
    with pytest.raises(RuntimeError, match="disk full"):
        run(
            target_for(nginx.none),
            numbered,
            count=1000,
            concurrency=3,
            on_result=lambda r: (fail(r), None)[1],
        )


def test_workers_that_can_t_start_end_the_run(
    serve: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an interrupt would: those that run already are told to stop, and waited for."""
    start = threading.Thread.start

    def only_one(thread: threading.Thread) -> None:
        if thread.name == "run 1":
            raise RuntimeError("can't start new thread")
        start(thread)

    port = serve(lambda sock: sock.recv(65536) and sock.recv(65536) and None)
    monkeypatch.setattr(threading.Thread, "start", only_one)
    with pytest.raises(RuntimeError, match="new thread"):
        run(target_for(port, scheme="http"), numbered, count=10, concurrency=2)


def test_callbacks_are_never_called_twice_at_once(nginx: Any, target_for: Any) -> None:
    inside: set[str] = set()

    def alone(name: str) -> None:
        assert name not in inside
        inside.add(name)
        time.sleep(0)  # lets another thread in, if it may
        inside.remove(name)

    def body_for(_: int) -> bytes:
        alone("body")
        return b"{}"

    summary = run(
        target_for(nginx.none), body_for, count=300, concurrency=6, on_result=lambda _: alone("result")
    )
    assert summary.sent == 300


@pytest.mark.parametrize(
    "options",
    [
        {"count": 0},
        {"count": 1, "rate": 0.0},
        {"count": 1, "rate": -1.0},
        {"count": 1, "rate": float("nan")},
        {"count": 1, "concurrency": 0},
        {"count": 1, "concurrency": 100_000},
    ],
    ids=str,
)
def test_numbers_that_make_no_run(target_for: Any, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        run(target_for(1), numbered, **options)
    assert caught.value.next_step


def test_a_target_that_can_t_be_sent_to() -> None:
    with pytest.raises(UsageError):
        run(Target("ftp://localhost", trust=Trust(system=False)), numbered, count=1)
