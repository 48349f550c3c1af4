"""A window on the test's home, and clients for its listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.certificates import mint
from inspector.certificates.model import Identity
from tests.ui.conftest import MakeWindow
from tests.ui.listener_settings.desk import Client, Desk


@pytest.fixture
def make_desk(qtbot: QtBot, make_window: MakeWindow) -> Callable[..., Desk]:
    return lambda **where: Desk(make_window(**where), qtbot)


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
