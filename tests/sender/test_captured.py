"""Captured pushes to be sent again: which, in which order, when, and with which bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import HistoryError, UsageError
from inspector.history.model import NewEvent
from inspector.history.ordering import Order
from inspector.history.query import local_now, parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.sender.captured import PAGE, CapturedPushes, Chosen, Pace, choose
from inspector.sender.run_plan import Plan
from tests.history.examples import SECOND, START, handshake, push


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def store(path: Path, events: list[NewEvent]) -> list[int]:
    with HistoryWriter.open(path) as writer:
        return [written.id for written in writer.add(events)]


def bodies(plan: Plan) -> list[bytes]:
    return [plan.body(number) for number in range(plan.count)]


def chosen(path: Path, *args: object, **options: object) -> Chosen:
    with HistoryReader.open(path) as reader:
        return choose(reader, *args, **options)  # type: ignore[arg-type]


def test_bytes_come_as_they_were_captured_over_many_pages(history: Path) -> None:
    captured = [f'{{"n" : {n}, "é": "\\u00e9"}}\r\n'.encode() + b"\xff" for n in range(3 * PAGE + 5)]
    store(history, [push(body=body) for body in captured])
    with CapturedPushes(history, chosen(history)) as pushes:
        assert bodies(pushes.plan()) == captured


def test_the_chosen_come_in_their_order_without_handshakes(history: Path) -> None:
    first, refused, second, third = store(
        history, [push(body=b"1"), handshake(), push(body=b"2"), push(body=b"3")]
    )
    found = chosen(history, [third, refused, first, second])
    assert list(found.ids) == [third, first, second]
    assert found.handshakes == 1
    assert list(chosen(history, [third, refused, first], most=1).ids) == [third]
    with CapturedPushes(history, found, Pace(rate=10)) as pushes:
        plan = pushes.plan()
        assert [plan.due(n) for n in range(3)] == [0.0, 0.1, 0.2]
        assert bodies(plan) == [b"3", b"1", b"2"]


def test_what_matches_a_filter_is_chosen_in_the_order_that_is_shown(history: Path) -> None:
    store(history, [push(sequence=n, body=str(n).encode()) for n in (1, 3, 2, 5)] + [handshake()])
    query = parse("seq:..3", now=local_now())
    assert chosen(history, query=query).handshakes == 0
    found = chosen(history, query=query, order=Order("sequence", descending=True))
    with CapturedPushes(history, found) as pushes:
        assert bodies(pushes.plan()) == [b"3", b"2", b"1"]


def test_the_times_between_them_are_kept_and_never_go_back(history: Path) -> None:
    moments = (0, 2, 1, 6)
    ids = store(history, [push(at=START + moment * SECOND, body=str(moment).encode()) for moment in moments])
    back_to_front = chosen(history, list(reversed(ids)))
    with CapturedPushes(history, back_to_front, Pace(gaps=True, speed=2.0)) as pushes:
        plan = pushes.plan()
        dues, sent = [], []
        for number in range(plan.count):
            assert plan.due(number) == plan.due(number), "it is asked for several times"
            dues.append(plan.due(number))
            sent.append(plan.body(number))
    assert dues == [0.0, 1.0, 1.0, 3.0]
    assert sent == [b"0", b"2", b"1", b"6"]


def test_a_push_that_is_gone_is_told(history: Path) -> None:
    ids = store(history, [push(body=b"1"), push(body=b"2")])
    found = Chosen(chosen(history).ids[:] + chosen(history).ids[:0])
    found.ids.append(ids[-1] + 7)
    with CapturedPushes(history, found) as pushes:
        plan = pushes.plan()
        assert [plan.body(0), plan.body(1)] == [b"1", b"2"]
        with pytest.raises(HistoryError, match=f"#{ids[-1] + 7} is not in the history any more"):
            plan.body(2)


def test_a_history_that_is_gone_is_told(history: Path, tmp_path: Path) -> None:
    store(history, [push()])
    with CapturedPushes(tmp_path / "other.sqlite", chosen(history)) as pushes, pytest.raises(HistoryError):
        pushes.plan().body(0)


def test_ending_early_leaves_no_thread(history: Path) -> None:
    store(history, [push() for _ in range(PAGE * 6)])
    with CapturedPushes(history, chosen(history)) as pushes:
        pushes.plan().body(0)


def test_nothing_to_send_and_odd_paces_are_refused(history: Path) -> None:
    store(history, [handshake()])
    with pytest.raises(UsageError, match="no push to send again"):
        CapturedPushes(history, chosen(history))
    for speed in (0.0, float("inf")):
        with pytest.raises(UsageError, match="speed"):
            Pace(gaps=True, speed=speed)
    store(history, [push()])
    strange = Pace(rate=0.0)
    with CapturedPushes(history, chosen(history), strange) as pushes, pytest.raises(UsageError, match="rate"):
        pushes.plan()
