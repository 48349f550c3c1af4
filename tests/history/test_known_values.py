"""What the filter box is told of the history: the values of its fields, and never a secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inspector.contract.push import Problem, Severity
from inspector.history.known_values import KNOWN_FIELDS, KnownValue, read_known_values
from inspector.history.model import Mark
from inspector.history.query import parse
from inspector.history.query_fields import FIELDS
from inspector.history.query_writing import term
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, handshake, push

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINE = connection()


@pytest.fixture
def filled(writer: HistoryWriter, reader: HistoryReader) -> HistoryReader:
    problem = Problem("missing_field", Severity.WARNING, "brandId", "brandId is missing")
    writer.add(
        [
            push(brand_id="90588711", connection=MINE),
            push(brand_id="90588711", connection=MINE, status=500, rule="Fail some"),
            push(brand_id="qa 905", conversation_id="second", problems=(problem, problem)),
            push(brand_id="Ärger\n", device_token="secret-token", path="/3/device/secret-token"),
            push(brand_id=None, conversation_id=None, path="/push?key=secret-token", method="PUT"),
            handshake(),
        ]
    )
    writer.annotate(1, Mark(color="red"))
    return reader


def test_values_come_with_their_counts_the_likeliest_first(filled: HistoryReader) -> None:
    assert filled.known_values("brand") == [KnownValue("90588711", 2), KnownValue("qa 905", 1)]
    assert filled.known_values("brand", "QA") == [KnownValue("qa 905", 1)]
    assert [known.value for known in filled.known_values("brand", "905")] == ["90588711", "qa 905"]
    assert filled.known_values("status", "5") == [KnownValue("500", 1)]
    assert filled.known_values("status")[0] == KnownValue("200", 4)
    assert filled.known_values("conv")[1].value == "second"  # the last one seen comes first
    assert filled.known_values("rule") == [KnownValue("Fail some", 1)]
    assert filled.known_values("mark") == [KnownValue("red", 1)]
    assert filled.known_values("reason") == [KnownValue("unknown_issuer", 1)]
    assert filled.known_values("problem") == [KnownValue("missing_field", 2)]
    assert [known.value for known in filled.known_values("subject", "cn=")] == [
        "CN=mybrandpush,O=Example",
        "CN=rogue",
    ]
    assert len(filled.known_values("status", limit=1)) == 1
    assert filled.known_values("brand", "\ud800") == []
    assert filled.known_values("brand", "%") == []


def test_only_the_newest_events_are_looked_at(writer: HistoryWriter, reader: HistoryReader) -> None:
    assert reader.known_values("brand") == []
    writer.add([push(brand_id="old"), push(brand_id="new")])
    found = read_known_values(reader._database, "brand", "", newest=1)
    assert [known.value for known in found] == ["new"]


def test_no_secret_is_ever_offered(filled: HistoryReader) -> None:
    assert not KNOWN_FIELDS & {"token", "header", "body", "text", "note", "url", "detail"}
    for field in FIELDS:
        assert "secret-token" not in repr(filled.known_values(field.name))
    assert [known.value for known in filled.known_values("path")] == ["/push"]


@pytest.mark.parametrize("field", sorted(KNOWN_FIELDS))
def test_what_is_offered_finds_the_events_that_have_it(filled: HistoryReader, field: str) -> None:
    known = filled.known_values(field)
    assert known or field == "sni"
    for value in known:
        found = filled.ids(parse(term(field, value.value), now=NOW))
        assert len(found) >= (1 if field == "problem" else value.count)
