"""The form beside the text: what one says the other says, one undo serves both, and nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from inspector import resources
from inspector.contract.form_model import Group
from inspector.contract.paths import parse_path
from inspector.ui.composer.fields.growing_text import GrowingText
from inspector.ui.composer.fields.other_inputs import ChoiceInput, ElsewhereInput, FlagInput
from inspector.ui.composer.fields.row import FieldRow
from inspector.ui.composer.fields.text_inputs import NumberInput, TextInput
from inspector.ui.composer.push_form import PushForm
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LONG = 10_000


class Stage:
    """A form and its editor in a window."""

    def __init__(self, qtbot: QtBot, worker: Worker, theme: Theme) -> None:
        self._qtbot = qtbot
        self.window = QSplitter()
        self.editor = JsonEditor(theme, worker, variables=True)
        self.form = PushForm(self.editor, worker, theme)
        self.window.addWidget(self.form)
        self.window.addWidget(self.editor)
        self.window.resize(900, 700)
        qtbot.addWidget(self.window)
        self.window.show()

    def open(self, text: str) -> None:
        self.editor.setPlainText(text)
        self.read()

    def template(self, name: str) -> None:
        self.open(resources.read_text(f"templates/{name}.json"))

    def read(self) -> None:
        with self._qtbot.waitSignal(self.form.was_read, timeout=LONG):
            self.form.read()

    def row(self, path: str) -> FieldRow:
        row = self.form.row(parse_path(path))
        assert row is not None
        return row

    def edit(self, path: str) -> GrowingText:
        taken = self.row(path).input
        assert isinstance(taken, TextInput)
        return taken.edit

    def write(self, path: str, text: str) -> None:
        """As a person: into the field, in the place of what is there."""
        edit = self.edit(path)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)

    def document(self) -> object:
        return json.loads(self.editor.text())


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    theme = Theme(qapp, Scheme.LIGHT)
    theme.dress()
    worker = Worker("form-test")
    made = Stage(qtbot, worker, theme)
    yield made
    made.form.close_down()
    worker.close()
    theme.deleteLater()
    qapp.setStyleSheet("")


def test_typing_in_a_field_changes_its_value_alone(stage: Stage) -> None:
    stage.template("ios")
    before = stage.editor.text()
    stage.write("aps.alert", 'Say "hi"')
    assert stage.editor.text() == before.replace("My Test: 123", 'Say \\"hi\\"')
    stage.read()
    assert stage.edit("aps.alert").text() == 'Say "hi"'
    assert stage.edit("aps.alert").hasFocus()


def test_a_visit_of_a_field_is_one_step_of_undo(stage: Stage) -> None:
    stage.template("ios")
    before = stage.editor.text()
    stage.write("aps.alert", "first")
    after_first = stage.editor.text()
    stage.write("brandId", "second")
    stage.read()
    QTest.keyClick(stage.edit("brandId"), KEY.Key_Z, CTRL)
    assert stage.editor.text() == after_first
    stage.editor.undo()
    assert stage.editor.text() == before
    stage.editor.redo()
    stage.editor.redo()
    stage.read()
    assert stage.edit("brandId").text() == "second"


def test_typing_in_the_text_between_is_a_step_of_its_own(stage: Stage) -> None:
    stage.open('{"push-service":1,"notificationType":"apn","badge":1,"x":"a"}')
    before = stage.editor.text()
    stage.write("x", "b")
    stage.editor.show_place(stage.editor.text().index(',"badge"'))
    QTest.keyClicks(stage.editor, " ")
    spaced = stage.editor.text()
    QTest.keyClicks(stage.edit("x"), "c")  # the focus never left, the text is another
    assert stage.editor.text() == spaced.replace('"b"', '"bc"')
    stage.editor.undo()
    assert stage.editor.text() == spaced
    stage.editor.undo()
    stage.editor.undo()
    assert stage.editor.text() == before


def test_a_text_that_is_no_json_makes_the_form_wait(stage: Stage, qtbot: QtBot) -> None:
    stage.template("ios")
    stage.editor.show_place(stage.editor.text().index('"sound"'))
    with qtbot.waitSignal(stage.form.was_read, timeout=LONG):
        QTest.keyClicks(stage.editor, "x")
    assert stage.form.note.message.text() == "The text is not JSON at line 4: the form waits."
    assert not stage.form.content.isEnabled()
    assert stage.edit("aps.alert").text() == "My Test: 123"
    stage.editor.show_place(0)
    QTest.mouseClick(stage.form.show_place, Qt.MouseButton.LeftButton)
    assert stage.editor.textCursor().blockNumber() == 3
    with qtbot.waitSignal(stage.form.was_read, timeout=LONG):
        stage.editor.undo()
    assert stage.form.content.isEnabled()
    assert stage.form.waiting.isHidden()


def test_a_field_before_the_pause_is_over_writes_nothing_into_what_is_no_json(stage: Stage) -> None:
    stage.template("ios")
    stage.editor.insertPlainText("x")
    broken = stage.editor.text()
    QTest.keyClicks(stage.edit("aps.alert"), "y")
    assert stage.editor.text() == broken
    assert "line 1" in stage.form.note.message.text()
    assert stage.edit("aps.alert").text().count("y") > "My Test: 123".count("y")


def test_variables_show_and_can_be_typed_for_numbers(stage: Stage) -> None:
    stage.open('{"push-service": 1, "notificationType": "apn", "badge": {{badge}}, "sequence": 8}')
    assert stage.edit("badge").text() == "{{badge}}"
    stage.write("sequence", "{{seq}}")
    assert stage.editor.text().endswith('"badge": {{badge}}, "sequence": {{seq}}}')
    stage.write("badge", "7")
    assert '"badge": 7,' in stage.editor.text()


def test_what_is_no_number_stays_in_the_field_with_a_word_about_it(stage: Stage) -> None:
    stage.template("ios")
    before = stage.editor.text()
    edit = stage.edit("badge")
    edit.selectAll()
    QTest.keyClick(edit, KEY.Key_Delete)
    QTest.keyClicks(edit, "-")
    assert stage.editor.text() == before
    assert "the text keeps 1" in edit.accessibleDescription()
    stage.read()
    assert edit.text() == "-"
    QTest.keyClicks(edit, "4")
    assert '"badge": -4' in stage.editor.text()
    assert "keeps" not in edit.accessibleDescription()


def test_a_number_that_becomes_something_else_keeps_its_field(stage: Stage) -> None:
    stage.template("ios")
    edit = stage.edit("badge")
    stage.write("badge", "true")
    stage.read()
    assert stage.edit("badge") is edit
    assert edit.property("state") == "bad"
    assert "whole number" in edit.accessibleDescription()


def test_one_more_and_one_less(stage: Stage) -> None:
    stage.template("ios")
    taken = stage.row("sequence").input
    assert isinstance(taken, NumberInput)
    for button in (taken.more, taken.more, taken.less):
        QTest.keyClick(button, KEY.Key_Space)
    assert '"sequence": 9,' in stage.editor.text()


def test_the_service_sets_both_keys_in_one_step(stage: Stage) -> None:
    stage.template("ios")
    before = stage.editor.text()
    QTest.keyClick(stage.form.service.combo, KEY.Key_Down)
    stage.read()
    assert '"push-service": 2,' in stage.editor.text()
    assert '"notificationType": "gcm"' in stage.editor.text()
    assert stage.form.sections[Group.MESSAGE].isVisible()
    stage.editor.undo()
    assert stage.editor.text() == before


def test_services_that_contradict_each_other_show_both_keys(stage: Stage) -> None:
    stage.template("bad-conflicting-service")
    assert stage.form.service.combo.currentIndex() == -1
    assert stage.edit("notificationType").text() == "gcm"
    QTest.keyClick(stage.form.service.combo, KEY.Key_Home)
    stage.read()
    assert stage.form.row(("notificationType",)) is None


def test_an_alert_becomes_an_object_and_a_text_again(stage: Stage) -> None:
    stage.template("ios")
    combo = stage.form.alert.combo
    QTest.keyClick(combo, KEY.Key_Down)
    stage.read()
    assert '"alert": {"title": "", "body": "My Test: 123"}' in stage.editor.text()
    stage.write("aps.alert.title", "T")
    stage.read()
    QTest.keyClick(combo, KEY.Key_Up)
    stage.read()
    assert stage.edit("aps.alert").text() == "My Test: 123"
    QTest.keyClick(combo, KEY.Key_Up)
    assert '"alert"' not in stage.editor.text()


def test_sounds(stage: Stage) -> None:
    stage.template("ios")
    combo = stage.form.sound.combo
    QTest.keyClick(combo, KEY.Key_Down)
    stage.read()
    stage.write("aps.sound", "bell.caf")
    stage.read()
    QTest.keyClick(combo, KEY.Key_Down)
    stage.read()
    assert '{"critical": 1, "name": "bell.caf", "volume": 1.0}' in stage.editor.text()
    stage.write("aps.sound.volume", "0.5")
    assert '"volume": 0.5' in stage.editor.text()
    QTest.keyClick(combo, KEY.Key_Home)
    stage.read()
    assert '"sound"' not in stage.editor.text()


def test_flags_come_and_go(stage: Stage) -> None:
    stage.template("ios")
    before = stage.editor.text()
    taken = stage.row("aps.content-available").input
    assert isinstance(taken, FlagInput)
    QTest.keyClick(taken.box, KEY.Key_Space)
    assert '    "sound": "default",\n    "content-available": 1\n' in stage.editor.text()
    stage.read()
    QTest.keyClick(taken.box, KEY.Key_Space)
    assert stage.editor.text() == before


def test_a_field_is_added_and_taken_away_with_the_keyboard(stage: Stage, qtbot: QtBot) -> None:
    stage.template("ios")
    before = stage.editor.text()
    section = stage.form.sections[Group.ALERT]
    menu = section.add.menu()
    menu.aboutToShow.emit()
    action = next(one for one in menu.actions() if one.text() == "aps.interruption-level")
    with qtbot.waitSignal(stage.form.was_read, timeout=LONG):
        action.trigger()
    taken = stage.row("aps.interruption-level").input
    assert isinstance(taken, ChoiceInput)
    assert taken.combo.hasFocus()
    QTest.keyClick(taken.combo, KEY.Key_Down)
    assert '"interruption-level": "time-sensitive"' in stage.editor.text()
    QTest.keyClick(stage.row("aps.interruption-level").remove, KEY.Key_Space)
    assert stage.editor.text() == before


def test_a_new_uuid(stage: Stage) -> None:
    stage.template("ios")
    QTest.keyClick(stage.row("dialogId").input.buttons()[0], KEY.Key_Space)
    made = json.loads(stage.editor.text())["dialogId"]
    assert made != "13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3"
    assert str(UUID(made)) == made


def test_a_missing_field_is_added_by_typing(stage: Stage) -> None:
    stage.open('{"push-service": 1, "notificationType": "apn"}')
    stage.write("brandId", "9058")
    assert stage.editor.text() == '{"push-service": 1, "notificationType": "apn", "brandId": "9058"}'


def test_what_no_field_holds_is_shown_in_the_text(stage: Stage) -> None:
    stage.template("bad-payload-as-text")
    taken = stage.row("data.payload").input
    assert isinstance(taken, ElsewhereInput)
    QTest.keyClick(taken.button, KEY.Key_Space)
    assert stage.editor.textCursor().selectedText().startswith('"{\\"backendService')
    assert stage.editor.hasFocus()


def test_unknown_keys_are_kept_and_can_be_changed(stage: Stage) -> None:
    stage.open('{"aps":{"alert":"a","new":1.50},"z":"é\\u00e9","o":{"k":[1]}}')
    stage.write("z", "x")
    stage.write("aps.new", "2.50")
    assert stage.editor.text() == '{"aps":{"alert":"a","new":2.50},"z":"x","o":{"k":[1]}}'


@pytest.mark.parametrize("value", ["👩‍👩‍👧 é", "שלום", "a\nb\nc", "no\u00a0break", '\\ " /'])
def test_every_text_goes_both_ways(stage: Stage, value: str) -> None:
    stage.open(json.dumps({"aps": {"alert": value}, "push-service": 1, "notificationType": "apn"}))
    assert stage.edit("aps.alert").text() == value
    stage.edit("aps.alert").replace_text(f"{value}😀{value}")
    assert json.loads(stage.editor.text())["aps"]["alert"] == f"{value}😀{value}"
    stage.editor.undo()
    assert json.loads(stage.editor.text())["aps"]["alert"] == value


def test_a_field_is_as_tall_as_its_text(stage: Stage) -> None:
    stage.template("ios")
    edit = stage.edit("aps.alert")
    one = edit.height()
    edit.replace_text("a\nb\nc")
    three = edit.height()
    edit.replace_text("\n" * 40)
    assert one < three < edit.height() < 200


def test_every_control_has_a_name_and_the_tab_key_reaches_it(stage: Stage) -> None:
    stage.template("ios-critical")
    for row in (row for section in stage.form.sections.values() for row in section.rows()):
        main = row.input.main()
        assert main.accessibleName() == row.field.name
        assert main.objectName() == f"composer_field_{row.field.name}"
        assert main.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_tab_goes_down_the_form(stage: Stage, qtbot: QtBot) -> None:
    stage.template("ios-rich")
    qtbot.waitUntil(stage.edit("sequence").isVisible)
    stage.form.service.combo.setFocus()
    order = []
    for _ in range(80):
        focus = QApplication.focusWidget()
        if focus is None or focus is stage.editor:
            break
        order.append(focus.objectName())
        QTest.keyClick(focus, KEY.Key_Tab)
    fields = [name for name in order if name.startswith("composer_field_")]
    shown = [
        f"composer_field_{row.field.name}"
        for section in stage.form.sections.values()
        for row in section.rows()
    ]
    assert fields == shown


def test_a_line_that_makes_typing_slow_can_be_laid_out(stage: Stage, qtbot: QtBot) -> None:
    text = json.dumps({"aps": {"alert": "a"}, "rows": list(range(5000))})
    stage.open(text)
    assert stage.form.note.message.text() == f"A line of {len(text):,} characters makes typing slow."
    assert stage.form.content.isEnabled()
    with qtbot.waitSignal(stage.form.was_read, timeout=LONG):
        QTest.keyClick(stage.form.lay_out, KEY.Key_Space)
    assert stage.form.waiting.isHidden()
    stage.editor.undo()
    assert stage.editor.text() == text


def test_the_tab_key_comes_into_the_form_and_goes_on_behind_it(stage: Stage, qtbot: QtBot) -> None:
    before = QPushButton("Before", stage.window)
    stage.window.addWidget(before)
    QWidget.setTabOrder(before, stage.editor)
    stage.form.stand_behind(before)
    stage.template("fcm")
    qtbot.waitUntil(stage.edit("data.payload.sequence").isVisible)
    before.setFocus()
    order: list[str] = []
    while (focus := QApplication.focusWidget()) is not stage.editor and focus is not None and len(order) < 80:
        order.append(focus.objectName())
        QTest.keyClick(focus, KEY.Key_Tab)
    assert focus is stage.editor
    assert order[1:3] == ["composer_pick_service", "composer_field_device-token"]
    assert order[-1] == "composer_add_other"


def test_nothing_is_cut_at_the_right_whatever_the_remarks_say(stage: Stage, qtbot: QtBot) -> None:
    stage.form.setFixedWidth(300)
    stage.form.setStyleSheet("QLabel { font-size: 22px }")  # a remark has words longer than its place
    stage.open('{"push-service": 1, "aps": {"alert": "Hi"}}')
    form = stage.form
    qtbot.waitUntil(lambda: stage.row("originatorId").isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: form.content.width() == form.area.viewport().width(), timeout=3_000)
    assert form.content.minimumSizeHint().width() <= form.area.viewport().width()
