"""Several processes on one history, and processes that are killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.files import connect
from inspector.history.reader import HistoryReader
from inspector.history.schema import BUSY_SECONDS
from inspector.history.store import HistoryWriter
from tests.history.examples import handshake, push

ROOT = Path(__file__).parents[2]

# Adds batches of three until it is stopped, and says each batch's last id once add() has returned.
WRITE = """
import sys
from dataclasses import replace
from pathlib import Path
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, push
path, name, batches = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with HistoryWriter.open(path) as writer:
    print("open", flush=True)
    for number in range(batches):
        shared = connection(peer=f"127.0.0.1:{number}")
        event = push(brand_id=name, sequence=number, retry_key=b"same", connection=shared)
        print(writer.add([event] * 3)[-1].id, flush=True)
"""


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that is ended with the block."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", *arguments], stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_two_processes_take_turns(writer: HistoryWriter, path: Path) -> None:
    mine = []
    with process(WRITE, str(path), "other", "60") as child:
        assert line(child) == "open"
        for number in range(60):
            mine += writer.add([push(brand_id="mine", sequence=number, retry_key=b"same")] * 3)
        theirs = [int(line(child)) for _ in range(60)]
        assert child.wait(30) == 0
    with HistoryReader.open(path) as reader:
        rows = reader.rows(reader.ids())
    assert [row.id for row in rows] == list(range(1, 361))
    assert [row.attempt for row in rows] == list(range(1, 361)), "attempts go on over processes"
    assert [row.id for row in rows if row.brand_id == "mine"] == [written.id for written in mine]
    assert [row.id for row in rows if row.brand_id == "other"][2::3] == theirs
    for name in ("mine", "other"):
        assert [row.sequence for row in rows if row.brand_id == name] == [
            n for n in range(60) for _ in range(3)
        ]


def test_many_processes_may_make_the_file_at_once(path: Path) -> None:
    with (
        process(WRITE, str(path), "a", "5") as a,
        process(WRITE, str(path), "b", "5") as b,
        process(WRITE, str(path), "c", "5") as c,
        process(WRITE, str(path), "d", "5") as d,
    ):
        assert [child.wait(60) for child in (a, b, c, d)] == [0, 0, 0, 0]
    with HistoryReader.open(path) as reader:
        assert list(reader.ids()) == list(range(1, 61))
        assert reader.count().pushes_in == 60


def test_a_reader_follows_another_process(writer: HistoryWriter, reader: HistoryReader, path: Path) -> None:
    before = reader.data_version()
    assert reader.data_version() == before
    with process(WRITE, str(path), "other", "1") as child:
        assert child.wait(30) == 0
    assert reader.data_version() != before
    assert list(reader.ids()) == [1, 2, 3]
    assert writer.add([push()])[0].id == 4


def test_nothing_that_was_acknowledged_is_lost_by_kills(path: Path) -> None:
    acknowledged = 0
    for kill in range(5):
        with process(WRITE, str(path), f"{kill}", "1000000") as child:
            assert line(child) == "open"
            while acknowledged < (kill + 1) * 100:
                acknowledged = int(line(child))
            child.send_signal(signal.SIGKILL)
            assert child.stdout is not None
            rest = child.stdout.read().split("\n")  # what it had said before it died; a last word may be cut
            acknowledged = max([acknowledged, *(int(said) for said in rest[:-1])])
        with HistoryReader.open(path) as reader:
            ids = reader.ids()
            assert len(ids) >= acknowledged
            assert len(ids) % 3 == 0, "a batch is stored whole or not at all"
            assert list(ids) == list(range(1, len(ids) + 1))
            assert reader.count().pushes_in == len(ids)
            assert {event.written.retry_key for event in map(reader.event, ids[-3:]) if event} == {b"same"}
    with HistoryWriter.open(path) as writer:
        (written,) = writer.add([push(retry_key=b"same")])
        assert written.id == written.attempt > acknowledged
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        unknown = "SELECT count(*) FROM events WHERE connection_id NOT IN (SELECT id FROM connections)"
        assert database.execute(unknown).fetchone() == (0,)


def test_a_lock_that_is_kept_too_long_is_said(
    writer: HistoryWriter, reader: HistoryReader, path: Path
) -> None:
    writer.add([handshake()])
    writer._database.execute("PRAGMA busy_timeout = 50")
    with closing(connect(path, "rw")) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (lambda: writer.add([push()]), lambda: writer.repeat(1, 5)):
            with pytest.raises(HistoryError, match="locked") as caught:
                write()
            assert str(path) in caught.value.message
            assert f"{BUSY_SECONDS:g} seconds" in caught.value.message
        assert list(reader.ids()) == [1], "reading goes on"
        other.execute("ROLLBACK")
    assert writer.add([push()])[0].id == 2


def test_a_lock_that_is_released_in_time_is_waited_for(writer: HistoryWriter, path: Path) -> None:
    with closing(connect(path, "rw")) as other:
        other.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=writer.add, args=([push()],))
        thread.start()
        assert thread.is_alive()
        other.execute("COMMIT")
        thread.join(10)
    with HistoryReader.open(path) as reader:
        assert list(reader.ids()) == [1]
