"""The page over a real vault: empty, filled, changed, damaged."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.describe import pem
from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.certificates.vault import Vault
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.import_dialog import ImportDialog
from inspector.ui.certificates.page import CertificatesPage

OpenPage = Callable[[], CertificatesPage]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


class Asked:
    """Stands for a question: notes what was asked and gives the answer."""

    def __init__(self, *, answer: bool) -> None:
        self.answer = answer
        self.names: list[object] = []
        self.consequences: list[str] = []

    def __call__(self, parent: QWidget, name: object, consequences: Sequence[str]) -> bool:
        self.names.append(name)
        self.consequences += consequences
        return self.answer


def names(page: CertificatesPage) -> list[str]:
    model = page.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def button(page: CertificatesPage, name: str) -> QPushButton:
    """The one button of that name; it has to be in sight."""
    (found,) = page.findChildren(QPushButton, name)
    assert found.isVisible()
    return found


def test_empty_it_offers_to_create_and_to_import(open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    assert page.empty.isVisible()
    assert page.objectName() == "certificates_view"
    assert page.source.description.text() == "No private key is kept yet."
    said: list[str] = []
    page.message.connect(said.append)
    with qtbot.waitSignal(page.changed):
        QTest.mouseClick(button(page, "certificate_create_dev"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["dev-ca", "dev-client", "dev-server"])
    assert said == ["Made dev-ca, dev-server and dev-client."]
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-server"
    assert "random key in a file" in page.source.description.text()
    assert "keyring" in page.source.advice.text()
    assert button(page, "certificate_import").isEnabled()


def test_dev_identities_are_only_replaced_after_asking(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    before = dev_vault.get("dev-ca").leaf
    no = Asked(answer=False)
    monkeypatch.setattr(dialogs, "confirm_renew", no)
    button(page, "certificate_create_dev").click()
    assert no.names == [["dev-ca", "dev-server", "dev-client"]]
    assert dev_vault.get("dev-ca").leaf == before
    monkeypatch.setattr(dialogs, "confirm_renew", Asked(answer=True))
    with qtbot.waitSignal(page.changed):
        button(page, "certificate_create_dev").click()
    assert dev_vault.get("dev-ca").leaf != before


def test_deleting_asks_and_names_what_is_lost(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.list.choose("dev-ca")
    no = Asked(answer=False)
    monkeypatch.setattr(dialogs, "confirm_delete", no)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert no.names == ["dev-ca"]
    assert no.consequences == [
        "It is used by the listener, as a CA that clients are taken from.",
        "Its private key goes with it.",
        "Clients that it has issued will be turned away.",
        "It can be put back until the program ends.",
    ]
    assert len(dev_vault.entries()) == 3
    monkeypatch.setattr(dialogs, "confirm_delete", Asked(answer=True))
    with qtbot.waitSignal(page.changed):
        page.details.delete.click()
    qtbot.waitUntil(lambda: names(page) == ["dev-client", "dev-server"])
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-client"
    assert page.notice.text == "Deleted dev-ca."


def test_a_deleted_certificate_without_key_can_be_put_back(
    vault: Vault, dev: DevIdentities, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("their-ca", dev.ca.chain, extra=dev.client.chain[:1], trust_clients=True)
    before = vault.get("their-ca")
    page = open_page()
    asked = Asked(answer=True)
    monkeypatch.setattr(dialogs, "confirm_delete", asked)
    page.list.choose("their-ca")
    with qtbot.waitSignal(page.changed):
        page.deeds.delete_current()
    assert asked.consequences[-1] == "It can be put back until the program ends."
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert page.notice.text == "Deleted their-ca."
    with qtbot.waitSignal(page.changed):
        button(page, "notice_action").click()
    after = vault.get("their-ca")
    assert (after.chain, after.extra, after.trust_clients) == (before.chain, before.extra, True)
    qtbot.waitUntil(lambda: names(page) == ["their-ca"])


def test_trust_is_kept_at_once(dev_vault: Vault, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.list.choose("dev-ca")
    assert page.details.trust.isVisible()
    assert page.details.trust.isChecked()
    with qtbot.waitSignal(page.changed):
        page.details.trust.click()
    assert dev_vault.trusted_client_cas() == ()
    qtbot.waitUntil(lambda: page.list.current is not None and not page.list.current.entry.trust_clients)
    with qtbot.waitSignal(page.changed):
        page.details.trust.click()
    assert len(dev_vault.trusted_client_cas()) == 1


def test_a_change_that_fails_is_told_where_it_was_made(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.list.choose("dev-ca")
    dev_vault.remove("dev-ca")  # as another process does
    page.details.trust.click()
    qtbot.waitUntil(lambda: page.notice.isVisible())
    assert page.notice.text.startswith("The vault has no dev-ca.")
    qtbot.waitUntil(lambda: names(page) == ["dev-client", "dev-server"])


def test_the_ca_is_saved_for_the_other_side(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = open_page()
    suggested: list[str] = []

    def choose(parent: QWidget, title: str, name: str) -> Path:
        suggested.append(name)
        return tmp_path / name

    monkeypatch.setattr(dialogs, "choose_destination", choose)
    page.list.choose("dev-server")
    with qtbot.waitSignal(page.message):
        page.details.save_ca.click()
    assert suggested == ["dev-ca.pem"]
    file = tmp_path / "dev-ca.pem"
    assert file.read_text() == pem(dev_vault.get("dev-ca").leaf)
    command = ["openssl", "x509", "-in", str(file), "-noout", "-subject"]
    assert "dev-ca" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "PRIVATE" not in file.read_text()


def test_a_ca_that_can_not_be_written_is_told(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = open_page()
    nowhere = tmp_path / "missing" / "ca.pem"
    monkeypatch.setattr(dialogs, "choose_destination", lambda *_: nowhere)
    page.list.choose("dev-ca")
    page.deeds.save_ca()
    qtbot.waitUntil(lambda: page.notice.isVisible())
    assert page.notice.text.startswith(f"Can't write {nowhere}")


def test_a_damaged_vault_is_told_and_can_be_tried_again(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    whole = dev_vault.path.read_bytes()
    dev_vault.path.write_bytes(b"{")
    page = open_page()
    assert page.fault.isVisible()
    assert any("is damaged" in label.text() for label in page.fault.findChildren(QLabel))
    page.show_import([])
    assert page.notice.isVisible()
    assert page.findChild(ImportDialog) is None
    dev_vault.path.write_bytes(whole)
    page.fault.actions_row[0].click()
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert not page.fault.isVisible()


def test_the_good_copy_of_a_damaged_vault_is_put_back(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    dev_vault.path.write_bytes(b"{")
    page = open_page()
    put_back = page.fault.actions_row[1]
    assert put_back.isVisible()
    put_back.click()
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert dev_vault.path.with_name("vault.json.damaged").read_bytes() == b"{"
    dev_vault.path.with_name("vault.json.bak").unlink()
    dev_vault.path.write_bytes(b"{")
    page.refresh()
    qtbot.waitUntil(page.fault.isVisible)
    assert not put_back.isVisible()  # there is no copy to put back


def test_reading_anew_keeps_what_is_looked_at(
    dev_vault: Vault, dev: DevIdentities, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.list.choose("dev-server")
    page.details.chain.choose(1)
    dev_vault.add("aaa", dev.client.chain, dev.client.key)
    page.refresh()
    qtbot.waitUntil(lambda: len(names(page)) == 4)
    assert page.list.current is not None
    assert page.list.current.entry.name == "dev-server"
    assert page.details.chain.place == 1


def test_the_head_counts_what_needs_a_look(
    dev_vault: Vault, lasting: Callable[[str, timedelta], Identity], open_page: OpenPage
) -> None:
    for name, left in (
        ("soon", timedelta(days=5)),
        ("month", timedelta(days=20)),
        ("old", -timedelta(days=1)),
    ):
        made = lasting(name, left)
        dev_vault.add(name, made.chain, made.key)
    page = open_page()
    assert page.head.summary.text() == "6 in the vault  ·  2 expired or about to  ·  1 expires within 30 days"


def test_the_menu_offers_what_fits(dev_vault: Vault, dev: DevIdentities, open_page: OpenPage) -> None:
    dev_vault.add("leaf-only", dev.client.chain[:1])
    page = open_page()

    def offered() -> list[str]:
        menu = page.menu()
        texts = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
        menu.deleteLater()
        return texts

    page.list.choose("dev-ca")
    assert offered() == [
        "Copy as PEM",
        "Copy the SHA-256 fingerprint",
        "Save CA for the other side…",
        "Trust for clients",
        "Renew…",
        "Replace…",
        "Delete…",
    ]
    page.list.choose("leaf-only")
    assert offered() == ["Copy as PEM", "Copy the SHA-256 fingerprint", "Replace…", "Delete…"]


def test_files_dropped_on_the_page_are_to_be_imported(
    open_page: OpenPage, dev: DevIdentities, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page()
    file = tmp_path / "brand.pem"
    file.write_text(pem(dev.ca.leaf))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.com/x.pem")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    dialog = page.findChild(ImportDialog)
    assert dialog is not None
    assert dialog.files.paths == (file,)
    qtbot.waitUntil(lambda: dialog.read_as is not None)
    dialog.reject()


def test_text_dropped_on_the_page_is_not_taken(open_page: OpenPage) -> None:
    page = open_page()
    data = QMimeData()
    data.setText("no file")
    enter = QDragEnterEvent(
        QPointF(9, 9).toPoint(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    page.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_list_and_details_stand_side_by_side_where_there_is_room(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()

    def side_by_side() -> bool:
        return page.details.mapTo(page, page.details.rect().topLeft()).x() > page.list.x() + 100

    assert side_by_side()
    page.resize(620, 600)
    qtbot.waitUntil(lambda: not side_by_side())
    assert page.width() == 620
    page.resize(1332, 730)
    qtbot.waitUntil(side_by_side)


def test_copying_from_the_list_never_gives_a_key_away(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.list.choose("dev-client")
    with qtbot.waitSignal(page.message) as said:
        QTest.keyClick(page.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert said.args == ["Copied the certificate of dev-client as PEM."]
    assert QGuiApplication.clipboard().text() == pem(dev_vault.get("dev-client").leaf)


def test_enter_goes_to_the_details_and_esc_back_before_the_window_takes_it(
    dev_vault: Vault, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    of_the_window: list[bool] = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
    shortcut.activated.connect(lambda: of_the_window.append(True))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.details.tabs.tabBar().hasFocus()
    QTest.keyClick(page.details.tabs.tabBar(), Qt.Key.Key_Escape)
    assert page.list.hasFocus()
    assert of_the_window == []
    QTest.keyClick(page.list, Qt.Key.Key_Escape)
    assert of_the_window == [True]


@pytest.mark.parametrize("yes", [True, False])
def test_the_question_before_deleting(qtbot: QtBot, yes: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = dialogs.ConfirmDialog(parent, "Delete “dev-ca”?", ["Its key goes."], "Delete")
    buttons = {one.text(): one for one in dialog.findChildren(QPushButton)}
    assert buttons["Cancel"].isDefault()
    with qtbot.waitSignal(dialog.finished) as closed:
        buttons["Delete" if yes else "Cancel"].click()
    assert closed.args == [1 if yes else 0]
