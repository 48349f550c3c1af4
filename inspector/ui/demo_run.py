"""The demo in the window: listens on a free port, then sends the samples and the client that is turned away."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from inspector.ui.app import run
from inspector.ui.listening import Listening
from inspector.ui.main_window import MainWindow
from inspector.workbench import DEV_CLIENT, Workbench


class _Demo(QObject):
    """Waits for the listener, then delivers in the worker's thread."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._delivered = False
        window.listening.changed.connect(self._listening_changed)
        window.setup.change(port=0)
        window.listening.start(window.setup.request)

    @Slot(object)
    def _listening_changed(self, state: Listening) -> None:
        if not state.on or state.busy or self._delivered:
            return
        self._delivered = True
        window, url = self._window, state.url
        window.composer.refresh_identities()
        window.composer.set_target(url)
        window.composer.set_identity(DEV_CLIENT)

        def job() -> object:
            from inspector.demo import deliver

            return deliver(window.workbench, url)

        window.worker.submit("", job, self._all_delivered)

    def _all_delivered(self, _deliveries: object) -> None:
        self._window.feed.poke()
        self._window.notice.show_hint(
            "Demo: three samples came in by mutual TLS and one client was turned away. "
            "All of it is in a throw-away home that goes when the window closes."
        )


def run_demo(workbench: Workbench) -> int:
    """Show the demo in the window until it is closed; returns the exit code."""
    return run(workbench, after_start=_start)


def _start(window: MainWindow) -> None:
    _Demo(window)
