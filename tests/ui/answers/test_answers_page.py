"""The page: what it shows without rules, adding, trying a push, the mark in the toolbar."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.history.model import Direction, Event, Kind, NewEvent
from inspector.listener.rule import Answer, Match, Rule
from inspector.listener.rule_match import RuleSubject
from inspector.listener.rule_presets import PRESETS
from inspector.ui.answers.page import AnswersPage
from inspector.ui.answers.rule_model import COLUMNS, TRIAL_ROLE, RuleModel
from inspector.ui.answers.rules_hint import RulesHint
from inspector.ui.answers.tried import Tried, rule_like, tried
from inspector.ui.theme import Theme

SUBJECT = RuleSubject(
    service="apns",
    brand="90588711",
    conversation="13a1ca79",
    device_token="0140",
    path="/push",
    text="My Test: 123",
    retry_key=None,
)


@pytest.fixture
def push() -> Tried:
    return Tried(7, "Push #7", "iOS", SUBJECT)


def reasons(model: RuleModel) -> list[str]:
    return [model.index(row, COLUMNS.index("trial")).data() for row in range(model.rowCount())]


def test_the_parts_have_their_names(page: AnswersPage, model: RuleModel, three: tuple[Rule, ...]) -> None:
    model.replace_all(three)
    assert page.objectName() == "answers_view"
    for kind, name in (
        (QTableView, "rules_table"),
        (QWidget, "rule_editor"),
        (QPushButton, "rules_add"),
        (QPushButton, "rules_try"),
    ):
        part = page.findChild(kind, name)
        assert isinstance(part, kind)
        assert part.isVisible()
        assert part.accessibleName()


def test_without_rules_the_presets_are_the_next_thing(
    page: AnswersPage, model: RuleModel, qtbot: QtBot
) -> None:
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    assert not page.head.add.isVisible()
    assert [button.text() for button in page.empty.buttons] == [preset.name for preset in PRESETS]
    page.empty.buttons[3].setFocus()
    qtbot.keyClick(page.empty.buttons[3], Qt.Key.Key_Space)
    assert model.rules == (PRESETS[3],)
    assert not page.empty.isVisible()
    assert page.editor.name.hasFocus()
    assert page.editor.name.selectedText() == PRESETS[3].name
    page.deeds.delete()
    qtbot.mouseClick(page.empty.begin_empty, Qt.MouseButton.LeftButton)
    assert [rule.name for rule in model.rules] == ["New rule"]


def test_rules_are_added_below_the_one_looked_at(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    model.replace_all(three)
    menu = page.head.add.menu()
    assert menu is not None
    actions: dict[str, QAction] = {action.text().replace("&&", "&"): action for action in menu.actions()}
    assert set(actions) >= {"Empty rule", *(preset.name for preset in PRESETS)}
    actions[PRESETS[0].name].trigger()
    assert [rule.name for rule in model.rules] == ["One brand", PRESETS[0].name, "Twice", "Reset"]
    actions["Empty rule"].trigger()
    assert model.rule(2).name == "New rule"
    assert page.table.current_row == 2


def test_a_push_is_tried_and_the_rule_that_fires_is_shown(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], push: Tried
) -> None:
    model.replace_all((Rule("Elsewhere", Match(path="/other")), *three))
    page.show_otherwise("200 accepted")
    page.try_push(push)
    assert page.trial.isVisible()
    assert page.trial.outcome.text().startswith("“One brand” fires: 403")
    assert page.table.current_row == 1
    assert [model.index(row, 0).data(TRIAL_ROLE).fires for row in range(4)] == [False, True, False, False]
    assert "/push does not fit /other" in reasons(model)[0]
    assert "switched off" in reasons(model)[3]
    assert not page.table.isColumnHidden(COLUMNS.index("trial"))
    page.trial.close_trial.click()
    assert not page.trial.isVisible()
    assert page.table.isColumnHidden(COLUMNS.index("trial"))
    assert reasons(model) == [""] * 4


def test_the_trial_follows_what_is_changed(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], push: Tried
) -> None:
    model.replace_all(three)
    page.show_otherwise("200 accepted")
    page.try_push(push)
    model.set_enabled(0, enabled=False)
    assert page.trial.outcome.text() == "“Twice” may fire; else no rule does: 200 accepted"
    model.delete([1])
    assert page.trial.outcome.text() == "No rule fires: 200 accepted"
    page.show_otherwise("500 error while processing, sent again")
    assert page.trial.outcome.text() == "No rule fires: 500 error while processing, sent again"
    model.replace_all((Rule("Bad", answer=Answer(99)),))
    assert reasons(model) == ["It can't be followed yet: see what is wrong with it."]


def test_the_otherwise_line_tells_the_toolbars_answer(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    model.replace_all(three)
    page.show_otherwise("403 no")
    assert page.otherwise.words.text() == "403 no"
    assert model.rowCount() == 3
    with qtbot.waitSignal(page.otherwise_wanted):
        qtbot.mouseClick(page.otherwise.change, Qt.MouseButton.LeftButton)


def test_the_menu_offers_what_the_keys_do(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    model.replace_all(three)
    menu = page.menu()
    actions = {action.text(): action for action in menu.actions()}
    assert list(filter(None, actions)) == [
        "Edit\tEnter",
        "Switch off\tSpace",
        "Duplicate\tCtrl+D",
        "Move up\tAlt+Up",
        "Move down\tAlt+Down",
        "Copy as JSON\tCtrl+C",
        "Paste\tCtrl+V",
        "Delete\tDel",
    ]
    assert not actions["Move up\tAlt+Up"].isEnabled()
    actions["Move down\tAlt+Down"].trigger()
    assert [rule.name for rule in model.rules] == ["Twice", "One brand", "Reset"]


def test_a_rule_like_a_push_is_for_its_service_brand_and_conversation() -> None:
    rule = rule_like(SUBJECT)
    assert rule.match == Match(service="apns", brand="90588711", conversation="13a1ca79")
    assert rule.name == "Like conversation 13a1ca79"


def test_only_a_push_can_be_tried() -> None:
    push = NewEvent(Kind.PUSH, Direction.IN, 0, service=Service.FCM, brand_id="9", message="m " * 90)
    handshake = NewEvent(Kind.HANDSHAKE, Direction.IN, 0, reason="unknown_issuer")

    def event(written: NewEvent) -> Event:
        return Event(3, 1, None, 1, 0, written)

    assert tried(None) is None
    assert tried(event(handshake)) is None
    found = tried(event(push))
    assert found is not None
    assert found.title == "Push #3"
    assert found.words.endswith("…”")
    assert found.subject.service == "fcm"


def test_the_toolbar_says_that_rules_are_active(theme: Theme, qtbot: QtBot, three: tuple[Rule, ...]) -> None:
    hint = RulesHint(theme)
    qtbot.addWidget(hint)
    hint.show_rules(())
    assert hint.isHidden()
    hint.show_rules([Rule("Fine")])
    assert not hint.isHidden()
    assert hint.text() == "1 rule"
    assert hint.property("tone") == "plain"
    hint.show_rules(three[:2])
    assert hint.accessibleName() == "Rules: 2 active"
    assert hint.property("tone") == "warn"
    assert "One brand" in hint.toolTip()
    hint.show_rules([Rule(f"Rule {number}") for number in range(12)])
    assert "and 4 more" in hint.toolTip()
