"""The payload as a tree: values, paths and parts of it copied, rows filtered by a value. Imports PySide6 and the tree's
model."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeView, QWidget

from inspector.contract.text import pretty
from inspector.history.model import NewEvent
from inspector.ui.clipboard import copy_text
from inspector.ui.detail.json_tree import KEY, PATH_ROLE, TYPE, VALUE, VALUE_ROLE, JsonTreeModel
from inspector.ui.detail.value_filter import body_query, named_query
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

WIDEST_OPENED = 200
MOST_OPENED = 1000
OPENED_LEVELS = 3  # the root, what is in it, and what is in that
_LANE = "payload"
_NARROW = 360  # there the type would leave no room for the value
_MEASURED = 100  # rows that the width of the keys is for: not all of them
_TYPE_SAMPLE = "object, 000 keys"


class PayloadView(QTreeView):
    """`filter_wanted` brings a query, `said` tells what went to the clipboard."""

    filter_wanted = Signal(str)
    said = Signal(str)

    def __init__(self, theme: Theme, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._written: NewEvent | None = None
        self._revealed = False
        self._model = JsonTreeModel(theme, self)
        self.setObjectName("payload_view")
        self.setAccessibleName("Payload as a tree")
        self.setModel(self._model)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        header = self.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(KEY, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(TYPE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(TYPE, self.fontMetrics().horizontalAdvance(_TYPE_SAMPLE) + 16)
        header.setResizeContentsPrecision(_MEASURED)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        for keys, copy in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self._copy_value),
            (QKeySequence("Ctrl+Shift+C"), self._copy_path),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(copy)

    def show_document(
        self,
        document: object,
        marked: Mapping[str, str],
        *,
        original: object = None,
        written: NewEvent | None = None,
        revealed: bool = False,
    ) -> None:
        """Show a decoded document; `marked` are the messages of paths. It is what `written` holds, `revealed` or with
        its secrets masked; then `original` is what is masked there."""
        self._worker.outdated(_LANE)
        self._written = written
        self._revealed = revealed
        self._model.show(document, dict(marked), original)
        self.open_some()
        self.resizeColumnToContents(KEY)
        self.header().resizeSection(KEY, min(320, max(140, self.header().sectionSize(KEY) + 16)))

    @property
    def current_path(self) -> str:
        """The path of the value that one is at."""
        return str(self.currentIndex().data(PATH_ROLE) or "")

    def go_to(self, path: str) -> bool:
        """Look at the value at a path, or at the nearest one around it; False where that is the whole document."""
        index = self._model.index_of(path)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.scrollToTop()
        return index.isValid()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(TYPE, self.viewport().width() < _NARROW)

    def open_some(self) -> None:
        """Open two levels of the tree, but for what is so wide that opening it would take long."""
        left = MOST_OPENED
        level = [QModelIndex()]
        for _depth in range(OPENED_LEVELS):
            inside = []
            for parent in level:
                rows = self._model.rowCount(parent)
                if rows > min(WIDEST_OPENED, left):
                    continue
                left -= rows
                if parent.isValid():
                    self.expand(parent)
                inside += [self._model.index(row, 0, parent) for row in range(rows)]
            level = inside

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if index.isValid():
            self.setCurrentIndex(index)
            menu = self.menu_for(index)
            menu.exec(self.viewport().mapToGlobal(place))
            menu.deleteLater()

    def menu_for(self, index: QModelIndex) -> QMenu:
        """Copy value, path or JSON, filter by the value."""
        menu = QMenu(self)
        copy = QKeySequence(QKeySequence.StandardKey.Copy).toString(QKeySequence.SequenceFormat.NativeText)
        menu.addAction(f"Copy value\t{copy}").triggered.connect(self._copy_value)
        menu.addAction("Copy path\tCtrl+Shift+C").triggered.connect(self._copy_path)
        menu.addAction("Copy as JSON").triggered.connect(self._copy_json)
        if self._written is not None:
            path, value = self._model.steps_of(index), self._model.value_of(index)
            query = named_query(self._written, path, value, revealed=self._revealed)
            menu.addSeparator()
            menu.addAction(f"Filter by {menu_text(query) or 'this value'}").triggered.connect(self._filter)
        return menu

    @Slot()
    def _copy_value(self) -> None:
        """A string as it is; of an object or a list, all of it."""
        value = self._model.value_of(self.currentIndex())
        if isinstance(value, dict | list) and value:
            self._copy_json()
        else:
            self._copy(str(self.currentIndex().data(VALUE_ROLE) or ""))

    @Slot()
    def _copy_path(self) -> None:
        self._copy(self.current_path)

    @Slot()
    def _copy_json(self) -> None:
        if self.currentIndex().isValid():
            value = self._model.value_of(self.currentIndex())
            self._worker.submit(_LANE, lambda: pretty(value), self._copy)

    def _copy(self, text: str) -> None:
        copy_text(text.encode("utf-8", "backslashreplace").decode(), secret=self._revealed)
        self.said.emit("Copied" if self._revealed else "Copied, with secrets masked")

    @Slot()
    def _filter(self) -> None:
        """Filter by the value that one is at; where the language has no field for it, by its text in the body."""
        written, index = self._written, self.currentIndex()
        if written is None or not index.isValid():
            return
        path, revealed = self._model.steps_of(index), self._revealed
        query = named_query(written, path, self._model.value_of(index), revealed=revealed)
        if query:
            self.filter_wanted.emit(query)
        else:
            self._worker.submit(
                _LANE, lambda: body_query(written.body, path, revealed=revealed), self._filter_by
            )

    def _filter_by(self, query: str) -> None:
        if query:
            self.filter_wanted.emit(query)
