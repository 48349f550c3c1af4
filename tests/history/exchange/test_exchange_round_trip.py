"""What is exported and imported again is what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.push import Problem, Severity
from inspector.history.exchange import har_read, jsonl
from inspector.history.exchange.har import HarWriter
from inspector.history.exchange.jsonl import JsonlWriter
from inspector.history.exchange.taking import import_events
from inspector.history.exchange.writing import export_events
from inspector.history.model import (
    MARK_COLORS,
    Advice,
    ClientOffer,
    Direction,
    Event,
    Forwarded,
    Mark,
    NewEvent,
    Restored,
    Settled,
    Timings,
    TlsFacts,
)
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import SECOND, START, any_event, anything, connection, handshake, push, whole

FORMATS = pytest.mark.parametrize("ending", ["jsonl", "har"])
marks = st.none() | st.builds(Mark, anything, st.sampled_from(("", *MARK_COLORS)), st.booleans())


def comparable(event: Event) -> object:
    mark = None if event.mark == Mark() else event.mark
    return whole(event.written), event.attempt, event.gap, event.count, event.last_at, event.settled_at, mark


def there_and_back(
    folder: Path, ending: str, fill: Callable[[HistoryWriter], None]
) -> tuple[list[Event], list[Event]]:
    """The events of a history, and of another one that they were exported to."""
    file = folder / f"events.{ending}"
    with HistoryWriter.open(folder / "one.sqlite3") as writer, HistoryReader.open(writer.path) as reader:
        fill(writer)
        before = reader.events(reader.ids())
        export_events(reader, reader.ids(), file, reveal=True)
    with HistoryWriter.open(folder / "two.sqlite3") as writer, HistoryReader.open(writer.path) as reader:
        assert import_events(lambda: writer, file).events == len(before)
        with HistoryReader.open(folder / "one.sqlite3") as first:
            assert reader.count() == first.count()
        return before, reader.events(reader.ids())


_LATEST = 253_402_127_999_999_999  # later times no calendar tells in every zone: they are not taken
moments = st.integers(0, _LATEST)
timely_events = st.builds(lambda event, at: replace(event, at=at), any_event, moments)
events_of_any_kind = st.builds(
    Event,
    id=st.integers(1, 2**62),
    attempt=st.integers(1, 2**62),
    gap=st.none() | st.integers(0, 2**62),
    count=st.integers(1, 2**62),
    last_at=moments,
    written=timely_events,
    settled_at=st.none() | moments,
    mark=marks,
)


@FORMATS
@settings(max_examples=100)
@given(event=events_of_any_kind)
def test_any_event_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, ending: str, event: Event
) -> None:
    file = tmp_path_factory.getbasetemp() / f"one.{ending}"
    with file.open("wb") as opened:
        form: JsonlWriter | HarWriter = (
            JsonlWriter(opened, masked=False, now=START)
            if ending == "jsonl"
            else HarWriter(opened, masked=False)
        )
        form.write([event])
        form.end()
    json.loads(file.read_bytes().split(b"\n")[1] if ending == "jsonl" else file.read_bytes())
    (read,) = jsonl.read(file) if ending == "jsonl" else har_read.read(file)
    assert comparable(Event(event.id, read.attempt or 0, *past(read))) == comparable(event)


def past(read: Restored) -> tuple[Any, ...]:
    return read.gap, read.count, read.last_at, read.written, read.settled_at, read.mark


@FORMATS
@settings(max_examples=10)
@given(events=st.lists(st.tuples(timely_events, marks), max_size=3))
def test_any_events_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, ending: str, events: list[tuple[NewEvent, Mark | None]]
) -> None:
    def fill(writer: HistoryWriter) -> None:
        for written, (_, mark) in zip(writer.add([event for event, _ in events]), events, strict=True):
            writer.annotate(written.id, mark)

    before, after = there_and_back(tmp_path_factory.mktemp("round"), ending, fill)
    assert [comparable(event) for event in after] == [comparable(event) for event in before]


@FORMATS
def test_a_life_comes_back_too(tmp_path: Path, ending: str) -> None:
    """Attempts, a later answer, a client that was turned away again and again, the upstream's answer."""
    offer = ClientOffer(("TLSv1.3",), ("TLS_AES_128_GCM_SHA256",), ("x25519",), ("rsa",), ("h2", "http/1.1"))
    shared = connection(
        via="10.0.0.1:443", tls=TlsFacts("TLSv1.3", "x", "localhost", None, offer, ("CN=a",), "b", "c")
    )
    forwarded = Forwarded(
        "https://up.example/",
        503,
        (("server", "nginx"),),
        b"\xff\xfe",
        Timings(tls=1.5),
        "timeout",
        "late",
        Advice("a", "b", "c"),
    )

    def fill(writer: HistoryWriter) -> None:
        once = push(
            connection=shared,
            retry_key=b"k" * 16,
            rule="slow",
            problems=(Problem("wrong_type", Severity.ERROR, "aps.badge", "…"),),
            timings=Timings(resolve=0.25, connect=1.5, tls=3, total=41.25),
        )
        writer.add([once, replace(once, at=START + SECOND)])
        writer.settle(2, Settled(START + 2 * SECOND, 502, (("x", "y"),), b"no", "late", forwarded))
        writer.add(
            [
                handshake(),
                push(direction=Direction.OUT, url="https://example.org/a?b=ü", status=None, reason="timeout"),
            ]
        )
        writer.repeat(3, START + 5 * SECOND)
        writer.annotate(1, Mark("look here", "red", pinned=True))

    before, after = there_and_back(tmp_path, ending, fill)
    assert [comparable(event) for event in after] == [comparable(event) for event in before]
    assert [event.attempt for event in after[:2]] == [1, 2]
    assert after[1].gap == SECOND
    assert after[0].written.connection is after[1].written.connection is not None


def test_imported_attempts_are_counted_on(tmp_path: Path) -> None:
    def fill(writer: HistoryWriter) -> None:
        once = push(retry_key=b"k" * 16)
        writer.add([once, replace(once, at=START + SECOND)])

    there_and_back(tmp_path, "jsonl", fill)
    with HistoryWriter.open(tmp_path / "two.sqlite3") as writer:
        (third,) = writer.add([push(retry_key=b"k" * 16, at=START + 3 * SECOND)])
    assert (third.attempt, third.gap) == (3, 2 * SECOND)


def test_importing_twice_adds_twice(tmp_path: Path) -> None:
    def fill(writer: HistoryWriter) -> None:
        writer.add([push(), handshake()])

    there_and_back(tmp_path, "jsonl", fill)
    with HistoryWriter.open(tmp_path / "two.sqlite3") as writer, HistoryReader.open(writer.path) as reader:
        done = import_events(lambda: writer, tmp_path / "events.jsonl")
        assert (done.events, done.first_id, done.last_id) == (2, 3, 4)
        assert list(reader.ids()) == [1, 2, 3, 4]


def test_many_events_are_read_as_one_by_one(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.add([push(connection=connection()), handshake(), push(rule="r", forwarded=Forwarded("u")), push()])
    writer.annotate(4, Mark("x"))
    ids = [4, 99, 2, 1, 3]
    read = reader.events(ids)
    assert [event.id for event in read] == [4, 2, 1, 3]
    for event in read:
        alone = reader.event(event.id)
        assert alone is not None
        assert comparable(event) == comparable(alone)
