"""The one question of the filter box, behind a function that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

_WIDTH = 360


class NameDialog(QDialog):
    """A name to type, what it is for, and the two buttons."""

    def __init__(self, parent: QWidget, title: str, text: str, name: str, longest: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        label = QLabel("&Name", self)
        self.name = QLineEdit(name, self)
        self.name.setObjectName("filter_name")
        self.name.setAccessibleName("Name of the filter")
        self.name.setMaxLength(longest)
        self.name.setMinimumWidth(_WIDTH)
        self.name.selectAll()
        label.setBuddy(self.name)
        what = QLabel(text, self)
        what.setProperty("role", "muted")
        what.setTextFormat(Qt.TextFormat.PlainText)
        what.setWordWrap(True)
        self._accept = QPushButton("Save", self)
        self._accept.setProperty("kind", "primary")
        self._accept.setDefault(True)
        self._accept.clicked.connect(self.accept)
        cancel = QPushButton("Cancel", self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.name.textChanged.connect(self._look)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 0)
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for widget in (label, self.name, what):
            column.addWidget(widget)
        column.addLayout(buttons)
        self._look()

    def _look(self) -> None:
        self._accept.setEnabled(bool(self.name.text().strip()))


def ask_name(parent: QWidget, title: str, text: str, name: str, longest: int) -> str | None:
    """The name to give a filter; None where the person changed their mind."""
    dialog = NameDialog(parent, title, text, name, longest)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.name.text().strip()
    dialog.deleteLater()
    return answer if accepted else None
