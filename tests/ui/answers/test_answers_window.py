"""Rules in the real window: kept, handed to the listener that runs, told of by the rows they answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from inspector import profile
from inspector.history.model import Direction, Kind, Row
from inspector.history.reader import HistoryReader
from inspector.home import Home
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.listener.rule_json import rules_to_json
from inspector.listener.rule_presets import PRESETS
from inspector.sender.model import SendResult, Target, Trust
from inspector.ui.answers.drafts import drafts_file
from inspector.ui.main_window import MainWindow
from inspector.ui.push_model import ROW_ROLE
from inspector.workbench import DEV_CLIENT

LONG = 15_000
PUSH = b'{"aps":{"alert":"My Test: 123"},"push-service":1,"notificationType":"apn","brandId":"90588711"}'

MakeWindow = Callable[[], MainWindow]


def loaded(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    window = make_window()
    qtbot.waitUntil(lambda: window.answers.loaded, timeout=LONG)
    return window


def listen(window: MainWindow, qtbot: QtBot) -> str:
    window.toolbar.set_address("127.0.0.1:0")
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.listening.state.on and not window.listening.state.busy, timeout=LONG)
    return window.listening.state.url


def send(window: MainWindow, url: str, body: bytes = PUSH) -> SendResult:
    vault = window.workbench.vault
    trust = Trust(system=False, extra_cas=vault.cas())
    return window.workbench.send(Target(url=url, identity=vault.identity(DEV_CLIENT), trust=trust), body)


def incoming(window: MainWindow, qtbot: QtBot, count: int) -> list[Row]:
    def rows() -> list[Row]:
        found = [window.model.index(place, 0).data(ROW_ROLE) for place in range(window.model.rowCount())]
        return [row for row in found if row is not None and row.direction is Direction.IN]

    window.feed.poke()
    qtbot.waitUntil(lambda: len(rows()) == count, timeout=LONG)
    return rows()


def rule_of(home: Home, row: Row) -> str | None:
    with HistoryReader.open(home.history_file) as reader:
        event = reader.event(row.id)
    assert event is not None
    return event.written.rule


def running_rules(window: MainWindow) -> tuple[Rule, ...]:
    request = window.listening.request
    assert request is not None
    return request.rules


def test_a_rule_made_in_the_page_answers_a_real_push_and_the_row_names_it(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    window = loaded(make_window, qtbot)
    url = listen(window, qtbot)
    assert send(window, url).status == 200
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    page = window.answers.page
    assert page.isVisible()
    denied = next(preset for preset in PRESETS if preset.answer.status == 403)
    place = PRESETS.index(denied)
    qtbot.mouseClick(page.empty.buttons[place], Qt.MouseButton.LeftButton)
    page.editor.name.selectAll()
    qtbot.keyClicks(page.editor.name, "No token")
    qtbot.keyClicks(page.editor.match.brand, "9058*")
    page.editor.answer.headers.setPlainText("X-Why: test")
    page.editor.answer.body.setPlainText("gone")
    wanted = (Rule("No token", Match(brand="9058*"), Answer(403, headers=(("X-Why", "test"),), body="gone")),)
    qtbot.waitUntil(lambda: running_rules(window) == wanted, timeout=LONG)
    assert window.toolbar.rules.isVisible()
    result = send(window, url)
    assert result.status == 403
    assert (result.answer_body, dict(result.answer_headers).get("X-Why")) == (b"gone", "test")
    assert send(window, url, b'{"brandId":"1"}').status == 200
    rows = incoming(window, qtbot, 3)
    assert [rule_of(home, row) for row in rows] == [None, "No token", None]

    qtbot.keyClick(page.table, Qt.Key.Key_Space)  # off
    qtbot.waitUntil(lambda: not running_rules(window)[0].enabled, timeout=LONG)
    assert not window.toolbar.rules.isVisible()
    assert send(window, url).status == 200


def test_which_rule_would_fire_is_asked_from_the_row_and_back(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = loaded(make_window, qtbot)
    url = listen(window, qtbot)
    window.answers.model.insert(
        0, [Rule("Other", Match(brand="1")), Rule("Mine", Match(brand="9058*"), Answer(401))]
    )
    send(window, url)
    (row,) = incoming(window, qtbot, 1)
    page = window.answers.page
    assert not page.head.try_push.isEnabled()
    menu = window.pushes.table.menu_for(row, "brand")
    next(action for action in menu.actions() if action.text() == "Which rule would fire?").trigger()
    qtbot.waitUntil(page.trial.isVisible, timeout=LONG)
    assert page.isVisible()
    assert page.trial.outcome.text().startswith("“Mine” fires: 401")
    assert page.table.current_row == 1
    qtbot.mouseClick(page.trial.show_push, Qt.MouseButton.LeftButton)
    assert window.pushes.isVisible()
    current = window.pushes.table.current_row
    assert current is not None
    assert current.id == row.id
    page.end_trial()
    window.show_answers()
    button = page.findChild(QPushButton, "rules_try")
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(page.trial.isVisible, timeout=LONG)


def test_a_rule_is_made_from_a_row(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = loaded(make_window, qtbot)
    url = listen(window, qtbot)
    window.answers.model.insert(0, [Rule("Takes all")])
    send(window, url)
    (row,) = incoming(window, qtbot, 1)
    menu = window.pushes.table.menu_for(row, "text")
    next(action for action in menu.actions() if action.text().startswith("Answer pushes like this")).trigger()
    model = window.answers.model
    qtbot.waitUntil(lambda: model.rowCount() == 2, timeout=LONG)
    assert model.rule(0).match == Match(service="apns", brand="90588711")
    assert window.answers.page.editor.answer.fault.hasFocus()


def test_rules_come_back_at_the_next_start_also_unfinished_ones(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    rules = (
        Rule("First", Match(service="fcm"), Answer(500), first=2),
        Rule("Unfinished", Match(device_token="0140"), Answer(99, headers=(("half a line ", ""),))),
        Rule("Off", enabled=False),
    )
    first = loaded(make_window, qtbot)
    first.answers.model.insert(0, rules)
    first.close()
    assert [rule.name for rule in profile.load(home).rules] == ["First", "Off"]
    assert drafts_file(home).stat().st_mode & 0o777 == 0o600
    second = loaded(make_window, qtbot)
    assert second.answers.model.rules == rules
    assert second.answers.page.editor.rule == rules[0]
    assert [rule.name for rule in second.answers.model.active] == ["First"]
    url = listen(second, qtbot)
    assert [rule.name for rule in running_rules(second)] == ["First", "Off"]
    assert send(second, url).status == 200
    second.answers.model.delete([1])
    qtbot.waitUntil(lambda: not drafts_file(home).exists(), timeout=LONG)
    second.close()
    third = loaded(make_window, qtbot)
    assert [rule.name for rule in third.answers.model.rules] == ["First", "Off"]


def test_a_damaged_profile_is_left_alone_and_a_damaged_draft_is_no_harm(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    home.create()
    home.profile_file.write_text("nonsense", encoding="utf-8")
    drafts_file(home).write_text('[{"place": 1}]', encoding="utf-8")
    window = loaded(make_window, qtbot)
    window.answers.model.insert(0, [Rule("Now")])
    window.close()
    assert home.profile_file.read_text(encoding="utf-8") == "nonsense"


def test_the_toolbar_and_the_page_lead_to_each_other(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = loaded(make_window, qtbot)
    window.answers.model.insert(0, [Rule("One", answer=Answer(500))])
    hint = window.toolbar.rules
    assert hint.isVisible()
    qtbot.mouseClick(hint, Qt.MouseButton.LeftButton)
    page = window.answers.page
    assert page.isVisible()
    assert page.otherwise.words.text() == "200 accepted"
    window.toolbar.set_answer("403")
    assert page.otherwise.words.text() == "403 this user's token cannot receive pushes, final"
    rail = window.rail.findChild(QAbstractButton, "rail_pushes")
    assert isinstance(rail, QAbstractButton)
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton)
    assert window.pushes.isVisible()
    rail = window.rail.findChild(QAbstractButton, "rail_answers")
    assert isinstance(rail, QAbstractButton)
    assert rail.toolTip() == "Answers (Ctrl+5)"
    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton)
    assert page.isVisible()


def test_a_refused_handshake_is_offered_no_rule(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = loaded(make_window, qtbot)
    url = listen(window, qtbot)
    trust = Trust(system=False, extra_cas=window.workbench.vault.cas())
    window.workbench.send(Target(url=url, identity=None, trust=trust), b"{}")
    (row,) = incoming(window, qtbot, 1)
    assert row.kind is Kind.HANDSHAKE
    texts = [action.text() for action in window.pushes.table.menu_for(row, "text").actions()]
    assert not any("rule" in text or "Answer" in text for text in texts)
    window.pushes.table.select_id(row.id)
    assert not window.answers.page.head.try_push.isEnabled()
    window.answers.try_row(row)
    window.answers.answer_like(row)
    assert window.answers.model.rowCount() == 0


def test_every_preset_does_what_it_says_to_a_real_push(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = loaded(make_window, qtbot)
    url = listen(window, qtbot)
    model = window.answers.model
    seen: dict[str, int | str | None] = {}
    quick = [
        preset
        for preset in PRESETS
        if preset.answer.delay_seconds == 0
        and preset.answer.fault is not Fault.SILENCE
        and preset.share == 100
    ]
    assert len(quick) >= 9
    for preset in quick:
        model.replace_all([preset])
        qtbot.waitUntil(lambda: running_rules(window) == model.rules, timeout=LONG)
        result = send(window, url)
        seen[preset.name] = result.status if result.failure is None else result.failure.reason
    expected = {
        preset.name: "dropped" if preset.answer.fault is not Fault.NONE else preset.answer.status
        for preset in quick
    }
    assert seen == expected


def test_a_file_with_rules_is_dropped_on_the_page(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, three: tuple[Rule, ...]
) -> None:
    window = loaded(make_window, qtbot)
    window.show_answers()
    page = window.answers.page
    good, bad = tmp_path / "rules.json", tmp_path / "push.json"
    good.write_text("\ufeff" + rules_to_json(three), encoding="utf-8")
    bad.write_bytes(PUSH)

    def drop(path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        page.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
        page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))

    drop(good)
    qtbot.waitUntil(lambda: window.answers.model.rules == three, timeout=LONG)
    drop(bad)
    qtbot.waitUntil(page.notice.isVisible, timeout=LONG)
    assert page.notice.text.startswith(
        "push.json holds no rules. The rules are an object; a list was expected."
    )
    assert window.answers.model.rules == three
