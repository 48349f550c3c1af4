"""What only few events have, in a table of its own: advice in parts, the rule, a later answer, the upstream's.

Imports sqlite3 and history's own parts. All but `read_outcome` run inside the writer's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inspector.history.catalogue import texts_changed
from inspector.history.folding import is_plain
from inspector.history.model import Advice, Forwarded, NewEvent, Settled
from inspector.history.packing import (
    pack_forwarded,
    pack_headers,
    raw,
    storable,
    text_or_none,
    unpack_forwarded,
    whole_or_none,
)
from inspector.history.searched import write_search_text

OUTCOME_COLUMNS = ("cause", "remedy", "rule", "settled_at", "forwarded", "forwarded_body")
_COLUMNS = ", ".join(OUTCOME_COLUMNS)
_INSERT = f"INSERT INTO outcomes (event_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - own names
_SELECT = f"SELECT {_COLUMNS} FROM outcomes WHERE event_id = ?"  # noqa: S608 - own names
_SETTLE_EVENT = """
    UPDATE events SET status = ?, answer_headers = ?, answer_body = ?, detail = coalesce(?, detail) WHERE id = ?
    RETURNING search_text IS NULL
"""
_SETTLE = """
    INSERT INTO outcomes (event_id, settled_at, forwarded, forwarded_body, changed)
    VALUES (?, ?, ?, ?, (SELECT changes FROM totals))
    ON CONFLICT (event_id) DO UPDATE SET settled_at = excluded.settled_at, forwarded = excluded.forwarded,
        forwarded_body = excluded.forwarded_body, changed = excluded.changed
"""
_CHANGED = """
    INSERT INTO outcomes (event_id, changed) VALUES (?, (SELECT changes FROM totals))
    ON CONFLICT (event_id) DO UPDATE SET changed = excluded.changed
"""
_NEXT_CHANGE = "UPDATE totals SET changes = changes + 1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of one event besides what every event has."""

    cause: str = ""
    remedy: str = ""
    rule: str | None = None
    settled_at: int | None = None
    forwarded: Forwarded | None = field(default=None, repr=False)

    def advice(self, happened: str | None) -> Advice | None:
        """The advice whose first part is `happened`."""
        return None if happened is None else Advice(happened, self.cause, self.remedy)


def has_outcome(event: NewEvent) -> bool:
    """Whether a new event has anything that belongs here."""
    advice = event.advice
    return (
        event.rule is not None
        or event.forwarded is not None
        or (advice is not None and bool(advice.cause or advice.remedy))
    )


def write_outcome(
    database: sqlite3.Connection, identifier: int, event: NewEvent, settled_at: int | None = None
) -> None:
    """Keep what a new event has of it."""
    advice = event.advice
    parts = (None, None) if advice is None else (advice.cause or None, advice.remedy or None)
    packed, body = pack_forwarded(event.forwarded)
    row = (*map(storable, (*parts, event.rule)), settled_at, storable(packed), body)
    database.execute(_INSERT, (identifier, *row))


def settle(database: sqlite3.Connection, identifier: int, settled: Settled) -> bool:
    """Keep how an event was answered in the end; False where it is gone."""
    headers = pack_headers(settled.answer_headers)
    answer = (
        settled.status,
        storable(headers),
        settled.answer_body or None,
        storable(settled.detail),
    )
    found = database.execute(_SETTLE_EVENT, (*answer, identifier)).fetchone()
    if found is None:
        return False
    (was_plain,) = found
    said = f"{headers or ''}{settled.detail or ''}"
    if not (was_plain and said.isascii() and "\0" not in said and is_plain(settled.answer_body)):
        write_search_text(database, identifier)
    texts_changed(database, identifier, settled.status)
    database.execute(_NEXT_CHANGE)
    packed, body = pack_forwarded(settled.forwarded)
    database.execute(_SETTLE, (identifier, settled.at, storable(packed), body))
    return True


def note_change(database: sqlite3.Connection, identifier: int) -> None:
    """Have live views look at an event again."""
    database.execute(_NEXT_CHANGE)
    database.execute(_CHANGED, (identifier,))


def read_outcome(database: sqlite3.Connection, identifier: int) -> Outcome:
    """What is kept of an event. Raises ValueError, KeyError or TypeError for a damaged row."""
    row = database.execute(_SELECT, (identifier,)).fetchone()
    return Outcome() if row is None else decode_outcome(row)


def decode_outcome(values: Sequence[Any]) -> Outcome:
    """An outcome from the values of OUTCOME_COLUMNS. Raises ValueError, KeyError or TypeError for a damaged row."""
    cause, remedy, rule, settled_at, forwarded, body = values
    return Outcome(
        text_or_none(cause) or "",
        text_or_none(remedy) or "",
        text_or_none(rule),
        whole_or_none(settled_at),
        unpack_forwarded(text_or_none(forwarded), b"" if body is None else raw(body)),
    )
