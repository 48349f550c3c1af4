"""The main job in the real window: listen, send by mutual TLS, see, change, send again."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton, QTableView, QTabWidget
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.history.model import Direction, Kind, Row
from inspector.history.reader import HistoryReader
from inspector.home import Home
from inspector.sender.model import Target, Trust
from inspector.ui.main_window import CERTIFICATES, MainWindow
from inspector.ui.push_model import ROW_ROLE
from inspector.workbench import DEV_CLIENT, Workbench
from tests.ui.conftest import LONG, MakeWindow


def rows(window: MainWindow) -> list[Row]:
    model = window.model
    found = [model.index(place, 0).data(ROW_ROLE) for place in range(model.rowCount())]
    return [row for row in found if row is not None]


def listen(window: MainWindow, qtbot: QtBot) -> str:
    window.toolbar.set_address("127.0.0.1:0")
    button = window.findChild(QPushButton, "listen_button")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.listening.state.on and not window.listening.state.busy, timeout=LONG)
    return window.listening.state.url


def test_listen_send_see_edit_and_send_again(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    window = make_window()
    assert window.objectName() == "main_window"
    url = listen(window, qtbot)
    assert url.startswith("https://127.0.0.1:")
    assert window.toolbar.address.text() == url

    composer = window.composer
    qtbot.waitUntil(lambda: composer.set_identity(DEV_CLIENT), timeout=LONG)
    composer.set_target(url)
    send = composer.findChild(QPushButton, "composer_send")
    assert isinstance(send, QPushButton)
    with qtbot.waitSignal(composer.sent, timeout=LONG) as sent:
        qtbot.mouseClick(send, Qt.MouseButton.LeftButton)
    assert sent.args[0].status == 200
    qtbot.waitUntil(lambda: len(rows(window)) == 2, timeout=LONG)
    assert {row.direction for row in rows(window)} == {Direction.IN, Direction.OUT}
    incoming = next(row for row in rows(window) if row.direction is Direction.IN)
    assert (incoming.service, incoming.status, incoming.problem_count) == (Service.APNS, 200, 0)
    assert incoming.subject is not None
    assert "dev-client" in incoming.subject

    table = window.findChild(QTableView, "push_table")
    assert isinstance(table, QTableView)
    place = window.model.position_of(incoming.id)
    assert place is not None
    spot: QPoint = table.visualRect(window.model.index(place, 8)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: window.pushes.detail.event_shown is not None, timeout=LONG)
    shown = window.pushes.detail.event_shown
    assert shown is not None
    assert shown.id == incoming.id

    edit = window.findChild(QPushButton, "edit_resend_button")
    assert isinstance(edit, QPushButton)
    qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    document = json.loads(composer.editor.toPlainText())
    document["aps"]["alert"] = "Changed: 456"
    composer.editor.selectAll()
    composer.editor.insertPlainText(json.dumps(document, indent=2))
    with qtbot.waitSignal(composer.sent, timeout=LONG):
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(rows(window)) == 4, timeout=LONG)
    assert [row.message for row in rows(window)].count("Changed: 456") == 2
    texts = [row.message for row in rows(window)]
    assert texts.count("My Test: 123") == 2


def test_resend_sends_the_very_same_bytes(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    window = make_window()
    url = listen(window, qtbot)
    qtbot.waitUntil(lambda: window.composer.set_identity(DEV_CLIENT), timeout=LONG)
    window.composer.set_target(url)
    body = b'{ "odd" :1.0,\t"caf\\u00e9":"\xff broken" }\r\n'
    target = Target(
        url=url,
        identity=window.workbench.vault.identity(DEV_CLIENT),
        trust=Trust(system=False, extra_cas=window.workbench.vault.cas()),
    )
    window.workbench.send(target, body)
    qtbot.waitUntil(lambda: len(rows(window)) == 2, timeout=LONG)
    typed = window.composer.editor.toPlainText()
    incoming = next(row for row in rows(window) if row.direction is Direction.IN)
    window.pushes.table.select_id(incoming.id)
    with qtbot.waitSignal(window.composer.sent, timeout=LONG):
        window.resend_current()
    qtbot.waitUntil(lambda: len(rows(window)) == 4, timeout=LONG)
    assert window.composer.editor.toPlainText() == typed
    with HistoryReader.open(home.history_file) as reader:
        bodies = [event.written.body for row in rows(window) if (event := reader.event(row.id)) is not None]
    assert bodies == [body] * 4


def test_a_client_that_is_turned_away_is_a_row_with_its_reason(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    url = listen(window, qtbot)
    trust = Trust(system=False, extra_cas=window.workbench.vault.cas())
    result = window.workbench.send(Target(url=url, identity=None, trust=trust), b"{}")
    assert result.failure is not None
    assert result.failure.reason == "tls_refused"
    qtbot.waitUntil(lambda: any(row.kind is Kind.HANDSHAKE for row in rows(window)), timeout=LONG)
    refused = next(row for row in rows(window) if row.kind is Kind.HANDSHAKE)
    assert refused.reason == "no_client_certificate"
    window.pushes.table.select_id(refused.id)
    qtbot.waitUntil(lambda: window.pushes.detail.event_shown is not None, timeout=LONG)
    tabs = window.findChild(QTabWidget, "detail_tabs")
    assert isinstance(tabs, QTabWidget)
    visible = [tabs.tabText(place) for place in range(tabs.count()) if tabs.isTabVisible(place)]
    assert visible == ["TLS"]


def test_the_filter_narrows_and_marks_what_it_cannot_read(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    url = listen(window, qtbot)
    trust = Trust(system=False, extra_cas=window.workbench.vault.cas())
    client = window.workbench.vault.identity(DEV_CLIENT)
    window.workbench.send(Target(url=url, identity=client, trust=trust), b'{"push-service":1}')
    window.workbench.send(Target(url=url, identity=client, trust=trust), b'{"push-service":2}')
    qtbot.waitUntil(lambda: len(rows(window)) == 4, timeout=LONG)
    window.toolbar.filter.setText("service:apns direction:in")
    assert window.toolbar.filter.property("state") == "good"
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=LONG)
    window.toolbar.filter.setText("service:")
    assert window.toolbar.filter.property("state") == "bad"
    assert window.toolbar.filter.toolTip()
    window.toolbar.filter.setText("nothing-has-this-word")
    qtbot.waitUntil(lambda: window.model.rowCount() == 0, timeout=LONG)
    window.toolbar.filter.setFocus()
    window.go_back()
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=LONG)


def test_a_taken_port_is_said_with_the_way_out(make_window: MakeWindow, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        window = make_window()
        window.toolbar.set_address(f"127.0.0.1:{port}")
        window.toggle_listening(True)
        qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=LONG)
        assert port in window.notice.text
        action = window.findChild(QPushButton, "notice_action")
        assert isinstance(action, QPushButton)
        qtbot.mouseClick(action, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.listening.state.on, timeout=LONG)
        assert port not in window.listening.state.url


def test_what_was_set_up_comes_back_at_the_next_start(make_window: MakeWindow, qtbot: QtBot) -> None:
    first = make_window()
    first.resize(1234, 789)
    first.pushes.table.view.setColumnWidth(4, 177)
    first.pushes.table.view.setColumnHidden(7, True)
    first.composer.set_target("https://proxy.example:9443/push")
    first.toolbar.set_address("127.0.0.1:9999")
    first.toolbar.set_answer("403")
    first.close()
    second = make_window()
    assert second.pushes.table.view.columnWidth(4) == 177
    assert second.pushes.table.view.isColumnHidden(7)
    assert second.composer.save_state()["target"] == "https://proxy.example:9443/push"
    assert second.toolbar.typed_address == "127.0.0.1:9999"
    assert second.toolbar.answer_key == "403"


def test_a_history_that_cannot_be_used_is_left_alone_and_a_new_one_offered(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    home.create()
    unusable = home.history_file
    with sqlite3.connect(unusable) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    first = home.history_file
    before = first.read_bytes()
    window: list[MainWindow] = []

    def show() -> None:
        window.append(make_window())

    # `ready` comes only once a usable history is shown, so the offer is taken while the window waits for it.
    def take_offer() -> bool:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, MainWindow) and widget.notice.isVisible():
                widget.findChild(QPushButton, "notice_action").click()  # type: ignore[union-attr]
                return True
        return False

    timer = QTimer(interval=50)
    timer.timeout.connect(lambda: timer.stop() if take_offer() else None)
    timer.start()
    show()
    assert first.read_bytes() == before
    assert window[0].workbench.history_file == home.history_file != first
    assert home.history_file.exists()


def test_pages_and_the_composer_on_a_narrow_window(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.resize(1024, 700)
    window.open_composer()
    assert window.composer.isVisible()
    assert not window.pages.isVisible()
    window.go_back()
    assert window.pages.isVisible()
    assert not window.composer.isVisible()
    window.show_page(CERTIFICATES)
    assert window.certificates.isVisible()
    window.go_back()
    assert window.pushes.isVisible()


def test_a_passphrase_of_ones_own_is_asked_for_in_the_window(
    make_window: MakeWindow, qtbot: QtBot, home: Home
) -> None:
    vault = Workbench(home, use_keyring=False).vault
    vault.create_dev()
    vault.change_passphrase("correct horse")
    window = make_window()
    window.toolbar.set_address("127.0.0.1:0")
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.findChild(QInputDialog, "vault_passphrase") is not None, timeout=LONG)
    dialog = window.findChild(QInputDialog, "vault_passphrase")
    assert isinstance(dialog, QInputDialog)
    assert all(button.icon().isNull() for button in dialog.findChildren(QPushButton))
    dialog.setTextValue("correct horse")
    dialog.accept()
    qtbot.waitUntil(lambda: window.listening.state.on, timeout=LONG)


def test_closing_the_window_gives_up_what_is_asked(make_window: MakeWindow, qtbot: QtBot, home: Home) -> None:
    vault = Workbench(home, use_keyring=False).vault
    vault.create_dev()
    vault.change_passphrase("correct horse")
    window = make_window()
    window.toggle_listening(True)
    qtbot.waitUntil(lambda: window.findChild(QInputDialog, "vault_passphrase") is not None, timeout=LONG)
    window.close()
    assert not window.listening.state.on


def test_identities_made_while_the_port_was_taken_are_known(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    with socket.create_server(("127.0.0.1", 0)) as other:
        window.toolbar.set_address(f"127.0.0.1:{other.getsockname()[1]}")
        with qtbot.waitSignal(window.listening.failed, timeout=LONG):
            window.switch_listening()
    assert "is taken" in window.notice.text
    qtbot.waitUntil(lambda: window.composer.form.identity.name == DEV_CLIENT, timeout=LONG)


def test_a_listener_that_starts_while_the_window_closes_is_stopped(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window()
    window.toolbar.set_address("127.0.0.1:0")
    window.switch_listening()
    window.close()
    assert not [thread for thread in threading.enumerate() if "listen" in thread.name.lower()]
