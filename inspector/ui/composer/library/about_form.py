"""Title, tags and note of a payload, asked for in one row of fields. Imports the sender's payloads and PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from inspector.sender.kept.payload import split_tags


class AboutForm(QWidget):
    """Hidden until it asks. `given` carries title, tags and note; Esc gives up, which `given_up` tells."""

    given = Signal(str, object, str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library_about")
        self.heading = QLabel(self)
        self.heading.setProperty("role", "heading")
        self.title = self._field("library_title", "Title")
        self.tags = self._field("library_tags", "Tags, separated by commas")
        self.note = self._field("library_note", "What it is for")
        self.keep = QPushButton("&Save", self)
        self.keep.setObjectName("library_save")
        self.keep.setProperty("kind", "primary")
        self.keep.setAutoDefault(False)
        self.keep.clicked.connect(self._give)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setObjectName("library_cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self._give_up)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.heading, 0, 0, 1, 2)
        for row, (words, field) in enumerate(
            (("&Title", self.title), ("Ta&gs", self.tags), ("&Note", self.note)), 1
        ):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.cancel)
        buttons.addStretch()
        grid.addLayout(buttons, 4, 1)
        self.hide()

    def _field(self, name: str, placeholder: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setPlaceholderText(placeholder)
        field.setAccessibleName(placeholder)
        field.returnPressed.connect(self._give)
        return field

    def ask(self, heading: str, title: str, tags: tuple[str, ...], note: str) -> None:
        """Ask, with what is known already."""
        self.heading.setText(heading)
        self.title.setText(title)
        self.tags.setText(", ".join(tags))
        self.note.setText(note)
        self.show()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # a field has taken it; the window's own button is not meant
        else:
            super().keyPressEvent(event)

    @Slot()
    def _give_up(self) -> None:
        self.hide()
        self.given_up.emit()

    @Slot()
    def _give(self) -> None:
        self.given.emit(self.title.text(), tuple(split_tags(self.tags.text())), self.note.text())
