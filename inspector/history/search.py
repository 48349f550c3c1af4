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
    "SELECT rowid FROM trigrams WHERE trigrams MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
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


def newest_first(database: sqlite3.Connection, query: Query) -> Iterator[array[int]]:
    """The ids of what matches, descending, in pieces of any size, also empty ones. Every piece reads the file as it is
    then. Raises sqlite3.Error."""
    catalogued, last = database.execute(_TOTALS).fetchone()
    whole = _Condition(*to_sql(query))
    yield from _windows(database, "events", whole, catalogued, last)
    if not catalogued:
        return
    facets = facet_condition(query)
    few = None if facets is None else _few(database, facets, catalogued)
    if facets is not None and few is not None:
        yield from [few] if facets.exact else _judged(database, whole, _portions(few))
        return
    if facets is not None and facets.exact:
        narrow = _Condition(facets.sql, facets.parameters)
        yield from _windows(database, "facets", narrow, 0, catalogued)
        return
    expression = match_expression(query.root)
    if expression is None:
        yield from _windows(database, "events", whole, 0, catalogued)
    else:
        yield from _judged(database, whole, _candidates(database, expression, catalogued))


def _windows(
    database: sqlite3.Connection, table: str, condition: _Condition, after: int, last: int
) -> Iterator[array[int]]:
    """All rows from `last` down to `after`, without it, judged window by window."""
    statement = (
        f"SELECT group_concat(id) FROM (SELECT id FROM {table}"  # noqa: S608 - own names, values are parameters
        f" WHERE id > :after AND id <= :last AND {condition.sql} ORDER BY id DESC)"
    )
    size = _FIRST
    while last > after:
        low = max(after, last - size)
        (found,) = database.execute(
            statement, {**condition.parameters, "after": low, "last": last}
        ).fetchone()
        yield numbers(found)
        last = low
        size = min(4 * size, _LARGEST_WINDOW[table])


def _few(database: sqlite3.Connection, facets: FacetCondition, catalogued: int) -> array[int] | None:
    """What the facets tell, descending, where that is little; else None. (The plus keeps SQLite from reading the rows
    in the order of their ids, where an index serves better.)"""
    rows = database.execute(
        f"SELECT id FROM facets WHERE +id <= :catalogued AND {facets.sql} LIMIT {_FEW + 1}",  # noqa: S608 - the same
        {**facets.parameters, "catalogued": catalogued},
    ).fetchall()
    return None if len(rows) > _FEW else array("q", sorted((row[0] for row in rows), reverse=True))


def _portions(ids: array[int]) -> Iterator[array[int]]:
    for start in range(0, len(ids), _BLOCKS):
        yield ids[start : start + _BLOCKS]


def _candidates(database: sqlite3.Connection, expression: str, catalogued: int) -> Iterator[array[int]]:
    """Ids of all events of the blocks that may hold a match, descending, a portion at a time."""
    elsewhere = [row[0] for row in database.execute(_ELSEWHERE) if row[0] <= catalogued]
    others = (block for block, _ in groupby(elsewhere, lambda identifier: identifier >> BLOCK_BITS))
    blocks = merge(_blocks(database, expression), others, reverse=True)
    distinct = (block for block, _ in groupby(blocks))
    size = _BLOCKS // 8  # the first portion is soon done
    while portion := list(islice(distinct, size)):
        yield array(
            "q",
            (identifier for block in portion for identifier in _of_block(block) if identifier <= catalogued),
        )
        size = _BLOCKS


def _blocks(database: sqlite3.Connection, expression: str) -> Iterator[int]:
    below = _BEYOND
    while found := database.execute(_MATCHING_BLOCKS, (expression, below, _BLOCKS)).fetchall():
        yield from (row[0] for row in found)
        below = found[-1][0]


def _of_block(block: int) -> range:
    first = block << BLOCK_BITS
    return range(first + BLOCK - 1, first - 1, -1)


def _judged(
    database: sqlite3.Connection, condition: _Condition, portions: Iterator[array[int]]
) -> Iterator[array[int]]:
    """Which of these events match."""
    statement = (
        f"SELECT group_concat(id) FROM (SELECT id FROM events WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - the same
        f" AND {condition.sql} ORDER BY id DESC)"
    )
    for portion in portions:
        ids = json.dumps(portion.tolist())
        (found,) = database.execute(statement, {**condition.parameters, "ids": ids}).fetchone()
        yield numbers(found)
