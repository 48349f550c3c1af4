"""Environments, variables put in, and the body as it comes out: with a real vault and real files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.sender.kept.environment_file import KEPT, Environment, Variable
from inspector.sender.kept.environments import Environments
from inspector.ui.composer.variables.desk import VariablesDesk
from inspector.ui.composer.variables.environment_button import EnvironmentButton
from inspector.ui.composer.variables.environment_dialog import EnvironmentDialog
from inspector.ui.composer.variables.insert_menu import InsertMenu
from inspector.ui.composer.variables.resolved_view import ResolvedView
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

LONG = 15_000


class Stage(QWidget):
    """A desk with its parts, on a home."""

    def __init__(self, workbench: Workbench, worker: Worker, theme: Theme) -> None:
        super().__init__()
        self.workbench, self.worker, self.theme = workbench, worker, theme
        self.editor = JsonEditor(theme, worker, self, variables=True)
        self.button, self.insert = EnvironmentButton(theme, self), InsertMenu(self.editor, self)
        self.desk = VariablesDesk(workbench, worker, theme, (self.button, self.insert), self)

    @property
    def environments(self) -> Environments:
        return Environments(self.workbench.home, lambda: self.workbench.vault)


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, home: Home) -> Iterator[Stage]:
    workbench, worker, theme = (
        Workbench(home, use_keyring=False),
        Worker("variables-test"),
        Theme(qapp, Scheme.LIGHT),
    )
    made = Stage(workbench, worker, theme)
    made.show()
    yield made
    worker.close()
    workbench.close()
    made.deleteLater()
    theme.deleteLater()


def load(stage: Stage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.desk.changed, timeout=LONG):
        stage.desk.load()


def choices(stage: Stage) -> list[str]:
    return [action.text() for action in stage.button.menu().actions() if action.isCheckable()]


def dialog_of(stage: Stage, qtbot: QtBot) -> EnvironmentDialog:
    stage.desk.edit()
    (dialog,) = stage.findChildren(EnvironmentDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def test_without_any_there_is_nothing_to_choose(stage: Stage, qtbot: QtBot) -> None:
    load(stage, qtbot)
    assert choices(stage) == ["No environment"]
    assert stage.button.text() == "No environment"
    assert not stage.environments.path.exists()


def test_choosing_one_brings_its_values(stage: Stage, qtbot: QtBot) -> None:
    stage.environments.save(Environment("local", (Variable("HOST", "localhost"),)))
    stage.environments.save(
        Environment("staging", (Variable("HOST", "staging"), Variable("TOKEN", "s3cret", True)))
    )
    load(stage, qtbot)
    assert choices(stage) == ["No environment", "local", "staging"]
    assert stage.desk.series.peek().environment == {"HOST": "localhost"}
    with qtbot.waitSignal(stage.desk.changed, timeout=LONG):
        stage.button.menu().actions()[2].trigger()
    assert stage.button.text() == "staging"
    values = stage.desk.series.peek()
    assert values.environment == {"HOST": "staging", "TOKEN": "s3cret"}
    assert values.secrets == frozenset({"TOKEN"})
    assert stage.environments.load().current == "staging"
    assert [action.data() for action in stage.insert.menu().actions()][-2:] == [
        "{{env HOST}}",
        "{{env TOKEN}}",
    ]


def test_a_damaged_file_is_told_and_left_alone(stage: Stage, qtbot: QtBot) -> None:
    stage.workbench.home.create()
    stage.environments.path.write_text("{")
    with qtbot.waitSignal(stage.desk.failed, timeout=LONG) as failed:
        stage.desk.load()
    assert failed.args is not None
    assert "environments.json" in failed.args[0].message
    assert stage.environments.path.read_text() == "{"


def test_counting_begins_again(stage: Stage, qtbot: QtBot) -> None:
    stage.desk.series.next()
    assert stage.desk.series.peek().number == 1
    with qtbot.waitSignal(stage.desk.changed, timeout=LONG):
        stage.button.menu().actions()[-1].trigger()
    assert stage.desk.series.peek().number == 0


def test_a_variable_is_put_in_where_the_cursor_stands(stage: Stage, qtbot: QtBot) -> None:
    stage.editor.setPlainText('{"a": ""}')
    stage.editor.show_place(7)
    stage.insert.menu().actions()[0].trigger()
    assert stage.editor.text() == '{"a": "{{uuid}}"}'
    stage.editor.undo()
    assert stage.editor.text() == '{"a": ""}'


# the dialog


def test_an_environment_is_made_and_filled_by_the_keyboard(stage: Stage, qtbot: QtBot) -> None:
    load(stage, qtbot)
    dialog = dialog_of(stage, qtbot)
    assert not dialog.values.isEnabled()
    QTest.keyClick(dialog.new, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.names.count() == 1, timeout=LONG)
    type_into(dialog, 0, 0, "HOST", qtbot)
    type_into(dialog, 0, 1, "localhost", qtbot)
    qtbot.waitUntil(lambda: saved(stage) == (Variable("HOST", "localhost"),), timeout=LONG)
    qtbot.waitUntil(lambda: dialog.values.rowCount() == 2, timeout=LONG)
    type_into(dialog, 1, 0, "NOT A NAME", qtbot)
    qtbot.waitUntil(dialog.note.isVisible, timeout=LONG)
    assert "NOT A NAME" in dialog.note.message.text()
    assert cell(dialog, 1, 0) == "NOT A NAME", "what was typed is still there"
    assert saved(stage) == (Variable("HOST", "localhost"),)
    type_into(dialog, 1, 0, "PORT", qtbot)
    qtbot.waitUntil(lambda: len(saved(stage)) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: dialog.values.rowCount() == 3, timeout=LONG)
    dialog.values.setFocus()
    dialog.values.setCurrentCell(0, 0)
    QTest.keyClick(dialog.values, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [one.name for one in saved(stage)] == ["PORT"], timeout=LONG)
    dialog.accept()


def test_a_secret_goes_to_the_vault_and_is_shown_no_more(stage: Stage, qtbot: QtBot) -> None:
    stage.environments.save(Environment("local", (Variable("TOKEN", "s3cret-value"),)))
    load(stage, qtbot)
    dialog = dialog_of(stage, qtbot)
    box = dialog.values.item(0, 2)
    assert box is not None
    box.setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: saved(stage) == (Variable("TOKEN", KEPT, True),), timeout=LONG)
    qtbot.waitUntil(lambda: "s3cret-value" not in cell(dialog, 0, 1), timeout=LONG)
    assert "s3cret-value" not in stage.environments.path.read_text()
    assert stage.environments.take().values == {"TOKEN": "s3cret-value"}
    type_into(dialog, 0, 1, "another", qtbot)
    qtbot.waitUntil(lambda: stage.environments.take().values == {"TOKEN": "another"}, timeout=LONG)
    dialog.accept()


def test_renaming_duplicating_and_deleting(stage: Stage, qtbot: QtBot) -> None:
    stage.environments.save(Environment("local", (Variable("HOST", "localhost"),)))
    load(stage, qtbot)
    dialog = dialog_of(stage, qtbot)
    dialog.copy.click()
    qtbot.waitUntil(lambda: shown(dialog) == ["local", "local copy"], timeout=LONG)
    dialog.names.item(1).setText("staging")
    qtbot.waitUntil(lambda: names(stage) == ["local", "staging"], timeout=LONG)
    qtbot.waitUntil(lambda: shown(dialog) == ["local", "staging"], timeout=LONG)
    dialog.names.item(1).setText("local")
    qtbot.waitUntil(dialog.note.isVisible, timeout=LONG)
    assert names(stage) == ["local", "staging"]
    dialog.delete.click()
    qtbot.waitUntil(lambda: names(stage) == ["local"], timeout=LONG)
    dialog.accept()


def type_into(dialog: EnvironmentDialog, row: int, column: int, text: str, qtbot: QtBot) -> None:
    item = dialog.values.item(row, column)
    assert item is not None
    item.setText(text)


def cell(dialog: EnvironmentDialog, row: int, column: int) -> str:
    item = dialog.values.item(row, column)
    return item.text() if item is not None else ""


def saved(stage: Stage) -> tuple[Variable, ...]:
    known = stage.environments.load()
    return known.environments[0].variables if known.environments else ()


def names(stage: Stage) -> list[str]:
    return [one.name for one in stage.environments.load().environments]


def shown(dialog: EnvironmentDialog) -> list[str]:
    return [dialog.names.item(row).text() for row in range(dialog.names.count())]


# the body as it comes out


def test_what_variables_stand_for_is_marked_and_listed(stage: Stage, qtbot: QtBot) -> None:
    stage.desk.series.use({"HOST": "somewhere", "TOKEN": "s3cret-value"}, frozenset({"TOKEN"}))
    view = ResolvedView(stage.desk.series.peek, stage.worker, stage.theme)
    qtbot.addWidget(view)
    view.show()
    view.show_body(
        b'{"badge": {{badge}}, "a": "{{env HOST}} {{env TOKEN}} {{nothing}} \xf0\x9f\x98\x80 {{seq}}"}'
    )
    qtbot.waitUntil(lambda: view.text.text() != "", timeout=LONG)
    assert '"badge": 1, "a": "somewhere' in view.text.text()
    listed = [view.list.item(row).text() for row in range(view.list.count())]
    assert "env HOST  →  somewhere" in listed
    assert any("nothing" in one for one in listed)
    whole = "\n".join(
        [view.text.text(), *listed, *(view.list.item(row).toolTip() for row in range(view.list.count()))]
    )
    assert "s3cret-value" not in whole
    marked = [selection.cursor.selectedText() for selection in view.text.extraSelections()]
    assert {"1", "somewhere", "•••"} <= set(marked)
    row = next(row for row, text in enumerate(listed) if text.startswith("seq"))
    view.list.itemActivated.emit(view.list.item(row))
    assert view.text.textCursor().selectedText() == "1"
    view.close_down()


def test_a_body_without_variables_says_so(stage: Stage, qtbot: QtBot) -> None:
    view = ResolvedView(stage.desk.series.peek, stage.worker, stage.theme)
    qtbot.addWidget(view)
    view.show()
    view.show_body(b"{}")
    qtbot.waitUntil(view.note.isVisible, timeout=LONG)
    assert "No variables" in view.note.text()
    assert not view.list.isVisible()
    view.close_down()
