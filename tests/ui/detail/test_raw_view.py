"""The raw text of a payload: as it came, with the place where it stops being JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.contract.parse import parse
from inspector.history.model import Direction, Event, Kind, NewEvent
from inspector.ui.detail.body_text import LONGEST_LINE, body_text, place_in_view
from inspector.ui.detail.raw_view import RawView
from inspector.ui.detail.shown import Shown, show_both
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

TOKEN = "0140880000025933aabbccddeeff00112233445566778899"


def shown(body: bytes) -> tuple[Shown, Shown]:
    written = NewEvent(Kind.PUSH, Direction.IN, 0, body=body)
    return show_both(Event(1, 1, None, 1, 0, written), parse(body))


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[RawView]:
    worker = Worker("test-worker")
    made = RawView(Theme(qapp), worker)
    qtbot.addWidget(made)
    made.resize(700, 300)
    yield made
    worker.close()


@given(st.text("ab\n", max_size=40), st.integers(0, 40))
def test_a_place_is_found_where_lines_are_broken(text: str, place: int) -> None:
    text = text.replace("a", "a" * (LONGEST_LINE // 2)).replace("b", "b" * (LONGEST_LINE - 3))
    view = body_text(text.encode())
    place = min(place * 700, len(text))
    where = place_in_view(text, place)
    assert view[:where].replace("\n", "") == text[:place].replace("\n", "")
    assert where == len(view) or view[where] == (
        text[place] if place < len(text) else ""
    )  # not before a break of ours


BROKEN = b'{\n  "aps": {"alert": "Hi",\n  "device-token": "' + TOKEN.encode() + b'", oops\n}'


@pytest.mark.parametrize("way", [0, 1])
def test_a_fault_is_marked_and_told(view: RawView, qtbot: QtBot, way: int) -> None:
    this = shown(BROKEN)[way]
    view.show_body(this, is_json=False)
    view.show()
    assert view.message.text().startswith("Line 3, column 71: a key")
    assert not view.message.isHidden()
    assert view.lay_out.isHidden()
    error = view.editor.error
    assert error is not None
    assert this.text[error.offset :] == "oops\n}"
    assert view.editor.extraSelections()
    qtbot.mouseClick(view.message, Qt.MouseButton.LeftButton)
    assert this.text[view.editor.textCursor().position() :] == "oops\n}"


def test_a_fault_within_what_is_masked_is_told_there(view: RawView) -> None:
    masked, revealed = shown(b'{"device-token": "' + TOKEN.encode() + b'\x01tail", "a": 1}')
    assert masked.fault is not None
    assert revealed.fault is not None
    assert (masked.fault.line, masked.fault.column) == (revealed.fault.line, revealed.fault.column)
    assert masked.text[: masked.fault.offset].startswith('{"device-token": "')
    assert TOKEN not in masked.text


def test_json_is_laid_out_on_request_only(view: RawView, qtbot: QtBot) -> None:
    _, revealed = shown(b'{"a":[1,2]}')
    view.show_body(revealed, is_json=True)
    assert view.editor.text() == '{"a":[1,2]}'
    assert view.message.isHidden()
    assert view.editor.error is None
    view.lay_out.setChecked(True)
    qtbot.waitUntil(lambda: view.editor.text() == '{\n  "a": [\n    1,\n    2\n  ]\n}')
    view.lay_out.setChecked(False)
    assert view.editor.text() == '{"a":[1,2]}'


def test_what_is_laid_out_is_masked_too(view: RawView, qtbot: QtBot) -> None:
    masked, _ = shown(b'{"device-token":"' + TOKEN.encode() + b'"}')
    view.show_body(masked, is_json=True)
    view.lay_out.setChecked(True)
    qtbot.waitUntil(lambda: "\n" in view.editor.text())
    assert TOKEN not in view.editor.text()


def test_a_word_that_json_does_not_have_is_a_fault_of_what_is_json_otherwise(view: RawView) -> None:
    _, revealed = shown(b'{"a": NaN}')
    view.show_body(revealed, is_json=True)
    assert "NaN" in view.message.text()
    assert not view.lay_out.isHidden()


def test_a_fault_out_of_sight_is_told_all_the_same(view: RawView) -> None:
    _, revealed = shown(b'["' + b'a", "' * 60_000 + b"oops")
    view.show_body(revealed, is_json=False)
    assert "column" in view.message.text()
    assert view.editor.error is None
    view.go_to_fault()


@given(st.binary(max_size=120))
def test_any_bytes_have_a_text(body: bytes) -> None:
    for one in shown(b'{"device-token": "' + TOKEN.encode() + b'", ' + body):
        if one.fault is not None:
            assert 0 <= one.fault.offset <= len(one.text) + 1


def test_a_long_message_makes_room_for_the_window(view: RawView, qtbot: QtBot) -> None:
    _, revealed = shown(BROKEN)
    view.show_body(revealed, is_json=False)
    view.show()
    assert "…" not in view.message.text()
    assert view.minimumSizeHint().width() < 200
    view.resize(200, 300)
    qtbot.waitUntil(lambda: "…" in view.message.text())
    assert view.message.accessibleName().startswith("Line 3, column 71: a key")
    assert view.message.geometry().right() < view.width()
