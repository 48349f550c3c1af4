"""Walks from the newest push down to tell which conversations there are, until a page of them is full.

So the first page costs the same however long the history is. The catalogue's facets are read where they are there
already (see `catalogue`), else the events. Imports sqlite3 and history's own parts.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from inspector.history.conversation_model import NO_CONVERSATION, ConversationKey
from inspector.history.folding import fold
from inspector.history.packing import SqlValue, text_or_none

CATALOGUED = "SELECT catalogued_id FROM totals"
FIRST_CHUNK, LARGEST_CHUNK = 2_000, 64_000

_GROUPS = "SELECT {0}, max(id), min(id), count(*) FROM ({1}) GROUP BY {0}"
_RAW, _FOLDED = "brand_id, conversation_id", "brand, conversation"
_WALK = {
    table: _GROUPS.format(
        names,
        f"SELECT id, {names} FROM {table} WHERE id < :below AND id > :above AND kind = 'push'"  # noqa: S608 - own names
        " ORDER BY id DESC LIMIT :limit",
    )
    for table, names in (("events", _RAW), ("facets", _FOLDED))
}
_AMONG = {
    table: _GROUPS.format(
        names,
        f"SELECT {table}.id, {names} FROM json_each(:ids) AS wanted CROSS JOIN {table} ON {table}.id = wanted.value"  # noqa: S608 - the same
        f" WHERE {table}.kind = 'push'",
    )
    for table, names in (("events", _RAW), ("facets", _FOLDED))
}


def key_of(brand_id: SqlValue, conversation_id: SqlValue) -> ConversationKey:
    """The conversation of a push by what its columns hold."""
    brand, conversation = text_or_none(brand_id), text_or_none(conversation_id)
    if conversation is None:
        return NO_CONVERSATION
    return ConversationKey(None if brand is None else fold(brand), fold(conversation))


def walk(
    database: sqlite3.Connection,
    pieces: Iterable[array[int]] | None,
    *,
    limit: int,
    below: int | None,
    skip: Collection[ConversationKey],
) -> tuple[list[ConversationKey], int]:
    """The next `limit` conversations from the newest push below `below` down, but for those in `skip`, and how far that
    reached (0: to the end). `pieces` are the ids of the pushes to look at, descending; None for all."""
    found: dict[ConversationKey, None] = {}
    end = 2**63 - 1 if below is None else below
    (above,) = database.execute(CATALOGUED).fetchone()
    chunks = _all(database, above, end) if pieces is None else _of_pieces(database, above, end, pieces)
    for groups in chunks:
        for key, newest in groups:
            if key not in skip:
                found[key] = None
            if len(found) >= limit:
                return list(found), newest
    return list(found), 0


_Groups = list[tuple[ConversationKey, int]]  # with their newest pushes, the newest one first


def _all(database: sqlite3.Connection, above: int, end: int) -> Iterator[_Groups]:
    """Groups of all pushes below `end`, out of more and more pushes at a time."""
    size = FIRST_CHUNK
    for table, floor in (("events", above), ("facets", 0)):
        while True:
            bounds = {"below": end, "above": floor, "limit": size}
            rows = database.execute(_WALK[table], bounds).fetchall()
            yield _grouped(rows)
            if sum(row[4] for row in rows) < size:
                break
            end = min(row[3] for row in rows)
            size = min(size * 4, LARGEST_CHUNK)
        end = min(end, above + 1)


def _of_pieces(
    database: sqlite3.Connection, above: int, end: int, pieces: Iterable[array[int]]
) -> Iterator[_Groups]:
    for piece in pieces:
        for start in range(0, len(piece), FIRST_CHUNK):
            ids = [identifier for identifier in piece[start : start + FIRST_CHUNK] if identifier < end]
            yield _among(database, above, ids)


def _among(database: sqlite3.Connection, above: int, ids: Sequence[int]) -> _Groups:
    """The groups of these pushes."""
    parts = {
        "events": [identifier for identifier in ids if identifier > above],
        "facets": [identifier for identifier in ids if identifier <= above],
    }
    rows: list[Any] = []
    for table, part in parts.items():
        if part:
            rows += database.execute(_AMONG[table], {"ids": json.dumps(part)})
    return _grouped(rows)


def _grouped(rows: Iterable[Sequence[Any]]) -> _Groups:
    return [(key_of(row[0], row[1]), row[2]) for row in sorted(rows, key=lambda row: -row[2])]


def keys_of(database: sqlite3.Connection, ids: Sequence[int]) -> list[ConversationKey]:
    """The conversations of these pushes, each once."""
    (above,) = database.execute(CATALOGUED).fetchone()
    return list(dict.fromkeys(key for key, _ in _among(database, above, ids)))
