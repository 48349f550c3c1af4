"""What a search finds: by example, and compared with plain Python over generated events and queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.contract.push import Problem, Service, Severity
from inspector.errors import QueryError
from inspector.history.model import Direction, Event, Kind, Mark, NewEvent, TlsFacts
from inspector.history.query import parse
from inspector.history.query_fields import FIELDS
from inspector.history.query_sql import to_sql
from inspector.history.query_tree import (
    Node,
    Query,
)
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import CLIENT, SECOND, START, connection, handshake, push
from tests.history.oracle import matches
from tests.history.queries import any_events, any_marks, any_trees

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

MINE = connection()
EVENTS = {
    "ios": push(connection=MINE, retry_key=b"a"),
    "ios again": push(
        connection=MINE, retry_key=b"a", at=START + 10 * SECOND, status=500, rule="Fail the Second, Größe"
    ),
    "fcm": push(
        connection=MINE,
        service=Service.FCM,
        brand_id="qa 905",
        sequence=3,
        message="Grüße aus Köln",
        body='{"data":{"message":"Grüße aus Köln"},"notificationType":"gcm"}'.encode(),
        problems=(
            Problem("missing_field", Severity.WARNING, "brandId", "brandId is missing"),
            Problem("unknown_key", Severity.INFO, "x", "x is not documented"),
        ),
    ),
    "escaped": push(
        message="Café https://example.com", body=b'{"t":"Caf\\u00e9 https:\\/\\/example.com"}', badge=None
    ),
    "not json": push(
        service=Service.UNKNOWN,
        message=None,
        brand_id=None,
        conversation_id=None,
        sequence=None,
        device_token=None,
        body=b"<xml>100% plain_text\0hidden</xml>",
        status=403,
        problems=(Problem("not_json", Severity.ERROR, "", "not JSON"),),
        path="/Other?x=1",
    ),
    "rogue": handshake(),
    "untrusted": push(
        connection=connection(peer="[::1]:40002", trusted=False, tls=TlsFacts(sni="push.example"))
    ),
    "sent": push(
        direction=Direction.OUT,
        service=Service.HUAWEI,
        url="https://localhost:8443/push",
        status=None,
        reason="connect_failed",
        detail="Connection refused",
        connection=None,
    ),
    "sent and answered": push(
        direction=Direction.OUT,
        url="https://proxy.example/push",
        answer_headers=(("server", "nginx/1.22"),),
        answer_body=b'{"reason":"BadDeviceToken"}',
        at=START + 3600 * SECOND,
    ),
    "müller": handshake(
        connection=connection(
            peer="192.168.0.7:9000",
            certificate=replace(CLIENT, subject="CN=Jörg Müller", fingerprint_sha256="cd" * 32),
        )
    ),
}
NAMES = list(EVENTS)
PUSHES = [name for name, event in EVENTS.items() if event.kind is Kind.PUSH]
ALL = object()


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HistoryReader]:
    """The events above."""
    path = tmp_path_factory.mktemp("search") / "history.sqlite3"
    with HistoryWriter.open(path) as writer:
        writer.add(list(EVENTS.values()))
        writer.repeat(NAMES.index("rogue") + 1, START + SECOND)
        with HistoryReader.open(path) as reader:
            yield reader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NAMES),
        # words, wherever they stand, whatever their case
        ("grüsse", ["fcm"]),
        ("KÖLN", ["fcm"]),
        ("koln", []),
        ("gcm", ["fcm"]),
        ("café", ["escaped"]),
        ("u00e9", ["escaped"]),
        ("example.com", ["escaped"]),
        ("https://example", ["escaped"]),
        ('"café https"', ["escaped"]),
        ("rogue", ["rogue"]),
        ("jörg", ["müller"]),
        ("MÜLLER", ["müller"]),
        ("192.168", ["müller"]),
        ("192.168.0.7:9000", ["müller"]),
        ("push.example", ["untrusted"]),
        ("BadDeviceToken", ["sent and answered"]),
        ("NGINX", ["sent and answered"]),
        ("refused", ["sent"]),
        ("proxy.example", ["sent and answered"]),
        ("unable verify", ["rogue", "müller"]),
        ('"verify unable"', []),
        ("unknown_issuer", ["rogue", "müller"]),
        ('"content-type: application"', PUSHES),
        ("hidden", ["not json"]),
        ("100%", ["not json"]),
        ("%", ["not json"]),
        ("plain_text", ["not json"]),
        ("plain%text", []),
        ("plain?text", []),
        ("40001", []),
        ("9000", []),
        ("nowhere", []),
        # the product's own questions
        ("service:apns status:>=500", ["ios again"]),
        ("service:gcm", ["fcm"]),
        ("service:ios direction:out", ["sent and answered"]),
        ("service:unknown", ["not json", "rogue", "müller"]),
        ('brand:"QA 905"', ["fcm"]),
        ("brand:905*", [name for name in PUSHES if name not in ("fcm", "not json")]),
        ("brand:905", []),
        ("brand:qa*5", ["fcm"]),
        ("conv:13A1…f3 is:in -text:test", ["fcm", "escaped"]),
        ("dialog:13a1…", PUSHES),
        ("originator:*.2333061110 seq:3", ["fcm"]),
        ("token:01408800000259 has:retry", ["ios again"]),
        ("attempt:2", ["ios again"]),
        ("-has:token", ["not json", "rogue", "müller"]),
        ("direction:in problem:*", ["fcm", "not json"]),
        ("problem:missing*", ["fcm"]),
        ("problem:MISSING-FIELD", ["fcm"]),
        ("problem:missing", []),
        ("problem:error", ["not json"]),
        ("problem:info", ["fcm"]),
        ("has:problem -problem:not_json", ["fcm"]),
        ("seq:3..7", ["fcm"]),
        ("-seq:8", ["fcm", "not json", "rogue", "müller"]),
        ("seq:!=8", ["fcm", "not json", "rogue", "müller"]),
        ("badge:1 -has:seq", ["not json"]),
        ("is:push -has:badge", ["escaped"]),
        ("-is:push", ["rogue", "müller"]),
        ("is:refused", ["not json", "rogue", "müller"]),
        ("is:failed", ["ios again", "not json", "rogue", "sent", "müller"]),
        ("is:accepted service:fcm", ["fcm"]),
        ("is:trusted", ["ios", "ios again", "fcm", "müller"]),
        ("is:untrusted", ["rogue", "untrusted"]),
        ("is:push -is:trusted -is:untrusted is:in", ["escaped", "not json"]),
        ("is:sent", ["sent", "sent and answered"]),
        ("is:sent -has:answer", ["sent"]),
        ("count:>1", ["rogue"]),
        ("reason:unknown*", ["rogue", "müller"]),
        ('reason:"connect failed"', ["sent"]),
        ("detail:refused", ["sent"]),
        ("path:other", ["not json"]),
        ("path:=/push service:fcm", ["fcm"]),
        ("path:/o*", ["not json"]),
        ("method:post service:fcm", ["fcm"]),
        ("url:localhost", ["sent"]),
        ("header:json service:fcm", ["fcm"]),
        ("header:localhost service:fcm", ["fcm"]),
        ("body:köln", ["fcm"]),
        ("body:café", ["escaped"]),
        ("body:\\u00e9", ["escaped"]),
        ("body:notificationType", ["fcm"]),
        ("text:köln", ["fcm"]),
        ("text:grüße*", ["fcm"]),
        ("text:=Köln", []),
        ('text:="grüsse AUS köln"', ["fcm"]),
        ("size:1..38", ["not json"]),
        ("has:url", ["sent", "sent and answered"]),
        ("is:push -has:certificate is:in", ["escaped", "not json"]),
        ("subject:cn=jörg", ["müller"]),
        ("subject:CN=rogue", ["rogue"]),
        ("issuer:dev-ca is:handshake", ["rogue", "müller"]),
        ("fingerprint:CD:CD*", ["müller"]),
        ("peer:127.0.0.1:50123", ["ios", "ios again", "fcm"]),
        ("peer:[::1]*", ["untrusted"]),
        ("peer:40001", ["rogue"]),
        ("sni:push", ["untrusted"]),
        ("tls:1.3 service:fcm", ["fcm"]),
        ('rule:"fail the second, grösse"', ["ios again"]),
        ("rule:fail*", ["ios again"]),
        ("rule:fail", []),
        ("rule:* or id:1", ["ios", "ios again"]),
        ("has:rule", ["ios again"]),
        ("id:2", ["ios again"]),
        ("id:2..3", ["ios again", "fcm"]),
        ("after:2026-01-01T10:30", ["sent and answered"]),
        ("at:10:00:10", ["ios again"]),
        ("before:2026-01-01T10:00", []),
        ("before:*", NAMES),
        ("after:-1h", ["sent and answered"]),
        ("after:tomorrow or id:1", None),
        # how terms combine
        ("(service:fcm or service:huawei) and not is:sent", ["fcm"]),
        ("service:fcm or service:huawei -is:sent", ["fcm"]),
        ("-(is:push or rogue)", ["müller"]),
        ("not is:push or service:fcm", ["fcm", "rogue", "müller"]),
    ],
)
def test_what_is_found(searched: HistoryReader, text: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(QueryError):
            parse(text, now=NOW)
        return
    found = searched.ids(parse(text, now=NOW))
    assert [NAMES[identifier - 1] for identifier in found] == expected


@pytest.mark.parametrize(
    "word", ["'; DROP TABLE events; --", '"', "\\", "%_\\%", ":q0", "?1", "[a-z]", "\ud800", "\0"]
)
def test_a_query_is_never_sql(searched: HistoryReader, word: str) -> None:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    for text in (
        f'"{escaped}"',
        f'text:"{escaped}"',
        f'brand:"{escaped}"',
        f'subject:"{escaped}"',
        f'body:"{escaped}"',
    ):
        query = parse(text, now=NOW)
        condition, parameters = to_sql(query)
        assert "DROP" not in condition
        assert parameters
        searched.ids(query)
    assert len(searched.ids()) == len(EVENTS)


def test_values_reach_sql_as_parameters_only() -> None:
    condition, parameters = to_sql(parse("needle brand:needle seq:77 service:fcm problem:needle", now=NOW))
    assert "needle" not in condition
    assert "77" not in condition
    assert {"needle", "%needle%", 77, "fcm"} <= set(parameters.values())


def test_no_query_is_every_row(searched: HistoryReader) -> None:
    assert to_sql(None) == ("1", {})


# compared with plain Python


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HistoryWriter, HistoryReader]]:
    """A history that is used over and over, since making one costs more than searching it."""
    path: Path = tmp_path_factory.mktemp("scratch") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        yield writer, reader


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    marked=st.lists(st.tuples(any_events, any_marks), min_size=1, max_size=4),
    roots=st.lists(any_trees, min_size=1, max_size=8),
)
def test_results_equal_those_of_plain_python(
    scratch: tuple[HistoryWriter, HistoryReader],
    marked: list[tuple[NewEvent, Mark | None]],
    roots: list[Node],
) -> None:
    writer, reader = scratch
    events = [event for event, _ in marked]
    first = writer.add(events)[0].id
    for place, (_, mark) in enumerate(marked):
        writer.annotate(first + place, mark)
    stored: list[Event] = []
    for identifier in range(first, first + len(events)):
        event = reader.event(identifier)
        assert event is not None
        stored.append(event)
    for root in roots:
        found = list(reader.ids(Query("", root), after=first - 1))
        assert found == [event.id for event in stored if matches(root, event)], root


_query_texts: st.SearchStrategy[Any] = st.lists(
    st.sampled_from(
        [
            f"{field.name}:{value}"
            for field in FIELDS
            for value in ("5", "*", "a*é", "in", "today", "retry", '"a b"', "5..")
        ]
        + ["or", "and", "not", "(", ")", "-", "word", "é", '"', "…"]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=400)
@given(text=_query_texts | st.text(max_size=20))
def test_whatever_is_understood_can_be_run(scratch: tuple[HistoryWriter, HistoryReader], text: str) -> None:
    _, reader = scratch
    try:
        query = parse(text, now=NOW)
    except QueryError:
        return
    reader.ids(query, limit=1)


@pytest.mark.parametrize(
    "text", ["straße", "STRASSE", "text:*Straße*", "body:ẞE", "text:straße", "ﬀnen", "brand:\u212a9"]
)
def test_letters_that_fold_to_ascii_are_found_in_ascii(
    writer: HistoryWriter, reader: HistoryReader, text: str
) -> None:
    """Whatever else stands in a row: only what is not ASCII is kept folded."""
    plain = push(message="Strasse", body=b"Strasse oeffnen", brand_id="k9")
    writer.add([plain, replace(plain, detail="groß"), push()])
    assert list(reader.ids(parse(text, now=NOW))) == [1, 2]


def test_the_largest_query_can_be_run(searched: HistoryReader) -> None:
    longest = " ".join(f"-(zq{number} or text:é{number}*)" for number in range(50))
    assert list(searched.ids(parse(longest, now=NOW))) == list(range(1, len(EVENTS) + 1))
    deepest = "(" * 50 + " or ".join(f"{number}" for number in range(100)) + ")" * 50
    searched.ids(parse(deepest, now=NOW))
