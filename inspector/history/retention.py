"""How much of a history is kept: decided here, deleted a batch at a time. Off unless somebody wants it.

What a person has pinned or written a note on is never let go of. Imports sqlite3 and history's own parts.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

DAY = 24 * 60 * 60 * 1_000_000  # microseconds
BATCH = 64  # events: some milliseconds

_KEPT = "(SELECT event_id FROM marks WHERE pinned OR note <> '')"
_OLDEST = f"SELECT id FROM events WHERE id NOT IN {_KEPT} ORDER BY id LIMIT :most"  # noqa: S608 - own names
# A client that was turned away again stays as long as its last try is young. The facets know when; what is not in them
# yet are the last few.
_OLDER = f"""
    SELECT id FROM (
        SELECT f.id FROM facets AS f JOIN events AS e ON e.id = f.id
        WHERE f.at < :before AND e.last_at < :before AND f.id NOT IN {_KEPT} ORDER BY f.at
    )
    UNION ALL
    SELECT id FROM events WHERE id > (SELECT catalogued_id FROM totals) AND last_at < :before AND id NOT IN {_KEPT}
    LIMIT :most
"""  # noqa: S608 - own names
_TOTAL = "SELECT pushes_in + pushes_out + handshake_rows FROM totals"


@dataclass(frozen=True, slots=True)
class Retention:
    """At most so many events, so many days, so many megabytes; None for no bound."""

    most_events: int | None = None
    most_days: float | None = None
    most_megabytes: float | None = None

    @property
    def off(self) -> bool:
        return self == Retention()

    @property
    def words(self) -> str:
        """What is kept, for people."""
        parts = [
            f"{self.most_events:,} events" if self.most_events is not None else "",
            f"{self.most_days:g} days" if self.most_days is not None else "",
            f"{self.most_megabytes:g} MB" if self.most_megabytes is not None else "",
        ]
        return f"at most {', '.join(part for part in parts if part)}" if not self.off else "everything"


@dataclass(frozen=True, slots=True)
class Surplus:
    """Events to let go of, and why, for people."""

    ids: tuple[int, ...]
    why: str


def surplus(
    database: sqlite3.Connection, retention: Retention, now: int, most: int = BATCH
) -> Surplus | None:
    """The first `most` events that are too many, too old (`now` is in microseconds since 1970 UTC) or take too much
    room; None where there are none. Reads only. Raises sqlite3.Error."""
    if retention.most_days is not None:
        before = now - round(retention.most_days * DAY)
        found = _ids(database, _OLDER, {"before": before, "most": most})
        if found:
            return Surplus(found, f"older than {retention.most_days:g} days")
    if retention.most_events is not None:
        too_many = total(database) - retention.most_events
        if too_many > 0:
            found = _ids(database, _OLDEST, {"most": min(too_many, most)})
            if found:
                return Surplus(found, f"above {retention.most_events:,}, the oldest first")
    if retention.most_megabytes is not None and megabytes(database) > retention.most_megabytes:
        found = _ids(database, _OLDEST, {"most": most})
        if found:
            return Surplus(found, f"above {retention.most_megabytes:g} MB, the oldest first")
    return None


def expected(database: sqlite3.Connection, retention: Retention, now: int) -> int:
    """About how many events it would let go of now. Reads only."""
    there = total(database)
    gone = 0
    if retention.most_days is not None:
        before = now - round(retention.most_days * DAY)
        statement = f"SELECT count(*) FROM facets WHERE at < ? AND id NOT IN {_KEPT}"  # noqa: S608 - own names
        gone = _number(database, statement, before)
    if retention.most_events is not None:
        gone = max(gone, there - retention.most_events)
    if retention.most_megabytes is not None and (size := megabytes(database)) > retention.most_megabytes:
        gone = max(gone, round(there * (1 - retention.most_megabytes / size)))
    kept = _number(database, f"SELECT count(*) FROM {_KEPT}")  # noqa: S608 - own names
    return max(min(gone, there - kept), 0)


def total(database: sqlite3.Connection) -> int:
    """How many events there are."""
    return _number(database, _TOTAL)


def megabytes(database: sqlite3.Connection) -> float:
    """What the file holds; room in it that is free does not count."""
    pages = _number(database, "PRAGMA page_count") - _number(database, "PRAGMA freelist_count")
    return pages * _number(database, "PRAGMA page_size") / 1e6


def _ids(database: sqlite3.Connection, statement: str, values: dict[str, int]) -> tuple[int, ...]:
    return tuple(row[0] for row in database.execute(statement, values))


def _number(database: sqlite3.Connection, statement: str, *values: int) -> int:
    found: int = database.execute(statement, values).fetchone()[0]
    return found
