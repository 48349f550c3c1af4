"""The page of pushes: the table above, the event looked at below. Imports the parts and PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from inspector.ui.detail.pane import DetailPane
from inspector.ui.feed import HistoryFeed
from inspector.ui.listening import Listening
from inspector.ui.push_model import PushModel
from inspector.ui.push_table import PushTable
from inspector.ui.theme import ROW_HEIGHT, Theme
from inspector.ui.worker import Worker


class PushesPage(QWidget):
    """`table` and `detail`, with the words of the empty state for what the listener and the filter do."""

    def __init__(
        self, model: PushModel, feed: HistoryFeed, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._listening = Listening()
        self._filtered = False
        self._searching = False
        self._feed = feed
        self._model = model
        self.table = PushTable(model, theme, self)
        self.detail = DetailPane(feed, worker, theme, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([420, 360])
        self.table.setMinimumHeight(140)
        self.detail.setMinimumHeight(120)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.table.order_wanted.connect(feed.show_order)
        feed.searching.connect(self._show_searching)
        self.table.selected.connect(self.detail.show_row)
        self.detail.left.connect(self.table.view.setFocus)
        model.dataChanged.connect(self._look_again)
        model.rowsInserted.connect(self._show_or_hide_detail)
        model.rowsRemoved.connect(self._show_or_hide_detail)
        model.modelReset.connect(self._show_or_hide_detail)
        self._show_or_hide_detail()
        self._say_empty()

    @Slot()
    def _look_again(self) -> None:
        self.detail.look_again(self.table.current_row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._feed.show_rows(self.height() // ROW_HEIGHT)

    @Slot()
    def _show_or_hide_detail(self) -> None:
        """While there is nothing to look at, the table has all the room for what to do next."""
        self.detail.setVisible(self._model.rowCount() > 0)

    @Slot(object)
    def show_listening(self, state: Listening) -> None:
        """Change the empty state's words with the listener."""
        self._listening = state
        self._say_empty()

    def show_filtered(self, *, filtered: bool) -> None:
        """Change the empty state's words with the filter."""
        self._filtered = filtered
        self._say_empty()

    @Slot(bool)
    def _show_searching(self, searching: bool) -> None:  # noqa: FBT001 - a slot
        self._searching = searching
        self._say_empty()

    def _say_empty(self) -> None:
        first, second = self.table.empty.actions_row
        first.setVisible(not (self._filtered and self._searching))
        if self._filtered and self._searching:
            second.setVisible(False)
            self.table.empty.say("Searching…", "Nothing has matched yet.", "magnifying-glass")
            return
        if self._filtered:
            self.table.empty.say(
                "Nothing matches the filter", "Loosen it, or clear it to see everything.", "funnel-simple"
            )
            first.setText("Clear the filter")
            second.setVisible(False)
            return
        second.setVisible(True)
        if self._listening.on:
            self.table.empty.say(
                "Nothing received yet",
                f"Point the pusher to {self._listening.url}, or send yourself a sample.",
                "tray",
            )
            first.setText("Send yourself a sample")
            second.setText("Copy the address")
        else:
            self.table.empty.say(
                "Nothing received yet",
                "Start listening, then point the pusher to the address, or send yourself a sample.",
                "tray",
            )
            first.setText("Start listening")
            second.setText("Open the composer")

    @property
    def state(self) -> Listening:
        return self._listening

    @property
    def filtered(self) -> bool:
        return self._filtered
