"""Where everything of a timeline's plot stands: lanes, dots, the lines between retries, the badge's steps. Pure.

Pushes that fall on the same few pixels of a lane become one mark, so that a plot of thousands is painted as quickly as
one of ten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from inspector.history.conversation_model import ConversationPush
from inspector.history.model import Direction
from inspector.ui.conversations.time_axis import TimeAxis
from inspector.ui.push_columns import gap_words

CELL = 6.0  # pixels that one mark needs
MOST_LANES = 6
BADGE_HEIGHT = 9.0
LABELS_FROM = 40.0  # pixels of a lane's height
LABEL_ROOM = 15.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One device's row of the plot: what it is called, and the heights of its dots and of the foot of its badge's
    steps."""

    name: str
    sent: bool
    y: float
    foot: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One or more pushes at one place: `places` are theirs among all pushes. `refused` counts those, `weight` is how
    full the place is compared with the lane's fullest. `label` is the sequence where there is room for it."""

    x: float
    y: float
    places: tuple[int, ...]
    refused: int
    weight: float
    unanswered: bool
    retry: bool
    faulty: bool
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    """The line from one attempt to the next, with the time between them where there is room."""

    left: float
    right: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A lane's badge as a line of corners, and the last badge."""

    points: tuple[tuple[float, float], ...]
    last: int


@dataclass(frozen=True, slots=True)
class PlotLayout:
    """All that is painted."""

    axis: TimeAxis
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    links: tuple[Link, ...]
    steps: tuple[Steps, ...]


def _lanes_of(pushes: Sequence[ConversationPush]) -> list[tuple[str, bool, list[int]]]:
    """Name, whether it was sent, and the places of the pushes, for each direction, service and device in the order they
    come. Further devices have a number; what there is no room for shares the last lane."""
    lanes: dict[tuple[bool, str, str], tuple[str, bool, list[int]]] = {}
    counts: dict[tuple[bool, str], int] = {}
    for place, push in enumerate(pushes):
        sent = push.direction is Direction.OUT
        key = (sent, str(push.service), push.device)
        lane = lanes.get(key)
        if lane is None:
            count = counts[key[:2]] = counts.get(key[:2], 0) + 1
            name = push.service.label if count == 1 else f"{push.service.label} {count}"
            lane = lanes[key] = (name, sent, [])
        lane[2].append(place)
    found = list(lanes.values())
    if len(found) <= MOST_LANES:
        return found
    others = found[MOST_LANES - 1 :]
    places = sorted(place for _, _, inside in others for place in inside)
    return [*found[: MOST_LANES - 1], ("others", all(sent for _, sent, _ in others), places)]


def lay_out(
    pushes: Sequence[ConversationPush],
    faulty: Collection[int],
    *,
    left: float,
    right: float,
    top: float,
    bottom: float,
) -> PlotLayout:
    """The plot of these pushes between these edges. `faulty` are the ids that a finding names."""
    axis = TimeAxis(sorted(push.at for push in pushes), left, right)
    xs = [axis.x(push.at) for push in pushes]
    found = _lanes_of(pushes)
    height = (bottom - top) / max(1, len(found))
    lanes: list[Lane] = []
    marks: list[Mark] = []
    links: list[Link] = []
    steps: list[Steps] = []
    for number, (name, sent, places) in enumerate(found):
        lane = Lane(name, sent, top + (number + 0.5) * height, top + (number + 1) * height - 3)
        lanes.append(lane)
        lane_marks = _marks(pushes, places, faulty, xs, lane)
        if height < LABELS_FROM:
            lane_marks = [replace(mark, label="") if mark.label else mark for mark in lane_marks]
        marks += lane_marks
        links += _links(pushes, lane_marks, lane)
        if height >= 3.4 * BADGE_HEIGHT and name != "others":
            steps += _steps(pushes, places, xs, lane, right)
    return PlotLayout(axis, tuple(lanes), tuple(marks), tuple(links), tuple(steps))


def _marks(
    pushes: Sequence[ConversationPush],
    places: Sequence[int],
    faulty: Collection[int],
    xs: Sequence[float],
    lane: Lane,
) -> list[Mark]:
    cells: dict[int, list[int]] = {}
    for place in places:
        cells.setdefault(int(xs[place] / CELL), []).append(place)
    fullest = max(map(len, cells.values()), default=1)
    marks = []
    for cell, inside in sorted(cells.items()):
        members = [pushes[place] for place in inside]
        first = members[0]
        alone = len(inside) == 1
        marks.append(
            Mark(
                xs[inside[0]] if alone else (cell + 0.5) * CELL,
                lane.y,
                tuple(inside),
                sum(push.status is not None and push.status >= 400 for push in members),
                len(inside) / fullest,
                any(push.status is None for push in members),
                all(push.attempt > 1 for push in members),
                any(push.id in faulty for push in members),
                str(first.sequence) if alone and first.sequence is not None and first.attempt == 1 else "",
            )
        )
    return list(_with_room(marks))


def _with_room(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks with those labels that touch neither another one nor another mark."""
    free = -1e9
    for place, mark in enumerate(marks):
        half = 4 + 3.5 * len(mark.label)
        after = marks[place + 1].x if place + 1 < len(marks) else 1e9
        before = marks[place - 1].x if place else -1e9
        if not mark.label or (mark.x - half >= free and min(after - mark.x, mark.x - before) >= CELL):
            yield mark
            free = mark.x + half if mark.label else free
        else:
            yield replace(mark, label="")


def _links(pushes: Sequence[ConversationPush], marks: Sequence[Mark], lane: Lane) -> list[Link]:
    """From the mark of each attempt back to the one before; most often that is the mark before."""
    links: list[Link] = []
    last: dict[tuple[str | None, int | None, str], Mark] = {}
    for mark in marks:
        for place in mark.places:
            push = pushes[place]
            key = (push.dialog_id, push.sequence, push.device)
            before = last.get(key) if push.attempt > 1 else None
            if before is not None and before is not mark:
                text = "" if push.gap is None or mark.x - before.x < 3 * LABEL_ROOM else gap_words(push.gap)
                links.append(Link(before.x, mark.x, lane.y, text))
            last[key] = mark
    return links


def _steps(
    pushes: Sequence[ConversationPush], places: Sequence[int], xs: Sequence[float], lane: Lane, right: float
) -> list[Steps]:
    """At most two corners for each pixel."""
    known = [(xs[place], badge) for place in places if (badge := pushes[place].badge) is not None]
    highest = max((badge for _, badge in known), default=0)
    if highest <= 0:
        return []
    points: list[tuple[float, float]] = []
    before: tuple[int, float] | None = None
    for x, badge in known:
        y = lane.foot - BADGE_HEIGHT * max(0, badge) / highest
        if before is not None and before == (int(x), y):
            continue
        if points:
            points.append((x, points[-1][1]))
        points.append((x, y))
        before = (int(x), y)
    points.append((right, points[-1][1]))
    return [Steps(tuple(points), known[-1][1])]
