"""What is shown of an event's connection and of its answer, as facts under headings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from inspector.certificates.verdicts import alert_name
from inspector.contract.push import Service
from inspector.history.model import (
    Advice,
    Certificate,
    ClientOffer,
    Connection,
    Direction,
    Event,
    Forwarded,
    Kind,
    NewEvent,
    Row,
    Timings,
    TlsFacts,
)
from inspector.ui.detail.alert_words import alert_words
from inspector.ui.detail.answer_facts import answer_sections
from inspector.ui.detail.prepared import prepare
from inspector.ui.detail.sections import Section
from inspector.ui.detail.tls_facts import tls_sections
from inspector.ui.push_columns import (
    attempt_words,
    gap_words,
    local_date_time,
    message_text,
    row_text,
    tooltip,
)

AT = 1_700_000_000_000_000


def event(written: NewEvent, *, count: int = 1, last_at: int = AT, settled_at: int | None = None) -> Event:
    return Event(7, 1, None, count, last_at, written, settled_at)


def refused(tls: TlsFacts | None = None, **changes: object) -> Event:
    connection = Connection("192.0.2.1:5", "127.0.0.1:8443", tls=tls)
    written = NewEvent(
        Kind.HANDSHAKE, Direction.IN, AT, connection, reason="unknown_issuer", detail="error 20"
    )
    return event(written, **changes)  # type: ignore[arg-type]


def push(**changes: object) -> NewEvent:
    values: dict[str, object] = {"kind": Kind.PUSH, "direction": Direction.IN, "at": AT, "body": b"{}"}
    return NewEvent(**{**values, **changes})  # type: ignore[arg-type]


def shown(sections: tuple[Section, ...]) -> dict[str, str]:
    return {fact.name: fact.value for section in sections for fact in section.facts}


def test_what_the_client_offered_is_folded_and_copied_whole() -> None:
    ciphers = tuple(f"TLS_{number}" for number in range(20))
    offer = ClientOffer(("TLSv1.3", "TLSv1.2"), ciphers, ("x25519",), ("ed25519",))
    sections = tls_sections(refused(TlsFacts(offer=offer)))
    facts = shown(sections)
    assert facts["TLS versions"] == "TLSv1.3, TLSv1.2"
    assert facts["Ciphers"] == "20 ciphers: TLS_0, TLS_1, TLS_2, …"
    assert facts["Protocols (ALPN)"] == "none offered"
    (offered,) = [section for section in sections if section.title == "What the client offered"]
    (whole,) = [fact.whole for fact in offered.facts if fact.name == "Ciphers"]
    assert tuple(whole.splitlines()) == ciphers
    assert "TLS_19" in offered.text


def test_the_cas_that_were_asked_for_are_named() -> None:
    def asked(names: tuple[str, ...] | None) -> dict[str, str]:
        return shown(tls_sections(refused(TlsFacts(asked_for=names))))

    assert "Client certificate" not in asked(None)
    assert asked(())["Of these CAs"] == "none: any certificate could be sent"
    assert asked(("CN=ca,O=Acme",))["Of this CA"] == "CN=ca, O=Acme"
    assert asked(tuple(f"CN={number}" for number in range(9)))["Of these CAs"].startswith("9 CAs: CN=0; CN=1")


def test_alerts_are_told_with_their_meaning() -> None:
    sent = shown(tls_sections(refused(TlsFacts(alert_sent="unknown_ca"))))
    assert sent["Alert we sent"] == "unknown_ca: the CA that issued the certificate is not trusted"
    received = shown(tls_sections(refused(TlsFacts(alert_received="alert 77"))))
    assert received["Alert from their side"] == "alert 77"


@pytest.mark.parametrize(
    "number", [0, 10, 20, 22, 40, *range(42, 52), 70, 71, 80, 86, 90, 109, 110, 112, 116, 120]
)
def test_every_usual_alert_has_a_meaning(number: int) -> None:
    assert ": " in alert_words(alert_name(number))


def test_repeats_are_counted_with_their_first_and_last_time() -> None:
    once = shown(tls_sections(refused()))
    assert once["When"] == f"once, {local_date_time(AT)}"
    often = shown(tls_sections(refused(count=1204, last_at=AT + 60_000_000)))
    assert often["Repeated"] == "1,204 times, same address and reason"
    assert often["First time"] == local_date_time(AT)
    assert often["Last time"] == local_date_time(AT + 60_000_000)


def test_a_push_has_the_same_facts_with_who_told_its_address_and_whether_it_is_trusted() -> None:
    tls = TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", offer=ClientOffer(("TLSv1.3",)), asked_for=("CN=ca",))
    certificate = Certificate("CN=c", "CN=ca", "ab" * 32, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
    connection = Connection("192.0.2.1:5", "10.0.0.1:8443", certificate, False, tls, via="10.0.0.9:443")
    written = push(connection=connection, status=200, detail="unknown_issuer: error 20")
    facts = shown(tls_sections(event(written)))
    assert facts["Strict checks"] == "Unknown issuer"
    assert facts["In detail"] == "error 20"
    assert facts["Through"].startswith("10.0.0.9:443")
    assert facts["Their certificate"] == "not trusted, taken all the same"
    assert facts["Server name (SNI)"] == "none sent: the client connects by address"
    assert facts["TLS versions"] == "TLSv1.3"
    assert facts["SHA-256"] == "ab" * 32
    # What strict checks say stands with the TLS facts, not with the answer.
    assert "In detail" not in shown(answer_sections(event(written)))


def test_a_client_behind_a_proxy_is_turned_away_by_the_answer() -> None:
    connection = Connection("192.0.2.1:5", "127.0.0.1:8080", trusted=False, via="127.0.0.1:9")
    advice = Advice("It is not trusted.", "Nobody knows its CA.", "Trust it.")
    answered = push(
        connection=connection,
        status=403,
        detail="unknown_issuer: error 20",
        advice=advice,
        answer_body=b"It is not trusted.\n",
    )
    facts = shown(tls_sections(event(answered)))
    assert facts["Reason"] == "Unknown issuer"
    assert facts["Their certificate"] == "none shown"
    assert "Server name (SNI)" not in facts
    lenient = replace(answered, status=200, answer_body=b"")
    assert shown(tls_sections(event(lenient)))["Their certificate"] == "none shown, taken all the same"


def test_the_answer_tells_its_rule_and_when_it_came() -> None:
    facts = shown(answer_sections(event(push(status=200, rule="slow ones"), settled_at=AT + 2_034_000)))
    assert facts["Status"] == "200 · accepted"
    assert facts["Chosen by"] == "rule “slow ones”"
    assert facts["Answered"].startswith("2.0 s later, at ")


def test_an_answer_that_is_held_back_is_no_missing_one() -> None:
    assert shown(answer_sections(event(push())))["Status"] == "not answered yet"
    dropped = event(push(detail="closed without an answer"))
    assert shown(answer_sections(dropped))["Status"] == "no answer"
    assert shown(answer_sections(event(push(), settled_at=AT + 1)))["Status"] == "no answer"


def test_a_forwarded_push_tells_what_the_upstream_said() -> None:
    forwarded = Forwarded(
        "https://up.example/push",
        403,
        (("Set-Cookie", "secret"), ("Server", "x")),
        b"denied",
        Timings(connect=1.0, wait=20.5, total=22.0),
    )
    sections = answer_sections(event(push(status=403, forwarded=forwarded)))
    facts = shown(sections)
    assert facts["Passed on to"] == "https://up.example/push"
    assert facts["Its answer"].startswith("403 · ")
    assert facts["In all"] == "22.0 ms"
    assert [section.timings for section in sections if section.timings] == [forwarded.timings]
    assert "secret" not in facts["Set-Cookie"]
    assert facts["6 bytes"] == "denied"


def test_a_forwarding_that_failed_tells_why() -> None:
    advice = Advice("It was not reached.", "Nothing listens.", "Check it. --timeout SECONDS waits longer.")
    forwarded = Forwarded("https://up/", reason="connect_failed", detail="refused", advice=advice)
    facts = shown(answer_sections(event(push(status=502, forwarded=forwarded))))
    assert facts["Its answer"] == "none: Could not connect"
    assert facts["Likely cause"] == "Nothing listens."
    assert facts["What to do"] == "Check it."


@pytest.mark.parametrize(
    ("microseconds", "words"),
    [
        (0, "0 ms"),
        (250_000, "250 ms"),
        (999_999, "999 ms"),
        (10_000_000, "10.0 s"),
        (119_940_000, "119.9 s"),
        (200_000_000, "3 min 20 s"),
        (7_500_000_000, "2 h 5 min"),
    ],
)
def test_gaps_are_told_as_people_do(microseconds: int, words: str) -> None:
    assert gap_words(microseconds) == words


def row(message: str | None, attempt: int, gap: int | None, trusted: bool | None = None) -> Row:
    return Row(
        1, Kind.PUSH, Direction.IN, AT, Service.APNS, 200, "POST", "/", "", 2, None, None, None, None, None,
        message, attempt, gap, 0, None, None, None, None, trusted, 1, AT,
    )  # fmt: skip


def test_a_row_says_which_attempt_it_is_before_its_text() -> None:
    assert attempt_words(3, 10_000_000) == "attempt 3, 10.0 s after"
    third = row("My Test", 3, 10_000_000)
    assert row_text(third) == "attempt 3, 10.0 s after · My Test"
    assert message_text(third) == "My Test"
    assert tooltip(third, "text") == "My Test\nattempt 3, 10.0 s after the one before"
    assert row_text(row(None, 3, 10_000_000)) == "attempt 3, 10.0 s after"
    assert row_text(row("My Test", 1, None)) == "My Test"


def test_a_row_of_a_client_that_is_not_trusted_says_so() -> None:
    untrusted = row("My Test", 2, 10_000_000, trusted=False)
    assert row_text(untrusted) == "untrusted client · attempt 2, 10.0 s after · My Test"
    assert "Strict checks turn this client away" in tooltip(untrusted, "text")
    assert row_text(row("My Test", 1, None, trusted=True)) == "My Test"


def test_the_head_tells_the_attempt_early() -> None:
    third = Event(7, 3, 10_000_000, 1, AT, push(status=200))
    assert prepare(third).overview.startswith("#7 · attempt 3, 10.0 s after · received ")
    assert datetime.fromtimestamp(AT / 1e6).astimezone().strftime("%Y-%m-%d") in prepare(third).overview
