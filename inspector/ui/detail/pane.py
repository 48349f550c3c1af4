"""The pane below the table: one event whole, in tabs. Imports PySide6 and the parts of this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from inspector.contract.push import Problem
from inspector.history.model import Direction, Event, Kind, Row
from inspector.ui.detail.facts_view import FactsView
from inspector.ui.detail.head import DetailHead
from inspector.ui.detail.hex_tab import HexTab
from inspector.ui.detail.note_field import NoteField
from inspector.ui.detail.payload_view import PayloadView
from inspector.ui.detail.prepared import Detail, prepare
from inspector.ui.detail.problem_list import ProblemList, marks_of
from inspector.ui.detail.raw_view import RawView
from inspector.ui.detail.sections import Section
from inspector.ui.detail.shown import Shown
from inspector.ui.empty_state import EmptyState
from inspector.ui.feed import HistoryFeed
from inspector.ui.mark_change import MarkChange
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.ui.detail.deeds import Deeds
    from inspector.ui.detail.tls_tab import TlsTab
HEADER_PROBLEMS = ("missing_header", "unexpected_header_value")


class DetailPane(QFrame):
    """Shows the event of a Row. `resend_wanted` and `edit_wanted` carry the Event, `filter_wanted` a query; `said`
    tells what went to the clipboard, `import_wanted` asks for the certificates page's import, `left` is Esc.
    `mark_wanted` brings an event's id and the MarkChange, `revealed` whether secrets are shown from now on."""

    resend_wanted = Signal(object)
    edit_wanted = Signal(object)
    filter_wanted = Signal(str)
    said = Signal(str)
    import_wanted = Signal()
    left = Signal()
    mark_wanted = Signal(object, object)
    revealed = Signal(bool)

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
        self._note_wanted = False
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
        self.tabs.currentChanged.connect(self._fill)
        self._make_head()
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.note)
        column.addWidget(self.tabs, 1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(body)

    def _make_head(self) -> None:
        self.head = DetailHead(self._theme, self)
        self.reveal = self.head.reveal
        self.reveal.toggled.connect(self._set_revealed)
        self.resend = self.head.resend
        self.resend.clicked.connect(self._resend)
        self.edit = self.head.edit
        self.edit.clicked.connect(self._edit)
        self.head.mark_wanted.connect(self._mark)
        self.head.note_wanted.connect(self.write_note)
        self.note = NoteField(self._theme, self)
        self.note.kept.connect(self._keep_note)
        self.note.left.connect(self.left)

    def _make_tabs(self) -> None:
        self._tree = PayloadView(self._theme, self._worker, self)
        self._tree.filter_wanted.connect(self.filter_wanted)
        self._tree.said.connect(self.said)
        self._problems = ProblemList(self._theme, self)
        self._problems.chosen.connect(self._go_to_problem)
        self._headers = FactsView(self._theme, "Request headers", self)
        self._answer = FactsView(self._theme, "Answer", self)
        self._raw = RawView(self._theme, self._worker, self)
        self._hex = HexTab(self._theme, self)
        self._hex.view.said.connect(self.said)
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
            (self._hex, "Hex"),
        ):
            self.tabs.addTab(page, title)
        self._fillers: dict[QWidget, Callable[[Detail, Shown], None]] = {
            self._tree: self._fill_tree,
            self._problems: self._fill_problems,
            self._headers: self._fill_headers,
            self._raw: self._fill_raw,
            self._hex: self._fill_hex,
        }
        self._stale: set[QWidget] = set()

    # what the window asks

    @Slot(object)
    def show_row(self, row: Row | None) -> None:
        """Show the event of a row; None shows the empty state."""
        self.note.keep()
        self._row = row
        self._note_wanted = False
        if row is None:
            self._detail = None
            self._worker.outdated("event")
            self._stack.setCurrentIndex(0)
            return
        self._read()

    def forget(self) -> None:
        """Another history is shown from now on: what was seen so far is of no event in it."""
        self.note.forget()
        self._detail = None

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
        return self._shown.answer

    @Slot()
    def write_note(self) -> None:
        """Let the person write a note on what is looked at, as soon as it is shown."""
        if self._row is None:
            return
        self._note_wanted = self.note.identifier != self._row.id
        if not self._note_wanted:
            self.note.write()

    @property
    def _shown(self) -> Shown:
        return self._detail.shown(revealed=self.reveal.isChecked()) if self._detail else Shown()

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
        self.head.show_event(detail.overview, detail.event.mark, push=push)
        self.note.show_note(detail.event.id, detail.event.mark.note if detail.event.mark else "")
        if self._note_wanted:
            self._note_wanted = False
            self.note.write()
        for page in (self._tree, self._problems, self._headers, self._answer, self._raw, self._hex):
            self.tabs.setTabVisible(self.tabs.indexOf(page), push)
        self.tabs.setTabVisible(self.tabs.indexOf(self._tree), push and detail.is_json)
        place = self.tabs.indexOf(self._problems)
        self.tabs.setTabText(place, f"Problems  {len(detail.problems)}" if detail.problems else "Problems")
        title = "Answer" if written.direction is Direction.IN else "Result"
        self.tabs.setTabText(self.tabs.indexOf(self._answer), title)
        if push and (before is None or before.event.id != detail.event.id):
            self._stale = set(self._fillers)
        self._answer.show_sections(self._shown.answer)
        self._fill()
        self._stack.setCurrentIndex(1)

    def _fill_tls(self) -> None:
        """Fill the TLS tab; made when it is first looked at, as X.509 is slow to import."""
        if self._detail is None:
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

    def _fill_tree(self, detail: Detail, shown: Shown) -> None:
        self._tree.show_document(
            shown.document if detail.is_json else {},
            marks_of(detail.problems),
            original=detail.revealed.document if detail.is_json else {},
            written=detail.event.written,
            revealed=self.reveal.isChecked(),
        )

    def _fill_problems(self, detail: Detail, _shown: Shown) -> None:
        self._problems.show_problems(detail.problems, detail.refusals)

    def _fill_headers(self, _detail: Detail, shown: Shown) -> None:
        self._headers.show_sections(shown.headers)

    def _fill_raw(self, detail: Detail, shown: Shown) -> None:
        self._raw.show_body(shown, is_json=detail.is_json)

    def _fill_hex(self, detail: Detail, shown: Shown) -> None:
        self._hex.show_bytes(shown.body, masked=shown.body != detail.revealed.body)

    @Slot()
    def _fill(self) -> None:
        """Fill the tab that is looked at: a body may be large, and most are looked at in one way."""
        page = self.tabs.currentWidget()
        if page is self._tls_page:
            self._fill_tls()
        elif self._detail is not None and page in self._stale:
            self._stale.discard(page)
            self._fillers[page](self._detail, self._shown)

    @Slot(bool)
    def _set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - Qt's signature
        """The one switch for everything in the window that is secret."""
        detail = self._detail
        if detail is not None and detail.event.written.kind is Kind.PUSH:
            path = self._tree.current_path
            self._stale.clear()  # what is not looked at must not hold secrets either
            for fill in self._fillers.values():
                fill(detail, self._shown)
            self._answer.show_sections(self._shown.answer)
            if path:
                self._tree.go_to(path)
        self.revealed.emit(revealed)

    @Slot(object)
    def _go_to_problem(self, problem: Problem) -> None:
        """Where the body is no JSON, the place is in its text."""
        if self._detail is None:
            return
        if problem.code in HEADER_PROBLEMS:
            self.tabs.setCurrentWidget(self._headers)
        elif self._detail.is_json:
            self.tabs.setCurrentWidget(self._tree)
            self._tree.go_to(problem.path)
            self._tree.setFocus()
        else:
            self.tabs.setCurrentWidget(self._raw)
            self._raw.go_to_fault()

    @Slot(object)
    def _mark(self, change: MarkChange) -> None:
        if self._detail is not None:
            self.mark_wanted.emit(self._detail.event.id, change)

    @Slot(int, str)
    def _keep_note(self, identifier: int, note: str) -> None:
        self.mark_wanted.emit(identifier, MarkChange(note=note))


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
