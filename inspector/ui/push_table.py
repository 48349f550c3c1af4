"""The table of events: newest at the bottom, following only while at the bottom. Imports PySide6 and the model."""

from __future__ import annotations

from array import array
from itertools import chain, islice

from PySide6.QtCore import QItemSelection, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.history.model import Kind, Row
from inspector.history.ordering import ORDERED_BY, Order
from inspector.ui.empty_state import EmptyState
from inspector.ui.mark_change import MarkChange
from inspector.ui.push_columns import COLUMNS
from inspector.ui.push_menu import menu_for
from inspector.ui.push_model import CACHED_ROWS, ROW_ROLE, PushModel, column_of
from inspector.ui.push_view import PushView
from inspector.ui.row_table import look_at, set_up_rows
from inspector.ui.standing import Stood
from inspector.ui.theme import Theme


class PushTable(QFrame):
    """The table with its empty state and the button that goes back to the newest row.

    `selected` brings the Row looked at (or None), `filter_wanted` a query text, `filter_added` one to ask for besides
    what is filtered by, `order_wanted` an Order (None for the one rows came in), `resend_wanted` and `edit_wanted`
    the row to send again (`resend_selected_wanted` asks for all selected, `resend_shown_wanted` for all there are),
    `try_wanted` the row to try the rules with, `rule_wanted` the one to make a rule like, `compare_wanted` one to
    compare with the push before (None for the two selected), `compare_composer_wanted` one to compare with what the
    composer holds, `copy_as_wanted` one to copy and the key of the way, `conversation_wanted` the one to show in its
    conversation, `mark_wanted` the id of one to mark and the MarkChange, `note_wanted` the one to write a note on.
    """

    selected = Signal(object)
    filter_wanted = Signal(str)
    filter_added = Signal(str)
    resend_wanted = Signal(object)
    resend_selected_wanted = Signal()
    resend_shown_wanted = Signal()
    edit_wanted = Signal(object)
    order_wanted = Signal(object)
    try_wanted = Signal(object)
    rule_wanted = Signal(object)
    copy_as_wanted = Signal(object, str)
    compare_wanted = Signal(object)
    compare_composer_wanted = Signal(object)
    conversation_wanted = Signal(object)
    mark_wanted = Signal(object, object)
    note_wanted = Signal(object)

    def __init__(self, model: PushModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._model = model
        self._theme = theme
        self._unseen = 0
        self._follow = True
        self._older = False
        self._top = 0
        self._stood = Stood()
        self._order: Order | None = None
        self._order_is_new = False
        self._selected_id: int | None = None
        self._revealed = False
        self.view = PushView(model, theme, self)
        self.view.setObjectName("push_table")
        self.view.setAccessibleName("Pushes")
        self.view.setAccessibleDescription(
            "Received and sent pushes and refused handshakes, newest at the bottom"
        )
        self._set_up_view()
        self.empty = EmptyState(theme, "tray", buttons=2, parent=self)
        self.newest = QPushButton(self.view)
        self.newest.setAccessibleName("Go to the newest row")
        self.newest.hide()
        self.newest.clicked.connect(self.go_to_newest)
        holder = QWidget(self)
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(holder)
        model.rowsAboutToBeInserted.connect(self._before_insert)
        model.rowsInserted.connect(self._after_insert)
        model.rowsAboutToBeRemoved.connect(self._before_remove)
        model.rowsRemoved.connect(self._after_remove)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        model.dataChanged.connect(self._look_again)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.pin_wanted.connect(self._pin)

    def _set_up_view(self) -> None:
        view = self.view
        set_up_rows(view, QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        header = view.horizontalHeader()
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(28)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place in range(len(COLUMNS)):
            view.setColumnWidth(place, view.first_width(place))
        header.setSectionResizeMode(column_of("text"), QHeaderView.ResizeMode.Stretch)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(self._order_by)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_header_menu)

    # what the window asks

    @property
    def current_row(self) -> Row | None:
        """The row that is looked at."""
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() and self.view.selectionModel().hasSelection() else None

    @property
    def selected_rows(self) -> list[Row]:
        """The selected rows that are read, from the top; of a million that are selected the first few thousand."""
        places = chain.from_iterable(range(*span) for span in self._selected_spans())
        rows = (self._model.row(place) for place in islice(places, CACHED_ROWS))
        return [row for row in rows if row is not None]

    @property
    def selected_ids(self) -> array[int]:
        """The ids of all selected rows, from the top."""
        ids = array("q")
        for first, end in self._selected_spans():
            ids.extend(self._model.ids_between(first, end))
        return ids

    @property
    def selected_pushes(self) -> int:
        """How many pushes are selected; where they are too many to look at each, all rows count."""
        count = sum(end - first for first, end in self._selected_spans())
        if count > CACHED_ROWS:
            return count
        rows = self.selected_rows
        return sum(row.kind is Kind.PUSH for row in rows) + count - len(rows)

    def _selected_spans(self) -> list[tuple[int, int]]:
        """The first place and the one after the last of what is selected together."""
        chosen = self.view.selectionModel().selection()
        ranges = (chosen.at(place) for place in range(chosen.size()))
        return sorted({(one.top(), one.bottom() + 1) for one in ranges})

    def select_id(self, identifier: int) -> bool:
        """Look at an event; False where it is not in the table."""
        position = self._model.position_of(identifier)
        if position is None:
            return False
        look_at(self.view, self._model.index(position, 0))
        return True

    @Slot()
    def go_to_newest(self) -> None:
        """Scroll to the bottom and follow from there."""
        self._follow = True
        self.view.scrollToBottom()
        self._unseen = 0
        self._show_newest()

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard, tab separated."""
        lines = ["\t".join(column.text(row) for column in COLUMNS) for row in self.selected_rows]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    # following the tail

    @Slot()
    def _before_insert(self, _parent: object, first: int, _last: int) -> None:
        bar = self.view.verticalScrollBar()
        self._follow = bar.value() >= bar.maximum()
        self._older = first == 0 and self._model.rowCount() > 0

    @Slot()
    def _after_insert(self, _parent: object, first: int, last: int) -> None:
        self._stack.setCurrentWidget(self.view)
        count = last - first + 1
        if self._older and self._follow and self._selects_missing():
            return
        if self._follow:
            self.view.scrollToBottom()
        elif self._older:  # what one looks at stays where it is
            bar = self.view.verticalScrollBar()
            bar.setValue(bar.value() + count)
        else:
            self._unseen += count
            self._show_newest()

    def _selects_missing(self) -> bool:
        """Look again at what was looked at under another filter, where it has come just now."""
        missing = self._selected_id if not self.view.selectionModel().hasSelection() else None
        return missing is not None and self.select_id(missing)

    @Slot()
    def _before_remove(self, _parent: object, first: int, last: int) -> None:
        bar = self.view.verticalScrollBar()
        self._follow = bar.value() >= bar.maximum()
        self._top = bar.value() - max(0, min(bar.value(), last + 1) - first)

    @Slot()
    def _after_remove(self) -> None:
        if not self._model.rowCount():
            self._stack.setCurrentWidget(self.empty)
        elif self._follow:
            self.view.scrollToBottom()
        else:  # what one looks at stays where it is
            self.view.verticalScrollBar().setValue(self._top)

    @Slot()
    def _before_reset(self) -> None:
        self._stood = Stood.of(self.view, self._model)

    @Slot()
    def _after_reset(self) -> None:
        if self._model.renewed and not self._order_is_new and self._model.rowCount():
            self._stack.setCurrentWidget(self.view)
            with QSignalBlocker(self.view.selectionModel()):  # the same row is looked at
                gone = not self._stood.stand_again(self.view, self._model)
            if gone:
                self._selected_id = None
                self.selected.emit(None)
            self.view.viewport().update()
            return
        self._unseen = 0
        self._follow = not self._model.ordered
        self._stack.setCurrentWidget(self.view if self._model.rowCount() else self.empty)
        if self._follow:
            self.view.scrollToBottom()
        elif self._order_is_new:
            self.view.scrollToTop()
        self._order_is_new = False
        self._show_newest()
        if self._selected_id is not None and not self.select_id(self._selected_id):
            self.selected.emit(None)  # it is looked at again when it comes back

    @Slot()
    def _scrolled(self) -> None:
        bar = self.view.verticalScrollBar()
        if bar.value() >= bar.maximum():
            self._unseen = 0
            self._show_newest()

    def _show_newest(self) -> None:
        self.newest.setVisible(self._unseen > 0)
        if self._unseen:
            self.newest.setText(f"▼ {self._unseen:,} new")
            self.newest.adjustSize()
            self._place_newest()

    def _place_newest(self) -> None:
        size = self.newest.size()
        self.newest.move((self.view.width() - size.width()) // 2, self.view.height() - size.height() - 12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._follow:
            self.view.scrollToBottom()
        self._place_newest()

    # order

    @Slot(int)
    def _order_by(self, place: int) -> None:
        """A click on a title orders by it, upwards, then downwards, then no more."""
        key = COLUMNS[place].key
        if key not in ORDERED_BY:
            return
        order = self._order
        if order is None or order.key != key:
            self._order = Order(key, descending=key == "time")
        elif order.descending == (key == "time"):
            self._order = None if key == "time" else Order(key, descending=True)
        else:
            self._order = None
        self._order_is_new = True
        self._show_order()
        self.order_wanted.emit(self._order)

    def _show_order(self) -> None:
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(self._order is not None)
        if self._order is not None:
            down = self._order.descending
            side = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(column_of(self._order.key), side)

    # selection, hovering, menus

    @Slot()
    def _selection_changed(self, _chosen: QItemSelection, _dropped: QItemSelection) -> None:
        row = self.current_row
        self._selected_id = row.id if row else None
        self.selected.emit(row)

    @Slot()
    def _look_again(self) -> None:
        row = self.current_row
        if row is not None and row.id != self._selected_id:
            self._selected_id = row.id
            self.selected.emit(row)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        row: Row | None = index.data(ROW_ROLE) if index.isValid() else None
        if row is not None:
            menu = self.menu_for(row, COLUMNS[index.column()].key)
            menu.exec(self.view.viewport().mapToGlobal(place))
            menu.deleteLater()

    def menu_for(self, row: Row, key: str) -> QMenu:
        """What fits a cell: filtering by its value, copying, sending again."""
        return menu_for(self, row, key, revealed=self._revealed, dark=self._theme.dark)

    @Slot(bool)
    def set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        """Whether what is copied holds secrets."""
        self._revealed = revealed

    def _mark(self, row: Row, change: MarkChange) -> None:
        self.mark_wanted.emit(row.id, change)

    @Slot()
    def _pin(self) -> None:
        row = self.current_row
        if row is not None:
            self._mark(row, MarkChange(pinned=not row.pinned))

    @Slot(QPoint)
    def _show_header_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        for position, column in enumerate(COLUMNS):
            if column.key in ("time", "text"):
                continue
            action = QAction(column.title or "Direction", menu, checkable=True)
            action.setChecked(not self.view.isColumnHidden(position))
            action.toggled.connect(
                lambda shown, position=position: self.view.setColumnHidden(position, not shown)
            )
            menu.addAction(action)
        menu.exec(self.view.horizontalHeader().mapToGlobal(place))
        menu.deleteLater()
