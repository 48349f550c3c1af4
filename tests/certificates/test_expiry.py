from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates import mint
from inspector.certificates.expiry import ENDED, LEVELS, Ending, endings, level_of, news
from inspector.certificates.model import VaultEntry

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (timedelta(days=30, seconds=1), None),
        (timedelta(days=30), 30),
        (timedelta(days=14, seconds=1), 30),
        (timedelta(days=14), 14),
        (timedelta(days=7), 7),
        (timedelta(days=1, seconds=1), 7),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), ENDED),
        (timedelta(days=-3), ENDED),
    ],
)
def test_the_levels(left: timedelta, level: int | None) -> None:
    assert level_of(left) == level


def entry(name: str, ends: datetime) -> VaultEntry:
    made = mint.issue(None, name, not_before=NOW - timedelta(days=90), not_after=ends)
    return VaultEntry(name, made.chain, has_key=True, trust_clients=False, created_at="2026-01-01T00:00:00Z")


def test_those_that_end_first_come_first() -> None:
    entries = [
        entry("plenty", NOW + timedelta(days=60)),
        entry("month", NOW + timedelta(days=20, hours=3)),
        entry("gone", NOW - timedelta(days=3)),
        entry("today", NOW + timedelta(hours=3)),
        entry("tomorrow", NOW + timedelta(days=1)),
    ]
    found = endings(entries, NOW)
    assert [(one.name, one.days, one.level) for one in found] == [
        ("gone", -3, 0),
        ("today", 0, 1),
        ("tomorrow", 1, 1),
        ("month", 20, 30),
    ]
    assert [one.words for one in found] == [
        "ended 3 days ago",
        "ends within a day",
        "ends in 1 day",
        "ends in 20 days",
    ]


@given(st.lists(st.integers(min_value=-5, max_value=40), max_size=40))
def test_each_level_is_told_once(days: list[int]) -> None:
    """Whatever days the program is started on."""
    told: dict[str, int] = {}
    levels = []
    for left in sorted(days, reverse=True):
        level = level_of(timedelta(days=left))
        found = [] if level is None else [Ending("brand", left, level, "ab")]
        for one in news(found, told):
            levels.append(one.level)
            told[one.fingerprint] = one.level
    assert levels == sorted(set(levels), reverse=True)
    assert set(levels) <= {*LEVELS, ENDED}
