"""Addresses as people type them into the toolbar."""

from __future__ import annotations

import pytest

from inspector.errors import UsageError
from inspector.ui.toolbar import parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8443", ("127.0.0.1", 8443)),
        ("localhost:0", ("localhost", 0)),
        (":9000", ("127.0.0.1", 9000)),
        ("127.0.0.1", ("127.0.0.1", 8443)),
        ("[::1]:8443", ("::1", 8443)),
        ("[::1]", ("::1", 8443)),
        ("https://127.0.0.1:8443/", ("127.0.0.1", 8443)),
    ],
)
def test_addresses_are_read(text: str, expected: tuple[str, int]) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text", ["localhost:port", "localhost:70000", "a b:80", "localhost:", "localhost:-1"]
)
def test_others_are_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert "host:port" in caught.value.next_step
