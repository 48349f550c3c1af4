"""Where the window's ways to compare come together: two rows, a row and the composer, a row and the one before.

Imports the window's parts; what compares lazily.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.history.model import Event, Kind, Row

if TYPE_CHECKING:
    from inspector.ui.compare.comparison import Side
    from inspector.ui.main_window import MainWindow

SELECT_TWO = "Select two pushes to compare them, or one to compare it with the push above"


class CompareDesk(QObject):
    """Opens a window for each comparison."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def compare_selected(self) -> None:
        """The two selected rows; one selected row with the one before it."""
        rows = self._window.pushes.table.selected_rows
        if not all(row.kind is Kind.PUSH for row in rows):
            self._window.status_line.say("A client that was turned away sent nothing to compare")
        elif len(rows) == 1:
            self.with_the_one_before(rows[0])
        elif len(rows) == 2:
            self._compare([row.id for row in rows])
        else:
            self._window.status_line.say(SELECT_TWO)

    @Slot(object)
    def with_the_one_before(self, row: Row | None) -> None:
        """A row with the push above it; without a row, the two that are selected."""
        if row is None:
            self.compare_selected()
            return
        model = self._window.model
        place = model.position_of(row.id)
        above = None if place is None else model.push_above(place)
        if above is None:
            self._window.status_line.say("There is no push above it to compare it with")
        else:
            self._compare([above, row.id])

    @Slot(object)
    def with_the_composer(self, row: Row) -> None:
        """A row with what the composer holds."""
        from inspector.ui.compare.comparison import Side

        self._compare([row.id], Side("Composer", self._window.composer.body()))

    def _compare(self, ids: list[int], other: Side | None = None) -> None:
        def done(events: list[Event]) -> None:
            if len(events) < len(ids):
                self._window.status_line.say("One of them is gone from the history")
                return
            self._open(events, other)

        self._window.feed.read_all(ids, done, lane="compare")

    def _open(self, events: list[Event], other: Side | None) -> None:
        from inspector.ui.compare.comparison import side_of
        from inspector.ui.compare.window import CompareWindow

        sides = [side_of(event) for event in events] + ([other] if other is not None else [])
        window = self._window
        reveal = window.pushes.detail.reveal.isChecked()
        made = CompareWindow(sides[0], sides[1], window.worker, window.theme, reveal=reveal, parent=window)
        window.pushes.detail.revealed.connect(made.set_revealed)
        made.show()
