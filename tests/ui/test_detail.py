"""The pane that shows one event: what is prepared off the UI thread, and the tree of a document."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.contract.parse import parse
from inspector.history.model import (
    Certificate,
    Connection,
    Direction,
    Event,
    Kind,
    NewEvent,
    Timings,
    TlsFacts,
)
from inspector.ui.detail.body_text import LONGEST_LINE, LONGEST_TEXT
from inspector.ui.detail.json_tree import FETCHED, PATH_ROLE, VALUE_ROLE, JsonTreeModel
from inspector.ui.detail.prepared import Detail, prepare
from inspector.ui.theme import Theme

TOKEN = "01408800000259"
BODY = json.dumps(
    {"aps": {"alert": "Hi", "list": [1, [2]]}, "push-service": 1, "device-token": TOKEN}
).encode()


def event(body: bytes = BODY, **changes: object) -> Event:
    values: dict[str, object] = {
        "kind": Kind.PUSH,
        "direction": Direction.IN,
        "at": 1_700_000_000_000_000,
        "status": 200,
        "method": "POST",
        "path": "/push",
        "headers": (("Authorization", "Basic dTpw"), ("Content-Type", "application/json")),
        "body": body,
        "problems": parse(body).problems,
        "device_token": TOKEN,
    }
    return Event(7, 2, 10_000_000, 1, 0, NewEvent(**{**values, **changes}))  # type: ignore[arg-type]


def facts(detail: Detail) -> dict[str, str]:
    sections = (*detail.tls, *detail.masked.headers, *detail.masked.answer)
    return {fact.name: fact.value for section in sections for fact in section.facts}


def test_secrets_are_masked_where_they_are_shown() -> None:
    detail = prepare(event())
    shown = facts(detail)
    assert TOKEN not in detail.masked.text
    assert TOKEN in detail.revealed.text
    assert "dTpw" not in shown["Authorization"]
    assert shown["Device token"] != TOKEN
    assert shown["Content-Type"] == "application/json"


def test_the_overview_tells_the_attempt() -> None:
    assert "attempt 2, 10.0 s after" in prepare(event()).overview


def test_a_refused_handshake_tells_why() -> None:
    certificate = Certificate(
        "CN=rogue", "CN=rogue-ca", "ab" * 32, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
    )
    connection = Connection("127.0.0.1:5", "127.0.0.1:8443", certificate, None, TlsFacts("TLSv1.3"))
    refused = event(
        b"",
        kind=Kind.HANDSHAKE,
        reason="unknown_issuer",
        detail="error 20",
        connection=connection,
        status=None,
    )
    shown = facts(prepare(refused))
    assert shown["Reason"] == "Unknown issuer"
    assert shown["In detail"] == "error 20"
    assert shown["Subject"] == "CN=rogue"
    assert shown["TLS version"] == "TLSv1.3"


def test_a_sending_tells_its_answer_and_timings() -> None:
    sent = event(
        direction=Direction.OUT,
        status=503,
        answer_headers=(("Retry-After", "5"),),
        answer_body=b"busy",
        timings=Timings(connect=1.25, total=9.0),
    )
    shown = facts(prepare(sent))
    assert shown["Status"].startswith("503")
    assert shown["Retry-After"] == "5"
    assert shown["4 bytes"] == "busy"
    assert shown["In all"] == "9.0 ms"
    (timed,) = (one for one in prepare(sent).masked.answer if one.timings is not None)
    assert timed.timings == Timings(connect=1.25, total=9.0)


def test_long_lines_are_broken_and_long_texts_cut_for_the_view() -> None:
    detail = prepare(event(b'"' + b"x" * (LONGEST_TEXT + 10) + b'"'))
    lines = detail.revealed.text.split("\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert "12 more bytes" in lines[-1]


@given(st.binary(max_size=400))
def test_anything_can_be_shown(body: bytes) -> None:
    detail = prepare(event(body))
    assert detail.is_json == parse(body).is_json
    detail.revealed.text.encode()
    detail.masked.text.encode()


@pytest.fixture
def tree(qtbot: QtBot, qapp: QApplication) -> JsonTreeModel:
    return JsonTreeModel(Theme(qapp))


def test_the_tree_keeps_qts_rules(tree: JsonTreeModel, qtmodeltester: ModelTester) -> None:
    tree.show(json.loads(BODY), {})
    qtmodeltester.check(tree)


def test_the_tree_finds_places_by_path(tree: JsonTreeModel) -> None:
    tree.show(json.loads(BODY), {"aps.alert": "odd"})
    for path in ("aps", "aps.alert", "aps.list[1][0]", "device-token"):
        assert tree.index_of(path).data(PATH_ROLE) == path
    assert tree.index_of("aps.list[9]").data(PATH_ROLE) == "aps.list"
    assert not tree.index_of("nothing").isValid()
    assert tree.index_of("aps.alert").siblingAtColumn(1).data() == '"Hi"'


def test_the_tree_masks_tokens_until_told_otherwise(tree: JsonTreeModel) -> None:
    detail = prepare(event())
    tree.show(detail.masked.document, {}, detail.revealed.document)
    assert TOKEN not in tree.index_of("device-token").siblingAtColumn(1).data()
    tree.show(detail.revealed.document, {})
    assert tree.index_of("device-token").siblingAtColumn(1).data() == f'"{TOKEN}"'


@pytest.mark.parametrize("document", [5, "text", None, True, [], {}, [1, "a", None]])
def test_any_document_is_a_tree(document: object, tree: JsonTreeModel) -> None:
    tree.show(document, {})
    rows = tree.rowCount()
    assert rows == (len(document) if isinstance(document, dict | list) else 1)
    for place in range(rows):
        assert tree.index(place, 1).data() is not None
        assert tree.index(place, 0).data(VALUE_ROLE) is not None


def test_other_encodings_are_read_and_nothing_is_cut_inside_a_character() -> None:
    assert "Grüße" in prepare(event('{"a": "Grüße"}'.encode("utf-16"))).revealed.text
    long = prepare(event(('"' + "ü" * LONGEST_TEXT + '"').encode()))
    assert "ü\nü" in long.revealed.text
    assert "\\x" not in long.revealed.text


def test_keys_with_dots_are_found(tree: JsonTreeModel) -> None:
    tree.show({"a.b": {"c d": 1}}, {})
    assert tree.index_of('["a.b"]["c d"]').data(VALUE_ROLE) == "1"


def test_a_wide_document_is_told_to_the_view_bit_by_bit(
    tree: JsonTreeModel, qtmodeltester: ModelTester
) -> None:
    tree.show({f"k{number}": number for number in range(FETCHED * 3 + 7)}, {})
    assert tree.rowCount() == FETCHED
    last = f"k{FETCHED * 3 + 6}"
    assert tree.index_of(last).data(PATH_ROLE) == last
    assert tree.rowCount() == FETCHED * 3 + 7
    assert not tree.canFetchMore(QModelIndex())
    tree.show(list(range(FETCHED * 2)), {})
    qtmodeltester.check(tree)
