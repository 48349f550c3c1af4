"""Who connects and leaves without a word is counted in the status line."""

from __future__ import annotations

import socket

from tests.ui.listener_settings.desk import Desk


def test_bare_connects_are_counted_while_it_listens(desk: Desk) -> None:
    def counts() -> str:
        return desk.window.status_line._counts.text()

    desk.listen()
    address = desk.window.listening.address
    assert address is not None
    assert "bare" not in counts()
    for said in ("1 bare connect", "2 bare connects"):
        socket.create_connection((address.host, address.port)).close()
        desk.until(lambda said=said: said in counts())  # type: ignore[misc]
    desk.window.toggle_listening(False)
    desk.until(lambda: not desk.window.listening.state.on and "bare" not in counts())
