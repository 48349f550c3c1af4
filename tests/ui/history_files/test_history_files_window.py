"""The history as a file, in the real window: new, open, recent, a copy, how much is kept, compacted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.history.lease import Lease
from inspector.history.reader import HistoryReader
from inspector.history.retention import Retention
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.ui.history_files import dialogs
from inspector.ui.history_files.keep_dialog import KeepDialog
from inspector.ui.main_window import MainWindow
from inspector.workbench import Workbench
from tests.history.examples import handshake, push
from tests.ui.conftest import LONG, MakeWindow


@pytest.fixture
def window(make_window: MakeWindow, home: Home) -> MainWindow:
    """A window with three rows."""
    filled(home.history_file, 3)
    return make_window()


def filled(path: Path, count: int) -> Path:
    """A history of so many pushes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with HistoryWriter.open(path) as writer:
        writer.add([push(message=f"{path.stem} {number}") for number in range(count)])
    return path


def answering(path: Path | None) -> Callable[..., Path | None]:
    return lambda *_: path


def wait_for_rows(window: MainWindow, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: window.model.rowCount() == count, timeout=LONG)


def click_notice(window: MainWindow, qtbot: QtBot, text: str) -> None:
    button = window.notice.findChild(QPushButton, "notice_action")
    assert isinstance(button, QPushButton)
    assert button.text() == text
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def recent(window: MainWindow) -> list[tuple[str, bool]]:
    return [
        (action.text().partition(" · ")[0], action.isEnabled())
        for action in window.files.menu.recent.actions()
    ]


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPoint(10, 10).toPointF(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_open_another_and_back_again(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.windowTitle() == "Push Inspector"
    other = filled(tmp_path / "else where" / "case 7.sqlite3", 5)
    monkeypatch.setattr(dialogs, "choose_history", answering(other))
    window.pushes.table.view.selectRow(0)
    window.files.open()
    wait_for_rows(window, qtbot, 5)
    assert window.windowTitle() == "case 7 – Push Inspector"
    assert home.history_file == other
    qtbot.waitUntil(lambda: recent(window) == [("history.sqlite3", True)], timeout=LONG)
    assert window.workbench.holds_history
    Lease.take(home.data / "history.sqlite3", "listen").release()  # which is free for others

    window.files.menu.recent.actions()[0].trigger()
    wait_for_rows(window, qtbot, 3)
    other.unlink()
    window.files.menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: recent(window) == [("case 7.sqlite3", False)], timeout=LONG)
    assert window.windowTitle() == "Push Inspector"


def test_the_filter_holds_for_the_other_file_too(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        window.toolbar.set_filter("other")
    assert window.model.rowCount() == 0
    path = filled(tmp_path / "other.sqlite3", 2)
    with HistoryWriter.open(path) as writer:
        writer.add([push(message="none of them")])
    window.files.open_file(path)
    wait_for_rows(window, qtbot, 2)


def test_what_is_no_history_is_refused_and_this_one_stays(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.sqlite3"
    foreign.write_text("x" * 2000)
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.listening.state.on, timeout=LONG)
    url = window.listening.state.url
    window.files.open_file(foreign)
    qtbot.waitUntil(lambda: "not an SQLite file" in window.notice.text, timeout=LONG)
    assert foreign.read_text() == "x" * 2000
    assert window.listening.state.url == url
    assert (window.workbench.history_file, home.history_file) == (home.data / "history.sqlite3",) * 2
    drop(window, tmp_path / "nowhere.sqlite3")
    qtbot.waitUntil(lambda: "nowhere.sqlite3" in window.notice.text, timeout=LONG)
    assert window.workbench.holds_history


def test_a_listener_goes_on_with_the_other_file(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    window.workbench.ensure_identities()
    window.toolbar.set_address("127.0.0.1:0")
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.listening.state.on, timeout=LONG)
    send(home, window.listening.state.url)
    wait_for_rows(window, qtbot, 5)  # the push, and that it was sent
    other = filled(tmp_path / "other.sqlite3", 1)
    drop(window, other)
    wait_for_rows(window, qtbot, 1)
    qtbot.waitUntil(lambda: window.listening.state.on and not window.listening.state.busy, timeout=LONG)
    send(home, window.listening.state.url)
    wait_for_rows(window, qtbot, 3)
    with HistoryReader.open(home.data / "history.sqlite3") as reader:
        assert len(reader.ids()) == 5


def send(home: Home, url: str) -> None:
    run(home, "send", "ios", "--identity", "dev-client", "--to", url)


def run(home: Home, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inspector", "--home", str(home.data), *words],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_a_new_file(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggested: list[Path] = []

    def choose(_parent: object, path: Path) -> Path:
        suggested.append(path)
        return tmp_path / "fresh"

    monkeypatch.setattr(dialogs, "choose_new", choose)
    window.files.start_new()
    wait_for_rows(window, qtbot, 0)
    assert [path.name for path in suggested] == ["history-2.sqlite3"]
    assert home.history_file == tmp_path / "fresh.sqlite3"
    window.files.start_new()  # where there is one already
    qtbot.waitUntil(lambda: "already" in window.notice.text, timeout=LONG)
    assert home.history_file == tmp_path / "fresh.sqlite3"


def test_a_copy_is_saved_and_this_file_stays_in_use(
    window: MainWindow, qtbot: QtBot, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "choose_copy", answering(tmp_path / "copy"))
    window.files.save_copy()
    qtbot.waitUntil(lambda: "Saved as" in window.notice.text, timeout=LONG)
    assert (tmp_path / "copy.sqlite3").stat().st_mode & 0o777 == 0o600
    with HistoryReader.open(tmp_path / "copy.sqlite3") as copied:
        assert len(copied.ids()) == 3
    assert home.history_file.name == "history.sqlite3"
    window.workbench.writer.add([handshake()])
    window.files.save_copy()  # as the ending was not written, the dialog has not asked
    qtbot.waitUntil(lambda: "already" in window.notice.text, timeout=LONG)
    click_notice(window, qtbot, "Replace it")
    qtbot.waitUntil(lambda: "Saved as" in window.notice.text, timeout=LONG)
    with HistoryReader.open(tmp_path / "copy.sqlite3") as copied:
        assert len(copied.ids()) == 4
    window.files.save_copy_to(home.history_file, over=True)
    qtbot.waitUntil(lambda: "in use" in window.notice.text, timeout=LONG)
    wait_for_rows(window, qtbot, 4)


def test_a_copy_can_be_cancelled(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspector.history import copying

    whole = copying.save_copy

    def held_up(history: Path, to: Path, **rest: object) -> bool:
        task = window.tasks.task
        assert task is not None
        assert task.stop.wait(LONG / 1000)
        return whole(history, to, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "save_copy", held_up)
    monkeypatch.setattr(copying, "_LOOK_EVERY", 10)
    window.files.save_copy_to(tmp_path / "copy.sqlite3", over=False)
    assert window.tasks.strip.isVisible()
    window.files.open_file(tmp_path / "copy.sqlite3")  # not while it is made
    qtbot.mouseClick(window.tasks.strip.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.tasks.busy, timeout=LONG)
    assert not list(tmp_path.glob("*copy*"))
    assert window.model.rowCount() == 3


def keep_dialog(window: MainWindow, qtbot: QtBot) -> KeepDialog:
    window.files.keep()
    qtbot.waitUntil(lambda: window.files._dialog is not None, timeout=LONG)
    dialog = window.files._dialog
    assert dialog is not None
    return dialog


def test_what_would_go_is_told_before_it_goes(window: MainWindow, qtbot: QtBot) -> None:
    dialog = keep_dialog(window, qtbot)
    assert dialog.retention == Retention()
    assert dialog.accept_button.text() == "Keep everything"
    edit = dialog.edits["most_events"]
    edit.clear()
    qtbot.keyClicks(edit, "x")
    assert dialog.boxes["most_events"].isChecked()
    qtbot.waitUntil(lambda: "above zero" in dialog.estimate.text(), timeout=LONG)
    assert not dialog.accept_button.isEnabled()
    edit.clear()
    qtbot.keyClicks(edit, "1")
    qtbot.waitUntil(
        lambda: dialog.estimate.text() == "Would let go of about 2 of 3 events now.", timeout=LONG
    )
    assert window.model.rowCount() == 3
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    wait_for_rows(window, qtbot, 1)
    assert window.workbench.retention() == Retention(most_events=1)

    again = keep_dialog(window, qtbot)
    assert again.edits["most_events"].text() == "1"
    again.boxes["most_events"].setChecked(False)
    again.accept()
    qtbot.waitUntil(lambda: window.workbench.retention() == Retention(), timeout=LONG)


def test_thinking_better_of_it_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    dialog = keep_dialog(window, qtbot)
    dialog.boxes["most_days"].setChecked(True)
    qtbot.waitUntil(
        lambda: "of the 3 events" in dialog.estimate.text(), timeout=LONG
    )  # none is catalogued yet
    dialog.reject()
    assert window.workbench.retention() == Retention()
    assert window.files._dialog is None


def test_what_another_process_wants_kept_is_obeyed(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    run(home, "history", "keep", "--events", "2")
    wait_for_rows(window, qtbot, 2)


def test_compacting_says_what_was_won(window: MainWindow, qtbot: QtBot, home: Home) -> None:
    writer = window.workbench.writer
    written = writer.add([push(body=b" " * 100_000) for _ in range(30)])
    writer.delete([event.id for event in written])
    window.files.compact()
    qtbot.waitUntil(lambda: not window.tasks.busy, timeout=LONG)
    assert "MB smaller" in window.status_line._message.text()
    assert home.history_file.stat().st_size < 1_000_000
    assert len(writer.add([handshake()])) == 1


def test_nobody_who_pushes_waits_for_it(window: MainWindow, qtbot: QtBot) -> None:
    window.toolbar.set_address("127.0.0.1:0")
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.listening.state.on, timeout=LONG)
    window.files.compact()
    assert not window.tasks.busy
    assert "would have to wait" in window.notice.text
    click_notice(window, qtbot, "Stop and compact")
    qtbot.waitUntil(lambda: bool(window.status_line._message.text()), timeout=LONG)
    qtbot.waitUntil(lambda: not window.tasks.busy and not window.listening.state.on, timeout=LONG)
    assert "room" in window.status_line._message.text() or "smaller" in window.status_line._message.text()


def test_a_window_that_reads_along_does_not_compact(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    other = Workbench(home, use_keyring=False)
    other.hold_history()
    try:
        window = make_window()
        window.files.compact()
        qtbot.waitUntil(lambda: "one writer at a time" in window.notice.text, timeout=LONG)
    finally:
        other.close()
