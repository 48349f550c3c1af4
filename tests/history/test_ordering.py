"""Events in the order of a field: catalogued or not, all or some."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.push import Service
from inspector.history.joined import numbers
from inspector.history.model import NewEvent, Row
from inspector.history.ordering import ORDERED_BY, Order
from inspector.history.query import parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import START, handshake, push

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
_pushes = st.builds(
    push,
    at=st.integers(START, START + 3),
    service=st.sampled_from(Service),
    status=st.sampled_from([None, 200, 500]),
    brand_id=st.sampled_from([None, "9", "le9", "LE9", "10"]),
    conversation_id=st.sampled_from([None, "a", "B"]),
    sequence=st.none() | st.integers(0, 3),
    badge=st.none() | st.integers(0, 3),
)


def value(row: Row, key: str) -> tuple[bool, object]:
    """None is the lowest, texts are folded."""
    found = {
        "time": row.at,
        "brand": row.brand_id and row.brand_id.lower(),
        "conversation": row.conversation_id and row.conversation_id.lower(),
        "problems": row.problem_count,
    }.get(key, getattr(row, key, None))
    return found is not None, found if found is not None else 0


@settings(max_examples=40, deadline=None)
@given(
    events=st.lists(_pushes | st.just(handshake()), min_size=1, max_size=20),
    key=st.sampled_from(ORDERED_BY),
    descending=st.booleans(),
    catalogued=st.booleans(),
    text=st.sampled_from(["", "seq:2", "dev-ca -seq:1"]),
)
def test_rows_come_in_order(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    events: list[NewEvent],
    key: str,
    descending: bool,
    catalogued: bool,
    text: str,
) -> None:
    path = tmp_path_factory.mktemp("order") / "history.sqlite3"
    query = parse(text, now=NOW) if text else None
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        writer.add(events)
        if catalogued:
            writer.catalogue(100)
        rows = reader.rows(reader.ids(query))
        rows.sort(key=lambda row: value(row, key), reverse=descending)  # stable
        assert list(reader.ordered_ids(Order(key, descending), query)) == [row.id for row in rows]


@pytest.mark.parametrize("count", [0, 1, 2, 50_000])
def test_many_numbers_in_one_text(count: int) -> None:
    wanted = [number * 7 - 3 for number in range(count)]
    assert list(numbers(",".join(map(str, wanted)) or None)) == wanted
