"""Targets under names: kept, chosen, changed, renamed, deleted; and what of their secrets is where."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from inspector.home import Home
from inspector.sender.request import KEPT, SendRequest, TrustKind
from inspector.ui.composer.composer import Composer
from inspector.ui.settings import Settings
from inspector.workbench import Workbench
from tests.ui.composing import IGNORED, LONG, MakeComposer, child

pytestmark = IGNORED

URL = "https://proxy.example/push"
SECRETS = ("basic-s3cret", "proxy-s3cret", "header-s3cret")
REQUEST = SendRequest(
    "",
    tls_min="1.3",
    basic_user="lp",
    basic_password=SECRETS[0],
    proxy="proxy:3128",
    proxy_user="me",
    proxy_password=SECRETS[1],
    headers=(("X-Api-Key", SECRETS[2]), ("X-Open", "shown")),
    secret_headers=("X-Api-Key",),
)


def save(composer: Composer, qtbot: QtBot, name: str) -> None:
    naming = composer.form.settings.sheet.naming
    naming.name.setText(name)
    with qtbot.waitSignals(
        [composer.form.settings.keeper.saved, composer.form.settings.keeper.listed], timeout=LONG
    ):
        child(naming, QPushButton, "composer_target_save").click()


@pytest.fixture
def saved(composer: Composer, qtbot: QtBot) -> Composer:
    composer.set_target(URL)
    composer.form.settings.state.load(REQUEST)
    save(composer, qtbot, "staging")
    return composer


def test_a_saved_target_is_chosen_by_its_name(saved: Composer, workbench: Workbench) -> None:
    form = saved.form
    assert form.target.itemText(0).startswith("staging")
    assert form.target_line.words.text().startswith("staging · TLS 1.3 only")
    form.identity.choose("")
    saved.set_target("https://elsewhere.example/")
    assert form.target_line.words.text().startswith("staging, changed")
    form.settings.sheet.naming.reset.click()
    form.target.activated.emit(0)
    assert form.target.text() == URL
    assert form.identity.name == "dev-client"
    assert form.target_line.words.text().startswith("staging · TLS 1.3 only")
    target = workbench.target(form.request())
    assert (target.basic_password, dict(target.headers)["X-Api-Key"]) == (SECRETS[0], SECRETS[2])


def test_its_name_can_be_typed(saved: Composer) -> None:
    saved.form.settings.sheet.naming.reset.click()
    saved.form.target.setText("")
    QTest.keyClicks(saved.form.target, "Staging")
    request = saved.form.request()
    assert request.url == URL
    assert request.tls_min == "1.3"


def test_no_secret_is_in_the_files_nor_in_what_comes_back(saved: Composer, home: Home) -> None:
    settings = Settings(home)
    settings.put_texts("composer", saved.save_state())
    settings.save()
    found = [path for path in home.data.rglob("*") if path.is_file()]
    assert home.targets_file in found
    for path in (*found, home.settings_file):
        content = path.read_bytes()
        for secret in SECRETS:
            assert secret.encode() not in content, path
    assert "shown" in home.targets_file.read_text()


def test_what_was_typed_and_not_saved_leaves_no_secret(
    composer: Composer, make_composer: MakeComposer
) -> None:
    composer.set_target(URL)
    composer.form.settings.state.load(REQUEST)
    state = composer.save_state()
    for secret in SECRETS:
        assert secret not in str(state)
    other = make_composer()
    other.restore_state(state)
    request = other.form.request()
    assert (request.tls_min, request.basic_user, request.basic_password) == ("1.3", "lp", "")
    assert request.headers == (("X-Api-Key", ""), ("X-Open", "shown"))


def test_it_comes_back_at_the_next_start(saved: Composer, make_composer: MakeComposer) -> None:
    state = saved.save_state()
    before = make_composer()
    before.restore_state(state)
    before.refresh_identities()
    assert before.form.request().basic_password == KEPT
    other = make_composer()
    other.restore_state(state)
    assert other.form.request().secrets_of == saved.form.request().secrets_of


def test_a_target_that_is_gone_takes_its_secrets_along(
    saved: Composer, make_composer: MakeComposer, workbench: Workbench, qtbot: QtBot
) -> None:
    state = saved.save_state()
    workbench.delete_target("staging")
    other = make_composer()
    other.restore_state(state)
    with qtbot.waitSignal(other.form.settings.keeper.listed, timeout=LONG):
        other.refresh_identities()
    assert KEPT not in str(other.form.request().headers)
    assert other.form.request().basic_password == ""
    assert other.form.request().tls_min == "1.3"


def test_that_nothing_was_checked_does_not_come_back(composer: Composer, make_composer: MakeComposer) -> None:
    composer.set_target(URL)
    composer.form.settings.state.load(SendRequest("", trust=TrustKind.NOTHING))
    other = make_composer()
    other.restore_state(composer.save_state())
    assert other.form.request().trust is TrustKind.USUAL


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"trust": "odd"}', '{"headers": 7}', '{"timeout": "x"}']
)
def test_odd_settings_change_nothing(composer: Composer, text: str) -> None:
    composer.set_target(URL)
    composer.restore_state({"target_settings": text, "retry": "x y"})
    assert composer.form.request() == SendRequest(URL, identity="dev-client")


def test_a_kept_secret_shows_by_the_eye_alone(saved: Composer, qtbot: QtBot) -> None:
    sheet = saved.form.settings.sheet
    field = child(sheet, QLineEdit, "composer_target_basic_password")
    assert field.text() == ""
    assert field.placeholderText() == "kept in the vault"
    with qtbot.waitSignal(saved.form.settings.keeper.opened, timeout=LONG):
        child(sheet, QToolButton, "composer_target_basic_password_eye").click()
    assert field.text() == SECRETS[0]
    header = child(sheet, QLineEdit, "composer_target_header_value_1")
    assert header.text() == ""
    with qtbot.waitSignal(saved.form.settings.keeper.opened, timeout=LONG):
        child(sheet, QToolButton, "composer_target_header_value_1_eye").click()
    assert header.text() == SECRETS[2]


def test_a_kept_header_value_belongs_to_its_name(saved: Composer) -> None:
    name = child(saved.form.settings.sheet, QLineEdit, "composer_target_header_name_1")
    name.selectAll()
    QTest.keyClicks(name, "X-Other")
    fault = saved.form.settings.sheet.settle()
    assert fault is not None
    assert "X-Api-Key" in fault.message


def test_renaming_keeps_what_was_changed_since(saved: Composer, qtbot: QtBot) -> None:
    desk, sheet = saved.form.settings, saved.form.settings.sheet
    sheet.tls.least.setCurrentIndex(0)
    sheet.tls.least.activated.emit(0)
    sheet.naming.name.setText("production")
    assert sheet.naming.save.text() == "Save as new"
    with qtbot.waitSignals([desk.keeper.renamed, desk.keeper.listed], timeout=LONG):
        child(sheet, QPushButton, "composer_target_rename").click()
    assert [one.name for one in desk.state.known] == ["production"]
    assert saved.form.request().tls_min == "1.2"
    assert saved.form.target_line.words.text().startswith("production, changed")
    save(saved, qtbot, "production")
    assert saved.form.target_line.words.text().startswith("production · via")
    assert saved.form.request().basic_password == KEPT


def test_a_second_one_takes_the_secrets_over(saved: Composer, workbench: Workbench, qtbot: QtBot) -> None:
    save(saved, qtbot, "second")
    assert [one.name for one in workbench.targets()] == ["second", "staging"]
    workbench.delete_target("staging")
    assert workbench.target(saved.form.request()).basic_password == SECRETS[0]


def test_deleting_asks_once(saved: Composer, workbench: Workbench, qtbot: QtBot) -> None:
    desk = saved.form.settings
    delete = child(desk.sheet, QPushButton, "composer_target_delete")
    delete.click()
    assert delete.text() == "Really delete"
    assert workbench.targets()
    desk.sheet.naming.show_state()
    assert delete.text() == "Delete"
    delete.click()
    with qtbot.waitSignals([desk.keeper.deleted, desk.keeper.listed], timeout=LONG):
        delete.click()
    assert workbench.targets() == ()
    assert saved.form.request().basic_password == ""
    assert saved.form.request().tls_min == "1.3"
    assert saved.form.target.count() == 0 or not saved.form.target.itemText(0).startswith("staging")


def test_a_damaged_file_is_told_and_left(saved: Composer, home: Home, qtbot: QtBot) -> None:
    home.targets_file.write_text("{")
    desk = saved.form.settings
    desk.sheet.naming.name.setText("other")
    with qtbot.waitSignal(desk.keeper.failed, timeout=LONG):
        child(desk.sheet, QPushButton, "composer_target_save").click()
    assert "damaged" in desk.sheet.naming.note.message.text()
    assert home.targets_file.read_text() == "{"


def test_a_damaged_file_is_told_at_the_start(saved: Composer, home: Home, qtbot: QtBot) -> None:
    home.targets_file.write_text("[]")
    with qtbot.waitSignal(saved.form.settings.keeper.unlisted, timeout=LONG):
        saved.refresh_identities()
    assert saved.form.target_note.isVisible()
    assert "damaged" in saved.form.target_note.message.text()
