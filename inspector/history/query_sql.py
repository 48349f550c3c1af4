"""A query's tree as an SQL condition on the table `events`. The only place that knows how searching is done.

ASCII text is searched by SQLite itself, in the columns as they are. A row that holds other text, or JSON escapes,
carries it folded in `search_text`; only such rows are ever given to the functions that `add_functions` adds. Values
reach SQL as parameters only. Imports sqlite3 and history's own parts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import assert_never

from inspector.history.folding import fold, fold_body
from inspector.history.packing import SqlValue, text_or_none
from inspector.history.query_tree import (
    AllOf,
    AnyOf,
    Between,
    Contains,
    Everything,
    Has,
    Is,
    Node,
    Not,
    Pattern,
    Query,
    Words,
)
from inspector.history.searched import BODIES, SEARCHED_COLUMNS

Condition = tuple[str, Mapping[str, SqlValue]]

EVENT_TEXTS = {
    "brand": "brand_id",
    "conv": "conversation_id",
    "detail": "detail",
    "dialog": "dialog_id",
    "header": "headers",
    "method": "method",
    "originator": "originator_id",
    "path": "path",
    "reason": "reason",
    "text": "message",
    "token": "device_token",
    "url": "url",
}
CONNECTION_TEXTS = {
    "fingerprint": "k.fingerprint",
    "issuer": "k.issuer",
    "peer": "c.peer",
    "sni": "c.tls_sni",
    "subject": "k.subject",
    "tls": "c.tls_version",
}
MARK_TEXTS = {"note": "note", "mark": "color"}
# What stands in other tables than the events' own: its conditions need an event's id and connection only.
TEXTS_ELSEWHERE = frozenset({*CONNECTION_TEXTS, *MARK_TEXTS, "rule"})
NUMBERS = {
    "at": "at",
    "attempt": "attempt",
    "badge": "badge",
    "count": "count",
    "id": "id",
    "seq": "sequence",
    "size": "size",
    "status": "status",
}
STATES = {
    "push": "kind = 'push'",
    "handshake": "kind = 'handshake'",
    "in": "direction = 'in'",
    "out": "direction = 'out'",
    "accepted": "(status BETWEEN 200 AND 299) IS TRUE",
    # Turned away: in the handshake by either side, or by the answers that deny.
    "refused": "(kind = 'handshake' OR status IN (401, 403) OR reason = 'tls_refused') IS TRUE",
    "failed": "(kind = 'handshake' OR status >= 400 OR reason IS NOT NULL) IS TRUE",
    "retry": "attempt > 1",
    "trusted": "(connection_id IN (SELECT id FROM connections WHERE trusted = 1)) IS TRUE",
    "untrusted": "(connection_id IN (SELECT id FROM connections WHERE trusted = 0)) IS TRUE",
    "pinned": "id IN (SELECT event_id FROM marks WHERE pinned)",
}
_CONNECTIONS = (
    "(connection_id IN (SELECT c.id FROM connections AS c"
    " LEFT JOIN certificates AS k ON k.id = c.certificate_id WHERE {})) IS TRUE"
)
_MARKS = "id IN (SELECT event_id FROM marks WHERE {})"
# One look for each event, as very many may have been answered by one rule.
_RULE = "EXISTS (SELECT 1 FROM outcomes WHERE event_id = id AND ({}))"
_PLAIN_RULE = "typeof(rule) = 'text' AND length(rule) = length(CAST(rule AS BLOB))"
# Besides its address. Versions, ciphers and fingerprints would only be noise.
_SEARCHED_CONNECTION = ("c.tls_sni", "k.subject", "k.issuer")


def add_functions(database: sqlite3.Connection) -> None:
    """Add what the conditions call. They get only texts and bodies that SQLite alone can't compare."""
    database.create_function("fold", 1, _fold, deterministic=True)
    database.create_function("fold_body", 1, _fold_body, deterministic=True)


def to_sql(query: Query | None) -> Condition:
    """The condition for `WHERE`, and its named parameters (`q0`, `q1`, …). It is true or false for every row, never
    NULL, and needs the functions that `add_functions` adds."""
    if query is None:
        return "1", {}
    writer = SqlWriter()
    return writer.write(query.root), writer.parameters


class SqlWriter:
    """Writes a condition on `events`; collects the values that it needs in `parameters`."""

    def __init__(self) -> None:
        self.parameters: dict[str, SqlValue] = {}
        self._names: dict[SqlValue, str] = {}

    def write(self, node: Node) -> str:  # noqa: C901 - one line for each kind of node
        match node:
            case Everything():
                return "1"
            case AllOf(parts):
                return f"({' AND '.join(map(self.write, parts))})"
            case AnyOf(parts):
                return f"({' OR '.join(map(self.write, parts))})"
            case Not(part):
                return f"(NOT {self.write(part)})"
            case Words(text):
                return self._words(text)
            case Contains("body", text):
                return self._in_body(text)
            case Contains(field, text):
                return self.text(field, ("", text, ""))
            case Pattern("problem", parts):
                return self._problem(0, parts)
            case Pattern(field, parts):
                return self.text(field, parts)
            case Between(field, low, high):
                return self.between(NUMBERS[field], low, high)
            case Is("is", word):
                return STATES[word]
            case Is("severity", word):
                return self._problem(1, (word,))
            case Is(field, word):
                return f"{field} = {self.bind(word)}"
            case Has(field):
                return has(field)
        assert_never(node)

    def bind(self, value: SqlValue) -> str:
        """The parameter that stands for a value."""
        if value not in self._names:
            self._names[value] = name = f"q{len(self._names)}"
            self.parameters[name] = value
        return f":{self._names[value]}"

    def _words(self, text: str) -> str:
        """Anywhere. A number alone is not looked for in addresses, where any port may hold its digits."""
        text = fold(text)
        folded = self.bind(text)
        searches = [f"instr(search_text, {folded})"]
        in_connection = [f"instr(c.search_text, {folded})"]
        if text.isascii():
            pattern = self._like(("", text, ""))
            searches += [f"{column} {pattern}" for column in SEARCHED_COLUMNS]
            searches += [f"CAST({body} AS TEXT) {pattern}" for body in BODIES]
            in_connection += [f"{column} {pattern}" for column in _SEARCHED_CONNECTION]
            if not text.isdigit():
                in_connection.append(f"c.peer {pattern}")
        searches.append(_CONNECTIONS.format(" OR ".join(in_connection)))
        searches.append(_MARKS.format(f"instr(fold(note), {folded})"))
        return f"({' OR '.join(searches)}) IS TRUE"

    def text(self, field: str, parts: Sequence[str]) -> str:
        """A field's text fits a pattern."""
        parts = [fold(part) for part in parts]
        if field in EVENT_TEXTS:
            column = EVENT_TEXTS[field]
            return f"({self._compare(column, 'search_text', parts)}) IS TRUE"
        if field in MARK_TEXTS:  # few: they are folded one by one
            compared = self.pattern(f"fold({MARK_TEXTS[field]})", parts)
            return _MARKS.format(compared)
        if field == "rule":
            folded = self.pattern("fold(rule)", parts)
            plain = self.pattern("rule", parts) if all(map(str.isascii, parts)) else "0"
            return _RULE.format(f"CASE WHEN {_PLAIN_RULE} THEN {plain} ELSE {folded} END")
        return _CONNECTIONS.format(self._compare(CONNECTION_TEXTS[field], None, parts))

    def _compare(self, column: str, search_text: str | None, parts: Sequence[str]) -> str:
        """Compare a column with a folded pattern: by SQLite where all of the row is ASCII, else folded. Of those rows,
        only the ones whose `search_text` holds the pattern's longest part are folded one by one."""
        longest = max(parts, key=len)
        folded = self.pattern(f"fold({column})", parts)
        owner = search_text or "c.search_text"
        if search_text is not None:
            folded = f"instr({search_text}, {self.bind(longest)}) AND {folded}"
        plain = self.pattern(column, parts) if all(map(str.isascii, parts)) else "0"
        return f"CASE WHEN {owner} IS NULL THEN {plain} ELSE {folded} END"

    def pattern(self, value: str, parts: Sequence[str]) -> str:
        """An expression's text is this one part, or holds these parts in this order with anything between."""
        if len(parts) == 1:
            return f"{value} = {self.bind(parts[0])} COLLATE NOCASE"
        return f"{value} {self._like(parts)}"

    def _like(self, parts: Sequence[str]) -> str:
        escaped = (part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in parts)
        return f"LIKE {self.bind('%'.join(escaped))} ESCAPE '\\'"

    def _in_body(self, text: str) -> str:
        """In the body's text, or in its bytes as they are."""
        text = fold(text)
        folded = self.bind(text)
        decoded = f"(instr(search_text, {folded}) AND instr(fold_body(body), {folded}))"
        if not text.isascii():
            return f"{decoded} IS TRUE"
        return f"(CAST(body AS TEXT) {self._like(('', text, ''))} OR {decoded}) IS TRUE"

    def _problem(self, place: int, parts: Sequence[str]) -> str:
        compared = self.pattern(f"json_extract(p.value, '$[{place}]')", [fold(part) for part in parts])
        return f"(problem_count > 0 AND EXISTS (SELECT 1 FROM json_each(CAST(problems AS TEXT)) AS p WHERE {compared}))"  # noqa: S608

    def between(self, column: str, low: int | None, high: int | None) -> str:
        """A column's number is in a span."""
        bounds = []
        if low is not None:
            bounds.append(f"{column} >= {self.bind(low)}")
        if high is not None:
            bounds.append(f"{column} <= {self.bind(high)}")
        return f"({' AND '.join(bounds) or f'{column} IS NOT NULL'}) IS TRUE"


def has(field: str) -> str:
    """The condition that an event has a field, and that it is not empty."""
    if field == "problem":
        return "problem_count > 0"
    if field == "body":
        return "size > 0"
    if field in NUMBERS:
        return f"{NUMBERS[field]} IS NOT NULL"
    if field in EVENT_TEXTS:
        return f"({EVENT_TEXTS[field]} <> '') IS TRUE"
    if field in MARK_TEXTS:
        return _MARKS.format(f"{MARK_TEXTS[field]} <> ''")
    if field == "rule":
        return _RULE.format("rule <> ''")
    return _CONNECTIONS.format(f"{CONNECTION_TEXTS[field]} <> ''")


def _fold(value: object) -> str | None:
    text = text_or_none(value)
    return None if text is None else fold(text)


def _fold_body(value: object) -> str | None:
    return fold_body(value) if isinstance(value, bytes) else None
