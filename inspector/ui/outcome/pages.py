"""The place below the editor: a sending's result or a connection's check, whichever came last. Imports PySide6."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget


class OutcomePages(QWidget):
    """Shows one of its pages, and is as tall as that."""

    def __init__(self, *pages: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for page in pages:
            column.addWidget(page)
        self.show_page(pages[0])

    def show_page(self, shown: QWidget) -> None:
        """Show this page and hide the others."""
        for page in self._pages:
            page.setVisible(page is shown)
