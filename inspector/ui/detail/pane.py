"""The pane below the table: one event whole, in tabs. Imports PySide6 and the parts of this package."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStackedLayout,
    QTabWidget,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.push import Severity
from inspector.history.model import Direction, Event, Kind, Row
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.detail.facts_view import FactsView
from inspector.ui.detail.json_tree import PATH_ROLE, VALUE_ROLE, JsonTreeModel
from inspector.ui.detail.prepared import Detail, prepare
from inspector.ui.empty_state import EmptyState
from inspector.ui.feed import HistoryFeed
from inspector.ui.json_editor import JsonEditor
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

WIDEST_OPENED = 200
MOST_OPENED = 1000
OPENED_LEVELS = 3  # the root, what is in it, and what is in that
HEAD_HEIGHT = 36
_QUERY_FIELDS = {
    "brandId": "brand",
    "conversationId": "conv",
    "dialogId": "dialog",
    "originatorId": "originator",
    "sequence": "seq",
    "badge": "badge",
}


class DetailPane(QFrame):
    """Shows the event of a Row. `resend_wanted` and `edit_wanted` carry the Event, `filter_wanted` a query."""

    resend_wanted = Signal(object)
    edit_wanted = Signal(object)
    filter_wanted = Signal(str)

    def __init__(
        self, feed: HistoryFeed, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._feed = feed
        self._worker = worker
        self._theme = theme
        self._detail: Detail | None = None
        self._wanted_id: int | None = None
        self._empty = EmptyState(theme, "list-magnifying-glass", parent=self)
        self._empty.say(
            "Nothing selected", "Pick a row to see its payload, what is odd about it, and its TLS facts."
        )
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("detail_tabs")
        self.tabs.setAccessibleName("Details of the selected row")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Details")
        self._make_tabs()
        head = self._make_head()
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.tabs)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(body)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _make_head(self) -> QWidget:
        head = QWidget(self)
        head.setFixedHeight(HEAD_HEIGHT)
        self._overview = ElidedLabel(head, Qt.TextElideMode.ElideRight)
        self._overview.setProperty("role", "muted")
        self.reveal = QToolButton(head)
        self.reveal.setCheckable(True)
        self.reveal.setAccessibleName("Show device tokens")
        self.reveal.toggled.connect(self._set_revealed)
        self.resend = QPushButton("Resend", head)
        self.resend.setObjectName("resend_button")
        self.resend.setProperty("kind", "quiet")
        self.resend.setToolTip("Send these bytes again to the composer's target (Ctrl+R)")
        self.resend.clicked.connect(self._resend)
        self.edit = QPushButton("Edit and resend", head)
        self.edit.setObjectName("edit_resend_button")
        self.edit.setProperty("kind", "quiet")
        self.edit.setToolTip("Put the payload into the composer (Ctrl+E)")
        self.edit.clicked.connect(self._edit)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._overview, 1)
        row.addWidget(self.reveal)
        row.addWidget(self.resend)
        row.addWidget(self.edit)
        return head

    def _make_tabs(self) -> None:
        self._tree_model = JsonTreeModel(self._theme, self)
        self._tree = QTreeView(self)
        self._tree.setObjectName("payload_view")
        self._tree.setAccessibleName("Payload as a tree")
        self._tree.setModel(self._tree_model)
        self._tree.setUniformRowHeights(True)
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(16)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self._tree.header().setStretchLastSection(True)
        self._tree.header().setResizeContentsPrecision(0)  # by the rows that show, not by all of them
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._show_tree_menu)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self._tree, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy_value)
        self._problems = QListWidget(self)
        self._problems.setAccessibleName("Problems of the payload")
        self._problems.setWordWrap(True)
        self._problems.setProperty("role", "padded")
        self._problems.setSpacing(3)
        self._problems.setIconSize(QSize(16, 16))
        self._problems.itemActivated.connect(self._go_to_problem)
        self._problems.itemClicked.connect(self._go_to_problem)
        self._tls = FactsView(self._theme, "TLS and certificate", self)
        self._headers = FactsView(self._theme, "Request headers", self)
        self._answer = FactsView(self._theme, "Answer", self)
        self._raw = JsonEditor(self._theme, self._worker, self)
        self._raw.setReadOnly(True)
        self._raw.setObjectName("raw_view")
        self._raw.setAccessibleName("Payload as raw text")
        self._advice = QLabel(self)
        self._advice.setWordWrap(True)
        self._advice.setTextFormat(Qt.TextFormat.PlainText)
        self._advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._advice_box = QFrame(self)
        self._advice_box.setProperty("role", "fault")
        inside = QVBoxLayout(self._advice_box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self._advice)
        self._tls_page = QWidget(self)
        column = QVBoxLayout(self._tls_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        frame = QWidget(self._tls_page)
        margin = QVBoxLayout(frame)
        margin.setContentsMargins(12, 10, 12, 2)
        margin.addWidget(self._advice_box)
        self._advice_frame = frame
        column.addWidget(frame)
        column.addWidget(self._tls, 1)
        for page, title in (
            (self._tree, "Payload"),
            (self._problems, "Problems"),
            (self._tls_page, "TLS"),
            (self._headers, "Headers"),
            (self._answer, "Answer"),
            (self._raw, "Raw"),
        ):
            self.tabs.addTab(page, title)

    # what the window asks

    @Slot(object)
    def show_row(self, row: Row | None) -> None:
        """Show the event of a row; None shows the empty state."""
        if row is None:
            self._wanted_id = None
            self._detail = None
            self._worker.outdated("event")
            self._stack.setCurrentIndex(0)
            return
        self._wanted_id = row.id
        self._feed.read(row.id, prepare_event, self._show)

    @property
    def event_shown(self) -> Event | None:
        return self._detail.event if self._detail else None

    @Slot()
    def _resend(self) -> None:
        if self._detail is not None and self._detail.event.written.kind is Kind.PUSH:
            self.resend_wanted.emit(self._detail.event)

    @Slot()
    def _edit(self) -> None:
        if self._detail is not None and self._detail.event.written.kind is Kind.PUSH:
            self.edit_wanted.emit(self._detail.event)

    # filling in

    def _show(self, detail: Detail | None) -> None:
        if detail is None or detail.event.id != self._wanted_id:
            return
        self._detail = detail
        written = detail.event.written
        push = written.kind is Kind.PUSH
        self._overview.setText(detail.overview)
        for button in (self.resend, self.edit, self.reveal):
            button.setVisible(push)
        for page in (self._tree, self._problems, self._headers, self._answer, self._raw):
            self.tabs.setTabVisible(self.tabs.indexOf(page), push)
        self.tabs.setTabVisible(self.tabs.indexOf(self._tree), push and detail.is_json)
        place = self.tabs.indexOf(self._problems)
        self.tabs.setTabText(place, f"Problems  {len(detail.problems)}" if detail.problems else "Problems")
        title = "Answer" if written.direction is Direction.IN else "Result"
        self.tabs.setTabText(self.tabs.indexOf(self._answer), title)
        self._advice.setText(in_window(written.advice.text if written.advice else ""))
        self._advice_frame.setVisible(bool(written.advice) and not push)
        self._tls.show_sections(detail.tls)
        if push:
            self._show_payload(detail)
        self._stack.setCurrentIndex(1)

    def _show_payload(self, detail: Detail) -> None:
        if detail.is_json:
            self._tree_model.show(detail.document, {one.path: one.message for one in detail.problems})
            self._expand()
            self._tree.resizeColumnToContents(0)
            self._tree.header().resizeSection(0, min(320, max(140, self._tree.header().sectionSize(0) + 16)))
        self._show_raw()
        self._headers.show_sections(detail.headers)
        self._answer.show_sections(detail.answer)
        self._problems.clear()
        colors = self._theme.colors
        tones = {Severity.ERROR: colors.red, Severity.WARNING: colors.amber, Severity.INFO: colors.muted}
        for problem in detail.problems:
            where = f"{problem.path}\n" if problem.path else ""
            name = "info" if problem.severity is Severity.INFO else "warning-circle"
            item = QListWidgetItem(icons.icon(name, tones[problem.severity]), f"{where}{problem.message}")
            item.setData(Qt.ItemDataRole.UserRole, problem.path)
            item.setToolTip(f"{problem.severity.value}: {problem.code}")
            self._problems.addItem(item)
        if not detail.problems:
            item = QListWidgetItem(icons.icon("check-circle", colors.green), "Fits the documented contract.")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self._problems.addItem(item)

    def _expand(self) -> None:
        """Open two levels of the tree, but for what is so wide that opening it would take long."""
        left = MOST_OPENED
        level = [QModelIndex()]
        for _depth in range(OPENED_LEVELS):
            inside = []
            for parent in level:
                rows = self._tree_model.rowCount(parent)
                if rows > min(WIDEST_OPENED, left):
                    continue
                left -= rows
                if parent.isValid():
                    self._tree.expand(parent)
                inside += [self._tree_model.index(row, 0, parent) for row in range(rows)]
            level = inside

    def _show_raw(self) -> None:
        detail = self._detail
        if detail is None:
            return
        self._raw.setPlainText(detail.raw if self.reveal.isChecked() else detail.masked)

    @Slot(bool)
    def _set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._tree_model.set_masked(not revealed)
        self._expand()
        self._show_raw()
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        revealed = self.reveal.isChecked()
        self.reveal.setIcon(icons.icon("eye" if revealed else "eye-slash", colors.muted))
        self.reveal.setToolTip(
            "Device tokens are shown" if revealed else "Device tokens are masked; show them"
        )
        icons.set_on(self.resend, "arrow-clockwise", colors.text)
        icons.set_on(self.edit, "pencil-simple-line", colors.text)
        if self._detail is not None and self._detail.event.written.kind is Kind.PUSH:
            self._show_payload(self._detail)

    # the tree's menu and the problems' places

    @Slot(QListWidgetItem)
    def _go_to_problem(self, item: QListWidgetItem) -> None:
        path = item.data(Qt.ItemDataRole.UserRole)
        if path and self._detail is not None and self._detail.is_json:
            index = self._tree_model.index_of(path)
            if index.isValid():
                self.tabs.setCurrentWidget(self._tree)
                self._tree.setCurrentIndex(index)
                self._tree.scrollTo(index)

    @Slot(QPoint)
    def _show_tree_menu(self, place: QPoint) -> None:
        index = self._tree.indexAt(place)
        if index.isValid():
            self._tree.setCurrentIndex(index)
            menu = self.menu_for(index)
            menu.exec(self._tree.viewport().mapToGlobal(place))
            menu.deleteLater()

    def menu_for(self, index: QModelIndex) -> QMenu:
        """Copy value or path, filter by the value where a field is known to the filter."""
        menu = QMenu(self)
        menu.addAction("Copy value").triggered.connect(self._copy_value)
        menu.addAction("Copy path").triggered.connect(self._copy_path)
        path = str(index.data(PATH_ROLE))
        field = _QUERY_FIELDS.get(path.rsplit(".", 1)[-1])
        if field:
            query = f"{field}:{index.data(VALUE_ROLE)}"
            menu.addSeparator()
            menu.addAction(f"Filter by {menu_text(query)}").triggered.connect(
                lambda: self.filter_wanted.emit(query)
            )
        return menu

    @Slot()
    def _copy_value(self) -> None:
        QGuiApplication.clipboard().setText(str(self._tree.currentIndex().data(VALUE_ROLE) or ""))

    @Slot()
    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(str(self._tree.currentIndex().data(PATH_ROLE) or ""))


def prepare_event(event: Event | None) -> Detail | None:
    """What the feed runs in its thread after reading an event."""
    return None if event is None else prepare(event)
