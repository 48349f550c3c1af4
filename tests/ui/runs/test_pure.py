"""What needs no window: stretches, axes, words, scripts changed in place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import UsageError
from inspector.sender.latency_histogram import DurationCounter
from inspector.sender.model import SendFailure
from inspector.sender.request import SendRequest, TrustKind
from inspector.sender.run_progress import RunProgress
from inspector.ui.runs.axes import clock, count_axis, duration, latency_axis, short_count, time_axis
from inspector.ui.runs.samples import MOST_STRETCHES, Sampler, percentiles
from inspector.ui.runs.scripts import (
    SERVICES,
    ScriptText,
    built_in_scripts,
    read_facts,
    with_devices,
    with_number,
)
from inspector.ui.runs.target_words import where_words
from inspector.ui.runs.wording import as_text, figures, headline, outcomes, trouble

NOWHERE = SendFailure("connect_failed", "Nothing listens at localhost:1.", "Check the port.")


def progress(
    *,
    statuses: Mapping[int, int] | None = None,
    failures: Mapping[str, SendFailure] | None = None,
    counts: Mapping[str, int] | None = None,
    seconds: float = 1.0,
    latencies: DurationCounter | None = None,
    running: bool = False,
    cancelled: bool = False,
    planned: int = 100,
) -> RunProgress:
    counts = counts or dict.fromkeys(failures or {}, 1)
    answered = sum((statuses or {}).values())
    return RunProgress(
        planned=planned,
        sent=answered + sum(counts.values()),
        in_flight=0,
        statuses=statuses or {},
        failures=counts,
        first_failures=failures or {},
        latencies=(latencies or DurationCounter()).snapshot(),
        lateness=DurationCounter().snapshot(),
        series=(),
        slot_seconds=1.0,
        started_at=0,
        seconds=seconds,
        running=running,
        cancelled=cancelled,
    )


# stretches


@given(st.lists(st.lists(st.floats(0.01, 10_000), max_size=20), min_size=1, max_size=30))
@settings(max_examples=60)
def test_stretches_add_up_and_leave_no_hole(parts: list[list[float]]) -> None:
    counter, sampler, sent = DurationCounter(), Sampler(), 0
    for place, part in enumerate(parts):
        for one in part:
            counter.add(one)
        sent += len(part)
        last = place == len(parts) - 1
        sampler.take(
            progress(
                statuses={200: sent} if sent else {},
                seconds=(place + 1) * 0.1,
                latencies=counter,
                running=not last,
            )
        )
    told = sampler.stretches
    assert sum(one.done for one in told) == sent
    assert told[0].start == 0.0
    assert told[-1].end == pytest.approx(len(parts) * 0.1)
    assert all(one.end == after.start for one, after in pairwise(told))
    for told_of, part in zip(told, parts, strict=False):
        assert bool(told_of.percentiles) == bool(part)
        if part:
            assert told_of.percentiles[-1] == pytest.approx(max(part), rel=0.021)
            assert list(told_of.percentiles) == sorted(told_of.percentiles)


def test_long_runs_take_no_more_room() -> None:
    counter, sampler = DurationCounter(), Sampler()
    for place in range(1, 3001):
        counter.add(5.0)
        sampler.take(progress(statuses={200: place}, seconds=place * 0.1, latencies=counter, running=True))
    told = sampler.stretches
    assert MOST_STRETCHES / 4 < len(told) <= MOST_STRETCHES
    assert sum(one.done for one in told) == pytest.approx(3000, abs=MOST_STRETCHES)
    assert told[len(told) // 2].rate == pytest.approx(10, rel=0.05)


def test_too_early_a_look_tells_nothing_and_the_end_tells_all() -> None:
    sampler = Sampler()
    assert not sampler.take(progress(statuses={200: 1}, seconds=0.01, running=True))
    assert sampler.take(
        progress(
            statuses={200: 1, 503: 2},
            counts={"timeout": 1, "cancelled": 3},
            failures={"timeout": NOWHERE},
            seconds=0.02,
        )
    )
    (one,) = sampler.stretches
    assert (one.accepted, one.refused, one.failed) == (1, 2, 1), "what was given up is none of them"


def test_a_clock_that_begins_anew_is_followed() -> None:
    sampler = Sampler()
    assert sampler.take(progress(seconds=0.3, running=True))
    assert sampler.take(progress(statuses={200: 9}, seconds=0.2))
    (one,) = sampler.stretches
    assert (one.start, one.end, one.done) == (0.0, 0.2, 9)


def test_the_rest_of_a_run_makes_no_peak_of_its_own() -> None:
    sampler = Sampler()
    sampler.take(progress(statuses={200: 100}, seconds=0.1, running=True))
    sampler.take(progress(statuses={200: 160}, seconds=0.101))
    (one,) = sampler.stretches
    assert one.done == 160


def test_percentiles_are_nearest_rank() -> None:
    assert percentiles({}) == ()
    assert percentiles({1.0: 1}) == pytest.approx((1.01, 1.01, 1.01), rel=0.01)
    assert percentiles({1.0: 50, 2.0: 45, 4.0: 5}) == pytest.approx((1.01, 2.02, 4.04), rel=0.01)


# axes


@given(st.floats(0.001, 3_600_000), st.floats(1.0, 1000))
@settings(max_examples=100)
def test_a_latency_axis_holds_its_figures(low: float, factor: float) -> None:
    high = min(low * factor, 3_600_000)
    axis = latency_axis(low, high)
    assert axis.low <= max(low, 0.001)
    assert axis.high >= high or axis.ticks[-1].value == axis.high
    assert 0 <= axis.place(low) <= axis.place(high) <= 1
    assert 1 <= len(axis.ticks) <= 10


@given(st.floats(0, 1e8))
@settings(max_examples=100)
def test_a_count_axis_begins_at_nothing_and_has_few_steps(highest: float) -> None:
    axis = count_axis(highest)
    assert axis.low == axis.ticks[0].value == 0
    assert axis.high >= highest
    assert 2 <= len(axis.ticks) <= 6
    assert len({tick.text for tick in axis.ticks}) == len(axis.ticks)


@given(st.floats(0, 1.5e5), st.floats(100, 2000))
@settings(max_examples=100)
def test_a_time_axis_has_room_for_its_labels(seconds: float, width: float) -> None:
    axis = time_axis(seconds, width)
    assert 1 <= len(axis.ticks) <= max(3, width / 72) + 1
    assert all(0 <= axis.place(tick.value) <= 1 for tick in axis.ticks)


def test_figures_are_short() -> None:
    assert [duration(one) for one in (0.123, 1.26, 12.34, 123.4, 1234, 90_000)] == [
        "0.12 ms", "1.3 ms", "12.3 ms", "123 ms", "1.23 s", "1.5 min",
    ]  # fmt: skip
    assert [clock(one) for one in (0, 5, 75, 3725)] == ["0 s", "5 s", "1:15", "1:02:05"]
    assert [short_count(one) for one in (950, 1500, 20_000, 1_500_000)] == ["950", "1,500", "20k", "1.5M"]


# words


def test_how_a_run_goes_and_went_in_words() -> None:
    assert headline(progress(statuses={200: 7}, running=True)) == "7 of 100 sent"
    assert headline(progress(statuses={200: 100}, seconds=2)) == "Done: 100 pushes in 2.00 s, 50/s"
    assert headline(progress(statuses={200: 1}, cancelled=True)) == "Stopped: 1 push in 1.00 s, 1/s"
    bad = progress(
        statuses={200: 5, 503: 2}, failures={"connect_failed": NOWHERE}, counts={"connect_failed": 3}
    )
    assert headline(bad) == "Done: 10 pushes in 1.00 s, 10/s; 5 not accepted"
    assert trouble(bad) == 5


def test_ways_to_end_are_told_with_their_meaning() -> None:
    found = outcomes(
        progress(
            statuses={200: 6, 503: 2},
            failures={"connect_failed": NOWHERE},
            counts={"connect_failed": 1, "cancelled": 1},
        )
    )
    assert [(one.kind, one.words, one.count, one.share) for one in found] == [
        ("good", "200 accepted", 6, 0.6),
        ("refused", "503 error of the endpoint, sent again", 2, 0.2),
        ("failed", "Could not connect", 1, 0.1),
        ("given up", "Cancelled", 1, 0.1),
    ]


def test_a_summary_as_text_has_the_figures_and_why() -> None:
    text = as_text(progress(statuses={200: 1}, failures={"connect_failed": NOWHERE}), "a body", "a place")
    assert "What: a body\nTarget: a place" in text
    assert "Could not connect: Nothing listens at localhost:1. Check the port." in text
    assert [one.name for one in figures(progress())][:4] == ["Sent", "Per second", "In flight", "p50"]


def test_a_target_in_words_tells_what_is_not_usual_and_no_secret() -> None:
    assert where_words(SendRequest("https://a/", "me")) == "https://a/ · as me"
    whole = where_words(
        SendRequest(
            "https://a/?token=secret",
            trust=TrustKind.NOTHING,
            tls_min="1.3",
            basic_user="u",
            basic_password="secret",
            headers=(("X", "secret"),),
            proxy="http://secret:secret@p:1",
        )
    )
    assert "secret" not in whole
    assert "without a certificate · their certificate not checked · TLS 1.3 to 1.3" in whole
    assert whole.endswith("by a proxy · with Basic · 1 header")


# scripts


def test_the_scripts_that_come_along_can_be_played() -> None:
    scripts = built_in_scripts()
    assert len(scripts) >= 3
    for script in scripts:
        facts = read_facts(script)
        assert facts.pushes > 0
        assert facts.seconds >= 0
        assert sum(facts.devices.values()) > 0


@given(st.sampled_from(SERVICES), st.integers(0, 50))
@settings(max_examples=30)
def test_devices_are_changed_in_place(service: str, count: int) -> None:
    script = built_in_scripts()[1]
    before = json.loads(script.text)
    changed = with_devices(script.text, service, count)
    facts = read_facts(ScriptText("k", "t", with_number(changed, ("devices_each",), 1)))
    assert facts.devices[service] == count
    after = json.loads(changed)
    assert {key: one for key, one in after.items() if key != "devices"} == {
        key: one for key, one in before.items() if key != "devices"
    }


def test_numbers_are_changed_in_place_and_what_is_unknown_stays() -> None:
    text = '{"later": [1, 2], "pushes": 3}'
    changed = json.loads(with_number(with_number(text, ("pause", "most"), 2.5), ("pushes",), 7.0))
    assert changed == {"later": [1, 2], "pushes": 7, "pause": {"most": 2.5}}
    for broken in ("", "[1]", '{"a":'):
        with pytest.raises(UsageError, match="JSON"):
            with_number(broken, ("pushes",), 1)
        with pytest.raises(UsageError, match="JSON"):
            with_devices(broken, "apns", 1)


def test_what_is_wrong_with_a_script_is_named() -> None:
    script = built_in_scripts()[0]
    with pytest.raises(UsageError, match="pushes"):
        read_facts(ScriptText("k", "mine", with_number(script.text, ("pushes",), -1)))
