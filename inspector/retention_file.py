"""How much a home keeps of its history, as a file: JSON, closed to others. Imports home, history's words and errors."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from inspector.errors import StateError, UsageError
from inspector.history.retention import Retention
from inspector.home import Home
from inspector.whole_file import begun


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
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or value <= 0
        ):
            what = field.name.removeprefix("most_")
            raise UsageError(
                f"“{value}” is no number of {what} to keep.", "Write a number above zero, or leave it out."
            )
    return retention
