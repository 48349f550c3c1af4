"""Whatever is written comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector.contract.push import Problem, Severity
from inspector.history import packing
from inspector.history.model import Event, Headers, NewEvent, Timings, TlsFacts
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import any_event, anything, connection, handshake, push, whole


def written_and_read(events: list[NewEvent], writer: HistoryWriter, reader: HistoryReader) -> list[Event]:
    result = []
    for written in writer.add(events):
        event = reader.event(written.id)
        assert event is not None
        assert (event.id, event.attempt, event.gap) == (written.id, written.attempt, written.gap)
        assert event.count == 1
        assert event.last_at == event.written.at
        result.append(event)
    return result


@pytest.mark.parametrize(
    "event",
    [
        push(connection=connection()),
        handshake(),
        push(connection=connection(certificate=None, trusted=None, tls=None)),
        push(connection=connection(tls=TlsFacts())),
        push(
            problems=(
                Problem("missing_field", Severity.WARNING, "brandId", "brandId is missing"),
                Problem("wrong_type", Severity.ERROR, "aps.badge", "…"),
            ),
            timings=Timings(connect=1.5, total=41.25),
            answer_headers=(("content-type", "text/plain"),),
            answer_body=b"\x00\xffno",
            url="https://localhost:8443/push",
        ),
        push(timings=Timings(), message="", body=b"", headers=(), sequence=None),
        push(message="nul\0 and half a pair \ud83d", body=b"\xff\xfe\0", device_token="BTP800DF00M|03|04"),
        push(headers=(("a: b", "c: d"), ("", ""), ("x", "two\nlines\\n"), ("y:", "\0\udc80"))),
    ],
)
def test_events_come_back_as_they_were(event: NewEvent, writer: HistoryWriter, reader: HistoryReader) -> None:
    (read,) = written_and_read([event], writer, reader)
    assert whole(read.written) == whole(event)


@settings(max_examples=60)
@given(events=st.lists(any_event, min_size=1, max_size=3))
def test_any_events_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, events: list[NewEvent]
) -> None:
    path = tmp_path_factory.mktemp("round") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        read = written_and_read(events, writer, reader)
        assert [whole(event.written) for event in read] == [whole(event) for event in events]
        for row, event in zip(reader.rows(reader.ids()), read, strict=True):
            of_event = event.written
            shown = of_event.connection
            assert (row.id, row.attempt, row.gap) == (event.id, event.attempt, event.gap)
            assert (row.kind, row.direction, row.service) == (
                of_event.kind,
                of_event.direction,
                of_event.service,
            )
            assert (row.message, row.path, row.url) == (of_event.message, of_event.path, of_event.url)
            assert (row.size, row.problem_count) == (len(of_event.body), len(of_event.problems))
            assert row.peer == (shown.peer if shown else None)
            assert row.trusted == (shown.trusted if shown else None)
            assert row.subject == (shown.certificate.subject if shown and shown.certificate else None)


def test_events_of_one_connection_share_its_record(writer: HistoryWriter, reader: HistoryReader) -> None:
    shared = connection()
    one, two = written_and_read([push(connection=shared), push(connection=shared)], writer, reader)
    assert one.written.connection is two.written.connection is not None


@pytest.mark.parametrize(
    ("severities", "worst"),
    [
        ((), None),
        ((Severity.INFO,), "info"),
        ((Severity.INFO, Severity.WARNING), "warning"),
        ((Severity.INFO, Severity.ERROR, Severity.WARNING), "error"),
    ],
)
def test_a_row_tells_the_worst_problem(
    severities: tuple[Severity, ...], worst: str | None, writer: HistoryWriter, reader: HistoryReader
) -> None:
    writer.add([push(problems=tuple(Problem("code", severity, "", "") for severity in severities))])
    (row,) = reader.rows([1])
    assert (row.problem_count, row.worst_problem) == (len(severities), worst)


@given(st.lists(st.tuples(anything, anything), max_size=4).map(tuple))
@example((("a", "b"), ("c:", " d")))
@example((("", ""),))
@example(((": ", ": "), ("\\c", "\\n\n")))
def test_any_headers_come_back(headers: Headers) -> None:
    assert packing.unpack_headers(packing.pack_headers(headers)) == headers


def test_headers_are_kept_as_people_read_them() -> None:
    assert (
        packing.pack_headers((("Host", "localhost"), ("X-Path", "C:\\dir")))
        == "Host: localhost\nX-Path: C:\\\\dir"
    )


@given(st.lists(st.binary(max_size=300)).map(tuple))
def test_any_parts_come_back(parts: tuple[bytes, ...]) -> None:
    packed = packing.pack_parts(parts)
    assert packing.unpack_parts(packed) == parts


@given(anything)
def test_any_text_is_storable(text: str) -> None:
    stored = packing.storable(text)
    assert packing.text(stored) == text
    assert isinstance(stored, bytes) == any("\ud800" <= letter <= "\udfff" for letter in text)


@pytest.mark.parametrize("packed", [b"\0", b"\0\0\0\x05abc", b"\0\0\0\1"])
def test_cut_parts_are_damage(packed: bytes) -> None:
    with pytest.raises(ValueError, match="shorter"):
        packing.unpack_parts(packed)
