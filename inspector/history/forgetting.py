"""Letting go of what is more than is kept, in the background; what went is said. Imports history's own parts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from inspector.history.retention import Retention
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


class Forgetting:
    """A task of the upkeep. `say` is called in its thread once all that was too much has gone."""

    def __init__(self, retention: Retention, say: Callable[[Forgotten], None]) -> None:
        self.retention = retention
        self._say = say
        self._gone = 0
        self._why = ""

    def __call__(self, writer: HistoryWriter) -> bool:
        """A batch; whether there may be more."""
        if self.retention.off and not self._gone:
            return False
        found = None if self.retention.off else writer.let_go(self.retention, round(time.time() * 1_000_000))
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
