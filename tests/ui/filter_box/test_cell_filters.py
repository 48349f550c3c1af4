"""The filters that a cell offers: each finds the row it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.contract.push import Problem, Service, Severity
from inspector.history.model import Direction, NewEvent, Row
from inspector.history.query import local_now, parse
from inspector.history.query_writing import turned_round
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.ui.cell_filters import filter_for, more_filters_for
from inspector.ui.push_columns import KEYS
from tests.history.examples import START, handshake, push

Store = tuple[HistoryWriter, HistoryReader]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("cells") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        yield writer, reader


def row_of(store: Store, event: NewEvent) -> Row:
    writer, reader = store
    return reader.rows([writer.add([event])[0].id])[0]


@pytest.mark.parametrize(
    ("event", "key", "expected"),
    [
        (push(), "service", ["service:apns"]),
        (push(), "status", ["status:200"]),
        (push(status=500), "status", ["status:500", "status:>=400"]),
        (push(status=None), "status", ["-has:answer"]),
        (push(status=None, reason="timeout"), "status", ["reason:timeout"]),
        (push(status=None, reason="timeout"), "text", ["reason:timeout"]),
        (push(brand_id='odd "b" *'), "brand", [r'brand:"odd \"b\" *"']),
        (push(brand_id=None), "brand", ["-has:brand"]),
        (push(badge=None), "badge", ["-has:badge"]),
        (push(), "conversation", ["conv:13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"]),
        (push(), "direction", ["direction:in"]),
        (push(message="short\nthe longest line\n"), "text", ['text:"the longest line"']),
        (push(message=None), "text", ["-has:text"]),
        (push(message=None, method="GET", path="/other"), "text", ["path:/other"]),
        (push(message=None, method="GET", path="/a?token=s3cr3t&b=1"), "text", ["path:/a?token="]),
        (push(), "problems", ["-has:problem"]),
        (
            push(problems=(Problem("not_json", Severity.ERROR, "", ""),)),
            "problems",
            ["has:problem", "problem:error"],
        ),
        (handshake(), "text", ["reason:unknown_issuer", "subject:CN=rogue"]),
        (handshake(), "brand", ["is:handshake"]),
        (handshake(), "status", ["is:handshake"]),
    ],
)
def test_what_a_cell_offers(store: Store, event: NewEvent, key: str, expected: list[str]) -> None:
    row = row_of(store, event)
    assert [filter_for(row, key), *more_filters_for(row, key)] == expected


def test_a_time_is_its_minute(store: Store) -> None:
    row = row_of(store, push(at=START + 59_999_999))
    reader = store[1]
    for event, found in ((START, True), (START + 60_000_000, False)):
        other = row_of(store, push(at=event))
        ids = reader.ids(parse(filter_for(row, "time"), now=local_now()))
        assert (other.id in ids) is found


_texts = st.none() | st.text('aB*"\\\\()… :-<>=/é\n\t', max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    event=st.builds(
        replace,
        st.sampled_from([push(), handshake(), push(direction=Direction.OUT)]),
        service=st.sampled_from(Service),
        status=st.sampled_from([None, 200, 500]),
        brand_id=_texts,
        conversation_id=_texts,
        message=_texts,
        sequence=st.none() | st.integers(-2, 2),
        badge=st.none() | st.integers(-2, 2),
        reason=st.none() | st.just("timeout"),
        method=st.sampled_from(["", "POST", "GET"]),
    )
)
def test_a_filter_finds_the_row_it_was_made_from_and_its_opposite_does_not(
    store: Store, event: NewEvent
) -> None:
    row, reader = row_of(store, event), store[1]
    for key in KEYS:
        for written in (filter_for(row, key), *more_filters_for(row, key)):
            if written.startswith("before:") or not written:
                continue
            assert row.id in reader.ids(parse(written, now=local_now()), after=row.id - 1), written
            opposite = parse(turned_round(written), now=local_now())
            assert row.id not in reader.ids(opposite, after=row.id - 1), written
