"""Who makes room for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.http_events import Phase
from inspector.listener.places import Places, Seniority, Stage, seniority


def rank(stage: Stage, phase: Phase | None, age: float) -> Seniority:
    found = seniority(stage, phase, began=100.0 - age, since=100.0 - age, now=100.0)
    assert found is not None
    return found


def test_who_leaves_first() -> None:
    order = [
        rank(Stage.DRAINING, Phase.OVER, 0.1),
        rank(Stage.HANDSHAKE, None, 9.0),
        rank(Stage.OPENING, None, 5.0),
        rank(Stage.OPEN, Phase.BODY, 4.0),
        rank(Stage.OPEN, Phase.HEAD, 1.5),
        rank(Stage.OPEN, Phase.IDLE, 70.0),
        rank(Stage.OPEN, Phase.IDLE, 2.0),
        rank(Stage.OPENING, None, 0.9),
        rank(Stage.OPEN, Phase.IDLE, 0.5),
        rank(Stage.OPEN, Phase.HEAD, 0.1),
    ]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("stage", "phase"),
    [(Stage.OPEN, Phase.WAITING), (Stage.OPEN, Phase.OVER), (Stage.OPEN, None), (Stage.CLOSED, Phase.IDLE)],
)
def test_who_stays(stage: Stage, phase: Phase | None) -> None:
    assert seniority(stage, phase, began=0.0, since=0.0, now=1000.0) is None


class Guest:
    """A connection that leaves when it is asked to."""

    def __init__(self, places: Places, since: float | None) -> None:
        self.places, self.since = places, since
        self.idle_since = since

    def seniority(self, now: float) -> Seniority | None:
        return None if self.since is None else (2, self.since)

    def evict(self) -> None:
        self.places.forget(self)

    shut_down = abort = evict


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=80), st.integers(1, 20))
def test_there_are_never_more_than_the_cap(sinces: list[float | None], cap: int) -> None:
    places = Places()
    for since in sinces:
        guest = Guest(places, since)
        before = [one for one in places.all() if one.seniority(0) is not None]
        full = len(places.all()) >= cap
        welcome = places.admit(guest, cap, 0.0)
        assert welcome is (not full or bool(before))
        if not welcome:
            places.forget(guest)
        assert len(places.all()) <= cap


def test_the_oldest_leaves() -> None:
    places = Places()
    guests = [Guest(places, float(since)) for since in (3, 1, 2)]
    for guest in guests:
        assert places.admit(guest, 3, 0.0)
    for gone in (1, 2, 0):
        assert places.admit(Guest(places, None), 3, 0.0)
        assert guests[gone] not in places.all()
    assert not places.admit(Guest(places, 0.0), 3, 0.0)
