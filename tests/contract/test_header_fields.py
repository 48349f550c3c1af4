"""What the pusher takes as a brand's own headers."""

from __future__ import annotations

import pytest

from inspector.contract.header_fields import beyond_the_pusher


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("X-Token", "abc-_$&@.#*XYZ019"),),
        (("a" * 24, "x" * 300),),
        tuple((name, "") for name in ("A", "B", "C", "D")),
    ],
    ids=range(4),
)
def test_what_the_pusher_takes(headers: tuple[tuple[str, str], ...]) -> None:
    assert beyond_the_pusher(headers) == ()


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("a" * 25, "x"), "25 characters"),
        (("Token", "x" * 301), "301 characters"),
        (("Token", "a b"), "does not take"),
        (("Token", "a/b,a/"), "does not take"),
        (("To\nken", "\u00e9"), "The value of To ken"),
    ],
)
def test_what_the_pusher_would_not_take(header: tuple[str, str], words: str) -> None:
    (finding,) = beyond_the_pusher((header,))
    assert words in finding
    assert "\n" not in finding


def test_five_are_too_many() -> None:
    (finding,) = beyond_the_pusher((("A", "x"),) * 5)
    assert finding.startswith("5 custom headers")


def test_findings_do_not_repeat_values() -> None:
    findings = beyond_the_pusher((("Authorization", "Bearer s3cret/" + "x" * 300),))
    assert len(findings) == 2
    assert not any("s3cret" in finding for finding in findings)
