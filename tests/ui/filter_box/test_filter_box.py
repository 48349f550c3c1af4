"""The filter box in the window: what it says of what is typed, what it offers, what it keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from inspector.errors import HistoryError
from inspector.history.query import local_now
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.ui.filter_box import asking
from inspector.ui.filter_box.box import KEPT_KEY, WIDTH_IN_USE, FilterBox
from inspector.ui.filter_box.edit import FilterEdit
from inspector.ui.main_window import MainWindow
from tests.history.examples import SECOND, START, connection, handshake, push
from tests.ui.conftest import LONG, MakeWindow

Keys = Qt.Key
MINE = connection()


class Desk:
    """A window on a small history, with somebody at its filter box."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.box: FilterBox = window.toolbar.filter_box
        self.edit: FilterEdit = window.toolbar.filter_box.edit
        self.qtbot = qtbot

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.edit, text)

    def write(self, text: str) -> None:
        """Type from an empty line on."""
        self.edit.clear()
        self.type(text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.edit, key, modifiers)

    def force(self) -> None:
        self.press(Keys.Key_Space, Qt.KeyboardModifier.ControlModifier)

    @property
    def state(self) -> str:
        return str(self.edit.property("state"))

    def mark(self) -> tuple[int, int] | None:
        return self.edit.marked

    @property
    def saved(self) -> dict[str, str]:
        return {one.name: one.text for one in self.box.kept.saved}

    @property
    def offers(self) -> list[str]:
        shown = self.box.completing.list
        return [offer.shown for offer in shown.offers] if shown.isVisible() else []

    @property
    def note(self) -> str:
        note = self.box.note
        return f"{note.message.text()} {note.next_step.text()}" if note.isVisible() else ""

    @property
    def said(self) -> str:
        return self.window.status_line._message.text()

    def rows(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: self.window.model.rowCount() == count, timeout=LONG)

    def filter_is(self, text: str) -> None:
        assert self.edit.text() == text


@pytest.fixture
def desk(make_window: MakeWindow, qtbot: QtBot, home: Home) -> Desk:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add(
            [
                push(connection=MINE),
                push(connection=MINE, at=START + SECOND, brand_id="qa 905", status=500),
                push(connection=MINE, at=START + 2 * SECOND, brand_id="qa 905", sequence=9),
                handshake(),
            ]
        )
    window = make_window()
    window.focus_filter()
    qtbot.waitUntil(lambda: window.toolbar.filter.hasFocus(), timeout=LONG)
    return Desk(window, qtbot)


def test_what_is_typed_is_good_unfinished_or_wrong(desk: Desk) -> None:
    desk.type("is:push status:")
    assert desk.state == "open"
    assert desk.mark() == (8, 15)
    assert not desk.said
    desk.type(">=500")
    assert desk.state == "good"
    assert desk.mark() is None
    desk.rows(1)
    desk.type(" status:x")
    assert desk.state == "bad"
    assert desk.mark() == (28, 29)
    assert "can't read “x” as a number" in desk.note
    assert ">=500" in desk.note
    assert "can't read" in desk.said
    assert "as a number" in desk.edit.toolTip()
    assert desk.edit.hasFocus()
    desk.rows(1)  # the filter before stays on
    desk.press(Keys.Key_Backspace)
    assert desk.state == "open"
    assert not desk.note


def test_what_is_unfinished_is_wrong_once_it_is_left(desk: Desk) -> None:
    desk.write('"My Te')
    assert desk.state == "open"
    desk.press(Keys.Key_Home)
    assert desk.state == "bad"
    desk.press(Keys.Key_End)
    assert desk.state == "open"
    desk.press(Keys.Key_Return)
    assert desk.state == "bad"
    assert "not closed" in desk.note
    desk.type('st"')
    assert desk.state == "good"
    desk.write("brand:")
    desk.window.pushes.table.view.setFocus()
    assert desk.state == "bad"
    assert not desk.note


def test_a_hint_comes_when_nothing_more_is_typed(desk: Desk) -> None:
    desk.write("after:2026-1")
    assert not desk.note
    desk.qtbot.waitUntil(lambda: "from then on" in desk.note, timeout=LONG)
    desk.press(Keys.Key_Backspace)
    assert not desk.note


def test_the_underline_stands_below_what_is_wrong(desk: Desk) -> None:
    desk.edit.insert("😀 iii statsu:1")
    place = desk.edit.text().index("statsu")
    assert desk.mark() == (place, place + 6)
    cursor = desk.edit.cursorPosition()
    x = desk.edit.place_of(place)
    for position in (cursor - 8, 0):
        desk.edit.setCursorPosition(position)
        assert abs(desk.edit.place_of(place) - x) <= 1
    desk.edit.setCursorPosition(cursor - 8)
    assert abs(desk.edit.cursorRect().center().x() - x) <= 2
    picture = desk.edit.grab().toImage()
    red = desk.window.theme.colors.red
    ratio = picture.devicePixelRatio()
    below = [
        place
        for place in range(picture.width())
        if any(
            picture.pixelColor(place, y).name() == red
            for y in range(int(18 * ratio), int((desk.edit.height() - 3) * ratio))
        )
    ]
    inner = [place / ratio for place in below if 3 < place / ratio < desk.edit.width() - 3]
    assert inner
    assert x - 2 <= min(inner) <= max(inner) <= desk.edit.place_of(place + 6) + 2


def test_undo_and_input_methods_are_left_alone(desk: Desk) -> None:
    desk.write("stat")
    desk.press(Keys.Key_Tab)
    desk.filter_is("status:")
    desk.edit.undo()
    desk.filter_is("stat")
    desk.write("status:x ")
    QApplication.sendEvent(desk.edit, QInputMethodEvent("にほ", []))
    desk.filter_is("status:x ")
    event = QInputMethodEvent()
    event.setCommitString("日本")
    QApplication.sendEvent(desk.edit, event)
    desk.filter_is("status:x 日本")


def test_fields_and_words_are_offered_and_taken(desk: Desk) -> None:
    desk.write("sta")
    assert desk.offers == ["status:"]
    desk.press(Keys.Key_Tab)
    desk.filter_is("status:")
    assert desk.edit.hasFocus()
    assert "4xx" in desk.offers
    desk.write("service:a")
    assert desk.offers == ["apns"]
    desk.press(Keys.Key_Return)  # no offer was moved to: what was typed is what counts
    desk.filter_is("service:a")
    assert desk.state == "bad"
    desk.write("service:")
    desk.press(Keys.Key_Down)
    desk.press(Keys.Key_Down)
    desk.press(Keys.Key_Return)
    desk.filter_is("service:fcm")
    assert desk.offers == []
    desk.rows(0)


def test_values_of_the_history_are_offered_in_quotes_where_needed(desk: Desk) -> None:
    desk.write("is:push brand:")
    desk.qtbot.waitUntil(lambda: desk.offers == ["qa 905", "90588711"], timeout=LONG)
    assert desk.box.completing.list.offers[0].hint == "2×"
    desk.type("q")
    assert desk.offers == ["qa 905"]
    desk.press(Keys.Key_Tab)
    desk.filter_is('is:push brand:"qa 905"')
    desk.rows(2)
    desk.write("status:")
    desk.qtbot.waitUntil(lambda: desk.offers[:2] == ["200", "500"], timeout=LONG)


def test_a_device_token_is_never_offered(desk: Desk) -> None:
    asked: list[str] = []
    desk.box.ask_with(lambda field, _typed, _done: asked.append(field))
    for field in ("token", "header", "body", "text"):
        desk.write(f"{field}:0")
        desk.force()
        assert desk.offers == []
    assert asked == []
    desk.write("brand:9")
    assert asked[-1] == "brand"


def test_what_comes_too_late_is_not_shown(desk: Desk) -> None:
    waiting: list[Callable[[list[object]], None]] = []
    desk.box.ask_with(lambda _field, _typed, done: waiting.append(done))  # type: ignore[arg-type]
    desk.write("brand:")
    desk.write("is:")
    before = desk.offers
    waiting[0]([])
    assert desk.offers == before


def test_a_history_that_can_t_be_read_has_no_values_to_offer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise HistoryError("damaged")

    monkeypatch.setattr(HistoryReader, "known_values", fail)
    desk.write("problem:")
    own = desk.offers
    assert "error" in own
    with desk.qtbot.waitSignal(desk.window.worker._delivered, timeout=LONG):
        desk.window.worker.submit("", lambda: None)
    assert desk.offers == own
    assert not desk.window.notice.isVisible()


def test_escape_closes_the_offers_first_then_clears(desk: Desk) -> None:
    desk.write("is:pu")
    assert desk.offers == ["push"]
    desk.press(Keys.Key_Escape)
    assert desk.offers == []
    desk.filter_is("is:pu")
    desk.press(Keys.Key_Escape)
    desk.qtbot.waitUntil(lambda: desk.edit.text() == "", timeout=LONG)


def test_the_list_goes_with_the_cursor_the_focus_and_a_click(desk: Desk) -> None:
    desk.write("word sta")
    desk.press(Keys.Key_Left)
    assert desk.offers == ["status:"]
    desk.press(Keys.Key_Home)
    assert desk.offers == []
    desk.force()
    assert "service:" in desk.offers
    desk.window.pushes.table.view.setFocus()
    assert desk.offers == []
    desk.edit.setFocus()
    desk.write("sta")
    shown = desk.box.completing.list
    desk.qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    desk.filter_is("status:")
    assert desk.edit.hasFocus()


def test_a_click_where_nothing_takes_the_focus_closes_the_list(desk: Desk) -> None:
    desk.window.toolbar.set_filter("nothing-has-this")
    desk.rows(0)
    desk.type(" sta")
    assert desk.offers == ["status:"]
    desk.qtbot.mouseClick(desk.edit, Qt.MouseButton.LeftButton, pos=QPoint(desk.edit.width() - 80, 10))
    assert desk.offers == ["status:"]
    desk.qtbot.mouseClick(desk.window.pushes.table.empty, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert desk.offers == []


def test_tab_moves_on_where_nothing_is_offered(desk: Desk) -> None:
    desk.write("word")
    assert desk.offers == []
    desk.press(Keys.Key_Tab)
    assert not desk.edit.hasFocus()


def test_the_box_is_wide_while_it_is_used(desk: Desk) -> None:
    desk.window.resize(1024, 700)
    desk.window.pushes.table.view.setFocus()
    desk.window.set_composer_shown(shown=False)
    desk.qtbot.waitUntil(lambda: desk.edit.geometry() == desk.box.geometry(), timeout=LONG)
    assert desk.edit.width() < WIDTH_IN_USE
    right = desk.edit.geometry().right()
    desk.edit.setFocus()
    assert desk.edit.width() >= WIDTH_IN_USE
    assert desk.edit.geometry().right() == right
    desk.write("service:apns status:200 brand:90588711 conv:13a1*")
    desk.window.pushes.table.view.setFocus()
    assert desk.edit.geometry() == desk.box.geometry()
    assert desk.edit.cursorPosition() == 0


def test_the_status_line_tells_how_many_match(desk: Desk) -> None:
    counts = desk.window.status_line._counts
    assert not counts.text().startswith("4 of")
    desk.window.toolbar.set_filter("brand:qa*")
    desk.qtbot.waitUntil(lambda: counts.text().startswith("2 of 4 match"), timeout=LONG)
    desk.window.toolbar.set_filter("")
    desk.qtbot.waitUntil(lambda: "match" not in counts.text(), timeout=LONG)


# kept filters


def choose(desk: Desk, text: str) -> None:
    """Choose an entry of the menu; of an inner menu the first one."""
    menu = desk.box.make_menu()
    action = next(one for one in menu.actions() if one.text() == text)
    assert action.isEnabled(), text
    inner = action.menu()
    if isinstance(inner, QMenu):
        action = inner.actions()[0]
    action.trigger()
    menu.deleteLater()


@pytest.fixture
def answer_name(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    def use(name: str | None) -> None:
        monkeypatch.setattr(asking, "ask_name", lambda *_args: name)

    return use


def test_a_filter_is_saved_used_renamed_and_deleted_with_a_way_back(
    desk: Desk, answer_name: Callable[[str | None], None]
) -> None:
    answer_name("Failing iOS")
    desk.write("service:apns status:>=500")
    choose(desk, "Save this filter as…")
    assert desk.saved == {"Failing iOS": "service:apns status:>=500"}
    answer_name(None)
    choose(desk, "Save this filter as…")
    assert list(desk.saved) == ["Failing iOS"]
    desk.write("")
    choose(desk, "Failing iOS")
    desk.filter_is("service:apns status:>=500")
    desk.rows(1)
    answer_name("Failures")
    choose(desk, "Rename")
    assert list(desk.saved) == ["Failures"]
    choose(desk, "Delete")
    assert desk.saved == {}
    button = desk.window.findChild(QPushButton, "status_action")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert list(desk.saved) == ["Failures"]
    assert not button.isVisible()


def test_kept_filters_come_back_and_are_offered(
    desk: Desk, make_window: MakeWindow, answer_name: Callable[[str | None], None]
) -> None:
    answer_name("Failing iOS")
    desk.write("service:apns or status:500")
    choose(desk, "Save this filter as…")
    desk.write("brand:qa*")
    desk.press(Keys.Key_Return)
    desk.window.close()
    again = Desk(make_window(), desk.qtbot)
    again.edit.setFocus()
    again.force()
    assert again.offers[:3] == ["Failing iOS", "brand:qa*", "service:"]
    again.write("is:push fail")
    assert again.offers == ["Failing iOS"]
    again.press(Keys.Key_Tab)
    again.filter_is("is:push (service:apns or status:500)")
    assert [action.text() for action in again.box.make_menu().actions()][-1] == "brand:qa*"


def test_a_filter_with_a_token_is_not_kept(
    desk: Desk, home: Home, answer_name: Callable[[str | None], None]
) -> None:
    answer_name("My phone")
    desk.write("token:01408800000259")
    desk.press(Keys.Key_Return)
    choose(desk, "Save this filter as…")
    assert "kept in clear" in desk.said
    assert desk.saved == {}
    assert desk.box.kept.recent == ()
    desk.window.close()
    assert "01408800000259" not in home.settings_file.read_text()


def test_the_key_opens_the_menu(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu.objectName()))
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.qtbot.keyClick(desk.edit, Keys.Key_F, both)
    assert KEPT_KEY == "Ctrl+Shift+F"
    assert opened == ["kept_filters"]


def test_the_last_ten_are_kept(desk: Desk) -> None:
    kept = desk.box.kept
    for number in range(12):
        desk.window.toolbar.set_filter(f"seq:{number}")
    desk.window.toolbar.set_filter("seq:5")
    assert kept.recent[:2] == ("seq:5", "seq:11")
    assert len(kept.recent) == 10
    kept.save("Five", "seq:5", local_now())
    desk.window.toolbar.set_filter("seq:5")
    assert kept.recent[0] == "seq:5"


# the table's menu


def test_a_cell_s_value_is_excluded_or_added(desk: Desk) -> None:
    table = desk.window.pushes.table
    row = desk.window.model.row(1)
    assert row is not None

    def act(key: str, text: str) -> None:
        menu = table.menu_for(row, key)
        next(one for one in menu.actions() if one.text().startswith(text)).trigger()
        menu.deleteLater()

    desk.window.toolbar.set_filter("is:push or is:handshake")
    act("brand", "Exclude this value")
    desk.filter_is('(is:push or is:handshake) -brand:"qa 905"')
    desk.rows(2)
    act("status", "Filter by status:>=400")
    desk.filter_is("status:>=400")
    act("brand", "Add to the filter")
    desk.filter_is('status:>=400 brand:"qa 905"')
    desk.rows(1)
