"""The page in the real window, on a real history: what is listed, how it follows, and the ways there and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.history.model import Direction, NewEvent, Settled
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.ui.conversations.list_model import JUDGEMENT_ROLE
from inspector.ui.conversations.page import ConversationsPage, filter_by
from inspector.ui.conversations.timeline_model import KEYS
from inspector.ui.main_window import MainWindow
from tests.history.examples import SECOND, START, handshake, push
from tests.ui.conftest import LONG, MakeWindow


def store(home: Home, events: list[NewEvent]) -> list[int]:
    """As another process would."""
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        return [written.id for written in writer.add(events)]


def spoken(name: str, *sequences: int, **changes: Any) -> list[NewEvent]:
    """Pushes of one conversation."""
    return [
        push(conversation_id=name, dialog_id=name, sequence=sequence, at=START + sequence * SECOND, **changes)
        for sequence in sequences
    ]


@pytest.fixture
def two(home: Home) -> list[int]:
    """A conversation with a gap, then one that is as it should be."""
    return store(home, [*spoken("gap", 1, 4), handshake(), *spoken("plain", 1, 2, 3)])


def opened(make_window: MakeWindow, qtbot: QtBot) -> tuple[MainWindow, ConversationsPage]:
    window = make_window()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.conversations.page
    assert page.isVisible()
    return window, page


def names(page: ConversationsPage) -> list[str | None]:
    return [page.model.summary(row).conversation_id for row in range(page.model.rowCount())]


def shown(page: ConversationsPage) -> tuple[str | None, int]:
    conversation = page.timeline.conversation
    return (None, 0) if conversation is None else (conversation.conversation_id, len(conversation.pushes))


def test_the_newest_is_shown_and_another_can_be_chosen(
    make_window: MakeWindow, qtbot: QtBot, two: list[int]
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    assert names(page) == ["plain", "gap"]
    assert page.count.text() == "2 conversations"
    assert page.timeline.findings.title.text() == "Nothing odd found"
    assert "plain" in page.timeline.name.text()
    qtbot.waitUntil(lambda: page.list.hasFocus(), timeout=LONG)
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: shown(page) == ("gap", 2), timeout=LONG)
    assert page.timeline.findings.title.text() == "1 finding"
    qtbot.waitUntil(lambda: page.model.index(1).data(JUDGEMENT_ROLE) is not None, timeout=LONG)
    assert page.model.index(1).data(JUDGEMENT_ROLE).findings == 1
    page.timeline.findings.chosen.emit(two[1])
    assert page.timeline.table.row == page.timeline.plot.current == 1
    rail = window.rail.findChild(QAbstractButton, "rail_conversations")
    assert isinstance(rail, QAbstractButton)
    assert rail.isChecked()
    assert rail.toolTip() == "Conversations (Ctrl+2)"


def test_the_page_follows_what_comes_in(
    make_window: MakeWindow, qtbot: QtBot, two: list[int], home: Home
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    page.timeline.table.choose(0)
    store(home, [*spoken("new", 1), *spoken("plain", 7)])
    window.feed.poke()
    qtbot.waitUntil(lambda: names(page) == ["plain", "new", "gap"], timeout=LONG)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 4), timeout=LONG)
    assert page.timeline.findings.title.text() == "1 finding"
    assert page.timeline.table.row == 0, "what is looked at stays"
    assert page.list.current is not None
    assert page.list.current.conversation_id == "plain"
    window.show_pushes()
    store(home, spoken("later", 1))
    window.feed.poke()
    qtbot.waitUntil(lambda: window.model.rowCount() == 9, timeout=LONG)
    assert "later" not in names(page), "nobody looks at it"
    window.show_conversations()
    qtbot.waitUntil(lambda: names(page)[0] == "later", timeout=LONG)


def test_the_filter_chooses_conversations(
    make_window: MakeWindow, qtbot: QtBot, two: list[int], home: Home
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    window.toolbar.set_filter("seq:4")
    qtbot.waitUntil(lambda: names(page) == ["gap"], timeout=LONG)
    assert page.isVisible(), "the page stays"
    assert page.count.text() == "1 conversation matches"
    qtbot.waitUntil(lambda: shown(page) == ("gap", 2), timeout=LONG)
    store(home, [*spoken("gap", 5), *spoken("other", 5)])
    window.feed.poke()
    qtbot.waitUntil(lambda: shown(page) == ("gap", 3), timeout=LONG)
    assert page.model.summary(0).pushes == 3
    assert names(page) == ["gap"], "the other has nothing that matches"
    store(home, spoken("plain", 4))
    window.feed.poke()
    qtbot.waitUntil(lambda: names(page) == ["plain", "gap"], timeout=LONG)
    window.toolbar.set_filter("seq:99")
    qtbot.waitUntil(lambda: page.empty.isVisible(), timeout=LONG)
    qtbot.mouseClick(page.empty.actions_row[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["plain", "other", "gap"], timeout=LONG)
    assert isinstance(window.toolbar.filter, QLineEdit)
    assert window.toolbar.filter.text() == ""


def test_a_push_is_shown_among_all_also_where_a_filter_hid_it(
    make_window: MakeWindow, qtbot: QtBot, two: list[int]
) -> None:
    window, page = opened(make_window, qtbot)
    window.toolbar.set_filter("seq:4")
    qtbot.waitUntil(lambda: shown(page) == ("gap", 2), timeout=LONG)
    page.timeline.table.choose(0)
    qtbot.keyClick(page.timeline.table, Qt.Key.Key_Return)
    assert window.pushes.isVisible()
    qtbot.waitUntil(lambda: window.pushes.table.current_row is not None, timeout=LONG)
    row = window.pushes.table.current_row
    assert row is not None
    assert row.id == two[0]
    assert window.toolbar.filter.text() == ""


def test_an_old_push_is_shown_once_the_table_has_it(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    ids = store(home, [*spoken("old", 1), *(push(sequence=number) for number in range(3000))])
    window, page = opened(make_window, qtbot)
    window.toolbar.set_filter("text:test")
    page.show_wanted.emit(ids[0])
    qtbot.waitUntil(lambda: window.pushes.table.current_row is not None, timeout=LONG)
    row = window.pushes.table.current_row
    assert row is not None
    assert row.id == ids[0]
    assert window.toolbar.filter.text() == "text:test", "it does not hide the push"


def test_what_was_cleared_is_not_listed_any_more(
    make_window: MakeWindow, qtbot: QtBot, two: list[int], home: Home
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    with closing(sqlite3.connect(home.history_file)) as database:
        database.execute("DELETE FROM events WHERE conversation_id = 'plain'")
        database.commit()
    window.feed.poke()
    qtbot.waitUntil(lambda: names(page) == ["gap"], timeout=LONG)
    qtbot.waitUntil(lambda: shown(page) == ("gap", 2), timeout=LONG)


def test_another_history_has_other_conversations(
    make_window: MakeWindow, qtbot: QtBot, two: list[int]
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    window.keeping.start_new()
    qtbot.waitUntil(lambda: page.empty.isVisible(), timeout=LONG)
    window.workbench.writer.add(spoken("new", 1))
    window.feed.poke()
    qtbot.waitUntil(lambda: shown(page) == ("new", 1), timeout=LONG)


def test_from_a_push_to_its_conversation(make_window: MakeWindow, qtbot: QtBot, two: list[int]) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 6, timeout=LONG)
    window.pushes.table.select_id(two[0])
    qtbot.waitUntil(lambda: window.pushes.table.current_row is not None, timeout=LONG)
    row = window.pushes.table.current_row
    assert row is not None
    texts = [action.text() for action in window.pushes.table.menu_for(row, "text").actions()]
    assert "Show the conversation\tCtrl+G" in texts
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    page = window.conversations.page
    qtbot.waitUntil(lambda: shown(page) == ("gap", 2), timeout=LONG)
    qtbot.waitUntil(lambda: page.timeline.table.row == 0, timeout=LONG)
    window.pushes.table.select_id(two[2])
    window.show_pushes()
    window.conversations.show_conversation_of(window.pushes.table.current_row)
    assert window.pushes.isVisible(), "a refused handshake has none"


def test_a_conversation_further_down_than_the_list_was_read(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    ids = store(home, [push(conversation_id=f"c{number:04}") for number in range(450)])
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("c0449", 1), timeout=LONG)
    window.show_pushes()
    window.pushes.table.select_id(ids[3])
    qtbot.waitUntil(lambda: window.pushes.table.current_row is not None, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown(page) == ("c0003", 1), timeout=LONG)
    assert page.list.current is None
    qtbot.waitUntil(lambda: page.timeline.table.row == 0, timeout=LONG)
    page.timeline.copy.click()
    assert QApplication.clipboard().text() == "c0003"


def test_an_answer_that_becomes_known_later_is_shown(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    (identifier,) = store(home, [push(status=None)])
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: page.timeline.model.rowCount() == 1, timeout=LONG)
    status = page.timeline.model.index(0, KEYS.index("status"))
    assert status.data() == "none"
    with HistoryWriter.open(home.history_file) as writer:
        writer.settle(identifier, Settled(START, 503))
    window.feed.poke()
    qtbot.waitUntil(lambda: status.data() == "503", timeout=LONG)
    qtbot.waitUntil(lambda: page.model.summary(0).refused == 1, timeout=LONG)


def test_filter_by_it_and_copy_its_id(
    make_window: MakeWindow, qtbot: QtBot, qapp: QApplication, two: list[int]
) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    qtbot.keyClick(page.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "plain"
    qtbot.mouseClick(page.timeline.filter, Qt.MouseButton.LeftButton)
    assert window.pushes.isVisible()
    assert window.toolbar.filter.text() == "brand:90588711 conv:plain"
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=LONG)
    texts = [action.text() for action in page.menu_for(page.model.summary(0)).actions()]
    assert texts == ["Filter by this conversation", "Copy the conversation’s id\tCtrl+C"]
    page.timeline.table.choose(1)
    page.timeline.copy_row()
    assert "\t2\t" in qapp.clipboard().text()


def test_an_empty_history_says_what_will_be_here(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    window, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: page.empty.isVisible(), timeout=LONG)
    window.set_composer_shown(shown=False)
    qtbot.mouseClick(page.empty.actions_row[0], Qt.MouseButton.LeftButton)
    assert window.composer.isVisible()
    store(home, spoken("first", 1))
    window.feed.poke()
    qtbot.waitUntil(lambda: shown(page) == ("first", 1), timeout=LONG)


def test_pushes_without_a_conversation_are_not_judged(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    odd = [push(conversation_id=None, sequence=sequence) for sequence in (1, 5, 2)]
    store(home, odd)
    _, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == (None, 3), timeout=LONG)
    assert page.timeline.name.text() == "No conversation"
    assert page.timeline.findings.title.text() == "Nothing odd found"
    assert not page.timeline.filter.isEnabled()
    assert not page.timeline.copy.isEnabled()


def test_a_long_list_is_read_as_it_is_scrolled(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    store(home, [push(conversation_id=f"c{number:04}") for number in range(450)])
    _, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: page.model.rowCount() == 200, timeout=LONG)
    assert page.count.text() == "The newest 200 conversations"
    page.list.scrollToBottom()
    qtbot.waitUntil(lambda: page.model.rowCount() > 200, timeout=LONG)
    qtbot.waitUntil(lambda: page.list.verticalScrollBar().maximum() > 48 * 300, timeout=LONG)
    page.list.scrollToBottom()
    qtbot.waitUntil(lambda: page.count.text() == "450 conversations", timeout=LONG)
    assert names(page)[-1] == "c0000"


def test_narrow_and_wide(make_window: MakeWindow, qtbot: QtBot, two: list[int]) -> None:
    window, page = opened(make_window, qtbot)
    window.set_composer_shown(shown=False)
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: shown(page) == ("plain", 3), timeout=LONG)
    assert page.splitter.orientation() is Qt.Orientation.Horizontal
    assert page.timeline.gaps.isVisible()
    page.resize(600, 600)
    assert not page.timeline.gaps.isVisible()
    assert page.splitter.orientation() is Qt.Orientation.Vertical
    assert page.timeline.table.height() > 3 * 24


def test_the_query_for_a_conversation() -> None:
    assert filter_by("9058", "13a1-2") == "brand:9058 conv:13a1-2"
    assert filter_by(None, "a b") == 'conv:"a b"'
    assert filter_by("9058", None) == filter_by("9058", "") == ""


def test_both_directions_and_services_are_told(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    store(
        home,
        [
            *spoken("c", 1, 2),
            *spoken("c", 1, service=Service.FCM, device_token="f"),
            *spoken("c", 2, direction=Direction.OUT),
        ],
    )
    _, page = opened(make_window, qtbot)
    qtbot.waitUntil(lambda: shown(page) == ("c", 4), timeout=LONG)
    assert "iOS and FCM" in page.timeline.facts.text()
    assert [one.sentence for one in page.timeline.findings.model.findings] == ["iOS is at 2, FCM at 1"]
    assert "3 received, 1 sent" in page.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
