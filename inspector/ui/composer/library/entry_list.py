"""The left side of the library: the box to search in, and the list that it finds. Imports the sender's library,
PySide6, the worker and its own room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QStackedLayout, QVBoxLayout, QWidget

from inspector.sender.kept.library import Entry, search
from inspector.ui.composer.library.entry_delegate import EntryDelegate
from inspector.ui.composer.library.entry_model import ENTRY_ROLE, EntryModel
from inspector.ui.empty_state import EmptyState
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_KEYS = Qt.Key
_MOVES = (_KEYS.Key_Up, _KEYS.Key_Down, _KEYS.Key_PageUp, _KEYS.Key_PageDown)


class EntryList(QWidget):
    """`looked` comes when another entry is the current one, `taken` when it is to be begun with, `menu_wanted` brings
    where on the screen. `rename_wanted`, `duplicate_wanted`, `delete_wanted` and `undo_wanted` are keys, which hold in
    the search box as well where they mean nothing else there."""

    looked = Signal()
    taken = Signal()
    menu_wanted = Signal(QPoint)
    rename_wanted = Signal()
    duplicate_wanted = Signal()
    delete_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, theme: Theme, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._lane = f"library {id(self)}"
        self._entries: tuple[Entry, ...] = ()
        self._wanted: tuple[bool, str] | None = None
        self._searching = False
        self._anew = False
        self._take_found = False
        self.search = QLineEdit(self)
        self.search.setObjectName("library_search")
        self.search.setPlaceholderText("Search titles, tags and texts")
        self.search.setAccessibleName("Search the library")
        self.search.setClearButtonEnabled(True)
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setObjectName("library_list")
        self.list.setAccessibleName("Payloads")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(theme))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.empty = EmptyState(theme, "magnifying-glass", parent=self)
        self.empty.say("Nothing found", "No payload has all of these words. Fewer words find more.")
        self._lay_out()
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self.take)
        self.list.selectionModel().currentChanged.connect(self.looked)
        self.list.doubleClicked.connect(self.take)
        self.list.customContextMenuRequested.connect(self._ask_for_menu)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setContentsMargins(12, 12, 12, 8)
        above.addWidget(self.search)
        place = QWidget(self)
        self._stack = QStackedLayout(place)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(place, 1)

    @property
    def entry(self) -> Entry | None:
        """The entry that is looked at."""
        found: Entry | None = self.list.currentIndex().data(ENTRY_ROLE)
        return found

    @property
    def chosen(self) -> tuple[Entry, ...]:
        """All that are selected, as they stand."""
        rows = sorted(self.list.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return tuple(index.data(ENTRY_ROLE) for index in rows if index.data(ENTRY_ROLE) is not None)

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Search in these; what was looked at stays so, where it is still there."""
        # Where one's own have just been read, they are what one came for.
        anew = not any(one.own for one in self._entries) and any(one.own for one in entries)
        self._entries = entries
        self._search(anew=anew)

    def choose(self, name: str) -> None:
        """Look at an own payload, as soon as it is there."""
        self._wanted = (True, name) if name else None
        self._search()

    def focus_search(self) -> None:
        """Begin to search."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    @Slot()
    @Slot(QModelIndex)
    def take(self) -> None:
        """Begin with the entry that is looked at; with the first that is found, where that is still under way."""
        if self._searching:
            self._take_found = True
        elif self.entry is not None:
            self.taken.emit()

    @Slot()
    def _typed(self) -> None:
        self._search(anew=bool(self.search.text().strip()))

    def _search(self, *, anew: bool = False) -> None:
        """Find what has the words. Texts may be large, so they are looked through in the worker's thread. `anew`: the
        words are other ones, so the best that they find is looked at."""
        entries, words = self._entries, self.search.text()
        self._take_found = False
        if not words.strip():
            self._worker.outdated(self._lane)
            self._show(entries, grouped=True, anew=anew)
            return
        self._searching = True
        anew = anew or self._anew
        self._anew = anew  # until it is shown: a later job voids this one
        self._worker.submit(
            self._lane,
            lambda: search(entries, words),
            lambda found: self._show(found, grouped=False, anew=anew),
        )

    def _show(self, found: tuple[Entry, ...], *, grouped: bool, anew: bool) -> None:
        self._searching = self._anew = False
        before = None if anew else self.entry
        place = self.list.currentIndex().row()
        self.model.show_entries(found, grouped=grouped)
        row = -1
        if self._wanted is not None:
            row = self.model.row_of(*self._wanted)
            self._wanted = None if row >= 0 else self._wanted
        if row < 0 and before is not None:
            row = self.model.row_of(before.own, before.name)
            if row < 0:
                row = self.model.near(place)  # it is gone: its neighbour is looked at
        first = self.model.near(0)
        row = row if row >= 0 else first
        self.list.setCurrentIndex(self.model.index(row))
        self._stack.setCurrentWidget(self.list if found else self.empty)
        if row == first:
            self.list.scrollToTop()  # with the heading above it
        self.looked.emit()
        if self._take_found:
            self._take_found = False
            self.take()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            searching = watched is self.search
            if searching and event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
            if not searching and event.key() in (_KEYS.Key_Return, _KEYS.Key_Enter):
                self.take()
                return True
            for sequence, signal in (
                ("F2", self.rename_wanted),
                ("Ctrl+D", self.duplicate_wanted),
                ("Del", self.delete_wanted),
                ("Ctrl+Z", self.undo_wanted),
            ):
                means_text = searching and self.search.text() and sequence in ("Del", "Ctrl+Z")
                if QKeySequence(event.keyCombination()) == QKeySequence(sequence) and not means_text:
                    signal.emit()
                    return True
        return super().eventFilter(watched, event)

    @Slot(QPoint)
    def _ask_for_menu(self, place: QPoint) -> None:
        if self.entry is not None:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(place))
