"""A deadline that is moved often and passes rarely. Imports asyncio only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timer:
    """Calls back once its deadline has passed. Moving it later costs no more than a store: the loop's own
    timer is left as it is, and is set anew when it fires too early."""

    __slots__ = ("_call_back", "_deadline", "_handle", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, call_back: Callable[[], None]) -> None:
        self._loop = loop
        self._call_back = call_back
        self._deadline: float | None = None
        self._handle: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> float:
        """The deadline is so many seconds from now; returns now, as the loop has it."""
        now = self._loop.time()
        deadline = self._deadline = now + seconds
        if self._handle is not None:
            if self._handle.when() <= deadline:
                return now
            self._handle.cancel()
        self._handle = self._loop.call_at(deadline, self._fire)
        return now

    def clear(self) -> None:
        """There is no deadline for now."""
        self._deadline = None

    def stop(self) -> None:
        """Never call back again."""
        self._deadline = None
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._handle = None
        if self._deadline is None:
            return
        if self._loop.time() < self._deadline:
            self._handle = self._loop.call_at(self._deadline, self._fire)
            return
        self._deadline = None
        self._call_back()
