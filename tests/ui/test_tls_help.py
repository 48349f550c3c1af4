"""The TLS tab's buttons end to end: a real client is turned away, the button is pressed, the same client is let in."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from inspector.certificates.export import chain_pem
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity
from inspector.history.model import Direction, Kind, Row
from inspector.home import Home
from inspector.listen_request import ForwardRequest
from inspector.sender.model import SendResult, Target, Trust
from inspector.sender.send import send
from inspector.ui.certificates import dialogs
from inspector.ui.detail.advice_box import AdviceBox
from inspector.ui.detail.offers import Deed
from inspector.ui.detail.tls_tab import TlsTab
from inspector.ui.main_window import MainWindow
from inspector.ui.push_model import ROW_ROLE
from inspector.workbench import DEV_CLIENT, Workbench
from tests.ui.conftest import MakeWindow

LONG = 15_000
BODY = b'{"push-service":1,"aps":{"alert":"My Test: 123","badge":1,"sequence":8}}'


@dataclass
class Desk:
    """A window that listens, and what the tests do to it."""

    window: MainWindow
    qtbot: QtBot
    url: str = ""

    def listen(self, **request: object) -> None:
        self.window.setup.change(host="127.0.0.1", port=0, **request)
        self.window.listening.start(self.window.setup.request)
        self.until(lambda: self.window.listening.state.on)
        self.url = self.window.listening.state.url
        self.settle()

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=LONG)

    def settle(self) -> None:
        """Until the worker has done what was asked of it up to now."""
        done: list[object] = []
        self.window.worker.submit("", lambda: None, done.append)
        self.until(lambda: bool(done))

    def send(self, identity: Identity | None, ca: x509.Certificate | None = None) -> SendResult:
        cas = (ca,) if ca is not None else self.window.workbench.vault.cas()
        trust = Trust(system=False, extra_cas=cas)
        return send(Target(url=self.url, identity=identity, trust=trust), BODY)

    def rows(self) -> list[Row]:
        model = self.window.model
        found = [model.index(place, 0).data(ROW_ROLE) for place in range(model.rowCount())]
        return [row for row in found if row is not None]

    def look_at(self, fits: Callable[[Row], bool]) -> AdviceBox:
        """Look at the newest row that fits, in the TLS tab."""
        self.until(lambda: any(fits(row) for row in self.rows()))
        row = [row for row in self.rows() if fits(row)][-1]
        detail = self.window.pushes.detail
        assert self.window.pushes.table.select_id(row.id)
        self.until(lambda: detail.event_shown is not None and detail.event_shown.id == row.id)
        (place,) = [place for place in range(detail.tabs.count()) if detail.tabs.tabText(place) == "TLS"]
        detail.tabs.setCurrentIndex(place)
        return self.tab.advice

    @property
    def tab(self) -> TlsTab:
        found = self.window.pushes.detail.findChild(TlsTab)
        assert isinstance(found, TlsTab)
        return found

    def press(self, deed: Deed) -> None:
        button = self.tab.advice.button(deed)
        assert isinstance(button, QPushButton), deed
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def wait_for_word(self, word: str) -> str:
        note = self.tab.advice.note
        self.until(lambda: word in note.message.text())
        return note.message.text()


@pytest.fixture
def desk(qtbot: QtBot, home: Home, make_window: MakeWindow) -> Desk:
    Workbench(home, use_keyring=False).ensure_identities()
    made = Desk(make_window(), qtbot)
    made.settle()
    return made


@pytest.fixture
def partner() -> Identity:
    """A client of a CA that nobody knows."""
    root = make_ca("partner-root")
    return issue(make_ca("partner-issuing", issuer=root), "partner", purposes=("client",))


def is_refused(row: Row) -> bool:
    return row.kind is Kind.HANDSHAKE


def test_a_ca_that_was_presented_is_trusted_with_one_click(desk: Desk, partner: Identity) -> None:
    desk.listen()
    assert desk.send(partner).failure is not None
    advice = desk.look_at(is_refused)
    assert any("not accepted here" in text for text in advice.texts)
    desk.press(Deed.TRUST)
    said = desk.wait_for_word("Trusted")
    assert "next connection of this client is let in" in said
    assert desk.send(partner).status == 200
    assert desk.send(desk.window.workbench.vault.identity(DEV_CLIENT)).status == 200
    trusted = [entry for entry in desk.window.workbench.vault.entries() if entry.trust_clients]
    assert {entry.name for entry in trusted} >= {"dev-ca", "partner-root"}
    desk.until(lambda: advice.button(Deed.TRUST) is None)
    assert any("trusted by now" in text for text in advice.texts)
    assert "trusted here" in desk.tab.chain.tree.text()


def test_a_client_is_pinned_after_the_question_is_answered(desk: Desk, partner: Identity) -> None:
    desk.listen()
    alone = Identity("partner", (partner.leaf,), partner.key)
    assert desk.send(alone).failure is not None
    advice = desk.look_at(is_refused)
    assert any("its own certificate only" in text for text in advice.texts)
    desk.press(Deed.PIN)
    yes = advice.findChild(QPushButton, "advice_yes")
    assert isinstance(yes, QPushButton)
    assert not yes.isHidden()
    assert not desk.window.setup.request.client_fingerprints
    desk.qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    desk.wait_for_word("Pinned")
    assert desk.send(alone).status == 200
    assert len(desk.window.setup.request.client_fingerprints) == 1
    desk.settle()
    assert len(desk.window.workbench.load_profile().client_fingerprints) == 1
    assert any(entry.leaf == partner.leaf for entry in desk.window.workbench.vault.entries())


def test_a_question_that_is_not_answered_with_yes_changes_nothing(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(Identity("partner", (partner.leaf,), partner.key))
    advice = desk.look_at(is_refused)
    desk.press(Deed.PIN)
    advice._question.no.click()
    assert not advice._question.isVisible()
    desk.settle()
    assert desk.window.setup.request.client_fingerprints == ()


def test_a_server_certificate_gets_the_name_that_the_client_wants(desk: Desk, tmp_path: Path) -> None:
    desk.listen()
    port = desk.url.rsplit(":", 1)[1].strip("/")
    ca = tmp_path / "ca.pem"
    ca.write_bytes(chain_pem([desk.window.workbench.vault.get("dev-ca").leaf]))
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    cert = tmp_path / "client.pem"
    cert.write_bytes(
        client.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + chain_pem(client.chain)
    )
    command = [
        "openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "push.example",
        "-verify_hostname", "push.example", "-verify_return_error", "-CAfile", str(ca),
        "-cert", str(cert), "-key", str(cert),
    ]  # fmt: skip
    refused = subprocess.run(command, input=b"", capture_output=True, timeout=30, check=False)
    assert b"ostname mismatch" in refused.stdout + refused.stderr
    desk.look_at(is_refused)
    desk.press(Deed.MAKE_SERVER)
    desk.wait_for_word("is for push.example now")
    served = subprocess.run(command, input=b"", capture_output=True, timeout=30, check=False)
    assert b"Verify return code: 0 (ok)" in served.stdout
    assert desk.send(client).status == 200  # the names it had are still among them


def test_our_ca_is_exported_for_a_client_that_does_not_know_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.listen()
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    assert desk.send(client, ca=make_ca("another").leaf).failure is not None
    path = tmp_path / "our-ca.pem"
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_args: path)
    desk.look_at(lambda row: row.reason == "client_rejected_server")
    desk.press(Deed.EXPORT_CA)
    desk.wait_for_word("Saved as our-ca.pem")
    ca = x509.load_pem_x509_certificate(path.read_bytes())
    assert desk.send(client, ca=ca).status == 200


def test_a_file_that_can_not_be_written_is_told_in_one_line(
    desk: Desk, partner: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.listen()
    desk.send(partner)
    desk.look_at(is_refused)
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_args: tmp_path / "no" / "such.pem")
    desk.tab.chain.save_chain()
    assert "Can't write" in desk.wait_for_word("Can't write")
    assert desk.tab.advice.note.advice.text() == "Choose another folder."
    path = tmp_path / "chain.pem"
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_args: path)
    desk.tab.chain.save_chain()
    desk.wait_for_word("Saved as chain.pem")
    assert len(x509.load_pem_x509_certificates(path.read_bytes())) == len(partner.chain)


def test_the_openssl_command_is_shown_in_place_and_copied(desk: Desk) -> None:
    desk.listen()
    assert desk.send(None).failure is not None
    advice = desk.look_at(lambda row: row.reason == "no_client_certificate")
    desk.press(Deed.COMMAND)
    desk.until(lambda: advice.command.isVisible())
    shown = advice.command.text.toPlainText()
    assert shown.startswith("openssl s_client -connect 127.0.0.1:")
    advice.command.copy.click()
    assert QGuiApplication.clipboard().text() == shown
    desk.press(Deed.COMMAND)
    assert not advice.command.isVisible()


def test_a_client_that_is_taken_leniently_is_flagged_with_the_same_help(
    desk: Desk, partner: Identity
) -> None:
    desk.listen(lenient=True)
    assert desk.send(partner).status == 200
    advice = desk.look_at(lambda row: row.direction is Direction.IN and row.kind is Kind.PUSH)
    assert advice.texts[0].startswith(
        "Taken only because checks are lenient: strict checks would say “Unknown issuer”"
    )
    desk.press(Deed.TRUST)
    desk.wait_for_word("Trusted")
    assert desk.send(partner).status == 200
    desk.until(lambda: sum(row.direction is Direction.IN for row in desk.rows()) == 2)
    assert [row.trusted for row in desk.rows() if row.direction is Direction.IN] == [False, True]
    desk.look_at(lambda row: row.direction is Direction.IN and row.trusted is True)
    assert advice.texts == ()
    assert not advice.isVisible()


def test_a_second_click_begins_nothing(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    advice = desk.look_at(is_refused)
    button = advice.button(Deed.TRUST)
    assert button is not None
    offer = advice._offers[0]
    button.click()
    assert not button.isEnabled()
    advice.take(offer)
    desk.wait_for_word("Trusted")
    names = [entry.name for entry in desk.window.workbench.vault.entries()]
    assert names.count("partner-root") == 1
    assert not any(name.startswith("partner-root-") for name in names)


def test_trust_waits_for_nothing_where_nobody_listens(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    desk.look_at(is_refused)
    desk.window.listening.stop()
    desk.until(lambda: not desk.window.listening.state.on)
    desk.settle()
    desk.press(Deed.TRUST)
    assert "holds once you listen" in desk.wait_for_word("Trusted")


def test_a_listener_with_cas_from_files_is_no_success(desk: Desk, partner: Identity, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(chain_pem([desk.window.workbench.vault.get("dev-ca").leaf]))
    desk.listen(client_ca_files=(ca,))
    desk.send(partner)
    desk.look_at(is_refused)
    desk.press(Deed.TRUST)
    assert "from files only" in desk.wait_for_word("files only")


def test_repeats_are_counted_while_they_are_looked_at(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    desk.look_at(is_refused)
    desk.send(partner)
    desk.until(lambda: "Repeated: 2 times" in desk.tab.settled.text())


def test_all_can_be_reached_with_the_keyboard(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    advice = desk.look_at(is_refused)
    desk.window.pushes.detail.tabs.tabBar().setFocus()
    reached: list[QPushButton] = []
    for _ in range(40):
        desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton):
            reached.append(focused)
    chain = desk.tab.chain
    first = [*advice.buttons, chain.copy, chain.save_one, chain.save_all]
    assert reached[: len(first)] == first
    for button in desk.tab.findChildren(QPushButton):
        assert button.accessibleName() or button.text() or not button.isVisible()


def test_the_menu_of_a_certificate_offers_what_fits_it(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    desk.look_at(is_refused)
    chain = desk.tab.chain
    leaf = [action.text() for action in chain.menu().actions() if action.text()]
    assert "Pin this client" in leaf
    assert "Trust for clients" not in leaf
    chain.tree.choose(2)
    root = [action.text() for action in chain.menu().actions() if action.text()]
    assert "Trust for clients" in root
    assert "Pin this client" not in root
    chain.copy_pem()
    assert QGuiApplication.clipboard().text().startswith("-----BEGIN CERTIFICATE-----")


def test_lenient_checks_let_a_client_in_after_the_question(desk: Desk) -> None:
    desk.listen()
    assert desk.send(None).failure is not None
    advice = desk.look_at(lambda row: row.reason == "no_client_certificate")
    desk.press(Deed.LENIENT)
    assert not desk.window.setup.request.lenient
    advice._question.yes.click()
    desk.wait_for_word("Lenient from now on")
    assert desk.send(None).status == 200
    desk.until(lambda: advice.button(Deed.LENIENT) is None)


def test_a_client_that_is_not_on_the_list_is_pinned_without_a_question(desk: Desk, partner: Identity) -> None:
    desk.listen(client_fingerprints=("ab" * 32,))
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    assert desk.send(client).failure is not None
    advice = desk.look_at(is_refused)
    assert any("not on the list" in text for text in advice.texts)
    desk.press(Deed.PIN)
    desk.wait_for_word("Pinned")
    assert desk.send(client).status == 200
    assert desk.send(partner).failure is not None


def test_what_is_said_of_one_row_goes_with_it(desk: Desk, partner: Identity) -> None:
    desk.listen()
    desk.send(partner)
    desk.send(None)
    advice = desk.look_at(lambda row: row.reason == "unknown_issuer")
    desk.press(Deed.TRUST)
    desk.wait_for_word("Trusted")
    desk.look_at(lambda row: row.reason == "no_client_certificate")
    desk.until(lambda: any("sent no certificate" in text for text in advice.texts))
    assert advice.note.isHidden()
    chain = desk.tab.chain
    assert not chain.isVisible()
    desk.look_at(lambda row: row.reason == "unknown_issuer")
    desk.until(lambda: chain.isVisible() and chain.height() == chain.heightForWidth(chain.width()))


def test_a_damaged_vault_is_told_where_the_button_is(desk: Desk, partner: Identity, home: Home) -> None:
    desk.listen()
    desk.send(partner)
    desk.look_at(is_refused)
    home.vault_file.write_text("{")
    desk.press(Deed.TRUST)
    desk.until(lambda: not desk.tab.advice.note.isHidden())
    assert desk.tab.advice.note.advice.text()
    button = desk.tab.advice.button(Deed.TRUST)
    assert button is not None
    assert button.isEnabled()


def test_an_answer_that_comes_later_is_shown_when_it_comes(desk: Desk) -> None:
    desk.listen(delay_ms=1500)
    client = desk.window.workbench.vault.identity(DEV_CLIENT)
    cas = desk.window.workbench.vault.cas()
    target = Target(url=desk.url, identity=client, trust=Trust(system=False, extra_cas=cas))
    sending = threading.Thread(target=send, args=(target, BODY))
    sending.start()
    detail = desk.window.pushes.detail
    desk.look_at(lambda row: row.kind is Kind.PUSH)

    def answer() -> str:
        facts = detail.answer_shown
        return "\n".join(section.text for section in facts)

    assert "not answered yet" in answer()
    desk.until(lambda: "Status: 200" in answer())
    assert "Answered: 1." in answer()
    sending.join(10)


def test_an_upstream_that_is_down_is_told_beside_the_answer(desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    desk.listen(forward=ForwardRequest(url=f"https://127.0.0.1:{port}/push", insecure=True))
    assert desk.send(desk.window.workbench.vault.identity(DEV_CLIENT)).status == 502
    desk.look_at(lambda row: row.kind is Kind.PUSH and row.status == 502)
    shown = "\n".join(section.text for section in desk.window.pushes.detail.answer_shown)
    assert "Status: 502" in shown
    assert f"Passed on to: https://127.0.0.1:{port}/push" in shown
    assert "Its answer: none: Could not connect" in shown
    assert "What to do: " in shown
