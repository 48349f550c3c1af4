"""The tables of the history and the steps that bring an older file up to date. Imports sqlite3 only.

A file names its maker (`PRAGMA application_id`) and the version of its tables (`PRAGMA user_version`). A new
version is a new function at the end of STEPS; those that a file lacks are run in one transaction, so that a file is
always wholly of one version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

APPLICATION_ID = 0x50754973  # "PuIs": file(1) and other programs can tell the file by it
BUSY_SECONDS = 5.0

Step = Callable[[sqlite3.Connection], None]

# Bodies come last: SQLite reads a row from its front, and a list never looks that far.
_VERSION_1 = (
    """
    CREATE TABLE certificates (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        fingerprint TEXT NOT NULL,
        subject TEXT NOT NULL,
        issuer TEXT NOT NULL,
        not_before TEXT NOT NULL,
        not_after TEXT NOT NULL,
        chain BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE connections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        peer TEXT NOT NULL,
        local TEXT NOT NULL,
        trusted INTEGER,
        has_tls INTEGER NOT NULL,
        tls_version TEXT,
        tls_cipher TEXT,
        tls_sni TEXT,
        tls_alpn TEXT,
        certificate_id INTEGER REFERENCES certificates(id),
        search_text TEXT
    )
    """,
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        direction TEXT NOT NULL,
        at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        service TEXT NOT NULL,
        status INTEGER,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        url TEXT NOT NULL,
        size INTEGER NOT NULL,
        brand_id TEXT,
        conversation_id TEXT,
        dialog_id TEXT,
        originator_id TEXT,
        device_token TEXT,
        sequence INTEGER,
        badge INTEGER,
        retry_key BLOB,
        retry_slot INTEGER,
        attempt INTEGER NOT NULL,
        gap INTEGER,
        problem_count INTEGER NOT NULL,
        worst_problem TEXT,
        connection_id INTEGER REFERENCES connections(id),
        reason TEXT,
        message TEXT,
        problems TEXT,
        detail TEXT,
        advice TEXT,
        timings TEXT,
        headers TEXT,
        answer_headers TEXT,
        answer_body BLOB,
        body BLOB NOT NULL,
        search_text TEXT
    )
    """,
    # For a live view: which rows were counted up. Rows seen once, nearly all, are not in it.
    "CREATE INDEX events_repeated ON events(last_at) WHERE count > 1",
    # The index of the retry keys of all events up to totals.indexed_id, kept by hand (see `attempts`): 32 bits of each
    # key, and the event.
    """
    CREATE TABLE attempts (
        slot INTEGER NOT NULL,
        id INTEGER NOT NULL,
        PRIMARY KEY (slot, id)
    ) WITHOUT ROWID
    """,
    # Counting a million rows takes too long for a status line. The writer adds, the trigger takes away. The last id
    # given makes that no id is given twice, as AUTOINCREMENT would, but once for a batch instead of once for a row.
    """
    CREATE TABLE totals (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        last_id INTEGER NOT NULL,
        indexed_id INTEGER NOT NULL,
        deletions INTEGER NOT NULL,
        pushes_in INTEGER NOT NULL,
        pushes_out INTEGER NOT NULL,
        handshake_rows INTEGER NOT NULL,
        handshakes INTEGER NOT NULL
    )
    """,
    "INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0, 0)",
    """
    CREATE TRIGGER events_deleted AFTER DELETE ON events BEGIN
        DELETE FROM attempts WHERE slot = OLD.retry_slot AND id = OLD.id;
        UPDATE totals SET
            deletions = deletions + 1,
            pushes_in = pushes_in - (OLD.kind = 'push' AND OLD.direction = 'in'),
            pushes_out = pushes_out - (OLD.kind = 'push' AND OLD.direction = 'out'),
            handshake_rows = handshake_rows - (OLD.kind = 'handshake'),
            handshakes = handshakes - OLD.count * (OLD.kind = 'handshake');
    END
    """,
)


def _make_version_1(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)


# What only few events have is kept beside them, so that the many cost nothing. `advice` in the events is what happened.
# `changed` numbers what happens to an event after it was stored (its answer became known, it was seen again), from
# totals.changes: a live view asks for what is above the last number it saw.
_VERSION_2 = (
    """
    CREATE TABLE outcomes (
        event_id INTEGER PRIMARY KEY,
        cause TEXT,
        remedy TEXT,
        rule TEXT,
        settled_at INTEGER,
        changed INTEGER,
        forwarded TEXT,
        forwarded_body BLOB
    )
    """,
    "CREATE INDEX outcomes_changed ON outcomes(changed) WHERE changed IS NOT NULL",
    "ALTER TABLE totals ADD COLUMN changes INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX events_repeated",
    """
    CREATE TRIGGER outcomes_deleted AFTER DELETE ON events BEGIN
        DELETE FROM outcomes WHERE event_id = OLD.id;
    END
    """,
    # A client offers the same every time, so its offer is kept once.
    """
    CREATE TABLE handshakes (
        id INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE,
        facts TEXT NOT NULL
    )
    """,
    "ALTER TABLE connections ADD COLUMN handshake_id INTEGER REFERENCES handshakes(id)",
    "ALTER TABLE connections ADD COLUMN via TEXT",
)


def _make_version_2(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_2:
        connection.execute(statement)


# What people note on events, beside them for the same reason.
#
# The catalogue is made in the background, some hundred events at a time, so that taking a push costs no more than it
# must. It covers the events up to totals.catalogued_id: `facets` holds their short fields once more, narrow and with
# indexes (brand and conversation folded, see `folding`), `trigrams` tells in which blocks of BLOCK events any three
# characters stand together. An event whose texts have changed since, or are very long, is in `recatalogued`: searches
# look at it whatever the trigrams tell. `trigrams` is only added to: what is left of deleted events there is harmless,
# as whatever it finds is looked at in the events themselves, and totals.uncatalogued counts them.
_VERSION_3 = (
    """
    CREATE TABLE marks (
        event_id INTEGER PRIMARY KEY,
        note TEXT NOT NULL,
        color TEXT NOT NULL,
        pinned INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE facets (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        direction TEXT NOT NULL,
        service TEXT NOT NULL,
        status INTEGER,
        brand TEXT,
        conversation TEXT,
        sequence INTEGER,
        badge INTEGER,
        attempt INTEGER NOT NULL,
        problems INTEGER NOT NULL,
        reason TEXT,
        connection_id INTEGER
    )
    """,
    "CREATE INDEX facets_at ON facets(at)",
    "CREATE INDEX facets_service ON facets(service)",
    "CREATE INDEX facets_status ON facets(status)",
    "CREATE INDEX facets_brand ON facets(brand)",
    "CREATE INDEX facets_conversation ON facets(conversation, brand)",
    "CREATE INDEX facets_sequence ON facets(sequence)",
    "CREATE INDEX facets_badge ON facets(badge)",
    "CREATE INDEX facets_problems ON facets(problems)",
    "CREATE INDEX facets_retries ON facets(attempt) WHERE attempt > 1",
    "CREATE INDEX facets_handshakes ON facets(kind) WHERE kind = 'handshake'",
    "CREATE INDEX facets_reason ON facets(reason) WHERE reason IS NOT NULL",
    "CREATE VIRTUAL TABLE trigrams USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram')",
    "CREATE TABLE recatalogued (event_id INTEGER PRIMARY KEY)",
    "ALTER TABLE totals ADD COLUMN catalogued_id INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE totals ADD COLUMN uncatalogued INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TRIGGER events_forgotten AFTER DELETE ON events BEGIN
        DELETE FROM marks WHERE event_id = OLD.id;
        DELETE FROM facets WHERE id = OLD.id;
        DELETE FROM recatalogued WHERE event_id = OLD.id;
        UPDATE totals SET uncatalogued = uncatalogued + 1 WHERE OLD.id <= catalogued_id;
    END
    """,
)


def _make_version_3(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_3:
        connection.execute(statement)


STEPS: tuple[Step, ...] = (_make_version_1, _make_version_2, _make_version_3)
VERSION = len(STEPS)

# Each table with the column that its rows are kept in order of.
TABLES = {
    "certificates": "id",
    "connections": "id",
    "events": "id",
    "attempts": "slot",
    "totals": "id",
    "outcomes": "event_id",
    "handshakes": "id",
    "marks": "event_id",
    "facets": "id",
    "recatalogued": "event_id",
}


def read_version(connection: sqlite3.Connection) -> int:
    """The version of the file's tables; 0 for a file without any."""
    return _number(connection, "PRAGMA user_version")


def read_application_id(connection: sqlite3.Connection) -> int:
    """Who made the file; 0 where it does not say."""
    return _number(connection, "PRAGMA application_id")


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> int:
    """Run the steps that the file lacks, all or none of them; returns how many were run.

    `connection` is in autocommit mode (`isolation_level=None`). A second process that does the same at the same
    time waits and then finds nothing left to do. Raises sqlite3.Error, the file is then as it was.
    """
    if read_version(connection) >= len(steps):
        return 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = read_version(connection)
        for step in steps[done:]:
            step(connection)
        if done < len(steps):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return max(len(steps) - done, 0)


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    value: int = connection.execute(pragma).fetchone()[0]
    return value
