"""How often a live view may be brought up to date: as often as the eye can tell, less often where that takes too much.

Pure but for the clocks it is given.
"""

from __future__ import annotations

from collections.abc import Callable

FLUSH_MILLISECONDS = 33
SLOWEST_FLUSH_MILLISECONDS = 250
# Following takes at most one part in so many of the thread's time: the rest is for the person at the desk, and the
# lock that Python's threads share is for the listener.
PARTS = 8


class Pace:
    """`clock` and `spent` are seconds: of the wall, and that the thread has worked."""

    def __init__(self, clock: Callable[[], float], spent: Callable[[], float]) -> None:
        self._clock = clock
        self._spent = spent
        self._last = clock()
        self._last_spent = spent()
        self._milliseconds = FLUSH_MILLISECONDS

    def wait_milliseconds(self) -> int:
        """How long to wait from now on until the next flush."""
        if (self._clock() - self._last) * 1000 > SLOWEST_FLUSH_MILLISECONDS:
            return FLUSH_MILLISECONDS  # after a rest the first is soon, whatever the last ones took
        return self._milliseconds

    def flushed(self) -> None:
        """A flush begins now: what the thread has worked since the last one, its painting included, was its cost."""
        now, spent = self._clock(), self._spent()
        cost = (spent - self._last_spent) * 1000
        allowed = (now - self._last) * 1000 / PARTS
        wanted = FLUSH_MILLISECONDS if cost <= allowed else round(PARTS * cost)
        self._milliseconds = min(max(FLUSH_MILLISECONDS, wanted), SLOWEST_FLUSH_MILLISECONDS)
        self._last, self._last_spent = now, spent
