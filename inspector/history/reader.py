"""The reader of the history: what matches a query, rows for a table, one event whole. Never writes.

Imports sqlite3 and history's own parts.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from inspector.errors import HistoryError
from inspector.history import conversation_walk, conversations, search
from inspector.history.conversation_model import (
    Conversation,
    ConversationKey,
    ConversationPage,
    ConversationSummary,
)
from inspector.history.event_pages import read_events
from inspector.history.failures import companions, explain, unusable
from inspector.history.files import connect, prepare_for_reading, require_known_version
from inspector.history.known_values import LIMIT, KnownValue, read_known_values
from inspector.history.marks import read_mark
from inspector.history.model import Connection, Counts, Event, Row
from inspector.history.ordering import Order, in_order
from inspector.history.outcomes import read_outcome
from inspector.history.packing import whole_or_none
from inspector.history.peers import read_connections
from inspector.history.query_sql import add_functions, to_sql
from inspector.history.query_tree import Everything, Query
from inspector.history.records import EVENT_COLUMNS, ROW_COLUMNS, decode_event, decode_row
from inspector.history.schema import VERSION, read_version

_FROM_ELSEWHERE = {
    "peer": "c.peer",
    "trusted": "c.trusted",
    "subject": "k.subject",
    "mark_color": "coalesce(m.color, '')",
    "pinned": "coalesce(m.pinned, 0)",
    "has_note": "coalesce(m.note, '') <> ''",
}
_ROWS = (
    f"SELECT {', '.join(_FROM_ELSEWHERE.get(name, f'e.{name}') for name in ROW_COLUMNS)}"  # noqa: S608 - own names
    " FROM json_each(?) AS wanted JOIN events AS e ON e.id = wanted.value"
    " LEFT JOIN connections AS c ON c.id = e.connection_id"
    " LEFT JOIN certificates AS k ON k.id = c.certificate_id"
    " LEFT JOIN marks AS m ON m.event_id = e.id ORDER BY wanted.key"
)
_EVENT = f"SELECT {', '.join(EVENT_COLUMNS)} FROM events WHERE id = ?"  # noqa: S608 - own names
_EXTENT = (
    "SELECT (SELECT min(id) FROM events), (SELECT max(id) FROM events),"
    " pushes_in + pushes_out + handshake_rows FROM totals"
)
_COUNTS = "SELECT pushes_in, pushes_out, handshakes, handshake_rows FROM totals"
_GONE = "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = value)"
_FIRST = "SELECT coalesce((SELECT min(id) FROM events), (SELECT last_id + 1 FROM totals))"
_CHANGES = "SELECT event_id FROM outcomes WHERE changed > ? AND changed <= ? ORDER BY changed"
_BY_CONNECTION = EVENT_COLUMNS.index("connection_id")
OLDER = "older"  # the code of the error for a file that writing to it would bring up to date
_LARGEST_ID = 2**63 - 1
_READ_AT_ONCE = 10_000  # events after an id that are read rather than searched


class ReadInterruptedError(HistoryError):
    """Reading was stopped by `HistoryReader.interrupt`; there is nothing to tell anybody."""


class HistoryReader:
    """An open history. Any thread may use it, one at a time; only `interrupt` may come from another meanwhile.

    Every method raises HistoryError where the file can't be read (damaged, gone, locked), and ReadInterruptedError.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database
        self._connections: WeakValueDictionary[int, Connection] = WeakValueDictionary()

    @classmethod
    def open(cls, path: Path) -> HistoryReader:
        """Open the history at `path` for reading, while others write or not. Never makes or alters it.
        Raises HistoryError where there is none, or it is not one, damaged or too new."""
        real = prepare_for_reading(path)
        try:
            return cls(path, _connect(real, "ro"))
        except sqlite3.Error as error:
            log, _, _ = companions(real)
            if not _needs_a_place_to_write(error) or (log.exists() and log.stat().st_size > 0):
                raise explain(error, path, "opened") from error
        try:
            return cls(path, _connect(real, "ro&immutable=1"))
        except sqlite3.Error as error:
            raise explain(error, path, "opened") from error

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def ids(
        self,
        query: Query | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> array[int]:
        """The ids above `after` of what matches, ascending; at most `limit`. With `newest_first` they descend, so that
        a limit keeps the newest."""
        if query is None or query.matches_everything:
            found = self._all_ids(after, limit, newest_first=newest_first)
            if found is not None:
                return found
        catalogued, last = self._bounds()
        if newest_first or (after < catalogued and last - after > _READ_AT_ONCE):
            return self._searched(query, after, limit, newest_first=newest_first)
        condition, parameters = to_sql(query)
        statement = f"SELECT id FROM events WHERE id > :after AND {condition} ORDER BY id LIMIT :limit"  # noqa: S608 - values are parameters
        with self._reading():
            bounds = {"after": min(after, _LARGEST_ID), "limit": -1 if limit is None else max(limit, 0)}
            return array(
                "q", chain.from_iterable(self._database.execute(statement, {**parameters, **bounds}))
            )

    def search(self, query: Query | None = None) -> Generator[array[int]]:
        """The ids of what matches, newest first, in pieces that take some milliseconds each (see `search`); what is
        written meanwhile may be missing. Close it (`close()` of a generator) where it is not read to its end."""
        pieces = search.newest_first(self._database, query or Query("", Everything()))
        while True:
            with self._reading():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def _searched(
        self, query: Query | None, after: int, limit: int | None, *, newest_first: bool
    ) -> array[int]:
        found = array("q")
        wanted = limit if newest_first else None  # the oldest come last
        for piece in self.search(query):
            found.extend(piece)
            if (wanted is not None and len(found) >= wanted) or (piece and piece[-1] <= after):
                break
        while found and found[-1] <= after:
            found.pop()
        if not newest_first:
            found.reverse()
        return found if limit is None else found[: max(limit, 0)]

    def ordered_ids(self, order: Order, query: Query | None = None) -> array[int]:
        """The ids of what matches in another order than the one it came in. A million takes half a second."""
        ids = None if query is None or query.matches_everything else self.ids(query)
        with self._reading():
            return in_order(self._database, order, ids)

    def last_id(self) -> int:
        """The last id that was given; every event has this one or a lower one."""
        return self._bounds()[1]

    def _bounds(self) -> tuple[int, int]:
        """Up to which id events are catalogued, and the last id given."""
        with self._reading():
            catalogued, last = self._database.execute("SELECT catalogued_id, last_id FROM totals").fetchone()
            return catalogued, last

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids, in this order; those that are gone are left out."""
        with self._reading():
            return [decode_row(values) for values in self._database.execute(_ROWS, (json.dumps(list(ids)),))]

    def event(self, identifier: int) -> Event | None:
        """One event whole, None where it is gone. Events of one connection share its record."""
        if not 0 <= identifier <= _LARGEST_ID:
            return None
        with self._reading():
            values = self._database.execute(_EVENT, (identifier,)).fetchone()
            if values is None:
                return None
            connection = self._connection(whole_or_none(values[_BY_CONNECTION]))
            outcome = read_outcome(self._database, identifier)
            return decode_event(values, connection, outcome, read_mark(self._database, identifier))

    def events(self, ids: Sequence[int]) -> list[Event]:
        """The events of these ids whole, in this order; those that are gone are left out. Some hundred at a time are
        read much quicker than one by one."""
        with self._reading():
            return read_events(self._database, ids, self._read_connections)

    def conversations(
        self,
        query: Query | None = None,
        *,
        limit: int,
        below: int | None = None,
        skip: Collection[ConversationKey] = (),
    ) -> ConversationPage:
        """Conversations that the query matches a push of, newest activity first, at most `limit`, but for those in
        `skip`. `below` is how far the page before reached (its conversations belong into `skip` then)."""
        everything = query is None or query.matches_everything
        with self._reading(), closing(self.search(query)) as pieces:
            keys, reached = conversation_walk.walk(
                self._database, None if everything else pieces, limit=limit, below=below, skip=skip
            )
            return ConversationPage(tuple(conversations.summarize(self._database, keys)), reached)

    def conversations_of(self, ids: Sequence[int]) -> list[ConversationSummary]:
        """The conversations that these pushes belong to, newest activity first."""
        with self._reading():
            return conversations.summarize(self._database, conversation_walk.keys_of(self._database, ids))

    def conversation(self, key: ConversationKey, *, limit: int) -> Conversation:
        """The newest pushes of one conversation, at most `limit`, in the order they were stored."""
        with self._reading():
            return conversations.read_conversation(self._database, key, limit)

    def count(self) -> Counts:
        """How much there is, at once however much that is."""
        with self._reading():
            return Counts(*self._database.execute(_COUNTS).fetchone())

    def known_values(self, field: str, typed: str = "", *, limit: int = LIMIT) -> list[KnownValue]:
        """What the newest events have in a field, those that begin with what was typed first. No secrets."""
        with self._reading():
            return read_known_values(self._database, field, typed, limit=limit)

    def data_version(self) -> int:
        """A number that is another one after anybody else, in this process or another, has written. Very cheap."""
        with self._reading():
            version: int = self._database.execute("PRAGMA data_version").fetchone()[0]
            return version

    def matching(self, query: Query | None, ids: Sequence[int]) -> array[int]:
        """Which of these events match, ascending; some thousand at most."""
        condition, parameters = to_sql(query)
        these = "SELECT value FROM json_each(:ids)"
        statement = f"SELECT id FROM events WHERE id IN ({these}) AND {condition} ORDER BY id"  # noqa: S608 - values are parameters
        with self._reading():
            found = self._database.execute(statement, {**parameters, "ids": json.dumps(list(ids))})
            return array("q", chain.from_iterable(found))

    def gone(self, ids: Sequence[int]) -> list[int]:
        """Which of these events are there no more."""
        with self._reading():
            return [row[0] for row in self._database.execute(_GONE, (json.dumps(list(ids)),))]

    def first_id(self) -> int:
        """The lowest id that an event has; where there are none, one above all that were given."""
        with self._reading():
            first: int = self._database.execute(_FIRST).fetchone()[0]
            return first

    def deletions(self) -> int:
        """How many events were ever deleted: another number says that some of those that were read are gone."""
        with self._reading():
            deleted: int = self._database.execute("SELECT deletions FROM totals").fetchone()[0]
            return deleted

    def newest_change(self) -> int:
        """The number of the last change, to ask `changes_since` with."""
        with self._reading():
            newest: int = self._database.execute("SELECT changes FROM totals").fetchone()[0]
            return newest

    def changes_since(self, change: int) -> tuple[array[int], int]:
        """The ids of events that were altered after they were stored (a handshake was seen again, an answer became
        known) since the change of that number, and the number to ask with next. Rows that are new are not among
        them."""
        newest = self.newest_change()
        if newest == change:
            return array("q"), change
        with self._reading():
            return array("q", chain.from_iterable(self._database.execute(_CHANGES, (change, newest)))), newest

    def interrupt(self) -> None:
        """Stop what another thread reads here (it gets ReadInterruptedError). Nothing happens when none does."""
        try:
            self._database.interrupt()
        except sqlite3.ProgrammingError:  # closed meanwhile
            return

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _all_ids(self, after: int, limit: int | None, *, newest_first: bool) -> array[int] | None:
        """All ids without reading all rows, where none is missing between the first and the last; else None."""
        with self._reading():
            first, last, total = self._database.execute(_EXTENT).fetchone()
        if first is None:
            return array("q")
        if last - first + 1 != total:
            return None
        ids = range(max(first, after + 1), last + 1)
        if newest_first:
            ids = ids[::-1]
        return array("q", ids if limit is None else ids[: max(limit, 0)])

    def _connection(self, identifier: int | None) -> Connection | None:
        if identifier is None:
            return None
        return self._read_connections({identifier}).get(identifier)

    def _read_connections(self, identifiers: set[int]) -> dict[int, Connection]:
        known = {
            identifier: connection
            for identifier in identifiers
            if (connection := self._connections.get(identifier)) is not None
        }
        if missing := identifiers - known.keys():
            found = read_connections(self._database, missing)
            self._connections.update(found)
            known |= found
        return known

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise ReadInterruptedError("Reading the history was stopped.") from error
            if isinstance(error, sqlite3.ProgrammingError):
                raise HistoryError(
                    f"The history {self._path} was closed already.", "Open it again."
                ) from error
            raise explain(error, self._path, "read") from error
        except (KeyError, TypeError, ValueError) as error:
            raise unusable(
                self._path, "holds an entry that can't be understood.", first="Keep a copy of it."
            ) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    database = connect(path, mode)
    try:
        _require_current_version(path, read_version(database))
        database.execute("PRAGMA cache_size = -16384")
        add_functions(database)
    except BaseException:
        database.close()
        raise
    return database


def _require_current_version(path: Path, version: int) -> None:
    require_known_version(path, version)
    if version < VERSION:
        raise HistoryError(
            f"The history file {path} is from an older version of Push Inspector.",
            "Listen or send once, or open the window: that brings it up to date.",
            code=OLDER,
        )


def _needs_a_place_to_write(error: sqlite3.Error) -> bool:
    """Whether SQLite could not make the log's index beside the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
