"""Comparing pushes in the window: the ways to it, what is shown, what is masked."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from inspector.contract.difference import Change
from inspector.history.model import Event, NewEvent
from inspector.home import Home
from inspector.ui.compare.colors import wash
from inspector.ui.compare.comparison import Side, comparison, side_of
from inspector.ui.compare.desk import SELECT_TWO
from inspector.ui.compare.lines import ONLY_REST
from inspector.ui.compare.window import CompareWindow
from inspector.ui.main_window import MainWindow
from inspector.workbench import Workbench
from tests.history.examples import connection, handshake, push
from tests.ui.conftest import LONG, MakeWindow

TOKEN = "feedface" * 8


def body(**changes: Any) -> bytes:
    document = {"aps": {"alert": "Hello"}, "device-token": TOKEN, "sequence": 8, "list": [1, 2, 3]}
    return json.dumps({**document, **changes}).encode()


EVENTS: tuple[NewEvent, ...] = (
    push(body=body(), headers=(("X-Brand-Key", "hush"), ("Host", "a")), connection=connection()),
    push(body=body(sequence=9, list=[3, 2, 1], extra={"a": 1}), status=503, connection=connection()),
    handshake(),
    push(body=b"<xml>\none\ntwo\n</xml>"),
    push(body=b"<xml>\none\n2\n</xml>"),
)


@pytest.fixture
def window(make_window: MakeWindow, home: Home, qtbot: QtBot) -> MainWindow:
    home.create()
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add(EVENTS)
    workbench.close()
    made = make_window()
    qtbot.waitUntil(lambda: made.model.rowCount() == len(EVENTS), timeout=LONG)
    return made


def select(window: MainWindow, *rows: int) -> None:
    table = window.pushes.table.view
    table.clearSelection()
    for row in rows:
        index = window.model.index(row, 0)
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().setCurrentIndex(index, how)


def compared(window: MainWindow, qtbot: QtBot) -> CompareWindow:
    """The window that opens, filled."""
    qtbot.waitUntil(lambda: bool(window.findChildren(CompareWindow)), timeout=LONG)
    made = window.findChildren(CompareWindow)[-1]
    qtbot.waitUntil(lambda: made.comparison is not None, timeout=LONG)
    return made


def texts(made: CompareWindow) -> list[str]:
    model = made.lines.lines_model
    return [str(model.index(row, column).data()) for row in range(model.rowCount()) for column in (0, 1)]


def test_two_selected_pushes_are_compared(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 0, 1)
    qtbot.keyClick(window.pushes.table.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    made = compared(window, qtbot)
    assert made.windowTitle().startswith("#1 received")
    assert "#2 received" in made.windowTitle()
    assert "503" in made.windowTitle()
    assert made._counts.text() == "1 changed · 3 added · 2 removed"
    made.ignore_order.setChecked(True)
    qtbot.waitUntil(lambda: made._counts.text() == "1 changed · 1 added", timeout=LONG)
    made.only.setChecked(True)
    assert [line.left for line in made.lines.lines_model.lines] == [
        "{",
        '  "sequence": 8,',
        *[None] * 3,
        "}",
    ]
    top = made.tree.topLevelItem(0)
    assert top is not None
    height = made.tree.visualItemRect(top).center().y()
    picture = made.tree.viewport().grab().toImage()
    assert picture.pixelColor(made.tree.viewport().width() - 4, height) == wash(
        window.theme.colors, Change.CHANGED
    )
    made.next.click()
    first = made.tree.currentItem()
    assert first is not None
    assert first.text(0).startswith("sequence")
    assert (first.text(1), first.text(2)) == ("8", "9")
    made.next.click()
    second = made.tree.currentItem()
    assert second is not None
    assert second.text(0).startswith("extra")
    made.swap.click()
    qtbot.waitUntil(lambda: made._counts.text() == "1 changed · 1 removed", timeout=LONG)
    made.close()


def test_secrets_are_masked_and_told_apart(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 0, 1)
    window.compare_selected()
    made = compared(window, qtbot)
    shown = "\n".join(texts(made))
    shown += "\n".join(
        item.text(column)
        for view in (made.tree, made.facts)
        for item in view.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        for column in range(3)
    )
    assert TOKEN not in shown
    assert "hush" not in shown
    assert "device-token" in shown
    assert "x-brand-key" in shown
    assert made.comparison is not None
    same = {fact.name: fact.same for fact in made.comparison.facts}
    assert (same["Status"], same["Service"], same["x-brand-key"]) == (False, True, False)
    made.close()


def test_a_push_is_compared_with_the_one_before(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 3)
    window.compare_selected()
    made = compared(window, qtbot)
    assert made.windowTitle().startswith("#2 received")  # the refused client between them is no push
    assert not made.tabs.isTabVisible(0)
    made.close()


def test_texts_that_are_no_json_are_compared_line_by_line(window: MainWindow, qtbot: QtBot) -> None:
    select(window, 3, 4)
    window.compare_selected()
    made = compared(window, qtbot)
    assert made._counts.text() == "1 changed"
    assert made._note.text() == "Not JSON: compared line by line"
    made.next.click()
    made.lines.setFocus()
    made.lines._copy()
    assert QGuiApplication.clipboard().text() == "- two\n+ 2"
    made.close()


def test_a_push_is_compared_with_the_composer(window: MainWindow, qtbot: QtBot) -> None:
    row = window.model.row(0)
    assert row is not None
    actions = window.pushes.table.menu_for(row, "text").actions()
    (action,) = (one for one in actions if one.text() == "Compare with the composer")
    action.trigger()
    made = compared(window, qtbot)
    assert made.windowTitle().endswith("and Composer")
    assert made.comparison is not None
    assert [fact.name for fact in made.comparison.facts] == ["Service", "Size"]
    made.close()


def test_what_does_not_fit_is_said(window: MainWindow, qtbot: QtBot) -> None:
    said: list[str] = []
    window.status_line.say = said.append  # type: ignore[method-assign, assignment]
    select(window, 0, 1, 3)
    window.compare_selected()
    for rows in ((2,), (1, 2), (0,)):
        select(window, *rows)
        window.compare_selected()
    assert said == [
        SELECT_TWO,
        *["A client that was turned away sent nothing to compare"] * 2,
        "There is no push above it to compare it with",
    ]
    assert not window.findChildren(CompareWindow)


def test_the_same_bytes_and_the_same_json_are_said(window: MainWindow, qtbot: QtBot) -> None:
    window.workbench.writer.add([push(body=EVENTS[0].body), push(body=EVENTS[0].body + b"\n")])
    window.feed.poke()
    qtbot.waitUntil(lambda: window.model.rowCount() == 7, timeout=LONG)
    for rows, note in (((0, 5), "The same bytes"), ((5, 6), "The same JSON in other bytes")):
        select(window, *rows)
        window.compare_selected()
        made = compared(window, qtbot)
        assert made._counts.text() == "No difference"
        assert made._note.text().startswith(note)
        assert not made.next.isEnabled()
        made.close()
        qtbot.waitUntil(lambda: not window.findChildren(CompareWindow), timeout=LONG)


def test_a_window_that_is_closed_early_wants_nothing(window: MainWindow, qtbot: QtBot) -> None:
    held = threading.Event()
    window.worker.submit("", lambda: held.wait(LONG / 1000))
    made = CompareWindow(
        Side("a", body()), Side("b", body()), window.worker, window.theme, reveal=False, parent=window
    )
    made.show()
    made.close()
    with qtbot.waitSignal(made.destroyed, timeout=LONG):
        pass
    passed: list[bool] = []
    held.set()
    window.worker.submit("", lambda: True, passed.append)
    qtbot.waitUntil(lambda: bool(passed), timeout=LONG)


def test_masked_texts_are_told_apart_line_by_line() -> None:
    left, right = (f"<a>\ndevice-token={end}{TOKEN}{end}\n</a>" for end in ("aaaa", "aaaa0000"))
    made = comparison(Side("a", left.encode()), Side("b", right.replace("0000", "aaaa").encode()))
    assert [line.change for line in made.lines] == [Change.SAME, Change.CHANGED, Change.SAME]
    assert made.counts.words == "1 changed"
    assert TOKEN not in repr(made.lines)


def test_strings_of_json_that_can_not_be_compared_inside_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    left, right = json.dumps({"p": '{"a":1}', "q": '{"b": 1}'}), json.dumps({"p": "[1]", "q": '{"b":1}'})
    made = CompareWindow(
        Side("a", left.encode()),
        Side("b", right.encode()),
        window.worker,
        window.theme,
        reveal=False,
        parent=window,
    )
    qtbot.waitUntil(lambda: made.tree.topLevelItemCount() == 2, timeout=LONG)
    tops = [made.tree.topLevelItem(place) for place in range(2)]
    assert [[item.text(column) for column in range(3)] for item in tops if item is not None] == [
        ["p  ~", '"{\\"a\\":1}"', '"[1]"'],
        ["q  ~  (JSON in a string, spelled otherwise)", "", ""],
    ]
    made.close()


def test_answers_that_differ_late_are_told_apart() -> None:
    left, right = (
        side_of(Event(number, 1, None, 1, 0, push(answer_body=b"x" * 3000 + end)))
        for number, end in enumerate((b"1", b"2"), 1)
    )
    (answer,) = (fact for fact in comparison(left, right).facts if fact.name == "Answer")
    assert not answer.same


def test_what_differs_late_in_a_long_document_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    left, right = (Side(str(end), json.dumps([*range(60_000), {"end": end}]).encode()) for end in range(2))
    made = CompareWindow(left, right, window.worker, window.theme, reveal=False, parent=window)
    qtbot.waitUntil(lambda: made.comparison is not None, timeout=LONG)
    made.next.click()
    item = made.tree.currentItem()
    assert item is not None
    assert [item.text(column) for column in range(3)] == ["end  ~", "0", "1"]
    (row,) = made.lines.selectionModel().selectedRows()
    assert row.data() == '    "end": 0'
    model = made.lines.lines_model
    assert model.index(row.row() - 2, 0).data() == ONLY_REST
    made.close()
