"""Keeps what people note on events: pins, colours and words, written in the worker's thread, none of them lost.

Imports history, the workbench, PySide6 and the window's parts.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from inspector.errors import HistoryError
from inspector.history.model import Mark, Row
from inspector.ui.mark_change import MarkChange
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow

NOTE_KEY = "Ctrl+M"
_log = logging.getLogger(__name__)

_Place = tuple[Path, int]


class Marking(QObject):
    """Carries out what the table and the detail pane ask for. What could not be written is tried again with the next
    change, and when the window closes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._file = window.workbench.history_file  # whose events are shown
        self._waiting: dict[_Place, MarkChange] = {}
        table, detail = window.pushes.table, window.pushes.detail
        table.mark_wanted.connect(self.change)
        table.note_wanted.connect(self._write_note)
        detail.mark_wanted.connect(self.change)
        window.feed.replaced.connect(self._look)
        QShortcut(QKeySequence(NOTE_KEY), window).activated.connect(self._note_on_current)

    @Slot(object, object)
    def change(self, identifier: int, change: MarkChange) -> None:
        """Change an event's mark."""
        place = (self._file, identifier)
        before = self._waiting.get(place)
        self._waiting[place] = change if before is None else before.then(change)
        self._submit(place)

    @Slot()
    def _look(self) -> None:
        """Another history may be shown from now on."""
        file, detail = self._window.workbench.history_file, self._window.pushes.detail
        if file != self._file:
            detail.forget()
            self._file = file

    def close(self) -> None:
        """Write what still waits, in this thread. Call when the worker has ended, before the history is closed."""
        self._window.pushes.detail.note.keep()
        for place, change in self._waiting.items():
            try:
                write_change(self._window.workbench, place, change)
            except HistoryError as error:
                _log.error("a note could not be kept: %s", error.message)
        self._waiting.clear()

    def _submit(self, place: _Place) -> None:
        workbench, change = self._window.workbench, self._waiting[place]

        def job() -> bool:
            return write_change(workbench, place, change)

        self._window.worker.submit("", job, lambda _: self._written(place, change), self._window.show_failure)

    def _written(self, place: _Place, change: MarkChange) -> None:
        if self._waiting.get(place) is change:
            del self._waiting[place]
            for other in self._waiting:
                self._submit(other)
        self._window.feed.poke()

    @Slot(object)
    def _write_note(self, row: Row) -> None:
        pushes = self._window.pushes
        if pushes.table.current_row != row:
            pushes.table.select_id(row.id)
        self._note_on_current()

    @Slot()
    def _note_on_current(self) -> None:
        if self._window.pushes.table.current_row is not None:
            self._window.show_pushes()
            self._window.pushes.detail.write_note()


def write_change(workbench: Workbench, place: _Place, change: MarkChange) -> bool:
    """Change the mark of an event in a history file; False where the event is gone. Raises HistoryError."""
    path, identifier = place
    from inspector.history.reader import HistoryReader

    with HistoryReader.open(path) as reader:
        event = reader.event(identifier)
    if event is None:
        return False
    mark = change.applied_to(event.mark)
    if mark == (event.mark or Mark()):
        return True
    if path == workbench.history_file:
        return workbench.writer.annotate(identifier, mark)
    from inspector.history.store import HistoryWriter  # another file was opened meanwhile

    with HistoryWriter.open(path) as writer:
        return writer.annotate(identifier, mark)
