"""What people note on events: words, a colour, a pin. Imports sqlite3 and history's own parts."""

from __future__ import annotations

import sqlite3

from inspector.history.model import MARK_COLORS, Mark
from inspector.history.packing import storable, text, whole

_WRITE = """
    INSERT INTO marks (event_id, note, color, pinned) VALUES (?, ?, ?, ?)
    ON CONFLICT (event_id) DO UPDATE SET note = excluded.note, color = excluded.color, pinned = excluded.pinned
"""


def write_mark(database: sqlite3.Connection, identifier: int, mark: Mark | None) -> bool:
    """Put a mark on an event in the place of the one it has, None takes it off; False where the event is gone. Runs
    inside the writer's transaction. Raises ValueError for a colour that there is not."""
    if mark is not None and mark.color not in ("", *MARK_COLORS):
        raise ValueError(f"there is no colour {mark.color!r}")
    if database.execute("SELECT 1 FROM events WHERE id = ?", (identifier,)).fetchone() is None:
        return False
    if mark is None or mark == Mark():
        database.execute("DELETE FROM marks WHERE event_id = ?", (identifier,))
    else:
        database.execute(_WRITE, (identifier, storable(mark.note), mark.color, int(mark.pinned)))
    return True


def read_mark(database: sqlite3.Connection, identifier: int) -> Mark | None:
    """The mark of an event, None where it has none. Raises TypeError for a damaged row."""
    row = database.execute(
        "SELECT note, color, pinned FROM marks WHERE event_id = ?", (identifier,)
    ).fetchone()
    return None if row is None else decode_mark(*row)


def decode_mark(note: object, color: object, pinned: object) -> Mark:
    """A mark from its columns. Raises TypeError for a damaged row."""
    return Mark(text(note), text(color), bool(whole(pinned)))
