"""The file's maker and version, and the steps from one version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inspector.history import attempts, reader
from inspector.history.files import connect
from inspector.history.reader import HistoryReader
from inspector.history.schema import APPLICATION_ID, STEPS, TABLES, VERSION, migrate, read_version
from inspector.history.store import HistoryWriter
from tests.history.examples import push


def add_a_note(database: sqlite3.Connection) -> None:
    """A step of some later version."""
    database.execute("ALTER TABLE events ADD COLUMN note TEXT")
    database.execute("UPDATE events SET note = upper(message)")


def fail_halfway(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE half (way TEXT)")
    database.execute("DELETE FROM events")
    database.execute("SELECT no_such_function()")


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """A history with one push, open past the writer."""
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
    with closing(connect(path, "rw")) as opened:
        yield opened


def tables(database: sqlite3.Connection) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_file_names_its_maker_and_version(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert read_version(database) == VERSION == len(STEPS)
    assert set(TABLES) <= tables(database)


def test_the_first_page_names_the_maker_even_when_the_writer_was_killed(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
        header = path.read_bytes()[:100]  # nothing was merged into it yet
    assert header[:16] == b"SQLite format 3\0"
    assert header[60:64] == VERSION.to_bytes(4, "big")
    assert header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def test_a_file_of_this_version_needs_no_step(database: sqlite3.Connection) -> None:
    assert migrate(database) == 0


def test_a_later_step_keeps_what_is_stored(database: sqlite3.Connection) -> None:
    assert migrate(database, (*STEPS, add_a_note)) == 1
    assert read_version(database) == VERSION + 1
    assert database.execute("SELECT message, note FROM events").fetchall() == [
        ("My Test: 123", "MY TEST: 123")
    ]
    assert not database.in_transaction


def test_all_steps_run_on_an_empty_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.sqlite3", isolation_level=None)) as database:
        assert migrate(database, (*STEPS, add_a_note)) == VERSION + 1
        assert read_version(database) == VERSION + 1
        assert migrate(database, (*STEPS, add_a_note)) == 0


def test_a_step_that_fails_leaves_the_file_as_it_was(database: sqlite3.Connection) -> None:
    before = tables(database)
    with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
        migrate(database, (*STEPS, add_a_note, fail_halfway))
    assert not database.in_transaction
    assert tables(database) == before
    assert read_version(database) == VERSION
    columns = [column[1] for column in database.execute("PRAGMA table_info(events)")]
    assert "note" not in columns
    assert database.execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_a_second_process_finds_nothing_left_to_do(database: sqlite3.Connection, path: Path) -> None:
    with closing(connect(path, "rw")) as other:
        assert read_version(other) == VERSION
        migrate(database, (*STEPS, add_a_note))
        assert migrate(other, (*STEPS, add_a_note)) == 0


def test_only_indexes_that_pay(database: sqlite3.Connection) -> None:
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    of_pushes = [
        name for name, _ in indexes if not name.startswith("facets_")
    ]  # those are made in the background
    assert of_pushes == ["outcomes_changed"]
    assert all(" WHERE " in sql for name, sql in indexes if name in of_pushes)


@pytest.mark.parametrize(
    ("statement", "values", "steps"),
    [
        (
            attempts._INDEXED,
            ("[1, 2]",),
            ["wanted VIRTUAL TABLE", "PRIMARY KEY (slot=?)", "PRIMARY KEY (rowid=?)"],
        ),
        (attempts._NOT_INDEXED, (5,), ["PRIMARY KEY (rowid>?)"]),
        (reader._CHANGES, (5, 9), ["INDEX outcomes_changed (changed>? AND changed<?)"]),
    ],
)
def test_what_is_asked_often_searches_no_table_and_sorts_nothing(
    database: sqlite3.Connection, statement: str, values: tuple[object, ...], steps: list[str]
) -> None:
    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert len(plan) == len(steps)
    assert all(step in planned for step, planned in zip(steps, plan, strict=True))


def test_totals_follow_whatever_deletes(path: Path, database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM events")
    with HistoryReader.open(path) as emptied:
        assert (emptied.count().pushes_in, list(emptied.ids())) == (0, [])
    with HistoryWriter.open(path) as writer:
        assert writer.add([push()])[0].id == 2, "an id is never given twice"
