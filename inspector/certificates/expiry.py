"""When to warn that a certificate ends: at 30, 14, 7 and 1 days, and when it has ended. Pure but for cryptography's
types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inspector.certificates.model import VaultEntry

LEVELS = (30, 14, 7, 1)
"""Days before the end."""
ENDED = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """An entry that ends soon, or has ended. `days` are whole days left (negative: since it ended), `level` the warning
    that is due: the smallest of LEVELS that is reached, or ENDED."""

    name: str
    days: int
    level: int
    fingerprint: str

    @property
    def words(self) -> str:
        """Such as `ends in 6 days`."""
        if self.level == ENDED:
            return "has ended today" if self.days >= -1 else f"ended {-self.days} days ago"
        if self.days == 0:
            return "ends within a day"
        return f"ends in {self.days} day{'s' if self.days > 1 else ''}"


def endings(entries: Iterable[VaultEntry], now: datetime | None = None) -> tuple[Ending, ...]:
    """The entries that a warning is due for, those that end first before the others. Those without a key count too: a
    CA that ends takes with it what it issued."""
    from inspector.certificates.describe import fingerprint

    moment = now or datetime.now(UTC)
    found = []
    for entry in entries:
        left = entry.leaf.not_valid_after_utc - moment
        level = level_of(left)
        if level is not None:
            found.append(
                (left, Ending(entry.name, left // timedelta(days=1), level, fingerprint(entry.leaf)))
            )
    return tuple(ending for _left, ending in sorted(found, key=lambda one: one[0]))


def level_of(left: timedelta) -> int | None:
    """The warning that is due with so much time left; None while there is plenty."""
    if left <= timedelta(0):
        return ENDED
    return min((level for level in LEVELS if left <= timedelta(days=level)), default=None)


def news(found: Iterable[Ending], told: Mapping[str, int]) -> tuple[Ending, ...]:
    """Those that were not told yet at their level; `told` are the lowest levels told, by fingerprint."""
    return tuple(ending for ending in found if told.get(ending.fingerprint, LEVELS[0] + 1) > ending.level)
