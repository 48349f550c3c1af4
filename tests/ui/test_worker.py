"""The worker: results in the UI thread, outdated work dropped, an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from inspector.ui.worker import Worker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    worker = Worker("test-worker")
    yield worker
    worker.close()


def test_a_result_is_delivered_in_the_ui_thread(worker: Worker, qtbot: QtBot) -> None:
    seen: list[tuple[str, threading.Thread]] = []
    job_thread: list[threading.Thread] = []

    def job() -> str:
        job_thread.append(threading.current_thread())
        return "done"

    worker.submit("", job, lambda value: seen.append((value, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("done", threading.main_thread())]
    assert job_thread[0] is not threading.main_thread()


def test_an_error_goes_to_failed(worker: Worker, qtbot: QtBot) -> None:
    errors: list[BaseException] = []

    def job() -> None:
        raise ValueError("no")

    worker.submit("", job, lambda _: pytest.fail("must not succeed"), errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ValueError)


def test_a_newer_job_of_a_lane_voids_the_older(worker: Worker, qtbot: QtBot) -> None:
    seen: list[int] = []
    gate = threading.Event()
    worker.submit("lane", lambda: gate.wait(5) and 1, seen.append)
    for number in (2, 3, 4):
        worker.submit("lane", partial(int, number), seen.append)
    worker.submit("", lambda: 99, seen.append)
    gate.set()
    qtbot.waitUntil(lambda: 99 in seen)
    assert seen == [4, 99]


def test_outdated_drops_what_is_under_way(worker: Worker, qtbot: QtBot) -> None:
    seen: list[int] = []
    gate = threading.Event()
    worker.submit("lane", lambda: gate.wait(5) and 1, seen.append)
    worker.outdated("lane")
    worker.submit("", lambda: 2, seen.append)
    gate.set()
    qtbot.waitUntil(lambda: 2 in seen)
    assert seen == [2]


def test_close_runs_what_was_left_for_the_end_and_delivers_nothing_after(qtbot: QtBot) -> None:
    worker = Worker("test-worker")
    ended: list[threading.Thread] = []
    seen: list[int] = []
    worker.at_end(lambda: ended.append(threading.current_thread()))
    gate = threading.Event()
    worker.submit("", lambda: gate.wait(5) and 1, seen.append)
    gate.set()
    worker.close()
    worker.submit("", lambda: 2, seen.append)
    assert ended
    assert ended[0] is not threading.main_thread()
    assert not ended[0].is_alive()
    assert seen == []
