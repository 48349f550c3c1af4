"""A form of labelled fields where what is wrong with a field stands right below it. Imports PySide6 and the note."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from inspector.ui.answers.judgement import Judgement
from inspector.ui.certificates.note import Note
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme

LABEL_WIDTH = 92


class FieldForm(QWidget):
    """A heading, then labels on the left and fields on the right. A field is known by the name that the check calls
    it; the note below it says what the check says."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: dict[str, tuple[QWidget, QWidget, Note]] = {}
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        if title:
            heading = QLabel(title, self)
            heading.setProperty("role", "heading")
            heading.setFixedHeight(CONTROL_HEIGHT)
            self._grid.addWidget(heading, 0, 0, 1, 2)

    def add(self, names: str, words: str, field: QWidget, *, buddy: QWidget | None = None) -> None:
        """Add a field; `names` are the check's names for it, with a space between. `buddy` is the control that the
        label is for, where the field has several."""
        row = self._grid.rowCount()
        label = QLabel(words, self)
        label.setProperty("role", "muted")
        label.setFixedHeight(CONTROL_HEIGHT)
        label.setBuddy(buddy or field)
        note = Note(self._theme, self)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, row, 1)
        self._grid.addWidget(note, row + 1, 1)
        for name in names.split():
            self._fields[name] = (field, buddy or field, note)
            self._labels[name] = label

    def show_judgement(self, judgement: Judgement) -> None:
        """Say at each field what is wrong with it."""
        said: dict[Note, tuple[str, str]] = {}
        for name, (_, field, note) in self._fields.items():
            fault, doubt = judgement.faults.get(name, ""), judgement.doubts.get(name, "")
            words, severity = said.get(note, ("", "warning"))
            if fault or doubt:
                words = f"{words} {fault} {doubt}".strip()
                severity = "error" if fault else severity
            said[note] = (words, severity)
            _mark(field, bad=bool(said[note][0]) and said[note][1] == "error")
            field.setAccessibleDescription(said[note][0])
        for note, (words, severity) in said.items():
            note.say(words, severity=severity)

    def set_field_shown(self, name: str, *, shown: bool) -> None:
        """Show a field and its label, or hide both; a hidden field keeps what it holds."""
        field, _, note = self._fields[name]
        field.setVisible(shown)
        self._labels[name].setVisible(shown)
        if not shown:
            note.hide()


def _mark(field: QWidget, *, bad: bool) -> None:
    state = "bad" if bad else ""
    if (field.property("state") or "") != state:
        field.setProperty("state", state)
        field.style().unpolish(field)
        field.style().polish(field)
