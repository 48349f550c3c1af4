"""Which attempt of its message a push is. Imports sqlite3 and history's own parts.

Retry keys are random, so an index on them costs every push a page of its own: a third of all the writing there is.
So keys are indexed (table `attempts`) thousands at a time, in their order. Those that are not indexed yet, the last
thousands of events, are kept in memory, and read again from the events when another process has written some.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from inspector.history.model import NewEvent
from inspector.history.records import retry_slot

INDEX_EVERY = 16_384  # events

_NOT_INDEXED = """
    SELECT retry_key, direction, attempt, at FROM events
    WHERE id > ? AND retry_slot IS NOT NULL ORDER BY id
"""
# The attempts of one slot come in their order, so that the last one of a message comes last.
_INDEXED = """
    SELECT e.retry_key, e.direction, e.attempt, e.at FROM json_each(?) AS wanted
    CROSS JOIN attempts AS a ON a.slot = wanted.value CROSS JOIN events AS e ON e.id = a.id
"""
_INDEX = """
    INSERT OR IGNORE INTO attempts (slot, id)
    SELECT retry_slot, id FROM events
    WHERE id > (SELECT indexed_id FROM totals) AND id <= ? AND retry_slot IS NOT NULL ORDER BY retry_slot, id
"""

_Message = tuple[bytes | None, str]
_Last = tuple[int, int]  # the attempt, and when it was


class Attempts:
    """The attempts of one writer's history. Every method runs under the writer's lock, and all but `indexing_is_due`,
    `stored` and `indexed` inside its transaction."""

    def __init__(self, *, index_every: int = INDEX_EVERY) -> None:
        self._index_every = index_every
        self._recent: dict[_Message, _Last] = {}
        self._batch: dict[_Message, _Last] = {}
        self._found: dict[_Message, _Last] = {}
        self._indexed_id = 0
        self._known_id = 0  # events up to here are indexed or in memory
        self._deletions = -1
        self._index_at = 0

    def begin(self, database: sqlite3.Connection, last_id: int, indexed_id: int, deletions: int) -> None:
        """Take in what other processes have written or deleted since. The numbers are the totals'."""
        self._batch.clear()
        self._indexed_id = indexed_id
        not_indexed = self._known_id - indexed_id
        too_many = len(self._recent) > 2 * not_indexed + self._index_every  # another process has indexed them
        if deletions != self._deletions or not_indexed < 0 or too_many:
            self._recent.clear()
            self._known_id = indexed_id
            self._deletions = deletions
        if last_id > self._known_id:
            for key, direction, attempt, at in database.execute(_NOT_INDEXED, (self._known_id,)):
                self._recent[key, direction] = (attempt, at)
            self._known_id = last_id
        self._index_at = max(self._index_at, indexed_id + self._index_every)

    def look_up(self, database: sqlite3.Connection, events: Sequence[NewEvent]) -> list[int | None]:
        """The slots of new events. All that is indexed of their messages is read at once."""
        slots = [retry_slot(event) for event in events]
        wanted = {slot for slot in slots if slot is not None} if self._indexed_id else None
        self._found.clear()
        if wanted:
            for key, direction, attempt, at in database.execute(_INDEXED, (json.dumps(list(wanted)),)):
                self._found[key, direction] = (attempt, at)
        return slots

    def number(self, event: NewEvent, slot: int | None) -> tuple[int, int | None]:
        """Which attempt a new event is, and the microseconds since the one before."""
        if slot is None:
            return 1, None
        message = (event.retry_key, str(event.direction))
        before = self._batch.get(message) or self._recent.get(message) or self._found.get(message)
        attempt, gap = (1, None) if before is None else (before[0] + 1, max(event.at - before[1], 0))
        self._batch[message] = (attempt, event.at)
        return attempt, gap

    def take(self, event: NewEvent, slot: int | None, attempt: int) -> None:
        """A new event comes with the attempt that it is."""
        if slot is not None:
            self._batch[event.retry_key, str(event.direction)] = (attempt, event.at)

    def stored(self, last_id: int) -> None:
        """The transaction was committed; `last_id` is its last event's."""
        self._recent.update(self._batch)
        self._known_id = last_id

    @property
    def indexing_is_due(self) -> bool:
        return self._known_id >= self._index_at

    def index(self, database: sqlite3.Connection) -> None:
        """Index what is not yet. Where this fails, it is tried again some thousand events later."""
        self._index_at = self._known_id + self._index_every
        database.execute(_INDEX, (self._known_id,))
        database.execute("UPDATE totals SET indexed_id = max(indexed_id, ?)", (self._known_id,))

    def indexed(self) -> None:
        """That transaction was committed."""
        self._recent.clear()
