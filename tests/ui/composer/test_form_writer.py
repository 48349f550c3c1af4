"""What the form writes, under random edits of both sides: the value that was asked for, no other byte, and undo all the
way back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.contract.faults import JsonSyntaxError
from inspector.contract.form_fields import read_form
from inspector.contract.form_model import FormReading
from inspector.errors import UsageError
from inspector.ui.composer.fields.change import Change
from inspector.ui.composer.fields.writer import FormWriter
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Scheme, Theme

TEXTS = st.text(st.characters(max_codepoint=0x24F, exclude_characters="\r\x00") | st.just("😀"), max_size=6)
PATHS = st.sampled_from(
    [("aps", "alert"), ("aps", "badge"), ("badge",), ("new😀",), ("aps", "sound", "name"), ("rows",)]
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "aps": st.fixed_dictionaries({"alert": TEXTS}, optional={"badge": st.integers(0, 9)}),
        "badge": st.integers(),
    },
    optional={"rows": st.lists(TEXTS, max_size=2), "😀": TEXTS},
)
# What a person does: write into a field, take it away, leave it, let the form be read anew, type in the text.
STEPS = st.lists(
    st.tuples(st.just("text"), PATHS, TEXTS)
    | st.tuples(st.just("literal"), PATHS, st.sampled_from(["1", "-2.50", "true", "{{x}}"]))
    | st.tuples(st.just("remove"), PATHS, st.just(""))
    | st.tuples(st.sampled_from(["leave", "read"]), st.just(()), st.just(""))
    | st.tuples(st.just("type"), st.integers(0, 80), st.sampled_from([" ", "\n", '"', "x", "😀"])),
    max_size=8,
)


@pytest.fixture(scope="module")
def editor(qapp: QApplication) -> JsonEditor:
    return JsonEditor(Theme(qapp, Scheme.LIGHT), variables=True)


def do(editor: JsonEditor, writer: FormWriter, step: tuple[str, Any, str]) -> None:
    """One step; what it must do to the text is checked here."""
    what, where, text = step
    before = editor.text()
    if what == "leave":
        writer.begin_visit()
    elif what == "read":
        found = read_form(before)
        if isinstance(found, FormReading):
            writer.take_places(before, editor.document().revision(), found.fields)
    elif what == "type":
        cursor = QTextCursor(editor.document())
        cursor.setPosition(min(where, editor.document().characterCount() - 1))
        cursor.insertText(text)
    else:
        change = Change(where, **({} if what == "remove" else {what: text}))
        try:
            writer.write([change])
        except (UsageError, JsonSyntaxError):
            assert editor.text() == before
            return
        check(before, editor.text(), change)


def check(before: str, after: str, change: Change) -> None:
    plain = [json.loads(text.replace("{{x}}", '"{{x}}"')) for text in (before, after)]
    expected, parent = plain[0], plain[0]
    for part in change.path[:-1]:
        parent = parent.setdefault(part, {})
    if change.text is None and change.literal is None:
        parent.pop(change.path[-1])
    else:
        literal = json.dumps("{{x}}") if change.literal == "{{x}}" else change.literal
        parent[change.path[-1]] = change.text if literal is None else json.loads(literal)
    assert plain[1] == expected
    assert list(plain[1]) == list(expected)


@given(DOCUMENTS, st.sampled_from([None, 2]), st.booleans(), STEPS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_edits_of_both_sides(
    editor: JsonEditor, document: dict[str, Any], indent: int | None, escaped: bool, steps: list[Any]
) -> None:
    first = json.dumps(document, indent=indent, ensure_ascii=escaped)
    editor.setPlainText(first)
    writer = FormWriter(editor)
    for step in steps:
        do(editor, writer, step)
    last = editor.text()
    while editor.document().isUndoAvailable():
        editor.undo()
    assert editor.text() == first
    while editor.document().isRedoAvailable():
        editor.redo()
    assert editor.text() == last


def test_keys_of_a_visit_are_one_step_and_changes_of_several_values_too(
    qtbot: QtBot, editor: JsonEditor
) -> None:
    editor.setPlainText('{"a": "x", "b": 1}')
    writer = FormWriter(editor)
    for text in ("xy", "xyz", "xyz!"):
        writer.write([Change(("a",), text=text)])
    writer.begin_visit()
    writer.write([Change(("b",), literal="2"), Change(("c",), text="new")])
    assert editor.text() == '{"a": "xyz!", "b": 2, "c": "new"}'
    editor.undo()
    assert editor.text() == '{"a": "xyz!", "b": 1}'
    editor.undo()
    assert editor.text() == '{"a": "x", "b": 1}'


def test_one_change_that_can_not_be_made_keeps_the_others_from_being_made(editor: JsonEditor) -> None:
    editor.setPlainText('{"a": 1}')
    with pytest.raises(UsageError):
        FormWriter(editor).write([Change(("b",), literal="2"), Change(("a", "x"), literal="3")])
    assert editor.text() == '{"a": 1}'


def test_a_change_does_not_show_what_it_writes() -> None:
    assert "secret" not in repr(Change(("device-token",), text="secret", literal="secret"))
