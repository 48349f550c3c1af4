"""The pane below the table: one event whole, in tabs. Imports PySide6 and the parts of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedLayout,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.push import Severity
from inspector.history.model import Direction, Event, Kind, Row
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.detail.facts_view import FactsView
from inspector.ui.detail.payload_view import PayloadView
from inspector.ui.detail.prepared import Detail, prepare
from inspector.ui.detail.sections import Section
from inspector.ui.empty_state import EmptyState
from inspector.ui.feed import HistoryFeed
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.ui.detail.deeds import Deeds
    from inspector.ui.detail.tls_tab import TlsTab

HEAD_HEIGHT = 36


class DetailPane(QFrame):
    """Shows the event of a Row. `resend_wanted` and `edit_wanted` carry the Event, `filter_wanted` a query; `said`
    tells what went to the clipboard, `import_wanted` asks for the certificates page's import, `left` is Esc."""

    resend_wanted = Signal(object)
    edit_wanted = Signal(object)
    filter_wanted = Signal(str)
    said = Signal(str)
    import_wanted = Signal()
    left = Signal()

    def __init__(
        self, feed: HistoryFeed, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._feed = feed
        self._worker = worker
        self._theme = theme
        self._detail: Detail | None = None
        self._row: Row | None = None
        self._deeds: Deeds | None = None
        self._tls: TlsTab | None = None
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
        self.tabs.currentChanged.connect(self._fill_tls)
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
        self._tree = PayloadView(self._theme, self)
        self._tree.filter_wanted.connect(self.filter_wanted)
        self._problems = QListWidget(self)
        self._problems.setAccessibleName("Problems of the payload")
        self._problems.setWordWrap(True)
        self._problems.setProperty("role", "padded")
        self._problems.setSpacing(3)
        self._problems.setIconSize(QSize(16, 16))
        self._problems.itemActivated.connect(self._go_to_problem)
        self._problems.itemClicked.connect(self._go_to_problem)
        self._headers = FactsView(self._theme, "Request headers", self)
        self._answer = FactsView(self._theme, "Answer", self)
        self._raw = JsonEditor(self._theme, self._worker, self)
        self._raw.setReadOnly(True)
        self._raw.setObjectName("raw_view")
        self._raw.setAccessibleName("Payload as raw text")
        self._tls_page = QWidget(self)
        inside = QVBoxLayout(self._tls_page)
        inside.setContentsMargins(0, 0, 0, 0)
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
        self._row = row
        if row is None:
            self._detail = None
            self._worker.outdated("event")
            self._stack.setCurrentIndex(0)
            return
        self._read()

    @Slot(object)
    def look_again(self, row: Row | None) -> None:
        """The row that is looked at may have changed: answered later, or turned away once more."""
        if row is not None and self._row is not None and row.id == self._row.id and row != self._row:
            self._row = row
            self._read()

    def serve(self, deeds: Deeds) -> None:
        """Have somebody who does what the TLS tab offers. Call before anything is shown."""
        self._deeds = deeds

    @Slot()
    def _read(self) -> None:
        if self._row is not None:
            deeds = self._deeds
            self._feed.read(self._row.id, lambda event: prepare_event(event, deeds), self._show)

    @property
    def event_shown(self) -> Event | None:
        return self._detail.event if self._detail else None

    @property
    def answer_shown(self) -> tuple[Section, ...]:
        """The facts of the answer."""
        return self._detail.answer if self._detail else ()

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
        if detail is None or self._row is None or detail.event.id != self._row.id:
            return
        before, self._detail = self._detail, detail
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
        if push and (before is None or before.event.id != detail.event.id):
            self._show_payload(detail)
        self._answer.show_sections(detail.answer)
        self._fill_tls()
        self._stack.setCurrentIndex(1)

    @Slot()
    def _fill_tls(self) -> None:
        """Fill the TLS tab where it is looked at; made then, as X.509 is slow to import."""
        if self._detail is None or self.tabs.currentWidget() is not self._tls_page:
            return
        if self._tls is None:
            from inspector.ui.detail.tls_tab import TlsTab

            self._tls = TlsTab(self._theme, self._deeds, self._tls_page)
            self._tls.said.connect(self.said)
            self._tls.look_again.connect(self._read)
            self._tls.import_wanted.connect(self.import_wanted)
            self._tls.left.connect(self.left)
            inside = self._tls_page.layout()
            assert inside is not None
            inside.addWidget(self._tls)
        self._tls.show_detail(self._detail)

    def _show_payload(self, detail: Detail) -> None:
        if detail.is_json:
            self._tree.show_document(detail.document, {one.path: one.message for one in detail.problems})
        self._show_raw()
        self._headers.show_sections(detail.headers)
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

    def _show_raw(self) -> None:
        detail = self._detail
        if detail is None:
            return
        self._raw.setPlainText(detail.raw if self.reveal.isChecked() else detail.masked)

    @Slot(bool)
    def _set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._tree.set_masked(not revealed)
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

    @Slot(QListWidgetItem)
    def _go_to_problem(self, item: QListWidgetItem) -> None:
        path = item.data(Qt.ItemDataRole.UserRole)
        if path and self._detail is not None and self._detail.is_json and self._tree.go_to(path):
            self.tabs.setCurrentWidget(self._tree)


def prepare_event(event: Event | None, deeds: Deeds | None = None) -> Detail | None:
    """What the feed runs in its thread after reading an event. How things are around is only looked at where it says
    what would help."""
    if event is None:
        return None
    connection = event.written.connection
    shown = connection is not None and connection.certificate is not None
    if deeds is None or event.written.direction is Direction.OUT:
        return prepare(event)
    return prepare(event, deeds.look_around() if shown or event.written.kind is Kind.HANDSHAKE else None)
