"""The timeline of one conversation: its plot, the small plots, the findings and the table.

Imports the parts and PySide6.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.history.conversation_model import Conversation, ConversationPush
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.conversations.bar_plot import BarPlot
from inspector.ui.conversations.findings_view import FindingsView
from inspector.ui.conversations.reading import Timeline
from inspector.ui.conversations.timeline_model import COLUMNS, KEYS, TimelineModel
from inspector.ui.conversations.timeline_plot import TimelinePlot
from inspector.ui.conversations.timeline_view import TimelineView
from inspector.ui.conversations.wording import conversation_name, head_facts
from inspector.ui.theme import Theme, fixed_font

ROOM_FOR_ALL, ROOM_FOR_SMALL_PLOTS = 600, 500


class TimelinePane(QFrame):
    """`show_wanted` carries the id of the push to show among all, `filter_wanted` and `copy_wanted` ask for the filter
    by this conversation and for its id."""

    show_wanted = Signal(object)
    filter_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self.conversation: Conversation | None = None
        self.model = TimelineModel(self)
        self.name = ElidedLabel(self)
        self.name.setFont(fixed_font(13))
        self.facts = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.facts.setProperty("role", "muted")
        self.filter = self._button("Filter by this conversation", "conversation_filter")
        self.filter.clicked.connect(self.filter_wanted)
        self.copy = self._button("Copy the conversation’s id", "conversation_copy")
        self.copy.clicked.connect(self.copy_wanted)
        self.plot = TimelinePlot(theme, self)
        self.over_time = BarPlot(theme, "Pushes per time", "No pushes", self)
        self.gaps = BarPlot(theme, "Retry gaps", "No retries", self)
        self.findings = FindingsView(theme, self)
        self.table = TimelineView(self.model, theme, self)
        self._lay_out()
        self.plot.chosen.connect(self.table.choose)
        self.plot.opened.connect(self._show_current)
        self.table.chosen.connect(self.plot.show_current)
        self.table.opened.connect(self._show_current)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.findings.chosen.connect(self.choose_id)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _button(self, words: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setFixedSize(28, 28)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 8, 4)
        head.setSpacing(4)
        head.addLayout(words, 1)
        head.addWidget(self.filter)
        head.addWidget(self.copy)
        self._small = QWidget(self)
        small = QHBoxLayout(self._small)
        small.setContentsMargins(0, 0, 0, 0)
        small.setSpacing(0)
        small.addWidget(self.over_time, 3)
        small.addWidget(self.gaps, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.plot)
        layout.addWidget(self._line())
        layout.addWidget(self._small)
        layout.addWidget(self._line())
        layout.addWidget(self.findings)
        layout.addWidget(self._line())
        layout.addWidget(self.table, 1)

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setProperty("role", "line")
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the table keeps some of it."""
        super().resizeEvent(event)
        self.findings.show_rows(4 if self.height() >= ROOM_FOR_ALL else 2)
        self._small.setVisible(self.height() >= ROOM_FOR_SMALL_PLOTS)

    # what the page says

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a conversation; where it is the one that is shown, what is looked at stays."""
        conversation = timeline.conversation
        pushes = conversation.pushes
        looked_at = self.current
        same = self.conversation is not None and conversation.key == self.conversation.key
        self.conversation = conversation
        self._show_name(conversation.brand_id, conversation.conversation_id)
        faulty = frozenset(identifier for finding in timeline.findings for identifier in finding.ids)
        bar = self.table.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self.model.show_pushes(pushes, timeline.findings)
        self.table.setColumnHidden(KEYS.index("attempt"), all(push.attempt <= 1 for push in pushes))
        self.plot.show_pushes(pushes, faulty)
        self.plot.setFixedHeight(self.plot.sizeHint().height())
        self.over_time.show_bars(timeline.over_time)
        self.gaps.show_bars(timeline.gaps)
        self.findings.show_findings(timeline.findings)
        self.facts.setText(head_facts(conversation))
        row = self.model.row_of(looked_at.id) if same and looked_at is not None else None
        if row is not None:
            if self.table.row != row:
                self.table.choose(row)
            self.plot.show_current(row)
        elif not same:
            self.plot.show_current(-1)
        if not same or (at_end and row is None):
            self.table.scrollToBottom()

    def _show_name(self, brand: str | None, conversation_id: str | None) -> None:
        name = conversation_name(conversation_id)
        self.name.setText(f"{brand} · {name}" if brand and conversation_id is not None else name)
        has_id = bool(conversation_id)
        self.filter.setEnabled(has_id)
        self.copy.setEnabled(has_id)

    @property
    def current(self) -> ConversationPush | None:
        """The push that is looked at."""
        row = self.table.row
        return self.model.push(row) if 0 <= row < self.model.rowCount() else None

    @Slot(object)
    def choose_id(self, identifier: int) -> None:
        """Look at a push of this conversation."""
        row = self.model.row_of(identifier)
        if row is not None:
            self.table.choose(row)

    def copy_row(self) -> None:
        """Put the row looked at on the clipboard, tab separated."""
        push = self.current
        if push is not None:
            QGuiApplication.clipboard().setText("\t".join(column.text(push) for column in COLUMNS))

    @Slot()
    def _show_current(self) -> None:
        push = self.current
        if push is not None:
            self.show_wanted.emit(push.id)

    # menus

    def menu_for(self, row: int) -> QMenu:
        """What can be done with a push of the timeline."""
        push = self.model.push(row)
        menu = QMenu(self)
        menu.addAction("Show among all pushes\tEnter").triggered.connect(
            lambda: self.show_wanted.emit(push.id)
        )
        menu.addSeparator()
        by = menu.addAction("Filter by this conversation")
        by.triggered.connect(self.filter_wanted)
        by.setEnabled(self.filter.isEnabled())
        copy = menu.addAction("Copy the conversation’s id")
        copy.triggered.connect(self.copy_wanted)
        copy.setEnabled(self.copy.isEnabled())
        menu.addAction("Copy the row\tCtrl+C").triggered.connect(self.copy_row)
        return menu

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if index.isValid():
            menu = self.menu_for(index.row())
            menu.exec(self.table.viewport().mapToGlobal(place))
            menu.deleteLater()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self.filter.setIcon(icons.icon("funnel-simple", colors.text, colors.strong_border))
        self.copy.setIcon(icons.icon("copy", colors.text, colors.strong_border))
