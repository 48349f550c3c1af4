"""The background thread: it catalogues what is written, waits while much is, and survives failures."""

from __future__ import annotations

import threading

import pytest

from inspector.errors import HistoryError
from inspector.history import upkeep
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.history.upkeep import Upkeep
from tests.history.examples import push
from tests.listener.conftest import wait_until


def catalogued(reader: HistoryReader) -> int:
    return reader._bounds()[0]


def test_what_is_written_is_catalogued_soon(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push() for _ in range(1000)])
    with Upkeep(writer, rest_seconds=0.01):
        wait_until(lambda: catalogued(reader) == 999)
        writer.add([push() for _ in range(8)])
        wait_until(lambda: catalogued(reader) == 1007)


def test_it_waits_while_much_is_written(writer: HistoryWriter, reader: HistoryReader) -> None:
    turns = threading.Semaphore(0)

    class Busy(Upkeep):
        def _work(self, *, catalogue: bool) -> None:
            turns.release()
            super()._work(catalogue=catalogue)

    with Busy(writer, rest_seconds=0.05):
        assert turns.acquire(timeout=10)
        for _ in range(4):  # far more than BUSY a second
            writer.add([push() for _ in range(500)])
            before = catalogued(reader)
        assert before < 1999
        wait_until(lambda: catalogued(reader) == 1999)


def test_what_else_is_to_be_done_is_done_while_much_is_written(
    writer: HistoryWriter,
) -> None:
    """Else a history that may grow to some size would go on growing."""
    busy = threading.Event()
    done = threading.Event()

    class Busy(Upkeep):
        def _work(self, *, catalogue: bool) -> None:
            if not catalogue:
                busy.set()
            super()._work(catalogue=catalogue)

    def task(_: HistoryWriter) -> bool:
        if busy.is_set():
            done.set()
        return False

    with Busy(writer, task, rest_seconds=0.05):
        while not done.is_set():
            writer.add([push() for _ in range(500)])


def test_a_failure_is_no_end(
    writer: HistoryWriter, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "AFTER_FAILURE_SECONDS", 0.01)
    failures = iter([HistoryError("full"), HistoryError("full")])
    done = threading.Event()

    def task(_: HistoryWriter) -> bool:
        if failure := next(failures, None):
            raise failure
        done.set()
        return False

    writer.add([push() for _ in range(8)])
    with Upkeep(writer, task, rest_seconds=0.01):
        assert done.wait(10)
    assert catalogued(reader) == 7


def test_closing_is_harmless_before_the_start_and_twice(writer: HistoryWriter) -> None:
    unused = Upkeep(writer)
    unused.close()
    with Upkeep(writer) as used:
        pass
    used.close()
