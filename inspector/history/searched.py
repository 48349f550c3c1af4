"""Which texts of an event a search for words reads, and the folded text of an event that is not plain. Imports sqlite3
and history's own parts."""

from __future__ import annotations

import sqlite3

from inspector.history.folding import fold_all
from inspector.history.packing import text_or_none

# What a search for words reads of an event, besides its bodies. (Its connection has texts of its own.)
SEARCHED_COLUMNS = (
    *("message", "path", "url", "method", "reason", "detail", "brand_id", "conversation_id", "dialog_id"),
    *("originator_id", "device_token", "headers", "answer_headers"),
)
BODIES = ("body", "answer_body")
_TEXTS = f"SELECT {', '.join((*SEARCHED_COLUMNS, *BODIES))} FROM events WHERE id = ?"  # noqa: S608 - own names


def write_search_text(database: sqlite3.Connection, identifier: int) -> None:
    """Fold an event's texts anew, where one of them has changed. Runs inside the writer's transaction."""
    row = database.execute(_TEXTS, (identifier,)).fetchone()
    texts, bodies = row[: len(SEARCHED_COLUMNS)], row[len(SEARCHED_COLUMNS) :]
    folded = fold_all(map(text_or_none, texts), (body for body in bodies if isinstance(body, bytes)))
    database.execute("UPDATE events SET search_text = ? WHERE id = ?", (folded, identifier))
