"""A search under way: the ids of what matches, newest first, in pieces. Imports sqlite3 and history's own parts.

Where it starts from depends on the query. What the catalogue's facets tell alone is read off them; words are looked
for in the blocks that hold their trigrams; else it reads all events. Those that are not catalogued yet come first and
are all read. A piece takes some milliseconds (tens in the worst case), so that whoever asked can stop between two, and
show the first while the others come.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice

from inspector.history.catalogue import BLOCK, BLOCK_BITS
from inspector.history.joined import numbers
from inspector.history.packing import SqlValue
from inspector.history.query_facets import FacetCondition, facet_condition
from inspector.history.query_sql import to_sql
from inspector.history.query_tree import Query
from inspector.history.query_trigrams import match_expression

_FIRST = 1024  # rows of the first window: soon done, and mostly enough for a page
_LARGEST_WINDOW = {"events": 8_192, "facets": 32_768}
_FEW = 4096  # matches that are worth looking up one by one
_BLOCKS = 256
_TOTALS = "SELECT catalogued_id, last_id FROM totals"
_MATCHING_BLOCKS = (
    "SELECT rowid AS id FROM trigrams WHERE trigrams MATCH :expression AND rowid < :below"
    " ORDER BY rowid DESC LIMIT :most"
)
# Whose texts are not, or not only, those that the trigrams are of.
_ELSEWHERE = """
    SELECT event_id FROM recatalogued UNION SELECT event_id FROM marks WHERE note <> '' ORDER BY 1 DESC
"""
_BEYOND = 2**62


@dataclass(frozen=True, slots=True)
class _Condition:
    sql: str
    parameters: Mapping[str, SqlValue]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What matches of the events from the id `low` on; those above were in the pieces before."""

    ids: array[int]
    low: int


class _MadeAnewError(Exception):
    """The catalogue was begun anew since the search began: it does not tell all that it told then."""


def newest_first(database: sqlite3.Connection, query: Query) -> Iterator[array[int]]:
    """The ids of what matches, descending, in pieces of any size, also empty ones. Every piece reads the file as it is
    then. Raises sqlite3.Error."""
    catalogued, last = database.execute(_TOTALS).fetchone()
    whole = _Condition(*to_sql(query))
    for piece in _windows(database, "events", whole, catalogued, last):
        yield piece.ids
    done = catalogued + 1
    try:
        for piece in _catalogued(database, query, whole, catalogued):
            done = piece.low
            yield piece.ids
    except _MadeAnewError:
        for piece in _windows(database, "events", whole, 0, done - 1):
            yield piece.ids


def _catalogued(
    database: sqlite3.Connection, query: Query, whole: _Condition, catalogued: int
) -> Iterator[_Piece]:
    """What matches of the events that are catalogued. Raises _MadeAnewError."""
    if not catalogued:
        return
    facets = facet_condition(query)
    few = None if facets is None else _few(database, facets, catalogued)
    if facets is not None and few is not None:
        yield from [_Piece(few, 0)] if facets.exact else _judged(database, whole, _portions(few))
        return
    if facets is not None and facets.exact:
        narrow = _Condition(facets.sql, facets.parameters)
        yield from _windows(database, "facets", narrow, 0, catalogued, needs=catalogued)
        return
    expression = match_expression(query.root)
    if expression is None:
        yield from _windows(database, "events", whole, 0, catalogued)
    else:
        yield from _judged(database, whole, _candidates(database, expression, catalogued))


def _ids(
    database: sqlite3.Connection, statement: str, parameters: Mapping[str, SqlValue], needs: int = 0
) -> array[int]:
    """The ids that a statement finds, at a moment at which the events up to `needs` are catalogued."""
    found, catalogued = database.execute(
        f"SELECT group_concat(id), (SELECT catalogued_id FROM totals) FROM ({statement})",  # noqa: S608 - own names, values are parameters
        parameters,
    ).fetchone()
    if catalogued < needs:
        raise _MadeAnewError
    return numbers(found)


def _windows(
    database: sqlite3.Connection, table: str, condition: _Condition, after: int, last: int, *, needs: int = 0
) -> Iterator[_Piece]:
    """All rows from `last` down to `after`, without it, judged window by window."""
    statement = (
        f"SELECT id FROM {table} WHERE id > :after AND id <= :last AND {condition.sql} ORDER BY id DESC"  # noqa: S608 - the same
    )
    size = _FIRST
    while last > after:
        low = max(after, last - size)
        found = _ids(database, statement, {**condition.parameters, "after": low, "last": last}, needs)
        yield _Piece(found, low + 1)
        last = low
        size = min(4 * size, _LARGEST_WINDOW[table])


def _few(database: sqlite3.Connection, facets: FacetCondition, catalogued: int) -> array[int] | None:
    """What the facets tell, descending, where that is little; else None. (The plus keeps SQLite from reading the rows
    in the order of their ids, where an index serves better.)"""
    found = _ids(
        database,
        f"SELECT id FROM facets WHERE +id <= :catalogued AND {facets.sql} LIMIT {_FEW + 1}",  # noqa: S608 - the same
        {**facets.parameters, "catalogued": catalogued},
        catalogued,
    )
    return None if len(found) > _FEW else array("q", sorted(found, reverse=True))


def _portions(ids: array[int]) -> Iterator[_Piece]:
    for start in range(0, len(ids), _BLOCKS):
        portion = ids[start : start + _BLOCKS]
        yield _Piece(portion, portion[-1])


def _candidates(database: sqlite3.Connection, expression: str, catalogued: int) -> Iterator[_Piece]:
    """Ids of all events of the blocks that may hold a match, descending, a portion at a time."""
    elsewhere = [row[0] for row in database.execute(_ELSEWHERE) if row[0] <= catalogued]
    others = (block for block, _ in groupby(elsewhere, lambda identifier: identifier >> BLOCK_BITS))
    blocks = merge(_blocks(database, expression, catalogued), others, reverse=True)
    distinct = (block for block, _ in groupby(blocks))
    size = _BLOCKS // 8  # the first portion is soon done
    while portion := list(islice(distinct, size)):
        ids = array(
            "q",
            (identifier for block in portion for identifier in _of_block(block) if identifier <= catalogued),
        )
        yield _Piece(ids, portion[-1] << BLOCK_BITS)
        size = _BLOCKS


def _blocks(database: sqlite3.Connection, expression: str, catalogued: int) -> Iterator[int]:
    below = _BEYOND
    while found := _ids(
        database,
        _MATCHING_BLOCKS,
        {"expression": expression, "below": below, "most": _BLOCKS},
        catalogued,
    ):
        yield from found
        below = found[-1]


def _of_block(block: int) -> range:
    first = block << BLOCK_BITS
    return range(first + BLOCK - 1, first - 1, -1)


def _judged(
    database: sqlite3.Connection, condition: _Condition, portions: Iterator[_Piece]
) -> Iterator[_Piece]:
    """Which of these events match."""
    these = "SELECT value FROM json_each(:ids)"
    statement = f"SELECT id FROM events WHERE id IN ({these}) AND {condition.sql} ORDER BY id DESC"  # noqa: S608 - the same
    for portion in portions:
        ids = json.dumps(portion.ids.tolist())
        yield _Piece(_ids(database, statement, {**condition.parameters, "ids": ids}), portion.low)
