"""What the filter box and the rest of the window say to each other. Imports the window's parts and PySide6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


class Filtering(QObject):
    """Gives the box the values of the history, and the status line what the box says and how many events it leaves."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._model = window.model
        self._line = window.status_line
        self._on = False
        self._more = False
        box = window.toolbar.filter_box
        box.ask_with(window.feed.known_values)
        box.undo_offered.connect(window.status_line.say)
        box.changed.connect(self._query_changed)
        window.pushes.table.filter_added.connect(box.add)
        window.feed.searching.connect(self._searching)
        for signal in (self._model.modelReset, self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(self._count)

    @Slot(object)
    def _query_changed(self, query: object) -> None:
        """Another filter is on, or none: its rows come with the model's next reset."""
        self._on = query is not None
        if not self._on:
            self._count()

    @Slot(bool)
    def _searching(self, more: bool) -> None:  # noqa: FBT001 - a signal's value
        self._more = more
        if not more:  # else the rows are still those of the filter before
            self._count()

    @Slot()
    def _count(self) -> None:
        self._line.show_matches(self._model.rowCount() if self._on else None, more=self._more)
