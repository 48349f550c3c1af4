"""The check of a connection in the window, against nginx, `openssl s_server` and nobody: what is shown, said and
offered."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from inspector.certificates import mint
from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities
from inspector.sender.connection_check import StepState
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.composer.composer import Composer
from inspector.ui.connection_check.chain_rows import ChainRows
from inspector.ui.connection_check.checking import fitting_identities
from inspector.ui.connection_check.step_row import StepRow
from inspector.workbench import DEV_CLIENT, Workbench
from tests.sender.conftest import Nginx, OpensslServer, Serve, ToFiles
from tests.ui.composing import IGNORED, LONG, check, child

pytestmark = IGNORED


def row(composer: Composer, key: str) -> StepRow:
    found = composer.check.row(key)
    assert found is not None, key
    return found


def offered(step: StepRow) -> list[str]:
    return [button.text() for button in step.findChildren(QPushButton)]


def test_all_goes_well(composer: Composer, nginx: Nginx, qtbot: QtBot) -> None:
    checked = check(composer, qtbot, f"https://localhost:{nginx.required}/push")
    assert composer.check.isVisible()
    assert composer.result.isHidden()
    assert composer.check.headline.startswith("A push would get through · ")
    assert [one.step.key for one in composer.check.rows] == [step.key for step in checked.check.steps]
    assert not any(one.unfolded for one in composer.check.rows)
    ours = row(composer, "client_certificate")
    assert "dev-client was sent" in ours.step.headline
    ours.caret.click()
    assert ours.unfolded
    row(composer, "chain").caret.click()
    chain = row(composer, "chain").findChild(ChainRows)
    assert chain is not None
    assert "dev-server" in chain.text()
    assert composer.form.target.recent[0] == checked.request.url
    child(composer.check, QToolButton, "composer_check_copy").click()
    copied = QGuiApplication.clipboard().text()
    assert "Our certificate: ok. The server asks for a client certificate; dev-client was sent." in copied
    assert "Expiry: ok." in composer.check.accessibleDescription()


def test_without_an_identity_one_that_fits_is_offered(composer: Composer, nginx: Nginx, qtbot: QtBot) -> None:
    composer.set_identity("")
    check(composer, qtbot, f"https://localhost:{nginx.required_12}/")
    ours = row(composer, "client_certificate")
    assert ours.step.state is not StepState.OK
    assert offered(ours) == ["Use dev-client", "Choose another identity"]
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        child(ours, QPushButton, "composer_check_use").click()
    assert composer.form.identity.name == DEV_CLIENT
    assert row(composer, "client_certificate").step.state is StepState.OK


def test_identities_fit_by_the_names_of_their_issuers(workbench: Workbench, dev: DevIdentities) -> None:
    other = mint.make_ca("other-ca")
    stranger = mint.issue(other, "stranger", purposes=("client",))
    workbench.vault.add("stranger", stranger.chain, stranger.key)
    from inspector.certificates.describe import describe

    issuer = describe(dev.client.leaf).issuer
    assert fitting_identities(workbench, (issuer,)) == (DEV_CLIENT,)
    assert fitting_identities(workbench, (describe(stranger.leaf).issuer, issuer)) == (DEV_CLIENT, "stranger")
    assert fitting_identities(workbench, ()) == ()


@pytest.fixture
def stranger(openssl_server: OpensslServer, to_files: ToFiles) -> str:
    """A server that the vault knows nothing of, with its CA in its chain."""
    ca = mint.make_ca("other-ca")
    files = to_files(mint.issue(ca, "stranger", purposes=("server",), names=("localhost",)))
    port = openssl_server(files, "-cert_chain", files.ca, "-tls1_3")
    return f"https://localhost:{port}/"


def test_who_is_not_trusted_can_be(
    composer: Composer, stranger: str, workbench: Workbench, qtbot: QtBot
) -> None:
    check(composer, qtbot, stranger)
    assert composer.check.headline.startswith("No push would get through")
    trust = row(composer, "trust")
    assert trust.unfolded
    assert offered(trust) == ["Trust this issuer", "Pin this certificate"]
    assert "--" not in composer.check.text()
    with qtbot.waitSignals([composer.vault_changed, composer.check_desk.checking.checked], timeout=LONG):
        child(trust, QPushButton, "composer_check_trust").click()
    assert row(composer, "trust").step.state is StepState.OK
    entry = workbench.vault.get("other-ca")
    assert not entry.trust_clients, "to trust a server is not to let clients in"
    assert composer.check.headline.startswith("A push would get through")


def test_who_is_not_trusted_can_be_pinned(composer: Composer, stranger: str, qtbot: QtBot) -> None:
    checked = check(composer, qtbot, stranger)
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        child(row(composer, "trust"), QPushButton, "composer_check_pin").click()
    assert row(composer, "trust").step.state is StepState.OK
    request = composer.form.request()
    assert request.trust is TrustKind.PIN
    assert request.pin == checked.check.chain[0].fingerprint_sha256
    assert composer.form.target_line.words.text() == "pinned"


def test_another_certificate_than_the_pinned_one(
    composer: Composer, nginx: Nginx, dev: DevIdentities, qtbot: QtBot
) -> None:
    composer.form.settings.state.load(SendRequest("", trust=TrustKind.PIN, pin="ab" * 32))
    check(composer, qtbot, f"https://localhost:{nginx.required}/")
    trust = row(composer, "trust")
    assert trust.step.state is StepState.FAILED
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        child(trust, QPushButton, "composer_check_pin").click()
    assert composer.form.request().pin == fingerprint(dev.server.leaf)


def test_a_refusal_by_tls_1_3_is_told(
    composer: Composer, openssl_server: OpensslServer, to_files: ToFiles, dev: DevIdentities, qtbot: QtBot
) -> None:
    other = to_files(mint.make_ca("other-ca"))
    port = openssl_server(
        to_files(dev.server), "-Verify", "2", "-CAfile", other.ca, "-verify_return_error", "-tls1_3"
    )
    check(composer, qtbot, f"https://localhost:{port}/")
    refused = row(composer, "acceptance")
    assert refused.step.state is StepState.FAILED
    assert "unknown_ca" in composer.check.text()
    assert "Choose an identity" in [
        *offered(refused), *offered(row(composer, "client_certificate"))
    ]  # fmt: skip
    assert composer.check.first_to_look_at is refused


def test_nobody_listens(composer: Composer, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    check(composer, qtbot, f"https://127.0.0.1:{port}/")
    connect = row(composer, "connect")
    assert connect.step.state is StepState.FAILED
    assert row(composer, "tls").step.state is StepState.SKIPPED
    child(connect, QPushButton, "composer_check_address").click()
    assert composer.form.target.hasFocus() or not composer.isActiveWindow()


def test_it_can_be_given_up(composer: Composer, serve: Serve, qtbot: QtBot) -> None:
    def silent(sock: socket.socket) -> None:
        while sock.recv(4096):
            pass

    composer.set_target(f"https://127.0.0.1:{serve(silent)}/")
    button = composer.form.buttons.check
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        button.click()
        assert button.accessibleName() == "Cancel the check"
        button.click()
    assert button.accessibleName() == "Check connection"
    assert composer.check.headline.startswith("Check cancelled")


def test_what_can_t_be_checked_is_told(composer: Composer, qtbot: QtBot) -> None:
    composer.set_identity("gone")
    composer.set_target("https://127.0.0.1:1/")
    with qtbot.waitSignal(composer.check_desk.checking.failed, timeout=LONG):
        composer.form.buttons.check.click()
    assert composer.check.headline == "Not checked"
    assert "gone" in composer.check.text()
    said: list[str] = []
    composer.message.connect(said.append)
    composer.set_target("ftp://nothing")
    composer.form.buttons.check.click()
    assert said
    assert said[0].startswith("Not checked.")


def test_a_send_takes_the_place_of_the_check(composer: Composer, nginx: Nginx, qtbot: QtBot) -> None:
    check(composer, qtbot, f"https://localhost:{nginx.required}/")
    with qtbot.waitSignal(composer.sent, timeout=LONG):
        composer.send()
    assert composer.result.isVisible()
    assert composer.check.isHidden()


def test_closing_down_during_a_check_ends_it(composer: Composer, serve: Serve) -> None:
    def silent(sock: socket.socket) -> None:
        while sock.recv(4096):
            pass

    composer.set_target(f"https://127.0.0.1:{serve(silent)}/")
    composer.form.buttons.check.click()
    composer.close_down()
    assert not composer.check_desk.checking.running


def test_by_the_keyboard(composer: Composer, stranger: str, qtbot: QtBot) -> None:
    composer.activateWindow()
    composer.form.target.setFocus()
    qtbot.waitUntil(composer.form.target.hasFocus)
    composer.set_target(stranger)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        QTest.keyClick(composer.form.target, Qt.Key.Key_Return, keys)
    first = composer.check.rows[0]
    first.caret.setFocus()
    QTest.keyClick(first.caret, Qt.Key.Key_Space)
    assert first.unfolded
    seen = []
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted = [
        "composer_check_resolve",
        "composer_check_connect",
        "composer_check_trust",
        "composer_check_pin",
    ]
    assert [name for name in seen if name in wanted and name != "composer_check_trust"] == [
        name for name in wanted if name != "composer_check_trust"
    ]


@pytest.mark.parametrize("width", [340, 480, 640])
def test_nothing_is_wider_than_the_pane(composer: Composer, stranger: str, qtbot: QtBot, width: int) -> None:
    composer.resize(640, 900)
    checked = check(composer, qtbot, stranger)
    composer.check.show_check(
        replace(checked, fitting=("a-name-of-some-length", "another-name-of-length", "third"))
    )
    for one in composer.check.rows:
        one.caret.setChecked(one.caret.isEnabled())
    composer.resize(width, 900)
    qtbot.waitUntil(lambda: composer.check.width() <= width)

    def ends() -> list[int]:
        inside = [*composer.check.rows, *composer.check.findChildren(QPushButton)]
        return [one.mapTo(composer, one.rect().topRight()).x() for one in inside]

    qtbot.waitUntil(lambda: max(ends()) <= width)
