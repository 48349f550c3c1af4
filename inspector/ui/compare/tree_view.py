"""Two documents as one tree of keys with both values, and the facts as a list. Imports PySide6 and the theme."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QBrush, QGuiApplication, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from inspector.contract.difference import MISSING, Change, Difference
from inspector.ui.compare.colors import SIGNS, WORDS, ink, wash
from inspector.ui.compare.comparison import FactPair
from inspector.ui.compare.lines import NO_REST
from inspector.ui.compare.shown import summary
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme, fixed_font

MOST_ITEMS = 5000
_KEY_WIDTH = 260
_Index = QModelIndex | QPersistentModelIndex


class PairsView(QTreeWidget):
    """Three columns: what it is, left, right. `show_difference` fills it with a document, `show_facts` with facts."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = fixed_font()
        self._left = 0
        self._places: list[QTreeWidgetItem] = []
        self.setAccessibleName(name)
        self.setColumnCount(3)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, _KEY_WIDTH)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)

    def show_difference(
        self, difference: Difference, titles: tuple[str, str], *, only: bool, reveal: bool
    ) -> None:
        """Show a document; `only` where something differs."""
        self._begin("Key", titles)
        root = self.invisibleRootItem()
        children = difference.children or (difference,)
        for child in children:
            self._add(root, child, only=only, reveal=reveal)
        if self._left <= 0:
            rest = NO_REST if self._left <= -MOST_ITEMS else "… of the end only what differs is shown"
            QTreeWidgetItem(root, [rest, "", ""])

    def show_facts(self, facts: tuple[FactPair, ...], titles: tuple[str, str], *, only: bool) -> None:
        """Show what is known of both besides their bodies."""
        self._begin("Fact", titles)
        for fact in facts:
            if only and fact.same:
                continue
            change = Change.SAME if fact.same else Change.CHANGED
            change = Change.ADDED if not fact.left else Change.REMOVED if not fact.right else change
            item = QTreeWidgetItem(self, [f"{fact.name}  {SIGNS[change]}".rstrip(), fact.left, fact.right])
            self._dress(item, change)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: _Index) -> None:
        """Wash the row behind what is in it: a style sheet leaves out what is behind an item."""
        background = index.data(Qt.ItemDataRole.BackgroundRole)
        if background is not None:
            painter.fillRect(options.rect, background)
        super().drawRow(painter, options, index)

    def go_to(self, place: int) -> None:
        """Look at a difference."""
        if 0 <= place < len(self._places):
            self.setCurrentItem(self._places[place])
            self.scrollToItem(self._places[place])

    def _begin(self, first: str, titles: tuple[str, str]) -> None:
        self.clear()
        self._places = []
        self._left = MOST_ITEMS
        self.setHeaderLabels([first, *titles])

    def _add(self, parent: QTreeWidgetItem, place: Difference, *, only: bool, reveal: bool) -> None:
        if place.change is Change.SAME and (only or self._left <= 0):
            return
        if self._left <= -MOST_ITEMS:
            return
        self._left -= 1
        name = place.key if place.key is not None else self._index(place)
        texts = [
            "" if value is MISSING else summary(value, place, reveal=reveal)
            for value in (place.left, place.right)
        ]
        inside = place.change is Change.CHANGED and any(
            child.change is not Change.SAME for child in place.children
        )
        sign = "" if inside else SIGNS[place.change]
        label = f"{name}  {sign}".rstrip()
        if place.in_text and place.children:
            label += "  (JSON in a string)" if inside else "  (JSON in a string, spelled otherwise)"
            texts = ["", ""]
        item = QTreeWidgetItem(parent, [label.encode("utf-8", "backslashreplace").decode(), *texts])
        self._dress(item, Change.SAME if inside else place.change)
        item.setToolTip(0, tip(f"{place.where or '(all of it)'} · {WORDS[place.change]}"))
        if place.change is not Change.SAME and not inside and not self._of_a_place(parent):
            self._places.append(item)
            item.setData(0, Qt.ItemDataRole.UserRole, True)
        elif self._of_a_place(parent):
            item.setData(0, Qt.ItemDataRole.UserRole, True)
        for child in place.children:
            self._add(item, child, only=only, reveal=reveal)
        item.setExpanded(inside)

    @staticmethod
    def _of_a_place(item: QTreeWidgetItem) -> bool:
        return bool(item.data(0, Qt.ItemDataRole.UserRole))

    @staticmethod
    def _index(place: Difference) -> str:
        ours, theirs = place.left_index, place.right_index
        if ours is None and theirs is None:
            return "(all of it)"
        if ours is None or theirs is None or ours == theirs:
            return f"[{theirs if theirs is not None else ours}]"
        return f"[{ours} → {theirs}]"

    def _dress(self, item: QTreeWidgetItem, change: Change) -> None:
        colors = self._theme.colors
        background = wash(colors, change)
        for column in range(3):
            if column:
                item.setFont(column, self._font)
                item.setToolTip(column, tip(item.text(column)))
            if background is not None:
                item.setBackground(column, QBrush(background))
        if change is not Change.SAME:
            item.setForeground(0, QBrush(ink(colors, change)))

    @Slot()
    def _copy(self) -> None:
        item = self.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText("\t".join(item.text(column) for column in range(3)))
