"""The values that the newest events have in a field, for the filter box to offer. Imports sqlite3 and history's own
parts.

Never a device token, nor what may hold one: headers and bodies are not offered, and no path that has the token in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.history.packing import text, whole

if TYPE_CHECKING:
    import sqlite3

NEWEST = 20_000
LIMIT = 50
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value and how many of the newest events have it."""

    value: str
    count: int


_EVENTS = "SELECT id, {} AS value FROM events WHERE id > (SELECT max(id) FROM events) - :newest"
_CONNECTIONS = (
    "SELECT e.id, {} AS value FROM events AS e JOIN connections AS c ON c.id = e.connection_id"
    " LEFT JOIN certificates AS k ON k.id = c.certificate_id"
    " WHERE e.id > (SELECT max(id) FROM events) - :newest"
)
_PATH = (
    "CASE WHEN device_token <> '' AND instr(path, device_token) THEN NULL"
    " WHEN instr(path, '?') THEN substr(path, 1, instr(path, '?') - 1) ELSE path END"
)
_SOURCES = {
    "brand": _EVENTS.format("brand_id"),
    "conv": _EVENTS.format("conversation_id"),
    "dialog": _EVENTS.format("dialog_id"),
    "originator": _EVENTS.format("originator_id"),
    "status": _EVENTS.format("CAST(status AS TEXT)"),
    "method": _EVENTS.format("method"),
    "path": _EVENTS.format(_PATH),
    "reason": _EVENTS.format("reason"),
    "subject": _CONNECTIONS.format("k.subject"),
    "issuer": _CONNECTIONS.format("k.issuer"),
    "sni": _CONNECTIONS.format("c.tls_sni"),
    "tls": _CONNECTIONS.format("c.tls_version"),
    "problem": (
        "SELECT e.id, json_extract(p.value, '$[0]') AS value FROM events AS e, json_each(CAST(e.problems AS TEXT)) AS p"
        " WHERE e.id > (SELECT max(id) FROM events) - :newest AND e.problem_count > 0"
    ),
    "rule": "SELECT event_id AS id, rule AS value FROM outcomes"
    " WHERE event_id > (SELECT max(id) FROM events) - :newest",
    "mark": "SELECT event_id AS id, color AS value FROM marks",
}
# Each of these is of few events, so that the last ones seen are the likely ones, not the most frequent.
_BY_TIME = ("conv", "dialog")
_GROUPED = (
    "SELECT value, count(*) AS times FROM ({}) WHERE value <> '' AND length(value) <= :longest"
    " AND instr(lower(value), :typed) GROUP BY value"
    " ORDER BY instr(lower(value), :typed) > 1, {}, max(id) DESC LIMIT :limit"
)
KNOWN_FIELDS = frozenset(_SOURCES)


def read_known_values(
    database: sqlite3.Connection, field: str, typed: str, *, limit: int = LIMIT, newest: int = NEWEST
) -> list[KnownValue]:
    """The values of a field with what was typed in them, those that begin with it first; none for other fields."""
    source = _SOURCES.get(field)
    if source is None:
        return []
    order = "max(id) DESC" if field in _BY_TIME else "times DESC"
    statement = _GROUPED.format(source, order)
    parameters = {"typed": _as_lower(typed), "limit": limit, "newest": newest, "longest": _LONGEST}
    found = [(text(value), whole(count)) for value, count in database.execute(statement, parameters)]
    return [KnownValue(value, count) for value, count in found if value.isprintable()]


def _as_lower(typed: str) -> str:
    """In small letters as SQLite's `lower` makes them, and without what it takes in no text."""
    lower = "".join(letter.lower() if letter.isascii() else letter for letter in typed)
    return lower.encode("utf-8", "replace").decode()
