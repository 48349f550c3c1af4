"""How every table of rows here is set up: whole rows, no grid, one height. Imports PySide6 and the theme's sizes."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from inspector.ui.theme import ROW_HEIGHT


def set_up_rows(view: QTableView, selection: QAbstractItemView.SelectionMode) -> None:
    """Rows of one height that are selected whole, one or several as `selection` says; a menu of the view's own."""
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(selection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(ROW_HEIGHT)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    view.horizontalHeader().setHighlightSections(False)


def look_at(view: QAbstractItemView, index: QModelIndex) -> None:
    """Select the row of `index` alone and scroll to it. (The view's own `setCurrentIndex` would turn a row off that is
    selected, while Ctrl is held down for a shortcut.)"""
    flag = QItemSelectionModel.SelectionFlag
    view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
    view.scrollTo(index)
