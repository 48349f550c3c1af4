"""Notes, colours and pins: made by keys and menus, seen in the table, kept in the file whatever happens."""

from __future__ import annotations

import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from inspector.errors import HistoryError
from inspector.history.model import MARK_COLORS, Kind, Mark
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.ui.detail.note_field import NoteText
from inspector.ui.detail.payload_view import PayloadView
from inspector.ui.main_window import MainWindow
from inspector.ui.mark_change import MarkChange
from inspector.ui.push_model import ROW_ROLE
from inspector.workbench import Workbench
from tests.ui.conftest import LONG, MakeWindow
from tests.ui.detail.rows import push

KEYS = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot, home: Home) -> MainWindow:
    home.create()
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add([push(), push(kind=Kind.HANDSHAKE, reason="expired", body=b""), push()])
    workbench.close()
    made = make_window()
    qtbot.waitUntil(lambda: made.model.rowCount() == 3, timeout=LONG)
    return made


def mark(home: Home, identifier: int) -> Mark | None:
    with HistoryReader.open(home.history_file) as reader:
        event = reader.event(identifier)
    assert event is not None
    return event.mark


def look_at(window: MainWindow, qtbot: QtBot, identifier: int) -> NoteText:
    detail = window.pushes.detail
    assert window.pushes.table.select_id(identifier)
    qtbot.waitUntil(lambda: detail.note.identifier == identifier, timeout=LONG)
    return detail.note.text


def write(window: MainWindow, qtbot: QtBot, identifier: int, words: str) -> NoteText:
    text = look_at(window, qtbot, identifier)
    qtbot.keyClick(window, KEYS.Key_M, CONTROL)
    qtbot.waitUntil(text.hasFocus, timeout=LONG)
    qtbot.keyClicks(text, words)
    return text


def row(window: MainWindow, identifier: int) -> object:
    place = window.model.position_of(identifier)
    assert place is not None
    return window.model.index(place, 0).data(ROW_ROLE)


def test_space_pins_and_lets_go(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    look_at(window, qtbot, 1)
    view = window.pushes.table.view
    qtbot.keyClick(view, KEYS.Key_Space)
    qtbot.waitUntil(lambda: row(window, 1).pinned, timeout=LONG)  # type: ignore[attr-defined]
    assert mark(home, 1) == Mark(pinned=True)
    qtbot.waitUntil(window.pushes.detail.head.pin.isChecked, timeout=LONG)
    qtbot.keyClick(view, KEYS.Key_Space)
    qtbot.waitUntil(lambda: not row(window, 1).pinned, timeout=LONG)  # type: ignore[attr-defined]
    assert mark(home, 1) is None


def test_a_note_is_kept_with_ctrl_return(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    text = write(window, qtbot, 1, "Seen on the phone")
    sent: list[object] = []
    window.composer.sent.connect(sent.append)
    qtbot.keyClick(text, KEYS.Key_Return)
    qtbot.keyClicks(text, "twice")
    qtbot.keyClick(text, KEYS.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: mark(home, 1) == Mark("Seen on the phone\ntwice"), timeout=LONG)
    qtbot.waitUntil(lambda: row(window, 1).has_note, timeout=LONG)  # type: ignore[attr-defined]
    assert window.pushes.table.view.hasFocus()
    assert not window.composer.runner.running
    assert not sent


def test_a_note_is_kept_when_one_leaves_it(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    write(window, qtbot, 1, "left alone")
    window.toolbar.filter.setFocus()
    qtbot.waitUntil(lambda: mark(home, 1) == Mark("left alone"), timeout=LONG)


def test_a_note_is_kept_when_another_row_is_looked_at(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    text = write(window, qtbot, 1, "of the first")
    window.pushes.table.select_id(3)
    qtbot.waitUntil(lambda: window.pushes.detail.note.identifier == 3, timeout=LONG)
    assert text.toPlainText() == ""
    qtbot.waitUntil(lambda: mark(home, 1) == Mark("of the first"), timeout=LONG)
    assert mark(home, 3) is None
    assert look_at(window, qtbot, 1).toPlainText() == "of the first"


def test_a_note_is_kept_when_the_window_closes(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    write(window, qtbot, 2, "written last")
    window.close()
    assert mark(home, 2) == Mark("written last")


def test_an_emptied_note_is_taken_off(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    write(window, qtbot, 1, "x")
    window.pushes.table.view.setFocus()
    qtbot.waitUntil(lambda: mark(home, 1) is not None, timeout=LONG)
    qtbot.keyClick(window, KEYS.Key_M, CONTROL)
    qtbot.keyClick(window.pushes.detail.note.text, KEYS.Key_Backspace)
    window.pushes.table.view.setFocus()
    qtbot.waitUntil(lambda: mark(home, 1) is None, timeout=LONG)
    assert not window.pushes.detail.note.isVisible()


def test_what_is_written_stays_while_the_row_changes(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    text = write(window, qtbot, 1, "half a ")
    window.workbench.writer.annotate(1, Mark("of another window", "red"))
    window.feed.poke()
    qtbot.waitUntil(lambda: row(window, 1).mark_color == "red", timeout=LONG)  # type: ignore[attr-defined]
    qtbot.keyClicks(text, "word")
    assert text.toPlainText() == "half a word"
    window.pushes.table.view.setFocus()
    qtbot.waitUntil(lambda: mark(home, 1) == Mark("half a word", "red"), timeout=LONG)


def test_the_menu_pins_marks_and_notes(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    look_at(window, qtbot, 3)
    menu = window.pushes.table.menu_for(row(window, 3), "text")  # type: ignore[arg-type]
    entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
    entries["Pin"].trigger()
    colors = next(one for one in menu.findChildren(QMenu) if one.title() == "Mark")
    assert [action.text() for action in colors.actions() if action.text()] == [
        *(name.capitalize() for name in MARK_COLORS),
        "No mark",
    ]
    colors.actions()[4].trigger()
    qtbot.waitUntil(lambda: mark(home, 3) == Mark(color="blue", pinned=True), timeout=LONG)
    entries["Note…"].trigger()
    qtbot.waitUntil(window.pushes.detail.note.text.hasFocus, timeout=LONG)
    menu.deleteLater()


def test_the_head_pins_and_marks(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    look_at(window, qtbot, 1)
    head = window.pushes.detail.head
    qtbot.mouseClick(head.pin, Qt.MouseButton.LeftButton)
    colors = head.color.menu()
    colors.aboutToShow.emit()
    colors.actions()[0].trigger()
    qtbot.waitUntil(lambda: mark(home, 1) == Mark(color="red", pinned=True), timeout=LONG)
    qtbot.waitUntil(lambda: row(window, 1).mark_color == "red", timeout=LONG)  # type: ignore[attr-defined]

    def marked() -> list[str]:
        colors.aboutToShow.emit()
        return [action.text() for action in colors.actions() if action.isChecked()]

    qtbot.waitUntil(lambda: marked() == ["Red"], timeout=LONG)  # the pane reads the event after the table has


def test_what_can_t_be_written_waits(
    window: MainWindow, qtbot: QtBot, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(HistoryWriter, "annotate", _full)
        write(window, qtbot, 1, "not lost")
        window.pushes.table.view.setFocus()
        qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=LONG)
        assert "disk is full" in window.notice.text
        assert window.pushes.detail.note.text.toPlainText() == "not lost"
    look_at(window, qtbot, 3)
    qtbot.keyClick(window.pushes.table.view, KEYS.Key_Space)
    qtbot.waitUntil(lambda: mark(home, 1) == Mark("not lost"), timeout=LONG)
    assert mark(home, 3) == Mark(pinned=True)


def test_what_could_not_be_written_is_at_the_end(
    window: MainWindow, qtbot: QtBot, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(HistoryWriter, "annotate", _full)
        write(window, qtbot, 1, "not lost")
        window.pushes.table.view.setFocus()
        qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=LONG)
    window.close()
    assert mark(home, 1) == Mark("not lost")


def _full(*_: object) -> bool:
    raise HistoryError("The disk is full.", "Make room.")


def test_a_note_stays_in_its_history(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    before = window.workbench.history_file
    text = write(window, qtbot, 1, "of the old history")
    window.keeping.start_new()
    qtbot.waitUntil(lambda: window.workbench.history_file != before, timeout=LONG)
    qtbot.waitUntil(lambda: window.model.rowCount() == 0, timeout=LONG)
    assert not text.toPlainText()
    window.workbench.writer.add([push(b'{"new": "history"}')])
    window.feed.poke()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=LONG)
    look_at(window, qtbot, 1)
    assert not text.toPlainText()
    tree = window.pushes.detail.findChild(PayloadView)
    assert isinstance(tree, PayloadView)
    assert tree.go_to("new")
    with HistoryReader.open(before) as reader:
        qtbot.waitUntil(lambda: _mark_in(reader) == Mark("of the old history"), timeout=LONG)


def _mark_in(reader: HistoryReader) -> Mark | None:
    event = reader.event(1)
    return event.mark if event is not None else None


def test_an_event_that_is_gone_takes_no_mark(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    look_at(window, qtbot, 1)
    with sqlite3.connect(home.history_file) as database:
        database.execute("DELETE FROM events WHERE id = 1")
    database.close()
    qtbot.keyClick(window.pushes.table.view, KEYS.Key_Space)
    look_at(window, qtbot, 3)
    qtbot.keyClick(window.pushes.table.view, KEYS.Key_Space)
    qtbot.waitUntil(lambda: mark(home, 3) == Mark(pinned=True), timeout=LONG)
    assert not window.notice.isVisible()


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (MarkChange(), Mark("a", "red", pinned=True)),
        (MarkChange(note=""), Mark("", "red", pinned=True)),
        (MarkChange(color=""), Mark("a", "", pinned=True)),
        (MarkChange(pinned=False), Mark("a", "red")),
    ],
)
def test_a_change_leaves_the_rest(change: MarkChange, after: Mark) -> None:
    before = Mark("a", "red", pinned=True)
    assert change.applied_to(before) == after
    assert MarkChange(note="a", color="red", pinned=True).then(change).applied_to(None) == after
