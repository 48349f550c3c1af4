"""Reading: ids, rows, what changed, and damage that shows up later."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.model import Direction, Forwarded, Kind, Settled, Timings
from inspector.history.query import Query, parse
from inspector.history.reader import HistoryReader, ReadInterruptedError
from inspector.history.store import HistoryWriter
from tests.history.examples import SECOND, START, bytes_beside, connection, handshake, push

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def query(text: str) -> Query:
    return parse(text, now=NOW)


@pytest.fixture(params=["without gaps", "with gaps"])
def ten(request: pytest.FixtureRequest, writer: HistoryWriter, path: Path) -> list[int]:
    """The ids of ten pushes, of which the odd ones have brand `odd`; with gaps, three are gone."""
    writer.add([push(brand_id="odd" if number % 2 else "even") for number in range(1, 11)])
    gone = [1, 4, 10] if request.param == "with gaps" else []
    with closing(sqlite3.connect(path)) as database:
        database.executemany("DELETE FROM events WHERE id = ?", [(each,) for each in gone])
        database.commit()
    return [number for number in range(1, 11) if number not in gone]


@pytest.mark.parametrize("text", [None, "", "brand:odd", "brand:even or brand:odd", "is:handshake"])
def test_ids(ten: list[int], reader: HistoryReader, text: str | None) -> None:
    asked = None if text is None else query(text)
    kept = {"brand:odd": [1, 3, 5, 7, 9], "is:handshake": []}.get(text or "", list(range(1, 11)))
    expected = [identifier for identifier in ten if identifier in kept]
    found = reader.ids(asked)
    assert isinstance(found, array)
    assert found.typecode == "q"
    assert list(found) == expected
    for after in (0, 1, 5, 9, 10, 99, 2**63):
        above = [identifier for identifier in expected if identifier > after]
        assert list(reader.ids(asked, after=after)) == above
        for limit in (0, 1, 3, 100):
            assert list(reader.ids(asked, after=after, limit=limit)) == above[:limit]
            newest = list(reader.ids(asked, after=after, limit=limit, newest_first=True))
            assert newest == above[::-1][:limit]
    assert list(reader.ids(asked, newest_first=True)) == expected[::-1]


def test_an_empty_history(reader: HistoryReader) -> None:
    assert list(reader.ids()) == list(reader.ids(query("brand:odd"))) == []
    assert reader.rows([1]) == []
    assert reader.event(1) is None
    assert reader.changes_since(0) == (array("q"), 0)
    assert reader.newest_change() == 0


def test_rows_come_in_the_order_asked(ten: list[int], reader: HistoryReader) -> None:
    asked = [7, 2, 99, 7, 5, -1]
    assert [row.id for row in reader.rows(asked)] == [7, 2, 7, 5]
    assert reader.rows([]) == []
    assert [row.id for row in reader.rows(array("q", [3, 2]))] == [3, 2]


def test_many_rows_at_once(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(sequence=number) for number in range(5000)])
    assert [row.sequence for row in reader.rows(reader.ids())] == list(range(5000))


def test_a_row_of_a_push(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(connection=connection(), retry_key=b"k"), push(at=START + SECOND, retry_key=b"k")])
    first, second = reader.rows([1, 2])
    assert (first.kind, first.direction, first.status) == (Kind.PUSH, Direction.IN, 200)
    assert (first.peer, first.subject, first.trusted) == ("127.0.0.1:50123", "CN=mybrandpush,O=Example", True)
    assert (first.attempt, first.gap, first.count, first.last_at) == (1, None, 1, START)
    assert (second.peer, second.subject, second.trusted) == (None, None, None)
    assert (second.attempt, second.gap) == (2, SECOND)
    assert first.size == len(push().body)


def test_events_that_are_not_there(reader: HistoryReader) -> None:
    for identifier in (0, -1, 7, 2**63, 10**30):
        assert reader.event(identifier) is None


def test_repeats_show_up_once(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([handshake(), handshake(), push()])
    assert reader.changes_since(0) == (array("q"), 0), "new rows are no changes"
    writer.repeat(2, START + SECOND)
    writer.repeat(1, START + 2 * SECOND)
    assert reader.changes_since(0) == (array("q", [2, 1]), 2)
    assert reader.changes_since(1) == (array("q", [1]), 2)
    assert reader.changes_since(2) == (array("q"), 2)
    writer.repeat(2, START + 3 * SECOND)
    assert reader.changes_since(2) == (array("q", [2]), 3)


def test_an_answer_that_comes_later(writer: HistoryWriter, reader: HistoryReader) -> None:
    upstream = Forwarded(
        "https://proxy.example/push", 503, (("retry-after", "1"),), b"busy", Timings(total=3.5)
    )
    writer.add([push(status=None, rule="slow"), push()])
    settled = Settled(START + SECOND, 503, (("x", "y"),), b"no", forwarded=upstream)
    assert writer.settle(1, settled)
    assert not writer.settle(9, settled)
    event = reader.event(1)
    assert event is not None
    assert event.settled_at == START + SECOND
    assert event.written == push(
        status=503,
        rule="slow",
        answer_headers=(("x", "y"),),
        answer_body=b"no",
        forwarded=upstream,
    )
    assert reader.changes_since(0) == (array("q", [1]), 1)
    assert reader.rows([1])[0].status == 503


def test_the_data_version_changes_with_each_write(writer: HistoryWriter, reader: HistoryReader) -> None:
    versions = [reader.data_version()]
    writer.add([handshake()])
    versions.append(reader.data_version())
    writer.repeat(1, START)
    versions.append(reader.data_version())
    assert len(set(versions)) == 3
    assert reader.data_version() == versions[-1]


def test_a_reader_never_writes(writer: HistoryWriter, reader: HistoryReader, path: Path) -> None:
    writer.add([push()])
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._database.execute("DELETE FROM events")
    assert reader.path == path


def test_opening_and_reading_leaves_the_file_as_it_is(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push()])
    before = bytes_beside(path)[path.name]
    with HistoryReader.open(path) as reader:
        assert list(reader.ids()) == [1]
    assert bytes_beside(path)[path.name] == before


def test_a_reader_in_another_thread(writer: HistoryWriter, reader: HistoryReader) -> None:
    """Made in one thread, used and closed in another, while a third writes."""
    counted: list[int] = []

    def follow() -> None:
        last = 0
        while last < 300:
            for identifier in reader.ids(query("service:apns"), after=last):
                assert identifier == last + 1
                last = identifier
        counted.append(len(reader.rows(reader.ids())))
        reader.close()

    thread = threading.Thread(target=follow)
    thread.start()
    for _ in range(100):
        writer.add([push()] * 3)
    thread.join(30)
    assert counted == [300]


def test_a_search_can_be_interrupted(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(body="é".encode())] * 100)
    begun, go_on = threading.Event(), threading.Event()

    def wait(_: object) -> int:
        begun.set()
        go_on.wait(10)
        return 0

    reader._database.create_function("fold_body", 1, wait)
    raised: list[BaseException] = []

    def search() -> None:
        try:
            reader.ids(query("body:é"))
        except HistoryError as error:
            raised.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    assert begun.wait(10)
    reader.interrupt()
    go_on.set()
    thread.join(10)
    assert [type(error) for error in raised] == [ReadInterruptedError]
    assert list(reader.ids(query("sequence:8"), limit=1)) == [1], "the next search is not interrupted"


def test_interrupting_nothing_does_nothing(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push()])
    reader.interrupt()
    assert list(reader.ids(query("brand:90588711"))) == [1]
    reader.close()
    reader.interrupt()


def test_a_closed_reader_says_so(reader: HistoryReader) -> None:
    reader.close()
    reader.close()
    for read in (
        reader.ids,
        reader.count,
        reader.data_version,
        lambda: reader.event(1),
        lambda: reader.rows([1]),
    ):
        with pytest.raises(HistoryError, match="closed"):
            read()


def test_damage_that_is_found_later_is_said(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        for number in range(200):
            writer.add([push(body=bytes([number]) * 4000)] * 4)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 40 * 4096] = b"\xff" * 40 * 4096
    path.write_bytes(content)
    with HistoryReader.open(path) as reader:
        with pytest.raises(HistoryError, match="damaged") as caught:
            reader.ids(query("body:nothing"))
        assert "history-2.sqlite3" in caught.value.next_step
        assert reader.event(1) is not None, "what is whole can still be read"
    with pytest.raises(HistoryError, match="damaged"):
        HistoryWriter.open(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'postcard'"),
        ("service", "'pigeon'"),
        ("problems", "'not json'"),
        ("problems", "'[[1]]'"),
        ("timings", "'[]'"),
        ("timings", "'{\"lunch\": 1}'"),
        ("body", "'text'"),
        ("at", "'noon'"),
        ("headers", "'a: \\q'"),
    ],
)
def test_an_entry_that_was_altered_by_hand_is_said(
    writer: HistoryWriter, reader: HistoryReader, path: Path, column: str, value: str
) -> None:
    writer.add([push(), push()])
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE events SET {column} = {value} WHERE id = 1")
        database.commit()
    with pytest.raises(HistoryError, match="can't be understood") as caught:
        reader.event(1)
    assert "history-2.sqlite3" in caught.value.next_step
    assert reader.event(2) is not None


def test_a_text_that_is_none_is_damage_and_not_repeated(path: Path) -> None:
    with HistoryWriter.open(path) as writer:
        writer.add([push(message="very secret")])
    content = path.read_bytes()
    assert content.count(b"very secret") == 1
    path.write_bytes(content.replace(b"very secret", b"very secre\xff"))
    with pytest.raises(HistoryError, match="damaged") as caught:
        HistoryReader.open(path)
    assert "secre" not in f"{caught.value.message} {caught.value.next_step}"
