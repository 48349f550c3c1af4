"""Some hundred events at once, whole, with one statement: for an export, which reads them all. Imports sqlite3 and
history's own parts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspector.history.marks import decode_mark
from inspector.history.model import Connection, Event
from inspector.history.outcomes import OUTCOME_COLUMNS, Outcome, decode_outcome
from inspector.history.packing import whole_or_none
from inspector.history.records import EVENT_COLUMNS, decode_event

_COLUMNS = [f"e.{name}" for name in EVENT_COLUMNS] + [f"o.{name}" for name in OUTCOME_COLUMNS]
_EVENTS = (
    f"SELECT {', '.join(_COLUMNS)}, o.event_id, m.event_id, m.note, m.color, m.pinned"  # noqa: S608 - own names
    " FROM json_each(?) AS wanted JOIN events AS e ON e.id = wanted.value"
    " LEFT JOIN outcomes AS o ON o.event_id = e.id LEFT JOIN marks AS m ON m.event_id = e.id ORDER BY wanted.key"
)
_BY_CONNECTION = EVENT_COLUMNS.index("connection_id")
_BESIDE = -5  # the columns after the outcome's


def read_events(
    database: sqlite3.Connection,
    ids: Sequence[int],
    read_connections: Callable[[set[int]], Mapping[int, Connection]],
) -> list[Event]:
    """The events of these ids that there are, in this order. Raises sqlite3.Error, and ValueError, KeyError or
    TypeError for a damaged row."""
    rows = database.execute(_EVENTS, (json.dumps(list(ids)),)).fetchall()
    connections = read_connections({row[_BY_CONNECTION] for row in rows} - {None})
    return [_decode(row, connections) for row in rows]


def _decode(row: Sequence[Any], connections: Mapping[int, Connection]) -> Event:
    has_outcome, has_mark, *mark = row[_BESIDE:]
    connection_id = whole_or_none(row[_BY_CONNECTION])
    return decode_event(
        row[: len(EVENT_COLUMNS)],
        None if connection_id is None else connections.get(connection_id),
        Outcome() if has_outcome is None else decode_outcome(row[len(EVENT_COLUMNS) : _BESIDE]),
        None if has_mark is None else decode_mark(*mark),
    )
