"""How often a live view is brought up to date."""

from __future__ import annotations

from inspector.ui.pace import FLUSH_MILLISECONDS, SLOWEST_FLUSH_MILLISECONDS, Pace


class _Clocks:
    def __init__(self) -> None:
        self.wall = self.spent = 0.0
        self.pace = Pace(lambda: self.wall, lambda: self.spent)

    def pass_by(self, milliseconds: float, *, working: float = 0) -> None:
        self.wall += milliseconds / 1000
        self.spent += working / 1000


def test_a_cheap_view_is_brought_up_to_date_as_often_as_the_eye_can_tell() -> None:
    clocks = _Clocks()
    for _ in range(5):
        clocks.pass_by(33, working=4)
        clocks.pace.flushed()
        assert clocks.pace.wait_milliseconds() == FLUSH_MILLISECONDS


def test_a_dear_one_takes_an_eighth_of_the_time() -> None:
    clocks = _Clocks()
    for _ in range(5):
        clocks.pass_by(33, working=25)
        clocks.pace.flushed()
        assert clocks.pace.wait_milliseconds() == 200
    clocks.pass_by(200, working=20)
    clocks.pace.flushed()
    assert clocks.pace.wait_milliseconds() == FLUSH_MILLISECONDS, "it may try to be faster again"


def test_it_never_gets_slower_than_that() -> None:
    clocks = _Clocks()
    clocks.pass_by(400, working=400)
    clocks.pace.flushed()
    assert clocks.pace.wait_milliseconds() == SLOWEST_FLUSH_MILLISECONDS


def test_after_a_rest_the_first_flush_is_soon() -> None:
    clocks = _Clocks()
    clocks.pass_by(100, working=90)
    clocks.pace.flushed()
    assert clocks.pace.wait_milliseconds() == SLOWEST_FLUSH_MILLISECONDS
    clocks.pass_by(251)
    assert clocks.pace.wait_milliseconds() == FLUSH_MILLISECONDS
