"""Writing: what add() returns, what it counts, and that it stores all of a batch or nothing."""

from __future__ import annotations

import gc
import sqlite3
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.model import Counts, Direction, NewEvent, Written
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import CLIENT, SECOND, START, connection, handshake, push

KEY = b"k" * 32


def query(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(statement).fetchall()


def test_ids_follow_one_another_over_batches_and_starts(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        assert [written.id for written in writer.add([push(), handshake(), push()])] == [1, 2, 3]
        assert [written.id for written in writer.add([push()])] == [4]
        assert writer.path == path
    with HistoryWriter.open(path) as writer:
        assert writer.add([push()]) == [Written(5, 1, None)]


def test_nothing_to_add(writer: HistoryWriter) -> None:
    assert writer.add([]) == []


def test_others_see_what_was_added_when_add_returns(writer: HistoryWriter, path: Path) -> None:
    writer.add([push(message="seen")])
    assert query(path, "SELECT message FROM events") == [("seen",)]


def test_a_repeat_counts_up(writer: HistoryWriter, reader: HistoryReader) -> None:
    (written,) = writer.add([handshake()])
    assert writer.repeat(written.id, START + SECOND) == 2
    assert writer.repeat(written.id, START + 2 * SECOND) == 3
    (row,) = reader.rows([written.id])
    assert (row.count, row.at, row.last_at) == (3, START, START + 2 * SECOND)
    assert reader.count() == Counts(0, 0, 3, 1)


def test_a_late_repeat_does_not_turn_the_clock_back(writer: HistoryWriter, reader: HistoryReader) -> None:
    (written,) = writer.add([handshake()])
    writer.repeat(written.id, START - SECOND)
    assert reader.rows([written.id])[0].last_at == START


def test_only_handshakes_that_are_there_can_repeat(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push()])
    assert writer.repeat(1, START) == 0
    assert writer.repeat(99, START) == 0
    assert reader.count() == Counts(1, 0, 0)


def test_counts(writer: HistoryWriter, reader: HistoryReader) -> None:
    assert reader.count() == Counts(0, 0, 0)
    writer.add([push(), push(direction=Direction.OUT), handshake(), push()])
    assert reader.count() == Counts(pushes_in=2, pushes_out=1, handshakes=1, handshake_rows=1)


def test_a_connection_is_written_once_and_a_certificate_too(writer: HistoryWriter, path: Path) -> None:
    one, other = connection(), connection(peer="127.0.0.1:50124")
    writer.add([push(connection=one), push(connection=one), push(connection=other)])
    writer.add([push(connection=one), push()])
    assert query(path, "SELECT connection_id FROM events") == [(1,), (1,), (2,), (1,), (None,)]
    assert query(path, "SELECT peer FROM connections") == [("127.0.0.1:50123",), ("127.0.0.1:50124",)]
    assert query(path, "SELECT count(*) FROM certificates") == [(1,)]


def test_the_same_certificate_with_another_chain_is_kept_apart(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    alone = replace(CLIENT, chain=CLIENT.chain[:1])
    writer.add([push(connection=connection()), push(connection=connection(certificate=alone))])
    chains = []
    for identifier in (1, 2):
        event = reader.event(identifier)
        assert event
        assert event.written.connection
        assert event.written.connection.certificate
        chains.append(event.written.connection.certificate.chain)
    assert chains == [CLIENT.chain, alone.chain]


def test_connections_are_let_go(writer: HistoryWriter) -> None:
    one = connection()
    writer.add([push(connection=one)])
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: push(sequence=2**63),
        lambda: push(badge=-(2**63) - 1),
        lambda: push(at=10**30),
        lambda: push(status=2**64),
    ],
)
def test_a_number_beyond_64_bits_is_refused_and_nothing_of_its_batch_is_stored(
    writer: HistoryWriter, reader: HistoryReader, spoil: Callable[[], NewEvent]
) -> None:
    shared = connection()
    with pytest.raises(HistoryError, match="64 bits") as caught:
        writer.add([push(connection=shared, retry_key=KEY), spoil()])
    assert caught.value.next_step
    assert reader.count() == Counts(0, 0, 0)
    # What was written for the batch and taken back is not taken for written afterwards.
    assert writer.add([push(connection=shared, retry_key=KEY)]) == [Written(1, 1, None)]
    event = reader.event(1)
    assert event
    assert event.written.connection
    assert event.written.connection.peer == shared.peer


def test_the_largest_numbers_are_kept(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(sequence=2**63 - 1, badge=-(2**63))])
    (row,) = reader.rows([1])
    assert (row.sequence, row.badge) == (2**63 - 1, -(2**63))


def test_what_is_no_event_is_the_callers_mistake_and_stores_nothing(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    with pytest.raises(AttributeError):
        writer.add([push(), "push"])  # type: ignore[list-item]
    assert reader.count() == Counts(0, 0, 0)
    assert writer.add([push()])[0].id == 1


def test_threads_share_one_writer(writer: HistoryWriter, reader: HistoryReader) -> None:
    shared = connection()
    start = threading.Barrier(4)

    def add(name: int) -> list[Written]:
        start.wait()
        return [
            written
            for number in range(50)
            for written in writer.add(
                [push(brand_id=f"{name}", sequence=number, retry_key=KEY, connection=shared)] * 3
            )
        ]

    with ThreadPoolExecutor(4) as pool:
        written = [each for result in pool.map(add, range(4)) for each in result]
    assert sorted(each.id for each in written) == list(range(1, 601))
    assert sorted(each.attempt for each in written) == list(range(1, 601))
    for name in range(4):
        rows = [row for row in reader.rows(reader.ids()) if row.brand_id == f"{name}"]
        assert [row.sequence for row in rows] == [number for number in range(50) for _ in range(3)]


def test_a_closed_writer_says_so(path: Path) -> None:
    writer = HistoryWriter.open(path)
    writer.close()
    writer.close()
    with pytest.raises(HistoryError, match="closed"):
        writer.add([push()])
    with pytest.raises(HistoryError, match="closed"):
        writer.repeat(1, START)


def test_closing_merges_the_log(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_that_was_deleted_meanwhile_is_noticed(writer: HistoryWriter, path: Path) -> None:
    writer.add([push()])
    kept = path.rename(path.with_name("elsewhere.sqlite3"))
    with pytest.raises(HistoryError, match="moved or deleted") as caught:
        writer.add([push()])
    assert str(path) in caught.value.message
    path.write_bytes(b"another file")
    with pytest.raises(HistoryError, match="moved or deleted"):
        writer.add([push()])
    assert path.read_bytes() == b"another file"
    kept.rename(path)
    assert writer.add([push()])[0].id == 2


def test_a_file_that_became_read_only_is_said(writer: HistoryWriter, path: Path) -> None:
    writer._database.execute("PRAGMA query_only = ON")
    with pytest.raises(HistoryError, match="read-only") as caught:
        writer.add([push()])
    assert str(path) in caught.value.message
    writer._database.execute("PRAGMA query_only = OFF")
    assert writer.add([push()])[0].id == 1


def test_an_error_without_words_of_its_own_is_passed_on(writer: HistoryWriter, path: Path) -> None:
    writer._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
    with pytest.raises(HistoryError, match="too big") as caught:
        writer.add([push(), push(body=b"x" * 20_000)])
    assert str(path) in caught.value.message
    assert caught.value.next_step
    assert writer.add([push()])[0].id == 1


def test_tables_that_vanish_meanwhile_are_damage(writer: HistoryWriter, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE connections")
    assert writer.add([push()])[0].id == 1
    with pytest.raises(HistoryError, match="damaged"):
        writer.add([push(connection=connection())])
