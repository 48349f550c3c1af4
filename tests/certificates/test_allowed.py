"""Which clients are let in, by fingerprint and by subject."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.allowed import AllowedClients, subject_matches

SUBJECT = "CN=push-7,OU=Push\\, EU,O=LivePerson"


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (SUBJECT, True), (SUBJECT.lower(), True), (SUBJECT.upper(), True), ("*", True), ("**", True),
        ("CN=push-*", True), ("CN=push-*,OU=*,O=LivePerson", True), ("*,O=LivePerson", True), ("*O=LivePerson*", True),
        ("CN = push-7, OU = Push\\, EU, O = LivePerson", True), ("CN=*7*EU*", True), ("CN=push-7*O=LivePerson", True),
        ("CN=push-7", False), ("CN=push-?*", False), ("O=LivePerson", False), ("CN=push-8*", False), ("", False),
        ("*,O=LivePerson,C=*", False), ("CN=push.*", False), ("CN=push-[7]*", False), ("CN=push-7*7,OU*", False),
        ("*LivePerson*LivePerson", False),
    ],
)  # fmt: skip
def test_patterns(pattern: str, fits: bool) -> None:
    assert subject_matches(pattern, SUBJECT) is fits


def test_pieces_do_not_overlap() -> None:
    assert not subject_matches("CN=aba*ba", "CN=aba")
    assert subject_matches("CN=aba*ba", "CN=ababa")
    assert not subject_matches("a*bc*c", "abc")


@given(st.text(max_size=40))
def test_every_subject_fits_itself_and_the_star(subject: str) -> None:
    assert subject_matches("*", subject)
    if "*" not in subject:
        assert subject_matches(subject, subject)


@given(
    st.lists(st.text("ab", max_size=3), min_size=1, max_size=5),
    st.lists(st.text("ab", max_size=3), max_size=4),
)
def test_what_is_put_for_the_stars_fits(pieces: list[str], fillings: list[str]) -> None:
    subject = pieces[0]
    for place, piece in enumerate(pieces[1:]):
        subject += (fillings[place] if place < len(fillings) else "") + piece
    assert subject_matches("*".join(pieces), subject)


def test_no_pattern_takes_long() -> None:
    began = time.perf_counter()
    assert not subject_matches("*a" * 30 + "b", "a" * 5000)
    assert time.perf_counter() - began < 0.5


def test_the_list() -> None:
    nobody = AllowedClients()
    assert not nobody
    assert nobody.lets_in("ab", "CN=x")
    assert not nobody.pins("ab")
    some = AllowedClients.of(["AB:CD:01", " ef 02 "], ["CN=push*"])
    assert some
    assert some.pins("abcd01")
    assert some.pins("ef02")
    assert some.lets_in("abcd01", "CN=x")
    assert some.lets_in("99", "CN=push-1,O=a")
    assert not some.lets_in("99", "CN=x")
    assert not AllowedClients.of(["ab"], []).lets_in("99", "CN=push")
