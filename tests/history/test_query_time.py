"""Dates and times in queries, in the zone of the one who asks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from inspector.history.query import parse
from inspector.history.query_time import local_now, read_time
from inspector.history.query_tree import Between, Node, Not

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 5, 12, 30, 15, 250_000, tzinfo=UTC)


def us(text: str) -> int:
    """Microseconds since 1970 of a time with its zone."""
    return round(datetime.fromisoformat(text).timestamp() * 1000) * 1000


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01T00:00Z", "2027-01-01T00:00Z"),
        ("2026-01", "2026-01-01T00:00Z", "2026-02-01T00:00Z"),
        ("2026-12", "2026-12-01T00:00Z", "2027-01-01T00:00Z"),
        ("2024-02", "2024-02-01T00:00Z", "2024-03-01T00:00Z"),
        ("2026-01-31", "2026-01-31T00:00Z", "2026-02-01T00:00Z"),
        ("2026-01-31T10:04", "2026-01-31T10:04Z", "2026-01-31T10:05Z"),
        ("2026-01-31t10:04", "2026-01-31T10:04Z", "2026-01-31T10:05Z"),
        ("2026-01-31 10:04:05", "2026-01-31T10:04:05Z", "2026-01-31T10:04:06Z"),
        ("2026-01-31T10:04:05.250", "2026-01-31T10:04:05.250Z", "2026-01-31T10:04:05.251Z"),
        ("2026-01-31T10:04Z", "2026-01-31T10:04Z", "2026-01-31T10:05Z"),
        ("2026-01-31T10:04+02:00", "2026-01-31T08:04Z", "2026-01-31T08:05Z"),
        ("2026-01-31T10:04-0530", "2026-01-31T15:34Z", "2026-01-31T15:35Z"),
        ("10:04", "2026-03-05T10:04Z", "2026-03-05T10:05Z"),
        ("9:04:07", "2026-03-05T09:04:07Z", "2026-03-05T09:04:08Z"),
        ("today", "2026-03-05T00:00Z", "2026-03-06T00:00Z"),
        ("Yesterday", "2026-03-04T00:00Z", "2026-03-05T00:00Z"),
        ("now", "2026-03-05T12:30:15.250Z", "2026-03-05T12:30:15.250Z"),
        ("-10s", "2026-03-05T12:30:05.250Z", "2026-03-05T12:30:05.250Z"),
        ("-30m", "2026-03-05T12:00:15.250Z", "2026-03-05T12:00:15.250Z"),
        ("-2h", "2026-03-05T10:30:15.250Z", "2026-03-05T10:30:15.250Z"),
        ("-3D", "2026-03-02T12:30:15.250Z", "2026-03-02T12:30:15.250Z"),
        ("-1w", "2026-02-26T12:30:15.250Z", "2026-02-26T12:30:15.250Z"),
    ],
)
def test_times_are_spans(text: str, start: str, end: str) -> None:
    span = read_time(text, NOW)
    assert (span.start, span.end) == (us(start), us(end))
    assert span.is_instant == (start == end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-1-1",
        "26-01-01",
        "2026-02-30",
        "2026-01-01T",
        "2026-01-01T25:00",
        "10",
        "10:60",
        "2h",
        "-2y",
        "2026-01-01T10",
        "2026-01-01Z",
        "10:04Z",
        "2026-01-01T10:00+99:00",
        "-1.5h",
        "٢٠٢٦",
        "10:04:05.",
        "tomorrow",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_time(text, NOW)


@pytest.mark.parametrize("text", ["-999999999w", "9999", "9999-12-31"])
def test_times_beyond_the_calendar(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_time(text, NOW)


def test_days_are_those_of_the_zone_of_now() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=14)))
    assert read_time("today", east).start == us("2026-03-06T00:00+14:00")
    assert read_time("2026-01-31", east).start == us("2026-01-31T00:00+14:00")
    assert read_time("2026-01-31T10:00Z", east).start == us("2026-01-31T10:00Z")
    assert read_time("-2h", east) == read_time("-2h", NOW)


def test_summer_time_has_its_own_days() -> None:
    now = NOW.astimezone(BERLIN)
    short = read_time("2026-03-29", now)
    assert (short.start, short.end) == (us("2026-03-29T00:00+01:00"), us("2026-03-30T00:00+02:00"))
    assert short.end - short.start == 23 * 3600 * 10**6
    long = read_time("2026-10-25", now)
    assert long.end - long.start == 25 * 3600 * 10**6
    assert read_time("2026-07-01", now).start == us("2026-07-01T00:00+02:00")
    twice = read_time("2026-10-25T02:59", now)
    assert twice.start < twice.end


@pytest.fixture
def in_new_york() -> Iterator[None]:
    """A machine whose own zone is New York's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="the zone can't be changed here")
def test_without_a_zone_it_is_the_machines_own(in_new_york: None) -> None:
    now = datetime.fromtimestamp(NOW.timestamp())  # noqa: DTZ006 - no zone is what this is about
    assert local_now().tzinfo is None
    assert read_time("now", now).start == us("2026-03-05T12:30:15.250Z")
    assert read_time("today", now).start == us("2026-03-05T00:00-05:00")
    assert read_time("2026-07-01", now).start == us("2026-07-01T00:00-04:00"), (
        "summer time, though it is winter now"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("after:2026-01-01", Between("at", us("2026-01-01T00:00Z"), None)),
        ("since:2026-01-01", Between("at", us("2026-01-01T00:00Z"), None)),
        ("after:2026-01-01T10:00", Between("at", us("2026-01-01T10:00Z"), None)),
        ("after:today", Between("at", us("2026-03-05T00:00Z"), None)),
        ("after:yesterday", Between("at", us("2026-03-04T00:00Z"), None)),
        ("after:-2h", Between("at", us("2026-03-05T10:30:15.250Z"), None)),
        ("before:2026-01-01", Between("at", None, us("2026-01-01T00:00Z") - 1)),
        ("before:-30m", Between("at", None, us("2026-03-05T12:00:15.250Z") - 1)),
        ("at:!=2026-01-01", Not(Between("at", us("2026-01-01T00:00Z"), us("2026-01-02T00:00Z") - 1))),
        ("at:2026-01-01", Between("at", us("2026-01-01T00:00Z"), us("2026-01-02T00:00Z") - 1)),
        ("at:today", Between("at", us("2026-03-05T00:00Z"), us("2026-03-06T00:00Z") - 1)),
        ("at:10:04", Between("at", us("2026-03-05T10:04Z"), us("2026-03-05T10:05Z") - 1)),
        ("at:-2h", Between("at", us("2026-03-05T10:30:15.250Z"), None)),
        ("at:>2026-01-01", Between("at", us("2026-01-02T00:00Z"), None)),
        ("at:>=2026-01-01", Between("at", us("2026-01-01T00:00Z"), None)),
        ("at:<2026-01-01", Between("at", None, us("2026-01-01T00:00Z") - 1)),
        ("at:<=2026-01-01", Between("at", None, us("2026-01-02T00:00Z") - 1)),
        ('at:"2026-01-01 10:00"', Between("at", us("2026-01-01T10:00Z"), us("2026-01-01T10:01Z") - 1)),
        (
            "at:2026-01-01..2026-01-31",
            Between("at", us("2026-01-01T00:00Z"), us("2026-02-01T00:00Z") - 1),
        ),
        ("at:yesterday..-2h", Between("at", us("2026-03-04T00:00Z"), us("2026-03-05T10:30:15.250Z"))),
        ("at:10:00..", Between("at", us("2026-03-05T10:00Z"), None)),
    ],
)
def test_times_in_queries(text: str, expected: Node) -> None:
    assert parse(text, now=NOW).root == expected
