"""The sheet: what is typed is taken, what is wrong is said at its place, and everything is reached by the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities
from inspector.errors import UsageError
from inspector.sender.request import FROM_ENVIRONMENT, SendRequest, TrustKind
from inspector.ui.composer.composer import Composer
from inspector.ui.listener_settings.form import choose
from inspector.ui.target_settings import questions
from inspector.ui.target_settings.sheet import TargetSheet
from tests.sender.conftest import Nginx, ToFiles
from tests.ui.composing import IGNORED, LONG, child

pytestmark = IGNORED

URL = "https://proxy.example/push"


@pytest.fixture
def sheet(composer: Composer) -> TargetSheet:
    composer.set_target(URL)
    composer.form.buttons.settings.click()
    return composer.form.settings.sheet


def type_into(sheet: TargetSheet, name: str, text: str) -> None:
    field = child(sheet, QLineEdit, f"composer_target_{name}")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def pick(sheet: TargetSheet, name: str, key: object) -> None:
    combo = child(sheet, QComboBox, f"composer_target_{name}")
    choose(combo, key)
    combo.activated.emit(combo.currentIndex())


def test_as_it_is_nothing_differs(composer: Composer, sheet: TargetSheet) -> None:
    assert composer.form.request() == SendRequest(URL, identity="dev-client")
    assert composer.form.target_line.isHidden()
    assert composer.form.buttons.settings.text() == ""
    assert "all as usual" in composer.form.buttons.settings.toolTip()


def test_everything_that_is_set_is_sent_with(composer: Composer, sheet: TargetSheet) -> None:
    pick(sheet, "trust", TrustKind.PIN)
    type_into(sheet, "pin", "AB:" * 31 + "AB")
    pick(sheet, "tls_min", "1.3")
    type_into(sheet, "connect_timeout", "2,5")
    type_into(sheet, "timeout", "7")
    pick(sheet, "proxy", "this")
    type_into(sheet, "proxy_url", "proxy.example:3128")
    type_into(sheet, "proxy_user", "me")
    type_into(sheet, "proxy_password", "p1")
    type_into(sheet, "basic_user", "lp")
    type_into(sheet, "basic_password", "p2")
    child(sheet, QPushButton, "composer_target_header_add").click()
    type_into(sheet, "header_name_1", "X-Api-Key")
    type_into(sheet, "header_value_1", "k1")
    # The field last typed into still has the cursor: what is in it counts all the same.
    assert composer.form.request() == SendRequest(
        URL,
        identity="dev-client",
        trust=TrustKind.PIN,
        pin="ab" * 32,
        tls_min="1.3",
        timeout=7.0,
        connect_timeout=2.5,
        proxy="proxy.example:3128",
        proxy_user="me",
        proxy_password="p1",
        basic_user="lp",
        basic_password="p2",
        headers=(("X-Api-Key", "k1"),),
        secret_headers=("X-Api-Key",),
    )
    line = composer.form.target_line.words.text()
    assert line.startswith(
        "pinned · TLS 1.3 only · connect 2.5 s · answer 7 s · via proxy.example:3128 · Basic as lp"
    )
    assert composer.form.buttons.settings.text() == "7"
    assert "p2" not in composer.form.buttons.settings.toolTip()
    child(sheet, QPushButton, "composer_target_reset").click()
    assert composer.form.request() == SendRequest(URL, identity="dev-client")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("timeout", "soon", "number of seconds"),
        ("connect_timeout", "-1", "number of seconds"),
        ("basic_user", "a:b", "colon"),
        ("header_name_1", "no such", "letters, digits and hyphens"),
        ("header_value_1", "x", "write its name"),
    ],
)
def test_what_is_wrong_is_said_there_and_nothing_is_sent(
    composer: Composer, sheet: TargetSheet, name: str, text: str, words: str
) -> None:
    child(sheet, QPushButton, "composer_target_header_add").click()
    type_into(sheet, name, text)
    with pytest.raises(UsageError) as raised:
        composer.form.request()
    assert words in raised.value.message
    faults = [row.fault for block in sheet.blocks for row in block.places.values() if row.fault]
    assert len(faults) == 1
    said: list[str] = []
    composer.message.connect(said.append)
    composer.send()
    assert said
    assert said[0].startswith("Not sent. The target’s settings are not right")
    assert not composer.sending.dispatch.running
    assert child(sheet, QLineEdit, f"composer_target_{name}").text() == text, "nothing typed is lost"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "No certificate is pinned"), ("abc", "SHA-256"), ("g" * 64, "hex")],
)
def test_a_pin_has_to_be_one(composer: Composer, sheet: TargetSheet, text: str, words: str) -> None:
    pick(sheet, "trust", TrustKind.PIN)
    assert not sheet.trust.places["pin"].fault, "nobody had the time to type it"
    type_into(sheet, "pin", text)
    with pytest.raises(UsageError) as raised:
        composer.form.request()
    assert words in raised.value.message


@pytest.mark.parametrize(
    "proxy",
    ["socks5://h:1", "http://user:pw@h:1", "h:99999", "http://"],
    ids=["socks", "user", "port", "empty"],
)
def test_a_proxy_has_to_be_one(composer: Composer, sheet: TargetSheet, proxy: str) -> None:
    pick(sheet, "proxy", "this")
    type_into(sheet, "proxy_url", proxy)
    with pytest.raises(UsageError):
        composer.form.request()
    assert sheet.proxy.places["url"].fault
    assert "--" not in sheet.proxy.places["url"].fault
    pick(sheet, "proxy", FROM_ENVIRONMENT)
    assert composer.form.request().proxy == FROM_ENVIRONMENT


def test_tls_versions_are_in_order(composer: Composer, sheet: TargetSheet) -> None:
    pick(sheet, "tls_max", "1.2")
    pick(sheet, "tls_min", "1.3")
    assert "no later" in sheet.tls.places["tls"].fault
    pick(sheet, "tls_min", "1.2")
    assert composer.form.request().tls_max == "1.2"


def test_nothing_checked_has_a_red_mark(composer: Composer, sheet: TargetSheet) -> None:
    pick(sheet, "trust", TrustKind.NOTHING)
    assert composer.form.target_line.unchecked.isVisible()
    assert sheet.trust.places["unchecked"].shown
    assert composer.form.target_line.accessibleName().startswith("Not checked")
    pick(sheet, "trust", TrustKind.USUAL)
    assert composer.form.target_line.isHidden()


def test_ca_files_are_chosen_and_taken_out(
    composer: Composer, sheet: TargetSheet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    monkeypatch.setattr(questions, "choose_ca_files", lambda _parent: [file])
    pick(sheet, "trust", TrustKind.FILES)
    with pytest.raises(UsageError, match="No CA file"):
        composer.form.request()
    child(sheet, QPushButton, "composer_target_ca_add").click()
    assert composer.form.request().ca_files == (file,)
    assert composer.form.target_line.words.text() == "1 CA file"
    remove = next(
        one
        for one in sheet.findChildren(QToolButton)
        if one.toolTip() == "Take out" and "ca.pem" in one.accessibleName()
    )
    remove.click()
    with pytest.raises(UsageError, match="No CA file"):
        composer.form.request()


def test_the_certificate_in_a_file_is_pinned(
    composer: Composer,
    sheet: TargetSheet,
    monkeypatch: pytest.MonkeyPatch,
    to_files: ToFiles,
    dev: DevIdentities,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    file = to_files(dev.server).cert
    monkeypatch.setattr(questions, "choose_pinned_file", lambda _parent: file)
    pick(sheet, "trust", TrustKind.PIN)
    with qtbot.waitSignal(composer.form.settings.keeper.pinned, timeout=LONG):
        child(sheet, QPushButton, "composer_target_pin_file").click()
    assert composer.form.request().pin == fingerprint(dev.server.leaf)
    odd = tmp_path / "odd.pem"
    odd.write_text("nothing")
    monkeypatch.setattr(questions, "choose_pinned_file", lambda _parent: odd)
    with qtbot.waitSignal(composer.form.settings.keeper.unpinned, timeout=LONG):
        child(sheet, QPushButton, "composer_target_pin_file").click()
    assert "odd.pem" in sheet.trust.places["pin"].fault


def test_what_the_server_presents_is_pinned(
    composer: Composer, sheet: TargetSheet, nginx: Nginx, dev: DevIdentities, qtbot: QtBot
) -> None:
    composer.set_target(f"https://localhost:{nginx.required}/")
    pick(sheet, "trust", TrustKind.PIN)
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG):
        child(sheet, QPushButton, "composer_target_pin_presented").click()
    request = composer.form.request()
    assert request.trust is TrustKind.PIN
    assert request.pin == fingerprint(dev.server.leaf)
    assert child(sheet, QLineEdit, "composer_target_pin").text() == request.pin


def test_headers_are_judged_as_they_are_typed_and_told_not_blocked(
    composer: Composer, sheet: TargetSheet
) -> None:
    child(sheet, QPushButton, "composer_target_header_add").click()
    type_into(sheet, "header_name_1", "X-A-Name-Of-Many-More-Letters")
    assert "24" in sheet.headers.warning.message.text()
    type_into(sheet, "header_value_1", "two words")
    assert "does not take" in sheet.headers.warning.message.text()
    assert "two words" not in sheet.headers.warning.message.text()
    assert composer.form.request().headers == (("X-A-Name-Of-Many-More-Letters", "two words"),)
    type_into(sheet, "header_name_1", "X-Short")
    type_into(sheet, "header_value_1", "fine-$&@.#*")
    assert sheet.headers.warning.isHidden()


def test_up_to_four_headers_secret_or_not(composer: Composer, sheet: TargetSheet) -> None:
    add = child(sheet, QPushButton, "composer_target_header_add")
    for number in range(1, 5):
        assert add.isVisible()
        add.click()
        type_into(sheet, f"header_name_{number}", f"X-{number}")
        type_into(sheet, f"header_value_{number}", f"v{number}")
    assert add.isHidden()
    value = child(sheet, QLineEdit, "composer_target_header_value_2")
    assert value.echoMode() == QLineEdit.EchoMode.Password
    child(sheet, QToolButton, "composer_target_header_secret_2").click()
    assert value.echoMode() == QLineEdit.EchoMode.Normal
    child(sheet, QToolButton, "composer_target_header_clear_1").click()
    request = composer.form.request()
    assert request.headers == (("X-2", "v2"), ("X-3", "v3"), ("X-4", "v4"))
    assert request.secret_headers == ("X-3", "X-4")
    type_into(sheet, "header_name_3", "x-2")
    with pytest.raises(UsageError, match="twice"):
        composer.form.request()


def test_an_eye_shows_and_hides(composer: Composer, sheet: TargetSheet) -> None:
    type_into(sheet, "basic_user", "lp")
    field = child(sheet, QLineEdit, "composer_target_basic_password")
    eye = child(sheet, QToolButton, "composer_target_basic_password_eye")
    assert field.echoMode() == QLineEdit.EchoMode.Password
    eye.click()
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    assert eye.accessibleName() == "Hide: password for Basic"
    eye.click()
    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_the_keyboard_walks_through_all_of_it(composer: Composer, qtbot: QtBot) -> None:
    composer.set_target(URL)
    composer.activateWindow()
    composer.form.target.setFocus()
    qtbot.waitUntil(composer.form.target.hasFocus)
    QTest.keyClick(composer, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    sheet = composer.form.settings.sheet
    qtbot.waitUntil(sheet.isVisible)
    sheet.proxy.kind.setCurrentIndex(1)
    sheet.proxy.kind.activated.emit(1)
    type_into(sheet, "basic_user", "lp")
    sheet.trust.kind.setFocus()
    qtbot.waitUntil(sheet.trust.kind.hasFocus)
    seen = []
    for _ in range(24):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName() or getattr(focused, "text", str)(), focused.objectName()
        seen.append(focused.objectName().removeprefix("composer_"))
        if seen[-1] == "identity":
            break
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == [
        "target_trust", "target_tls_min", "target_tls_max", "target_connect_timeout", "target_timeout", "target_proxy",
        "target_proxy_url", "target_proxy_user", "target_proxy_password", "target_proxy_password_eye",
        "target_basic_user", "target_basic_password", "target_basic_password_eye", "target_header_add",
        "target_name", "target_reset", "identity",
    ]  # fmt: skip
    QTest.keyClick(composer.form.identity, Qt.Key.Key_Backtab)
    assert sheet.naming.reset.hasFocus()
    composer.form.buttons.check.setFocus()
    QTest.keyClick(composer.form.buttons.check, Qt.Key.Key_Tab)
    assert sheet.trust.kind.hasFocus()
    QTest.keyClick(sheet.trust.kind, Qt.Key.Key_Backtab)
    assert composer.form.buttons.check.hasFocus()
    sheet.trust.kind.setFocus()
    QTest.keyClick(sheet.trust.kind, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    assert composer.form.buttons.settings.hasFocus()
    QTest.keyClick(composer.form.buttons.settings, Qt.Key.Key_Space)
    assert sheet.isVisible()


@pytest.mark.parametrize("width", [340, 480, 640])
def test_nothing_is_wider_than_the_pane(composer: Composer, sheet: TargetSheet, width: int) -> None:
    composer.form.settings.state.load(
        SendRequest(
            "", trust=TrustKind.PIN, pin="ab" * 32, proxy="h:1", basic_user="u", headers=(("X-A", "b c"),)
        )
    )
    composer.resize(width, 900)
    QApplication.processEvents()
    inner = sheet.area.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= width
    for block in sheet.blocks:
        for row in block.places.values():
            if row.shown:
                right = row.control.mapTo(inner, row.control.rect().topRight()).x()
                assert right <= sheet.area.viewport().width()


def test_a_low_sheet_scrolls_instead_of_pushing_its_rows_together(
    composer: Composer, sheet: TargetSheet, qtbot: QtBot
) -> None:
    composer.resize(600, 480)
    connect = child(sheet, QLineEdit, "composer_target_connect_timeout")
    answer = child(sheet, QLineEdit, "composer_target_timeout")

    def settled() -> bool:
        return sheet.area.viewport().height() < 200 and sheet.area.verticalScrollBar().maximum() > 0

    qtbot.waitUntil(settled, timeout=LONG)
    top = answer.mapTo(sheet, QPoint(0, 0)).y()
    assert top >= connect.mapTo(sheet, QPoint(0, connect.height())).y()
    row = answer.parentWidget()
    assert row is not None
    assert row.height() >= answer.height()
