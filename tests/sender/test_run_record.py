"""A run's pushes in the history: all or a sample, in batches, and whatever the history does, the run goes on."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.errors import HistoryError
from inspector.history.model import Direction, NewEvent
from inspector.history.store import HistoryWriter
from inspector.history.up_to_date import open_for_reading
from inspector.sender.player.play import play
from inspector.sender.player.scripts import find_script
from inspector.sender.record import to_event
from inspector.sender.run import run
from inspector.sender.run_plan import repeats
from inspector.sender.run_record import SAMPLE_EVERY, Keep, Recorder
from inspector.sender.send import send


class Shelf:
    """Keeps what it is given; fails at the batches named."""

    def __init__(self, *failing: int) -> None:
        self.batches: list[list[NewEvent]] = []
        self._failing = failing

    def add(self, events: Sequence[NewEvent]) -> None:
        self.batches.append(list(events))
        if len(self.batches) - 1 in self._failing:
            raise HistoryError("The disk is full.", "Free some space.")

    @property
    def events(self) -> list[NewEvent]:
        return [event for batch in self.batches for event in batch]


def test_every_push_is_kept_as_a_single_send_would_be(
    nginx: Any, target_for: Any, dev: DevIdentities
) -> None:
    shelf, target = Shelf(), target_for(nginx.required, dev.client)
    bodies = [b'{"a":1}', b"not json", b""]
    with Recorder(shelf.add) as recorder:
        run(target, repeats(lambda n: bodies[n % 3], 600), concurrency=4, on_result=recorder.take)
    assert (recorder.recorded.stored, recorder.recorded.lost, recorder.recorded.error) == (600, 0, None)
    assert [event.body for event in shelf.events].count(b"not json") == 200
    assert len(shelf.batches) < 100
    for body in bodies:
        alone = to_event(send(target, body), body)
        event = next(one for one in shelf.events if one.body == body)
        assert event.connection is not None
        assert alone.connection is not None
        assert (event.headers, event.path, event.url, event.status) == (
            alone.headers,
            alone.path,
            alone.url,
            200,
        )
        assert (event.problems, event.service) == (alone.problems, alone.service)
        assert event.connection.certificate == alone.connection.certificate
        assert event.connection.tls == alone.connection.tls
        assert [name for name, _ in event.answer_headers] == [name for name, _ in alone.answer_headers]
        assert event.answer_body == alone.answer_body


def test_a_history_that_fails_is_told_and_the_run_goes_on(nginx: Any, target_for: Any) -> None:
    shelf = Shelf(0, 1)
    with Recorder(shelf.add) as recorder:
        summary = run(
            target_for(nginx.none), repeats(lambda _: b"{}", 2000), concurrency=4, on_result=recorder.take
        )
    recorded = recorder.recorded
    assert summary.statuses == {200: 2000}
    assert recorded.stored + recorded.lost == 2000
    assert recorded.lost == sum(len(batch) for batch in shelf.batches[:2])
    assert recorded.error is not None
    assert "disk" in recorded.error.message


def test_a_slow_history_does_not_slow_the_run(nginx: Any, target_for: Any) -> None:
    """The run is over before the first batch is stored."""
    over = threading.Event()

    def add(_events: Sequence[NewEvent]) -> None:
        assert over.wait(20)

    with Recorder(add) as recorder:
        summary = run(
            target_for(nginx.none), repeats(lambda _: b"{}", 500), concurrency=2, on_result=recorder.take
        )
        over.set()
    assert summary.sent == recorder.recorded.stored == 500


@pytest.mark.parametrize("path", ["/", "/503"])
def test_a_sample_has_all_that_went_wrong(nginx: Any, target_for: Any, path: str) -> None:
    shelf = Shelf()
    with Recorder(shelf.add, Keep.SAMPLE) as recorder:
        run(target_for(nginx.none, path=path), repeats(lambda _: b"{}", 250), on_result=recorder.take)
    assert len(shelf.events) == (250 if path == "/503" else 1 + 250 // SAMPLE_EVERY)


def test_none_is_none(nginx: Any, target_for: Any) -> None:
    shelf = Shelf()
    with Recorder(shelf.add, Keep.NONE) as recorder:
        run(target_for(nginx.none), repeats(lambda _: b"{}", 5), on_result=recorder.take)
    assert shelf.batches == []
    assert recorder.recorded.stored == 0


def test_a_fault_of_our_own_leaves_nobody_waiting(
    nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(_events: Sequence[NewEvent]) -> None:
        raise RuntimeError("a fault")

    seen: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    monkeypatch.setattr("inspector.sender.run_record._MOST_WAITING", 10)
    with Recorder(add) as recorder:
        summary = run(target_for(nginx.none), repeats(lambda _: b"{}", 300), on_result=recorder.take)
    assert summary.sent == 300
    assert isinstance(seen[0].exc_value, RuntimeError)


def test_a_played_script_is_in_the_history(nginx: Any, target_for: Any, tmp_path: Path) -> None:
    exchange = play(find_script("bad-network"))
    path = tmp_path / "history.db"
    with HistoryWriter.open(path) as writer, Recorder(writer.add) as recorder:
        run(target_for(nginx.none), exchange.plan(speed=200), on_result=recorder.take)
    with open_for_reading(path) as reader:
        events = [reader.event(number + 1) for number in range(len(exchange.moves))]
    for number, event in enumerate(events):
        assert event is not None
        assert event.written.direction is Direction.OUT
        assert event.written.body == exchange.body(number)
        assert event.written.problems == ()
