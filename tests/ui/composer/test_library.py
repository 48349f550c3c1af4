"""The library in the composer: searched, taken from, kept in and pasted into, on a real disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.sender.kept.library import Entry
from inspector.sender.kept.payloads import Payloads
from inspector.sender.request import TrustKind
from inspector.ui.composer.composer import Composer
from inspector.ui.composer.library import dialogs
from inspector.ui.composer.library.dialog import LibraryDialog
from inspector.ui.composer.library.entry_model import ENTRY_ROLE, EntryModel
from inspector.ui.composer.template_combo import OWN
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

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
    model = dialog.model
    found = [model.index(row).data(ENTRY_ROLE) for row in range(model.rowCount())]
    return [entry for entry in found if entry is not None]


def headings(dialog: LibraryDialog) -> list[str]:
    model = dialog.model
    indexes = [model.index(row) for row in range(model.rowCount())]
    return [str(index.data()) for index in indexes if index.data(ENTRY_ROLE) is None]


def test_the_model_is_one(
    qtmodeltester: ModelTester, composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Mine", b"{}")
    dialog = opened(composer, qtbot)
    model = EntryModel()
    model.show_entries(composer.library.shelf.entries, grouped=True)
    qtmodeltester.check(model)
    dialog.reject()


def test_ones_own_come_first_and_the_keyboard_finds_and_takes(
    composer: Composer, payloads: Payloads, qtbot: QtBot
) -> None:
    payloads.save("Order shipped", b'{"aps": {"alert": "It left"}}', tags=("shop",))
    before = composer.editor.text()
    dialog = opened(composer, qtbot)
    assert headings(dialog)[0] == OWN
    QTest.keyClicks(dialog.search, "shop left")
    assert [entry.title for entry in rows(dialog)] == ["Order shipped"]
    assert headings(dialog) == []
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.editor.text() == '{"aps": {"alert": "It left"}}', timeout=LONG)
    assert composer.library.current == "order-shipped"
    assert composer.form.template.currentText() == "Order shipped"
    composer.editor.undo()
    assert composer.editor.text() == before


def test_the_arrows_move_in_the_list_while_one_searches(composer: Composer, qtbot: QtBot) -> None:
    dialog = opened(composer, qtbot)
    first = dialog.entry
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.entry != first
    assert dialog.view.title.text() == (dialog.entry.title if dialog.entry else "")
    dialog.search.setText("nothing has these words")
    assert dialog.entry is None
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_what_is_written_is_kept_and_kept_again(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    body = b'{"a": 1.10}\n'
    composer.editor.replace_text(body.decode())
    composer.library.save()
    dialog = composer.library.dialog
    qtbot.waitUntil(dialog.about.isVisible)
    dialog.about.title.setText("Décimale")
    dialog.about.tags.setText("a, b")
    with qtbot.waitSignal(dialog.saved, timeout=LONG):
        QTest.keyClick(dialog.about.title, Qt.Key.Key_Return)
    (kept,) = payloads.list()
    assert (kept.title, kept.tags, kept.body) == ("Décimale", ("a", "b"), body)
    dialog.reject()
    assert composer.form.template.currentText() == "Décimale"
    composer.editor.replace_text("{no json")
    with qtbot.waitSignal(composer.library.shelf.changed, timeout=LONG):
        composer.library.save()
    (kept,) = payloads.list()
    assert kept.body == b"{no json"
    composer.load_body(b"{}", title="#7")
    assert composer.library.current == "", "what comes from elsewhere is not saved over it"


def test_a_title_that_can_not_be_is_told_and_stays_typed(composer: Composer, qtbot: QtBot) -> None:
    composer.library.save()
    dialog = composer.library.dialog
    dialog.about.note.setText("a note")
    QTest.keyClick(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=LONG)
    assert dialog.about.isVisible()
    assert dialog.about.note.text() == "a note"
    dialog.reject()


def test_deleting_can_be_undone(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"{}", note="a note")
    dialog = opened(composer, qtbot)
    assert dialog.entry is not None
    assert dialog.entry.own
    dialog.list.setFocus()
    dialog._delete()
    qtbot.waitUntil(lambda: not payloads.list(), timeout=LONG)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=LONG)
    dialog.notice._act()
    qtbot.waitUntil(lambda: [one.note for one in payloads.list()] == ["a note"], timeout=LONG)
    dialog.reject()


def test_renaming_and_duplicating(composer: Composer, payloads: Payloads, qtbot: QtBot) -> None:
    payloads.save("Mine", b"{}")
    dialog = opened(composer, qtbot)
    dialog._rename()
    dialog.about.title.setText("Ours")
    QTest.keyClick(dialog.about.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.title for one in payloads.list()] == ["Ours"], timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.about.isVisible(), timeout=LONG)
    dialog._duplicate()
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
    dialog._import()
    qtbot.waitUntil(lambda: [one.body for one in payloads.list()] == [b'{"x": 1}'], timeout=LONG)
    qtbot.waitUntil(lambda: "1 payload imported" in dialog.notice.text, timeout=LONG)
    dialog._export()
    qtbot.waitUntil(lambda: (target / "theirs.json").exists(), timeout=LONG)
    assert (target / "theirs.json").read_bytes() == b'{"x": 1}'
    dialog.reject()


def test_another_folder_such_as_a_checkout(
    composer: Composer, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "of-the-team.json").write_bytes(b"{}")
    monkeypatch.setattr(dialogs, "choose_folder", lambda _parent, _title, _start: tmp_path)
    dialog = opened(composer, qtbot)
    dialog._choose_folder()
    qtbot.waitUntil(lambda: any(entry.name == "of-the-team" for entry in rows(dialog)), timeout=LONG)
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


def test_json_that_is_pasted_is_just_pasted(composer: Composer) -> None:
    composer.editor.replace_text("")
    paste(composer, '{"a": 1}')
    assert composer.editor.text() == '{"a": 1}'


def test_what_can_not_be_begun_with_is_told(composer: Composer, qtbot: QtBot) -> None:
    before = composer.editor.text()
    composer.library.start_from("hello there")
    qtbot.waitUntil(composer.body_pane.remark.isVisible, timeout=LONG)
    assert composer.editor.text() == before
