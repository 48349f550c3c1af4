"""The writer of the history: events in, ids out, committed when it returns. Imports sqlite3 and history's own parts.

One writer serves a whole process: the listener's thread and the senders' share it. Other processes take turns.
"""

from __future__ import annotations

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
from inspector.history.failures import explain, fresh_path_beside
from inspector.history.files import close_to_others, connect, prepare_for_writing, require_known_version
from inspector.history.model import Connection, Direction, Kind, NewEvent, Written
from inspector.history.peers import write_connection
from inspector.history.records import EVENT_COLUMNS, encode_event
from inspector.history.schema import BUSY_SECONDS, migrate, read_version

__all__ = ["HistoryWriter", "fresh_path_beside"]

_INSERT = f"INSERT INTO events ({', '.join(EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"  # noqa: S608 - own names
_LAST_ID = "SELECT last_id FROM totals"
_LAST_ATTEMPT = (
    "SELECT attempt, at FROM events"
    " WHERE retry_key = ? AND direction = ? AND kind = 'push' ORDER BY id DESC LIMIT 1"
)
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

_RetryKey = tuple[bytes, str]


class HistoryWriter:
    """The open history of a process. Every method may be called from any thread, and raises HistoryError when the
    file can't be written; nothing of that call is stored then, and the next call may succeed again."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database
        self._identity = _identity(path)
        self._lock = threading.Lock()
        self._closed = False
        self._connections: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()

    @classmethod
    def open(cls, path: Path) -> HistoryWriter:
        """Open the history at `path`, or make it (mode 0600). Its folder must exist. Raises HistoryError where the
        file is not a history, is damaged, too new or can't be written; it is not altered then."""
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
        except sqlite3.Error as error:
            database.close()
            raise explain(error, path, "opened") from error
        except BaseException:
            database.close()
            raise
        close_to_others(real)
        return cls(path, database)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def add(self, events: Sequence[NewEvent]) -> list[Written]:
        """Store events in this order, all or none of them, in one transaction that is committed on return.

        Attempts are counted among pushes of the same retry key and direction, earlier ones of this call included.
        """
        if not events:
            return []
        with self._transaction() as database:
            new_connections: dict[Connection, int] = {}
            newest: dict[_RetryKey, tuple[int, int]] = {}
            (identifier,) = database.execute(_LAST_ID).fetchone()
            rows = []
            written = []
            for event in events:
                identifier += 1
                attempt, gap = self._attempt(event, newest)
                connection_id = self._connection_id(event.connection, new_connections)
                rows.append(encode_event(identifier, event, attempt, gap, connection_id))
                written.append(Written(identifier, attempt, gap))
            database.executemany(_INSERT, rows)
            database.execute(_COUNT, (identifier, *_counts(events)))
        self._connections.update(new_connections)
        return written

    def repeat(self, identifier: int, at: int) -> int:
        """A refused handshake was seen again at `at` (microseconds since 1970 UTC): returns how often it was seen
        now, or 0 where the event is gone (then it is a new one)."""
        with self._transaction() as database:
            changed = database.execute(
                "UPDATE events SET count = count + 1, last_at = max(last_at, ?) WHERE id = ? AND kind = 'handshake'",
                (at, identifier),
            )
            if not changed.rowcount:
                return 0
            database.execute("UPDATE totals SET handshakes = handshakes + 1")
            (count,) = database.execute("SELECT count FROM events WHERE id = ?", (identifier,)).fetchone()
            return int(count)

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
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The database inside a transaction of its own, under the lock; rolled back by any exception."""
        with self._lock:
            if self._closed:
                raise HistoryError(f"The history {self._path} was closed already.", "Open it again.")
            if _identity(self._path) != self._identity:
                raise HistoryError(
                    f"The history file {self._path} was moved or deleted while it was in use.",
                    "Put it back, or restart to begin a new one.",
                )
            database = self._database
            try:
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
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

    def _attempt(self, event: NewEvent, newest: dict[_RetryKey, tuple[int, int]]) -> tuple[int, int | None]:
        """Which attempt of its message a push is, and the microseconds since the one before."""
        if event.retry_key is None or event.kind is not Kind.PUSH:
            return 1, None
        key = (event.retry_key, str(event.direction))
        before = newest.get(key) or self._database.execute(_LAST_ATTEMPT, key).fetchone()
        attempt, gap = (1, None) if before is None else (before[0] + 1, max(event.at - before[1], 0))
        newest[key] = (attempt, event.at)
        return attempt, gap

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
