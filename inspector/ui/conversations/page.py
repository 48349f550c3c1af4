"""The page of conversations: the list on the left, the timeline of the one looked at on the right.

Imports the parts and PySide6. It reads nothing itself: `reading` does.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from inspector.history.conversation_model import ConversationKey, ConversationSummary
from inspector.history.query import Query
from inspector.history.query_writing import term
from inspector.ui.conversations.list_model import ConversationModel
from inspector.ui.conversations.list_view import ConversationList
from inspector.ui.conversations.reading import ConversationReading, Listed, News, Timeline
from inspector.ui.conversations.timeline_pane import TimelinePane
from inspector.ui.empty_state import EmptyState
from inspector.ui.theme import Theme

SIDE_BY_SIDE_FROM = 640
LIST_WIDTH = 300
MOST_JUDGED = 64


class ConversationsPage(QFrame):
    """`show_wanted` carries the id of a push to show among all, `filter_wanted` a query, `message` what was done;
    `clear_wanted` asks for no filter, `compose_wanted` for the composer."""

    show_wanted = Signal(object)
    filter_wanted = Signal(str)
    clear_wanted = Signal()
    compose_wanted = Signal()
    message = Signal(str)

    def __init__(self, reading: ConversationReading, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("conversations_view")
        self.setAccessibleName("Conversations")
        self._reading = reading
        self._query: Query | None = None
        self._stale = True
        self._listed = False
        self._wanted: ConversationKey | None = None  # to look at once it is listed
        self._wanted_push: int | None = None
        self.model = ConversationModel(self)
        self.list = ConversationList(self.model, theme, self)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.timeline = TimelinePane(theme, self)
        self.empty = EmptyState(theme, "chats", buttons=1, parent=self)
        self._lay_out()
        self._connect()
        self._say_empty()

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.count.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.count)
        column.addWidget(self.list, 1)
        left.setMinimumSize(200, 110)
        self.timeline.setMinimumSize(320, 200)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.timeline)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([LIST_WIDTH, 3 * LIST_WIDTH])
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        reading, timeline = self._reading, self.timeline
        reading.listed.connect(self._take_page)
        reading.changed.connect(self._take_news)
        reading.judged.connect(self.model.judge)
        reading.can_judge.connect(self.list.viewport().update)  # what is painted and not judged asks for it
        reading.timeline_read.connect(self._take_timeline)
        self.model.more_wanted.connect(self._read_more)
        self.model.judgement_wanted.connect(self._judge, Qt.ConnectionType.QueuedConnection)
        self.list.chosen.connect(self._open)
        self.list.opened.connect(self.timeline.table.setFocus)
        self.list.copy_wanted.connect(self._copy_current)
        self.list.customContextMenuRequested.connect(self._show_menu)
        timeline.show_wanted.connect(self.show_wanted)
        timeline.filter_wanted.connect(self._filter)
        timeline.copy_wanted.connect(self._copy_shown)
        self.empty.actions_row[0].clicked.connect(self._do_next)
        copy = QShortcut(
            QKeySequence.StandardKey.Copy, timeline.table, context=Qt.ShortcutContext.WidgetShortcut
        )
        copy.activated.connect(timeline.copy_row)

    # what the window says

    def show_query(self, query: Query | None) -> None:
        """Show the conversations of what matches; read once the page is seen."""
        self._query = query
        self._stale = True
        self._say_empty()
        if self.isVisible():
            self._read()

    @Slot()
    def look_again(self) -> None:
        """The history has changed: what is shown follows while it is seen."""
        if self.isVisible() and not self._stale:
            self._reading.poke()
        else:
            self._stale = True

    @Slot()
    def read_again(self) -> None:
        """Another history, or all of it in another way."""
        self.show_query(self._query)

    def show_conversation(self, key: ConversationKey, push: int | None = None) -> None:
        """Look at a conversation, at one of its pushes where that is given."""
        self._wanted, self._wanted_push = key, push
        if self._listed:
            self._choose_wanted()
        self._reading.open(key)

    def take_focus(self) -> None:
        """Put the keyboard where it is wanted next."""
        self.list.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= SIDE_BY_SIDE_FROM
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() is not wanted:
            self.splitter.setOrientation(wanted)
            self.splitter.setSizes([LIST_WIDTH, 3 * LIST_WIDTH] if wide else [120, 480])

    # from the reading

    def _read(self) -> None:
        self._stale = False
        self._listed = False
        self._reading.show_query(self._query)

    @Slot(object)
    def _take_page(self, page: Listed) -> None:
        if not page.first:
            self.model.append(page.summaries, more=page.more)
            self._show_count(more=page.more)
            return
        current = self.list.current.key if self.list.current else None
        self.model.reset(page.summaries, more=page.more)
        self._stack.setCurrentWidget(self.splitter if page.summaries else self.empty)
        self._show_count(more=page.more)
        self._listed = True
        if self._wanted is not None:
            self._choose_wanted()
        elif not page.summaries:
            self._reading.open(None)
        elif current is None or not self.list.choose(current):
            self.list.choose(page.summaries[0].key)

    def _choose_wanted(self) -> None:
        """In the list, where it may be further down than was read yet."""
        if self._wanted is not None and not self.list.choose(self._wanted):
            self.list.clearSelection()
        self._wanted = None

    @Slot(object)
    def _take_news(self, news: News) -> None:
        summaries = [
            summary
            for summary in news.summaries
            if summary.key in news.matching or self.model.row_of(summary.key) is not None
        ]
        if not summaries:
            return
        was_empty = not self.model.rowCount()
        self.model.update(summaries)
        self._stack.setCurrentWidget(self.splitter)
        self._show_count(more=self.model.canFetchMore(self.list.rootIndex()))
        if was_empty:
            self.list.choose(self.model.summary(0).key)

    def _show_count(self, *, more: bool) -> None:
        count = self.model.rowCount()
        words = "1 conversation" if count == 1 and not more else f"{count:,} conversations"
        if self._is_filtered:
            words += " matches" if count == 1 and not more else " match"
        self.count.setText(f"The newest {words}" if more else words)

    @Slot(object)
    def _take_timeline(self, timeline: Timeline) -> None:
        pushes = timeline.conversation.pushes
        self.timeline.show_timeline(timeline)
        if self._wanted_push is not None and pushes:
            self.timeline.choose_id(self._wanted_push)
            self._wanted_push = None

    @Slot()
    def _read_more(self) -> None:
        self._reading.read_more(self.model.keys)

    @Slot()
    def _judge(self) -> None:
        wanted = self.model.take_wanted(MOST_JUDGED)
        if wanted:
            self._reading.judge(wanted)

    @Slot(object)
    def _open(self, summary: ConversationSummary | None) -> None:
        if summary is not None:
            self._reading.open(summary.key)

    # deeds

    def menu_for(self, summary: ConversationSummary) -> QMenu:
        """What can be done with a conversation of the list."""
        menu = QMenu(self)
        by = menu.addAction("Filter by this conversation")
        query = filter_by(summary.brand_id, summary.conversation_id)
        by.triggered.connect(lambda: self.filter_wanted.emit(query))
        by.setEnabled(bool(query))
        copy = menu.addAction("Copy the conversation’s id\tCtrl+C")
        copy.triggered.connect(lambda: self._copy(summary.conversation_id))
        copy.setEnabled(bool(summary.conversation_id))
        return menu

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if index.isValid():
            menu = self.menu_for(self.model.summary(index.row()))
            menu.exec(self.list.viewport().mapToGlobal(place))
            menu.deleteLater()

    @Slot()
    def _filter(self) -> None:
        shown = self.timeline.conversation
        if shown is not None and filter_by(shown.brand_id, shown.conversation_id):
            self.filter_wanted.emit(filter_by(shown.brand_id, shown.conversation_id))

    @Slot()
    def _copy_current(self) -> None:
        if self.list.current is not None:
            self._copy(self.list.current.conversation_id)

    @Slot()
    def _copy_shown(self) -> None:
        if self.timeline.conversation is not None:
            self._copy(self.timeline.conversation.conversation_id)

    def _copy(self, conversation_id: str | None) -> None:
        if conversation_id:
            QGuiApplication.clipboard().setText(conversation_id)
            self.message.emit(f"Copied {conversation_id}")

    @Slot()
    def _do_next(self) -> None:
        (self.clear_wanted if self._is_filtered else self.compose_wanted).emit()

    @property
    def _is_filtered(self) -> bool:
        return self._query is not None and not self._query.matches_everything

    def _say_empty(self) -> None:
        filtered = self._is_filtered
        self.empty.actions_row[0].setText("Clear the filter" if filtered else "Open the composer")
        if filtered:
            self.empty.say(
                "Nothing matches the filter", "Loosen it, or clear it to see everything.", "funnel-simple"
            )
        else:
            self.empty.say(
                "No conversations yet",
                "They show as soon as pushes are received or sent: start listening, or send yourself a sample.",
                "chats",
            )


def filter_by(brand_id: str | None, conversation_id: str | None) -> str:
    """The query that keeps a conversation's pushes; empty where there is none to make."""
    if not conversation_id:
        return ""
    terms = [term("brand", brand_id)] if brand_id else []
    return " ".join([*terms, term("conv", conversation_id)])
