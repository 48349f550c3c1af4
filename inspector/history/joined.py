"""Many ids in one value. Pure.

SQLite joins a million of them into one text (`group_concat`) while Python's other threads run; row by row each would
wait its turn.
"""

from __future__ import annotations

from array import array

_AT_ONCE = 131_072  # characters: some milliseconds in which no other thread runs


def numbers(joined: str | None) -> array[int]:
    """The numbers of a text with commas between, none for None."""
    found = array("q")
    start = 0
    while joined and start < len(joined):
        end = joined.find(",", start + _AT_ONCE)
        end = len(joined) if end < 0 else end
        found.extend(array("q", map(int, joined[start:end].split(","))))
        start = end + 1
    return found
