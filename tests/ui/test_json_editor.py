"""The JSON editor: what is typed is what is kept, faults are marked in place, and big texts stay quick."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import DARK, LIGHT, Scheme, Theme
from inspector.ui.worker import Worker

# The offscreen platform says so of every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
BAD = '{\n  "a": 1 "b": 2\n}\n'


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme, worker: Worker) -> JsonEditor:
    made = JsonEditor(theme, worker)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def put(editor: JsonEditor, text: str) -> None:
    """`text` with the cursor where it has a `|`."""
    editor.replace_text(text.replace("|", ""))
    cursor = editor.textCursor()
    cursor.setPosition(text.index("|"))
    editor.setTextCursor(cursor)


def shown(editor: JsonEditor) -> str:
    """The text with a `|` where the cursor is."""
    text, position = editor.text(), editor.textCursor().position()
    return f"{text[:position]}|{text[position:]}"


def colour_of(editor: JsonEditor, needle: str) -> QColor | None:
    editor.grab()  # what shows is coloured when it is painted
    block = editor.document().begin()
    while needle not in block.text():
        block = block.next()
    start = len(block.text().split(needle)[0].encode("utf-16-le")) // 2
    for part in block.layout().formats():
        if part.start <= start < part.start + part.length:
            return QColor(part.format.foreground().color())
    return None


# nothing is lost


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        '{"a": "no\u00a0break"}',
        "a\u2028b",
        "tab\there",
        "\u200bzero\u00adsoft",
        "“curly” – stays",
        "😀👩‍👩‍👧 é e\u0301",
        "ends\n\n",
        "\x00\x1f",
    ],
)
def test_text_is_kept_to_the_character(editor: JsonEditor, text: str) -> None:
    editor.replace_text(text)
    assert editor.text() == text


# Scripts that need fonts are left out: Qt warns where one is missing.
@given(st.text(st.characters(max_codepoint=0x24F, exclude_characters="\r"), max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back(editor: JsonEditor, text: str) -> None:
    editor.replace_text(text)
    assert editor.text() == text
    editor.undo()
    editor.redo()
    assert editor.text() == text


def test_quotes_stay_straight_when_typed(editor: JsonEditor) -> None:
    QTest.keyClicks(editor, '{"a": "it\'s -- fine..."}')
    assert editor.text() == '{"a": "it\'s -- fine..."}'
    assert editor.inputMethodHints() & Qt.InputMethodHint.ImhNoPredictiveText


def test_copying_keeps_no_break_spaces(editor: JsonEditor) -> None:
    editor.replace_text("a\u00a0b\nc")
    editor.selectAll()
    editor.copy()
    assert QGuiApplication.clipboard().text() == "a\u00a0b\nc"
    editor.replace_text("")
    editor.paste()
    assert editor.text() == "a\u00a0b\nc"


def test_pasted_text_is_plain_and_files_are_left_to_the_window(editor: JsonEditor) -> None:
    data = QMimeData()
    data.setHtml("<b>x</b>")
    data.setText("x\r\ny")
    editor.insertFromMimeData(data)
    assert editor.text() == "x\ny"
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/some/push.json")])
    assert not editor.canInsertFromMimeData(files)


def test_replacing_is_one_step_of_undo(editor: JsonEditor) -> None:
    editor.replace_text("first")
    QTest.keyClicks(editor, "my ")
    editor.replace_text("second")
    editor.undo()
    assert editor.text() == "my first"
    editor.redo()
    assert editor.text() == "second"


# the hands


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("|x", "  |x"),
        ("a|", "a |"),
        ("ab|", "ab  |"),
    ],
)
def test_tab_goes_to_the_next_even_column(editor: JsonEditor, before: str, after: str) -> None:
    put(editor, before)
    QTest.keyClick(editor, KEY.Key_Tab)
    assert shown(editor) == after


def test_tab_and_shift_tab_move_selected_lines(editor: JsonEditor) -> None:
    editor.replace_text("one\n\n   two\nthree")
    cursor = editor.textCursor()
    cursor.setPosition(1)
    cursor.setPosition(editor.text().index("three"), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    QTest.keyClick(editor, KEY.Key_Tab)
    assert editor.text() == "  one\n\n     two\nthree"
    QTest.keyClick(editor, KEY.Key_Backtab, SHIFT)
    QTest.keyClick(editor, KEY.Key_Backtab, SHIFT)
    assert editor.text() == "one\n\n two\nthree"
    editor.undo()
    assert editor.text() == "one\n\n   two\nthree"


def test_dedent_takes_a_tab_or_nothing(editor: JsonEditor) -> None:
    put(editor, "\t|x")
    QTest.keyClick(editor, KEY.Key_Backtab, SHIFT)
    assert shown(editor) == "|x"
    QTest.keyClick(editor, KEY.Key_Backtab, SHIFT)
    assert shown(editor) == "|x"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('  "a": 1,|', '  "a": 1,\n  |'),
        ("{|", "{\n  |"),
        ("  [|]", "  [\n    |\n  ]"),
        (' |  "a"', ' \n |  "a"'),
        ("|", "\n|"),
    ],
)
def test_enter_keeps_the_indentation(editor: JsonEditor, before: str, after: str) -> None:
    put(editor, before)
    QTest.keyClick(editor, KEY.Key_Return)
    assert shown(editor) == after
    editor.undo()
    assert editor.text() == before.replace("|", "")


def test_a_closing_bracket_goes_one_step_out(editor: JsonEditor) -> None:
    put(editor, "{\n    |")
    QTest.keyClicks(editor, "}")
    assert shown(editor) == "{\n  }|"
    put(editor, "[1|")
    QTest.keyClicks(editor, "]")
    assert shown(editor) == "[1]|"


@pytest.mark.parametrize(
    "keys",
    [[(KEY.Key_Tab, CTRL)], [(KEY.Key_Escape, Qt.KeyboardModifier.NoModifier), (KEY.Key_Tab, CTRL & SHIFT)]],
    ids=["ctrl+tab", "escape, tab"],
)
def test_the_keyboard_can_leave(
    qtbot: QtBot, theme: Theme, keys: list[tuple[Qt.Key, Qt.KeyboardModifier]]
) -> None:
    window = QWidget()
    before, editor, after = QLineEdit(window), JsonEditor(theme, parent=window), QLineEdit(window)
    column = QVBoxLayout(window)
    for part in (before, editor, after):
        column.addWidget(part)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    for key, modifier in keys:
        QTest.keyClick(editor, key, modifier)
    assert after.hasFocus()
    assert editor.text() == ""
    editor.setFocus()
    QTest.keyClick(editor, KEY.Key_Backtab, CTRL | SHIFT)
    assert before.hasFocus()
    editor.setFocus()
    QTest.keyClick(editor, KEY.Key_Tab)
    assert editor.text() == "  "
    assert "Ctrl+Tab" in editor.accessibleDescription()


def test_read_only_is_for_looking(qtbot: QtBot, editor: JsonEditor) -> None:
    editor.setPlainText("[1]")
    editor.setReadOnly(True)
    QTest.keyClicks(editor, "x")
    QTest.keyClick(editor, KEY.Key_Return)
    assert editor.text() == "[1]"
    assert editor.tabChangesFocus()
    assert editor.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


# faults


def test_a_fault_is_marked_in_its_place(qtbot: QtBot, editor: JsonEditor) -> None:
    with qtbot.waitSignal(editor.error_changed, timeout=2000) as signal:
        QTest.keyClicks(editor, '[1 "two"]')
    assert signal.args is not None
    assert signal.args[0] == editor.error
    assert editor.error is not None
    assert (editor.error.line, editor.error.column, editor.error.offset) == (1, 4, 3)
    marks = [mark for mark in editor.extraSelections() if mark.cursor.selectedText() == '"two"']
    assert marks[0].format.underlineColor() == QColor(LIGHT.red)
    assert "comma" in editor.error_message()
    assert editor.error_message() in editor.accessibleDescription()
    with qtbot.waitSignal(editor.error_changed, timeout=2000) as signal:
        editor.replace_text("[1]")
    assert signal.args == [None]
    assert not [m for m in editor.extraSelections() if m.format.underlineColor() == QColor(LIGHT.red)]


def test_the_fault_s_place_counts_emoji_once(editor: JsonEditor) -> None:
    editor.replace_text('{"😀😀": x}')
    assert editor.error is not None
    assert editor.error.offset == 7
    editor.show_error()
    assert editor.textCursor().positionInBlock() == 9
    assert "x" in [mark.cursor.selectedText() for mark in editor.extraSelections()]


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,', '"open', "[1,]\n\n", BAD])
def test_every_fault_has_a_line(editor: JsonEditor, text: str) -> None:
    editor.replace_text(text)
    assert editor.error is not None
    assert 0 <= editor.error_line() < editor.blockCount()
    assert editor.error_message().startswith("Line ")


def test_the_mark_moves_with_the_text(editor: JsonEditor) -> None:
    editor.replace_text(BAD)
    before = editor.error_line()
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(editor, KEY.Key_Return)
    assert (before, editor.error_line()) == (1, 2)


def test_a_big_text_is_checked_in_the_worker(qtbot: QtBot, editor: JsonEditor) -> None:
    big = json.dumps([{"id": number} for number in range(8000)], indent=1)
    with qtbot.waitSignal(editor.error_changed, timeout=5000):
        editor.replace_text(f"{big[:-1]} oops ]")
        assert editor.error_line() == -1
    assert editor.error_line() > 8000
    with qtbot.waitSignal(editor.error_changed, timeout=5000):
        editor.replace_text(big)
    assert editor.error is None


def test_an_outdated_check_is_never_shown(qtbot: QtBot, editor: JsonEditor, worker: Worker) -> None:
    seen: list[object] = []
    editor.error_changed.connect(seen.append)
    editor.replace_text("[" + "1, " * 20_000 + "oops]")
    editor.replace_text("[1]")
    with qtbot.waitCallback(timeout=5000) as done:
        worker.submit("", lambda: None, done)
    assert seen == []


# colours


def test_words_are_coloured_and_follow_the_theme(editor: JsonEditor, theme: Theme) -> None:
    editor.replace_text('{\n  "key": "text",\n  "n": -1.5e3,\n  "w": null\n}')
    for needle, light, dark in (
        ('"key"', LIGHT.json_key, DARK.json_key),
        ('"text"', LIGHT.json_string, DARK.json_string),
        ("-1.5e3", LIGHT.json_number, DARK.json_number),
        ("null", LIGHT.json_word, DARK.json_word),
    ):
        theme.choose(Scheme.LIGHT)
        assert colour_of(editor, needle) == QColor(light)
        theme.choose(Scheme.DARK)
        assert colour_of(editor, needle) == QColor(dark)


def test_colours_stand_right_behind_an_emoji_and_an_escape(editor: JsonEditor) -> None:
    editor.replace_text('["😀\\"", null, "open\n12]')
    assert colour_of(editor, "null") == QColor(LIGHT.json_word)
    assert colour_of(editor, '"open') == QColor(LIGHT.json_string)
    assert colour_of(editor, "12") == QColor(LIGHT.json_number)


# layout


def test_format_lays_out_and_keeps_every_spelling(editor: JsonEditor) -> None:
    editor.replace_text('{"a":1.50,"a":"\\u00e9","b":[ ]}')
    cursor = editor.textCursor()
    cursor.setPosition(editor.text().index('"b"'))
    editor.setTextCursor(cursor)
    assert editor.format_json()
    assert editor.text() == '{\n  "a": 1.50,\n  "a": "\\u00e9",\n  "b": []\n}'
    assert shown(editor)[: shown(editor).index("|")].endswith('"\\u00e9",')
    editor.undo()
    assert editor.text() == '{"a":1.50,"a":"\\u00e9","b":[ ]}'


def test_format_leaves_what_is_no_json(editor: JsonEditor) -> None:
    editor.replace_text(BAD)
    assert not editor.format_json()
    assert editor.text() == BAD


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ('|{"a": "}"}', "{}"),
        ('{"a": [1, {"b": "\\"]"}]|}', "[]"),
        ("[\n[\n]\n]|", "[]"),
        ("|[}", ""),
        ('"|["', ""),
        ("|{", ""),
    ],
)
def test_brackets_that_belong_together_light_up(editor: JsonEditor, text: str, pair: str) -> None:
    put(editor, text)
    lit = [
        m.cursor.selectedText()
        for m in editor.extraSelections()
        if m.format.background() == QColor(LIGHT.selection)
    ]
    assert sorted("".join(lit)) == sorted(pair)


def test_the_gutter_grows_and_paints(qtbot: QtBot, editor: JsonEditor) -> None:
    narrow = editor.viewport().x()
    with qtbot.waitSignal(editor.error_changed, timeout=5000):
        editor.replace_text("\n" * 20_000 + "x")
    assert editor.viewport().x() > narrow
    editor.show_error()
    QApplication.processEvents()
    assert not editor.grab().isNull()
    lines = [number for number, _ in editor.visible_lines(editor.viewport().rect())]
    assert lines[-1] == 20_000
    assert editor.cursorForPosition(QPoint(1, editor.viewport().height() - 1)).blockNumber() == 20_000


def test_a_key_in_200_kb_takes_less_than_30_ms(editor: JsonEditor) -> None:
    big = json.dumps([{"id": n, "name": f"value {n}", "on": True} for n in range(3800)], indent=2)
    assert len(big) > 200_000
    editor.replace_text(big)
    editor.show_place(len(big) // 2)
    QApplication.processEvents()
    spent = []
    for character in '"x1,]}abcdefg{[ ':
        start = time.perf_counter()
        QTest.keyClicks(editor, character)
        QApplication.processEvents()
        spent.append(time.perf_counter() - start)
    # The median: a machine that is busy otherwise must not fail it.
    assert sorted(spent)[len(spent) // 2] < 0.030


# variables


def test_variables_are_a_fault_only_where_they_are_not_expected(
    qtbot: QtBot, theme: Theme, worker: Worker, editor: JsonEditor
) -> None:
    text = '{"badge": {{badge}}, "b": [1,{{x}}]}'
    editor.replace_text(text)
    assert editor.error is not None
    composing = JsonEditor(theme, worker, variables=True)
    qtbot.addWidget(composing)
    composing.replace_text(text)
    assert composing.error is None
    assert composing.format_json()
    assert composing.text() == '{\n  "badge": {{badge}},\n  "b": [\n    1,\n    {{x}}\n  ]\n}'
    composing.replace_text('{"badge": {{badge}')
    assert composing.error is not None
