"""The table's keys, dragging and clicks."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.listener.rule import Answer, Match, Rule
from inspector.listener.rule_json import rules_from_json
from inspector.ui.answers.page import AnswersPage
from inspector.ui.answers.rule_model import COLUMNS, RuleModel

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def names(page: AnswersPage) -> list[str]:
    return [rule.name for rule in page.table.model().rules]  # type: ignore[attr-defined] # it is a RuleModel


def filled(page: AnswersPage, model: RuleModel, rules: tuple[Rule, ...]) -> None:
    model.replace_all(rules)
    page.table.setFocus()
    assert page.table.current_row == 0


def test_a_rule_is_moved_by_keys_and_stays_the_one_looked_at(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, ALT)
    assert names(page) == ["Twice", "One brand", "Reset"]
    assert page.table.current_row == 1
    assert page.editor.rule.name == "One brand"
    qtbot.keyClick(page.table, Qt.Key.Key_Down, ALT)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, ALT)
    assert names(page) == ["Twice", "Reset", "One brand"]
    qtbot.keyClick(page.table, Qt.Key.Key_Up, ALT)
    assert names(page) == ["Twice", "One brand", "Reset"]


def test_space_switches_all_that_are_chosen(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert [rule.enabled for rule in model.rules] == [False, True, False]
    qtbot.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert [rule.enabled for rule in model.rules] == [True, True, True]
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert [rule.enabled for rule in model.rules] == [False, False, False]


def test_a_click_on_the_check_mark_switches_one(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    spot = page.table.visualRect(model.index(1, COLUMNS.index("on"))).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert [rule.enabled for rule in model.rules] == [True, False, False]
    assert page.table.current_row == 1


def test_delete_can_be_undone_by_key_and_by_button(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert names(page) == ["Twice", "Reset"]
    assert "One brand" in page.notice.text
    assert page.table.current_row == 0
    qtbot.keyClick(page.table, Qt.Key.Key_Z, CONTROL)
    assert names(page) == ["One brand", "Twice", "Reset"]
    assert not page.notice.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert names(page) == []
    assert page.empty.isVisible()
    page.deeds.undo_delete()
    assert names(page) == ["One brand", "Twice", "Reset"]


def test_duplicates_stand_below_under_names_of_their_own(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_D, CONTROL)
    assert names(page) == ["One brand", "One brand 2", "Twice", "Reset"]
    assert model.rule(1).answer == model.rule(0).answer
    assert page.table.current_row == 1


def test_rules_are_copied_and_pasted_as_json(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    with qtbot.waitSignal(page.message) as said:
        qtbot.keyClick(page.table, Qt.Key.Key_C, CONTROL)
    assert said.args == ["Copied 3 rules as JSON"]
    text = QGuiApplication.clipboard().text()
    assert rules_from_json(text) == three
    assert len(json.loads(text)) == 3
    model.replace_all(())
    page.deeds.paste()
    assert model.rules == three
    qtbot.keyClick(page.table, Qt.Key.Key_V, CONTROL)
    assert len(names(page)) == 6
    assert len(set(names(page))) == 6
    assert len(page.table.chosen_rows) == 3


def test_copying_a_device_token_is_said(page: AnswersPage, model: RuleModel, qtbot: QtBot) -> None:
    filled(page, model, (Rule("Secret", Match(device_token="t")),))
    with qtbot.waitSignal(page.message) as said:
        page.deeds.copy()
    assert said.args == ["Copied “Secret” as JSON, the device token too"]


def test_what_is_no_rule_is_refused_in_one_line_and_nothing_changes(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qapp: QApplication
) -> None:
    filled(page, model, three)
    for text in (
        "",
        "hello",
        '{"name": "x"}',
        '[{"name": "x", "statu": 3}]',
        '[{"name":"x","answer":{"status":99}}]',
    ):
        qapp.clipboard().setText(text)
        page.deeds.paste()
        assert page.notice.isVisible()
        assert page.notice.text.startswith("What is on the clipboard holds no rules.")
        assert model.rules == three


def test_enter_goes_to_the_editor_and_back(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...], qtbot: QtBot
) -> None:
    filled(page, model, three)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.editor.name.hasFocus()
    qtbot.keyClick(page.editor.name, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_End)
    assert page.table.current_row == 2
    qtbot.keyClick(page.table, Qt.Key.Key_Home)
    assert page.table.current_row == 0


def test_a_rule_is_dragged_to_another_place(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    filled(page, model, three)

    def drop_below(row: int) -> None:
        spot = page.table.visualRect(model.index(row, 1)).bottomLeft()
        data = model.mimeData([model.index(page.table.current_row, 1)])
        assert isinstance(data, QMimeData)
        event = _Drop(page, QPointF(spot.x() + 20, spot.y() - 2), data)
        page.table.dropEvent(event)

    drop_below(2)
    assert names(page) == ["Twice", "Reset", "One brand"]
    assert page.table.current_row == 2
    drop_below(0)
    assert names(page) == ["Twice", "One brand", "Reset"]


class _Drop(QDropEvent):
    """A drop that comes from the table itself, as one dragged by hand does."""

    def __init__(self, page: AnswersPage, place: QPointF, data: QMimeData) -> None:
        super().__init__(
            place,
            Qt.DropAction.MoveAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        self._page = page

    def source(self) -> QObject:
        return self._page.table


def test_the_columns_fill_the_table_at_every_width(
    page: AnswersPage, model: RuleModel, three: tuple[Rule, ...]
) -> None:
    filled(page, model, (*three, Rule("Long " * 20, answer=Answer(403))))
    for width in (1340, 1180, 980, 720):
        page.resize(width, 700)
        QApplication.processEvents()
        for trial in (False, True):
            page.table.show_trial(shown=trial)
            widths = [page.table.columnWidth(place) for place in range(len(COLUMNS))]
            assert abs(sum(widths) - page.table.viewport().width()) <= 2, (width, trial, widths)
