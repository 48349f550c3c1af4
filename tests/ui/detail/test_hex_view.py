"""The bytes of a payload: painted where they show, selected by mouse and keys, copied in two ways."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.ui.detail.hex_lines import (
    BYTES,
    HEX_START,
    TEXT_START,
    ascii_text,
    byte_at,
    dump,
    hex_column,
    hex_text,
    line_count,
)
from inspector.ui.detail.hex_tab import HexTab
from inspector.ui.detail.hex_view import HexView
from inspector.ui.theme import Theme

DATA = bytes(range(256)) * 2
KEYS = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> HexView:
    made = HexView(Theme(qapp))
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show_bytes(DATA)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


@given(st.binary(min_size=1, max_size=BYTES))
def test_a_line_says_what_its_bytes_are(part: bytes) -> None:
    assert bytes.fromhex(hex_text(part)) == part
    shown = ascii_text(part)
    assert len(shown) == len(part)
    assert all(sign == chr(byte) or sign == "." for sign, byte in zip(shown, part, strict=True))
    for place in range(len(part)):
        column = hex_column(place) - HEX_START
        assert hex_text(part)[column : column + 2] == f"{part[place]:02x}"


@pytest.mark.parametrize("place", range(BYTES))
def test_a_byte_is_meant_by_its_columns(place: int) -> None:
    for column in (hex_column(place), hex_column(place) + 1.9):
        assert byte_at(column) == place
    assert byte_at(TEXT_START + place + 0.5) == place


@given(st.floats(-100, 200))
def test_any_column_means_some_byte(column: float) -> None:
    assert 0 <= byte_at(column) < BYTES


@given(st.binary(max_size=100), st.integers(0, 100), st.integers(0, 100))
def test_what_is_copied_is_what_is_there(data: bytes, start: int, end: int) -> None:
    start, end = sorted((min(start, len(data)), min(end, len(data))))
    assert bytes.fromhex(dump(data, start, end)) == data[start:end]


def test_lines_are_counted() -> None:
    assert [line_count(size) for size in (0, 1, 16, 17)] == [0, 1, 1, 2]


def test_keys_move_and_select(view: HexView, qtbot: QtBot, qapp: QApplication) -> None:
    qtbot.keyClick(view, KEYS.Key_Down)
    qtbot.keyClick(view, KEYS.Key_Right)
    assert view.selection == (17, 17)
    qtbot.keyClick(view, KEYS.Key_Right, SHIFT)
    assert view.selection == (17, 19)
    qtbot.keyClick(view, KEYS.Key_C, CONTROL)
    assert qapp.clipboard().text() == "11 12"
    qtbot.keyClick(view, KEYS.Key_End, CONTROL)
    assert view.selection == (511, 511)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    qtbot.keyClick(view, KEYS.Key_Home, CONTROL | SHIFT)
    assert view.selection == (0, 512)
    qtbot.keyClick(view, KEYS.Key_Home)
    assert view.selection == (0, 0)
    qtbot.keyClick(view, KEYS.Key_Left)
    qtbot.keyClick(view, KEYS.Key_Up)
    assert view.selection == (0, 0)
    qtbot.keyClick(view, KEYS.Key_A, CONTROL)
    assert view.selection == (0, 512)


def test_text_is_copied_as_text(view: HexView, qtbot: QtBot, qapp: QApplication) -> None:
    view.show_bytes("Grüße 😀".encode())
    view.select_all()
    with qtbot.waitSignal(view.said) as said:
        qtbot.keyClick(view, KEYS.Key_C, CONTROL | SHIFT)
    assert qapp.clipboard().text() == "Grüße 😀"
    assert said.args == ["Copied 12 bytes"]


def test_the_mouse_selects(view: HexView, qtbot: QtBot) -> None:
    metrics = view.viewport().fontMetrics()
    width, height = metrics.horizontalAdvance("0" * 64) / 64, metrics.height() + 2

    def place(line: int, byte: int) -> QPoint:
        return QPoint(round(12 + (hex_column(byte) + 1) * width), line * height + height // 2)

    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place(1, 2))
    qtbot.mouseMove(view.viewport(), place(2, 3))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place(2, 3))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, SHIFT, pos=place(2, 3))
    assert view.selection == (18, 36)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(3, 15))
    assert view.selection == (63, 63)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(4, 5))
    assert view.selection == (64, 80)


def test_a_body_of_a_mebibyte_is_painted_at_once(view: HexView, qtbot: QtBot) -> None:
    view.show_bytes(bytes(1024 * 1024))
    began = time.perf_counter()
    view.select(1024 * 1024 - 20, 1024 * 1024)
    picture = view.viewport().grab().toImage()
    assert time.perf_counter() - began < 0.5
    colors = {
        picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }
    assert len(colors) > 2
    chosen = QColor(
        view._theme.colors.selection if view.hasFocus() else view._theme.colors.selection_inactive
    )
    assert chosen.rgb() in colors


def test_an_empty_body_has_nothing_to_select(view: HexView, qtbot: QtBot) -> None:
    view.show_bytes(b"")
    for key in (KEYS.Key_Down, KEYS.Key_End, KEYS.Key_PageDown, KEYS.Key_Right):
        qtbot.keyClick(view, key, SHIFT)
    view.select_all()
    assert view.selection == (0, 0)
    menu = view.make_menu()
    assert [action.isEnabled() for action in menu.actions() if action.text()] == [False, False, True]
    view.viewport().grab()


def test_it_says_that_bytes_are_masked(qtbot: QtBot, qapp: QApplication) -> None:
    tab = HexTab(Theme(qapp))
    qtbot.addWidget(tab)
    tab.show_bytes(b"a", masked=True)
    assert not tab.remark.isHidden()
    tab.show_bytes(b"b", masked=False)
    assert tab.remark.isHidden()
