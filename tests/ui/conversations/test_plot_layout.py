"""Where things stand in the plots: the axis with its breaks and ticks, lanes, marks, links, the badge, the bars."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.push import Service
from inspector.history.model import Direction
from inspector.ui.conversations.bars import LONGEST_GAP, MOST_BARS, per_time, retry_gaps
from inspector.ui.conversations.plot_layout import MOST_LANES, PlotLayout, lay_out
from inspector.ui.conversations.time_axis import BREAK_WIDTH, HOUR, TimeAxis
from tests.ui.conversations.records import SECOND, push, retried

moments = st.lists(st.integers(0, 2 * 10**15), min_size=1, max_size=60).map(sorted)


def width_of(text: str) -> float:
    return 6.0 * len(text)


def plot(pushes: list, faulty: frozenset[int] = frozenset(), width: float = 900) -> PlotLayout:  # type: ignore[type-arg]
    return lay_out(pushes, faulty, left=50, right=50 + width, top=0, bottom=100)


@given(moments, st.integers(60, 3000))
def test_the_axis_keeps_the_order_and_its_ends(times: list[int], width: int) -> None:
    axis = TimeAxis(times, 10, 10 + width)
    places = [axis.x(moment) for moment in times]
    assert places == sorted(places)
    assert places[0] >= 10
    assert all(before.right <= after.left for before, after in pairwise(axis.segments))
    ticks = list(axis.ticks(width_of, 10 + width))
    edges = [(tick.x - width_of(tick.text) / 2, tick.x + width_of(tick.text) / 2) for tick in ticks]
    assert all(before[1] < after[0] for before, after in pairwise(edges))
    assert all(right <= 10 + width for _, right in edges)
    assert not any(left < each.x < right for left, right in edges for each in axis.breaks), (
        "a label runs into a break"
    )


@given(st.lists(st.integers(0, 30 * SECOND), min_size=2, max_size=50).map(sorted))
def test_what_came_close_together_is_drawn_to_scale(times: list[int]) -> None:
    axis = TimeAxis(times, 0, 500)
    assert not axis.breaks
    if times[-1] - times[0] > SECOND:
        half = (times[0] + times[-1]) // 2
        assert axis.x(half) == pytest.approx(250, abs=1)


def test_a_long_quiet_time_becomes_a_break_that_says_how_long() -> None:
    burst = [0, 10 * SECOND, 20 * SECOND]
    times = burst + [moment + HOUR for moment in burst]
    axis = TimeAxis(times, 0, 500)
    (each,) = axis.breaks
    assert each.duration == HOUR - 20 * SECOND
    assert axis.x(10 * SECOND) - axis.x(0) > 50, "the retries can be told apart"
    first, second = axis.segments
    assert second.left - first.right == BREAK_WIDTH
    assert not TimeAxis(times, 0, 60).breaks, "there is no room for it"


def test_no_pushes_make_an_empty_plot() -> None:
    layout = plot([])
    assert (layout.lanes, layout.marks, layout.axis.segments) == ((), (), ())
    assert per_time([]).bars == retry_gaps([]).bars == ()


def test_lanes_marks_and_links() -> None:
    layout = plot(retried(), frozenset({4}))
    assert [(lane.name, lane.sent) for lane in layout.lanes] == [("iOS", False), ("FCM", False)]
    marks = layout.marks
    assert [mark.places for mark in marks] == [(0,), (1,), (2,), (3,), (4,)]
    assert [bool(mark.refused) for mark in marks] == [True, True, False, False, False]
    assert [mark.retry for mark in marks] == [False, True, True, False, False]
    assert [mark.faulty for mark in marks] == [False, False, False, True, False]
    assert [mark.label for mark in marks] == ["1", "", "", "2", "2"]
    assert [(link.left, link.right, link.text) for link in layout.links] == [
        (marks[0].x, marks[1].x, "10.0 s"),
        (marks[1].x, marks[2].x, "10.0 s"),
    ]
    assert marks[1].x - marks[0].x == pytest.approx(marks[2].x - marks[1].x)
    assert [steps.last for steps in layout.steps] == [2, 2]
    rising = layout.steps[0].points
    assert rising[0][1] > rising[-1][1], "up is less"


def test_devices_and_directions_have_lanes_of_their_own_until_there_is_no_room() -> None:
    many = [push(place, device=str(place)) for place in range(1, 10)]
    sent = push(20, direction=Direction.OUT)
    layout = plot([sent, push(21), push(22, device="b")])
    assert [(lane.name, lane.sent) for lane in layout.lanes] == [
        ("iOS", True),
        ("iOS", False),
        ("iOS 2", False),
    ]
    layout = plot(many)
    assert len(layout.lanes) == MOST_LANES
    assert layout.lanes[-1].name == "others"
    assert sum(len(mark.places) for mark in layout.marks) == 9


def test_thousands_become_a_mark_for_each_place_there_is_room_for() -> None:
    pushes = [push(place, place * 0.5, status=500 if place == 40 else 200) for place in range(1, 5001)]
    layout = plot(pushes, frozenset({1}))
    assert len(layout.marks) < 200
    assert sorted(place for mark in layout.marks for place in mark.places) == list(range(5000))
    assert sum(mark.refused for mark in layout.marks) == 1
    assert [mark.faulty for mark in layout.marks].count(True) == 1
    assert max(mark.weight for mark in layout.marks) == 1
    assert not any(mark.label for mark in layout.marks)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=40))
def test_every_push_is_in_one_bar(times: list[int]) -> None:
    pushes = [push(1, at / SECOND, status=500 if at % 2 else None) for at in times]
    bars = per_time(pushes)
    assert sum(bar.count for bar in bars.bars) == len(times)
    assert sum(bar.refused for bar in bars.bars) == sum(push.status == 500 for push in pushes)
    assert len(bars.bars) <= MOST_BARS + 1
    assert bars.highest >= 1


def test_the_bars_of_the_time_say_what_they_count() -> None:
    pushes = [push(1), push(2, 30, status=403), push(3, 3600)]
    bars = per_time(pushes)
    assert bars.title == "Pushes per 2 minutes"
    assert bars.bars[0].tip.endswith(": 2 pushes, 1 refused")
    assert bars.bars[-1].tip.endswith(": 1 push")
    assert len(bars.bars) == 31


def test_the_gaps_of_retries_stand_around_the_pushers_ten_seconds() -> None:
    gaps = [0.2, 9.6, 10.0, 10.4, 11.2, 300]
    pushes = [push(1), *(push(2, attempt=2, gap=round(gap * SECOND)) for gap in gaps)]
    bars = retry_gaps(pushes)
    assert bars.marked == 10
    assert {place: bar.count for place, bar in enumerate(bars.bars) if bar.count} == {
        0: 1,
        10: 3,
        11: 1,
        LONGEST_GAP + 1: 1,
    }
    assert bars.bars[10].tip == "3 retries about 10 s after the attempt before"
    assert bars.bars[-1].tip == "1 retry more than 20 s after the attempt before"
    assert not retry_gaps([push(1, service=Service.FCM)]).bars
