"""After how many idle minutes the vault is locked, as a file. Imports home, the settings' files and errors."""

from __future__ import annotations

import logging

from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.settings_file import SettingsFile

MOST_MINUTES = 24 * 60
# Where the file can't be read: whoever wanted a lock must not lose it.
CAREFUL_MINUTES = 5
_log = logging.getLogger(__name__)


def load(home: Home) -> int | None:
    """The minutes, None where it is never locked, as by default. Raises StateError for a damaged file."""
    file = _file(home)
    try:
        return checked(file.read().get("minutes"))
    except UsageError as error:
        raise file.damaged(error.message) from error


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
    _file(home).write({"minutes": minutes})


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


def _file(home: Home) -> SettingsFile:
    return SettingsFile(home.idle_lock_file, "idle lock", "push-inspector idle lock", 1, {})
