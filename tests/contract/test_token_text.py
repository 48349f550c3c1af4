"""Device tokens that are text written in hexadecimal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.token_text import token_text


def test_the_token_that_was_seen_is_read() -> None:
    assert token_text("425450383030444630304d7c30337c3034") == "BTP800DF00M|03|04"
    assert token_text("425450383030444630304D7C30337C3034") == "BTP800DF00M|03|04"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "41",
        "4142",
        "414",
        "01408800000259",
        "not hex",
        "41 42 43 44",
        "fcm:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx",
        "00" * 32,
        "ff" * 32,
        "20" * 8,
        "41420a4344",
        "41" * 4096,
        "٤١٤٢٤٣",
    ],
)
def test_what_is_no_text_stays_what_it_is(token: str) -> None:
    assert token_text(token) is None


@given(st.text(min_size=3, max_size=40))
def test_printable_text_comes_back(text: str) -> None:
    token = text.encode("utf-8", "surrogatepass").hex()
    printable = text.isprintable() and not text.isspace()
    assert token_text(token) == (text if printable else None)


@given(st.text(max_size=80))
def test_any_string_can_be_a_token(token: str) -> None:
    token_text(token)
