"""The values of one run: the clock, a seed of its own, and how many pushes were sent. Imports `inspector.contract`."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from inspector.contract.variables import Values


class Series:
    """Gives each push its `Values`. `next()` is for what is sent, `peek()` for what is shown before: it uses
    nothing up, and tells just what the next push gets, but for the moment. Threads may share one."""

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        secret_names: frozenset[str] = frozenset(),
        *,
        seq_start: int = 1,
        badge_start: int = 1,
    ) -> None:
        self._environment = dict(environment or {})
        self._secret_names = secret_names
        self._starts = (seq_start, badge_start)
        self._seed = os.urandom(8).hex()
        self._sent = 0
        self._lock = threading.Lock()

    def use(self, environment: Mapping[str, str], secret_names: frozenset[str] = frozenset()) -> None:
        """Take the values of another environment from now on; the counters go on."""
        with self._lock:
            self._environment, self._secret_names = dict(environment), secret_names

    def restart(self) -> None:
        """Begin anew: counters from their starts, other UUIDs."""
        with self._lock:
            self._sent, self._seed = 0, os.urandom(8).hex()

    def peek(self) -> Values:
        """What the next push would get now."""
        with self._lock:
            return self._values(self._sent)

    def next(self) -> Values:
        """What this push gets."""
        with self._lock:
            self._sent += 1
            return self._values(self._sent - 1)

    def at(self, number: int) -> Values:
        """What push `number` (from 0) of the run gets, for a run that counts by itself."""
        with self._lock:
            return self._values(number)

    def _values(self, number: int) -> Values:
        seq, badge = self._starts
        return Values(
            number, datetime.now(UTC), self._seed, self._environment, self._secret_names, seq, badge
        )
