"""Letting go of what is more than is kept, in the background; what went is said. Imports history's own parts."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from inspector.history.failures import explain
from inspector.history.files import connect, prepare_for_reading
from inspector.history.retention import Retention, expected, total
from inspector.history.store import HistoryWriter

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many events went, and why."""

    count: int
    why: str

    @property
    def words(self) -> str:
        """For people."""
        return f"Let go of {self.count:,} {'row' if self.count == 1 else 'rows'} {self.why}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many of all events would go."""

    gone: int
    total: int


def estimate(history: Path, retention: Retention, now: int) -> Estimate:
    """What `retention` would let go of, `now` being in microseconds since 1970 UTC. Makes nobody who writes wait.
    Raises HistoryError."""
    real = prepare_for_reading(history)
    try:
        with closing(connect(real, "ro")) as database:
            database.execute("BEGIN")  # both numbers are of the same moment
            return Estimate(expected(database, retention, now), total(database))
    except sqlite3.Error as error:
        raise explain(error, history, "read") from error


class Forgetting:
    """A task of the upkeep. `retention` tells how much is kept and is asked each time; `say` is called in the upkeep's
    thread once all that was too much has gone."""

    def __init__(self, retention: Callable[[], Retention], say: Callable[[Forgotten], None]) -> None:
        self._retention = retention
        self._say = say
        self._gone = 0
        self._why = ""

    def __call__(self, writer: HistoryWriter) -> bool:
        """A batch; whether there may be more."""
        retention = self._retention()
        if retention.off and not self._gone:
            return False
        found = None if retention.off else writer.let_go(retention, round(time.time() * 1_000_000))
        if found is not None and (not self._gone or found.why == self._why):
            self._gone, self._why = self._gone + len(found.ids), found.why
            return True
        if self._gone:
            forgotten = Forgotten(self._gone, self._why)
            self._gone = 0 if found is None else len(found.ids)
            self._why = "" if found is None else found.why
            _log.info("%s", forgotten.words)
            self._say(forgotten)
        return found is not None
