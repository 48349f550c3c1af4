"""Exporting, importing and copying in the real window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from inspector.history.exchange import taking, writing
from inspector.history.model import Row
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.ui.exchange import dialogs
from inspector.ui.exchange.export_dialog import ExportDialog, Wish
from inspector.ui.main_window import MainWindow
from inspector.ui.push_model import ROW_ROLE
from tests.history.examples import handshake, push
from tests.ui.conftest import LONG, MakeWindow

EVERYTHING = Wish(".jsonl", filtered=False, reveal=False)
TOKEN = "0123456789abcdef" * 4


@pytest.fixture
def window(make_window: MakeWindow, home: Home) -> MainWindow:
    """A window with three rows."""
    home.create()
    body = f'{{"device-token":"{TOKEN}"}}'.encode()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add(
            [push(body=body, headers=(("Authorization", "Basic dTpw"),)), push(brand_id="7"), handshake()]
        )
    return make_window()


def wait_until_done(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.tasks.busy, timeout=LONG)
    assert not window.tasks.strip.isVisible()


def answering(path: Path | None) -> Callable[..., Path | None]:
    return lambda *_: path


def open_dialog(window: MainWindow) -> ExportDialog:
    window.exchange.export_history()
    dialog = window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    return dialog


def test_export_what_the_filter_shows(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        window.toolbar.set_filter("brand:7")
    file = tmp_path / "out"
    monkeypatch.setattr(dialogs, "choose_destination", answering(file))
    dialog = open_dialog(window)
    assert dialog.scope.currentText() == "What the filter shows: brand:7"
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    wait_until_done(window, qtbot)
    head, line = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert head["masked"] is True
    assert line["brand_id"] == "7"
    assert "1 event written to" in window.notice.text


def test_export_all_with_secrets(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.har"
    monkeypatch.setattr(dialogs, "choose_destination", answering(file))
    dialog = open_dialog(window)
    assert dialog.scope.count() == 1
    assert "left out" in dialog.note.text()
    dialog.reveal.setChecked(True)
    assert "in clear" in dialog.note.text()
    dialog.format.setCurrentIndex(2)  # the name that is chosen then says it better
    dialog.accept()
    wait_until_done(window, qtbot)
    assert TOKEN in file.read_text()
    assert json.loads(file.read_text())["log"]["version"] == "1.2"
    assert "with device tokens and credentials" in window.notice.text


def test_nothing_happens_where_the_person_changes_their_mind(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "choose_destination", answering(None))
    monkeypatch.setattr(dialogs, "choose_source", answering(None))
    open_dialog(window).accept()
    window.exchange.import_history()
    assert not window.tasks.busy
    open_dialog(window).reject()
    assert not window.tasks.busy


def test_a_file_that_is_there_is_replaced_only_when_told_to(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("mine")
    window.exchange.export_to(file, EVERYTHING, over=False)
    wait_until_done(window, qtbot)
    assert "exists already" in window.notice.text
    assert file.read_text() == "mine"
    replace = window.findChild(QPushButton, "notice_action")
    assert isinstance(replace, QPushButton)
    assert replace.text() == "Replace it"
    qtbot.mouseClick(replace, Qt.MouseButton.LeftButton)
    wait_until_done(window, qtbot)
    assert file.read_text() != "mine"


def test_the_history_is_not_written_over(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    link = tmp_path / "out.jsonl"
    link.symlink_to(home.history_file)
    window.exchange.export_to(link, EVERYTHING, over=True)
    wait_until_done(window, qtbot)
    assert "the history itself" in window.notice.text


def test_cancel_leaves_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = held_up(monkeypatch, window)
    before = sorted(tmp_path.iterdir())
    window.exchange.export_to(tmp_path / "out.jsonl", EVERYTHING, over=False)
    qtbot.waitUntil(at_work, timeout=LONG)
    assert window.tasks.strip.isVisible()
    assert "Exporting to out.jsonl:" in window.tasks.strip.label.text()
    window.exchange.export_history()
    assert window.findChild(ExportDialog) is None
    qtbot.mouseClick(window.tasks.strip.cancel, Qt.MouseButton.LeftButton)
    wait_until_done(window, qtbot)
    assert sorted(tmp_path.iterdir()) == before


def test_closing_the_window_stops_what_goes_on(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = held_up(monkeypatch, window)
    before = sorted(tmp_path.iterdir())
    window.exchange.export_to(tmp_path / "out.jsonl", EVERYTHING, over=False)
    qtbot.waitUntil(at_work, timeout=LONG)
    window.close()
    assert sorted(tmp_path.iterdir()) == before


def held_up(monkeypatch: pytest.MonkeyPatch, window: MainWindow) -> Callable[[], bool]:
    """Has a page of an export take until it is cancelled; tells whether it has come to that."""
    read = HistoryReader.events
    begun: list[bool] = []

    def events(self: HistoryReader, ids: Any) -> Any:
        task = window.tasks.task
        assert task is not None
        begun.append(True)
        assert task.stop.wait(LONG / 1000)
        return read(self, ids)

    monkeypatch.setattr(HistoryReader, "events", events)
    return lambda: bool(begun)


def test_import_shows_what_came(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "in.jsonl"
    window.exchange.export_to(file, EVERYTHING, over=False)
    wait_until_done(window, qtbot)
    monkeypatch.setattr(dialogs, "choose_source", answering(file))
    window.exchange.import_history()
    qtbot.waitUntil(lambda: window.model.rowCount() == 6, timeout=LONG)
    wait_until_done(window, qtbot)
    assert window.notice.text == "3 events added from in.jsonl. 3 of them came without their secrets."
    show = window.findChild(QPushButton, "notice_action")
    assert isinstance(show, QPushButton)
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert window.toolbar.filter.text() == "id:4..6"
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=LONG)


def test_a_broken_file_is_told_and_not_taken(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"kind":"push","direction":"in","at":1}\n')
    bad.write_text(good.read_text() + "{\n")
    drop(window, bad, good)
    wait_until_done(window, qtbot)
    assert "line 2" in window.notice.text
    assert window.model.rowCount() == 3


def test_files_are_dropped_on_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    files = [tmp_path / "one.jsonl", tmp_path / "two.JSONL"]
    for file in files:
        file.write_text('{"kind":"push","direction":"in","at":1}\n')
    drop(window, *files)
    qtbot.waitUntil(lambda: window.model.rowCount() == 5, timeout=LONG)
    wait_until_done(window, qtbot)


def drop(window: MainWindow, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    window.dropEvent(
        QDropEvent(
            QPoint(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_an_import_that_is_cancelled_takes_its_rows_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_BATCH", 1)
    file = tmp_path / "in.jsonl"
    file.write_text('{"kind":"push","direction":"in","at":1}\n' * 3)
    restore = HistoryWriter.restore

    def slowly(self: HistoryWriter, events: Any) -> Any:
        task = window.tasks.task
        assert task is not None
        made = restore(self, events)
        if made[0] == 5:
            assert task.stop.wait(LONG / 1000)
        return made

    monkeypatch.setattr(HistoryWriter, "restore", slowly)
    window.exchange.import_files([file])
    qtbot.waitUntil(
        lambda: window.workbench.writer is not None and window.tasks.task is not None, timeout=LONG
    )
    qtbot.waitUntil(lambda: stored(window) == [1, 2, 3, 4, 5], timeout=LONG)
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        qtbot.mouseClick(window.tasks.strip.cancel, Qt.MouseButton.LeftButton)
    wait_until_done(window, qtbot)
    assert stored(window) == [1, 2, 3]
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=LONG)


def stored(window: MainWindow) -> list[int]:
    with HistoryReader.open(window.workbench.history_file) as reader:
        return list(reader.ids())


def test_rows_that_another_process_deletes_go(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    def resets() -> None:
        raise AssertionError("the table begins anew")

    window.model.modelAboutToBeReset.connect(resets)
    with HistoryWriter.open(home.history_file) as other:
        assert other.delete([1, 3, 99]) == 2
        qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=LONG)
        assert window.model.id_at(0) == 2
        other.delete([2])
        qtbot.waitUntil(lambda: window.model.rowCount() == 0, timeout=LONG)
        qtbot.waitUntil(window.pushes.table.empty.isVisible, timeout=LONG)
        other.add([push()])
    qtbot.waitUntil(window.pushes.table.view.isVisible, timeout=LONG)
    window.model.modelAboutToBeReset.disconnect(resets)


def test_what_one_looks_at_stays_where_it_is_when_others_go(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add([push() for _ in range(3000)])
        window = make_window()
        qtbot.waitUntil(lambda: window.model.rowCount() == 3000, timeout=LONG)
        table = window.pushes.table
        table.select_id(1500)
        qtbot.waitUntil(lambda: shown(window) == 1500, timeout=LONG)  # there is less room for the table then
        view = table.view
        view.verticalScrollBar().setValue(1480)
        top = window.model.id_at(view.rowAt(0))
        qtbot.waitUntil(lambda: window.model.knows(top), timeout=LONG)
        writer.delete([*range(1, 101), 1400, top + 1])
        qtbot.waitUntil(lambda: window.model.position_of(top + 1) is None, timeout=LONG)
    assert window.model.position_of(100) is None
    assert window.model.id_at(view.rowAt(0)) == top
    assert table.current_row is not None
    assert table.current_row.id == 1500
    window.model.remove([2999, 7, 1400])
    assert window.model.position_of(1400) is None


def shown(window: MainWindow) -> int:
    event = window.pushes.detail.event_shown
    return event.id if event is not None else 0


# copying


def menu_of(window: MainWindow, place: int) -> QMenu:
    row: Row | None = window.model.index(place, 0).data(ROW_ROLE)
    assert row is not None
    return window.pushes.table.menu_for(row, "text")


def ways_of(menu: QMenu) -> QMenu | None:
    return next((one for one in menu.findChildren(QMenu) if one.title().startswith("Copy as")), None)


@pytest.mark.parametrize(
    ("place", "begin"), [(0, "curl "), (1, "http "), (2, "import os"), (3, "POST /push HTTP/1.1")]
)
def test_a_row_is_copied_as(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, place: int, begin: str
) -> None:
    menu = menu_of(window, 0)
    ways = ways_of(menu)
    assert ways is not None
    assert ways.title() == "Copy as (secrets masked)"
    qapp.clipboard().setText("")
    ways.actions()[place].trigger()
    qtbot.waitUntil(lambda: qapp.clipboard().text() != "", timeout=LONG)
    text = qapp.clipboard().text()
    assert text.startswith(begin)
    assert TOKEN not in text
    assert "dTpw" not in text
    menu.deleteLater()


def test_a_copy_has_the_secrets_where_the_pane_shows_them(
    window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    window.pushes.detail.reveal.setChecked(True)
    menu = menu_of(window, 0)
    ways = ways_of(menu)
    assert ways is not None
    assert ways.title() == "Copy as"
    qapp.clipboard().setText("")
    ways.actions()[0].trigger()
    qtbot.waitUntil(lambda: TOKEN in qapp.clipboard().text(), timeout=LONG)
    assert "Basic dTpw" in qapp.clipboard().text()
    menu.deleteLater()


def test_a_client_that_was_turned_away_can_not_be_copied_so(window: MainWindow) -> None:
    menu = menu_of(window, 2)
    assert ways_of(menu) is None
    menu.deleteLater()


def test_every_control_has_a_name_and_says_what_it_does(window: MainWindow) -> None:
    dialog = open_dialog(window)
    for box in dialog.findChildren(QComboBox):
        assert box.accessibleName()
        assert box.toolTip()
    assert [ending for ending, _ in writing_formats()] == list(writing.ENDINGS)
    dialog.reject()


def writing_formats() -> tuple[tuple[str, str], ...]:
    from inspector.ui.exchange.export_dialog import FORMATS

    return FORMATS
