"""A real vault in a folder of the test's own, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.certificates.mint import DevIdentities, issue
from inspector.certificates.model import Identity
from inspector.certificates.vault import Vault
from inspector.home import Home
from inspector.ui.certificates.page import CertificatesPage
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    made = Theme(qapp, Scheme.LIGHT)
    made.dress()
    return made


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("test-certificates")
    yield worker
    worker.close()


@pytest.fixture
def workbench(home: Home) -> Workbench:
    return Workbench(home, use_keyring=False)


@pytest.fixture
def vault(workbench: Workbench) -> Vault:
    return workbench.vault


@pytest.fixture
def dev_vault(vault: Vault, dev: DevIdentities) -> Vault:
    """The vault with dev identities that were made once for all tests."""
    for identity in (dev.ca, dev.server, dev.client):
        vault.add(identity.name, identity.chain, identity.key, trust_clients=identity is dev.ca)
    return vault


@pytest.fixture
def lasting(dev: DevIdentities) -> Callable[[str, timedelta], Identity]:
    """Makes a client of the dev CA that lasts for some time from now; less than none has expired."""

    def make(name: str, left: timedelta) -> Identity:
        end = datetime.now(UTC) + left
        return issue(dev.ca, name, purposes=("client",), not_before=end - timedelta(days=400), not_after=end)

    return make


@pytest.fixture
def open_page(
    workbench: Workbench, worker: Worker, theme: Theme, qtbot: QtBot
) -> Callable[[], CertificatesPage]:
    """Shows the page and waits until it has read the vault."""

    def make() -> CertificatesPage:
        page = CertificatesPage(workbench, worker, theme)
        qtbot.addWidget(page)
        page.resize(1332, 730)
        page.show()
        page.refresh()
        qtbot.waitUntil(lambda: page.source.isVisible() or page.fault.isVisible())
        return page

    return make
