"""How far a connection is, and who makes room for whom where there are too many. Imports this room's HTTP words."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum, auto
from typing import Protocol

from inspector.listener.http_events import Phase

# A handshake or a request's arrival that takes longer is more likely somebody's who means to hold the place.
_USUAL_SECONDS = 1.0
# So many more than the cap, or a sixteenth of it, may be on their way out.
_LEAVING = 4
# Looking for who has waited longest means looking at all of them; so as many are picked at once.
_PICKED_AT_ONCE = 32

Seniority = tuple[int, float]
"""The lowest leaves first: a class, and since when it is in it (the loop's time)."""


class Stage(Enum):
    """How far a connection is."""

    OPENING = auto()
    HANDSHAKE = auto()
    OPEN = auto()
    DRAINING = auto()
    CLOSED = auto()


def seniority(
    stage: Stage, phase: Phase | None, *, began: float, since: float, now: float
) -> Seniority | None:
    """A connection's: those that are only being drained come first, then those that have been busy with a
    handshake or a request's arrival for too long, then those that have been idle for a while, then all others;
    always the oldest of them. None for one whose answer is under way: it stays. `began` is when it was accepted,
    `since` when its present draining, idleness or arrival began."""
    if stage is Stage.DRAINING:
        return 0, since
    if stage is Stage.OPENING or stage is Stage.HANDSHAKE:
        since = began
    elif stage is Stage.CLOSED or phase is None or phase is Phase.WAITING or phase is Phase.OVER:
        return None
    # Who has just done its handshake is idle too, until its request comes.
    if now - since < _USUAL_SECONDS:
        return 3, since
    return (2 if stage is Stage.OPEN and phase is Phase.IDLE else 1), since


class Member(Protocol):
    """A connection, as far as the others need to know it."""

    @property
    def idle_since(self) -> float | None:
        """The loop's time since when no request is under way, None while one is."""

    def seniority(self, now: float) -> Seniority | None: ...

    def evict(self) -> None: ...

    def shut_down(self) -> None: ...

    def abort(self) -> None: ...


class Places:
    """The connections of one listener."""

    def __init__(self) -> None:
        self._open: set[Member] = set()
        self._picked: deque[tuple[Seniority, Member]] = deque()
        self._none_left = asyncio.Event()
        self._none_left.set()

    def admit(self, connection: Member, cap: int, now: float) -> bool:
        """Count a new connection in; over the cap another one makes room. Where all others are being answered,
        the new one is to be turned away (False)."""
        welcome = len(self._open) < cap or self._make_room(now)
        # Who has made room takes a moment to leave. Where they pile up, two leave for each that comes.
        if welcome and len(self._open) > cap + max(_LEAVING, cap // 16):
            self._make_room(now)
        self._open.add(connection)
        self._none_left.clear()
        return welcome

    def _make_room(self, now: float) -> bool:
        while True:
            while self._picked:
                picked, one = self._picked.popleft()
                # Its class may have changed with time alone, what it is at has not.
                age = one.seniority(now) if one in self._open else None
                if age is not None and age[1] == picked[1]:
                    one.evict()
                    return True
            found = [
                (age, place, one)
                for place, one in enumerate(self._open)
                if (age := one.seniority(now)) is not None
            ]
            if not found:
                return False
            # Few at once where there are few: a pick is only good as long as nobody else has become older.
            found.sort()
            count = max(1, min(_PICKED_AT_ONCE, len(self._open) // 16))
            self._picked.extend((age, one) for age, _place, one in found[:count])

    def forget(self, connection: Member) -> None:
        """The connection is no more."""
        self._open.discard(connection)
        if not self._open:
            self._picked.clear()
            self._none_left.set()

    def all(self) -> list[Member]:
        """All there are now."""
        return list(self._open)

    async def none_left(self) -> None:
        """Wait until there is none."""
        await self._none_left.wait()
