"""Making, completing, renewing and signing through the dialogs, over a real vault."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates import requests
from inspector.certificates.describe import describe, pem
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.certificates.requests import make_csr
from inspector.certificates.vault import Vault
from inspector.sender.request import SendRequest
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.complete_dialog import CompleteDialog
from inspector.ui.certificates.import_dialog import ImportDialog
from inspector.ui.certificates.new_dialog import NewDialog
from inspector.ui.certificates.new_identity import Wanted
from inspector.ui.certificates.page import CertificatesPage
from inspector.ui.certificates.renew_dialog import RenewDialog
from inspector.ui.certificates.sign_dialog import SignDialog
from inspector.workbench import Workbench

OpenPage = Callable[[], CertificatesPage]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def new_dialog(page: CertificatesPage, wanted: Wanted, name: str) -> NewDialog:
    page.head.new.click()
    dialog = page.desk.dialog
    assert isinstance(dialog, NewDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData(wanted))
    dialog.name.setText(name)
    return dialog


def go(page: CertificatesPage, dialog: NewDialog | RenewDialog | CompleteDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignals([dialog.accepted, page.changed]):
        dialog.accept_button.click()


def test_a_client_is_issued_by_the_ca_of_the_vault_and_looked_at(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    dialog = new_dialog(page, Wanted.CLIENT, "mybrand-client")
    assert dialog.issuer.currentText() == "dev-ca"
    dialog.key.setCurrentText("RSA 2048")
    dialog.days.setValue(90)
    go(page, dialog, qtbot)
    made = dev_vault.identity("mybrand-client")
    facts = describe(made.leaf)
    assert (facts.key, facts.purposes, facts.days_left) == ("RSA 2048", ("client",), 89)
    assert made.chain[1:] == dev_vault.get("dev-ca").chain
    qtbot.waitUntil(
        lambda: page.list.current is not None and page.list.current.entry.name == "mybrand-client"
    )


def test_a_server_is_for_the_names_that_were_picked_and_typed(
    dev_vault: Vault, workbench: Workbench, open_page: OpenPage, qtbot: QtBot
) -> None:
    workbench.save_target("tunnel", SendRequest(url="https://abc.tunnel.example.com/push"))
    page = open_page()
    dialog = new_dialog(page, Wanted.SERVER, "my-server")
    chips = {one.accessibleName(): one for one in dialog.names.findChildren(QPushButton) if one.isCheckable()}
    assert {"localhost", "127.0.0.1", "::1", "abc.tunnel.example.com"} <= set(chips)
    chips["abc.tunnel.example.com"].click()
    chips["::1"].click()
    QTest.keyClicks(dialog.names.field, "bad_name!")
    assert not dialog.accept_button.isEnabled()
    assert "no host name" in dialog.names_row.hint.text()
    dialog.names.field.clear()
    QTest.keyClicks(dialog.names.field, "192.0.2.7")
    QTest.keyClick(dialog.names.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    go(page, dialog, qtbot)
    names = describe(dev_vault.get("my-server").leaf).names
    assert names == ("localhost", "127.0.0.1", "abc.tunnel.example.com", "192.0.2.7")


def test_a_server_needs_a_name_and_lasts_as_apple_takes_it(dev_vault: Vault, open_page: OpenPage) -> None:
    dialog = new_dialog(open_page(), Wanted.SERVER, "my-server")
    for name in dialog.names.names:
        next(one for one in dialog.names.findChildren(QPushButton) if one.accessibleName() == name).click()
    assert not dialog.accept_button.isEnabled()
    assert "at least one" in dialog.names_row.hint.text()
    dialog.days.setValue(500)
    assert "398" in dialog.days_row.hint.text()


def test_an_intermediate_ca_issues_and_ends_with_its_issuer(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    dialog = new_dialog(page, Wanted.INTERMEDIATE, "middle-ca")
    dialog.days.setValue(7300)
    assert "dev-ca ends then" in dialog.days_row.hint.text()
    dialog.trust.setChecked(True)
    go(page, dialog, qtbot)
    middle = dev_vault.get("middle-ca")
    assert middle.trust_clients
    assert middle.leaf.not_valid_after_utc == dev_vault.get("dev-ca").leaf.not_valid_after_utc
    qtbot.waitUntil(lambda: page.contents is not None and len(page.contents.issuers) == 2)
    dialog = new_dialog(page, Wanted.CLIENT, "below")
    dialog.issuer.setCurrentText("middle-ca")
    go(page, dialog, qtbot)
    assert len(dev_vault.get("below").chain) == 3


def test_without_a_ca_a_client_issues_itself_and_an_intermediate_can_not_be(
    vault: Vault, dev: DevIdentities, open_page: OpenPage, qtbot: QtBot
) -> None:
    vault.add("their-ca", dev.ca.chain)
    page = open_page()
    dialog = new_dialog(page, Wanted.INTERMEDIATE, "middle")
    assert not dialog.accept_button.isEnabled()
    assert "no CA" in dialog.issuer_row.hint.text()
    dialog.kind.setCurrentIndex(dialog.kind.findData(Wanted.CLIENT))
    go(page, dialog, qtbot)
    assert describe(vault.get("middle").leaf).self_signed


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    dialog = new_dialog(open_page(), Wanted.CA, "DEV-CA")
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.note.isVisible)
    assert dialog.note.message.text() == "There is an entry DEV-CA already."
    assert dialog.name.text() == "DEV-CA"
    assert dialog.accept_button.isEnabled()


def test_a_request_waits_and_is_completed_with_what_was_pasted(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = open_page()
    dialog = new_dialog(page, Wanted.CLIENT_REQUEST, "brand-2027")
    assert not dialog.days_row.isVisible()
    go(page, dialog, qtbot)
    qtbot.waitUntil(page.pending.isVisible)
    buttons = {one.text(): one for one in page.pending.findChildren(QPushButton)}
    buttons["Copy request"].click()
    copied = QGuiApplication.clipboard().text()
    assert x509.load_pem_x509_csr(copied.encode()).is_signature_valid
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_: tmp_path / "brand.csr")
    with qtbot.waitSignal(page.message) as said:
        buttons["Save request…"].click()
    assert said.args == ["Saved the request for brand-2027 as brand.csr."]
    assert (tmp_path / "brand.csr").read_text() == copied
    chain = requests.sign(dev_vault.identity("dev-ca"), requests.pending(dev_vault)[0].csr)
    buttons["Complete…"].click()
    complete = page.desk.dialog
    assert isinstance(complete, CompleteDialog)
    assert not complete.accept_button.isEnabled()
    complete.files.add_text(pem(dev_vault.get("dev-client").leaf))
    complete.accept_button.click()
    qtbot.waitUntil(complete.note.isVisible)
    assert "is not the certificate that brand-2027 asked for" in complete.note.message.text()
    complete.files.forget_texts()
    complete.files.add_text("".join(map(pem, chain)))
    go(page, complete, qtbot)
    assert dev_vault.identity("brand-2027").chain == chain
    qtbot.waitUntil(lambda: not page.pending.isVisible())


def test_importing_the_signed_certificate_completes_its_request(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    waiting = requests.request(dev_vault, "brand-2027")
    chain = requests.sign(dev_vault.identity("dev-ca"), waiting.csr)
    page = open_page()
    QGuiApplication.clipboard().setText("\n".join(map(pem, chain)))
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: isinstance(page.desk.dialog, ImportDialog) and page.desk.dialog.read_as is not None
    )
    dialog = page.desk.dialog
    assert isinstance(dialog, ImportDialog)
    assert dialog.accept_button.text() == "Complete"
    assert "brand-2027" in dialog.completes_note.message.text()
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert dev_vault.identity("brand-2027").chain == chain
    assert requests.pending(dev_vault) == ()


def test_a_deleted_request_is_put_back_with_its_key(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = requests.request(dev_vault, "brand-2027")
    page = open_page()
    monkeypatch.setattr(dialogs, "confirm_delete", lambda *_: True)
    with qtbot.waitSignal(page.changed):
        page.deeds.drop_request(waiting)
    assert requests.pending(dev_vault) == ()
    with qtbot.waitSignal(page.changed):
        page.changes.put_back()
    assert requests.pending(dev_vault)[0].pem == waiting.pem
    chain = requests.sign(dev_vault.identity("dev-ca"), waiting.csr)
    assert requests.complete_with(dev_vault, "brand-2027", chain).has_key


def test_a_deleted_identity_is_put_back_with_its_key_by_ctrl_z(
    dev_vault: Vault, workbench: Workbench, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbench.save_target("staging", SendRequest(url="https://proxy.example.com", identity="dev-client"))
    page = open_page()
    asked: list[tuple[str, ...]] = []

    def confirm(_parent: QWidget, _name: str, lines: tuple[str, ...]) -> bool:
        asked.append(lines)
        return True

    monkeypatch.setattr(dialogs, "confirm_delete", confirm)
    page.list.choose("dev-client")
    before = dev_vault.identity("dev-client")
    with qtbot.waitSignal(page.changed):
        QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert asked[0][0] == "It is used by the target staging."
    qtbot.waitUntil(lambda: len(dev_vault.entries()) == 2)
    page.list.setFocus()
    with qtbot.waitSignal(page.changed):
        QTest.keyClick(page.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dev_vault.identity("dev-client").chain == before.chain
    assert page.changes.removed == ()


@pytest.mark.parametrize("new_key", [False, True])
def test_what_was_issued_here_is_renewed_in_place(
    dev_vault: Vault,
    lasting: Callable[[str, timedelta], Identity],
    open_page: OpenPage,
    qtbot: QtBot,
    new_key: bool,
) -> None:
    old = lasting("soon", timedelta(days=5))
    dev_vault.add("soon", old.chain, old.key)
    page = open_page()
    page.list.choose("soon")
    page.details.renew.click()
    dialog = page.desk.dialog
    assert isinstance(dialog, RenewDialog)
    assert "dev-ca issues it again for 400 days" in dialog.explanation.text()
    (dialog.new_key if new_key else dialog.keep).setChecked(True)
    go(page, dialog, qtbot)
    renewed = dev_vault.identity("soon").leaf
    assert renewed.not_valid_after_utc - datetime.now(UTC) > timedelta(days=390)
    assert (renewed.public_key() != old.leaf.public_key()) is new_key


def test_what_others_issued_is_renewed_by_a_request(vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    theirs = issue(make_ca("their-ca"), "partner", purposes=("client",))
    vault.add("partner", theirs.chain, theirs.key)
    page = open_page()
    page.list.choose("partner")
    page.deeds.renew_current()
    dialog = page.desk.dialog
    assert isinstance(dialog, RenewDialog)
    assert "their-ca, which issued it, is not in the vault with its key" in dialog.explanation.text()
    assert dialog.accept_button.text() == "Make request"
    go(page, dialog, qtbot)
    assert [one.name for one in requests.pending(vault)] == ["partner"]
    assert vault.get("partner").leaf == theirs.leaf
    qtbot.waitUntil(page.pending.isVisible)


def test_a_ca_is_renewed_with_its_key_only(dev_vault: Vault, open_page: OpenPage) -> None:
    page = open_page()
    page.list.choose("dev-ca")
    page.deeds.renew_current()
    dialog = page.desk.dialog
    assert isinstance(dialog, RenewDialog)
    assert not dialog.new_key.isVisible()


def test_a_request_of_others_is_read_signed_and_saved(
    dev_vault: Vault,
    dev: DevIdentities,
    open_page: OpenPage,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    out = tmp_path / "signed.pem"
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_: out)
    stranger = issue(None, "stranger", purposes=("client",))
    text = (
        make_csr(stranger.leaf.subject, stranger.key, purposes=("client",))
        .public_bytes(Encoding.PEM)
        .decode()
    )
    page = open_page()
    page.show_import([], text=text)
    dialog = page.desk.dialog
    assert isinstance(dialog, SignDialog)
    qtbot.waitUntil(lambda: dialog.read is not None)
    assert "CN=stranger" in dialog.asks.text()
    assert "client certificate" in dialog.asks.text()
    dialog.days.setValue(30)
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept_button.click()
    ca = tmp_path / "ca.pem"
    ca.write_text(pem(dev.ca.leaf))
    command = ["openssl", "verify", "-purpose", "sslclient", "-CAfile", str(ca), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    assert describe(x509.load_pem_x509_certificate(out.read_bytes())).days_left in (29, 30)
    assert page.notice.text == "Signed the request, and saved the certificate as signed.pem."


def test_what_is_no_request_is_told(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page()
    file = tmp_path / "broken.csr"
    file.write_text("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")
    page.show_import([file])
    dialog = page.desk.dialog
    assert isinstance(dialog, SignDialog)
    qtbot.waitUntil(dialog.note.isVisible)
    assert "broken.csr is damaged" in dialog.note.message.text()
    assert not dialog.accept_button.isEnabled()
