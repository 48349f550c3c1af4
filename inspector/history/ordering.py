"""Events in the order of one of their fields, read off the catalogue's indexes. Imports sqlite3."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.history.joined import numbers

if TYPE_CHECKING:
    import sqlite3

# What can be ordered by: the column of `facets`, and what it is made of in `events`.
_COLUMNS = {
    "time": ("at", "at"),
    "direction": ("direction", "direction"),
    "service": ("service", "service"),
    "status": ("status", "status"),
    "brand": ("brand", "lower(brand_id)"),
    "conversation": ("conversation", "lower(conversation_id)"),
    "sequence": ("sequence", "sequence"),
    "badge": ("badge", "badge"),
    "problems": ("problems", "problem_count"),
}
ORDERED_BY = tuple(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Order:
    """By which of ORDERED_BY, and which way round. What is equal stays in the order it came in."""

    key: str
    descending: bool = False


def in_order(database: sqlite3.Connection, order: Order, ids: Sequence[int] | None = None) -> array[int]:
    """All ids, or these, in an order. Those without a value come first, as the lowest. Raises sqlite3.Error."""
    facet, column = _COLUMNS[order.key]
    only = ""
    if ids is not None:
        _keep(database, ids)
        only = " AND id IN (SELECT id FROM temp.wanted)"
    # What is catalogued is read in the order of its index, the rest is sorted, and SQLite merges the two.
    statement = (
        f"SELECT group_concat(id) FROM (SELECT {facet} AS value, id FROM facets WHERE 1{only}"  # noqa: S608 - own names
        f" UNION ALL SELECT {column}, id FROM events WHERE id > (SELECT catalogued_id FROM totals){only}"
        f" ORDER BY value {'DESC' if order.descending else 'ASC'}, id)"
    )
    found = numbers(database.execute(statement).fetchone()[0])
    if ids is not None:
        database.execute("DELETE FROM temp.wanted")
    return found


def _keep(database: sqlite3.Connection, ids: Sequence[int]) -> None:
    """In a table of this connection alone, beside the file."""
    database.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (id INTEGER PRIMARY KEY)")
    database.execute("BEGIN")
    try:
        database.execute("DELETE FROM temp.wanted")
        database.executemany("INSERT INTO temp.wanted VALUES (?)", ((identifier,) for identifier in ids))
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
