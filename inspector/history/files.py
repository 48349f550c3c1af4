"""The history's file on disk: what it is, before anything is done to it, and how it is opened.

A file that is not ours, is damaged or is too new is never altered, not even its companions. So it is first looked at
through SQLite without locks and without writing (`immutable`), then read-only, and only then opened for writing. The
file is never opened past SQLite: closing a descriptor of one's own would drop the locks that this process's other
connections hold. Imports sqlite3 and `inspector.errors`.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from inspector.errors import HistoryError
from inspector.history.failures import companions, explain, unusable
from inspector.history.schema import (
    APPLICATION_ID,
    BUSY_SECONDS,
    TABLES,
    VERSION,
    read_application_id,
    read_version,
)

OWNER_ONLY = 0o600
_NOT_SQLITE = "is not an SQLite file, or its beginning is damaged."
_SMALLEST_BYTES = 512  # of any SQLite file
# A file up to this size is checked whole when it is opened (about 10 ms), a larger one at its ends.
_CHECK_WHOLE_BYTES = 4 * 1024 * 1024


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use, one at a time. `mode` is `rw`, `ro`, or
    `ro&immutable=1` for a file that nobody writes. Never creates a file. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def prepare_for_writing(path: Path) -> Path:
    """Make the file if there is none (mode 0600), or make sure that it is ours, whole and writable. Returns where it
    really is, links followed. Raises HistoryError, and has altered nothing then."""
    path = _locate(path)
    if _is_new(path):
        _create(path)
    else:
        identify(path)
        _require_writable(path)
        _, _, journal = companions(path)
        if not journal.exists():  # a creation that was cut short is undone by SQLite when it opens the file
            check_structure(path, small_ones_whole=True)
    close_to_others(path)
    return path


def prepare_for_reading(path: Path) -> Path:
    """Make sure that there is a file, and that it is ours. Returns where it really is, links followed.
    Raises HistoryError."""
    path = _locate(path)
    if _is_new(path):
        raise HistoryError(
            f"There is no history in {path} yet.",
            "Listen or send first; then there is something to look at.",
        )
    identify(path)
    log, index, _ = companions(path)
    if _size(log) and not _size(index) and not os.access(path.parent, os.W_OK):
        raise HistoryError(
            f"The history can't be read where it is: its folder is read-only, and the log {log} is not merged.",
            "Copy the file together with its log to a folder that can be written to.",
        )
    check_structure(path, small_ones_whole=False)
    return path


def identify(path: Path) -> None:
    """Make sure that the file is a history of this version or an older one, by its first page.
    Raises HistoryError. Takes no lock and writes nothing, so it is safe for any file."""
    if _size(path) < _SMALLEST_BYTES:
        raise unusable(path, _NOT_SQLITE)
    try:
        with closing(connect(path, "ro&immutable=1")) as database:
            # Tolerates a file that is shorter than it says: that is found, and named, by the check that follows.
            database.execute("PRAGMA writable_schema = ON")
            application, version = read_application_id(database), read_version(database)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise unusable(path, _NOT_SQLITE) from error
        raise explain(error, path, "opened") from error
    if application != APPLICATION_ID:
        raise unusable(path, "is an SQLite file of another application.")
    require_known_version(path, version)


def require_known_version(path: Path, version: int) -> None:
    """Raises HistoryError for a file from a newer version of the program."""
    if version > VERSION:
        raise unusable(
            path,
            f"is from a newer version of Push Inspector (format {version}, this one knows up to {VERSION}).",
            first="It was left as it is. Update Push Inspector.",
        )


def check_structure(path: Path, *, small_ones_whole: bool) -> None:
    """Make sure that a file of this version can be read: its tables, their first and last rows, and all of it where
    it is small and that is asked for. Writes nothing. Raises HistoryError."""
    log, _, journal = companions(path)
    before = _look_at(path)
    if not _size(log) and not journal.exists():
        # Nobody writes it, so it may be looked at without the files that SQLite would make beside it.
        try:
            return _check(path, "ro&immutable=1", small_ones_whole=small_ones_whole)
        except HistoryError:
            after = _look_at(path)
            if not _size(log) and before and after and before.st_mtime_ns == after.st_mtime_ns:
                raise
    # Somebody does: it is looked at under SQLite's locks.
    _check(path, "ro", small_ones_whole=small_ones_whole)
    return None


def _check(path: Path, mode: str, *, small_ones_whole: bool) -> None:
    try:
        with closing(connect(path, mode)) as database:
            version = read_version(database)
            require_known_version(path, version)
            if version == VERSION:
                read_ends(database)
            if small_ones_whole and path.stat().st_size <= _CHECK_WHOLE_BYTES:
                (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise unusable(
                        path, f"is damaged ({' '.join(verdict.split())}).", first="Keep a copy of it."
                    )
    except sqlite3.Error as error:
        raise explain(error, path, "opened") from error


def close_to_others(path: Path) -> None:
    """Take others' rights to the file and its companions away. New companions get the rights of the file."""
    for companion in (path, *companions(path)):
        try:
            if companion.stat().st_mode & 0o077:
                companion.chmod(OWNER_ONLY)
        except OSError:  # not there, not ours, or a file system without rights
            continue


def read_ends(database: sqlite3.Connection) -> None:
    """Read the first and last rows of every table. Raises sqlite3.Error for what is damaged there."""
    for table, column in TABLES.items():
        for order in ("ASC", "DESC"):
            database.execute(f"SELECT * FROM {table} ORDER BY {column} {order} LIMIT 1").fetchall()  # noqa: S608 - own names
    if database.execute("SELECT pushes_in FROM totals").fetchone() is None:
        raise sqlite3.DatabaseError("its totals are missing")


def _locate(path: Path) -> Path:
    """Where a file is or would be, links followed: SQLite keeps its companions there."""
    try:
        path = path.resolve()
    except (OSError, RuntimeError) as error:  # links that lead round in a circle
        raise HistoryError(
            f"The history file {path} can't be found: its links lead nowhere.",
            "Mend the link, or name another home with --home DIR.",
        ) from error
    mode = _mode(path.parent)
    if not stat.S_ISDIR(mode):
        what = "is not a folder" if mode else "does not exist"
        raise HistoryError(
            f"The folder {path.parent} for the history {what}.",
            "Make it, or name another home with --home DIR.",
        )
    mode = _mode(path)
    if mode and not stat.S_ISREG(mode):
        raise unusable(path, "is not a regular file.")
    return path


def _is_new(path: Path) -> bool:
    """Whether there is nothing yet: no file, or an empty one (a creation that was cut short)."""
    if _size(path):
        return False
    wal, _, _ = companions(path)
    if _size(wal):
        if _size(path):  # made by another process between the two looks
            return False
        raise unusable(path, f"is missing or empty, but its log {wal.name} still holds data.")
    return True


def _size(path: Path) -> int:
    found = _look_at(path)
    return found.st_size if found else 0


def _mode(path: Path) -> int:
    found = _look_at(path)
    return found.st_mode if found else 0


def _look_at(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise HistoryError(
            f"The history file {path} can't be looked at: {error.strerror or error}.",
            "Check the rights of the file and its folder, or name another home with --home DIR.",
        ) from error


def _create(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    except FileExistsError:
        return
    except OSError as error:
        raise HistoryError(
            f"The history file {path} can't be made: {error.strerror or error}.",
            "Allow writing to the folder, or name another home with --home DIR.",
        ) from error


def _require_writable(path: Path) -> None:
    for place, what in ((path, "file"), (path.parent, "folder")):
        if not os.access(place, os.W_OK):
            raise HistoryError(
                f"The history can't be written: the {what} {place} is read-only.",
                "Allow writing to it, or name another home with --home DIR.",
            )
