"""A copy of a whole history, consistent while others go on writing it. Imports sqlite3 and history's own parts."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from inspector.errors import HistoryError, UsageError
from inspector.history.failures import companions, explain
from inspector.history.files import OWNER_ONLY, connect, prepare_for_reading
from inspector.history.lease import holder
from inspector.whole_file import sync_folder

_BESIDE = ("-wal", "-shm", "-journal", "-writer")  # SQLite's files beside a history, and the lease
_LOOK_EVERY = 100_000  # steps of SQLite's machine: some milliseconds


def save_copy(
    history: Path,
    to: Path,
    *,
    over: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = bool,
) -> bool:
    """Write all of a history into another file (mode 0600), which is whole or not there; False where it was
    `cancelled`. Without `over` never in the place of a file. `progress` is told how many bytes of how many are written.
    Raises HistoryError, UsageError."""
    real = prepare_for_reading(history)
    to = to.absolute()
    _require_foreign(to, real)
    if not over and os.path.lexists(to):
        raise UsageError(
            f"There is a file {to} already.",
            "Give another name, or say --force to replace it.",
            code="exists",
        )
    _require_unused(to)
    asked: list[BaseException | None] = []  # to stop, or by what
    temporary = to.with_name(f".{to.name[:200]}.{secrets.token_hex(4)}.new")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        with closing(connect(real, _way_to_read(real))) as database:
            total = _bytes_held(database)

            def look() -> int:
                try:
                    progress(min(temporary.stat().st_size, total), total)
                    if cancelled():
                        asked.append(None)
                except BaseException as error:  # noqa: BLE001 - SQLite's caller would swallow a Ctrl+C
                    asked.append(error)
                return len(asked)

            database.set_progress_handler(look, _LOOK_EVERY)
            database.execute("VACUUM INTO ?", (str(temporary),))
        temporary.replace(to)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            if not asked:  # it came as SQLite called us, and was swallowed
                raise KeyboardInterrupt from error
            if asked[0] is not None:
                raise asked[0] from None
            return False
        raise explain(error, to, "copied") from error
    except sqlite3.Error as error:
        raise explain(error, real, "copied") from error
    except OSError as error:
        raise HistoryError(
            f"Can't write {to}: {error.strerror or error}.",
            "Choose another folder, or make this one writable.",
        ) from error
    finally:
        for left in (temporary, *companions(temporary)):
            with suppress(OSError):  # not there, or in a folder that can't be looked into
                left.unlink()
    sync_folder(to.parent)
    return True


def _require_foreign(to: Path, real: Path) -> None:
    """The history that is copied, its log and whatever else is beside it must stay; so must that of any other."""
    if to.resolve() == real:
        raise UsageError(f"{to} is the history that is in use.", "Give another name for the copy.")
    for place in {to, to.resolve()}:
        for end in _BESIDE:
            if (
                place.name.endswith(end)
                and (whole := place.with_name(place.name.removesuffix(end))).is_file()
            ):
                raise UsageError(
                    f"{to} belongs to {whole.name}, which would be damaged.",
                    "Give another name for the copy.",
                )


def _require_unused(to: Path) -> None:
    """SQLite would take the log of the file that was there for one of the copy."""
    if any(os.path.lexists(companion) for companion in companions(to)) or holder(to) is not None:
        raise UsageError(
            f"{to} is a history that is in use, or was when its program ended.",
            "Give another name for the copy.",
        )


def _way_to_read(real: Path) -> str:
    """A history that nobody writes can be read where SQLite can make no file beside it, as on a read-only disk."""
    beside = any(companion.exists() for companion in companions(real))
    return "ro" if beside or os.access(real.parent, os.W_OK) else "ro&immutable=1"


def _bytes_held(database: sqlite3.Connection) -> int:
    pages, free, size = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    held: int = (pages - free) * size
    return held
