"""A history that can't be written while the window listens: said, and taken back once it can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.certificates.model import Identity
from inspector.workbench import DEV_CLIENT
from tests.ui.listener_settings.desk import Client, Desk

Connect = Callable[[str, Identity | None], Client]


def test_an_outage_is_said_and_its_end(desk: Desk, connect: Connect, tmp_path: Path) -> None:
    url = desk.listen()
    window = desk.window
    client = connect(url, window.workbench.vault.identity(DEV_CLIENT))
    assert client.push() == 200
    history = window.workbench.history_file
    moved = history.rename(tmp_path / "moved")  # as good as a full disk, and to be had without being root
    assert client.push() == 500
    desk.until(lambda: "answered 500" in window.notice.text)
    said: list[str] = []
    window.status_line.say = said.append  # type: ignore[method-assign, assignment]
    moved.rename(history)
    assert client.push() == 200
    desk.until(lambda: not window.notice.isVisible())
    assert said == ["The history can be written again: pushes are kept"]
    desk.until(lambda: window.model.rowCount() == 2)
