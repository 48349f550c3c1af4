"""Copying a row as a command or a script that sends it again. Imports PySide6; what makes the texts lazily."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.history.model import Event, Row
from inspector.ui.clipboard import copy_text

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


class Copying(QObject):
    """Reads the event of a Row and puts what it is to be copied as on the clipboard. Secrets are masked unless the
    detail pane shows them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        table, reveal = window.pushes.table, window.pushes.detail.reveal
        table.copy_as_wanted.connect(self.copy)
        reveal.toggled.connect(table.set_revealed)
        table.set_revealed(reveal.isChecked())

    @Slot(object, str)
    def copy(self, row: Row, key: str) -> None:
        """Copy a row in one of `copy_as.WAYS`."""
        reveal = self._window.pushes.detail.reveal.isChecked()

        def prepare(event: Event | None) -> tuple[str, str] | None:
            from inspector.sender.copy_as import WAYS

            way = next(one for one in WAYS if one.key == key)
            return None if event is None else (way.title, way.make(event, reveal))

        def done(made: tuple[str, str] | None) -> None:
            if made is not None:
                title, text = made
                copy_text(text, secret=reveal)
                masked = "" if reveal else ", secrets masked"
                self._window.status_line.say(f"Copied as {title}{masked}")

        self._window.feed.read(row.id, prepare, done, lane="copy")
