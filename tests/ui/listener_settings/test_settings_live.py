"""Changes while it listens, with real clients: what comes next is treated otherwise, what is open goes on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from inspector.certificates.describe import describe
from inspector.certificates.model import Identity
from inspector.errors import InspectorError, ListenError, StateError, UsageError
from inspector.listen_request import ForwardRequest
from inspector.ui.listening import ListeningControl
from inspector.workbench import DEV_CLIENT
from tests.ui.listener_settings.desk import Client, Desk

Connect = Callable[[str, Identity | None], Client]


def changed(desk: Desk, change: Callable[[], object]) -> None:
    """Make a change, and wait until the listener has taken it over."""
    with desk.qtbot.waitSignal(desk.window.listening.reconfigured, timeout=15_000):
        change()


def is_let_in(connect: Connect, url: str, identity: Identity | None, headers: str = "") -> int:
    """The status of a push on a new connection; 0 where the client was turned away."""
    try:
        return connect(url, identity).push(headers)
    except OSError:
        return 0


def test_a_ca_that_is_ticked_lets_its_clients_in_at_once_and_disturbs_nobody(
    desk: Desk, connect: Connect, stranger: tuple[Identity, Identity]
) -> None:
    url = desk.listen()
    ca, client = stranger
    known = connect(url, desk.window.workbench.vault.identity(DEV_CLIENT))
    assert known.push() == 200
    assert is_let_in(connect, url, client) == 0
    desk.window.workbench.vault.add("other-ca", ca.chain)
    desk.window.identities_changed()
    desk.open("cas")
    desk.until(lambda: desk.window.findChild(QCheckBox, "settings_ca_other-ca") is not None)
    box = desk.find(QCheckBox, "settings_ca_other-ca")
    desk.settle()
    assert is_let_in(connect, url, client) == 0
    changed(desk, lambda: desk.qtbot.keyClick(box, Qt.Key.Key_Space))
    assert is_let_in(connect, url, client) == 200
    assert desk.window.listening.state.url == url
    assert known.push() == 200
    changed(desk, lambda: desk.qtbot.keyClick(box, Qt.Key.Key_Space))
    assert is_let_in(connect, url, client) == 0
    assert known.push() == 200


def test_with_the_last_ca_everybody_is_turned_away_and_it_is_said(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    desk.open("cas")
    desk.until(lambda: desk.window.findChild(QCheckBox, "settings_ca_dev-ca") is not None)
    changed(desk, desk.find(QCheckBox, "settings_ca_dev-ca").click)
    desk.until(lambda: "every client would be turned away" in desk.window.notice.text)
    assert is_let_in(connect, url, client) == 0
    action = desk.find(QPushButton, "notice_action")
    assert action.text() == "Choose who is let in"
    assert "every client" in desk.find(QLabel, "settings_state").text()
    changed(desk, desk.find(QCheckBox, "settings_ca_dev-ca").click)
    assert not desk.window.notice.isVisible()
    assert desk.find(QLabel, "settings_state").text() == "Changes hold at once; no connection is cut off."
    assert is_let_in(connect, url, client) == 200


def test_a_new_server_certificate_is_shown_without_a_restart(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    vault = desk.window.workbench.vault
    client = vault.identity(DEV_CLIENT)
    before = connect(url, client)
    assert before.push() == 200

    def renew() -> None:
        vault.create_dev(force=True)
        desk.window.identities_changed()

    changed(desk, renew)
    after = connect(url, vault.identity(DEV_CLIENT))
    assert after.push() == 200
    assert (
        after.server_name() == vault.get("dev-server").leaf.public_bytes(Encoding.DER) != before.server_name()
    )
    assert before.push() == 200
    assert is_let_in(connect, url, client) == 0  # of the CA that is gone


def test_lenient_lets_a_stranger_in_and_flags_it(
    desk: Desk, connect: Connect, stranger: tuple[Identity, Identity]
) -> None:
    url = desk.listen()
    _ca, client = stranger
    assert is_let_in(connect, url, client) == 0
    desk.open("lenient")
    changed(desk, desk.find(QCheckBox, "settings_lenient").click)
    assert desk.chips() == {"lenient": "Lenient"}
    assert is_let_in(connect, url, client) == 200
    assert is_let_in(connect, url, None) == 200
    changed(desk, desk.find(QCheckBox, "settings_lenient").click)
    assert desk.chips() == {}
    assert is_let_in(connect, url, client) == 0


def test_basic_instead_of_a_certificate(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    known = connect(url, desk.window.workbench.vault.identity(DEV_CLIENT))
    assert known.push() == 200
    changed(
        desk,
        lambda: desk.window.setup.change(auth="basic", basic_user="pusher", basic_password="open sesame"),
    )
    assert desk.chips() == {"auth": "Password only"}
    assert is_let_in(connect, url, None) == 401
    assert is_let_in(connect, url, None, "Authorization: Basic cHVzaGVyOm9wZW4gc2VzYW1l\r\n") == 200


def test_only_allowed_certificates(desk: Desk, connect: Connect, stranger: tuple[Identity, Identity]) -> None:
    url = desk.listen()
    _ca, other = stranger
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    desk.open("fingerprints")

    def pin() -> None:
        edit = desk.find(QLineEdit, "settings_fingerprint")
        desk.qtbot.keyClicks(edit, describe(other.leaf).fingerprint_sha256.upper())
        desk.qtbot.keyClick(edit, Qt.Key.Key_Return)

    changed(desk, pin)
    assert is_let_in(connect, url, other) == 200
    assert is_let_in(connect, url, client) == 0
    changed(desk, lambda: desk.window.setup.change(client_subjects=("CN=dev-*",)))
    assert is_let_in(connect, url, client) == 200


def test_an_answer_is_another_one_on_an_open_connection(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    known = connect(url, desk.window.workbench.vault.identity(DEV_CLIENT))
    assert known.push() == 200
    desk.window.toolbar.set_answer("503")
    assert known.push() == 503


def test_keys_are_written_while_the_switch_is_on(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    file = desk.window.workbench.home.data / "tls-keys.log"
    known = connect(url, client)
    assert known.push() == 200
    desk.open("key_log")
    changed(desk, desk.find(QCheckBox, "settings_key_log").click)
    assert desk.chips() == {"key_log": "TLS keys are being written to tls-keys.log"}
    assert is_let_in(connect, url, client) == 200
    desk.until(lambda: file.exists() and "SECRET" in file.read_text())
    changed(desk, desk.find(QPushButton, "chip_key_log").click)
    assert desk.chips() == {}
    size = file.stat().st_size
    assert is_let_in(connect, url, client) == 200
    assert file.stat().st_size == size
    assert known.push() == 200


def test_another_port_waits_for_a_restart(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    desk.open("port")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    edit = desk.find(QLineEdit, "settings_port")
    edit.selectAll()
    desk.qtbot.keyClicks(edit, str(port))
    desk.qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert desk.find(QLabel, "settings_state").text() == "Takes effect at the next start of listening."
    assert desk.window.listening.state.url == url
    assert is_let_in(connect, url, client) == 200
    act = desk.find(QPushButton, "settings_act")
    assert act.text() == "Restart listening"
    act.click()
    desk.until(lambda: desk.window.listening.state.url == f"https://127.0.0.1:{port}/")
    assert not act.isVisible()
    assert is_let_in(connect, desk.window.listening.state.url, client) == 200


def test_what_was_changed_while_it_started_is_taken_over(
    desk: Desk, connect: Connect, stranger: tuple[Identity, Identity]
) -> None:
    desk.window.toolbar.set_address("127.0.0.1:0")
    desk.window.toggle_listening(True)
    desk.until(lambda: desk.window.listening.state.busy)
    with desk.qtbot.waitSignal(desk.window.listening.reconfigured, timeout=15_000):
        desk.window.setup.change(lenient=True)
    desk.settle()
    assert is_let_in(connect, desk.window.listening.state.url, stranger[1]) == 200


def test_an_identity_that_is_gone_leaves_the_listener_as_it_was(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    vault = desk.window.workbench.vault
    client = vault.identity(DEV_CLIENT)
    vault.remove("dev-server")
    desk.window.identities_changed()
    desk.until(lambda: desk.window.notice.isVisible() and "server identity" in desk.window.notice.text)
    desk.find(QPushButton, "notice_action").click()
    assert desk.find(QComboBox, "settings_identity").hasFocus()
    assert is_let_in(connect, url, client) == 200


def test_a_start_without_a_ca_comes_with_the_way_out(desk: Desk) -> None:
    vault = desk.window.workbench.vault
    vault.create_dev()
    vault.set_trust_clients("dev-ca", False)
    desk.window.toolbar.set_address("127.0.0.1:0")
    desk.window.toggle_listening(True)
    desk.until(lambda: desk.window.notice.isVisible())
    action = desk.find(QPushButton, "notice_action")
    assert action.text() == "Choose who is let in"
    action.click()
    desk.until(lambda: desk.window.findChild(QCheckBox, "settings_ca_dev-ca") is not None)
    desk.find(QCheckBox, "settings_ca_dev-ca").click()
    desk.until(lambda: vault.get("dev-ca").trust_clients)
    desk.listen()


def test_a_list_that_is_gone_and_a_header_that_needs_loopback(desk: Desk, tmp_path: Path) -> None:
    for changes, words, section in (
        ({"crl_files": (tmp_path / "gone.crl",)}, "Choose the revocation lists", 2),
        ({"crl_files": (), "certificate_header": "X-Cert", "host": "192.0.2.1"}, "Open the settings", 6),
    ):
        desk.window.setup.change(port=0, **changes)
        with desk.qtbot.waitSignal(desk.window.listening.failed, timeout=15_000):
            desk.window.toggle_listening(True)
        action = desk.find(QPushButton, "notice_action")
        assert action.text() == words, desk.window.notice.text
        action.click()
        focus = QApplication.focusWidget()
        assert focus is not None
        assert desk.sheet.sections[section].isAncestorOf(focus)


def test_pushes_are_not_passed_on_to_ourselves(desk: Desk, connect: Connect) -> None:
    url = desk.listen()
    desk.open("forward")
    desk.find(QCheckBox, "settings_forward").click()
    edit = desk.find(QLineEdit, "settings_forward_url")
    desk.qtbot.keyClicks(edit, url.replace("127.0.0.1", "localhost"))
    desk.qtbot.keyClick(edit, Qt.Key.Key_Return)
    desk.until(lambda: "this listener itself" in desk.window.notice.text)
    assert desk.chips() == {}  # it is not done, so it is not said
    assert "this listener itself" in desk.find(QLabel, "settings_state").text()
    desk.sheet.dismiss()
    desk.find(QPushButton, "notice_action").click()
    assert QApplication.focusWidget() is edit
    assert is_let_in(connect, url, desk.window.workbench.vault.identity(DEV_CLIENT)) == 200


def test_pushes_are_passed_on_while_it_listens(
    desk: Desk, make_desk: Callable[..., Desk], connect: Connect
) -> None:
    url = desk.listen()
    upstream = make_desk(elsewhere=True).listen()
    vault = desk.window.workbench.vault
    known = connect(url, vault.identity(DEV_CLIENT))
    assert known.push() == 200
    desk.window.toolbar.set_answer("403")
    forward = ForwardRequest(upstream, identity=DEV_CLIENT)
    changed(desk, lambda: desk.window.setup.change(forward=forward))
    assert desk.chips() == {"forward": "Forwarding to 127.0.0.1"}
    assert known.push() == 200
    changed(desk, lambda: desk.window.setup.change(forward=replace(forward, returns_answer=False)))
    assert known.push() == 403


@pytest.mark.parametrize(
    ("error", "words", "place"),
    [
        (
            ListenError("198.51.100.1 is not an address of this machine.", ""),
            "Open the settings",
            "settings_reach",
        ),
        (ListenError("No.", code="port_not_allowed"), "Use port 8443", ""),
        (UsageError("No.", code="no_basic_password"), "Type it", "settings_password"),
        (StateError("No.", code="no_basic_password"), "Type it", "settings_password"),
    ],
)
def test_what_can_t_be_started_comes_with_the_way_out(
    desk: Desk, error: InspectorError, words: str, place: str
) -> None:
    desk.window.setup.change(auth="mtls+basic", basic_user="a", basic_password="b")
    failed: ListeningControl = desk.window.listening
    failed.failed.emit(error)
    action = desk.find(QPushButton, "notice_action")
    assert action.text() == words
    if place:
        action.click()
        assert QApplication.focusWidget() is desk.find(QWidget, place)
