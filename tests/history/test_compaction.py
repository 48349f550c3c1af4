"""Compacting a history, and copying it whole."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import HistoryError, UsageError
from inspector.history import compaction
from inspector.history.copying import save_copy
from inspector.history.model import Mark
from inspector.history.query import local_now, parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, handshake, push, whole


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


def filled(writer: HistoryWriter) -> None:
    for number in range(64):
        writer.add(
            [push(body=b" " * 20_000, message=f"m{number}", connection=connection(peer=f"10.0.0.1:{number}"))]
        )
    writer.catalogue(1000)


def test_the_file_is_as_small_as_what_it_holds(writer: HistoryWriter, reader: HistoryReader) -> None:
    filled(writer)
    writer.delete(range(1, 60))
    before = compaction.size(writer.path)
    won = writer.compact()
    assert won > before / 2
    assert compaction.size(writer.path) == before - won
    assert count(writer.path, "connections") == 5
    assert list(reader.ids(parse("m62", now=local_now()))) == [63]
    (written,) = writer.add([push(connection=connection())])
    assert written.id == 65
    event = reader.event(64)
    assert event is not None
    assert event.written.connection is not None
    assert event.written.connection.peer == "10.0.0.1:63"
    with closing(sqlite3.connect(writer.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_connection_in_use_is_written_anew(writer: HistoryWriter, reader: HistoryReader) -> None:
    kept = connection(peer="10.0.0.9:1")
    writer.add([push(connection=kept)])
    writer.delete([1])
    writer.compact()
    (written,) = writer.add([push(connection=kept)])
    event = reader.event(written.id)
    assert event is not None
    assert whole(event.written.connection) == whole(kept)


def test_a_connection_that_another_process_has_tidied_away_is_written_anew(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    kept = connection(peer="10.0.0.9:1")
    writer.add([push(connection=kept)])
    with HistoryWriter.open(writer.path) as other:
        other.delete([1])
        writer.add([push()])
        other.compact()
    (written,) = writer.add([push(connection=kept)])
    event = reader.event(written.id)
    assert event is not None
    assert whole(event.written.connection) == whole(kept)


def test_too_little_room_is_said_before(
    writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch, reader: HistoryReader
) -> None:
    filled(writer)
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1000))
    with pytest.raises(HistoryError, match="MB are free"):
        writer.compact()
    assert len(reader.ids()) == 64
    # It is written twice where both are on one disk, as here, unless the temporary files have one of their own.
    monkeypatch.setenv("SQLITE_TMPDIR", str(writer.path.parent))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, compaction.size(writer.path) * 2))
    with pytest.raises(HistoryError, match="MB are free"):
        writer.compact()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, compaction.size(writer.path) * 3))
    writer.compact()


def test_a_copy_is_whole_and_closed_to_others(writer: HistoryWriter, tmp_path: Path) -> None:
    writer.add([push(connection=connection()), handshake()])
    writer.annotate(1, Mark("look"))
    to = tmp_path / "copies" / "one.sqlite3"
    to.parent.mkdir()
    assert save_copy(writer.path, to)
    assert to.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in to.parent.iterdir()] == ["one.sqlite3"]
    with HistoryReader.open(to) as copied, HistoryReader.open(writer.path) as reader:
        for identifier in (1, 2):
            one, other = copied.event(identifier), reader.event(identifier)
            assert one is not None
            assert other is not None
            assert whole(one.written) == whole(other.written)
            assert one.mark == other.mark
    with HistoryWriter.open(to) as second:
        assert second.add([push()])[0].id == 3


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal", "-writer"])
def test_a_copy_never_takes_the_place_of_what_belongs_to_a_history(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, end: str
) -> None:
    writer.add([push()])
    to = writer.path.with_name(writer.path.name + end)
    link = tmp_path / "link.sqlite3"
    link.symlink_to(to)

    def beside() -> dict[str, int]:
        return {path.name: path.lstat().st_ino for path in writer.path.parent.iterdir()}

    before = beside()
    for name in (to, link):
        with pytest.raises(UsageError, match=r"in use|would be damaged"):
            save_copy(writer.path, name, over=True)
    assert beside() == before
    writer.add([push()])
    assert list(reader.ids()) == [1, 2]


def test_a_copy_is_consistent_while_others_write(writer: HistoryWriter, tmp_path: Path) -> None:
    writer.add([push()])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            writer.add([push(), push()])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            save_copy(writer.path, tmp_path / f"copy-{number}.sqlite3")
    finally:
        stop.set()
        thread.join()
    for number in range(5):
        with HistoryReader.open(tmp_path / f"copy-{number}.sqlite3") as copied:
            ids = copied.ids()
            assert len(ids) % 2 == 1
            assert list(ids) == list(range(1, len(ids) + 1))
            assert copied.count().pushes_in == len(ids)


def test_a_copy_that_is_cancelled_leaves_nothing(writer: HistoryWriter, tmp_path: Path) -> None:
    filled(writer)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "old.sqlite3").write_text("old")
    monkey = pytest.MonkeyPatch()
    monkey.setattr("inspector.history.copying._LOOK_EVERY", 10)
    with monkey.context():
        assert not save_copy(writer.path, folder / "old.sqlite3", over=True, cancelled=lambda: True)
    monkey.undo()
    assert [path.name for path in folder.iterdir()] == ["old.sqlite3"]
    assert (folder / "old.sqlite3").read_text() == "old"


def test_a_copy_is_never_written_over_what_is_there(writer: HistoryWriter, tmp_path: Path) -> None:
    writer.add([push()])
    there = tmp_path / "there"
    there.write_text("mine")
    with pytest.raises(UsageError, match="already"):
        save_copy(writer.path, there)
    assert there.read_text() == "mine"
    with pytest.raises(UsageError, match="in use"):
        save_copy(writer.path, writer.path, over=True)
    with pytest.raises(HistoryError, match="Can't write"):
        save_copy(writer.path, tmp_path / "nowhere" / "copy.sqlite3")


def test_a_copy_never_takes_the_place_of_a_history_in_use(writer: HistoryWriter, tmp_path: Path) -> None:
    writer.add([push()])
    other = tmp_path / "other.sqlite3"
    with HistoryWriter.open(other) as second:
        second.add([push(), push()])
        with pytest.raises(UsageError, match="in use"):
            save_copy(writer.path, other, over=True)
        assert [written.id for written in second.add([push()])] == [3]
    save_copy(writer.path, other, over=True)
    with HistoryReader.open(other) as copied:
        assert list(copied.ids()) == [1]


def test_it_is_told_how_far_a_copy_is(
    writer: HistoryWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.add([push(body=b" " * 100_000) for _ in range(100)])
    monkeypatch.setattr("inspector.history.copying._LOOK_EVERY", 20)
    told: list[tuple[int, int]] = []
    assert save_copy(writer.path, tmp_path / "copy", progress=lambda *at: told.append(at))
    assert told == sorted(told)
    assert len({done for done, _ in told}) > 3
    (total,) = {total for _, total in told}
    assert 10_000_000 < total < 12_000_000
    assert total / 2 < told[-1][0] <= total


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, OSError])
def test_what_ends_a_copy_is_not_swallowed(
    writer: HistoryWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    filled(writer)
    monkeypatch.setattr("inspector.history.copying._LOOK_EVERY", 10)

    def end(_done: int, _total: int) -> None:
        raise error

    with pytest.raises((error, HistoryError)):
        save_copy(writer.path, tmp_path / "copy.sqlite3", progress=end)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".copy", "copy"))]
