"""A copy of a whole history, consistent while others go on writing it. Imports sqlite3 and history's own parts."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from inspector.errors import HistoryError, UsageError
from inspector.history.failures import explain
from inspector.history.files import OWNER_ONLY, connect, prepare_for_reading
from inspector.whole_file import sync_folder

_LOOK_EVERY = 100_000  # steps of SQLite's machine: some milliseconds


def save_copy(history: Path, to: Path, *, over: bool = False, cancelled: Callable[[], bool] = bool) -> bool:
    """Write all of a history into another file (mode 0600), which is whole or not there; False where it was
    `cancelled`. Without `over` never in the place of a file. Raises HistoryError, UsageError."""
    real = prepare_for_reading(history)
    to = to.absolute()
    if to.resolve() == real:
        raise UsageError(f"{to} is the history that is in use.", "Give another name for the copy.")
    if not over and os.path.lexists(to):
        raise UsageError(f"There is a file {to} already.", "Give another name, or say --force to replace it.")
    temporary = to.with_name(f".{to.name[:200]}.{secrets.token_hex(4)}.new")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        with closing(connect(real, "ro")) as database:
            database.set_progress_handler(lambda: int(cancelled()), _LOOK_EVERY)
            database.execute("VACUUM INTO ?", (str(temporary),))
        temporary.replace(to)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
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
        temporary.unlink(missing_ok=True)
    sync_folder(to.parent)
    return True
