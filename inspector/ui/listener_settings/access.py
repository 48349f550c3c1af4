"""The way to the settings' sheet, which is built when it is first wanted. Imports PySide6 only until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from inspector.ui.listen_switch import ListenSwitch
    from inspector.ui.listener_settings.sheet import SettingsSheet
    from inspector.ui.main_window import MainWindow


class SettingsAccess(QObject):
    """Opens and closes the sheet of a window."""

    def __init__(self, window: MainWindow, switch: ListenSwitch) -> None:
        super().__init__(window)
        self._window = window
        self._switch = switch
        self._sheet: SettingsSheet | None = None

    @property
    def sheet(self) -> SettingsSheet | None:
        """The sheet, once it was wanted."""
        return self._sheet

    @Slot()
    def toggle(self) -> None:
        """Open the sheet, or close it where it is open."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.dismiss()
        else:
            self.open()

    def open(self, place: str = "") -> SettingsSheet:
        """Open the sheet with the cursor in a field (see the sections' rows), or where it was."""
        if self._sheet is None:
            from inspector.ui.listener_settings.sheet import SettingsSheet

            self._sheet = SettingsSheet(self._window, self._switch)
        self._sheet.appear(place)
        return self._sheet

    def identities_changed(self) -> None:
        """Have the sheet read the vault again."""
        if self._sheet is not None:
            self._sheet.read_vault()
