"""How much a home keeps of its history, as a file: JSON, closed to others. Imports home, history's words and errors."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, fields

from inspector.errors import StateError, UsageError
from inspector.history.retention import Retention
from inspector.home import Home
from inspector.whole_file import begun

_log = logging.getLogger(__name__)

LARGEST = 1_000_000_000  # of events, days or megabytes: more is no bound


class Followed:
    """What a home keeps now, whoever changes that while it is asked again and again. All, where the file is damaged:
    nothing is deleted for that."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamp: tuple[int, int, int] | None = None
        self._retention = Retention()

    def __call__(self) -> Retention:
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._retention = load(self._home)
            except StateError as error:
                _log.warning("%s %s", error.message, error.next_step)
                self._retention = Retention()
        return self._retention

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._home.retention_file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


LEAST_MEGABYTES = 1


def load(home: Home) -> Retention:
    """What was chosen; everything is kept where nothing was. Raises StateError for a damaged file."""
    path = home.retention_file
    try:
        found = json.loads(path.read_bytes())
        return checked(Retention(**{field.name: found.get(field.name) for field in fields(Retention)}))
    except FileNotFoundError:
        return Retention()
    except (OSError, ValueError, TypeError, AttributeError, UsageError) as error:
        raise StateError(
            f"Can't read {path}, which says how much of the history is kept: nothing is let go of.",
            "Mend or delete that file.",
        ) from error


def save(home: Home, retention: Retention) -> None:
    """Keep so much from now on. Raises UsageError for what makes no sense, StateError where it can't be written."""
    checked(retention)
    home.create()
    try:
        with begun(home.retention_file) as file:
            file.write(json.dumps(asdict(retention), indent=2).encode())
    except OSError as error:
        raise StateError(
            f"Can't write {home.retention_file}: {error.strerror or error}.",
            "Make its folder writable, or name another home with --home DIR.",
        ) from error


def checked(retention: Retention) -> Retention:
    """The same. Raises UsageError where a bound is no number above zero."""
    for field in fields(retention):
        value = getattr(retention, field.name)
        kinds = int if field.name == "most_events" else int | float
        if value is not None and not (
            isinstance(value, kinds) and not isinstance(value, bool) and 0 < value <= LARGEST
        ):
            what = field.name.removeprefix("most_")
            raise UsageError(
                f"“{value}” is no number of {what} to keep.", "Write a number above zero, or leave it out."
            )
    if retention.most_megabytes is not None and retention.most_megabytes < LEAST_MEGABYTES:
        raise UsageError(
            f"{retention.most_megabytes:g} MB is less than an empty history takes: all of it would go.",
            f"Keep at least {LEAST_MEGABYTES} MB, or delete what there is: push-inspector history clear",
        )
    return retention
