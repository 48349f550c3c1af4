"""How a run is counted: by status, by reason, by time, and never more points in time than a plot can show."""

from __future__ import annotations

import pytest

from inspector.history.model import Timings
from inspector.sender.model import SendFailure, SendResult
from inspector.sender.run_progress import MOST_SLOTS, RunProgress, Tally, summarize


def result(status: int | None, reason: str = "timeout", message: str = "Too slow.") -> SendResult:
    failure = None if status else SendFailure(reason, message, "Wait.")
    return SendResult(0, "https://h/", (), status, "HTTP/1.1", (), b"", Timings(), None, failure)


def tallied(*ends: tuple[float, SendResult]) -> RunProgress:
    tally = Tally(len(ends))
    tally.begin(100.0)
    for at, one in ends:
        tally.started()
        tally.ended(one, due=100 + at - 0.004, late=0.001, now=100 + at)
    return tally.snapshot()


def test_the_most_frequent_first_and_the_first_failure_s_words() -> None:
    progress = tallied(
        (0.1, result(200)),
        (0.2, result(503)),
        (0.3, result(503)),
        (0.4, result(None, "dropped")),
        (0.5, result(None, message="First.")),
        (0.6, result(None, message="Second.")),
    )
    assert list(progress.statuses.items()) == [(503, 2), (200, 1)]
    assert list(progress.failures.items()) == [("timeout", 2), ("dropped", 1)]
    assert progress.first_failures["timeout"].message == "First."
    assert (progress.sent, progress.in_flight, progress.latencies.count) == (6, 0, 6)
    assert progress.latencies.highest == pytest.approx(4.0)
    assert progress.lateness.highest == pytest.approx(1.0)


def test_what_was_cancelled_has_no_latency() -> None:
    summary = summarize(tallied((0.1, result(None, "cancelled"))))
    assert dict(summary.failures) == {"cancelled": 1}
    assert summary.latencies == {}
    assert summary.progress.series == ()


def test_time_has_no_holes() -> None:
    progress = tallied((0.5, result(200)), (3.2, result(500)), (3.3, result(None)))
    assert [slot.start for slot in progress.series] == [0, 1, 2, 3]
    assert [(slot.accepted, slot.refused, slot.failed) for slot in progress.series] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (0, 1, 1),
    ]
    assert progress.series[3].mean_latency == pytest.approx(4.0)


@pytest.mark.parametrize("seconds", [MOST_SLOTS - 1, MOST_SLOTS, MOST_SLOTS * 2 + 1, MOST_SLOTS * 37])
def test_long_runs_get_longer_slots(seconds: int) -> None:
    progress = tallied(*((float(at), result(200 if at % 2 else 404)) for at in range(0, seconds + 1, 7)))
    assert len(progress.series) <= MOST_SLOTS
    assert sum(slot.accepted for slot in progress.series) == progress.statuses[200]
    assert sum(slot.refused for slot in progress.series) == progress.statuses[404]
    assert progress.series[-1].start <= seconds < progress.series[-1].start + 7 + progress.slot_seconds
