"""A composer on a vault with the dev identities of all tests, so that nginx and `openssl s_server` know them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.mint import DevIdentities
from inspector.home import Home
from inspector.sender.model import SendResult
from inspector.ui.composer.composer import Composer
from inspector.ui.connection_check.checking import Checked
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import DEV_CLIENT, Workbench

LONG = 15_000
IGNORED = pytest.mark.qt_log_ignore("does not support|QFont", extend=True)

MakeComposer = Callable[[], Composer]
_Widget = TypeVar("_Widget", bound=QWidget)


@pytest.fixture
def workbench(home: Home, dev: DevIdentities) -> Iterator[Workbench]:
    """Its vault has the dev CA and the dev client."""
    made = Workbench(home, use_keyring=False)
    made.vault.add("dev-ca", dev.ca.chain)
    made.vault.add(DEV_CLIENT, dev.client.chain, dev.client.key)
    yield made
    made.close()


@pytest.fixture
def make_composer(qtbot: QtBot, qapp: QApplication, workbench: Workbench) -> Iterator[MakeComposer]:
    theme, worker = Theme(qapp, Scheme.LIGHT), Worker("composing-test")
    theme.dress()
    composers: list[Composer] = []

    def make() -> Composer:
        composer = Composer(workbench, worker, theme)
        composers.append(composer)
        composer.resize(480, 900)
        composer.show()
        with qtbot.waitSignals(
            [composer.form.identity.listed, composer.form.settings.keeper.listed], timeout=LONG
        ):
            composer.refresh_identities()
        return composer

    yield make
    for composer in composers:
        composer.close_down()
        composer.deleteLater()
    worker.close()
    theme.deleteLater()


@pytest.fixture
def composer(make_composer: MakeComposer) -> Composer:
    return make_composer()


def check(composer: Composer, qtbot: QtBot, url: str) -> Checked:
    """Check the connection to a URL by the button."""
    composer.set_target(url)
    with qtbot.waitSignal(composer.check_desk.checking.checked, timeout=LONG) as done:
        composer.form.buttons.check.click()
    assert done.args is not None
    assert isinstance(done.args[0], Checked)
    return done.args[0]


def send(composer: Composer, qtbot: QtBot, url: str) -> SendResult:
    """Send what the editor holds to a URL."""
    composer.set_target(url)
    with qtbot.waitSignal(composer.dispatch.ended, timeout=LONG):
        composer.send()
    qtbot.waitUntil(lambda: composer.result.result is not None)
    assert composer.result.result is not None
    return composer.result.result


def child(parent: QWidget, kind: type[_Widget], name: str) -> _Widget:
    """A widget by its name."""
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), name
    return found
