"""The help of the TLS tab in the window: what it does in the vault is shown everywhere, what it asks for is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.ui.detail.deeds import Deeds

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


class Helping(QObject):
    """Gives the detail pane somebody who does what it offers."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.deeds = Deeds(window.workbench, window.worker, window.listening, window.setup, self)
        self.deeds.vault_changed.connect(window.identities_changed)
        detail = window.pushes.detail
        detail.serve(self.deeds)
        detail.said.connect(window.status_line.say)
        detail.import_wanted.connect(self._import)

    @Slot()
    def _import(self) -> None:
        self._window.show_certificates()
        self._window.certificates.show_import([])
