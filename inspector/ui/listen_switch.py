"""The listening switch of the window: what the toolbar says goes to the listener, what the listener does is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.errors import InspectorError, UsageError
from inspector.ui.listening import Listening
from inspector.ui.toolbar import DROP
from inspector.workbench import ListenRequest

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow

MADE_IDENTITIES = (
    "Made identities for development: dev-ca, dev-server and dev-client. Whoever sends must trust dev-ca."
)


class ListenSwitch(QObject):
    """Starts and stops, and tells every part of the window that shows it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot(bool)
    def toggle(self, wanted: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        """Listen on the address and with the answer of the toolbar, or stop."""
        window = self._window
        if not wanted:
            window.listening.stop()
            return
        try:
            host, port = window.toolbar.wanted_address()
        except UsageError as error:
            window.notice.show_error(error)
            window.toolbar.show_listening(window.listening.state)
            return
        key = window.toolbar.answer_key
        drop = key == DROP
        window.notice.hide()
        window.listening.start(
            ListenRequest(host=host, port=port, status=200 if drop else int(key), drop=drop)
        )

    @Slot(object)
    def show(self, state: Listening) -> None:
        """Show what the listener does."""
        window = self._window
        window.toolbar.show_listening(state)
        window.pushes.show_listening(state)
        window.composer.set_listener_url(state.url)
        if state.made_identities:
            window.identities_changed()
            window.notice.show_hint(MADE_IDENTITIES, "Show certificates", window.show_certificates)

    @Slot(object)
    def report(self, error: InspectorError) -> None:
        """Say why it does not listen, with the way out where there is one."""
        if isinstance(error, UsageError) and "port" in error.message.lower():
            self._window.notice.show_error(error, "Use any free port", self._listen_anywhere)
        else:
            self._window.notice.show_error(error)

    @Slot(str)
    def set_answer(self, key: str) -> None:
        """What pushes are answered from now on."""
        if not self._window.listening.state.on:
            return
        from inspector.listener.config import Answer

        self._window.listening.set_answer(Answer(drop=True) if key == DROP else Answer(status=int(key)))

    def _listen_anywhere(self) -> None:
        host, _ = self._window.toolbar.wanted_address()
        self._window.toolbar.set_address(f"[{host}]:0" if ":" in host else f"{host}:0")
        self.toggle(True)
