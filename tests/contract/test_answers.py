"""What statuses mean to the pusher."""

from __future__ import annotations

import pytest

from inspector.contract.answers import (
    DOCUMENTED,
    RETRY_ATTEMPTS,
    RETRY_INTERVAL_SECONDS,
    meaning,
    will_retry,
)


def test_the_documented_statuses() -> None:
    assert [status for status, _ in DOCUMENTED] == [200, 401, 403, 500]
    assert meaning(200) == "accepted"
    for status, words in DOCUMENTED:
        assert meaning(status).startswith(words)
    assert (RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS) == (4, 10.0)


def test_only_a_5xx_is_sent_again() -> None:
    for status in range(-1, 1000):
        assert will_retry(status) is (500 <= status <= 599)
        assert ("sent again" in meaning(status)) is will_retry(status)
        assert meaning(status).endswith(", final") is (400 <= status <= 499)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (201, "not documented"),
        (204, "not documented"),
        (302, "redirects"),
        (100, "not a final"),
        (0, "not an HTTP"),
    ],
)
def test_what_is_not_documented_says_so(status: int, says: str) -> None:
    assert says in meaning(status)
