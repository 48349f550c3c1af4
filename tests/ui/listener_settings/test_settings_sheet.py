"""The sheet by hand: its fields, what is wrong in them, keys, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from inspector.home import Home
from inspector.listen_request import KEPT, ForwardRequest, ListenRequest
from inspector.listener.config import Limits
from inspector.profile import load, save
from inspector.ui.listener_settings import questions
from tests.ui.listener_settings.desk import Desk

HEX = "ab" * 32


def choose(desk: Desk, name: str, key: object) -> None:
    """Choose an entry of a combo as a person does."""
    combo = desk.find(QComboBox, name)
    combo.setCurrentIndex(combo.findData(key))
    combo.activated.emit(combo.currentIndex())


def type_into(desk: Desk, name: str, text: str) -> QLineEdit:
    edit = desk.find(QLineEdit, name)
    edit.setFocus()
    edit.selectAll()
    desk.qtbot.keyClicks(edit, text)
    desk.qtbot.keyClick(edit, Qt.Key.Key_Return)
    return edit


def unfold(desk: Desk) -> None:
    for section in desk.open().sections:
        section.set_open(True)


def state(desk: Desk) -> str:
    return desk.find(QLabel, "settings_state").text()


def test_the_sheet_is_built_when_it_is_first_opened(desk: Desk) -> None:
    assert desk.window.findChild(QWidget, "listener_settings") is None
    desk.qtbot.mouseClick(desk.find(QToolButton, "listener_settings_button"), Qt.MouseButton.LeftButton)
    assert desk.find(QWidget, "listener_settings").isVisible()
    assert QApplication.focusWidget() is desk.find(QComboBox, "settings_reach")


def test_it_opens_and_closes_with_keys_and_gives_the_focus_back(desk: Desk) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.window.toolbar.filter.setFocus()
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_L, both)
    assert desk.sheet.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    desk.qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert not desk.sheet.isVisible()
    assert QApplication.focusWidget() is desk.window.toolbar.filter
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_L, both)
    assert desk.sheet.isVisible()
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_L, both)
    assert not desk.sheet.isVisible()


@pytest.mark.parametrize("width", [900, 1024, 1440])
def test_it_stands_between_toolbar_and_status_line(desk: Desk, width: int) -> None:
    desk.window.resize(width, 700)
    sheet = desk.open()
    desk.window.resize(width, 690)
    area = desk.window.centralWidget()
    assert area is not None
    assert sheet.geometry().right() == area.width() - 1
    assert sheet.y() == desk.window.toolbar.height()
    assert sheet.geometry().bottom() < desk.window.status_line.y()
    unfold(desk)
    QApplication.processEvents()
    inner = sheet._inner
    for child in inner.findChildren(QWidget):
        if child.isVisible():
            assert child.mapTo(inner, child.rect().bottomRight()).x() <= inner.width(), child.objectName()


def test_tab_goes_through_every_field_from_top_to_bottom_and_round(desk: Desk) -> None:
    desk.listen()
    unfold(desk)
    desk.window.setup.change(client_subjects=("CN=a",), lenient=True)
    desk.until(lambda: desk.find(QCheckBox, "settings_ca_dev-ca").isVisible())
    first = QApplication.focusWidget()
    assert first is not None
    met, spots = [first], []
    for _ in range(200):
        focus = QApplication.focusWidget()
        assert focus is not None
        desk.qtbot.keyClick(focus, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now is first:
            break
        met.append(now)
    assert QApplication.focusWidget() is first
    assert desk.find(QCheckBox, "settings_ca_dev-ca") in met
    assert desk.find(QPushButton, "settings_usual_limits") not in met  # all are as usual: nothing to do
    inner = desk.sheet._inner
    spots = [widget.mapTo(inner, widget.rect().topLeft()).y() for widget in met if inner.isAncestorOf(widget)]
    places = spots[spots.index(min(spots)) :] + spots[: spots.index(min(spots))]
    assert places == sorted(places)
    desk.qtbot.keyClick(first, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is met[-1]


def test_everything_has_a_name(desk: Desk) -> None:
    desk.listen()
    unfold(desk)
    desk.window.setup.change(
        auth="mtls+basic", basic_user="u", basic_password="p", forward=ForwardRequest("https://a.example/"),
        certificate_header="X-Cert", key_log=desk.window.workbench.home.data / "keys.log",
        client_subjects=("CN=a",), client_fingerprints=(HEX,),
    )  # fmt: skip
    for child in desk.sheet.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible():
            words = child.text() if isinstance(child, QAbstractButton) else ""
            assert child.accessibleName() or words, f"{type(child).__name__} {child.objectName()}"


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_applied(desk: Desk) -> None:
    desk.open()
    before = desk.wanted()
    edit = type_into(desk, "settings_port", "84430")
    assert edit.property("state") == "bad"
    assert "65,535" in edit.accessibleDescription()
    assert state(desk) == "Nothing is applied yet: one field is not right."
    assert desk.wanted() == before
    desk.find(QCheckBox, "settings_lenient").click()
    assert desk.wanted() == before
    desk.sheet.dismiss()
    desk.open()
    assert edit.text() == "84430"
    desk.find(QPushButton, "settings_act").click()
    assert QApplication.focusWidget() is edit
    type_into(desk, "settings_port", "8444")
    assert edit.property("state") == ""
    assert desk.wanted().port == 8444
    assert desk.wanted().lenient
    assert desk.window.toolbar.address.text() == "127.0.0.1:8444"


def test_what_is_typed_stays_when_something_else_changes(desk: Desk) -> None:
    unfold(desk)
    edit = type_into(desk, "settings_fingerprint", "ab:cd")
    desk.window.toolbar.set_answer("503")
    assert desk.wanted().status == 503
    assert edit.text() == "ab:cd"
    assert desk.sheet.sections[2].places["fingerprints"].fault


def test_a_password_is_asked_for_where_it_is_wanted_and_kept_in_the_vault(
    desk: Desk, make_desk: Callable[[], Desk], home: Home
) -> None:
    desk.open()
    assert not desk.find(QLineEdit, "settings_password").isVisible()
    choose(desk, "settings_auth", "basic")
    assert desk.find(QLineEdit, "settings_password").isVisible()
    assert not desk.find(QCheckBox, "settings_lenient").isVisible()
    assert desk.wanted().auth == "mtls"
    type_into(desk, "settings_user", "pusher")
    assert desk.wanted().auth == "mtls"
    type_into(desk, "settings_password", "open sesame")
    assert desk.wanted().auth == "basic"
    assert desk.chips() == {"auth": "Password only"}
    desk.settle()
    desk.window.close()
    assert "sesame" not in "".join(
        path.read_text("utf-8", "replace") for path in home.data.rglob("*") if path.is_file()
    )
    second = make_desk()
    assert second.wanted().basic_password == KEPT
    second.open()
    password = second.find(QLineEdit, "settings_password")
    assert (password.text(), password.placeholderText()) == ("", "kept in the vault")
    type_into(second, "settings_user", "another")
    assert second.wanted().basic_password == KEPT
    assert second.chips() == {"auth": "Password only"}


def test_lists_take_what_is_right_in_normal_form_and_give_it_back(desk: Desk) -> None:
    unfold(desk)
    type_into(desk, "settings_fingerprint", ":".join(["AB"] * 32))
    type_into(desk, "settings_subject", "CN=push-*,O=Example")
    assert desk.wanted().client_fingerprints == (HEX,)
    assert desk.wanted().client_subjects == ("CN=push-*,O=Example",)
    assert desk.find(QLineEdit, "settings_fingerprint").text() == ""
    type_into(desk, "settings_fingerprint", HEX)
    assert desk.wanted().client_fingerprints == (HEX,)
    out = next(
        button
        for button in desk.sheet.findChildren(QToolButton)
        if button.accessibleName() == f"Take out {HEX}"
    )
    out.click()
    assert desk.wanted().client_fingerprints == ()


def test_expected_headers_with_their_values_kept(desk: Desk, make_desk: Callable[[], Desk]) -> None:
    unfold(desk)
    type_into(desk, "settings_header_name_1", "X-Api-Key")
    value = type_into(desk, "settings_header_value_1", "12345")
    type_into(desk, "settings_header_name_2", "X-Brand")
    assert value.echoMode() is QLineEdit.EchoMode.Password
    assert desk.wanted().expected_headers == (("X-Api-Key", "12345"), ("X-Brand", ""))
    type_into(desk, "settings_header_name_3", "x-api-key")
    assert "twice" in desk.sheet.sections[4].places["header 3"].fault
    type_into(desk, "settings_header_name_3", "X Bad")
    assert "letters, digits" in desk.sheet.sections[4].places["header 3"].fault
    type_into(desk, "settings_header_name_3", "X-Longer-Than-Any-That-They-Send")
    assert "LivePerson takes 24 at most" in desk.sheet.sections[4]._warning.text()  # type: ignore[attr-defined]
    desk.sheet.sections[4]._lines[2].clear.click()  # type: ignore[attr-defined]
    assert not desk.sheet.sections[4]._warning.isVisible()  # type: ignore[attr-defined]
    desk.window.close()
    second = make_desk()
    unfold(second)
    assert second.wanted().expected_headers == (("X-Api-Key", KEPT), ("X-Brand", ""))
    assert second.find(QLineEdit, "settings_header_value_1").placeholderText() == "kept in the vault"
    type_into(second, "settings_header_name_1", "X-Other")
    assert "the one of X-Other" in second.sheet.sections[4].places["header 1"].fault
    type_into(second, "settings_header_value_1", "6789")
    assert second.wanted().expected_headers == (("X-Other", "6789"), ("X-Brand", ""))


def test_forwarding_without_a_check_is_marked_red(desk: Desk) -> None:
    unfold(desk)
    desk.find(QCheckBox, "settings_forward").click()
    assert QApplication.focusWidget() is desk.find(QLineEdit, "settings_forward_url")
    assert desk.wanted().forward is None
    type_into(desk, "settings_forward_url", "ftp://x")
    assert desk.sheet.sections[5].places["forward_url"].fault
    type_into(desk, "settings_forward_url", "proxy.example:8443/push")
    assert desk.wanted().forward == ForwardRequest("https://proxy.example:8443/push")
    warning = desk.sheet.sections[5].places["forward_unchecked"].control
    assert not warning.isVisible()
    choose(desk, "settings_forward_trust", True)
    assert warning.isVisible()
    assert desk.chips() == {"forward": "Forwarding to proxy.example, unchecked"}
    desk.find(QCheckBox, "settings_forward").click()
    assert desk.wanted().forward is None
    desk.find(QCheckBox, "settings_forward").click()
    assert desk.wanted().forward == ForwardRequest("https://proxy.example:8443/push", insecure=True)


def test_plain_http_is_for_loopback_only(desk: Desk) -> None:
    unfold(desk)
    desk.window.setup.change(host="192.168.1.20")
    desk.find(QCheckBox, "settings_plain_http").click()
    assert "192.168.1.20 is none" in desk.sheet.sections[6].places["plain_http"].fault
    assert desk.wanted().certificate_header == ""
    choose(desk, "settings_reach", "127.0.0.1")
    assert desk.wanted().certificate_header == "X-SSL-Client-Cert"
    assert desk.chips() == {"plain_http": "Plain HTTP"}
    choose(desk, "settings_reach", "one")
    type_into(desk, "settings_host", "192.168.1.20")
    assert desk.wanted().host == "127.0.0.1"


def test_limits_go_and_come_back(desk: Desk) -> None:
    unfold(desk)
    type_into(desk, "settings_body_bytes", "4,096")
    type_into(desk, "settings_idle_seconds", "2.5")
    assert desk.wanted().limits == Limits(body_bytes=4096, idle_seconds=2.5)
    type_into(desk, "settings_body_bytes", "0")
    assert desk.sheet.sections[8].places["body_bytes"].fault
    desk.find(QPushButton, "settings_usual_limits").click()
    assert desk.wanted().limits is None
    assert not desk.sheet.sections[8].places["body_bytes"].fault


def test_a_key_log_is_marked_on_every_page_until_it_is_switched_off_there(desk: Desk, home: Home) -> None:
    unfold(desk)
    desk.find(QCheckBox, "settings_key_log").click()
    assert desk.wanted().key_log == home.data / "tls-keys.log"
    assert desk.chips() == {"key_log": "TLS keys will be written to tls-keys.log"}
    type_into(desk, "settings_key_log_file", str(home.data / "nowhere" / "keys.log"))
    assert "no folder" in desk.sheet.sections[7].places["key_log_file"].fault
    type_into(desk, "settings_key_log_file", str(home.data / "keys.log"))
    desk.listen()
    assert desk.chips() == {"key_log": "TLS keys are being written to keys.log"}
    desk.window.show_certificates()
    chip = desk.find(QPushButton, "chip_key_log")
    assert chip.isVisible()
    assert str(home.data / "keys.log") in chip.accessibleDescription()
    desk.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    desk.until(lambda: not desk.chips())
    assert desk.wanted().key_log is None
    assert not desk.find(QCheckBox, "settings_key_log").isChecked()


def test_a_chip_opens_its_setting(desk: Desk) -> None:
    desk.window.setup.change(
        forward=ForwardRequest("https://proxy.example/"), auth="none", host="192.168.1.20"
    )
    for key, field in (
        ("forward", "settings_forward"),
        ("auth", "settings_auth"),
        ("addresses", "settings_host"),
    ):
        desk.qtbot.mouseClick(desk.find(QPushButton, f"chip_{key}"), Qt.MouseButton.LeftButton)
        assert QApplication.focusWidget() is desk.find(QWidget, field)


def test_all_addresses_are_asked_about_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = [False, True], []

    def ask(_parent: QWidget) -> bool:
        asked.append(True)
        return answers.pop(0)

    monkeypatch.setattr(questions, "confirm_all_addresses", ask)
    desk.open()
    choose(desk, "settings_reach", "0.0.0.0")
    assert desk.wanted().host == "127.0.0.1"
    assert desk.find(QComboBox, "settings_reach").currentData() == "127.0.0.1"
    choose(desk, "settings_reach", "0.0.0.0")
    assert desk.wanted().host == "0.0.0.0"
    assert desk.chips() == {"addresses": "On all addresses"}
    choose(desk, "settings_reach", "127.0.0.1")
    choose(desk, "settings_reach", "::")
    assert len(asked) == 2


def test_all_addresses_that_are_typed_are_asked_about_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def ask(_parent: QWidget) -> bool:
        asked.append(True)
        desk.find(QLineEdit, "settings_port").setFocus()  # as a dialog takes the focus away
        return False

    monkeypatch.setattr(questions, "confirm_all_addresses", ask)
    desk.open()
    choose(desk, "settings_reach", "one")
    type_into(desk, "settings_host", "0.0.0.0")
    assert len(asked) == 1
    assert desk.wanted().host == "127.0.0.1"
    assert desk.find(QComboBox, "settings_reach").currentData() == "127.0.0.1"


def test_the_wheel_chooses_nothing_in_passing(desk: Desk) -> None:
    desk.open("auth")
    combo = desk.find(QComboBox, "settings_auth")
    at = QPointF(combo.rect().center())
    wheel = QWheelEvent(
        at,
        combo.mapToGlobal(at),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, wheel)
    assert combo.currentData() == "mtls"
    desk.qtbot.keyClick(combo, Qt.Key.Key_End)
    assert combo.currentData() == "none"


def test_a_start_on_all_addresses_is_asked_about_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [False, True]
    monkeypatch.setattr(questions, "confirm_all_addresses", lambda _parent: answers.pop(0))
    desk.window.toolbar.set_address("0.0.0.0:0")
    desk.window.toggle_listening(True)
    assert not desk.window.listening.state.busy
    assert not desk.window.toolbar.listen.isChecked()
    desk.window.toggle_listening(True)
    desk.until(lambda: desk.window.listening.state.on)
    assert desk.chips() == {"addresses": "On all addresses"}
    assert not answers


def test_the_question_says_what_it_means(desk: Desk) -> None:
    from PySide6.QtCore import QTimer

    from inspector.ui.certificates.dialogs import ConfirmDialog

    seen = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ConfirmDialog)
        seen.append(dialog.accessibleDescription())
        dialog.reject()

    QTimer.singleShot(100, answer)
    assert not questions.confirm_all_addresses(desk.window)
    assert "Anybody in your network can reach" in seen[0]


def test_what_is_set_comes_back_at_the_next_start(make_desk: Callable[[], Desk], home: Home) -> None:
    first = make_desk()
    first.open()
    type_into(first, "settings_port", "9444")
    first.window.toolbar.set_answer("503")
    first.window.close()
    assert load(home) == ListenRequest(port=9444, status=503)
    second = make_desk()
    assert second.wanted() == ListenRequest(port=9444, status=503)
    assert second.window.toolbar.address.text() == "127.0.0.1:9444"
    assert second.window.toolbar.answer_key == "503"


def test_what_another_program_kept_is_shown(make_desk: Callable[[], Desk], home: Home) -> None:
    save(home, ListenRequest(host="::1", port=7000, status=418, lenient=True))
    desk = make_desk()
    assert desk.window.toolbar.address.text() == "[::1]:7000"
    assert desk.window.toolbar.answer_key == "418"
    assert desk.chips() == {"lenient": "Lenient"}


def test_files_with_cas_stand_in_the_place_of_the_vault_s(
    make_desk: Callable[[], Desk], home: Home, tmp_path: Path
) -> None:
    forward = ForwardRequest("https://proxy.example/", ca_files=(tmp_path / "its.pem",))
    save(home, ListenRequest(client_ca_files=(tmp_path / "ca.pem",), forward=forward))
    desk = make_desk()
    unfold(desk)
    places = desk.sheet.sections[1].places
    assert (places["cas"].shown, places["ca_files"].shown) == (False, True)
    assert desk.find(QComboBox, "settings_forward_trust").currentText() == "Checked against 1 CA file"
    out = f"Take out {tmp_path / 'ca.pem'}"
    next(one for one in desk.sheet.findChildren(QToolButton) if one.accessibleName() == out).click()
    assert desk.wanted().client_ca_files == ()
    assert (places["cas"].shown, places["ca_files"].shown) == (True, False)
    assert desk.wanted().forward == forward


def test_a_damaged_profile_is_left_alone(make_desk: Callable[[], Desk], home: Home) -> None:
    home.create()
    home.profile_file.write_text("{}")
    desk = make_desk()
    assert "damaged" in desk.window.notice.text
    desk.open()
    type_into(desk, "settings_port", "9444")
    assert desk.wanted().port == 9444
    desk.window.close()
    assert home.profile_file.read_text() == "{}"


def test_files_that_are_no_revocation_lists_are_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unfold(desk)
    wrong = tmp_path / "wrong.crl"
    wrong.write_text("nothing")
    monkeypatch.setattr(questions, "choose_crl_files", lambda _parent: [wrong])
    desk.find(QPushButton, "settings_add_crl").click()
    desk.settle()
    assert "wrong.crl is no CRL" in desk.sheet.sections[2].places["crls"].fault
    assert desk.wanted().crl_files == ()
