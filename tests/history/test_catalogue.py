"""The catalogue: what is found through it is what is found without it."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.errors import QueryError
from inspector.history.catalogue import begin_catalogue_anew
from inspector.history.files import connect
from inspector.history.model import Event, Mark, NewEvent, Settled
from inspector.history.query import MAX_LEVELS, Query, parse
from inspector.history.query_facets import facet_condition
from inspector.history.query_tree import Node
from inspector.history.query_trigrams import match_expression
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, handshake, push
from tests.history.oracle import matches
from tests.history.queries import any_events, any_marks, any_trees

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def found(reader: HistoryReader, text: str) -> list[int]:
    return list(reader.ids(parse(text, now=NOW)))


def forget(path: Path, *identifiers: int) -> None:
    with closing(connect(path, "rw")) as database:
        for identifier in identifiers:
            database.execute("DELETE FROM events WHERE id = ?", (identifier,))


def totals(path: Path, column: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        value: int = database.execute(f"SELECT {column} FROM totals").fetchone()[0]
        return value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_it_finds_what_plain_python_finds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("catalogue") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        events: list[NewEvent] = data.draw(st.lists(any_events, min_size=8, max_size=20))
        some = st.integers(1, len(events))
        for event in events:
            writer.add([event])
        for identifier in data.draw(st.sets(some, max_size=3), label="deleted before"):
            forget(path, identifier)
        while writer.catalogue(data.draw(st.integers(1, 16), label="portion")):
            pass
        for identifier in data.draw(st.sets(some, max_size=3), label="marked"):
            writer.annotate(identifier, data.draw(any_marks))
        for identifier in data.draw(st.sets(some, max_size=3), label="answered later"):
            body = data.draw(st.sampled_from([b"", b"aesES", b'{"reason":"Gone"}']))
            writer.settle(identifier, Settled(5, data.draw(st.sampled_from([None, 200, 500])), (), body))
        for identifier in data.draw(st.sets(some, max_size=3), label="deleted after"):
            forget(path, identifier)
        stored: list[Event] = []
        for identifier in range(1, len(events) + 1):
            if (read := reader.event(identifier)) is not None:
                stored.append(read)
        roots: list[Node] = data.draw(st.lists(any_trees, min_size=1, max_size=12))
        for root in roots:
            expected = [event.id for event in stored if matches(root, event)]
            assert list(reader.ids(Query("", root))) == expected, root
            assert list(reader.ids(Query("", root), limit=2, newest_first=True)) == expected[::-1][:2], root
            pieces = list(reader.search(Query("", root)))
            assert [identifier for piece in pieces for identifier in piece] == expected[::-1], root


@pytest.fixture
def catalogued(writer: HistoryWriter) -> HistoryWriter:
    """Sixteen events in whole blocks, and one more."""
    shared = connection()
    writer.add([push(sequence=number, message=f"word{number}", connection=shared) for number in range(15)])
    writer.add([handshake(), push(message="late")])
    assert writer.catalogue(1000) == 0
    return writer


def test_the_last_events_wait_for_their_block(catalogued: HistoryWriter, reader: HistoryReader) -> None:
    assert totals(catalogued.path, "catalogued_id") == 15
    assert found(reader, "late") == [17]
    catalogued.add([push() for _ in range(7)])
    assert catalogued.catalogue(1000) == 0
    assert totals(catalogued.path, "catalogued_id") == 23


def test_what_was_answered_later_is_found_by_its_answer(
    catalogued: HistoryWriter, reader: HistoryReader
) -> None:
    catalogued.settle(3, Settled(9, 503, (("retry-after", "soon"),), b"the proxy is busy"))
    assert found(reader, "busy") == [3]
    assert found(reader, "status:503") == [3]
    assert found(reader, '"retry-after: soon"') == [3]


def test_a_later_answer_is_found_whatever_its_letters(
    catalogued: HistoryWriter, reader: HistoryReader
) -> None:
    catalogued.settle(4, Settled(9, 500, (), "ÜBERLASTET".encode()))
    assert found(reader, "überlastet") == [4]
    catalogued.settle(4, Settled(10, 200, (), b"fine"))
    assert found(reader, "überlastet") == []
    assert found(reader, "fine") == [4]


def test_a_note_is_found_by_its_words(catalogued: HistoryWriter, reader: HistoryReader) -> None:
    catalogued.annotate(2, Mark("Ask Jörg"))
    assert found(reader, "jörg") == [2]
    assert found(reader, "jörg or word7") == [2, 8]


def test_deleted_events_are_not_found_and_counted(catalogued: HistoryWriter, reader: HistoryReader) -> None:
    forget(catalogued.path, 2, 17)
    assert found(reader, "word1") == [11, 12, 13, 14, 15]  # word10 and on
    assert totals(catalogued.path, "uncatalogued") == 1


def test_a_stale_catalogue_is_made_anew(
    catalogued: HistoryWriter, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.history.catalogue._LEAST_STALE", 4)
    forget(catalogued.path, *range(1, 10))
    assert catalogued.catalogue(1000) == 0
    assert totals(catalogued.path, "uncatalogued") == 0
    assert totals(catalogued.path, "catalogued_id") == 15
    assert found(reader, "word9") == [10]


def test_connections_of_deleted_events_go_with_a_stale_catalogue(
    writer: HistoryWriter, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.history.catalogue._LEAST_STALE", 4)
    last = connection(peer="10.0.0.1:9")
    writer.add([push(connection=connection(peer=f"10.0.0.1:{number}")) for number in range(9)])
    writer.add([push(connection=last) for _ in range(6)])
    writer.catalogue(1000)
    forget(writer.path, *range(1, 10))
    writer.catalogue(1000)
    with closing(sqlite3.connect(writer.path)) as database:
        assert database.execute("SELECT peer FROM connections").fetchall() == [("10.0.0.1:9",)]
    writer.add([push(connection=last)])
    assert found(reader, "peer:*:9") == list(range(10, 17))


def test_long_bodies_take_no_longer_and_are_found(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(body=b" " * 15_000 + b"medium") for _ in range(32)])
    writer.add([push(body=b" " * 1_000_000 + b"large"), *(push() for _ in range(7))])
    writer.add([push(body=(" " * 20_000 + "größer").encode()) for _ in range(7)])
    assert 0 < writer.catalogue(1000) < 40  # a part of them, as a thousand would take too long
    while writer.catalogue(1000):
        pass
    assert totals(writer.path, "catalogued_id") == 47
    assert found(reader, "medium") == list(range(1, 33))
    assert found(reader, "large") == [33]
    assert found(reader, "grösser") == list(range(41, 48))
    with closing(sqlite3.connect(writer.path)) as database:
        looked_at = database.execute("SELECT event_id FROM recatalogued ORDER BY 1").fetchall()
    assert [identifier for (identifier,) in looked_at] == [33, *range(41, 48)]
    with closing(connect(writer.path, "rw")) as database:
        begin_catalogue_anew(database)
    while writer.catalogue(1000):
        pass
    assert found(reader, "large") == [33]


def test_a_hole_in_the_ids_is_passed_at_once(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push()])
    with closing(connect(writer.path, "rw")) as database:
        database.execute("UPDATE totals SET last_id = 10000000")
    writer.add([push(message="beyond") for _ in range(8)])
    assert writer.catalogue(8) >= 0
    while writer.catalogue(8):
        pass
    assert totals(writer.path, "catalogued_id") >= 10_000_000
    assert found(reader, "beyond") == list(range(10_000_001, 10_000_009))


def test_pieces_hold_for_large_results(writer: HistoryWriter, reader: HistoryReader) -> None:
    shared = connection()
    events = [
        push(sequence=number % 7, message="even" if number % 2 else "odd", connection=shared)
        for number in range(3000)
    ]
    writer.add(events)
    while writer.catalogue(512):
        pass
    for text, expected in (
        ("even", range(2, 3001, 2)),
        ("seq:3", range(4, 3001, 7)),
        ("seq:3 odd", range(11, 3001, 14)),
        ("-seq:3", [number for number in range(1, 3001) if (number - 1) % 7 != 3]),
        ("", range(1, 3001)),
    ):
        assert found(reader, text) == list(expected), text
        whole = array("q")
        for piece in reader.search(parse(text, now=NOW)):
            whole.extend(piece)
        assert list(whole) == list(expected)[::-1], text


@pytest.mark.parametrize(
    "text", ["service:apns", "word", "service:apns word", "seq:3", "seq:3 word", "-word"]
)
@pytest.mark.parametrize("read_before", [0, 1, 2])
def test_a_search_loses_nothing_where_the_catalogue_is_made_anew_meanwhile(
    writer: HistoryWriter, reader: HistoryReader, text: str, read_before: int
) -> None:
    shared = connection()
    writer.add([push(message="word", sequence=number % 5, connection=shared) for number in range(6000)])
    while writer.catalogue(512):
        pass
    query = parse(text, now=NOW)
    expected = [identifier for piece in reader.search(query) for identifier in piece]
    pieces = reader.search(query)
    found = [identifier for piece in islice(pieces, read_before) for identifier in piece]
    with closing(connect(writer.path, "rw")) as database:
        begin_catalogue_anew(database)
    found += [identifier for piece in pieces for identifier in piece]
    assert found == expected


@pytest.mark.parametrize("term", ["word1", "rule:a*b", "subject:a*", "problem:a", "note:a", "header:a"])
@pytest.mark.parametrize(
    "words", [("{term} ({})", "{term} or ({})"), ("{term} -({})",), ("{term} or -({})",)]
)
def test_the_deepest_query_can_be_run(
    catalogued: HistoryWriter, reader: HistoryReader, term: str, words: tuple[str, ...]
) -> None:
    text, levels = term, 0
    while True:
        deeper = words[levels % len(words)].format(text, term=term)
        try:
            query = parse(deeper, now=NOW)
        except QueryError:
            break
        text, levels = deeper, levels + 1
        reader.ids(query)
    assert levels >= MAX_LEVELS // 2


@pytest.mark.parametrize(
    ("text", "told", "exact"),
    [
        ("service:apns status:>=500", True, True),
        ("-(service:apns or has:retry)", True, True),
        ("brand:905* word", True, False),
        ("is:pinned note:x mark:red", True, True),
        ("subject:rogue", True, True),
        ("-rule:fail* has:rule", True, True),
        ("word", False, False),
        ("word or service:apns", False, False),
        ("is:refused or is:failed", True, True),
        ("problem:missing*", True, False),
        ("problem:error seq:3", True, False),
    ],
)
def test_what_the_facets_tell(text: str, told: bool, exact: bool) -> None:
    condition = facet_condition(parse(text, now=NOW))
    assert (condition is not None) is told
    assert condition is None or condition.exact is exact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Test", '("tes" AND "est")'),
        ("te", None),
        ("abc or de", None),
        ("abc or def", '("abc" OR "def")'),
        ("abc -def service:apns", '"abc"'),
        ("-abc", None),
        ("conv:abc*x", '"abc"'),
        ("tls:abcd", None),
        ('text:"x\\"y"', '"x""y"'),
    ],
)
def test_which_trigrams_a_match_must_hold(text: str, expected: str | None) -> None:
    assert match_expression(parse(text, now=NOW).root) == expected


def test_long_texts_need_some_trigrams_of_all_their_length() -> None:
    expression = match_expression(
        parse('"' + "".join(f"{number:03}" for number in range(300)) + '"', now=NOW).root
    )
    assert expression is not None
    assert expression.count(" AND ") == 15
    assert '"299"' in expression
