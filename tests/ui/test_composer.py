"""The composer with a real vault, a real history and real TLS on the other side: what is sent, shown and kept."""

from __future__ import annotations

import json
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as keys
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.history.model import Direction, Event
from inspector.history.reader import HistoryReader
from inspector.home import Home
from inspector.sender.model import SendResult
from inspector.sender.templates import find
from inspector.ui.composer.composer import Composer
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import DEV_CLIENT, DEV_SERVER, ListenRequest, SendRequest, TrustKind, Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

LONG = 15_000
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Proxy:
    """A push proxy: what it got, and what it answers next. `gate` holds its answers back while it is clear."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def do_POST(self) -> None:
        self.proxy.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.proxy.gate.wait(20)
        status = self.proxy.statuses.pop(0) if self.proxy.statuses else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was turned away, or went away, is part of the tests."""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the dev identities, made once."""
    root = tmp_path_factory.mktemp("seeded")
    workbench = Workbench(Home.at(root), use_keyring=False)
    workbench.vault.create_dev(force=False)
    workbench.close()
    return root


@pytest.fixture
def workbench(seeded: Path, tmp_path: Path) -> Iterator[Workbench]:
    """A workbench whose vault has the dev identities."""
    root = tmp_path / "home"
    made = Workbench(Home.at(root), use_keyring=False)
    made.home.create()
    source = Home.at(seeded)
    for file in (source.vault_file, source.vault_key_file):
        target = root / file.relative_to(seeded)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
        target.chmod(0o600)
    yield made
    made.close()


@pytest.fixture
def proxy(workbench: Workbench, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy that asks for client certificates of the vault's CA."""
    identity = workbench.vault.identity(DEV_SERVER)
    pem, ca = tmp_path / "server.pem", tmp_path / "ca.pem"
    key = identity.key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption())
    pem.write_bytes(b"".join(c.public_bytes(keys.Encoding.PEM) for c in identity.chain) + key)
    ca.write_bytes(b"".join(c.public_bytes(keys.Encoding.PEM) for c in workbench.vault.cas()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    made = Proxy()
    made.gate.set()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": made}))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made.url = f"https://127.0.0.1:{server.server_port}/push"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.gate.set()
    server.shutdown()
    server.server_close()
    thread.join()


Make = Callable[[Workbench], Composer]


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Iterator[Make]:
    theme, worker = Theme(qapp, Scheme.LIGHT), Worker("composer-test")
    theme.dress()
    composers: list[Composer] = []

    def build(workbench: Workbench) -> Composer:
        composer = Composer(workbench, worker, theme)
        composers.append(composer)
        composer.resize(480, 800)
        composer.show()
        with qtbot.waitSignal(composer.form.identity.listed, timeout=LONG):
            composer.refresh_identities()
        return composer

    yield build
    for composer in composers:
        composer.close_down()
        composer.deleteLater()
    worker.close()
    theme.deleteLater()


@pytest.fixture
def composer(make: Make, workbench: Workbench, proxy: Proxy) -> Composer:
    made = make(workbench)
    made.set_target(proxy.url)
    return made


def send(composer: Composer, qtbot: QtBot) -> SendResult:
    with qtbot.waitSignal(composer.sent, timeout=LONG) as sent:
        composer.send()
    assert sent.args is not None
    assert isinstance(sent.args[0], SendResult)
    return sent.args[0]


def events(workbench: Workbench) -> list[Event]:
    reader = HistoryReader.open(workbench.history_file)
    try:
        found = [reader.event(identifier) for identifier in reader.ids()]
        return [event for event in found if event is not None]
    finally:
        reader.close()


def button(composer: Composer) -> QPushButton:
    found = composer.findChild(QPushButton, "composer_send")
    assert isinstance(found, QPushButton)
    return found


# beginning


def test_it_begins_with_the_documented_sample_and_an_identity(make: Make, workbench: Workbench) -> None:
    composer = make(workbench)
    assert composer.body() == find("ios").body
    assert composer.form.identity.name == DEV_CLIENT
    assert composer.form.template.name == "ios"
    assert composer.form.settings.state.request == SendRequest("")
    assert composer.form.create_dev.isHidden()
    offered = [composer.form.identity.itemData(row) for row in range(composer.form.identity.count())]
    assert offered == ["", DEV_CLIENT]  # the server's identity and the CA are no clients


def test_an_empty_vault_offers_to_make_identities(make: Make, home: Home, qtbot: QtBot) -> None:
    workbench = Workbench(home, use_keyring=False)
    composer = make(workbench)
    assert composer.form.identity.name == ""
    assert not home.vault_file.exists()
    with qtbot.waitSignal(composer.create_dev_requested):
        QTest.mouseClick(composer.form.create_dev, Qt.MouseButton.LeftButton)
    workbench.vault.create_dev(force=False)
    with qtbot.waitSignal(composer.form.identity.listed, timeout=LONG):
        composer.refresh_identities()
    assert composer.form.create_dev.isHidden()
    assert composer.form.identity.name == DEV_CLIENT
    workbench.close()


def test_a_damaged_vault_is_told_below_the_identity(make: Make, workbench: Workbench, qtbot: QtBot) -> None:
    composer = make(workbench)
    workbench.home.vault_file.write_bytes(b"{")
    with qtbot.waitSignal(composer.form.identity.failed, timeout=LONG):
        composer.refresh_identities()
    assert composer.form.identity_note.isVisible()
    assert composer.form.identity_note.message.text()


def test_every_control_has_a_name_and_the_keyboard_comes_to_it(composer: Composer, qtbot: QtBot) -> None:
    for name in ("template", "editor", "target", "identity", "send", "result"):
        found = composer.findChild(QWidget, f"composer_{name}")
        assert isinstance(found, QWidget), name
        assert found.accessibleName(), name
    composer.activateWindow()
    composer.form.template.setFocus()
    qtbot.waitUntil(composer.form.template.hasFocus)
    seen = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        if not composer.push_form.isAncestorOf(focused):
            seen.append(focused.objectName() or type(focused).__name__)
        elif seen[-1] != "the form":
            seen.append("the form")
        if focused is composer.send_row.retry:
            break
        QTest.keyClick(
            focused, Qt.Key.Key_Tab, CTRL if focused is composer.editor else Qt.KeyboardModifier.NoModifier
        )
    assert seen == [
        "composer_template",
        "composer_library_open",
        "composer_library_save",
        "composer_target",
        "composer_target_settings",
        "composer_check_connection",
        "composer_identity",
        "the form",
        "composer_editor",
        "composer_convert",
        "composer_insert_variable",
        "composer_format",
        "composer_send",
        "composer_retry",
    ]


# sending


def test_what_is_typed_arrives_to_the_byte(
    composer: Composer, proxy: Proxy, qtbot: QtBot, workbench: Workbench
) -> None:
    text = '{"aps": {"alert": "no\u00a0break \u2028 😀 é"},\n\t"x": 1.50}\n'
    composer.editor.replace_text(text)
    result = send(composer, qtbot)
    assert result.status == 200
    assert proxy.bodies == [text.encode()]
    (event,) = events(workbench)
    assert event.written.body == text.encode()
    assert event.written.direction is Direction.OUT
    assert composer.result.headline.startswith("200 accepted · ")
    assert composer.form.target.recent == [proxy.url]


def test_our_own_listener_gets_it(make: Make, workbench: Workbench, qtbot: QtBot) -> None:
    composer = make(workbench)
    listener = workbench.listen(ListenRequest(port=0), lambda event: None)
    ready = listener.start()
    try:
        composer.set_listener_url(ready.url)
        assert send(composer, qtbot).status == 200
    finally:
        listener.stop()
    directions = {event.written.direction for event in events(workbench)}
    assert directions == {Direction.IN, Direction.OUT}
    assert {event.written.service for event in events(workbench)} == {Service.APNS}


def test_ctrl_return_sends_and_the_button_cancels(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    proxy.gate.clear()
    composer.focus_editor()
    QTest.keyClick(composer.editor, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(proxy.bodies) == 1, timeout=LONG)
    assert button(composer).text() == "Cancel"
    assert composer.send_row.progress.startswith("Sending…")
    QTest.keyClick(composer.editor, Qt.Key.Key_Return, CTRL)  # once is enough
    with qtbot.waitSignal(composer.sent, timeout=LONG) as sent:
        QTest.mouseClick(button(composer), Qt.MouseButton.LeftButton)
    assert sent.args is not None
    assert sent.args[0].failure.reason == "cancelled"
    assert composer.result.headline.startswith("Cancelled")
    assert button(composer).text() == "Send"
    assert len(proxy.bodies) == 1
    assert composer.editor.text().encode() == find("ios").body


def test_the_result_before_stays_dimmed_while_sending(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    send(composer, qtbot)
    proxy.gate.clear()
    proxy.statuses = [403]
    with qtbot.waitSignal(composer.sent, timeout=LONG):
        composer.send()
        before = composer.result.headline, composer.result.dimmed
        proxy.gate.set()
    assert before[0].startswith("200 ")
    assert before[1]
    assert composer.result.headline.startswith("403 ")
    assert not composer.result.dimmed


def test_without_an_identity_the_alert_is_told(
    composer: Composer, qtbot: QtBot, workbench: Workbench
) -> None:
    composer.set_identity("")
    result = send(composer, qtbot)
    assert result.failure is not None
    assert result.failure.reason == "tls_refused"
    assert "client certificate" in composer.result.text()
    assert "--" not in composer.result.text()
    (event,) = events(workbench)
    assert event.written.reason == "tls_refused"


def test_their_certificate_is_checked_unless_one_says_otherwise(
    composer: Composer, proxy: Proxy, qtbot: QtBot, workbench: Workbench
) -> None:
    composer.set_target(proxy.url.replace("127.0.0.1", "127.0.0.2"))
    result = send(composer, qtbot)
    assert result.failure is not None
    assert result.failure.reason in ("tls_untrusted", "connect_failed")
    composer.set_target(proxy.url)
    composer.form.settings.state.load(SendRequest("", trust=TrustKind.NOTHING))
    assert composer.form.target_line.unchecked.isVisible()
    assert send(composer, qtbot).status == 200
    assert "not checked" in composer.result.text()


def test_retrying_like_the_pusher(
    composer: Composer, proxy: Proxy, qtbot: QtBot, workbench: Workbench
) -> None:
    proxy.statuses = [500, 503, 200]
    composer.send_row.pace.choose(0.05, 4)
    composer.send_row.retry.setChecked(True)
    seen: list[object] = []
    composer.sent.connect(lambda result: seen.append(result.status))
    composer.send()
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=LONG)
    assert seen == [500, 503, 200]
    assert "3 attempts: 500, 503, 200" in composer.result.text()
    assert [event.attempt for event in events(workbench)] == [1, 2, 3]
    assert not composer.runner.running


def test_a_retry_can_be_given_up_while_it_waits(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    proxy.statuses = [500, 500, 500, 500]
    composer.send_row.retry.setChecked(True)
    with qtbot.waitSignal(composer.sent, timeout=LONG):
        composer.send()
    assert composer.send_row.progress.startswith("Attempt 2 of 4 in ")
    with qtbot.waitSignal(composer.message, timeout=LONG) as said:
        QTest.mouseClick(button(composer), Qt.MouseButton.LeftButton)
    assert said.args == ["Cancelled after 1 of 4 attempts."]
    assert len(proxy.bodies) == 1
    assert composer.result.headline.startswith("500")


def test_resending_leaves_the_editor_alone(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    raw = b'{"odd": "\xff"}\r\n'
    with qtbot.waitSignal(composer.message, timeout=LONG) as said:
        composer.resend(raw, title="#7")
    assert proxy.bodies == [raw]
    assert said.args is not None
    assert said.args[0].startswith("#7: 200 accepted")
    assert composer.editor.text().encode() == find("ios").body
    proxy.gate.clear()
    composer.send()
    with qtbot.waitSignal(composer.message) as said:
        composer.resend(raw, title="#7")
    assert said.args is not None
    assert "already" in said.args[0]


# what goes wrong before anything is sent


@pytest.mark.parametrize("url", ["", "ftp://proxy/", "https://u:p@proxy/", "two words"])
def test_a_faulty_target_is_told_in_its_place(composer: Composer, qtbot: QtBot, url: str) -> None:
    composer.set_target(url)
    composer.editor.replace_text("typed")
    with qtbot.waitSignal(composer.message) as said:
        composer.send()
    assert said.args is not None
    assert said.args[0].startswith("Not sent.")
    assert composer.form.target_note.isVisible()
    assert composer.form.target.property("state") == "bad"
    assert not composer.runner.running
    assert composer.editor.text() == "typed"
    composer.set_target("https://proxy.example/")
    assert not composer.form.target_note.isVisible()
    assert composer.form.target.property("state") == ""


def test_an_identity_that_is_gone_is_never_left_out_silently(
    composer: Composer, proxy: Proxy, qtbot: QtBot
) -> None:
    composer.set_identity("partner")
    assert "partner" in composer.form.identity.currentText()
    with qtbot.waitSignal(composer.message, timeout=LONG):
        composer.send()
    assert composer.form.identity_note.isVisible()
    assert proxy.bodies == []
    composer.set_identity(DEV_CLIENT)
    send(composer, qtbot)
    assert not composer.form.identity_note.isVisible()


def test_a_history_that_can_t_be_written_hides_no_result(
    composer: Composer, workbench: Workbench, qtbot: QtBot
) -> None:
    workbench.history_file.write_bytes(b"this is no database, but somebody's file " * 40)
    seen: list[object] = []
    composer.sent.connect(seen.append)
    with qtbot.waitSignal(composer.message, timeout=LONG) as said:
        composer.send()
    assert said.args is not None
    assert said.args[0].startswith("200 accepted")
    assert "istory" in composer.result.text()
    assert seen == []


# the body


def test_a_template_replaces_and_undo_brings_back(composer: Composer) -> None:
    composer.editor.replace_text("mine")
    combo = composer.form.template
    combo.setCurrentIndex(combo.findData("fcm"))
    combo.activated.emit(combo.currentIndex())
    assert composer.body() == find("fcm").body
    composer.editor.undo()
    assert composer.body() == b"mine"


def test_captured_bytes_that_no_text_holds_are_sent_unchanged_until_edited(
    composer: Composer, proxy: Proxy, qtbot: QtBot
) -> None:
    raw = b'{"aps": {"alert": "\xff"}}\r\n'
    composer.editor.replace_text("mine")
    composer.load_body(raw, title="#7")
    kept = composer.body_pane.kept
    assert kept.isVisible()
    assert "UTF-8" in kept.words
    assert composer.form.template.name == ""
    send(composer, qtbot)
    kept.setting.setChecked(False)
    send(composer, qtbot)
    kept.setting.setChecked(True)
    QTest.keyClicks(composer.editor, " ")
    qtbot.waitUntil(lambda: "edited" in kept.words)
    assert not kept.setting.isEnabled()
    send(composer, qtbot)
    composer.editor.undo()
    send(composer, qtbot)
    text = composer.editor.text().encode()
    assert proxy.bodies == [raw, text, b" " + text, raw]
    composer.editor.undo()
    assert composer.body() == b"mine"


def test_other_captured_bytes_are_just_text(composer: Composer) -> None:
    composer.load_body('{"é": "\u00a0"}\n'.encode(), title="push.json")
    assert composer.body() == '{"é": "\u00a0"}\n'.encode()
    assert not composer.body_pane.kept.isVisible()
    assert composer.form.template.placeholderText() == "From push.json"


def test_problems_are_counted_as_one_types_and_lead_to_their_place(composer: Composer, qtbot: QtBot) -> None:
    line = composer.body_pane.check_line
    composer.editor.replace_text(find("fcm").body.decode().replace('"badge": 4', '"badge": "4"'))
    qtbot.waitUntil(lambda: line.problems.text() == "1 problem", timeout=LONG)
    assert line.chip.text() == "FCM"
    line.problems.setChecked(True)
    line.list.itemActivated.emit(line.list.item(0))
    assert composer.editor.textCursor().selectedText() == '"badge": "4"'
    composer.editor.replace_text('{"a": }')
    qtbot.waitUntil(lambda: "JSON" in line.list.item(0).text(), timeout=LONG)
    line.list.itemActivated.emit(line.list.item(0))
    assert composer.editor.textCursor().position() == 6


def test_format_is_undoable_and_says_where_the_text_is_no_json(composer: Composer, qtbot: QtBot) -> None:
    line = composer.body_pane.check_line
    composer.editor.replace_text('{"a":[1,2.0]}')
    QTest.mouseClick(line.format, Qt.MouseButton.LeftButton)
    assert composer.body() == b'{\n  "a": [\n    1,\n    2.0\n  ]\n}'
    composer.editor.undo()
    assert composer.body() == b'{"a":[1,2.0]}'
    composer.editor.replace_text("{a}")
    with qtbot.waitSignal(composer.message) as said:
        QTest.mouseClick(line.format, Qt.MouseButton.LeftButton)
    assert said.args is not None
    assert "Line 1, column 2" in said.args[0]
    assert composer.body() == b"{a}"


# from one start to the next


def test_what_is_kept_comes_back_and_holds_no_secret(
    make: Make, workbench: Workbench, proxy: Proxy, qtbot: QtBot
) -> None:
    first = make(workbench)
    assert "identity" not in first.save_state()  # nobody has chosen
    first.set_target(proxy.url)
    first.set_identity("")
    first.form.template.show_name("fcm")
    first.form.settings.state.load(SendRequest("", trust=TrustKind.NOTHING))
    first.editor.replace_text('{"device-token": "secret-token"}')
    send(first, qtbot)
    state = first.save_state()
    kept = {"target": proxy.url, "identity": "", "template": "fcm", "recent": proxy.url}
    assert kept.items() <= state.items()
    second = make(workbench)
    second.restore_state(state)
    assert second.form.target.text() == proxy.url
    assert second.form.target.recent == [proxy.url]
    assert second.form.identity.name == ""
    assert second.body() == find("fcm").body
    assert second.form.settings.state.request.trust is TrustKind.USUAL
    second.set_target("https://user:secret@proxy.example/")
    assert "secret" not in str(second.save_state())


@pytest.mark.parametrize("state", [{}, {"template": "gone", "target": "", "recent": "\n\n", "other": "x"}])
def test_odd_states_change_nothing(make: Make, workbench: Workbench, state: dict[str, str]) -> None:
    composer = make(workbench)
    composer.restore_state(state)
    assert composer.body() == find("ios").body
    assert composer.form.identity.name == DEV_CLIENT
    assert composer.form.target.recent == []


def test_a_target_that_was_the_listener_follows_it_after_a_restart(make: Make, workbench: Workbench) -> None:
    first, second = make(workbench), make(workbench)
    first.set_listener_url("https://127.0.0.1:8443/")
    second.restore_state(first.save_state())
    assert second.form.target.text() == "https://127.0.0.1:8443/"
    second.set_listener_url("https://127.0.0.1:9443/")
    assert second.form.target.text() == "https://127.0.0.1:9443/"
    second.set_target("https://proxy.example/")
    assert "listener" not in second.save_state()


def test_closing_down_while_sending_ends_it(
    composer: Composer, proxy: Proxy, qtbot: QtBot, workbench: Workbench
) -> None:
    proxy.gate.clear()
    composer.send()
    qtbot.waitUntil(lambda: len(proxy.bodies) == 1, timeout=LONG)
    composer.close_down()
    assert not composer.runner.running
    composer.send()
    assert not composer.runner.running
    proxy.gate.set()


def test_closing_asks_for_it(composer: Composer, qtbot: QtBot) -> None:
    close = composer.findChild(QWidget, "composer_close")
    assert close is not None
    with qtbot.waitSignal(composer.close_requested):
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [360, 720])
def test_it_fits_narrow_and_wide(composer: Composer, qtbot: QtBot, width: int) -> None:
    send(composer, qtbot)
    composer.resize(width, 640)
    QApplication.processEvents()
    assert composer.width() == width
    for name in ("template", "target", "identity", "send", "retry", "format"):
        part = composer.findChild(QWidget, f"composer_{name}")
        assert part is not None
        assert part.width() >= part.minimumSizeHint().width(), name
        assert part.mapTo(composer, part.rect().bottomRight()).x() < width, name


# panes, variables, conversion


def pane_button(composer: Composer, key: str) -> QToolButton:
    found = composer.findChild(QToolButton, f"composer_pane_{key}")
    assert isinstance(found, QToolButton)
    return found


def test_form_and_text_are_both_there_and_one_of_them_always_is(composer: Composer) -> None:
    assert composer.push_form.isVisible()
    assert composer.editor.isVisible()
    pane_button(composer, "form").click()
    assert not composer.push_form.isVisible()
    pane_button(composer, "text").click()
    assert composer.push_form.isVisible()
    assert not composer.editor.isVisible()
    composer.focus_editor()
    assert not composer.editor.hasFocus()


def test_they_stand_beside_each_other_where_there_is_room(composer: Composer, qtbot: QtBot) -> None:
    def beside() -> bool:
        return (
            composer.push_form.mapTo(composer, QPoint()).y() == composer.editor.mapTo(composer, QPoint()).y()
        )

    composer.resize(480, 800)
    qtbot.waitUntil(lambda: not beside())
    composer.resize(700, 800)
    qtbot.waitUntil(beside)


@pytest.mark.parametrize("key", ["preview", "provider", "resolved"])
def test_one_way_to_look_at_a_time_and_it_follows_the_text(
    composer: Composer, qtbot: QtBot, key: str
) -> None:
    pane_button(composer, "preview").click()
    pane_button(composer, key).click() if key != "preview" else None
    look = composer.panes.looked_with
    assert look is not None
    assert look.widget.isVisible()
    assert pane_button(composer, key).isChecked()
    seen: list[bytes] = []
    composer.body_pane.settled.connect(lambda _written, sent: seen.append(sent))
    text = composer.editor.text().replace("My Test: 123", "Written anew")
    composer.editor.replace_text(text)
    qtbot.waitUntil(lambda: text.encode() in seen, timeout=LONG)
    pane_button(composer, key).click()
    assert composer.panes.looked_with is None
    assert not look.widget.isVisible()


def test_panes_come_back_at_the_next_start(make: Make, workbench: Workbench) -> None:
    first = make(workbench)
    pane_button(first, "form").click()
    pane_button(first, "provider").click()
    second = make(workbench)
    second.restore_state(first.save_state())
    assert not second.push_form.isVisible()
    assert pane_button(second, "provider").isChecked()
    assert second.panes.looked_with is not None


def test_variables_are_put_in_as_it_is_sent(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    composer.editor.replace_text('{"badge": {{badge}}, "sequence": {{seq 7}}, "id": "{{uuid}}"}')
    qtbot.waitUntil(lambda: composer.editor.error is None)
    send(composer, qtbot)
    send(composer, qtbot)
    first, second = (json.loads(body) for body in proxy.bodies)
    assert (first["badge"], first["sequence"]) == (1, 7)
    assert (second["badge"], second["sequence"]) == (2, 8)
    assert uuid.UUID(first["id"]) != uuid.UUID(second["id"])
    assert "{{badge}}" in composer.editor.text()


def test_what_was_captured_is_sent_again_as_it_is(composer: Composer, proxy: Proxy, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.sent, timeout=LONG):
        composer.resend(b'{"text": "{{uuid}}"}', title="#7")
    assert proxy.bodies == [b'{"text": "{{uuid}}"}']


def test_a_body_is_converted_and_undo_brings_it_back(composer: Composer, qtbot: QtBot) -> None:
    before = composer.editor.text().replace('"badge": 1', '"badge": {{badge}}')
    composer.editor.replace_text(before)
    menu = composer.converting.button.menu()
    qtbot.waitUntil(
        lambda: [action.isEnabled() for action in menu.actions()] == [False, True, True], timeout=LONG
    )
    with qtbot.waitSignal(composer.converting.converted, timeout=LONG):
        menu.actions()[1].trigger()
    assert '"badge": {{badge}}' in composer.editor.text()
    assert '"message": "My Test: 123"' in composer.editor.text()
    assert composer.body_pane.remark.message.text() == "This is a push for FCM now."
    composer.editor.undo()
    assert composer.editor.text() == before
    composer.editor.replace_text("[1")
    with qtbot.waitSignal(composer.converting.failed, timeout=LONG):
        menu.actions()[2].trigger()
    assert composer.editor.text() == "[1"
    assert composer.body_pane.remark.isVisible()
