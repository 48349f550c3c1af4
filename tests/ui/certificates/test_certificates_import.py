"""The import dialog over real files: passwords, previews, names, and that nothing typed is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.describe import pem
from inspector.certificates.export import encrypted_key_pem
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.certificates.vault import Vault
from inspector.home import Home
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.import_dialog import ImportDialog
from inspector.ui.certificates.page import CertificatesPage

OpenPage = Callable[[], CertificatesPage]
PASSWORD = "bränd secret"

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def page(open_page: OpenPage) -> CertificatesPage:
    return open_page()


@pytest.fixture
def p12(dev: DevIdentities, tmp_path: Path) -> Path:
    file = tmp_path / "mybrand-client.p12"
    lock = BestAvailableEncryption(PASSWORD.encode())
    chain, key = list(dev.client.chain[1:]), dev.client.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, dev.client.leaf, chain, lock))
    return file


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    file = tmp_path / "their-ca.pem"
    file.write_text(pem(make_ca("Their CA").leaf))
    return file


def start(page: CertificatesPage, *paths: Path, replaced: str = "") -> ImportDialog:
    page.show_import(list(paths), replaced=replaced)
    dialog = page.findChild(ImportDialog)
    assert dialog is not None
    return dialog


def settled(dialog: ImportDialog) -> bool:
    return dialog.files_note.message.text() != "Reading…"


def test_pkcs12_asks_for_its_password_and_shows_what_is_inside(
    page: CertificatesPage, p12: Path, vault: Vault, dev: DevIdentities, qtbot: QtBot
) -> None:
    dialog = start(page, p12)
    qtbot.waitUntil(dialog.password_row.isVisible)
    assert "protected by a password" in dialog.password_note.message.text()
    assert not dialog.preview.isVisible()
    assert not dialog.accept_button.isEnabled()
    assert dialog.password.echoMode() is QLineEdit.EchoMode.Password

    dialog.password.setText("wrong")
    dialog.unlock.click()
    qtbot.waitUntil(lambda: "doesn't open" in dialog.password_note.message.text())
    assert dialog.password_note.message.text() == "The password doesn't open mybrand-client.p12."
    assert dialog.password.text() == "wrong"

    dialog.password.setText(PASSWORD)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.preview.text("Subject") == "CN=dev-client, O=Push Inspector"
    assert dialog.preview.text("Issuer") == "CN=dev-ca, O=Push Inspector"
    assert dialog.preview.text("Private key") == "yes, ECDSA P-256"
    assert dialog.preview.text("Chain") == "with 1 issuer, up to the root"
    assert dialog.preview.text("Valid until").endswith("364 days left")
    assert dialog.name.text() == "mybrand-client"
    assert vault.entries() == ()

    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert dialog.password.text() == ""
    identity = vault.identity("mybrand-client")
    assert identity.chain == dev.client.chain
    assert not vault.get("mybrand-client").trust_clients
    qtbot.waitUntil(lambda: page.list.current is not None)
    assert page.list.current is not None
    assert page.list.current.entry.name == "mybrand-client"


def test_a_certificate_and_its_key_in_two_files(
    page: CertificatesPage, dev: DevIdentities, vault: Vault, tmp_path: Path, qtbot: QtBot
) -> None:
    cert, key = tmp_path / "cert.der", tmp_path / "key.pem"
    cert.write_bytes(dev.server.leaf.public_bytes(Encoding.DER))
    key.write_bytes(encrypted_key_pem(dev.server.key, b"pw"))
    dialog = start(page, cert)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.preview.text("Private key") == "no, the certificate only"
    dialog.add_files([key, cert])
    assert dialog.files.paths == (cert, key)
    qtbot.waitUntil(dialog.password_row.isVisible)
    dialog.password.setText("pw")
    dialog.unlock.click()
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.preview.text("Private key") == "yes, ECDSA P-256"
    assert dialog.name.text() == "dev-server"
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert vault.get("dev-server").has_key


def test_files_that_openssl_made(page: CertificatesPage, vault: Vault, tmp_path: Path, qtbot: QtBot) -> None:
    key, cert, p12 = tmp_path / "k.pem", tmp_path / "c.pem", tmp_path / "Brand Ärchiv.pfx"
    subject = ["-subj", "/O=Brand/CN=proxy.brand.example", "-days", "30"]
    run = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*run, *subject], check=True, capture_output=True)
    pack = ["openssl", "pkcs12", "-export", "-inkey", str(key), "-in", str(cert), "-out", str(p12)]
    subprocess.run([*pack, "-passout", "pass:"], check=True, capture_output=True)
    dialog = start(page, p12)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.name.text() == "Brand-rchiv"
    assert dialog.preview.text("Subject") == "CN=proxy.brand.example, O=Brand"
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert vault.get("Brand-rchiv").has_key


def test_a_ca_may_be_trusted_for_clients(
    page: CertificatesPage, ca_file: Path, vault: Vault, qtbot: QtBot
) -> None:
    dialog = start(page, ca_file)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.trust.isVisible()
    assert not dialog.trust.isChecked()
    assert dialog.trust.text() == "Let in clients that Their CA has issued"
    assert dialog.preview.text("Chain") == "root of its own"
    dialog.trust.click()
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert vault.get("their-ca").trust_clients


def test_a_leaf_alone_can_not_be_trusted_for_clients(
    page: CertificatesPage, dev: DevIdentities, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "leaf.pem"
    file.write_text(pem(dev.client.leaf))
    dialog = start(page, file)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert not dialog.trust.isVisible()
    assert dialog.preview.text("Chain") == "without its issuers"
    dialog.reject()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "notes.pem is neither a certificate nor a key in a known format."),
        (b"", "notes.pem is empty."),
        (b"<!doctype html><html>", "notes.pem is an HTML page, not a certificate."),
        (b"-----BEGIN CERTIFICATE-----\nMIIB", "notes.pem is cut off: "),
    ],
)
def test_a_bad_file_is_told_beside_it_with_the_next_step(
    page: CertificatesPage, tmp_path: Path, qtbot: QtBot, content: bytes, message: str
) -> None:
    file = tmp_path / "notes.pem"
    file.write_bytes(content)
    dialog = start(page, file)
    qtbot.waitUntil(lambda: settled(dialog))
    assert dialog.files_note.message.text().startswith(message)
    assert dialog.files_note.advice.text()
    assert str(tmp_path) not in dialog.files_note.message.text()
    assert not dialog.accept_button.isEnabled()
    assert not dialog.password_row.isVisible()
    dialog.reject()


def test_a_bad_file_can_be_left_out_and_what_was_typed_stays(
    page: CertificatesPage, ca_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("nothing")
    dialog = start(page, ca_file)
    qtbot.waitUntil(dialog.preview.isVisible)
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "my own name")
    dialog.add_files([bad])
    qtbot.waitUntil(lambda: dialog.files_note.message.text().startswith("bad.pem"))
    assert not dialog.preview.isVisible()
    (remove,) = [
        one for one in dialog.files.findChildren(QToolButton) if one.accessibleName() == "Leave bad.pem out"
    ]
    remove.click()
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.name.text() == "my own name"
    dialog.files.remove(ca_file)
    qtbot.waitUntil(lambda: not dialog.preview.isVisible())
    assert dialog.files_note.message.text() == ""
    dialog.reject()


def test_a_name_that_is_taken_is_only_replaced_when_told_to(
    dev_vault: Vault,
    page: CertificatesPage,
    lasting: Callable[[str, timedelta], Identity],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    renewed = lasting("renewed", timedelta(days=300))
    file = tmp_path / "dev-client.pem"
    file.write_bytes("".join(pem(cert) for cert in renewed.chain).encode())
    dialog = start(page, file)
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.name.text() == "dev-client"
    assert dialog.replace.isVisible()
    assert not dialog.accept_button.isEnabled()
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "another")
    assert not dialog.replace.isVisible()
    assert dialog.accept_button.isEnabled()
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "DEV-client")
    assert dialog.replace.text() == "Replace the dev-client that is in the vault"
    dialog.replace.click()
    assert dialog.accept_button.text() == "Replace"
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert {entry.name for entry in dev_vault.entries()} == {"dev-ca", "dev-server", "DEV-client"}
    assert dev_vault.get("DEV-client").leaf == renewed.leaf


def test_replacing_from_the_details_keeps_name_and_trust(
    vault: Vault,
    open_page: OpenPage,
    ca_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    vault.add("partner", make_ca("Old CA").chain, trust_clients=True)
    page = open_page()
    page.list.choose("partner")

    def choose(parent: QWidget) -> list[Path]:
        return [ca_file]

    monkeypatch.setattr(dialogs, "choose_files", choose)
    page.details.replace.click()
    dialog = page.findChild(ImportDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Replace partner"
    qtbot.waitUntil(dialog.preview.isVisible)
    assert dialog.name.text() == "partner"
    assert dialog.trust.isChecked()
    assert dialog.accept_button.text() == "Replace"
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    (entry,) = vault.entries()
    assert (entry.name, entry.trust_clients) == ("partner", True)
    qtbot.waitUntil(lambda: page.details.facts.text("Subject") == "CN=Their CA\nO=Push Inspector")


def test_a_name_that_the_vault_refuses_is_told_beside_it(
    page: CertificatesPage, ca_file: Path, vault: Vault, qtbot: QtBot
) -> None:
    dialog = start(page, ca_file)
    qtbot.waitUntil(dialog.preview.isVisible)
    dialog.trust.click()
    dialog.name.setText("no/slashes")
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.name_note.isVisible)
    assert "can't be a name" in dialog.name_note.message.text()
    assert dialog.name.text() == "no/slashes"
    assert dialog.trust.isChecked()
    assert vault.entries() == ()
    dialog.name.setText("fine")
    assert not dialog.name_note.isVisible()
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert vault.get("fine").trust_clients


def test_a_name_that_another_process_took_meanwhile_can_be_replaced(
    page: CertificatesPage, ca_file: Path, vault: Vault, home: Home, dev: DevIdentities, qtbot: QtBot
) -> None:
    dialog = start(page, ca_file)
    qtbot.waitUntil(dialog.preview.isVisible)
    Vault(home, use_keyring=False).add("their-ca", dev.ca.chain)
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.name_note.isVisible)
    assert dialog.replace.isVisible()
    dialog.replace.click()
    with qtbot.waitSignal(page.changed):
        dialog.accept_button.click()
    assert vault.get("their-ca").leaf != dev.ca.leaf


def test_a_file_that_goes_before_it_is_kept_is_told(
    page: CertificatesPage, ca_file: Path, vault: Vault, qtbot: QtBot
) -> None:
    dialog = start(page, ca_file)
    qtbot.waitUntil(dialog.preview.isVisible)
    ca_file.unlink()
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.save_note.isVisible)
    assert dialog.save_note.message.text() == "their-ca.pem doesn't exist."
    assert dialog.isVisible()
    dialog.reject()
    assert vault.entries() == ()


def test_more_files_go_to_the_dialog_that_is_open(
    page: CertificatesPage, ca_file: Path, p12: Path, qtbot: QtBot
) -> None:
    dialog = start(page, ca_file)
    page.show_import([p12])
    assert page.findChildren(ImportDialog) == [dialog]
    assert list(dialog.files.paths) == [ca_file, p12]
    data = QMimeData()
    other = ca_file.with_name("other.pem")
    data.setUrls([QUrl.fromLocalFile(str(other))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    dialog.dropEvent(drop)
    assert list(dialog.files.paths) == [ca_file, p12, other]
    dialog.reject()
    qtbot.waitUntil(lambda: page.findChild(ImportDialog) is None)


def test_the_password_can_be_shown_and_goes_with_the_dialog(
    page: CertificatesPage, p12: Path, qtbot: QtBot
) -> None:
    dialog = start(page, p12)
    qtbot.waitUntil(dialog.password_row.isVisible)
    dialog.password.setText(PASSWORD)
    dialog.show_password.click()
    assert dialog.password.echoMode() is QLineEdit.EchoMode.Normal
    dialog.reject()
    assert dialog.password.text() == ""


def test_leaving_while_it_reads_does_no_harm(page: CertificatesPage, p12: Path, qtbot: QtBot) -> None:
    dialog = start(page, p12)
    dialog.reject()
    qtbot.waitUntil(lambda: page.findChild(ImportDialog) is None)
    again = start(page)
    assert again.files.paths == ()
    again.reject()


def test_what_is_wrong_with_it_is_told_before_it_is_kept(
    page: CertificatesPage, tmp_path: Path, qtbot: QtBot
) -> None:
    own = issue(None, "own", purposes=("server",))
    file = tmp_path / "own.pem"
    file.write_text(pem(own.leaf))
    dialog = start(page, file)
    qtbot.waitUntil(dialog.preview.isVisible)
    told = [note.message.text() for note in dialog.preview.findChildren(type(dialog.save_note))]
    assert any("self-signed" in text for text in told)
    assert any("subject alternative name" in text for text in told)
    dialog.reject()
