"""One entry of the library whole: what it is, and its body. Imports the sender's library, PySide6 and the viewer of
JSON."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from inspector.sender.kept.library import Entry
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.body import open_body
from inspector.ui.empty_state import EmptyState
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Theme

SHOWN_BYTES = 64 * 1024
"""What is shown of a body: enough to know it by, and quick to lay out with each key that moves in the list."""


class EntryView(QWidget):
    """Shows an Entry, or that none is chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = EmptyState(theme, "books", parent=self)
        self.empty.say("Nothing chosen", "Choose a payload to see what it is and what it holds.")
        page = QWidget(self)
        self.title = ElidedLabel(page, Qt.TextElideMode.ElideRight)
        self.title.setObjectName("library_entry_title")
        self.title.setProperty("role", "heading")
        self.facts = ElidedLabel(page, Qt.TextElideMode.ElideRight)
        self.facts.setProperty("role", "muted")
        self.words = QLabel(page)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = QLabel(page)
        self.problem.setProperty("role", "warn")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.body = JsonEditor(theme, None, page, checking=False)
        self.body.setObjectName("library_body")
        self.body.setAccessibleName("Body of the payload")
        self.body.setReadOnly(True)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(4)
        for part in (self.title, self.facts, self.words, self.problem):
            head.addWidget(part)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.body, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        self._page = page

    def show_entry(self, entry: Entry | None) -> None:
        """Show this one."""
        if entry is None:
            self._stack.setCurrentWidget(self.empty)
            return
        self.title.setText(entry.title)
        kind = "yours" if entry.own else "built in"
        facts = (
            entry.service.label,
            kind,
            f"{entry.size:,} bytes",
            *entry.tags,
            *(("unconfirmed",) if entry.unconfirmed else ()),
            f"send {entry.source}",
        )
        self.facts.setText(" · ".join(facts))
        self.words.setText(entry.description)
        self.words.setVisible(bool(entry.description))
        self.problem.setText(entry.problem)
        self.problem.setVisible(bool(entry.problem))
        shown = open_body(entry.body[:SHOWN_BYTES]).text
        more = len(entry.body) - SHOWN_BYTES
        self.body.setPlainText(shown + (f"\n… {more:,} more bytes" if more > 0 else ""))
        self._stack.setCurrentWidget(self._page)
