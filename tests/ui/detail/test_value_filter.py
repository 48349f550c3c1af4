"""Filtering by any value of a payload: the query finds the row again, and holds nothing that is masked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.contract.parse import parse
from inspector.contract.paths import Path as JsonPath
from inspector.contract.paths import parse_path
from inspector.history.model import Direction, Event, Kind, NewEvent
from inspector.history.query import local_now
from inspector.history.query import parse as parse_query
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.ui.detail.shown import show_both
from inspector.ui.detail.value_filter import body_query, named_query

TOKEN = "0140880000025933aabbccddeeff00112233445566778899"
CONVERSATION = "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"
PUSH = {
    "aps": {
        "alert": 'Say "hi" \\ to\nall of them, Zoë',
        "thread-id": "a b",
        "list": [1, {"deep": [None, "x*y"]}],
    },
    "push-service": 1,
    "device-token": TOKEN,
    "conversationId": CONVERSATION,
    "dialogId": CONVERSATION,
    "originatorId": "qa90588718.2333061110",
    "brandId": "905 88711*",
    "badge": 0,
    "sequence": 8,
    "notificationType": "apn",
    "odd key": -1.5e3,
}


def event(body: bytes) -> NewEvent:
    push = parse(body)
    return NewEvent(
        Kind.PUSH, Direction.IN, 1_700_000_000_000_000, None, push.service, 200, "POST", "/", body=body,
        brand_id=push.brand_id, conversation_id=push.conversation_id, dialog_id=push.dialog_id,
        originator_id=push.originator_id, device_token=push.device_token, message=push.message,
        sequence=push.sequence, badge=push.badge, problems=push.problems,
    )  # fmt: skip


def places(value: object, path: JsonPath = ()) -> Iterator[tuple[JsonPath, object]]:
    yield path, value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from places(child, (*path, key))
    elif isinstance(value, list):
        for place, child in enumerate(value):
            yield from places(child, (*path, place))


def query_at(written: NewEvent, path: JsonPath, value: object, *, revealed: bool) -> str:
    return named_query(written, path, value, revealed=revealed) or body_query(
        written.body, path, revealed=revealed
    )


def found(reader: HistoryReader, query: str) -> list[int]:
    return list(reader.ids(parse_query(query, now=local_now())))


@pytest.mark.parametrize("revealed", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_every_value_finds_its_row_again(tmp_path: Path, indent: int | None, revealed: bool) -> None:
    written = event(json.dumps(PUSH, indent=indent, ensure_ascii=indent is None).encode())
    other = event(b'{"another": "push"}')
    with HistoryWriter.open(tmp_path / "h.db") as writer:
        stored, _ = writer.add([written, other])
    masked, shown = show_both(Event(1, 1, None, 1, 0, written), parse(written.body))
    document = (shown if revealed else masked).document
    with HistoryReader.open(tmp_path / "h.db") as reader:
        for path, value in places(document):
            query = query_at(written, path, value, revealed=revealed)
            assert query.isprintable(), path
            assert found(reader, query) == [stored.id], (path, query)
            assert revealed or TOKEN not in query


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("sequence", "seq:8"),
        ("badge", "badge:0"),
        ("conversationId", f"conv:{CONVERSATION}"),
        ("dialogId", f"dialog:{CONVERSATION}"),
        ("originatorId", "originator:qa90588718.2333061110"),
        ("brandId", 'brand:"905 88711*"'),
        ("aps.alert", 'text:"all of them, Zoë"'),
        ("aps.list[0]", ""),
    ],
)
def test_what_the_language_has_a_field_for_is_asked_for_by_name(path: str, query: str) -> None:
    written = event(json.dumps(PUSH).encode())
    steps = parse_path(path)
    value = dict(places(PUSH))[steps]
    assert named_query(written, steps, value, revealed=False) == query


def test_a_field_that_stands_elsewhere_is_searched_as_it_is_written() -> None:
    document = PUSH | {"aps": {"badge": 77}}
    written = event(json.dumps(document).encode())
    assert named_query(written, ("aps", "badge"), 77, revealed=False) == ""
    assert body_query(written.body, ("aps", "badge"), revealed=False) == 'body:"\\"badge\\": 77"'


def test_a_masked_token_is_asked_for_by_what_is_seen_of_it() -> None:
    written = event(json.dumps(PUSH).encode())
    path = ("device-token",)
    assert named_query(written, path, "0140…8899", revealed=False) == "token:0140*8899"
    assert named_query(written, path, TOKEN, revealed=True) == f"token:{TOKEN}"
    inner = json.dumps({"text": json.dumps({"device-token": TOKEN, "a": 1})}).encode()
    assert TOKEN not in body_query(inner, ("text",), revealed=False)
    assert TOKEN in body_query(inner, ("text",), revealed=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@settings(max_examples=40)
@given(document=JSON, indent=st.sampled_from([None, 1]), ascii_only=st.booleans(), codec=CODECS)
def test_any_document_is_found_by_any_of_its_values(
    document: object,
    indent: int | None,
    ascii_only: bool,
    codec: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    body = json.dumps({"x": document}, indent=indent, ensure_ascii=ascii_only).encode(codec, "replace")
    decoded = parse(body).document
    path = tmp_path_factory.mktemp("any") / "h.db"
    with HistoryWriter.open(path) as writer:
        (stored,) = writer.add([event(body)])
    with HistoryReader.open(path) as reader:
        for steps, value in places(decoded):
            query = query_at(event(body), steps, value, revealed=True)
            assert query
            assert found(reader, query) == [stored.id], (steps, query)
