"""The page in the real window, with real TLS on the other side: what is sent, what is shown, what is kept."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.mint import DevIdentities
from inspector.history.model import Direction, NewEvent
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.sender.request import SendRequest
from inspector.sender.run_record import Keep
from inspector.ui.main_window import MainWindow
from inspector.ui.runs import dialogs
from inspector.ui.runs.driver import Seen
from inspector.ui.runs.earlier import COLUMNS, MOST_RUNS, EarlierRuns
from inspector.ui.runs.page import RunsPage
from inspector.workbench import Workbench
from tests.history.examples import SECOND, START, handshake, push
from tests.sender.conftest import (  # noqa: F401 (fixtures of the other room: its servers)
    Nginx,
    Serve,
    ServeTls,
    nginx,
    serve,
    serve_tls,
    to_files,
)
from tests.ui.conftest import LONG, MakeWindow

CTRL = Qt.KeyboardModifier.ControlModifier
CLIENT = "client"


@pytest.fixture
def known(home: Home, dev: DevIdentities) -> Home:
    """A home whose vault has the tests' CA and the client that their servers take."""
    workbench = Workbench(home, use_keyring=False)
    workbench.vault.add("ca", dev.ca.chain)
    workbench.vault.add(CLIENT, dev.client.chain, dev.client.key)
    workbench.close()
    return home


def opened(
    make_window: MakeWindow, qtbot: QtBot, url: str, identity: str = CLIENT
) -> tuple[MainWindow, RunsPage]:
    """The window with the page, by its key; the composer's target is `url`."""
    window = make_window()
    window.composer.set_target(url)
    window.composer.set_identity(identity)
    qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    page = window.runs.page
    assert page.isVisible()
    return window, page


def ran(page: RunsPage, qtbot: QtBot) -> Seen:
    """Wait for the end of a run."""
    qtbot.waitUntil(lambda: not page.running, timeout=LONG)
    qtbot.waitUntil(lambda: page.earlier.rowCount() > 0, timeout=LONG)
    return page.earlier.run(0)


def stored(home: Home) -> list[NewEvent]:
    with HistoryReader.open(home.history_file) as reader:
        return [event.written for event in reader.events(reader.ids())]


def store(home: Home, events: list[NewEvent]) -> list[int]:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        return [written.id for written in writer.add(events)]


def holds(sock: socket.socket, gate: threading.Event) -> None:
    """A server that answers nothing until the gate opens, or the client goes."""
    sock.recv(65536)
    gate.wait(20)


# a run


def test_a_run_over_mutual_tls_is_shown_and_kept(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    assert page.target.where.text() == f"https://localhost:{nginx.required}/push · as {CLIENT}"
    assert page.what.about.text() == "iOS, as documented · 395 bytes"
    page.pace.count.setValue(120)
    page.pace.concurrency.setValue(4)
    qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    assert page.running
    assert page.start.text() == "Stop"
    seen = ran(page, qtbot)
    assert dict(seen.progress.statuses) == {200: 120}
    assert sum(one.done for one in seen.stretches) == 120
    assert page.view.headline.text().startswith("Done: 120 pushes in ")
    assert "Sent 120" in page.view.text()
    assert page.view.outcomes.accessibleDescription() == "200 accepted: 120"
    assert "120 pushes: p50" in page.view.histogram.accessibleDescription()
    assert page.start.text() == "Start"
    assert not page.what.note.isVisible()
    sent = stored(known)
    assert len(sent) == 120
    assert {one.body for one in sent} == {window.composer.body()}
    qtbot.waitUntil(lambda: window.model.rowCount() == 120, timeout=LONG)


def test_variables_are_put_in_for_each_push(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    window.composer.load_body(b'{"sequence": "{{seq}}", "brandId": "b"}', title="a test")
    page.pace.count.setValue(5)
    page.pace.concurrency.setValue(1)
    page.begin()
    ran(page, qtbot)
    sequences = [json.loads(one.body)["sequence"] for one in stored(known)]
    assert [int(one) for one in sequences] == [1, 2, 3, 4, 5]


def test_a_rate_is_kept_and_nothing_comes_into_the_history_if_so_wanted(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    _, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.pace.setCurrentIndex(page.pace.pace.findData("rate"))
    page.pace.count.setValue(60)
    page.pace.rate.setValue(120)
    page.pace.keep.setCurrentIndex(page.pace.keep.findData(Keep.NONE.value))
    page.begin()
    seen = ran(page, qtbot)
    assert 0.49 <= seen.progress.seconds < 5, "the last is due after 59 of 120 parts of a second"
    assert page.view.rate.title == "Pushes a second · 120 wanted (dashed)"
    assert seen.recorded is None
    assert stored(known) == []


def test_escape_stops_a_run_and_what_was_sent_is_told(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    serve_tls: ServeTls,  # noqa: F811
) -> None:
    gate = threading.Event()
    port = serve_tls(lambda sock: holds(sock, gate))
    window, page = opened(make_window, qtbot, f"https://localhost:{port}/")
    page.pace.count.setValue(50)
    page.pace.concurrency.setValue(3)
    page.begin()
    qtbot.waitUntil(
        lambda: page.view.seen is not None and page.view.seen.progress.in_flight == 3, timeout=LONG
    )
    assert not page.carry_out(page.view.seen.order), "one at a time"  # type: ignore[union-attr]
    assert page.start.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    seen = ran(page, qtbot)
    gate.set()
    assert seen.progress.cancelled
    assert seen.progress.failures["cancelled"] == 3
    assert page.view.headline.text().startswith("Stopped: 3 pushes in ")
    assert page.isVisible(), "Esc has stopped the run, and that was all"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.pushes.isVisible()


def test_closing_the_window_stops_a_run_in_order(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(1_000_000)
    page.begin()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.progress.sent > 50, timeout=LONG)
    window.close()
    assert len(stored(known)) > 50, "what was sent is kept"


def test_a_single_push_goes_out_while_a_run_goes_on(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(1_000_000)
    page.pace.keep.setCurrentIndex(page.pace.keep.findData(Keep.NONE.value))
    page.begin()
    window.open_composer()
    window.composer.focus_editor()
    with qtbot.waitSignal(window.composer.sent, timeout=LONG) as sent:
        qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    assert sent.args[0].status == 200
    assert page.running
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.running, "the keyboard is in the composer"
    page.stop()
    ran(page, qtbot)


# what goes wrong


def test_a_place_where_nothing_listens_is_told_with_the_next_step(
    make_window: MakeWindow, qtbot: QtBot, known: Home
) -> None:
    _, page = opened(make_window, qtbot, "https://localhost:1/")
    page.pace.count.setValue(5)
    page.begin()
    seen = ran(page, qtbot)
    assert dict(seen.progress.failures) == {"connect_failed": 5}
    assert "Nothing listens at localhost:1." in page.view.failures.text()
    assert page.view.headline.text().endswith("5 not accepted")
    assert page.view.outcomes.accessibleDescription() == "Could not connect: 5"


def test_a_refusal_after_the_handshake_is_named(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    serve_tls: ServeTls,  # noqa: F811
    dev: DevIdentities,
) -> None:
    port = serve_tls(lambda sock: None, client_ca=dev.ca.leaf)
    _, page = opened(make_window, qtbot, f"https://localhost:{port}/", identity="")
    page.pace.count.setValue(2)
    page.begin()
    seen = ran(page, qtbot)
    assert dict(seen.progress.failures) == {"tls_refused": 2}
    assert "They turned us down" in page.view.outcomes.accessibleDescription()


def test_no_url_and_no_such_identity_are_said_where_they_are(
    make_window: MakeWindow, qtbot: QtBot, known: Home
) -> None:
    _, page = opened(make_window, qtbot, "nonsense://x")
    page.begin()
    assert not page.running
    assert page.target.note.isVisible()
    assert "https URL" in page.target.note.message.text()
    page.target.which.setCurrentIndex(page.target.which.findData("other"))
    page.target.url.setText("https://localhost:1/")
    page.target.identity.choose("gone")
    page.begin()
    qtbot.waitUntil(lambda: not page.running, timeout=LONG)
    assert "gone" in page.target.note.message.text()
    assert page.earlier.rowCount() == 0
    assert page.empty.isVisible()


def test_the_vaults_passphrase_is_asked_for_and_a_wrong_one_said(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    Workbench(known, use_keyring=False).vault.change_passphrase("correct horse")
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(3)
    for answer in ("wrong", "correct horse"):
        page.begin()
        qtbot.waitUntil(lambda: window.findChild(QInputDialog, "vault_passphrase") is not None, timeout=LONG)
        dialog = window.findChild(QInputDialog, "vault_passphrase")
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue(answer)
        dialog.accept()
        qtbot.waitUntil(lambda: window.findChild(QInputDialog, "vault_passphrase") is None, timeout=LONG)
        qtbot.waitUntil(lambda: not page.running, timeout=LONG)
        if answer == "wrong":
            assert page.target.note.isVisible()
    assert dict(page.earlier.run(0).progress.statuses) == {200: 3}
    assert not page.target.note.isVisible()


# several runs


def test_runs_of_a_session_can_be_compared_run_again_copied_and_saved(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(10)
    page.begin()
    ran(page, qtbot)
    window.composer.set_target(f"https://localhost:{nginx.required}/503")
    page.begin()
    qtbot.waitUntil(lambda: page.earlier.rowCount() == 2, timeout=LONG)
    assert page.view.headline.text().endswith("10 not accepted")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert "10 not accepted" not in page.view.headline.text()
    qtbot.mouseClick(page.view.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.earlier.rowCount() == 3, timeout=LONG)
    assert dict(page.earlier.run(0).progress.statuses) == {200: 10}, "the one that was looked at"
    qtbot.mouseClick(page.view.copy, Qt.MouseButton.LeftButton)
    assert "200 accepted: 10 (100.0%)" in QApplication.clipboard().text()
    actions = page.view.save.menu().actions()
    for action, ending in zip(actions, (".json", ".html"), strict=True):
        place = tmp_path / f"summary{ending}"
        monkeypatch.setattr(dialogs, "choose_summary", lambda *_, place=place: place)
        action.trigger()
        qtbot.waitUntil(place.exists, timeout=LONG)
    document = json.loads((tmp_path / "summary.json").read_text())
    assert document["statuses"] == {"200": 10}
    assert document["url"] == f"https://localhost:{nginx.required}/push"
    assert "<html" in (tmp_path / "summary.html").read_text()
    said = window.status_line.findChild(QLabel, "status_message")
    assert said is not None
    qtbot.waitUntil(lambda: said.text() == f"Saved as {tmp_path / 'summary.html'}")


def test_one_can_look_back_at_an_earlier_run_while_one_goes_on(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    _, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(5)
    page.begin()
    ran(page, qtbot)
    page.pace.count.setValue(1_000_000)
    page.begin()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.number == 2, timeout=LONG)
    assert not page.table.selectionModel().hasSelection()
    page.table.choose(0)
    with qtbot.waitSignal(page._driver.looked, timeout=LONG):
        pass
    assert page.view.headline.text().startswith("Done: 5 pushes"), "it stays while the other goes on"
    qtbot.mouseClick(page.going, Qt.MouseButton.LeftButton)
    assert " of 1,000,000 sent" in page.view.headline.text()
    assert not page.going.isVisible()
    page.stop()
    qtbot.waitUntil(lambda: page.earlier.rowCount() == 2, timeout=LONG)


def test_a_run_goes_on_into_another_history_that_is_opened_meanwhile(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
    tmp_path: Path,
) -> None:
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(1_000_000)
    page.begin()
    qtbot.waitUntil(lambda: page.view.seen is not None and page.view.seen.progress.sent > 50, timeout=LONG)
    first, other = known.history_file, tmp_path / "other.sqlite"
    window.keeping.start_new_at(other)
    qtbot.waitUntil(lambda: window.workbench.history_file == other, timeout=LONG)
    number = page.view.seen.progress.sent if page.view.seen else 0
    qtbot.waitUntil(
        lambda: page.view.seen is not None and page.view.seen.progress.sent > number + 500, timeout=LONG
    )
    page.stop()
    seen = ran(page, qtbot)
    assert seen.recorded is not None
    assert (seen.recorded.lost, seen.recorded.error) == (0, None)
    counts = []
    for path in (first, other):
        with HistoryReader.open(path) as reader:
            counts.append(len(reader.ids()))
    assert sum(counts) == seen.recorded.stored
    assert all(counts)


def test_a_saved_target_can_be_chosen(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    workbench = Workbench(known, use_keyring=False)
    workbench.save_target("staging", SendRequest(f"https://localhost:{nginx.required}/push", identity=CLIENT))
    workbench.close()
    _, page = opened(make_window, qtbot, "https://localhost:1/")
    qtbot.waitUntil(lambda: page.target.which.findText("staging") >= 0, timeout=LONG)
    page.target.which.setCurrentIndex(page.target.which.findText("staging"))
    page.pace.count.setValue(4)
    page.begin()
    seen = ran(page, qtbot)
    assert dict(seen.progress.statuses) == {200: 4}
    assert seen.order.where.startswith("staging: https://localhost:")


def test_a_script_is_played(make_window: MakeWindow, qtbot: QtBot, known: Home, nginx: Nginx) -> None:  # noqa: F811
    _, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    qtbot.waitUntil(lambda: page.what.which.findText("Script: Short chat") >= 0, timeout=LONG)
    page.what.which.setCurrentIndex(page.what.which.findText("Script: Short chat"))
    qtbot.waitUntil(lambda: page.what.about.text().startswith("8 pushes in "), timeout=LONG)
    assert page.pace.pace.currentText() == "As the script says"
    assert page.what.edit.isVisible()
    page.pace.speed.setValue(1000)
    page.pace.concurrency.setValue(1)
    page.begin()
    assert dict(ran(page, qtbot).progress.statuses) == {200: 8}
    assert [one.sequence for one in stored(known)] == list(range(1, 9))


def test_all_can_be_reached_with_the_keyboard(make_window: MakeWindow, qtbot: QtBot, known: Home) -> None:
    _, page = opened(make_window, qtbot, "https://localhost:1/")
    page.target.which.setCurrentIndex(page.target.which.findData("other"))
    page.pace.count.setValue(3)
    page.target.url.setText("https://localhost:1/")
    page.begin()
    ran(page, qtbot)
    page.what.which.setFocus()
    met: list[QWidget] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        if focus is None or not page.isAncestorOf(focus) or focus in met:
            break
        met.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    names = [widget.objectName() for widget in met]
    wanted = [
        "runs_what", "runs_target", "runs_url", "runs_identity", "runs_check_certificate", "runs_count", "runs_pace",
        "runs_concurrency", "runs_keep", "runs_start", "runs_save", "runs_copy", "runs_again", "runs_latency_plot",
        "runs_histogram_plot", "runs_rate_plot", "runs_earlier",
    ]  # fmt: skip
    assert [name for name in names if name in wanted] == wanted
    for widget in met:
        assert widget.accessibleName() or isinstance(widget, QLineEdit), widget.objectName()


def test_the_plots_tell_what_stands_where_one_points(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    _, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.pace.count.setValue(200)
    page.begin()
    ran(page, qtbot)
    for plot in (page.view.latency, page.view.histogram, page.view.rate):
        plot.setFocus()
        qtbot.keyClick(plot, Qt.Key.Key_Home)
        assert plot.pointed == 0
        first = plot.readout()
        assert first
        qtbot.keyClick(plot, Qt.Key.Key_End)
        assert plot.pointed == len(plot.stops()) - 1
        qtbot.keyClick(plot, Qt.Key.Key_Left)
        qtbot.mouseMove(plot, plot.area.center().toPoint())
        assert plot.readout()
        assert not plot.grab().isNull()
    assert "p99" in page.view.latency.words_at(0)


def test_the_model_of_earlier_runs_is_sound(
    make_window: MakeWindow, qtbot: QtBot, known: Home, qtmodeltester: object
) -> None:
    _, page = opened(make_window, qtbot, "https://localhost:1/")
    page.pace.count.setValue(1)
    page.begin()
    seen = ran(page, qtbot)
    model = EarlierRuns()
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    for _ in range(MOST_RUNS + 3):
        model.add(seen)
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    assert model.rowCount() == MOST_RUNS
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Began"
    texts = [model.index(0, place).data() for place in range(len(COLUMNS))]
    assert texts[-1] == page.view.about.text()
    assert all(texts)


# sending captured pushes again


def captured(home: Home) -> list[bytes]:
    """Three pushes with a refused handshake between them; their bytes are odd."""
    bodies = [f'{{"n":  {n},\r\n"é":"\\u00e9"}}'.encode() for n in (1, 2, 3)]
    events = [push(body=body, sequence=n, at=START + n * SECOND // 10) for n, body in enumerate(bodies)]
    store(home, [*events[:2], handshake(), events[2]])
    return bodies


def resent(home: Home) -> list[bytes]:
    return [one.body for one in stored(home) if one.direction is Direction.OUT]


def test_all_selected_are_sent_again_in_their_order_with_their_bytes(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    bodies = captured(known)
    window = make_window()
    window.composer.set_target(f"https://localhost:{nginx.required}/push")
    window.composer.set_identity(CLIENT)
    view = window.pushes.table.view
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=LONG)
    view.selectAll()
    qtbot.waitUntil(lambda: len(window.pushes.table.selected_rows) == 4, timeout=LONG)
    row = window.pushes.table.selected_rows[0]
    menu = [action.text().split("\t")[0] for action in window.pushes.table.menu_for(row, "text").actions()]
    assert "Resend 3 pushes…" in menu
    assert "Resend all that the filter shows…" in menu
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL)
    dialog = window.runs.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible, timeout=LONG)
    dialog.pace.concurrency.setValue(1)
    qtbot.keyClick(dialog.go, Qt.Key.Key_Return)
    page = window.runs.page
    assert page.isVisible()
    seen = ran(page, qtbot)
    assert dict(seen.progress.statuses) == {200: 3}
    assert resent(known) == bodies
    assert "1 refused handshake was left out" in page.view.text()
    assert page.view.about.text().startswith("4 pushes of the history to https://localhost:")


def test_what_the_filter_shows_is_sent_again_in_the_order_shown_at_its_own_pace(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    bodies = captured(known)
    window = make_window()
    window.composer.set_target(f"https://localhost:{nginx.required}/push")
    window.composer.set_identity(CLIENT)
    window.toolbar.set_filter("seq:1..2")
    qtbot.waitUntil(lambda: window.model.rowCount() == 2, timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.runs.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible, timeout=LONG)
    dialog.activateWindow()
    dialog.target.which.setFocus()
    qtbot.waitUntil(dialog.target.which.hasFocus, timeout=LONG)
    met: list[str] = []
    focus = QApplication.focusWidget()
    while focus is not None and focus.objectName() not in met:
        met.append(focus.objectName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
    assert met == [
        "resend_target", "resend_most", "resend_pace", "resend_concurrency", "resend_keep", "resend_cancel",
        "resend_start",
    ]  # fmt: skip
    dialog.pace.pace.setCurrentIndex(dialog.pace.pace.findData("own"))
    dialog.pace.speed.setValue(0.5)
    dialog.pace.concurrency.setValue(1)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    seen = ran(window.runs.page, qtbot)
    assert seen.progress.seconds >= 0.2
    assert resent(known) == bodies[1:]
    assert seen.order.source.title == "What the filter shows"


def test_the_page_sends_captured_pushes_too(
    make_window: MakeWindow,
    qtbot: QtBot,
    known: Home,
    nginx: Nginx,  # noqa: F811
) -> None:
    bodies = captured(known)
    window, page = opened(make_window, qtbot, f"https://localhost:{nginx.required}/push")
    page.what.which.setCurrentIndex(page.what.which.findData("selected"))
    page.begin()
    assert page.what.note.message.text() == "No push is selected."
    page.what.which.setCurrentIndex(page.what.which.findData("filtered"))
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=LONG)
    page.pace.most.setValue(2)
    page.begin()
    ran(page, qtbot)
    assert sorted(resent(known)) == sorted(bodies[:2])


def test_only_handshakes_leave_nothing_to_send(make_window: MakeWindow, qtbot: QtBot, known: Home) -> None:
    store(known, [handshake()])
    _, page = opened(make_window, qtbot, "https://localhost:1/")
    page.what.which.setCurrentIndex(page.what.which.findData("filtered"))
    page.begin()
    qtbot.waitUntil(lambda: not page.running, timeout=LONG)
    assert page.what.note.message.text() == "There is no push to send again."
