"""Which attempt of its message a push is, whoever wrote the ones before, and whether they are indexed or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.history.files import connect
from inspector.history.model import Direction, NewEvent, Written
from inspector.history.reader import HistoryReader
from inspector.history.records import retry_slot
from inspector.history.store import HistoryWriter
from tests.history.examples import SECOND, START, handshake, push

KEY = b"k" * 16


def indexed(path: Path) -> tuple[int, list[int]]:
    """Up to which event keys are indexed, and the events in the index."""
    with closing(sqlite3.connect(path)) as database:
        (until,) = database.execute("SELECT indexed_id FROM totals").fetchone()
        return until, sorted(identifier for (identifier,) in database.execute("SELECT id FROM attempts"))


def test_attempts_of_one_message(writer: HistoryWriter) -> None:
    first = writer.add([push(retry_key=KEY)])
    second = writer.add([push(retry_key=KEY, at=START + 10 * SECOND)])
    third = writer.add([push(retry_key=KEY, at=START + 21 * SECOND)])
    assert [*first, *second, *third] == [
        Written(1, 1, None),
        Written(2, 2, 10 * SECOND),
        Written(3, 3, 11 * SECOND),
    ]


def test_attempts_within_one_batch_go_on_from_those_before(writer: HistoryWriter) -> None:
    writer.add([push(retry_key=KEY)])
    batch = [push(retry_key=KEY, at=START + seconds * SECOND) for seconds in (10, 20)]
    batch.insert(1, push(retry_key=b"other", at=START))
    assert [(written.attempt, written.gap) for written in writer.add(batch)] == [
        (2, 10 * SECOND),
        (1, None),
        (3, 10 * SECOND),
    ]


def test_each_direction_counts_its_own_attempts(writer: HistoryWriter) -> None:
    sent, received = push(retry_key=KEY, direction=Direction.OUT), push(retry_key=KEY)
    written = writer.add([sent, received, sent]) + writer.add([received])
    assert [each.attempt for each in written] == [1, 1, 2, 2]


def test_pushes_without_a_key_are_first_attempts(writer: HistoryWriter) -> None:
    assert [written.attempt for written in writer.add([push(), push()])] == [1, 1]


def test_a_handshake_is_no_attempt_whatever_its_key(writer: HistoryWriter) -> None:
    written = writer.add([handshake(retry_key=KEY), push(retry_key=KEY), handshake(retry_key=KEY)])
    assert [each.attempt for each in written] == [1, 1, 1]
    assert writer.add([push(retry_key=KEY)])[0].attempt == 2


def test_an_empty_key_is_a_key(writer: HistoryWriter) -> None:
    assert [written.attempt for written in writer.add([push(retry_key=b""), push(retry_key=b"")])] == [1, 2]


def test_a_clock_that_went_back_leaves_no_negative_gap(writer: HistoryWriter) -> None:
    writer.add([push(retry_key=KEY)])
    assert writer.add([push(retry_key=KEY, at=START - SECOND)])[0].gap == 0


def test_keys_are_indexed_together(path: Path) -> None:
    with HistoryWriter.open(path, index_every=5) as writer:
        writer.add([push(retry_key=KEY), handshake(retry_key=KEY), push(), push(retry_key=b"other")])
        assert indexed(path) == (0, [])
        writer.add([push(retry_key=KEY)] * 3)
        assert indexed(path) == (7, [1, 4, 5, 6, 7])
        assert writer.add([push(retry_key=KEY)])[0].attempt == 5
        assert indexed(path) == (7, [1, 4, 5, 6, 7])
    with HistoryWriter.open(path, index_every=5) as writer:
        assert [
            written.attempt for written in writer.add([push(retry_key=KEY), push(retry_key=b"other")])
        ] == [6, 2]


def test_nothing_but_the_totals_says_what_is_indexed(path: Path) -> None:
    """A writer that was killed kept in memory what is read again by the next one."""
    with HistoryWriter.open(path) as writer:
        writer.add([push(retry_key=KEY)] * 3)
        with HistoryWriter.open(path) as other:
            assert other.add([push(retry_key=KEY)])[0].attempt == 4
    assert indexed(path) == (0, [])


def test_keys_that_share_a_slot_are_told_apart(path: Path) -> None:
    one, other = b"plumless", b"buckeroo"  # known to have the same CRC
    assert retry_slot(push(retry_key=one)) == retry_slot(push(retry_key=other))
    with HistoryWriter.open(path, index_every=1) as writer:
        keys = [one, other, other, one, one]
        written = [writer.add([push(retry_key=key)])[0].attempt for key in keys]
    assert written == [1, 1, 2, 2, 3]


def test_a_failing_index_costs_nobody_an_event(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with HistoryWriter.open(path, index_every=4) as writer, closing(connect(path, "rw")) as database:
        database.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
        attempts = [writer.add([push(retry_key=KEY)])[0].attempt for _ in range(10)]
        assert attempts == list(range(1, 11))
        assert indexed(path) == (0, [])
        assert caplog.text.count("not indexed yet") == 2, "it is not tried at every push"
        database.execute("DROP TRIGGER no_room")
        assert writer.add([push(retry_key=KEY)] * 2)[-1].attempt == 12
        assert indexed(path) == (12, list(range(1, 13)))
        assert writer.add([push(retry_key=KEY)])[0].attempt == 13


_event = st.tuples(
    st.sampled_from([None, b"a", b"b", b"plumless", b"buckeroo"]),
    st.sampled_from(Direction),
    st.sampled_from([push, push, push, handshake]),
    st.integers(0, 1000),
)
_adding = st.tuples(st.integers(0, 1), st.lists(_event, min_size=1, max_size=5))
_deleting = st.sets(st.integers(1, 20), max_size=5)


@settings(max_examples=80)
@given(every=st.sampled_from([1, 3, 7, 1000]), steps=st.lists(_adding | _adding | _deleting, max_size=10))
def test_attempts_equal_a_naive_count(
    tmp_path_factory: pytest.TempPathFactory,
    every: int,
    steps: list[tuple[int, list[tuple[bytes | None, Direction, Callable[..., NewEvent], int]]] | set[int]],
) -> None:
    """Two writers that know nothing of one another, and a third hand that deletes."""
    path = tmp_path_factory.mktemp("attempts") / "history.sqlite3"
    stored: dict[int, tuple[NewEvent, Written]] = {}
    with ExitStack() as stack:
        writers = [stack.enter_context(HistoryWriter.open(path, index_every=every)) for _ in range(2)]
        third = stack.enter_context(closing(connect(path, "rw")))
        for step in steps:
            if isinstance(step, set):
                third.executemany("DELETE FROM events WHERE id = ?", [(each,) for each in step])
                stored = {identifier: kept for identifier, kept in stored.items() if identifier not in step}
                continue
            events = [
                make(retry_key=key, direction=direction, at=START + offset)
                for key, direction, make, offset in step[1]
            ]
            for event, written in zip(events, writers[step[0]].add(events), strict=True):
                same = [
                    before
                    for before in stored.values()
                    if before[0].kind == event.kind == "push"
                    and event.retry_key is not None
                    and (before[0].retry_key, before[0].direction) == (event.retry_key, event.direction)
                ]
                last = same[-1] if same else None
                assert written.attempt == (1 + last[1].attempt if last else 1)
                assert written.gap == (max(event.at - last[0].at, 0) if last else None)
                stored[written.id] = (event, written)
    with HistoryReader.open(path) as reader:
        assert list(reader.ids()) == list(stored)
        assert [row.attempt for row in reader.rows(reader.ids())] == [
            written.attempt for _, written in stored.values()
        ]
        assert reader.count().pushes_in == sum(
            (event.kind, event.direction) == ("push", "in") for event, _ in stored.values()
        )
    until, in_index = indexed(path)
    keyed = [identifier for identifier, (event, _) in stored.items() if retry_slot(event) is not None]
    assert in_index == [identifier for identifier in keyed if identifier <= until], (
        "what is deleted leaves the index"
    )
