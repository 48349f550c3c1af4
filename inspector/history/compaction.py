"""Makes a history's file as small as what it holds. Imports sqlite3 and history's own parts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from inspector.errors import HistoryError
from inspector.history.catalogue import begin_catalogue_anew, is_mostly_stale
from inspector.history.failures import companions

# What nothing refers to any more. The facets are narrow; events that are not in them yet are the newest.
_ORPHANS = (
    """
    DELETE FROM connections WHERE id NOT IN (
        SELECT connection_id FROM facets WHERE connection_id IS NOT NULL
        UNION SELECT connection_id FROM events
        WHERE id > (SELECT catalogued_id FROM totals) AND connection_id IS NOT NULL
    )
    """,
    """
    DELETE FROM certificates WHERE id NOT IN (
        SELECT certificate_id FROM connections WHERE certificate_id IS NOT NULL
    )
    """,
    "DELETE FROM handshakes WHERE id NOT IN (SELECT handshake_id FROM connections WHERE handshake_id IS NOT NULL)",
)


def tidy(database: sqlite3.Connection) -> None:
    """Delete what nothing refers to, inside the transaction that is open."""
    for statement in _ORPHANS:
        database.execute(statement)
    if is_mostly_stale(database):
        begin_catalogue_anew(database)


def size(path: Path) -> int:
    """Bytes on the disk, with what is in the log still."""
    log, _, _ = companions(path)
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def require_room(path: Path) -> None:
    """SQLite writes all of it into a temporary file, and from there into the log, before it drops the old one. Raises
    HistoryError where that does not fit."""
    whole = round(size(path) * 1.1)
    needed: dict[int, tuple[Path, int]] = {}  # by file system
    for folder in (path.parent, _temporary_folder()):
        device = folder.stat().st_dev
        first, before = needed.get(device, (folder, 0))
        needed[device] = first, before + whole
    for folder, much in needed.values():
        free = shutil.disk_usage(folder).free
        if much > free:
            raise HistoryError(
                f"Compacting needs {much / 1e6:,.0f} MB in {folder} for a while, and {free / 1e6:,.0f} MB are free.",
                "Make room there, then try again; the history is as it was.",
            )


def _temporary_folder() -> Path:
    """Where SQLite puts its temporary files."""
    if sys.platform == "win32":
        return Path(tempfile.gettempdir())
    wanted = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108 - SQLite's own
    folders = (Path(folder) for folder in wanted if folder)
    return next((folder for folder in folders if folder.is_dir() and os.access(folder, os.W_OK)), Path())


def rewrite(database: sqlite3.Connection) -> None:
    """Write the file anew, without room that is free, and merge its log. Nobody else can write meanwhile."""
    database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
