"""Where the parts of the main window stand. Imports PySide6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow


def lay_out(window: MainWindow) -> tuple[QStackedWidget, QSplitter]:
    """Put the window's parts in their places; returns what holds the pages, and what parts them from the composer."""
    pages = QStackedWidget(window)
    pages.addWidget(window.pushes)
    splitter = QSplitter(Qt.Orientation.Horizontal, window)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(pages)
    splitter.addWidget(window.composer)
    splitter.setStretchFactor(0, 1)
    splitter.setStretchFactor(1, 0)
    middle = QWidget(window)
    beside = QHBoxLayout(middle)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.setSpacing(0)
    beside.addWidget(window.rail)
    page = QVBoxLayout()
    page.setSpacing(0)
    page.addWidget(window.tasks.strip)
    page.addWidget(window.notice)
    page.addWidget(splitter, 1)
    beside.addLayout(page, 1)
    whole = QWidget(window)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(window.toolbar)
    column.addWidget(middle, 1)
    column.addWidget(window.status_line)
    window.setCentralWidget(whole)
    return pages, splitter
