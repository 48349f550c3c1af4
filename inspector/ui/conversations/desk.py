"""Where the page of conversations and the window meet. The page is made when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.history.model import Counts, Kind, Row
from inspector.history.query import Query

if TYPE_CHECKING:
    from inspector.ui.conversations.page import ConversationsPage
    from inspector.ui.conversations.reading import ConversationReading
    from inspector.ui.main_window import MainWindow

FORGOTTEN_MILLISECONDS = 500  # pushes are let go of in many small steps


class ConversationsDesk(QObject):
    """The conversations of a window. `page` is where they are looked at."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: ConversationsPage | None = None
        self._reading: ConversationReading | None = None
        self._query: Query | None = None
        self._pushes = 0
        self._push: int | None = None  # to look at among all pushes, once it is there
        self._searching = False
        self._forgotten = QTimer(self, singleShot=True, interval=FORGOTTEN_MILLISECONDS)
        self._forgotten.timeout.connect(self._read_again)
        window.toolbar.filter_changed.connect(self._filter)
        window.feed.replaced.connect(self._history_replaced)
        window.feed.searching.connect(self._search_goes_on)
        window.feed.counted.connect(self._counted)
        window.model.rowsInserted.connect(self._look_for_push)
        window.pushes.table.selected.connect(self._selected)
        window.pushes.table.conversation_wanted.connect(self.show_conversation_of)

    @property
    def page(self) -> ConversationsPage:
        """The page, with a thread that reads for it."""
        if self._page is None:
            from inspector.ui.conversations.page import ConversationsPage
            from inspector.ui.conversations.reading import ConversationReading

            window = self._window
            self._reading = ConversationReading(window.workbench, self)
            page = self._page = ConversationsPage(self._reading, window.theme, window)
            page.show_query(self._query)
            window.pages.addWidget(page)
            self._reading.failed.connect(window.show_failure)
            page.show_wanted.connect(self._show_push)
            page.filter_wanted.connect(self._show_filtered)
            page.clear_wanted.connect(self._clear_filter)
            page.compose_wanted.connect(window.open_composer)
            page.message.connect(window.status_line.say)
        return self._page

    @property
    def shown(self) -> bool:
        """Whether the page is the one that is looked at."""
        return self._page is not None and self._window.pages.currentWidget() is self._page

    def close(self) -> None:
        """Stop reading, and wait for it."""
        self._forgotten.stop()
        if self._reading is not None:
            self._reading.close()

    @Slot(object)
    def _filter(self, query: Query | None) -> None:
        self._query = query
        if self._page is not None:
            self._page.show_query(query)

    @Slot()
    def _clear_filter(self) -> None:
        self._window.toolbar.set_filter("")

    @Slot(str)
    def _show_filtered(self, query: str) -> None:
        self._window.toolbar.set_filter(query)
        self._window.show_pushes()

    @Slot()
    def show_selected(self) -> None:
        """Look at the push that is selected among all within its conversation."""
        self.show_conversation_of(self._window.pushes.table.current_row)

    @Slot(object)
    def show_conversation_of(self, row: Row | None) -> None:
        """Look at a push within its conversation."""
        if row is None or row.kind is not Kind.PUSH:
            return
        from inspector.history.conversation_walk import key_of

        page = self.page
        self._window.show_conversations()
        page.show_conversation(key_of(row.brand_id, row.conversation_id), row.id)
        page.timeline.table.setFocus()

    # a push among all

    @Slot(object)
    def _show_push(self, identifier: int) -> None:
        self._push = identifier
        self._window.show_pushes()
        self._window.pushes.table.view.setFocus()
        self._look_for_push()

    @Slot()
    def _look_for_push(self) -> None:
        """Look at the push once it is in the table: older ones come later, and a filter may hide it."""
        if self._push is None:
            return
        toolbar, table = self._window.toolbar, self._window.pushes.table
        if table.select_id(self._push):
            self._selected(table.current_row)
        elif self._searching:
            return
        elif toolbar.filter.text():
            toolbar.set_filter("")
        else:
            self._push = None  # it is gone

    @Slot(object)
    def _selected(self, row: Row | None) -> None:
        """It is found once its row is read and no other result is on its way, with which it would be lost again."""
        if row is not None and row.id == self._push and not self._searching:
            self._push = None

    @Slot(bool)
    def _search_goes_on(self, searching: bool) -> None:  # noqa: FBT001 - a slot
        self._searching = searching
        if not searching:
            self._look_for_push()

    # the history

    @Slot()
    def _history_replaced(self) -> None:
        self._look_for_push()
        if self._page is not None and self._reading is not None and self._reading.is_of_another_file:
            self._page.read_again()

    @Slot(object)
    def _counted(self, counts: Counts) -> None:
        total = counts.pushes_in + counts.pushes_out
        fewer, self._pushes = total < self._pushes, total
        if fewer and not self._forgotten.isActive():
            self._forgotten.start()
        if self._page is not None:
            self._page.look_again()

    @Slot()
    def _read_again(self) -> None:
        if self._page is not None:
            self._page.read_again()
