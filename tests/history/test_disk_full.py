"""A full disk: said in plain words, nothing lost, and writing goes on once there is room."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.copying import save_copy
from inspector.history.model import NewEvent, Written
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, handshake, push

LARGE = b"{" + b" " * 50_000 + b"}"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small file system")
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mount.returncode != 0:
        pytest.skip(f"can't mount here: {mount.stderr.decode().strip()}")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 512):
            pass
    return ballast


def add_until_full(writer: HistoryWriter, event: NewEvent) -> tuple[int, HistoryError]:
    """How many were added one by one, and the error that ended it."""
    for number in range(100):
        try:
            writer.add([event])
        except HistoryError as error:
            return number, error
    pytest.fail("the disk never filled up")


def test_writing_goes_on_once_there_is_room(small_disk: Path) -> None:
    path = small_disk / "history.sqlite3"
    shared = connection()
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        writer.add([push(retry_key=b"k"), handshake()])
        ballast = fill(small_disk)
        added, error = add_until_full(writer, push(body=LARGE, retry_key=b"k", connection=shared))
        stored = 2 + added
        assert "full" in error.message
        assert str(path) in error.message
        assert "room" in error.next_step
        with pytest.raises(HistoryError, match="full"):
            writer.add([push(body=LARGE), push()])
        assert len(reader.ids()) == stored, "what was stored before can be read meanwhile"

        ballast.unlink()
        (written,) = writer.add([push(body=LARGE, retry_key=b"k", connection=shared)])
        assert written == Written(stored + 1, stored, 0)
        event = reader.event(written.id)
        assert event is not None
        assert event.written.body == LARGE
        assert event.written.connection is not None
        assert writer.repeat(2, 10**16) == 2
    with HistoryReader.open(path) as reader:
        assert list(reader.ids()) == list(range(1, stored + 2))


def test_no_room_for_a_new_history(small_disk: Path) -> None:
    ballast = fill(small_disk)
    path = small_disk / "history.sqlite3"
    with pytest.raises(HistoryError, match="full"):
        HistoryWriter.open(path)
    ballast.unlink()
    with HistoryWriter.open(path) as writer:
        assert writer.add([push()])[0].id == 1


def test_no_room_for_a_copy(small_disk: Path) -> None:
    history = small_disk / "history.sqlite3"
    with HistoryWriter.open(history) as writer:
        writer.add([push(body=LARGE)] * 4)
        ballast = fill(small_disk)
        with pytest.raises(HistoryError, match="full"):
            save_copy(history, small_disk / "copy.sqlite3")
        assert not [path for path in small_disk.iterdir() if "copy" in path.name]
        ballast.unlink()
        assert save_copy(history, small_disk / "copy.sqlite3")


def test_a_limit_of_pages_is_a_full_disk_too(writer: HistoryWriter, reader: HistoryReader) -> None:
    """The same without a file system of one's own: SQLite is told that there is no more room."""
    writer.add([push()])
    (pages,) = writer._database.execute("PRAGMA page_count").fetchone()
    writer._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(HistoryError, match="full"):
        writer.add([push(), push(body=LARGE)])
    assert list(reader.ids()) == [1]
    writer._database.execute("PRAGMA max_page_count = 1000000")
    assert [written.id for written in writer.add([push(), push(body=LARGE)])] == [2, 3]
