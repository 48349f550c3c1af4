"""Words for how long certificates last, for names, and what fits into how much room."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.describe import describe, distinguished_name
from inspector.certificates.mint import DevIdentities, make_ca
from inspector.certificates.model import CertificateFacts
from inspector.errors import CertificateError
from inspector.ui.certificates import wording
from inspector.ui.certificates.advice import advice
from inspector.ui.certificates.columns import COLUMNS, fitting
from inspector.ui.certificates.import_preview import as_name, suggest_name
from inspector.ui.certificates.note import LONGEST_WORD, shortened
from inspector.ui.certificates.wording import Tone

END = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def facts(dev: DevIdentities) -> CertificateFacts:
    return replace(
        describe(dev.client.leaf), not_before="2026-01-01T00:00:00Z", not_after="2027-06-01T12:00:00Z"
    )


@pytest.mark.parametrize(
    ("left", "words", "short", "tone"),
    [
        (timedelta(days=200), "200 days left", "200 days left", Tone.PLAIN),
        (timedelta(days=30), "30 days left", "30 days left", Tone.PLAIN),
        (timedelta(days=29, hours=23), "29 days left", "29 days left", Tone.WARN),
        (timedelta(days=7), "7 days left", "7 days left", Tone.WARN),
        (timedelta(days=6, hours=23), "6 days left", "6 days left", Tone.BAD),
        (timedelta(days=1), "1 day left", "1 day left", Tone.BAD),
        (timedelta(hours=23), "less than a day left", "< 1 day left", Tone.BAD),
        (timedelta(0), "less than a day left", "< 1 day left", Tone.BAD),
        (-timedelta(seconds=1), "expired today", "expired", Tone.BAD),
        (-timedelta(days=1), "expired 1 day ago", "expired", Tone.BAD),
        (-timedelta(days=35), "expired 35 days ago", "expired", Tone.BAD),
        (-timedelta(days=4000), "expired 10 years ago", "expired", Tone.BAD),
        (timedelta(days=1000), "not valid before 2026-01-01", "not yet valid", Tone.BAD),
    ],
)
def test_how_long_it_lasts_in_words(
    facts: CertificateFacts, left: timedelta, words: str, short: str, tone: Tone
) -> None:
    found = wording.validity(facts, END - left)
    assert (found.words, found.short, found.tone) == (words, short, tone)


def test_dates_that_can_not_be_read_are_said_to_be(facts: CertificateFacts) -> None:
    broken = replace(facts, not_after="(unreadable)")
    assert wording.validity(broken, END).tone is Tone.BAD
    assert wording.day(broken.not_after) == wording.day_and_time(broken.not_after) == "(unreadable)"


@given(st.integers(-100_000, 100_000))
def test_every_moment_has_words(days: int) -> None:
    facts = CertificateFacts(
        "CN=a",
        "CN=b",
        "01",
        "1990-01-01T00:00:00Z",
        "2027-06-01T12:00:00Z",
        0,
        "",
        "",
        "",
        (),
        (),
        False,
        False,
    )
    now = min(max(END.timestamp() - days * 86_400.0, 0), 4e10)
    found = wording.validity(facts, datetime.fromtimestamp(now, UTC))
    assert found.words
    assert len(found.short) <= 18


_TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1
)


@given(_TEXT.map(lambda text: text[:20]), _TEXT.map(lambda text: text[:20]))
def test_names_are_read_back_as_they_were_meant(common: str, organisation: str) -> None:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
    text = distinguished_name(name)
    assert wording.common_name(text) == common
    assert wording.in_lines(text) == f"CN={common}\nO={organisation}"


def test_names_in_lines_and_on_one() -> None:
    name = "CN=Root G2\\, the long one,O=A \\+ B,C=NL"
    assert wording.in_lines(name) == "CN=Root G2, the long one\nO=A + B\nC=NL"
    assert wording.in_a_line(name) == "CN=Root G2, the long one, O=A + B, C=NL"
    assert wording.common_name("O=No common name") == "O=No common name"
    assert wording.common_name("") == "(no subject)"


def test_what_would_steer_the_screen_stays_escaped() -> None:
    assert wording.common_name("CN=evil\\e2\\80\\aetxt\\0aline") == "evil\\e2\\80\\aetxt\\0aline"


def test_kinds_of_entries(dev: DevIdentities) -> None:
    ca, server, client = (describe(one.leaf) for one in (dev.ca, dev.server, dev.client))
    both = replace(client, purposes=("server", "client"))
    none = replace(client, purposes=())
    assert wording.kind_of_entry(ca, has_key=True) == "CA that can issue"
    assert wording.kind_of_entry(ca, has_key=False) == "CA certificate"
    assert wording.kind_of_entry(server, has_key=True) == "Server identity"
    assert wording.kind_of_entry(client, has_key=False) == "Client certificate without its key"
    assert wording.kind_of_entry(both, has_key=True) == "Server and client identity"
    assert wording.kind_of_entry(none, has_key=True) == "Identity"
    assert wording.kind_of_entry(none, has_key=False) == "Certificate without its key"
    assert wording.purposes(none) == "Nothing known"


def test_whom_trust_lets_in(dev: DevIdentities) -> None:
    ca, client = describe(dev.ca.leaf), describe(dev.client.leaf)
    long = describe(make_ca("A very long name of a certification authority").leaf)
    assert wording.let_in([ca]) == "clients that dev-ca has issued"
    assert wording.let_in([ca, long]) == "clients that dev-ca and 1 more have issued"
    assert wording.let_in([client]) == "the client that presents this certificate itself"
    assert "…" in wording.let_in([long])


@pytest.mark.parametrize(
    ("files", "common_name", "expected"),
    [
        (["mybrand-client.p12"], "x", "mybrand-client"),
        (["mybrandpushCrt.pem", "mybrandpushKey.pem"], "x", "mybrandpushCrt"),
        (["cert.pem", "key.pem"], "proxy.example.com", "proxy-example-com"),
        (["key.pem", "brand.pem"], "x", "brand"),
        (["Mein Zertifikat (1).crt"], "x", "Mein-Zertifikat-1"),
        (["fullchain.pem"], "日本", "imported"),
    ],
)
def test_suggested_names(files: list[str], common_name: str, expected: str) -> None:
    assert suggest_name([Path("/somewhere") / name for name in files], common_name) == expected


@given(st.text(max_size=100))
def test_any_text_becomes_a_name_that_the_vault_takes(text: str) -> None:
    name = as_name(text)
    assert name == "" or re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?", name)


@given(st.integers(0, 2000))
def test_the_columns_fit_the_room(width: int) -> None:
    shown = fitting(width)
    assert {"name", "left"} <= shown
    assert sum(column.width for column in COLUMNS if column.key in shown) <= max(width, 256)


def test_all_columns_fit_beside_the_details_in_a_large_window() -> None:
    assert len(fitting(1000)) == len(COLUMNS)


def test_long_words_are_cut_so_that_lines_can_break() -> None:
    path = "/home/" + "a" * 200
    assert max(len(word) for word in shortened(f"The file {path} is empty.").split()) <= LONGEST_WORD + 1
    assert shortened("nothing long here") == "nothing long here"


def test_errors_in_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    assert wording.error_words(CertificateError("What.", "Do.")) == ("What.", "Do.")
    assert wording.error_words(ValueError("a detail")) == (
        "Something went wrong that should not.",
        "The log has the details.",
    )
    assert "a detail" in caplog.text


def test_advice_for_the_dev_identities_is_to_make_new_ones() -> None:
    assert "Create dev identities" in advice("expired", dev=True)
    assert "Replace" in advice("expired")
    assert advice("unheard_of") == ""
