"""What to export, in which format, and whether with secrets. Imports PySide6."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.ui.qt_text import menu_text

WIDTH = 520
FORMATS = (
    (".jsonl", "JSON Lines (.jsonl): everything, can be imported"),
    (".har", "HTTP Archive (.har): for browsers and proxies, can be imported"),
    (".csv", "CSV (.csv): a table for spreadsheets"),
)
_WITHOUT = "Device tokens, Authorization, cookies and the values of headers of your own are left out."
_WITH = (
    "The file will hold device tokens and credentials in clear. It is readable for you alone: pass it on only to"
    " those who may see them."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported."""

    ending: str
    filtered: bool
    reveal: bool


class ExportDialog(QDialog):
    """Asks; `wish` tells the answer once it was accepted. `filter_text` is the filter in force, empty for none."""

    def __init__(self, filter_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export the history")
        self.setMinimumWidth(WIDTH)
        self.scope = QComboBox(self)
        self.scope.setObjectName("export_scope")
        self.scope.setAccessibleName("What to export")
        self.scope.setToolTip("All events, or those that the filter shows")
        if filter_text:
            self.scope.addItem(f"What the filter shows: {menu_text(filter_text, 40)}", True)
        self.scope.addItem("Everything", False)
        self.format = QComboBox(self)
        self.format.setObjectName("export_format")
        self.format.setAccessibleName("Format")
        self.format.setToolTip("In which format; the file's ending follows from it")
        for ending, words in FORMATS:
            self.format.addItem(words, ending)
        self.reveal = QCheckBox("With device tokens and credentials", self)
        self.reveal.setObjectName("export_reveal")
        self.reveal.setToolTip("Without it, what is secret is masked")
        self.reveal.toggled.connect(self._warn)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.accept_button = QPushButton("Choose a file…", self)
        self.accept_button.setObjectName("export_accept")
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        self._lay_out()
        self._warn()

    @property
    def wish(self) -> Wish:
        return Wish(self.format.currentData(), bool(self.scope.currentData()), self.reveal.isChecked())

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for place, (words, field) in enumerate((("Events", self.scope), ("Format", self.format))):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)
        grid.addWidget(self.reveal, 2, 1)
        grid.addWidget(self.note, 3, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(20)
        layout.addLayout(grid)
        layout.addLayout(buttons)
        # Both texts have the same room, so that nothing jumps.
        self.note.setText(_WITH)
        self.note.setMinimumHeight(self.note.heightForWidth(WIDTH - 120))

    @Slot()
    def _warn(self) -> None:
        revealed = self.reveal.isChecked()
        self.note.setText(_WITH if revealed else _WITHOUT)
        self.note.setProperty("role", "warn" if revealed else "muted")
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
