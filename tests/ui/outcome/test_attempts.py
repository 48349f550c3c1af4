"""Attempts as rows, facts of TLS, and what differs between two results."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.history.model import Certificate, Connection, Timings, TlsFacts
from inspector.sender.model import ClientAuth, SendFailure, SendResult
from inspector.ui.composer.phase_bar import ticks
from inspector.ui.composer.sending import Ours
from inspector.ui.outcome.attempts import AttemptModel, AttemptTable, gaps
from inspector.ui.outcome.difference import compare_results
from inspector.ui.outcome.facts import alert_sentence, sections, summary
from inspector.ui.outcome.recent import MOST_RESULTS, Recent
from inspector.ui.theme import Scheme, Theme

OURS = Ours("dev-client", "CN=dev-client,O=Push Inspector", "2030-01-01T00:00:00Z")
CERTIFICATE = Certificate(
    "CN=localhost", "CN=dev-ca", "ab" * 32, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
)
TLS = TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", sni="localhost", alpn="http/1.1")
RESULT = SendResult(
    at=1_700_000_000_000_000,
    url="https://localhost:8443/push",
    request_headers=(),
    status=200,
    http_version="HTTP/1.1",
    answer_headers=(("Server", "nginx"), ("X-Api-Key", "s3cret")),
    answer_body=b'{"ok":true,"id":7}',
    timings=Timings(resolve=1.0, connect=2.0, tls=20.0, send=0.2, wait=30.0, read=0.1, total=54.0),
    connection=Connection("127.0.0.1:8443", "127.0.0.1:50000", CERTIFICATE, True, TLS),
    client_auth=ClientAuth(asked=True, presented=True, issuers=("CN=dev-ca",)),
)
REFUSED = replace(
    RESULT, status=None, failure=SendFailure("tls_refused", "They do not trust us.", "", alert="unknown_ca")
)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, Scheme.LIGHT)


def facts(result: SendResult, ours: Ours | None = OURS) -> dict[str, str]:
    return {
        f"{part.title}: {fact.name}": fact.value for part in sections(result, ours) for fact in part.facts
    }


# attempts


def test_each_attempt_is_a_row(qtbot: QtBot, qtmodeltester: ModelTester, theme: Theme) -> None:
    later = replace(RESULT, at=RESULT.at + 10_054_000)
    attempts = (replace(RESULT, status=503), later)
    model = AttemptModel(theme)
    qtmodeltester.check(model)
    model.show(attempts[:1])
    model.show(attempts)
    qtmodeltester.check(model)
    texts = [[model.index(row, column).data() for column in range(5)] for row in range(2)]
    assert [row[0] for row in texts] == ["1", "2"]
    assert [row[2:] for row in texts] == [["503", "54.0 ms", ""], ["200", "54.0 ms", "10.0 s"]]
    model.show((RESULT,))
    assert model.rowCount() == 1


def test_a_row_that_is_chosen_is_shown(qtbot: QtBot, theme: Theme) -> None:
    table = AttemptTable(theme)
    qtbot.addWidget(table)
    seen: list[int] = []
    table.chosen.connect(seen.append)
    table.show_attempts((RESULT,))
    assert table.isHidden(), "one attempt is no list"
    table.show_attempts((replace(RESULT, status=503), RESULT))
    assert not table.isHidden()
    assert seen == []
    table.selectRow(0)
    assert seen == [0]


@given(st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 10**5)), max_size=6))
def test_gaps_are_never_below_nothing(times: list[tuple[int, float]]) -> None:
    attempts = tuple(replace(RESULT, at=at, timings=Timings(total=total)) for at, total in times)
    found = gaps(attempts)
    assert len(found) == len(attempts)
    assert all(gap is None if place == 0 else gap is not None and gap >= 0 for place, gap in enumerate(found))


# the axis


@given(st.floats(0.001, 1e7), st.integers(1, 8))
def test_ticks_are_round_few_and_within(whole: float, most: int) -> None:
    found = ticks(whole, most)
    assert found[0] == 0
    assert len(found) <= most + 1
    assert found[-1] <= whole * (1 + 1e-6)
    assert all(after > before for before, after in pairwise(found))


def test_without_room_there_is_one_tick() -> None:
    assert ticks(50, 0) == (0.0,)
    assert ticks(0, 5) == (0.0,)
    assert ticks(100, 5) == (0, 20, 40, 60, 80, 100)


# facts


def test_both_sides_of_tls() -> None:
    known = facts(RESULT)
    assert known["TLS: Version"] == "TLSv1.3"
    assert known["TLS: SNI"] == "localhost"
    assert known["Their certificate: Trust"] == "verified"
    assert known["Our certificate: Sent"] == "as dev-client"
    assert known["Our certificate: CAs they take"] == "CN=dev-ca"
    assert summary(RESULT) == "TLSv1.3 · our certificate sent"
    assert alert_sentence(RESULT) == ""


@pytest.mark.parametrize(
    ("auth", "ours", "sent"),
    [
        (ClientAuth(asked=False, presented=False), OURS, "no: they did not ask"),
        (ClientAuth(asked=True, presented=False), None, "no: no identity was chosen"),
        (ClientAuth(asked=True, presented=False), OURS, "no: dev-client could not be shown to them"),
        (ClientAuth(asked=True, presented=True), None, "yes"),
    ],
)
def test_why_ours_was_not_sent(auth: ClientAuth, ours: Ours | None, sent: str) -> None:
    assert facts(replace(RESULT, client_auth=auth), ours)["Our certificate: Sent"] == sent


def test_many_cas_are_counted() -> None:
    auth = ClientAuth(asked=True, presented=True, issuers=tuple(f"CN={n}" for n in range(9)))
    (fact,) = (
        fact
        for part in sections(replace(RESULT, client_auth=auth), OURS)
        for fact in part.facts
        if fact.name == "CAs they take"
    )
    assert fact.value.startswith("9: CN=0;")
    assert fact.whole.count("\n") == 8


def test_an_alert_in_words_and_when_it_came() -> None:
    assert alert_sentence(REFUSED) == (
        "Alert unknown_ca: the CA that issued the certificate is not trusted. "
        "It came after the handshake: with TLS 1.3 they look at our certificate last."
    )
    connection = replace(RESULT.connection, tls=TlsFacts("TLSv1.2"))  # type: ignore[type-var]
    assert alert_sentence(replace(REFUSED, connection=connection)).endswith("It came during the handshake.")


def test_without_tls_there_is_nothing_to_tell() -> None:
    plain = replace(RESULT, connection=Connection("127.0.0.1:80", "127.0.0.1:1"), client_auth=None)
    assert sections(plain, OURS) == ()
    assert summary(plain) == ""


# differences


def test_what_differs_is_named() -> None:
    other = replace(
        RESULT,
        status=500,
        answer_body=b'{"ok":false,"id":7}',
        answer_headers=(("server", "nginx"), ("X-Api-Key", "other")),
        timings=replace(RESULT.timings, resolve=None, wait=12.0, total=36.0),
    )
    found = compare_results(RESULT, other)
    assert found.words == "Differs: result, 1 header, the body"
    times = {pair.name: (pair.before, pair.after, pair.change) for pair in found.times}
    assert times["wait"] == ("30.0 ms", "12.0 ms", "−18.0 ms")
    assert times["resolve"] == ("1.0 ms", "", "")
    assert times["TLS"][2] == "±0"
    assert [line.left for line in found.lines if line.place is not None] == ['  "ok": true,']
    assert "s3cret" not in str(found.headers)
    assert any(pair.name == "x-api-key" and not pair.same for pair in found.headers)
    assert "s3cret" in str(compare_results(RESULT, other, reveal=True).headers)


def test_the_same_is_the_same() -> None:
    found = compare_results(RESULT, replace(RESULT, timings=Timings(total=1.0)))
    assert found.words == "The same answer"
    assert found.same_body
    assert compare_results(replace(RESULT, answer_body=b""), replace(RESULT, answer_body=b"")).lines == ()


def test_a_failure_is_compared_too() -> None:
    found = {pair.name: (pair.before, pair.after) for pair in compare_results(RESULT, REFUSED).facts}
    assert found["Result"] == ("200", "They turned us down")
    assert found["Alert"] == ("", "unknown_ca")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_two_bodies_can_be_compared(one: bytes, other: bytes) -> None:
    found = compare_results(replace(RESULT, answer_body=one), replace(RESULT, answer_body=other))
    if one == other:
        assert found.same_body


def test_the_last_twenty_are_kept() -> None:
    recent = Recent()
    results = [replace(RESULT, number=number) for number in range(MOST_RESULTS + 5)]
    for result in results:
        recent.add(result)
        recent.add(result)
    assert len(recent.results) == MOST_RESULTS
    assert recent.others(results[-1])[0] is results[-2]
    assert recent.others(results[10])[0] is results[9]
    assert len(recent.others(results[10])) == MOST_RESULTS - 1
