"""What SQLite's errors mean, in plain words. Imports sqlite3 and `inspector.errors`."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

from inspector.errors import HistoryError
from inspector.history.schema import BUSY_SECONDS

_GENERAL = 0xFF  # the low byte of an extended code is the general one
# A disk with less than this is taken for full where SQLite only says "I/O error" (it needs room to share its index).
_FULL_BELOW_BYTES = 256 * 1024

_NUMBERED = re.compile(r"(.+)-([0-9]{1,6})")

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_NO_TEXT = (
    "Could not decode to UTF-8"  # Python's own error goes on with what stands there, which may be secret
)
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_NOT_ALLOWED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)


def fresh_path_beside(path: Path) -> Path:
    """A name for a new file beside one that can't be used: `history.sqlite3` gives `history-2.sqlite3`, or the first
    number that is free."""
    numbered = _NUMBERED.fullmatch(path.stem)
    stem, number = (numbered[1], int(numbered[2]) + 1) if numbered else (path.stem, 2)
    while True:
        fresh = path.with_name(f"{stem}-{number}{path.suffix}")
        if not any(os.path.lexists(taken) for taken in (fresh, *companions(fresh))):
            return fresh
        number += 1


def companions(path: Path) -> tuple[Path, Path, Path]:
    """The files that SQLite keeps beside one: the write-ahead log, its index, the rollback journal."""
    wal, shm, journal = (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))
    return wal, shm, journal


def unusable(path: Path, why: str, *, first: str = "It was left as it is.") -> HistoryError:
    """The error for a file that must not be touched; the next step names a free new one."""
    return HistoryError(
        f"The history file {path} {why}",
        f"{first} Move it away, or carry on with a new file beside it, {fresh_path_beside(path)}:"
        " push-inspector history new",
    )


def explain(error: Exception, path: Path, doing: str) -> HistoryError:
    """An error of SQLite in plain words. `doing` is what could not be done, such as `written` or `read`."""
    extended = getattr(error, "sqlite_errorcode", None)
    code = None if extended is None else extended & _GENERAL
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path.parent)):
        return HistoryError(
            f"The history can't be {doing}: the disk that holds {path} is full.",
            "Make room on it; nothing that was stored before is lost.",
        )
    if code in _DAMAGED or _speaks_of_schema(error):
        return unusable(path, f"is damaged ({error}).", first="Keep a copy of it.")
    if isinstance(error, sqlite3.OperationalError) and str(error).startswith(_NO_TEXT):
        return unusable(path, "is damaged (a text in it is none).", first="Keep a copy of it.")
    if code in _IN_USE:
        return HistoryError(
            f"The history can't be {doing}: another program has kept {path} locked for {BUSY_SECONDS:g} seconds.",
            "Close the program that holds it, then try again.",
        )
    if code in _NOT_ALLOWED:
        return HistoryError(
            f"The history can't be {doing}: {path} or its folder is read-only.",
            "Allow writing to the file and its folder, or name another home with --home DIR.",
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return HistoryError(
            f"The history can't be {doing}: {path} can't be opened.",
            "Check that the file and its folder exist and that you may read and write them.",
        )
    return HistoryError(
        f"The history can't be {doing}: {error} ({path}).",
        "Check the disk that holds it, then try again.",
    )


def _speaks_of_schema(error: Exception) -> bool:
    """Tables or columns that are not there: the file was altered by something else."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(
        ("no such table", "no such column")
    )


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BELOW_BYTES
    except OSError:
        return False
