"""A window on the test's home, and clients for its listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.certificates import mint
from inspector.certificates.model import Identity
from inspector.home import Home
from inspector.ui.main_window import MainWindow
from inspector.ui.settings import Settings
from inspector.ui.theme import Theme
from inspector.workbench import Workbench
from tests.ui.listener_settings.desk import LONG, Client, Desk


@pytest.fixture
def make_desk(qtbot: QtBot, qapp: QApplication, home: Home) -> Iterator[Callable[[], Desk]]:
    windows: list[MainWindow] = []
    theme = Theme(qapp)

    def make() -> Desk:
        home.create()
        window = MainWindow(Workbench(home, use_keyring=False), theme, Settings(home))
        windows.append(window)
        theme.dress()
        window.resize(1440, 900)
        window.show()
        with qtbot.waitSignal(window.ready, timeout=LONG):
            window.begin()
        return Desk(window, qtbot)

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.setStyleSheet("")  # building the next window with it on takes three times as long


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Callable[[str, Identity | None], Client]]:
    clients: list[Client] = []

    def make(url: str, identity: Identity | None) -> Client:
        client = Client(url, tmp_path, identity)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def stranger() -> tuple[Identity, Identity]:
    """The CA and the client of another brand, unknown to the vault."""
    ca = mint.make_ca("other-ca")
    return ca, mint.issue(ca, "other-client", purposes=("client",))
