"""The rules in their order: names, moves, what is active, what was deleted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.listener.rule import Answer, Match, Rule
from inspector.ui.answers.rule_model import COLUMNS, JUDGEMENT_ROLE, RuleModel


def names(model: RuleModel) -> list[str]:
    return [rule.name for rule in model.rules]


def test_the_model_keeps_qts_rules(
    qtbot: QtBot, qtmodeltester: ModelTester, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    qtmodeltester.check(model)
    model.insert(0, three)
    model.move(0, 2)
    model.move(2, 1)
    model.delete([0, 2])
    model.undo_delete()
    model.replace_all(three)
    model.change(1, Rule("Other"))
    qtmodeltester.check(model)


def test_a_rule_moves_up_and_down_and_not_out_of_the_list(
    qtbot: QtBot, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    model.replace_all(three)
    assert model.move(0, 1)
    assert names(model) == ["Twice", "One brand", "Reset"]
    assert model.move(2, 0)
    assert names(model) == ["Reset", "Twice", "One brand"]
    assert not model.move(0, -1)
    assert not model.move(2, 3)
    assert not model.move(1, 1)


def test_every_rule_has_a_name_of_its_own(qtbot: QtBot, model: RuleModel) -> None:
    model.insert(0, [Rule("Reset")])
    model.insert(1, [Rule("Reset"), Rule("reset")])
    model.insert(0, [Rule("Reset 2")])
    assert names(model) == ["Reset 4", "Reset", "Reset 2", "reset 3"]


def test_what_was_deleted_comes_back_where_it_was_and_undoes_nothing_else(
    qtbot: QtBot, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    model.replace_all(three)
    model.delete([0, 2])
    model.change(0, Rule("Changed since", answer=Answer(401)))
    assert model.undo_delete() == 0
    assert names(model) == ["One brand", "Changed since", "Reset"]
    assert model.undo_delete() is None
    model.delete([2])
    model.delete([0, 1])
    model.undo_delete()
    model.undo_delete()
    assert names(model) == ["One brand", "Changed since", "Reset"]


def test_only_sound_rules_that_are_on_are_active(
    qtbot: QtBot, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    unsound = Rule("No such status", answer=Answer(99))
    model.replace_all((*three, unsound))
    assert [rule.name for rule in model.active] == ["One brand", "Twice"]
    assert [rule.enabled for rule in model.as_followed] == [True, True, False, False]
    assert model.unsound == 1
    assert model.rules[3] == unsound
    model.set_enabled(2, enabled=True)
    assert [rule.name for rule in model.active] == ["One brand", "Twice", "Reset"]


def test_what_is_wrong_is_told_by_field_and_what_is_odd_about_the_place_apart(
    qtbot: QtBot, model: RuleModel
) -> None:
    model.replace_all(
        (
            Rule("All", answer=Answer(200)),
            Rule("Never asked", Match(text="a*b"), Answer(99)),
        )
    )
    judgement = model.index(1, 0).data(JUDGEMENT_ROLE)
    assert list(judgement.faults) == ["answer.status"]
    assert list(judgement.doubts) == ["match.text"]
    assert "All takes every push before" in judgement.place
    assert not judgement.sound
    assert model.judgement(0).sound
    assert model.judgement(0).words == ""


def test_the_check_mark_switches_a_rule(qtbot: QtBot, model: RuleModel, three: tuple[Rule, ...]) -> None:
    model.replace_all(three)
    index = model.index(0, COLUMNS.index("on"))
    with qtbot.waitSignal(model.rules_changed):
        assert model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert not model.rule(0).enabled
    assert not model.setData(model.index(0, 1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def test_a_device_token_is_in_no_cell(qtbot: QtBot, model: RuleModel) -> None:
    model.replace_all((Rule("Secret", Match(device_token="deadbeef01")),))
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
    texts = [str(model.index(0, place).data(role)) for place in range(len(COLUMNS)) for role in roles]
    assert not any("deadbeef" in text for text in texts)
    assert any("device token" in text for text in texts)
