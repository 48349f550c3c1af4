"""Reading conversations: the list in pages, its sums, one conversation's pushes, and no token among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.contract.push import Service
from inspector.history.catalogue import BLOCK
from inspector.history.conversation_model import NO_CONVERSATION, ConversationKey, ConversationSummary
from inspector.history.conversation_walk import key_of
from inspector.history.model import Direction, NewEvent
from inspector.history.query import Query, parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import SECOND, START, anything, handshake, push

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

Store = Callable[[list[NewEvent]], list[int]]


@pytest.fixture(params=["not catalogued", "catalogued"])
def store(request: pytest.FixtureRequest, writer: HistoryWriter) -> Store:
    """Stores events and tells their ids. The catalogue is of whole blocks of events only: refused handshakes, which
    belong to no conversation, fill them."""

    def add(events: list[NewEvent]) -> list[int]:
        ids = [written.id for written in writer.add(events)]
        if request.param == "catalogued":
            writer.add([handshake()] * BLOCK)
            assert writer.catalogue(10_000) == 0
        return ids

    return add


def query(text: str) -> Query:
    return parse(text, now=NOW)


def ids_of(summaries: tuple[ConversationSummary, ...]) -> list[str | None]:
    return [summary.conversation_id for summary in summaries]


def test_the_sums_of_a_conversation(store: Store, reader: HistoryReader) -> None:
    store(
        [
            push(status=500, retry_key=b"k"),
            push(at=START + 10 * SECOND, retry_key=b"k"),
            push(at=START + 11 * SECOND, service=Service.FCM, status=403, sequence=9, badge=3),
            push(at=START + 12 * SECOND, direction=Direction.OUT, sequence=7, message="x" * 1000),
            push(brand_id="other"),
            handshake(),
        ]
    )
    page = reader.conversations(limit=10)
    assert page.reached == 0
    other, summary = page.summaries
    assert other.brand_id == "other"
    assert summary.brand_id == "90588711"
    assert (summary.pushes, summary.received, summary.sent) == (4, 3, 1)
    assert (summary.first_at, summary.last_at, summary.last_id) == (START, START + 12 * SECOND, 4)
    assert summary.services == (Service.APNS, Service.FCM)
    assert (summary.sequence, summary.badge) == (9, 1)
    assert (summary.refused, summary.worst_status, summary.retries) == (2, 500, 1)
    assert summary.message == "x" * 400 + "…"


def test_pages_hold_each_conversation_once_newest_activity_first(store: Store, reader: HistoryReader) -> None:
    store([push(conversation_id=f"c{number % 7}") for number in range(100)])
    everything = ids_of(reader.conversations(limit=100).summaries)
    assert everything == [f"c{number % 7}" for number in range(99, 92, -1)]
    listed: dict[ConversationKey, ConversationSummary] = {}
    below: int | None = None
    pages = 0
    while below != 0:
        page = reader.conversations(limit=3, below=below, skip=set(listed))
        assert not set(listed) & {summary.key for summary in page.summaries}
        listed.update({summary.key: summary for summary in page.summaries})
        below = page.reached
        pages += 1
    assert ids_of(tuple(listed.values())) == everything
    assert pages == 3


def test_a_filter_chooses_conversations_and_their_sums_are_whole(store: Store, reader: HistoryReader) -> None:
    store([push(conversation_id=f"c{number % 2}", sequence=number) for number in range(10)])
    assert ids_of(reader.conversations(query("seq:4"), limit=10).summaries) == ["c0"]
    assert [one.pushes for one in reader.conversations(query("seq:4 or seq:5"), limit=10).summaries] == [5, 5]
    assert ids_of(reader.conversations(query("seq:>3"), limit=1).summaries) == ["c1"]
    page = reader.conversations(query("seq:>3"), limit=1)
    rest = reader.conversations(query("seq:>3"), limit=2, below=page.reached, skip={page.summaries[0].key})
    assert (ids_of(rest.summaries), rest.reached) == (["c0"], 0)
    assert reader.conversations(query("seq:99"), limit=10).summaries == ()


def test_ids_are_compared_as_the_filter_does(store: Store, reader: HistoryReader) -> None:
    store([push(conversation_id="ABC", brand_id="É"), push(conversation_id="abc", brand_id="é")])
    (summary,) = reader.conversations(limit=10).summaries
    assert (summary.pushes, summary.conversation_id) == (2, "abc")
    assert len(reader.conversation(summary.key, limit=10).pushes) == 2


def test_pushes_without_a_conversation_are_one_group(store: Store, reader: HistoryReader) -> None:
    store([push(conversation_id=None, brand_id=brand) for brand in ("one", "other", None)] + [handshake()])
    (summary,) = reader.conversations(limit=10).summaries
    assert (summary.key, summary.pushes, summary.conversation_id) == (NO_CONVERSATION, 3, None)
    assert len(reader.conversation(NO_CONVERSATION, limit=10).pushes) == 3


def test_one_conversation_is_cut_to_its_newest_pushes(store: Store, reader: HistoryReader) -> None:
    store([push(sequence=number, conversation_id="c") for number in range(1, 11)] + [push()])
    whole = reader.conversation(ConversationKey("90588711", "c"), limit=10)
    assert ([one.id for one in whole.pushes], whole.total, whole.is_cut) == (list(range(1, 11)), 10, False)
    cut = reader.conversation(whole.key, limit=3)
    assert ([one.id for one in cut.pushes], cut.total, cut.is_cut) == ([8, 9, 10], 10, True)
    assert reader.conversation(ConversationKey("nobody", "c"), limit=3).pushes == ()


def test_devices_and_texts_are_told_apart_and_no_token_is_shown(store: Store, reader: HistoryReader) -> None:
    store(
        [
            push(device_token="secret-1"),
            push(device_token="secret-2", message="Other"),
            push(device_token=None, message=None),
        ]
    )
    (summary,) = reader.conversations(limit=1).summaries
    one, other, none = reader.conversation(summary.key, limit=10).pushes
    assert len({one.device, other.device, none.device}) == 3
    assert none.device == ""
    assert len({one.text_key, other.text_key, none.text_key}) == 3
    assert "secret" not in repr((one, other))
    assert (one.accepted, one.message, one.dialog_id) == (True, "My Test: 123", push().dialog_id)


def test_those_that_have_new_pushes(store: Store, reader: HistoryReader) -> None:
    store([push(conversation_id=name) for name in "abc"])
    ids = store([push(conversation_id=name) for name in "bab"])
    summaries = reader.conversations_of([*ids, 999])
    assert [(one.conversation_id, one.pushes) for one in summaries] == [("b", 3), ("a", 2)]
    assert reader.conversations_of([]) == []


def test_an_empty_history(reader: HistoryReader) -> None:
    page = reader.conversations(limit=10)
    assert (page.summaries, page.reached) == ((), 0)
    assert reader.conversation(NO_CONVERSATION, limit=10).total == 0


@given(st.none() | anything, st.none() | anything, st.booleans())
def test_any_id_has_its_own_pushes(
    tmp_path_factory: pytest.TempPathFactory, brand: str | None, conversation: str | None, catalogued: bool
) -> None:
    path = tmp_path_factory.mktemp("any") / "history.sqlite3"
    with HistoryWriter.open(path) as writer, HistoryReader.open(path) as reader:
        writer.add([push(brand_id=brand, conversation_id=conversation), push(conversation_id="other")])
        if catalogued:
            writer.add([handshake()] * BLOCK)
            writer.catalogue(100)
        page = reader.conversations(limit=10)
        found = {summary.key: summary for summary in page.summaries}
        key = key_of(brand, conversation)
        assert found[key].pushes == 1
        assert found[key].conversation_id == conversation
        assert [one.id for one in reader.conversation(key, limit=10).pushes] == [1]
