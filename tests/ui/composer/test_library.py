"""The library in the composer: searched, taken from, kept in and pasted into, on a real disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QStyleOptionComboBox, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.sender.kept.library import Entry
from inspector.sender.kept.payloads import MOST_BYTES, Payloads
from inspector.sender.request import TrustKind
from inspector.ui.composer.composer import Composer
from inspector.ui.composer.library import dialogs
from inspector.ui.composer.library.dialog import LibraryDialog
from inspector.ui.composer.library.entry_model import ENTRY_ROLE, EntryModel, nothing_yet
from inspector.ui.composer.template_combo import OWN, TemplateCombo
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LONG = 15_000


@pytest.fixture
def composer(qtbot: QtBot, qapp: QApplication, home: Home) -> Iterator[Composer]:
    workbench = Workbench(home, use_keyring=False)
    theme, worker = Theme(qapp, Scheme.LIGHT), Worker("library-test")
    made = Composer(workbench, worker, theme)
    made.resize(640, 800)
    made.show()
    yield made
    made.close_down()
    worker.close()
    made.deleteLater()
    theme.deleteLater()
    workbench.close()


@pytest.fixture
def payloads(home: Home) -> Payloads:
    home.create()
    return Payloads(home.data / "payloads")


def opened(composer: Composer, qtbot: QtBot) -> LibraryDialog:
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.library.open()
    dialog = composer.library.dialog
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def rows(dialog: LibraryDialog) -> list[Entry]:
    model = dialog.entries.model
    found = [model.index(row).data(ENTRY_ROLE) for row in range(model.rowCount())]
    return [entry for entry in found if entry is not None]


def headings(dialog: LibraryDialog) -> list[str]:
    model = dialog.entries.model
    indexes = [model.index(row) for row in range(model.rowCount())]
    return [str(index.data()) for index in indexes if index.data(ENTRY_ROLE) is None]


def press(widget: QWidget, key: Qt.Key, *, control: bool = False) -> None:
    QTest.keyClick(
        widget, key, Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    )


def write_over(field: QLineEdit, text: str) -> None:
    press(field, Qt.Key.Key_A, control=True)
    QTest.keyClicks(field, text)


def menu_action(dialog: LibraryDialog, words: str) -> None:
    menu = dialog.more.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_the_model_is_one(
    qtmodeltester: ModelTester, composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    model = EntryModel()
    model.show_entries(composer.library.shelf.entries, grouped=True)
    qtmodeltester.check(model)
    payloads.save("Mine", b"{}")
    dialog = opened(composer, qtbot)
    model.show_entries(composer.library.shelf.entries, grouped=True)
    qtmodeltester.check(model)
    dialog.reject()


def test_without_any_of_ones_own_the_list_says_how_to_begin(composer: Composer, qtbot: QtBot) -> None:
    dialog = opened(composer, qtbot)
    assert headings(dialog)[:2] == [OWN, nothing_yet()]
    assert dialog.entries.search.hasFocus()
    assert dialog.entries.entry is not None, "the first template is looked at"
    dialog.reject()


def test_ones_own_come_first_and_the_keyboard_finds_and_takes(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Order shipped", b'{"aps": {"alert": "It left"}}', tags=("shop",))
    before = composer.editor.text()
    dialog = opened(composer, qtbot)
    assert headings(dialog)[0] == OWN
    QTest.keyClicks(dialog.entries.search, "shop left")
    qtbot.waitUntil(lambda: [entry.title for entry in rows(dialog)] == ["Order shipped"], timeout=LONG)
    assert headings(dialog) == []
    press(dialog.entries.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.editor.text() == '{"aps": {"alert": "It left"}}', timeout=LONG)
    assert not dialog.isVisible()
    assert composer.library.current == "order-shipped"
    assert composer.form.template.currentText() == "Order shipped"
    composer.editor.undo()
    assert composer.editor.text() == before


def test_enter_right_behind_the_words_takes_what_they_find(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Alpha", b"[1]")
    payloads.save("Omega", b"[2]")
    dialog = opened(composer, qtbot)
    QTest.keyClicks(dialog.entries.search, "omega")
    press(dialog.entries.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.editor.text() == "[2]", timeout=LONG)


def test_the_arrows_move_in_the_list_while_one_searches(composer: Composer, qtbot: QtBot) -> None:
    dialog = opened(composer, qtbot)
    entries = dialog.entries
    first, second = rows(dialog)[:2]
    assert entries.entry == first
    press(dialog.entries.search, Qt.Key.Key_Down)
    assert entries.entry == second
    assert dialog.view.title.text() == second.title
    dialog.entries.search.setText("nothing has these words")
    qtbot.waitUntil(entries.empty.isVisible, timeout=LONG)
    assert rows(dialog) == []
    assert not dialog.take.isEnabled()
    dialog.entries.search.clear()
    assert dialog.view.title.text() == first.title
    press(dialog.entries.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_is_written_is_kept_and_kept_again(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    body = b'{"a": 1.10}\n'
    composer.editor.replace_text(body.decode())
    composer.library.save()
    dialog = composer.library.dialog
    qtbot.waitUntil(dialog.about.isVisible)
    dialog.about.title.setText("Décimale")
    QTest.keyClicks(dialog.about.tags, "a, b")
    with qtbot.waitSignal(dialog.deeds.saved, timeout=LONG):
        press(dialog.about.title, Qt.Key.Key_Return)
        press(dialog.about.title, Qt.Key.Key_Return)  # held a little long
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=LONG)
    (kept,) = payloads.list()
    assert (kept.title, kept.tags, kept.body) == ("Décimale", ("a", "b"), body)
    assert composer.form.template.currentText() == "Décimale"
    composer.editor.replace_text("{no json")
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.library.save()
    (kept,) = payloads.list()
    assert kept.body == b"{no json"
    composer.load_body(b"{}", title="#7")
    assert composer.library.current == "", "what comes from elsewhere is not saved over it"


def take(composer: Composer, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.library.shelf.read()
    composer.library.take(next(one for one in composer.library.shelf.entries if one.own and one.name == name))
    qtbot.waitUntil(lambda: composer.library.current == name, timeout=LONG)


def shown(combo: TemplateCombo) -> str:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    return option.currentText


def test_saving_over_is_told_and_can_be_undone(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"[1]", note="a note")
    take(composer, qtbot, "mine")
    combo = composer.form.template
    assert shown(combo) == "Mine"
    composer.editor.replace_text("[2]")
    qtbot.waitUntil(lambda: shown(combo) == "Mine · changed", timeout=LONG)
    assert combo.accessibleDescription()
    assert combo.toolTip().startswith("Mine · changed")
    composer.library.save()
    notice = composer.library.notice
    qtbot.waitUntil(notice.isVisible, timeout=LONG)
    assert shown(combo) == "Mine"
    assert [one.body for one in payloads.list()] == [b"[2]"]
    undo = notice.findChild(QPushButton, "notice_action")
    assert undo is not None
    press(undo, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: [(one.body, one.note) for one in payloads.list()] == [(b"[1]", "a note")])
    qtbot.waitUntil(lambda: shown(combo) == "Mine · changed", timeout=LONG)
    assert composer.editor.text() == "[2]"


def test_a_long_title_is_elided_before_what_is_said_of_it(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    title = "A title that is a good deal longer than a narrow pane has room for it"
    name = payloads.save(title, b"[1]").name
    composer.resize(340, 800)
    take(composer, qtbot, name)
    combo = composer.form.template
    assert shown(combo).endswith("…")
    composer.editor.replace_text("[2]")
    qtbot.waitUntil(lambda: shown(combo).endswith("… · changed"), timeout=LONG)
    assert "room for it · changed" in " ".join(combo.toolTip().split()), "the whole title"


def test_saving_what_somebody_deleted_meanwhile_asks_for_a_title(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Mine", b"[1]")
    take(composer, qtbot, "mine")
    (payloads.folder / "mine.json").unlink()
    composer.library.save()
    qtbot.waitUntil(lambda: composer.library.dialog.about.isVisible(), timeout=LONG)
    dialog = composer.library.dialog
    assert dialog.about.title.text() == "Mine"
    press(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.body for one in payloads.list()] == [b"[1]"], timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=LONG)


def test_esc_gives_up_saving_and_goes_back(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    composer.library.save()
    dialog = composer.library.dialog
    qtbot.waitUntil(dialog.about.isVisible)
    press(dialog.about.title, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert payloads.list() == ()


def test_a_title_that_can_not_be_is_told_and_stays_typed(composer: Composer, qtbot: QtBot) -> None:
    composer.library.save()
    dialog = composer.library.dialog
    QTest.keyClicks(dialog.about.note, "a note")
    press(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=LONG)
    assert dialog.about.isVisible()
    assert dialog.about.note.text() == "a note"
    QTest.keyClicks(dialog.about.title, "Now it is one")
    press(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=LONG)


def test_deleting_can_be_undone(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"{}", note="a note")
    payloads.save("Other", b"{}")
    take(composer, qtbot, "mine")
    dialog = opened(composer, qtbot)
    press(dialog.entries.search, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [one.title for one in payloads.list()] == ["Other"], timeout=LONG)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=LONG)
    assert dialog.entries.entry is not None
    assert dialog.entries.entry.title == "Other", "the neighbour is looked at"
    assert composer.library.current == "", "nothing is saved over what is gone"
    press(dialog.entries.search, Qt.Key.Key_Z, control=True)
    qtbot.waitUntil(lambda: [one.note for one in payloads.list()] == ["a note", ""], timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.notice.isVisible(), timeout=LONG)
    dialog.reject()


def test_several_are_deleted_and_put_back_at_once(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    for title in ("One", "Two", "Three"):
        payloads.save(title, b"{}")
    dialog = opened(composer, qtbot)
    dialog.entries.list.setFocus()
    QTest.keyClick(dialog.entries.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(dialog.entries.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: dialog.notice.text == "2 payloads were deleted.", timeout=LONG)
    assert [one.title for one in payloads.list()] == ["Two"]
    press(dialog.entries.list, Qt.Key.Key_Z, control=True)
    qtbot.waitUntil(lambda: len(payloads.list()) == 3, timeout=LONG)
    dialog.reject()


def test_what_is_built_in_stays_and_says_so(composer: Composer, qtbot: QtBot) -> None:
    dialog = opened(composer, qtbot)
    press(dialog.entries.search, Qt.Key.Key_Delete)
    assert "built in" in dialog.notice.text
    press(dialog.entries.search, Qt.Key.Key_F2)
    assert not dialog.about.isVisible()
    assert "built in" in dialog.notice.text
    dialog.reject()


def test_words_in_the_search_box_keep_their_keys(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Mine", b"{}")
    dialog = opened(composer, qtbot)
    QTest.keyClicks(dialog.entries.search, "mine")
    press(dialog.entries.search, Qt.Key.Key_Home)
    press(dialog.entries.search, Qt.Key.Key_Delete)
    assert dialog.entries.search.text() == "ine"
    press(dialog.entries.search, Qt.Key.Key_Z, control=True)
    assert len(payloads.list()) == 1
    dialog.reject()


def test_renaming_and_duplicating(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"{}")
    take(composer, qtbot, "mine")
    dialog = opened(composer, qtbot)
    press(dialog.entries.search, Qt.Key.Key_F2)
    write_over(dialog.about.title, "Ours")
    press(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.title for one in payloads.list()] == ["Ours"], timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.about.isVisible(), timeout=LONG)
    assert composer.library.current == "ours", "what is written is saved under the new name"
    assert composer.form.template.currentText() == "Ours"
    press(dialog.entries.search, Qt.Key.Key_D, control=True)
    qtbot.waitUntil(lambda: len(payloads.list()) == 2, timeout=LONG)
    dialog.reject()


def test_files_come_in_and_go_out(
    composer: Composer, payloads: Payloads, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "theirs.json").write_bytes(b'{"x": 1}')
    monkeypatch.setattr(dialogs, "choose_files", lambda _parent: [source / "theirs.json"])
    monkeypatch.setattr(dialogs, "choose_folder", lambda _parent, _title, _start: target)
    dialog = opened(composer, qtbot)
    menu_action(dialog, "Export yours to a folder…")
    assert dialog.notice.text == "There is nothing of yours to export yet."
    menu_action(dialog, "Import files…")
    qtbot.waitUntil(lambda: [one.body for one in payloads.list()] == [b'{"x": 1}'], timeout=LONG)
    qtbot.waitUntil(lambda: "1 payload imported" in dialog.notice.text, timeout=LONG)
    menu_action(dialog, "Import files…")
    qtbot.waitUntil(lambda: "here already" in dialog.notice.text, timeout=LONG)
    large = b"[" + b" " * MOST_BYTES + b"]"
    (payloads.folder / "large.json").write_bytes(large)
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.library.shelf.read()
    menu_action(dialog, "Export yours to a folder…")
    qtbot.waitUntil(lambda: "2 payloads are in" in dialog.notice.text, timeout=LONG)
    assert (target / "theirs.json").read_bytes() == b'{"x": 1}'
    assert (target / "large.json").read_bytes() == large, "also what is not kept at hand"
    dialog.reject()


def test_a_file_that_is_too_large_is_shown_and_not_taken(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Mine", b"{}")
    (payloads.folder / "mine.json").write_bytes(b" " * (MOST_BYTES + 1))
    dialog = opened(composer, qtbot)
    before = composer.editor.text()
    press(dialog.entries.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not dialog.take.isEnabled()
    assert dialog.view.problem.isVisible()
    assert composer.editor.text() == before
    assert composer.form.template.itemText(0) != OWN
    dialog.reject()


def test_files_can_be_dropped(composer: Composer, payloads: Payloads, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "theirs.json").write_bytes(b"[7]")
    dialog = opened(composer, qtbot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "theirs.json"))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    dialog.dragEnterEvent(entered)
    assert entered.isAccepted()
    dialog.dropEvent(QDropEvent(QPointF(9, 9), copy, data, left, none))
    qtbot.waitUntil(lambda: [one.body for one in payloads.list()] == [b"[7]"], timeout=LONG)
    qtbot.waitUntil(lambda: "imported" in dialog.notice.text, timeout=LONG)
    dialog.reject()


def test_another_folder_such_as_a_checkout(
    composer: Composer, payloads: Payloads, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payloads.save("Of the team", b"[1]")
    take(composer, qtbot, "of-the-team")
    (tmp_path / "of-the-team.json").write_bytes(b"{}")
    monkeypatch.setattr(dialogs, "choose_folder", lambda _parent, _title, _start: tmp_path)
    dialog = opened(composer, qtbot)
    menu_action(dialog, "Keep payloads in another folder…")
    qtbot.waitUntil(lambda: str(tmp_path) in dialog.notice.text, timeout=LONG)
    assert [entry.body for entry in rows(dialog) if entry.own] == [b"{}"]
    assert composer.library.current == "", "the one of the same name there is another one"
    menu_action(dialog, "Keep payloads in the home again")
    qtbot.waitUntil(lambda: [one.body for one in rows(dialog) if one.own] == [b"[1]"], timeout=LONG)
    dialog.reject()


def test_a_folder_that_can_not_be_read_is_told_and_the_templates_stay(
    composer: Composer, home: Home, qtbot: QtBot
) -> None:
    home.create()
    (home.data / "payloads").write_bytes(b"no folder")
    composer.library.open()
    dialog = composer.library.dialog
    qtbot.waitUntil(dialog.notice.isVisible, timeout=LONG)
    assert rows(dialog)
    dialog.reject()


def test_the_folder_is_shown_once_it_is_there(
    composer: Composer, payloads: Payloads, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []

    def show(folder: Path) -> bool:
        shown.append(folder)
        return True

    monkeypatch.setattr(dialogs, "show_folder", show)
    dialog = opened(composer, qtbot)
    menu_action(dialog, "Show the folder")
    qtbot.waitUntil(lambda: "with the first one" in dialog.notice.text, timeout=LONG)
    payloads.save("Mine", b"{}")
    menu_action(dialog, "Show the folder")
    qtbot.waitUntil(lambda: shown == [payloads.folder], timeout=LONG)
    dialog.reject()


def test_ones_own_are_in_the_list_of_templates(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"[1]")
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.load_kept()
    combo = composer.form.template
    assert combo.itemText(0) == OWN
    assert combo.currentText() == "iOS, as documented", "what is shown stays"
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    qtbot.waitUntil(lambda: composer.editor.text() == "[1]", timeout=LONG)


# what is pasted


def paste(composer: Composer, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    composer.editor.insertFromMimeData(data)


def test_a_curl_command_is_begun_with(composer: Composer, qtbot: QtBot) -> None:
    before = composer.editor.text()
    paste(
        composer,
        "curl -k -u pusher:s3cret -H 'X-Region: eu' --data '{\"a\": 1}' https://proxy.example.com/push",
    )
    qtbot.waitUntil(lambda: composer.editor.text() == '{"a": 1}', timeout=LONG)
    request = composer.form.request()
    assert request.url == "https://proxy.example.com/push"
    assert request.headers == (("X-Region", "eu"),)
    assert (request.basic_user, request.basic_password) == ("pusher", "s3cret")
    assert request.trust is TrustKind.NOTHING
    assert composer.body_pane.remark.isVisible()
    assert "s3cret" not in composer.body_pane.remark.message.text() + composer.body_pane.remark.advice.text()
    composer.editor.undo()
    assert composer.editor.text() == before


def test_a_command_without_a_body_leaves_what_is_written(composer: Composer, qtbot: QtBot) -> None:
    before = composer.editor.text()
    paste(composer, "$ curl --cacert ca.pem --cert me.pem https://proxy.example.com/push")
    qtbot.waitUntil(composer.body_pane.remark.isVisible, timeout=LONG)
    assert composer.editor.text() == before
    assert composer.form.target.text() == "https://proxy.example.com/push"
    advice = composer.body_pane.remark.advice.text()
    assert "ca.pem" in advice
    assert "me.pem" in advice
    assert composer.form.request().trust is TrustKind.USUAL


def test_an_http_request_is_begun_with(composer: Composer, qtbot: QtBot) -> None:
    paste(composer, "POST /push HTTP/1.1\r\nHost: proxy.example.com\r\nX-A: b\r\n\r\n[3]")
    qtbot.waitUntil(lambda: composer.editor.text() == "[3]", timeout=LONG)
    assert composer.form.request().url == "https://proxy.example.com/push"
    assert composer.form.request().headers == (("X-A", "b"),)


@pytest.mark.parametrize("text", ["curl up with a book", "post haste", "get HTTP/1.1 done"])
def test_a_sentence_that_is_pasted_is_just_pasted(composer: Composer, text: str) -> None:
    composer.editor.replace_text("")
    paste(composer, text)
    assert composer.editor.text() == text


def test_a_command_that_can_not_be_read_is_pasted_after_all(composer: Composer, qtbot: QtBot) -> None:
    composer.editor.replace_text("")
    paste(composer, "curl -d '{ https://proxy.example.com")
    qtbot.waitUntil(composer.body_pane.remark.isVisible, timeout=LONG)
    assert composer.editor.text() == "curl -d '{ https://proxy.example.com"


def test_a_body_in_one_endless_line_is_laid_out_and_sent_as_it_was(composer: Composer, qtbot: QtBot) -> None:
    text = json.dumps({"aps": {"alert": "x"}, "list": list(range(9000))})
    composer.editor.selectAll()
    paste(composer, text)
    qtbot.waitUntil(lambda: composer.editor.document().blockCount() > 9000, timeout=LONG)
    assert composer.body() == text.encode(), "its bytes are kept while it is left as it is"
    composer.editor.undo()
    composer.editor.show_place(0)
    paste(composer, text)
    assert composer.editor.document().blockCount() < 100, "into another text it is just pasted"


def test_json_that_is_pasted_is_just_pasted(composer: Composer) -> None:
    composer.editor.replace_text("")
    paste(composer, '{"a": 1}')
    assert composer.editor.text() == '{"a": 1}'


def test_what_was_copied_is_begun_with(composer: Composer, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("[5]")
    composer.library.start_from_clipboard()
    qtbot.waitUntil(lambda: composer.editor.text() == "[5]", timeout=LONG)
    assert composer.form.template.placeholderText() == "Pasted"


def test_what_can_not_be_begun_with_is_told(composer: Composer, qtbot: QtBot) -> None:
    before = composer.editor.text()
    composer.library.start_from("hello there")
    qtbot.waitUntil(composer.body_pane.remark.isVisible, timeout=LONG)
    assert composer.editor.text() == before
