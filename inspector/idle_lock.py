"""After how many idle minutes the vault is locked, as a file: JSON, closed to others. Imports home and errors."""

from __future__ import annotations

import json
import logging

from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.whole_file import begun

_log = logging.getLogger(__name__)

MOST_MINUTES = 24 * 60
# Where the file can't be read: whoever wanted a lock must not lose it.
CAREFUL_MINUTES = 5


def load(home: Home) -> int | None:
    """The minutes, None where it is never locked, as by default. Raises StateError for a damaged file."""
    path = home.idle_lock_file
    try:
        return checked(json.loads(path.read_bytes())["minutes"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, UsageError) as error:
        raise StateError(
            f"Can't read {path}, which says when the vault is locked: it is after {CAREFUL_MINUTES} minutes.",
            "Choose again after how many, or delete that file.",
        ) from error


def seconds(home: Home) -> float | None:
    """As `load`, in seconds; a damaged file is logged and counts as few minutes."""
    try:
        minutes = load(home)
    except StateError as error:
        _log.warning("%s %s", error.message, error.next_step)
        minutes = CAREFUL_MINUTES
    return minutes * 60.0 if minutes is not None else None


def save(home: Home, minutes: int | None) -> None:
    """Lock so from now on; None: never. Raises UsageError for what makes no sense, StateError where it can't be
    written."""
    checked(minutes)
    home.create()
    try:
        with begun(home.idle_lock_file) as file:
            file.write(json.dumps({"minutes": minutes}).encode())
    except OSError as error:
        raise StateError(
            f"Can't write {home.idle_lock_file}: {error.strerror or error}.",
            "Make its folder writable, or name another home with --home DIR.",
        ) from error


def checked(minutes: object) -> int | None:
    """The same. Raises UsageError for anything but None and a number of minutes up to a day."""
    if minutes is None:
        return None
    if isinstance(minutes, int) and not isinstance(minutes, bool) and 1 <= minutes <= MOST_MINUTES:
        return minutes
    raise UsageError(
        f"“{minutes}” is no number of minutes to lock the vault after.",
        f"Write a whole number from 1 to {MOST_MINUTES}, or never.",
    )
