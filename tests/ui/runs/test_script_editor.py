"""The editor of scripts: fields and text in step, what is wrong told, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from pytestqt.qtbot import QtBot

from inspector.ui.runs import dialogs
from inspector.ui.runs.script_editor import ScriptEditor
from inspector.ui.runs.scripts import ScriptText, built_in_scripts
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from tests.ui.conftest import LONG


@pytest.fixture
def editor(qtbot: QtBot, qapp: QApplication) -> Iterator[ScriptEditor]:
    """The editor on a script that comes along."""
    worker = Worker("script-test")
    made = ScriptEditor(built_in_scripts()[0], worker, Theme(qapp))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: said(made).startswith("It comes to 8 pushes in "), timeout=LONG)
    yield made
    made.close()
    worker.close()


def said(editor: ScriptEditor) -> str:
    return editor.note.message.text()


def field(editor: ScriptEditor, name: str) -> QAbstractSpinBox:
    found = editor.findChild(QAbstractSpinBox, f"script_{name}")
    assert isinstance(found, QAbstractSpinBox)
    return found


def test_fields_change_the_text_and_the_text_the_fields(editor: ScriptEditor, qtbot: QtBot) -> None:
    pushes = field(editor, "pushes")
    pushes.setFocus()
    pushes.selectAll()
    qtbot.keyClicks(pushes, "12")
    qtbot.keyClick(pushes, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: said(editor).startswith("It comes to 12 pushes"), timeout=LONG)
    document = json.loads(editor.editor.text())
    assert document["pushes"] == 12
    document["pushes"], document["out_of_order"] = 5, 0.25
    document["devices"].append({"service": "huawei", "count": 3})
    editor.editor.replace_text(json.dumps(document))
    qtbot.waitUntil(lambda: said(editor).startswith("It comes to 5 pushes"), timeout=LONG)
    assert pushes.text() == "5"
    assert field(editor, "out_of_order").text() == "25 %"
    assert field(editor, "devices_huawei").text() == "3"
    share = field(editor, "duplicates")
    share.selectAll()
    qtbot.keyClicks(share, "12.5")
    qtbot.keyClick(share, Qt.Key.Key_Tab)
    assert json.loads(editor.editor.text())["duplicates"] == 0.125


def test_a_text_that_is_wrong_is_told_and_never_used(editor: ScriptEditor, qtbot: QtBot) -> None:
    used: list[ScriptText] = []
    editor.used.connect(used.append)
    whole = editor.editor.text()
    for text, why in (
        ('{"format":', "not JSON"),
        (whole.replace('"pushes": 8', '"pushes": "many"'), "pushes"),
    ):
        editor.editor.replace_text(text)
        qtbot.waitUntil(lambda why=why: why in said(editor), timeout=LONG)  # type: ignore[misc]
        qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
        field(editor, "seed").stepBy(1)
        assert editor.isVisible()
    editor.editor.replace_text(whole.replace('"pushes": 8', '"pushes": 3'))
    qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not editor.isVisible(), timeout=LONG)
    assert [json.loads(one.text)["pushes"] for one in used] == [3]


def test_scripts_are_saved_and_opened(
    editor: ScriptEditor, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "mine.json"
    monkeypatch.setattr(dialogs, "choose_script_place", lambda *_: place)
    monkeypatch.setattr(dialogs, "choose_script", lambda *_: place)
    qtbot.mouseClick(editor.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Can't read" in said(editor), timeout=LONG)
    text = editor.editor.text()
    qtbot.mouseClick(editor.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said(editor).startswith("Saved as"), timeout=LONG)
    assert place.read_text() == text
    place.write_text(text.replace('"pushes": 8', '"pushes": 2'))
    qtbot.mouseClick(editor.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said(editor).startswith("It comes to 2 pushes"), timeout=LONG)
    assert editor.windowTitle() == "Script: mine"
    monkeypatch.setattr(dialogs, "choose_script_place", lambda *_: tmp_path / "no" / "folder.json")
    qtbot.mouseClick(editor.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Can't write" in said(editor), timeout=LONG)
