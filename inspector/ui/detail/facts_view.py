"""A list of facts under headings: name and value, the value can be copied; where time went stands as bars. Imports
PySide6, the theme and the composer's bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from inspector.history.model import Timings
from inspector.ui.clipboard import copy_text
from inspector.ui.composer.phase_bar import PhaseBar
from inspector.ui.detail.sections import Section
from inspector.ui.qt_text import tip
from inspector.ui.theme import GRID, Theme, fixed_font

HEADING_HEIGHT = 30
WIDEST_BARS = 560
TEXT_INSET = 3  # where Qt begins the text of an item
LONG_VALUE = 100  # characters; it may wrap, so its name stands at its first line


class FactsView(QTreeWidget):
    """Sections of facts, always open."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections: tuple[Section, ...] = ()
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setProperty("role", "facts")
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(0, 164)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        theme.changed.connect(self._paint_again)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show other facts; the same ones stay as they are scrolled."""
        if tuple(sections) != self._sections:
            self._sections = tuple(sections)
            self._paint_again()

    @Slot()
    def _paint_again(self) -> None:
        colors = self._theme.colors
        tones = {"good": colors.green, "warn": colors.amber, "bad": colors.red}
        mono = fixed_font()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.clear()
        for section in self._sections:
            if not section.facts and section.timings is None:
                continue
            heading = QTreeWidgetItem(self, [section.title])
            heading.setFirstColumnSpanned(True)
            heading.setFont(0, bold)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setSizeHint(0, QSize(0, HEADING_HEIGHT))
            heading.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            if section.timings is not None:
                self._add_bars(section.timings, failed=section.failed)
            for fact in section.facts:
                item = QTreeWidgetItem(self, [fact.name, fact.value])
                item.setForeground(0, QColor(colors.muted))
                if len(fact.value) > LONG_VALUE:
                    item.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                if fact.mono:
                    item.setFont(1, mono)
                if fact.tone:
                    item.setForeground(1, QColor(tones[fact.tone]))
                item.setToolTip(1, tip(fact.value))

    def _add_bars(self, timings: Timings, *, failed: bool) -> None:
        holder = QWidget(self)
        bars = PhaseBar(self._theme, holder)
        bars.show_timings(timings, failed=failed)
        if not bars.text():
            holder.deleteLater()
            return
        item = QTreeWidgetItem(self)
        item.setFirstColumnSpanned(True)
        item.setData(1, Qt.ItemDataRole.UserRole, bars.text())
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, bars.text())
        item.setSizeHint(0, QSize(0, bars.sizeHint().height() + 2 * GRID))
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(TEXT_INSET, GRID, 3 * GRID, GRID)
        inside.addWidget(bars)
        bars.setMaximumWidth(WIDEST_BARS)
        inside.addStretch()
        inside.setStretch(0, 1)
        self.setItemWidget(item, 0, holder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        super().keyPressEvent(event)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.itemAt(place) is None:
            return
        menu = QMenu(self)
        menu.addAction("Copy value").triggered.connect(self._copy)
        menu.exec(self.viewport().mapToGlobal(place))
        menu.deleteLater()

    @Slot()
    def _copy(self) -> None:
        item = self.currentItem()
        if item is not None:
            bars = item.data(1, Qt.ItemDataRole.UserRole)
            copy_text(bars or item.text(1) or item.text(0), secret=True)  # a header may be one
