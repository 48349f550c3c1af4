"""The writer of the history: events in, ids out, committed when it returns. Imports sqlite3 and history's own parts.

One writer serves a whole process: the listener's thread and the senders' share it. Other processes take turns.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakKeyDictionary

from inspector.errors import HistoryError
from inspector.history.attempts import INDEX_EVERY, Attempts
from inspector.history.catalogue import add_functions, catalogue_some, is_mostly_stale
from inspector.history.compaction import require_room, rewrite, size, tidy
from inspector.history.failures import explain, fresh_path_beside
from inspector.history.files import close_to_others, connect, prepare_for_writing, require_known_version
from inspector.history.marks import write_mark
from inspector.history.model import Connection, Direction, Kind, Mark, NewEvent, Restored, Settled, Written
from inspector.history.outcomes import has_outcome, note_change, settle, write_outcome
from inspector.history.peers import write_connection
from inspector.history.records import EVENT_COLUMNS, encode_event, encode_restored
from inspector.history.retention import BATCH, Retention, Surplus, surplus
from inspector.history.schema import BUSY_SECONDS, migrate, read_version

_log = logging.getLogger(__name__)

__all__ = ["HistoryWriter", "fresh_path_beside"]

_INSERT = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"  # noqa: S608 - own names
_DELETE = "DELETE FROM events WHERE id IN (SELECT value FROM json_each(?))"
_CONNECTIONS_THERE = "SELECT id FROM connections WHERE id IN (SELECT value FROM json_each(?))"
_TOTALS = "SELECT last_id, indexed_id, deletions FROM totals"
_COUNT = (
    "UPDATE totals SET last_id = ?, pushes_in = pushes_in + ?, pushes_out = pushes_out + ?,"
    " handshake_rows = handshake_rows + ?, handshakes = handshakes + ?"
)

# Measured with batches of 16: a commit costs no disk sync (NORMAL; a killed process loses nothing, a power cut may
# lose the last moments), a checkpoint does. At 16 MB of log there are few of them, of 20 to 50 ms. The file is not
# mapped into memory: it gains little here, and a file that another program cuts short would kill this one.
_SETTINGS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -16384",
)


class HistoryWriter:
    """The open history of a process. Every method may be called from any thread, and raises HistoryError when the
    file can't be written; nothing of that call is stored then, and the next call may succeed again."""

    def __init__(self, path: Path, database: sqlite3.Connection, attempts: Attempts) -> None:
        self._path = path
        self._database = database
        self._attempts = attempts
        self._identity = _identity(path)
        self._lock = threading.Lock()
        self._closed = False
        self._added = 0
        self._connections: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()
        self._data_version = -1

    @classmethod
    def open(cls, path: Path, *, index_every: int = INDEX_EVERY) -> HistoryWriter:
        """Open the history at `path`, or make it (mode 0600). Its folder must exist. Raises HistoryError where the
        file is not a history, is damaged, too new or can't be written; it is not altered then.

        `index_every` is how many events are stored before their retry keys are indexed together.
        """
        real = prepare_for_writing(path)
        try:
            database = connect(real, "rw")
        except sqlite3.Error as error:
            raise explain(error, path, "opened") from error
        try:
            require_known_version(path, read_version(database))
            # The tables come before the log, so that the file's first page always names its maker.
            migrate(database)
            _use_log(database)
            for setting in _SETTINGS:
                database.execute(setting)
            add_functions(database)
            attempts = Attempts(index_every=index_every)
            attempts.begin(
                database, *database.execute(_TOTALS).fetchone()
            )  # now, not while a push waits for it
        except sqlite3.Error as error:
            database.close()
            raise explain(error, path, "opened") from error
        except BaseException:
            database.close()
            raise
        close_to_others(real)
        return cls(path, database, attempts)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def added(self) -> int:
        """How many events were stored through this writer."""
        return self._added

    def add(self, events: Sequence[NewEvent]) -> list[Written]:
        """Store events in this order, all or none of them, in one transaction that is committed on return.

        Attempts are counted among pushes of the same retry key and direction, earlier ones of this call included.
        """
        if not events:
            return []
        rows = []
        written = []
        new_connections: dict[Connection, int] = {}
        with self._in_use() as database:
            with self._transaction():
                self._look_at_connections(database)
                identifier, indexed_id, deletions = database.execute(_TOTALS).fetchone()
                self._attempts.begin(database, identifier, indexed_id, deletions)
                slots = self._attempts.look_up(database, events)
                for event, slot in zip(events, slots, strict=True):
                    identifier += 1
                    attempt, gap = self._attempts.number(event, slot)
                    connection_id = self._connection_id(event.connection, new_connections)
                    rows.append(encode_event(identifier, event, slot, attempt, gap, connection_id))
                    written.append(Written(identifier, attempt, gap))
                database.executemany(_INSERT, rows)
                for stored, event in zip(written, events, strict=True):
                    if has_outcome(event):
                        write_outcome(database, stored.id, event)
                database.execute(_COUNT, (identifier, *_counts(events)))
            self._connections.update(new_connections)
            self._added += len(events)
            self._attempts.stored(identifier)
            if self._attempts.indexing_is_due:
                self._index_attempts()
        return written

    def restore(self, events: Sequence[Restored]) -> list[int]:
        """Store events that were stored before, somewhere: with their counts, later answers and marks, and with their
        attempts where they tell them. As `add` otherwise; returns their ids here."""
        rows = []
        new_connections: dict[Connection, int] = {}
        with self._in_use() as database:
            with self._transaction():
                self._look_at_connections(database)
                last_id, indexed_id, deletions = database.execute(_TOTALS).fetchone()
                self._attempts.begin(database, last_id, indexed_id, deletions)
                slots = self._attempts.look_up(database, [event.written for event in events])
                ids = range(last_id + 1, last_id + 1 + len(events))
                for identifier, event, slot in zip(ids, events, slots, strict=True):
                    attempt, gap = event.attempt, event.gap
                    if attempt is None:
                        attempt, gap = self._attempts.number(event.written, slot)
                    else:
                        self._attempts.take(event.written, slot, attempt)
                    connection_id = self._connection_id(event.written.connection, new_connections)
                    rows.append(encode_restored(identifier, event, slot, attempt, gap, connection_id))
                database.executemany(_INSERT, rows)
                for identifier, event in zip(ids, events, strict=True):
                    if event.settled_at is not None or has_outcome(event.written):
                        write_outcome(database, identifier, event.written, event.settled_at)
                    if event.mark is not None:
                        write_mark(database, identifier, event.mark)
                pushes_in, pushes_out, handshakes, _ = _counts([event.written for event in events])
                seen = sum(event.count for event in events if event.written.kind is Kind.HANDSHAKE)
                counts = (pushes_in, pushes_out, handshakes, seen)
                database.execute(_COUNT, (last_id + len(events), *counts))
            self._connections.update(new_connections)
            self._added += len(events)
            self._attempts.stored(last_id + len(events))
            if self._attempts.indexing_is_due:
                self._index_attempts()
        return list(ids)

    def delete(self, ids: Sequence[int]) -> int:
        """Take events out of the history for good; returns how many were there. Some thousand at a time, so that
        nobody who adds has to wait."""
        with self._in_use() as database, self._transaction():
            return database.execute(_DELETE, (json.dumps(list(ids)),)).rowcount

    def repeat(self, identifier: int, at: int) -> int:
        """A refused handshake was seen again at `at` (microseconds since 1970 UTC): returns how often it was seen
        now, or 0 where the event is gone (then it is a new one)."""
        with self._in_use() as database, self._transaction():
            changed = database.execute(
                "UPDATE events SET count = count + 1, last_at = max(last_at, ?) WHERE id = ? AND kind = 'handshake'",
                (at, identifier),
            )
            if not changed.rowcount:
                return 0
            database.execute("UPDATE totals SET handshakes = handshakes + 1")
            note_change(database, identifier)
            (count,) = database.execute("SELECT count FROM events WHERE id = ?", (identifier,)).fetchone()
            return int(count)

    def settle(self, identifier: int, settled: Settled) -> bool:
        """A push that was stored before its answer was known has been answered so; False where it is gone."""
        return self.settle_all(((identifier, settled),))[0]

    def settle_all(self, answers: Sequence[tuple[int, Settled]]) -> list[bool]:
        """`settle` for several pushes in one transaction; of one that stands there twice the last counts."""
        with self._in_use() as database, self._transaction():
            return [settle(database, identifier, settled) for identifier, settled in answers]

    def annotate(self, identifier: int, mark: Mark | None) -> bool:
        """Put a mark on an event in the place of the one it has, None takes it off; False where the event is gone.
        Raises ValueError for a colour that there is not."""
        with self._in_use() as database, self._transaction():
            if not write_mark(database, identifier, mark):
                return False
            note_change(database, identifier)
            return True

    def catalogue(self, most: int) -> int:
        """Have searches find about that many more of the events that are not catalogued yet; returns how many are
        left. Others wait for it: some 20 ms for 256."""
        with self._in_use() as database, self._transaction():
            if is_mostly_stale(database):
                self._connections.clear()  # some may be gone
                tidy(database)
            return catalogue_some(database, most)

    def let_go(self, retention: Retention, now: int, most: int = BATCH) -> Surplus | None:
        """Delete some of what is more than is kept, if anything is; `now` is in microseconds since 1970 UTC. Returns
        what went, None where nothing is too much."""
        with self._in_use() as database, self._transaction():
            found = surplus(database, retention, now, most)
            if found is not None:
                database.execute(_DELETE, (json.dumps(found.ids),))
            return found

    def compact(self) -> int:
        """Make the file as small as what it holds; returns how many bytes it is smaller. Whoever adds waits, for
        seconds where it is large."""
        with self._in_use() as database:
            real = self._path.resolve()
            before = size(real)
            require_room(real)
            try:
                self._connections.clear()  # some may be gone
                with self._transaction():
                    tidy(database)
                rewrite(database)
            except sqlite3.Error as error:
                raise explain(error, self._path, "compacted") from error
            return before - size(real)

    def close(self) -> None:
        """Close the file; the last one to do so merges the log into it. Closing twice is harmless."""
        with self._lock:
            self._closed = True
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _in_use(self) -> Iterator[sqlite3.Connection]:
        """The database under the lock, while it is open and still where it was."""
        with self._lock:
            if self._closed:
                raise HistoryError(f"The history {self._path} was closed already.", "Open it again.")
            if _identity(self._path) != self._identity:
                raise HistoryError(
                    f"The history file {self._path} was moved or deleted while it was in use.",
                    "Put it back, or restart to begin a new one.",
                )
            yield self._database

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction that is committed at its end, and rolled back by any exception."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.Error):
                raise explain(error, self._path, "written") from error
            if isinstance(error, OverflowError):
                raise HistoryError(
                    "An event holds a number that does not fit in 64 bits; it was not stored.",
                    "Leave such a number in the body and out of the event's own fields.",
                ) from error
            raise

    def _roll_back(self) -> None:
        if self._database.in_transaction:
            try:
                self._database.execute("ROLLBACK")
            except sqlite3.Error:
                # SQLite has rolled back by itself (a full disk does that); the error under way says why.
                return

    def _index_attempts(self) -> None:
        """What is to be indexed was stored before, so a failure is nobody's who adds: it is tried again later."""
        try:
            with self._transaction():
                self._attempts.index(self._database)
        except HistoryError as error:
            _log.warning("attempts are not indexed yet: %s", error.message)
        else:
            self._attempts.indexed()

    def _look_at_connections(self, database: sqlite3.Connection) -> None:
        """Forget those that another process has tidied away."""
        (version,) = database.execute("PRAGMA data_version").fetchone()
        before, self._data_version = self._data_version, version
        if version != before and self._connections:
            wanted = json.dumps(list(self._connections.values()))
            there = {row[0] for row in database.execute(_CONNECTIONS_THERE, (wanted,))}
            for connection, identifier in list(self._connections.items()):
                if identifier not in there:
                    del self._connections[connection]

    def _connection_id(self, connection: Connection | None, new: dict[Connection, int]) -> int | None:
        if connection is None:
            return None
        identifier = self._connections.get(connection) or new.get(connection)
        if identifier is None:
            identifier = new[connection] = write_connection(self._database, connection)
        return identifier


def _use_log(database: sqlite3.Connection) -> None:
    """Turn to write-ahead logging. SQLite does not wait here while another process does the same, so this does."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _counts(events: Sequence[NewEvent]) -> tuple[int, int, int, int]:
    pushes = [event.direction is Direction.IN for event in events if event.kind is Kind.PUSH]
    pushes_in = sum(pushes)
    handshakes = len(events) - len(pushes)
    return pushes_in, len(pushes) - pushes_in, handshakes, handshakes


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file a path names."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
