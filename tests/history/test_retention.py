"""What is kept: bounds by count, age and size; what is pinned or noted stays; what went is said once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector import retention_file
from inspector.errors import StateError, UsageError
from inspector.history.forgetting import Estimate, Forgetting, Forgotten, estimate
from inspector.history.model import Mark
from inspector.history.reader import HistoryReader
from inspector.history.retention import DAY, Retention
from inspector.history.store import HistoryWriter
from inspector.home import Home
from tests.history.examples import START, connection, handshake, push

NOW = START + 100 * DAY


def let_go(writer: HistoryWriter, retention: Retention, now: int = NOW) -> list[int]:
    """All that goes, in the order it went."""
    gone: list[int] = []
    while found := writer.let_go(retention, now, 7):
        gone += found.ids
    return gone


def ids(reader: HistoryReader) -> list[int]:
    return list(reader.ids())


def test_nothing_goes_unless_it_is_wanted(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push() for _ in range(20)])
    assert let_go(writer, Retention()) == []
    assert Retention().off
    assert len(ids(reader)) == 20


def test_the_oldest_go_where_there_are_too_many(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push() for _ in range(30)])
    writer.annotate(2, Mark(pinned=True))
    writer.annotate(3, Mark("Why?"))
    writer.annotate(4, Mark(color="red"))  # a colour alone keeps nothing
    assert estimate(writer.path, Retention(most_events=10), NOW) == Estimate(20, 30)
    assert let_go(writer, Retention(most_events=10)) == [1, 4, 5, *range(6, 23)]
    assert ids(reader) == [2, 3, *range(23, 31)]
    assert reader.count().pushes_in == 10
    assert reader.deletions() == 20


def test_what_is_pinned_stays_though_it_is_too_much(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(), push()])
    for identifier in (1, 2):
        writer.annotate(identifier, Mark(pinned=True))
    assert estimate(writer.path, Retention(most_events=1), NOW) == Estimate(0, 2)
    assert let_go(writer, Retention(1, 1, 0.000001)) == []
    assert ids(reader) == [1, 2]


def test_the_old_go_by_their_age(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(at=NOW - age * DAY) for age in (50, 3, 40, 2, 31, 1, 30, 0)])
    writer.catalogue(100)
    wanted = Retention(most_days=30)
    assert estimate(writer.path, wanted, NOW) == Estimate(3, 8)
    found = writer.let_go(wanted, NOW)
    assert found is not None
    assert found.why == "older than 30 days"
    assert ids(reader) == [2, 4, 6, 7, 8]
    assert let_go(writer, wanted) == []


def test_a_client_that_came_again_is_as_old_as_its_last_try(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    writer.add([handshake(at=NOW - 9 * DAY) for _ in range(7)])
    writer.repeat(3, NOW)
    writer.catalogue(100)
    let_go(writer, Retention(most_days=1))
    assert ids(reader) == [3]


def test_the_oldest_go_where_they_take_too_much_room(writer: HistoryWriter, reader: HistoryReader) -> None:
    large = push(body=b"{" + b" " * 100_000 + b"}", connection=connection())
    writer.add([large] * 30)
    gone = let_go(writer, Retention(most_megabytes=1.5))
    left = ids(reader)
    assert gone == list(range(1, len(gone) + 1))
    assert 8 <= len(left) <= 15


@settings(max_examples=30, deadline=None)
@given(
    ages=st.lists(st.integers(0, 60), min_size=1, max_size=24),
    pinned=st.sets(st.integers(1, 24)),
    most=st.none() | st.integers(1, 20),
    days=st.none() | st.integers(1, 50),
    catalogued=st.booleans(),
)
def test_what_is_left_is_what_the_bounds_allow(
    tmp_path_factory: pytest.TempPathFactory,
    ages: list[int],
    pinned: set[int],
    most: int | None,
    days: int | None,
    *,
    catalogued: bool,
) -> None:
    path = tmp_path_factory.mktemp("kept") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        writer.add([push(at=NOW - age * DAY) for age in ages])
        total = len(reader.ids())
        for identifier in pinned:
            writer.annotate(identifier, Mark(pinned=True))
        if catalogued:
            writer.catalogue(100)
        let_go(writer, Retention(most, days))
        left = ids(reader)
        kept = {identifier for identifier in pinned if identifier <= total}
        assert kept <= set(left)
        if days is not None:
            old = {place + 1 for place, age in enumerate(ages) if age > days} - kept
            assert not old & set(left)
        if most is not None:
            assert len(left) <= max(most, len(kept))
        if most is None and days is None:
            assert len(left) == total


def test_what_went_is_said_once(writer: HistoryWriter, reader: HistoryReader) -> None:
    said: list[Forgotten] = []
    writer.add([push(at=1) for _ in range(300)])
    writer.catalogue(1000)
    wanted = [Retention(most_events=100)]
    task = Forgetting(lambda: wanted[0], said.append)
    while task(writer):
        pass
    assert [forgotten.words for forgotten in said] == ["Let go of 200 rows above 100, the oldest first"]
    wanted[0] = Retention(most_days=1)
    writer.add([push(at=time.time_ns() // 1000)])
    while task(writer):
        pass
    assert said[-1].count == 100
    wanted[0] = Retention()
    assert not task(writer)
    assert len(said) == 2


def test_the_choice_is_kept_closed_to_others(home: Home) -> None:
    assert retention_file.load(home) == Retention()
    wanted = Retention(1000, 30.5, 250)
    retention_file.save(home, wanted)
    assert retention_file.load(home) == wanted
    assert home.retention_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"most_days": "x"}', '{"most_events": -1}', '{"most_days": true}', '{"most_days": NaN}'),
        *('{"most_megabytes": Infinity}', '{"most_days": 1e300}', '{"most_events": 2.5}'),
    ],
)
def test_a_damaged_choice_is_said_and_left(home: Home, text: str) -> None:
    home.create()
    home.retention_file.write_text(text)
    with pytest.raises(StateError, match="nothing is let go of"):
        retention_file.load(home)
    assert home.retention_file.read_text() == text


def test_a_bound_that_makes_no_sense_is_refused(home: Home) -> None:
    with pytest.raises(UsageError, match="days"):
        retention_file.save(home, Retention(most_days=0))
    assert not Path(home.retention_file).exists()


def test_what_another_process_chooses_is_followed(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    kept = retention_file.Followed(home)
    assert kept() == Retention()
    retention_file.save(home, Retention(most_days=2))
    assert kept() == Retention(most_days=2)
    home.retention_file.write_text("{")
    assert kept() == kept() == Retention(), "nothing is deleted for a damaged file"
    assert len(caplog.records) == 1, "said once"
    home.retention_file.unlink()
    assert kept() == Retention()


def test_an_estimate_makes_no_writer_wait(writer: HistoryWriter) -> None:
    writer.add([push() for _ in range(4)])
    with writer._in_use() as database, writer._transaction():
        database.execute("DELETE FROM events WHERE id = 1")
        assert estimate(writer.path, Retention(most_events=1), NOW) == Estimate(3, 4)
