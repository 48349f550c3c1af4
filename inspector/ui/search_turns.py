"""A search under way, in turns, as the window's worker makes it. Imports the standard library only."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator

# A search goes on in turns of so long at the most, so that rows that are looked at meanwhile need not wait.
TURN_SECONDS = 0.03


class Search:
    """A search under way in the worker's thread; `older` brings more of it, until there is `no_more`."""

    def __init__(self, pieces: Iterator[array[int]]) -> None:
        self._pieces = pieces
        self._found: array[int] = array("q")
        self._given = 0
        self.no_more = False

    def first(self, rows: int) -> array[int]:
        """At least so many of the newest ids where there are, ascending; a turn's work at the most."""
        self._search(rows, TURN_SECONDS)
        return self._take()

    def older(self) -> array[int]:
        """Ids before those that were given already, ascending; a turn's work. What is found is kept until it is as
        much as was given before, so that a view is told of a million in some twenty times."""
        self._search(None, TURN_SECONDS)
        return self._take() if self.no_more or len(self._found) > self._given else array("q")

    def _search(self, rows: int | None, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.no_more and (rows is None or len(self._found) < rows):
            piece = next(self._pieces, None)
            self.no_more = piece is None
            if piece is not None:
                self._found.extend(piece)
            if time.monotonic() > end:
                return

    def _take(self) -> array[int]:
        taken, self._found = self._found, array("q")
        taken.reverse()
        self._given += len(taken)
        return taken
