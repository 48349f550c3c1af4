"""Fields that are picked, ticked or only shown. Imports the form's words, PySide6 and shared parts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from inspector.contract.form_model import FormField
from inspector.ui.answers.inputs import Choice
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.fields.change import Change, FieldInput
from inspector.ui.qt_text import tip
from inspector.ui.theme import CONTROL_HEIGHT

INTERRUPTION_LEVELS = ("passive", "active", "time-sensitive", "critical")


def _row(owner: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(owner)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    return row


class ChoiceInput(FieldInput):
    """One of the documented values; another one that is there is offered too."""

    def __init__(self, shown: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = shown.path
        self.combo = Choice(self)
        self.combo.addItems(list(INTERRUPTION_LEVELS))
        self.combo.setMinimumWidth(96)
        self.combo.activated.connect(self._picked)
        _row(self).addWidget(self.combo, 1)

    def main(self) -> QWidget:
        return self.combo

    def show_field(self, shown: FormField) -> None:
        place = self.combo.findText(shown.value, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        if place < 0 and shown.present:
            place = self.combo.count()
            self.combo.addItem(shown.value)
        self.combo.setCurrentIndex(place)
        self.combo.setToolTip(tip(shown.value))

    @Slot(int)
    def _picked(self, place: int) -> None:
        self.entered.emit()
        self.changed.emit(Change(self._path, text=self.combo.itemText(place)))


class FlagInput(FieldInput):
    """1 where it is ticked, not there where it is not."""

    def __init__(self, shown: FormField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = shown.path
        self.box = QCheckBox(self)
        self.box.setFixedHeight(CONTROL_HEIGHT)
        self.box.clicked.connect(self._clicked)
        row = _row(self)
        row.addWidget(self.box)
        row.addStretch()

    def main(self) -> QWidget:
        return self.box

    def show_field(self, shown: FormField) -> None:
        self.box.setChecked(shown.value == "1")
        self.box.setText("1" if shown.value == "1" else "0" if shown.present else "Not there")

    @Slot(bool)
    def _clicked(self, ticked: bool) -> None:  # noqa: FBT001 - a slot of a check box
        self.entered.emit()
        self.changed.emit(Change(self._path, literal="1" if ticked else None))


class ElsewhereInput(FieldInput):
    """What no field can hold: its beginning, and the way to its place in the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.label.setFixedHeight(CONTROL_HEIGHT)
        self.label.setProperty("role", "muted")
        self.button = QPushButton("Show", self)
        self.button.setProperty("kind", "link")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setToolTip("Go to its place in the text")
        self.button.clicked.connect(self.place_wanted)
        row = _row(self)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)

    def main(self) -> QWidget:
        return self.button

    def show_field(self, shown: FormField) -> None:
        self.label.setText(" ".join(shown.value[:400].split()))
