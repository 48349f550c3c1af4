"""Handing over, the vault’s dialog, the search, the fields and a server looked at, over a real vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector import idle_lock
from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.passphrase import PassphraseKind
from inspector.certificates.vault import Vault
from inspector.listen_request import ListenRequest
from inspector.sender.connection_check import StepState
from inspector.ui.certificates.details import CHAIN, FIELDS, SNIPPETS
from inspector.ui.certificates.hand_over_dialog import HandOverDialog
from inspector.ui.certificates.page import CertificatesPage
from inspector.ui.certificates.vault_dialog import VaultDialog
from inspector.workbench import Workbench

OpenPage = Callable[[], CertificatesPage]
LONG = 15_000

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


def hand_over(page: CertificatesPage, name: str) -> HandOverDialog:
    page.list.choose(name)
    page.deeds.hand_over_current()
    dialog = page.desk.dialog
    assert isinstance(dialog, HandOverDialog)
    return dialog


def test_the_files_are_shown_before_they_are_written_encrypted(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page()
    dialog = hand_over(page, "dev-client")
    assert dialog.file_names[:2] == ("mybrandpushKey.pem", "mybrandpushCrt.pem")
    dialog.prefix.setText("acme")
    assert dialog.file_names[:3] == ("acmeKey.pem", "acmeCrt.pem", "acmeCA.pem")
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.encrypt.setChecked(True)
    dialog.password.field.setText("correct horse")
    dialog.again.field.setText("correct house")
    assert not dialog.accept_button.isEnabled()
    assert dialog.again_row.hint.text() == "The two are not the same."
    dialog.again.field.setText("correct horse")
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept_button.click()
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == sorted(dialog.file_names)
    key = tmp_path / "out" / "acmeKey.pem"
    assert b"ENCRYPTED" in key.read_bytes()
    load_pem_private_key(key.read_bytes(), b"correct horse")
    assert dialog.password.text() == dialog.again.text() == ""
    assert page.notice.text == f"Wrote {len(written)} files to {tmp_path / 'out'}."


def test_files_that_are_there_are_replaced_only_when_that_is_said(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "mybrandpushKey.pem").write_text("theirs")
    dialog = hand_over(open_page(), "dev-client")
    dialog.folder.setText(str(tmp_path))
    assert "not be encrypted" in dialog.encrypt_row.hint.text()
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.replace.isVisible)
    assert (tmp_path / "mybrandpushKey.pem").read_text() == "theirs"
    dialog.replace.setChecked(True)
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept_button.click()
    assert b"BEGIN PRIVATE KEY" in (tmp_path / "mybrandpushKey.pem").read_bytes()


def test_only_clients_with_their_keys_are_handed_over(dev_vault: Vault, open_page: OpenPage) -> None:
    page = open_page()
    page.list.choose("dev-server")
    assert not page.details.overview.export.isVisible()
    assert not page.details.tabs.isTabVisible(SNIPPETS)
    page.list.choose("dev-client")
    assert page.details.overview.export.isVisible()
    assert page.details.tabs.isTabVisible(SNIPPETS)


def test_snippets_name_this_client_and_are_copied(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.list.choose("dev-client")
    page.details.tabs.setCurrentIndex(SNIPPETS)
    view = page.details.snippets
    assert "ssl_verify_client" in view.text.toPlainText()
    view.server.setCurrentText("Go")
    assert "RequireAndVerifyClientCert" in view.text.toPlainText()
    assert (
        fingerprint(dev_vault.get("dev-client").leaf)[:16] in view.text.toPlainText().replace(":", "").lower()
    )
    with qtbot.waitSignal(page.message) as said:
        view.copy.click()
    assert said.args == ["Copied the text for Go."]
    assert QGuiApplication.clipboard().text() == view.text.toPlainText()


def test_every_field_is_shown_and_copied(dev_vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.list.choose("dev-server")
    page.details.tabs.setCurrentIndex(FIELDS)
    fields = page.details.fields
    assert "Extended key usage" in fields.text()
    assert "pin of the public key" in fields.text().lower()
    fields.which.setCurrentIndex(1)
    fields.which.activated.emit(1)
    assert page.details.chain.place == 1
    assert "dev-ca" in fields.text()
    with qtbot.waitSignal(page.message):
        fields.copy_text.click()
    assert QGuiApplication.clipboard().text().startswith("Subject")
    fields.tree.setCurrentIndex(fields.tree.model().index(0, 0))
    QTest.keyClick(fields.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("CN=dev-ca")


def test_each_link_of_the_chain_is_verified(vault: Vault, open_page: OpenPage) -> None:
    right = issue(make_ca("middle", issuer=make_ca("root")), "right", purposes=("client",))
    wrong = issue(make_ca("their-ca"), "wrong", purposes=("client",))
    vault.add("right", right.chain, right.key)
    vault.add("wrong", (wrong.leaf,), wrong.key, extra=make_ca("their-ca").chain)
    page = open_page()
    page.list.choose("right")
    page.details.tabs.setCurrentIndex(CHAIN)
    view = page.details.chain_view
    assert any(line.startswith("Signed by middle") and "is right" in line for line in view.checks())
    view.tree.choose(1)
    assert any(line.startswith("May issue certificates") for line in view.checks())
    page.list.choose("wrong")
    assert any("was not signed by this their-ca" in line for line in view.checks())
    assert "signature wrong" in view.tree.text()


def test_the_search_finds_by_any_word(dev_vault: Vault, open_page: OpenPage) -> None:
    page = open_page()
    search = page.find_bar.search
    search.setText("127.0.0.1 SERVER")
    assert page.list.model().rowCount() == 1
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-server"
    search.setText(fingerprint(dev_vault.get("dev-client").leaf)[:12])
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-client"
    search.setText("nowhere at all")
    assert page.list.model().rowCount() == 0
    assert not page.details.title.isVisible()
    page.look_at("dev-ca")
    assert search.text() == ""
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-ca"


def test_the_keys_of_the_search(dev_vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    of_the_window: list[bool] = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
    shortcut.activated.connect(lambda: of_the_window.append(True))
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Slash)
    search = page.find_bar.search
    assert search.hasFocus()
    QTest.keyClicks(search, "a/b")
    assert search.text() == "a/b"
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert (search.text(), of_the_window) == ("", [])
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert page.list.hasFocus()
    page.check_server()
    QTest.keyClick(page.server.url, Qt.Key.Key_Escape)
    assert page.list.isVisible()
    assert of_the_window == []


def test_an_empty_clipboard_is_told(dev_vault: Vault, open_page: OpenPage) -> None:
    page = open_page()
    QGuiApplication.clipboard().setText("no certificate")
    page.paste()
    assert page.notice.text.startswith("There is no certificate on the clipboard.")
    assert page.desk.dialog is None


def vault_dialog(page: CertificatesPage) -> VaultDialog:
    page.source.vault.click()
    dialog = page.desk.dialog
    assert isinstance(dialog, VaultDialog)
    return dialog


def test_the_passphrase_is_changed_and_all_keys_open_with_it(
    dev_vault: Vault, workbench: Workbench, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    dialog = vault_dialog(page)
    assert dialog.kind is PassphraseKind.KEY_FILE
    assert not dialog.accept_button.isEnabled()
    dialog.choices[PassphraseKind.PASSPHRASE].setChecked(True)
    dialog.passphrase.field.setText("a long new passphrase")
    assert not dialog.accept_button.isEnabled()
    dialog.again.field.setText("a long new passphrase")
    dialog.after.setCurrentIndex(dialog.after.findData(15))
    with qtbot.waitSignals([dialog.accepted, page.changed]):
        dialog.accept_button.click()
    assert dialog.passphrase.text() == ""
    assert idle_lock.load(workbench.home) == 15
    assert workbench.vault.opening.idle_limit == 900
    again = Vault(workbench.home, ask=lambda: "a long new passphrase", use_keyring=False)
    assert again.source().kind is PassphraseKind.PASSPHRASE
    assert again.identity("dev-client").key is not None
    qtbot.waitUntil(lambda: "a passphrase that you set" in page.source.description.text())


def test_a_source_that_is_not_at_hand_is_told(dev_vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    dialog = vault_dialog(open_page())
    dialog.choices[PassphraseKind.ENVIRONMENT].setChecked(True)
    dialog.accept_button.click()
    qtbot.waitUntil(dialog.note.isVisible)
    assert "isn't set" in dialog.note.message.text()
    assert dialog.isVisible()


def test_lock_now_forgets_what_opens_the_keys(dev_vault: Vault, open_page: OpenPage) -> None:
    dev_vault.identity("dev-client")
    assert dev_vault.opening.is_open
    dialog = vault_dialog(open_page())
    dialog.lock_now.click()
    assert [dev_vault.opening.is_open] == [False]
    assert dialog.note.message.text().startswith("Locked")


def test_a_server_is_looked_at_step_by_step(
    dev_vault: Vault, workbench: Workbench, open_page: OpenPage, qtbot: QtBot
) -> None:
    listener = workbench.listen(ListenRequest(port=0), lambda _event: None)
    ready = listener.start()
    page = open_page()
    try:
        page.find_bar.check.click()
        page.server.url.setText(f"localhost:{ready.port}")
        with qtbot.waitSignal(page.server.checking.checked, timeout=LONG):
            page.server.start.click()
        view = page.server.view
        chain = view.row("chain")
        assert chain is not None
        assert chain.step.state is StepState.OK
        assert "dev-server" in view.text()
        page.server.identity.setCurrentText("as dev-client")
        with qtbot.waitSignal(page.server.checking.checked, timeout=LONG):
            page.server.check()
        assert view.headline.startswith("A push would get through")
    finally:
        page.close_down()
        listener.stop()
        workbench.close()
    QTest.keyClick(page.server.start, Qt.Key.Key_Escape)
    assert page.list.isVisible()


def test_a_server_that_is_not_there_is_told(dev_vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.check_server()
    assert not page.find_bar.isVisible()
    page.server.url.setText("https://localhost:1")
    with qtbot.waitSignal(page.server.checking.checked, timeout=LONG):
        page.server.check()
    assert page.server.view.headline.startswith("No push would get through")
    page.close_down()


def test_uses_that_can_not_be_told_are_said_to_be_so(
    dev_vault: Vault, workbench: Workbench, open_page: OpenPage
) -> None:
    workbench.home.targets_file.write_text("{")
    page = open_page()
    page.list.choose("dev-client")
    assert page.details.overview.used_by.toPlainText().startswith("can’t be told")


def test_dev_identities_are_all_there(dev_vault: Vault, dev: DevIdentities, open_page: OpenPage) -> None:
    page = open_page()
    assert page.contents is not None
    assert [one.entry.name for one in page.contents.issuers] == [dev.ca.name]
