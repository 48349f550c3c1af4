"""The payload as a tree: values and paths copied, rows filtered by a value. Imports PySide6 and the tree's model."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeView, QWidget

from inspector.ui.detail.json_tree import PATH_ROLE, VALUE_ROLE, JsonTreeModel
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme

WIDEST_OPENED = 200
MOST_OPENED = 1000
OPENED_LEVELS = 3  # the root, what is in it, and what is in that
_QUERY_FIELDS = {
    "brandId": "brand",
    "conversationId": "conv",
    "dialogId": "dialog",
    "originatorId": "originator",
    "sequence": "seq",
    "badge": "badge",
}


class PayloadView(QTreeView):
    """`filter_wanted` brings a query."""

    filter_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = JsonTreeModel(theme, self)
        self.setObjectName("payload_view")
        self.setAccessibleName("Payload as a tree")
        self.setModel(self._model)
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)
        self.header().setResizeContentsPrecision(0)  # by the rows that show, not by all of them
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy_value)

    def show_document(self, document: object, marked: Mapping[str, str]) -> None:
        """Show a decoded document; `marked` are the messages of paths."""
        self._model.show(document, dict(marked))
        self.open_some()
        self.resizeColumnToContents(0)
        self.header().resizeSection(0, min(320, max(140, self.header().sectionSize(0) + 16)))

    def set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a plain setter
        """Show device tokens, or hide them."""
        self._model.set_masked(masked)
        self.open_some()

    def go_to(self, path: str) -> bool:
        """Look at the value at a path; False where there is none."""
        index = self._model.index_of(path)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        return index.isValid()

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
        QGuiApplication.clipboard().setText(str(self.currentIndex().data(VALUE_ROLE) or ""))

    @Slot()
    def _copy_path(self) -> None:
        QGuiApplication.clipboard().setText(str(self.currentIndex().data(PATH_ROLE) or ""))
