"""One turn of the loop, one transaction; then the answers; then the news."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from inspector.errors import HistoryError
from inspector.history.model import Direction, Kind, NewEvent, Settled, Written
from inspector.history.store import HistoryWriter
from inspector.listener.batch import Batch
from inspector.listener.events import (
    HandshakeFailed,
    ListenerEvent,
    PushReceived,
    PushSettled,
    StoreFailed,
)


class Watched:
    """The real writer, with a note of what went through it, and an outage on demand."""

    def __init__(self, writer: HistoryWriter, log: list[object]) -> None:
        self.writer = writer
        self.log = log
        self.broken = False

    def add(self, events: Sequence[NewEvent]) -> list[Written]:
        self.log.append(("add", len(events)))
        if self.broken:
            raise HistoryError("The disk is full.", "Make room.")
        return self.writer.add(events)

    def repeat(self, identifier: int, at: int) -> int:
        if self.broken:
            raise HistoryError("The disk is full.", "Make room.")
        return self.writer.repeat(identifier, at)

    def settle_all(self, answers: Sequence[tuple[int, Settled]]) -> list[bool]:
        self.log.append(("settle", len(answers)))
        if self.broken:
            raise HistoryError("The disk is full.", "Make room.")
        return self.writer.settle_all(answers)


@pytest.fixture
def log() -> list[object]:
    return []


@pytest.fixture
def watched(writer: HistoryWriter, log: list[object]) -> Watched:
    return Watched(writer, log)


def push(number: int = 0) -> NewEvent:
    return NewEvent(Kind.PUSH, Direction.IN, number, status=200, method="POST", path=f"/{number}")


def refusal(reason: str = "expired", at: int = 1) -> NewEvent:
    return NewEvent(Kind.HANDSHAKE, Direction.IN, at, reason=reason)


def make(watched: Watched, log: list[object]) -> Batch:
    return Batch(asyncio.get_running_loop(), watched, log.append)


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_one_turn_is_one_transaction(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        for number in range(5):
            batch.add_request(push(number), lambda written: log.append(written), is_push=True)
        assert log == []
        await turns()
        assert batch.pushes == 5

    asyncio.run(scenario())
    assert log[0] == ("add", 5)
    # All are answered before anything is told.
    assert log[1:6] == [Written(number, 1) for number in range(1, 6)]
    assert [type(event) for event in log[6:]] == [PushReceived] * 5


def test_a_turn_that_brings_very_many_is_split(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        for number in range(600):
            batch.add_request(push(number), lambda _written: None, is_push=True)
        await turns(6)

    asyncio.run(scenario())
    assert [entry for entry in log if isinstance(entry, tuple)] == [("add", 256), ("add", 256), ("add", 88)]


def test_one_that_fails_to_be_answered_costs_the_others_nothing(
    watched: Watched, log: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_written: Written | None) -> None:
        raise OSError("gone")

    async def scenario() -> None:
        batch = make(watched, log)
        batch.add_request(push(1), fail, is_push=True)
        batch.add_request(push(2), lambda written: log.append(written), is_push=True)
        await turns()

    asyncio.run(scenario())
    assert Written(2, 1) in log
    assert len([event for event in log if isinstance(event, PushReceived)]) == 2
    assert "could not be answered" in caplog.text


def test_an_outage_is_told_once(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        for broken in (True, True, False, True):
            watched.broken = broken
            batch.add_request(push(), lambda written: log.append(written), is_push=True)
            await turns()
        assert batch.pushes == 1

    asyncio.run(scenario())
    told = [entry for entry in log if isinstance(entry, StoreFailed | PushReceived)]
    assert [type(event) for event in told] == [StoreFailed, PushReceived, StoreFailed]
    assert [entry for entry in log if entry is None] == [None] * 3
    assert "The disk is full. Make room." in str(told[0])


def test_repeats(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        for reason, address in [
            ("expired", "a"),
            ("expired", "a"),
            ("expired", "b"),
            ("timeout", "a"),
            ("expired", "a"),
        ]:
            batch.add_refusal(refusal(reason), (address, reason, ""))
        await turns()
        batch.add_refusal(refusal(at=9), ("a", "expired", ""))
        batch.flush()
        assert batch.handshake_failures == 6

    asyncio.run(scenario())
    told: list[HandshakeFailed] = [entry for entry in log if isinstance(entry, HandshakeFailed)]
    assert [(event.written.id, event.count) for event in told] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (3, 1),
        (1, 3),
        (1, 4),
    ]


def test_answers_of_one_turn_are_settled_together(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        for number in range(3):
            batch.add_request(push(number), lambda _written: None, is_push=True)
        await turns()
        for number in (1, 2, 3, 4):  # there is no 4
            batch.add_settled(number, Settled(9, 503))
        await turns()

    asyncio.run(scenario())
    assert ("settle", 4) in log
    told = [entry for entry in log if isinstance(entry, PushSettled)]
    assert told == [PushSettled(number, Settled(9, 503)) for number in (1, 2, 3)]


def test_answers_outlast_an_outage(watched: Watched, log: list[object]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        batch.add_request(push(), lambda _written: None, is_push=True)
        await turns()
        watched.broken = True
        batch.add_settled(1, Settled(9, 503))
        await turns()
        watched.broken = False
        batch.add_request(push(), lambda _written: None, is_push=True)
        await turns()
        batch.add_settled(2, Settled(9, 200))
        batch.flush()

    asyncio.run(scenario())
    told = [entry for entry in log if isinstance(entry, PushSettled | StoreFailed)]
    assert [type(entry) for entry in told] == [StoreFailed, PushSettled, PushSettled]


def test_a_row_that_was_deleted_is_written_anew(
    watched: Watched, log: list[object], writer: HistoryWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        batch = make(watched, log)
        batch.add_refusal(refusal(), ("a", "expired", ""))
        await turns()
        writer._database.execute("DELETE FROM events")
        batch.add_refusal(refusal(), ("a", "expired", ""))
        batch.add_refusal(refusal(), ("a", "expired", ""))
        await turns()

    asyncio.run(scenario())
    told = [entry for entry in log if isinstance(entry, HandshakeFailed)]
    assert [event.count for event in told] == [1, 1, 2]
    assert told[1].written.id != told[0].written.id


def test_the_last_flush_leaves_nothing(watched: Watched, log: list[ListenerEvent]) -> None:
    async def scenario() -> None:
        batch = make(watched, log)  # type: ignore[arg-type]
        for number in range(300):
            batch.add_request(push(number), lambda _written: None, is_push=False)
        batch.add_refusal(refusal(), ("a", "expired", ""))
        batch.flush()
        assert (batch.pushes, batch.refused_requests, batch.handshake_failures) == (0, 300, 1)

    asyncio.run(scenario())
