"""The editor: every field reaches the rule, what is wrong stands at its field, nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.ui.answers.page import AnswersPage
from inspector.ui.answers.rule_model import RuleModel
from inspector.ui.certificates.note import Note


@pytest.fixture
def edited(page: AnswersPage, model: RuleModel) -> AnswersPage:
    """The page with one plain rule in its editor."""
    model.replace_all((Rule("Plain"),))
    return page


def choose(combo: QComboBox, words: str) -> None:
    place = combo.findText(words)
    assert place >= 0
    combo.setCurrentIndex(place)


def notes(page: AnswersPage) -> list[str]:
    shown = page.editor.findChildren(Note)
    return [note.message.text() for note in shown if note.isVisible()]


def test_every_field_reaches_the_rule(edited: AnswersPage, model: RuleModel, qtbot: QtBot) -> None:
    editor = edited.editor
    editor.take_focus()
    qtbot.keyClicks(editor.name, "Mine")
    choose(editor.match.service, "Huawei")
    qtbot.keyClicks(editor.match.brand, "9*")
    qtbot.keyClicks(editor.match.conversation, "13a1")
    qtbot.keyClicks(editor.match.token.line, "0140")
    qtbot.keyClicks(editor.match.path, "/p")
    qtbot.keyClicks(editor.match.text, "hello")
    choose(editor.match.often, "Only the first times")
    editor.match.first.setValue(3)
    editor.match.per_message.setChecked(True)
    editor.match.share.setValue(12.5)
    choose(editor.answer.fault, "Answer half, then close")
    editor.answer.status.combo.setEditText("418")
    editor.answer.delay.setValue(250)
    editor.answer.fail_first.setValue(1)
    editor.answer.headers.setPlainText("X-One: 1\nX-Two: 2")
    editor.answer.body.setPlainText("a\u00a0b")
    assert model.rule(0) == Rule(
        "Mine",
        Match("huawei", "9*", "13a1", "0140", "/p", "hello"),
        Answer(418, 0.25, 1, headers=(("X-One", "1"), ("X-Two", "2")), body="a\u00a0b", fault=Fault.TRUNCATE),
        share=12.5,
        first=3,
        per_message=True,
    )
    assert notes(edited) == []


def test_a_rule_is_shown_whole_and_only_looking_changes_nothing(
    page: AnswersPage, model: RuleModel, qtbot: QtBot
) -> None:
    rules = (
        Rule("A", Match("FCM ", "b", "c", "d", "/e", "f"), Answer(503, 1.5, 2), 33.333, 4, True),
        Rule("B", Match("sms"), Answer(fault=Fault.SILENCE, headers=(("X", "1"),), body="kept")),
        Rule("C", answer=Answer(drop=True)),
        Rule("D", answer=Answer(0, headers=(("no colon ", ""),)), share=0),
        Rule("E", answer=Answer(200, delay_seconds=0.0005)),
    )
    changed: list[object] = []
    page.editor.edited.connect(changed.append)
    model.replace_all(rules)
    for row in range(len(rules)):
        page.table.choose(row)
        assert page.editor.rule == rules[row]
    assert changed == []
    assert model.rules == rules


def test_typing_is_never_disturbed_by_what_is_shown(
    edited: AnswersPage, model: RuleModel, qtbot: QtBot
) -> None:
    share = edited.editor.match.share
    share.setFocus()
    share.selectAll()
    qtbot.keyClicks(share, "2.5")
    assert model.rule(0).share == 2.5
    status = edited.editor.answer.status.combo
    line = status.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert model.rule(0).answer.status == 0
    assert any("can't be answered" in note for note in notes(edited))
    qtbot.keyClicks(line, "40x3")
    assert model.rule(0).answer.status == 403
    assert notes(edited) == []
    headers = edited.editor.answer.headers
    qtbot.keyClicks(headers, "Retry-After 5")
    assert headers.toPlainText() == "Retry-After 5"
    assert notes(edited) == ["“Retry-After 5” has no colon: write Name: value."]
    assert model.active == ()
    for _ in range(2):
        qtbot.keyClick(headers, Qt.Key.Key_Backspace)
    qtbot.keyClicks(headers, ": 5")
    assert notes(edited) == []
    assert model.rule(0).answer.headers == (("Retry-After", "5"),)


def test_an_unsound_rule_is_kept_but_not_active_and_its_field_is_marked(
    edited: AnswersPage, model: RuleModel, qtbot: QtBot
) -> None:
    edited.editor.name.selectAll()
    qtbot.keyClick(edited.editor.name, Qt.Key.Key_Backspace)
    assert edited.editor.name.property("state") == "bad"
    assert notes(edited) == ["The rule has no name."]
    assert edited.editor.name.accessibleDescription() == "The rule has no name."
    assert model.active == ()
    assert "1 can't be followed yet" in edited.head.summary.text()
    qtbot.keyClicks(edited.editor.name, "x")
    assert edited.editor.name.property("state") == ""
    assert len(model.active) == 1


def test_a_documented_status_is_chosen_and_its_meaning_told(edited: AnswersPage, model: RuleModel) -> None:
    status = edited.editor.answer.status
    place = next(at for at in range(status.combo.count()) if status.combo.itemData(at) == 401)
    assert status.combo.itemText(place) == "401  service token or auth key denied, final"
    status.combo.setCurrentIndex(place)
    assert model.rule(0).answer.status == 401
    assert status.combo.currentText() == "401"
    assert status.meaning.text() == "service token or auth key denied, final"


def test_only_what_a_fault_has_a_use_for_is_shown_and_the_rest_is_kept(
    edited: AnswersPage, model: RuleModel
) -> None:
    answer = edited.editor.answer
    answer.body.setPlainText("kept")
    choose(answer.fault, "Reset the connection")
    assert not answer.status.isVisible()
    assert not answer.body.isVisible()
    assert answer.delay.isVisible()
    assert notes(edited) == []
    choose(answer.fault, "Never answer")
    assert not answer.delay.isVisible()
    choose(answer.fault, "Answer with a status")
    assert answer.status.isVisible()
    assert answer.body.toPlainText() == "kept"
    assert model.rule(0).answer.body == "kept"


def test_a_device_token_is_hidden_until_it_is_asked_for(
    page: AnswersPage, model: RuleModel, qtbot: QtBot
) -> None:
    model.replace_all((Rule("A", Match(device_token="0140")), Rule("B", Match(device_token="0141"))))
    token = page.editor.match.token
    assert token.line.echoMode() is QLineEdit.EchoMode.Password
    token.reveal.setFocus()
    qtbot.keyClick(token.reveal, Qt.Key.Key_Space)
    assert token.line.echoMode() is QLineEdit.EchoMode.Normal
    page.table.choose(1)
    assert token.line.echoMode() is QLineEdit.EchoMode.Password


def test_every_control_is_named_and_reached_by_tab(edited: AnswersPage, qtbot: QtBot) -> None:
    choose(edited.editor.match.often, "Only the first times")
    edited.editor.take_focus()
    reached: list[QWidget] = []
    for _ in range(18):
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.append(widget)
        assert widget.accessibleName() or (isinstance(widget, QCheckBox) and widget.text()), widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    wanted = [
        widget
        for kind in (QLineEdit, QComboBox, QPlainTextEdit)
        for widget in edited.editor.findChildren(kind)
        if widget.isVisible() and widget.objectName().startswith("rule_")
    ]
    assert len(wanted) >= 12
    assert set(wanted) <= set(reached)


def test_the_wheel_scrolls_and_changes_nothing(edited: AnswersPage, model: RuleModel) -> None:
    before = model.rule(0)
    inputs = [*edited.editor.findChildren(QComboBox), *edited.editor.findChildren(QAbstractSpinBox)]
    assert len(inputs) >= 7
    for widget in inputs:
        place = QPointF(widget.rect().center())
        event = QWheelEvent(
            place,
            widget.mapToGlobal(place),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
    assert model.rule(0) == before


def test_the_tab_key_leaves_the_editor(edited: AnswersPage, qtbot: QtBot) -> None:
    editor = edited.editor
    editor.take_focus()
    reached = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        if not editor.isAncestorOf(focus):
            break
        reached.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    else:
        pytest.fail("the fields are a ring without a way out")
    assert len(set(reached)) == len(reached) > 12
    assert reached[-1] is editor.answer.body
