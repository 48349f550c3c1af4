"""What the buttons do that the page of pushes shows while it is empty. Imports the window's parts by the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.workbench import DEV_CLIENT

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


class FirstSteps(QObject):
    """Takes the one thing to do next: clear the filter, listen, send a sample; or the other one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        first, second = window.pushes.table.empty.actions_row
        first.clicked.connect(self._take_first)
        second.clicked.connect(self._take_second)

    @Slot()
    def _take_first(self) -> None:
        window = self._window
        if window.pushes.filtered:
            window.toolbar.set_filter("")
        elif window.pushes.state.on:
            window.composer.set_target(window.listening.state.url)
            window.composer.set_identity(DEV_CLIENT)
            window.composer.send()
        else:
            window.toggle_listening(True)

    @Slot()
    def _take_second(self) -> None:
        if self._window.pushes.state.on:
            self._window.toolbar.copy_address()
        else:
            self._window.open_composer()
