"""Dates and times in queries, read in the time zone of the one who asks. Pure; the clock is passed in.

A date or time stands for a span: `2026-01-31` for that day, `10:04` for that minute of today. `-2h` and `now` stand
for one instant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_DATE = r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,6}))?)?"
)
_ZONE = r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
_ABSOLUTE = re.compile(rf"(?:{_DATE}(?:[Tt ]{_CLOCK}{_ZONE})?|{_CLOCK.replace('?P<', '?P<t')})")
_AGO = re.compile(r"-([0-9]{1,9})(s|m|h|d|w)")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, but without, `end`, in microseconds since 1970 UTC; one instant where both are the same."""

    start: int
    end: int

    @property
    def is_instant(self) -> bool:
        return self.start == self.end


def local_now() -> datetime:
    """The time that people at this machine mean. It names no zone: the zone's offset of today would be wrong for
    dates beyond a change of summer time."""
    return datetime.now()  # noqa: DTZ005 - see above


def read_time(text: str, now: datetime) -> Span:
    """The span that a text stands for. Times without a zone are in the zone of `now`; where `now` has none, in the
    machine's own, with its changes of summer time. Raises ValueError or OverflowError for what is no time."""
    word = text.lower()
    if word == "now":
        return _instant(now)
    if ago := _AGO.fullmatch(word):
        return _instant(_utc(now) - int(ago[1]) * _UNITS[ago[2]])
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if word in ("today", "yesterday"):
        day = midnight - timedelta(days=int(word == "yesterday"))
        return _span(day, day + timedelta(days=1), now.tzinfo)
    match = _ABSOLUTE.fullmatch(text)
    if match is None:
        raise ValueError("not a time")
    return _absolute(
        {name: value for name, value in match.groupdict().items() if value}, midnight, now.tzinfo
    )


def _absolute(parts: dict[str, str], midnight: datetime, zone: tzinfo | None) -> Span:
    """The span of a date, a date with a time, or a time of today."""
    if "thour" in parts:
        parts = {name[1:]: value for name, value in parts.items()}
        start = midnight
    else:
        start = datetime(int(parts["year"]), int(parts.get("month", 1)), int(parts.get("day", 1)))  # noqa: DTZ001 - the zone follows
    if "hour" in parts:
        fraction = parts.get("fraction", "")
        start = start.replace(
            hour=int(parts["hour"]),
            minute=int(parts["minute"]),
            second=int(parts.get("second", 0)),
            microsecond=int(fraction.ljust(6, "0")) if fraction else 0,
        )
        length = timedelta(microseconds=10 ** (6 - len(fraction))) if fraction else timedelta(seconds=1)
        end = start + (length if "second" in parts else timedelta(minutes=1))
    elif "day" in parts:
        end = start + timedelta(days=1)
    elif "month" in parts:
        end = (start + timedelta(days=31)).replace(day=1)
    else:
        end = start.replace(year=start.year + 1)
    return _span(start, end, _zone(parts["zone"]) if "zone" in parts else zone)


def _zone(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _span(start: datetime, end: datetime, zone: tzinfo | None) -> Span:
    first, last = (_microseconds(wall.replace(tzinfo=zone)) for wall in (start, end))
    return Span(first, max(last, first + 1))  # where clocks are set back, an hour of the wall's may end early


def _instant(when: datetime) -> Span:
    microseconds = _microseconds(when)
    return Span(microseconds, microseconds)


def _microseconds(when: datetime) -> int:
    return (_utc(when) - _EPOCH) // _MICROSECOND


def _utc(when: datetime) -> datetime:
    """In UTC; a time without a zone is the machine's own."""
    return when.astimezone(UTC)
