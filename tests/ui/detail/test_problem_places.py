"""Every problem leads to its place: in the tree, in the headers, or in the text that is no JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.contract.push import Problem, Severity
from inspector.history.model import NewEvent
from inspector.home import Home
from inspector.ui.detail.json_tree import PATH_ROLE
from inspector.ui.detail.payload_view import PayloadView
from inspector.ui.detail.problem_list import ProblemList, marks_of
from inspector.ui.detail.raw_view import RawView
from inspector.ui.main_window import MainWindow
from inspector.workbench import Workbench
from tests.ui.conftest import LONG, MakeWindow
from tests.ui.detail.rows import push

ODD = {
    "aps": {"alert": 5, "interruption-level": "loud"},
    "push-service": 1,
    "notificationType": "APN",
    "device-token": "x",
    "brandID": "1",
}
BROKEN = b'{"aps": {\n  "alert": oops}}'


class Desk:
    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.detail = window.pushes.detail
        self.qtbot = qtbot
        problems, tree, raw = (self.detail.findChild(kind) for kind in (ProblemList, PayloadView, RawView))
        assert isinstance(problems, ProblemList)
        assert isinstance(tree, PayloadView)
        assert isinstance(raw, RawView)
        self.list, self.tree, self.raw = problems, tree, raw

    def look_at(self, identifier: int) -> None:
        self.window.pushes.table.select_id(identifier)
        self.qtbot.waitUntil(
            lambda: self.detail.event_shown is not None and self.detail.event_shown.id == identifier,
            timeout=LONG,
        )
        self.detail.tabs.setCurrentWidget(self.list)

    def choose(self, words: str) -> None:
        """Enter on the problem that says so."""
        places = [place for place in range(self.list.count()) if words in self.list.item(place).text()]
        self.list.setCurrentRow(places[0])
        self.qtbot.keyClick(self.list, Qt.Key.Key_Return)


def events() -> list[NewEvent]:
    odd = push(json.dumps(ODD).encode())
    missing = Problem("missing_header", Severity.WARNING, "", "The push has no header X, which is expected.")
    return [odd, push(BROKEN), replace(odd, problems=(missing,)), push(json.dumps(ODD).encode("utf-16"))]


@pytest.fixture
def desk(make_window: MakeWindow, qtbot: QtBot, home: Home) -> Desk:
    home.create()
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add(events())
    workbench.close()
    made = make_window()
    qtbot.waitUntil(lambda: made.model.rowCount() == 4, timeout=LONG)
    return Desk(made, qtbot)


@pytest.mark.parametrize("identifier", [1, 4])
def test_a_problem_leads_to_its_node(desk: Desk, identifier: int) -> None:
    desk.look_at(identifier)
    for words, path in (("aps.alert is", "aps.alert"), ("notificationType is", "notificationType")):
        desk.detail.tabs.setCurrentWidget(desk.list)
        desk.choose(words)
        assert desk.detail.tabs.currentWidget() is desk.tree
        assert desk.tree.currentIndex().data(PATH_ROLE) == path
        assert words in str(desk.tree.currentIndex().data(Qt.ItemDataRole.ToolTipRole))
        assert desk.tree.currentIndex().data(Qt.ItemDataRole.DecorationRole) is not None


def test_what_is_missing_leads_to_where_it_is_missing(desk: Desk) -> None:
    desk.look_at(1)
    desk.choose("conversationId is missing")
    assert desk.detail.tabs.currentWidget() is desk.tree


def test_what_a_provider_would_refuse_stands_apart(desk: Desk) -> None:
    desk.look_at(1)
    texts = [desk.list.item(place).text() for place in range(desk.list.count())]
    heading = texts.index("What the provider would refuse, passed on as it is")
    assert any("interruption-level" in text for text in texts[heading + 1 :])
    assert not any("interruption-level" in text for text in texts[:heading])
    shown = desk.detail.event_shown
    assert shown is not None
    title = desk.detail.tabs.tabText(desk.detail.tabs.indexOf(desk.list))
    assert title == f"Problems  {len(shown.written.problems)}"
    desk.choose("aps.interruption-level")
    assert desk.tree.currentIndex().data(PATH_ROLE) == "aps.interruption-level"


def test_a_body_that_is_no_json_is_shown_where_it_breaks(desk: Desk) -> None:
    desk.look_at(2)
    assert not desk.detail.tabs.isTabVisible(desk.detail.tabs.indexOf(desk.tree))
    desk.choose("not JSON")
    assert desk.detail.tabs.currentWidget() is desk.raw
    assert BROKEN.decode()[desk.raw.editor.textCursor().position() :] == "oops}}"
    assert desk.raw.editor.hasFocus()
    assert "ine 2, column 12" in desk.raw.message.text()


def test_a_header_s_problem_leads_to_the_headers(desk: Desk) -> None:
    desk.look_at(3)
    desk.choose("no header X")
    assert desk.detail.tabs.tabText(desk.detail.tabs.currentIndex()) == "Headers"


def test_a_click_leads_there_too(desk: Desk) -> None:
    desk.look_at(1)
    item = desk.list.item(0)
    place = desk.list.visualItemRect(item).center()
    desk.qtbot.mouseClick(desk.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.detail.tabs.currentWidget() is desk.tree


def test_problems_of_one_place_are_all_told_there() -> None:
    problems = tuple(Problem(code, Severity.ERROR, "a", code) for code in ("one", "two"))
    assert marks_of(problems) == {"a": "one\ntwo"}
