"""The catalogue of events that searches start from; made in the background, some hundred events at a time.

`facets` holds the short fields of each event once more, narrow and with indexes. `trigrams` tells in which blocks of
BLOCK events any three characters stand: by blocks it takes a third of the room and half the time that it takes by
events, as pushes have most of their text in common. What it finds is looked at in the events themselves, so it only
has to find enough. See `schema` for the tables, `search` for who reads them. Imports sqlite3 and history's own parts.
"""

from __future__ import annotations

import sqlite3

from inspector.history.folding import SEPARATOR, fold
from inspector.history.packing import text_or_none

BLOCK_BITS = 3
BLOCK = 1 << BLOCK_BITS
_LEAST_STALE = 8192  # events; less is not worth the work
# Trigrams of random text take 0.2 s a megabyte, for which whoever adds would have to wait. A real push has some KB.
_LONG = 16 * 1024
_BYTES_AT_ONCE = 128 * 1024

# A row that is not plain has its texts folded; only such rows cost a call of Python.
_FACETS = """
    INSERT OR REPLACE INTO facets
    SELECT id, at, kind, direction, service, status,
        CASE WHEN search_text IS NULL THEN lower(brand_id) ELSE folded(brand_id) END,
        CASE WHEN search_text IS NULL THEN lower(conversation_id) ELSE folded(conversation_id) END,
        sequence, badge, attempt, problem_count,
        CASE WHEN search_text IS NULL THEN lower(reason) ELSE folded(reason) END, connection_id
    FROM events WHERE id > :first AND id <= :last
"""
# All that `query_sql` finds words and parts of fields in, but for notes, which are few and change.
_OF_THE_EVENT = (
    *("message", "path", "url", "method", "reason", "detail", "brand_id", "conversation_id", "dialog_id"),
    *("originator_id", "device_token", "headers", "answer_headers", "CAST(e.body AS TEXT)"),
    "CAST(e.answer_body AS TEXT)",
)
_OF_THE_CLIENT = ("c.peer", "c.tls_sni", "k.subject", "k.issuer")


# What takes long is looked at by every search instead, as if it had changed since.
_LENGTH = " + ".join(
    f"coalesce(length(e.{name}), 0)"
    for name in (
        "body",
        "answer_body",
        "headers",
        "answer_headers",
        "message",
        "detail",
        "path",
        "search_text",
    )
)
_TOO_LONG = f"""
    INSERT OR IGNORE INTO recatalogued
    SELECT e.id FROM events AS e WHERE e.id > :first AND e.id <= :last AND {_LENGTH} > {_LONG}
"""  # noqa: S608 - own names
_LENGTHS = f"SELECT e.id, min({_LENGTH}, {_LONG}) FROM events AS e WHERE e.id > ? ORDER BY e.id LIMIT ?"  # noqa: S608


def _joined(columns: tuple[str, ...]) -> str:
    named = (name if "." in name else f"e.{name}" for name in columns)
    return " || char(10) || ".join(f"coalesce({name}, '')" for name in named)


_TRIGRAMS = f"""
    INSERT INTO trigrams (rowid, text)
    SELECT e.id >> {BLOCK_BITS}, group_concat(
        CASE WHEN e.id IN (SELECT event_id FROM recatalogued) THEN ''
            WHEN e.search_text IS NULL THEN {_joined(_OF_THE_EVENT)} ELSE one_text(e.search_text) END || char(10)
        || CASE WHEN c.search_text IS NULL THEN {_joined(_OF_THE_CLIENT)}
            ELSE one_text(c.search_text) || char(10) || one_text(c.peer) END,
        char(10))
    FROM events AS e LEFT JOIN connections AS c ON c.id = e.connection_id
        LEFT JOIN certificates AS k ON k.id = c.certificate_id
    WHERE e.id > :first AND e.id <= :last GROUP BY e.id >> {BLOCK_BITS}
"""  # noqa: S608 - own names
_BOUNDS = "SELECT catalogued_id, last_id FROM totals"
_ANEW = (
    "DROP TABLE trigrams",
    "CREATE VIRTUAL TABLE trigrams USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram')",
    "DELETE FROM facets",
    "DELETE FROM recatalogued",
    "UPDATE totals SET catalogued_id = 0, uncatalogued = 0",
)


def add_functions(database: sqlite3.Connection) -> None:
    """Add what the statements call for rows that are not plain ASCII."""
    database.create_function("folded", 1, _folded, deterministic=True)
    database.create_function("one_text", 1, _one_text, deterministic=True)


def catalogue_some(database: sqlite3.Connection, most: int) -> int:
    """Catalogue the oldest events that are not yet, at most about `most`, inside the transaction that is open. Returns
    how many there are left. Whole blocks only, as a block is written once: the last few events wait for their block."""
    done, last = database.execute(_BOUNDS).fetchone()
    whole = (last + 1 >> BLOCK_BITS << BLOCK_BITS) - 1  # the last event of the last block that is whole
    # Where many ids are gone, there is nothing to do for them.
    (first_left,) = database.execute("SELECT min(id) FROM events WHERE id > ?", (done,)).fetchone()
    if first_left is None or first_left > whole:
        return 0
    skipped = max(done, (first_left >> BLOCK_BITS << BLOCK_BITS) - 1)
    reach = _reach(database, skipped, most)
    until = min(whole, (reach + 1 >> BLOCK_BITS << BLOCK_BITS) + BLOCK - 1)
    span = {"first": skipped, "last": until}
    database.execute(_TOO_LONG, span)
    database.execute(_TRIGRAMS, span)
    database.execute(_FACETS, span)
    database.execute("UPDATE totals SET catalogued_id = ?", (until,))
    return int(max(whole - until, 0))


def _reach(database: sqlite3.Connection, after: int, most: int) -> int:
    """Up to which event so many can be catalogued, or fewer where their texts are long."""
    total = 0
    for identifier, length in database.execute(_LENGTHS, (after, most)):
        total += length
        if total > _BYTES_AT_ONCE:
            return int(identifier) - 1
    return after + most


def begin_catalogue_anew(database: sqlite3.Connection) -> None:
    """Forget the catalogue, inside the transaction that is open; it is made again in the background."""
    for statement in _ANEW:
        database.execute(statement)


def is_mostly_stale(database: sqlite3.Connection) -> bool:
    """Whether more than half of what the catalogue knows is of events that are gone."""
    stale, live = database.execute(
        "SELECT uncatalogued, pushes_in + pushes_out + handshake_rows FROM totals"
    ).fetchone()
    return bool(stale > max(live, _LEAST_STALE))


def texts_changed(database: sqlite3.Connection, identifier: int, status: int | None) -> None:
    """An event that may be catalogued has been answered: searches look at it again from now on."""
    database.execute("UPDATE facets SET status = ? WHERE id = ?", (status, identifier))
    database.execute(
        "INSERT OR IGNORE INTO recatalogued SELECT ? FROM totals WHERE ? <= catalogued_id",
        (identifier, identifier),
    )


def _folded(value: object) -> str | None:
    text = text_or_none(value)
    return None if text is None else fold(text)


def _one_text(value: object) -> str:
    """Without NULs, at which SQLite's functions end a text."""
    return (text_or_none(value) or "").replace(SEPARATOR, "\n")
