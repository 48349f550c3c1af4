"""Certificates that end soon, told once at each level; and the vault that is locked when idle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.certificates.mint import DevIdentities, issue
from inspector.home import Home
from inspector.ui.certificates.renew_dialog import RenewDialog
from inspector.ui.certificates.vault_dialog import VaultDialog
from inspector.ui.expiry_watch import CHIP, ExpiryWatch
from inspector.ui.idle_locking import LOCKED, IdleLocking
from inspector.ui.settings import Settings
from inspector.ui.status_chips import StatusChips
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench
from tests.ui.conftest import LONG, MakeWindow

pytestmark = pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)", extend=True)


@pytest.fixture
def workbench(home: Home) -> Workbench:
    home.create()
    return Workbench(home, use_keyring=False)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("test-expiry")
    yield worker
    worker.close()


@pytest.fixture
def parent() -> Iterator[QObject]:
    parent = QObject()
    yield parent
    parent.deleteLater()


@pytest.fixture
def make_watch(
    workbench: Workbench, worker: Worker, qapp: QApplication, qtbot: QtBot, parent: QObject
) -> Callable[[], tuple[ExpiryWatch, StatusChips, list[str]]]:
    """Watches on one home, with what they have told the desktop."""

    def make() -> tuple[ExpiryWatch, StatusChips, list[str]]:
        theme = Theme(qapp)
        chips = StatusChips(theme)
        qtbot.addWidget(chips)
        watch = ExpiryWatch(workbench, worker, Settings(workbench.home), chips, theme, parent)
        told: list[str] = []

        def tell(title: str, _text: str) -> bool:
            told.append(title)
            return True

        watch.tell = tell
        return watch, chips, told

    return make


def keep(workbench: Workbench, dev: DevIdentities, name: str, left: timedelta) -> None:
    end = datetime.now(UTC) + left
    made = issue(dev.ca, name, purposes=("client",), not_before=end - timedelta(days=90), not_after=end)
    workbench.vault.add(name, made.chain, made.key, replace=True)


def look(watch: ExpiryWatch, worker: Worker, qtbot: QtBot) -> None:
    done: list[bool] = []
    watch.look()
    worker.submit("", lambda: None, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


def test_nothing_is_told_where_nothing_ends(
    make_watch: Callable[[], tuple[ExpiryWatch, StatusChips, list[str]]],
    workbench: Workbench,
    worker: Worker,
    dev: DevIdentities,
    qtbot: QtBot,
) -> None:
    watch, chips, told = make_watch()
    look(watch, worker, qtbot)
    keep(workbench, dev, "fine", timedelta(days=60))
    look(watch, worker, qtbot)
    assert (chips.shown, told) == ({}, [])
    watch.close()


def test_each_level_is_told_once_also_after_another_start(
    make_watch: Callable[[], tuple[ExpiryWatch, StatusChips, list[str]]],
    workbench: Workbench,
    worker: Worker,
    dev: DevIdentities,
    qtbot: QtBot,
) -> None:
    watch, chips, told = make_watch()
    keep(workbench, dev, "soon", timedelta(days=13, hours=2))
    look(watch, worker, qtbot)
    assert told == ["soon ends in 13 days"]
    assert chips.shown[CHIP].text == "soon ends in 13 days"
    assert chips.shown[CHIP].tone == "warn"
    look(watch, worker, qtbot)
    assert len(told) == 1
    keep(workbench, dev, "sooner", timedelta(days=5, hours=2))
    look(watch, worker, qtbot)
    assert told[1:] == ["sooner ends in 5 days"]
    assert chips.shown[CHIP].text == "2 certificates end soon or have ended"
    with qtbot.waitSignal(watch.wanted) as wanted:
        chips.button(CHIP).click()
    assert wanted.args == ["sooner"]
    again, _chips, told_again = make_watch()
    look(again, worker, qtbot)
    assert told_again == []
    keep(workbench, dev, "soon", timedelta(days=400))
    keep(workbench, dev, "sooner", timedelta(days=400))
    look(again, worker, qtbot)
    assert again.found == ()
    watch.close()
    again.close()


def test_the_desktop_is_told_only_where_that_is_wanted_and_possible(
    make_watch: Callable[[], tuple[ExpiryWatch, StatusChips, list[str]]],
    workbench: Workbench,
    worker: Worker,
    dev: DevIdentities,
    qtbot: QtBot,
) -> None:
    keep(workbench, dev, "soon", timedelta(hours=20))
    watch, chips, told = make_watch()
    watch.set_notifies(wanted=False)
    look(watch, worker, qtbot)
    assert (told, CHIP in chips.shown) == ([], True)
    watch.set_notifies(wanted=True)
    watch.tell = watch.notice.show  # no tray here
    look(watch, worker, qtbot)
    other, _chips, told = make_watch()
    look(other, worker, qtbot)
    assert told == ["soon ends within a day"]
    watch.close()
    other.close()


def test_an_idle_vault_is_locked(
    workbench: Workbench, worker: Worker, dev: DevIdentities, qtbot: QtBot, parent: QObject
) -> None:
    locking = IdleLocking(workbench, worker, parent)
    workbench.vault.add("client", dev.client.chain, dev.client.key)
    assert workbench.vault.opening.is_open
    workbench.vault.opening.idle_limit = 3600
    done: list[bool] = []
    locking.look()
    worker.submit("", lambda: None, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert workbench.vault.opening.is_open
    workbench.vault.opening.idle_limit = 0
    with qtbot.waitSignal(locking.locked) as said:
        locking.look()
    assert said.args == [LOCKED]
    assert [workbench.vault.opening.is_open] == [False]
    locking.close()


def test_the_mark_in_the_window_shows_the_certificate_and_renewing_takes_it_away(
    make_window: MakeWindow, workbench: Workbench, dev: DevIdentities, qtbot: QtBot
) -> None:
    workbench.vault.add("dev-ca", dev.ca.chain, dev.ca.key)
    keep(workbench, dev, "soon", timedelta(days=5))
    window = make_window()
    chips = window.status_line.chips
    qtbot.waitUntil(lambda: CHIP in chips.shown, timeout=LONG)
    chips.button(CHIP).click()
    page = window.certificates
    assert window.pages.currentWidget() is page
    qtbot.waitUntil(
        lambda: page.list.current is not None and page.list.current.entry.name == "soon", timeout=LONG
    )
    page.deeds.renew_current()
    dialog = page.desk.dialog
    assert isinstance(dialog, RenewDialog)
    with qtbot.waitSignal(dialog.accepted, timeout=LONG):
        dialog.accept_button.click()
    qtbot.waitUntil(lambda: CHIP not in chips.shown, timeout=LONG)
    qtbot.waitUntil(
        lambda: page.list.current is not None and page.list.current.validity.tone == "plain", timeout=LONG
    )
    page.deeds.show_vault()
    vault_dialog = page.desk.dialog
    assert isinstance(vault_dialog, VaultDialog)
    assert vault_dialog.notify.isChecked()
    vault_dialog.notify.setChecked(False)
    with qtbot.waitSignal(vault_dialog.accepted, timeout=LONG):
        vault_dialog.accept_button.click()
    assert not window.vault_desk.expiry.notifies
