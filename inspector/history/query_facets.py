"""What of a query can be told from the catalogue's `facets` alone, as an SQL condition on that table. Pure of I/O.

Whatever is written here means the same as `query_sql` on `events`. Imports history's own parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.history.folding import fold
from inspector.history.packing import SqlValue
from inspector.history.query_sql import STATES, TEXTS_ELSEWHERE, SqlWriter, has
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
)

_NAMES = {"brand": "brand", "conv": "conversation", "reason": "reason"}
_NUMBERS = {
    "at": "at",
    "attempt": "attempt",
    "badge": "badge",
    "id": "id",
    "seq": "sequence",
    "status": "status",
}
_CHOICES = ("direction", "kind", "service")
_SAME_STATES = frozenset(STATES)
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FacetCondition:
    """A condition on `facets` that every match of the query meets. `exact`: and nothing else does."""

    sql: str
    parameters: Mapping[str, SqlValue]
    exact: bool


class _NotThereError(Exception):
    """The facets do not tell."""


def facet_condition(query: Query) -> FacetCondition | None:
    """What the facets tell of a query, None where that is nothing."""
    writer = _FacetWriter()
    parts = query.root.parts if isinstance(query.root, AllOf) else (query.root,)
    told = []
    exact = True
    for part in parts:
        try:
            told.append(writer.write(part))
        except _NotThereError:
            exact = False
            if _speaks_of_problems(part):
                told.append("problems > 0")
    if not told:
        return None
    return FacetCondition(" AND ".join(told), writer.parameters, exact=exact)


def _speaks_of_problems(node: Node) -> bool:
    """Whether only an event with problems can match."""
    return isinstance(node, Pattern | Is) and node.field in ("problem", "severity")


class _FacetWriter(SqlWriter):
    """A condition may be NULL where it is not met, so that SQLite sees which index serves."""

    def write(self, node: Node) -> str:  # noqa: C901 - one line for each kind of node
        match node:
            case Everything():
                return "1"
            case AllOf(parts):
                return f"({' AND '.join(map(self.write, parts))})"
            case AnyOf(parts):
                return f"({' OR '.join(map(self.write, parts))})"
            case Not(part):
                return f"NOT (({self.write(part)}) IS TRUE)"
            case Contains(field, text) if field in TEXTS_ELSEWHERE:
                return self.text(field, ("", text, ""))
            case Pattern(field, parts) if field in TEXTS_ELSEWHERE:
                return self.text(field, parts)
            case Pattern(field, parts) if field in _NAMES:
                return self._name(_NAMES[field], [fold(part) for part in parts])
            case Between(field, low, high) if field in _NUMBERS:
                return self._span(_NUMBERS[field], low, high)
            case Is("is", word) if word in _SAME_STATES:
                return STATES[word]
            case Is(field, word) if field in _CHOICES:
                return f"{field} = {self.bind(word)}"
            case Has("problem"):
                return "problems > 0"
            case Has(field) if field in _NUMBERS:
                return f"{_NUMBERS[field]} IS NOT NULL"
            case Has(field) if field in _NAMES:
                return f"{_NAMES[field]} <> ''"
            case Has(field) if field in TEXTS_ELSEWHERE:
                return has(field)
        raise _NotThereError

    def _name(self, column: str, parts: Sequence[str]) -> str:
        """Equal texts, or a pattern; a pattern's beginning as a span, which an index serves."""
        if len(parts) == 1:
            return f"{column} = {self.bind(parts[0])}"
        fits = self.pattern(column, parts)
        if not parts[0]:
            return fits
        span = f"{column} >= {self.bind(parts[0])} AND {column} < {self.bind(parts[0] + _HIGHEST)}"
        return f"({span} AND {fits})"

    def _span(self, column: str, low: int | None, high: int | None) -> str:
        if low is not None and low == high:
            return f"{column} = {self.bind(low)}"
        bounds = [
            f"{column} {compared} {self.bind(bound)}"
            for compared, bound in ((">=", low), ("<=", high))
            if bound is not None
        ]
        return f"({' AND '.join(bounds)})" if bounds else f"{column} IS NOT NULL"
