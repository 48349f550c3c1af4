"""What the dialogs of this room are made of: labelled rows, a line for what is wrong, and two buttons.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.ui.certificates.note import Note
from inspector.ui.certificates.wording import error_words
from inspector.ui.theme import CONTROL_HEIGHT, Theme

WIDTH = 580
LABEL_WIDTH = 104
_GAP = 12


class FormRow(QWidget):
    """A labelled control; what belongs to it stands below, in line with it."""

    def __init__(self, label: str, control: QWidget, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = QLabel(label, self)
        self.label.setProperty("role", "muted")
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setMinimumHeight(CONTROL_HEIGHT)
        self.label.setBuddy(control)
        self.hint = plain_label("muted", self)
        if not control.accessibleName():
            control.setAccessibleName(label.replace("&", ""))
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(control)
        column.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.say(hint)

    def say(self, hint: str) -> None:
        """Other words below the control."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


def days_field(parent: QWidget, name: str, most: int) -> QSpinBox:
    """A number of days, up to `most`."""
    field = QSpinBox(parent)
    field.setObjectName(name)
    field.setRange(1, most)
    field.setSuffix(" days")
    field.setFixedWidth(112)
    field.lineEdit().setTextMargins(8, 0, 0, 0)
    return field


def plain_label(role: str, parent: QWidget, text: str = "") -> QLabel:
    """A label of as many lines as its words need."""
    label = QLabel(text, parent)
    label.setProperty("role", role)
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


class FormDialog(QDialog):
    """A dialog that does something in the background and stays until that has worked. Its rows keep what was typed."""

    def __init__(
        self, theme: Theme, title: str, yes: str, parent: QWidget | None = None, *, width: int = WIDTH
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.yes = yes
        self.busy = False
        self._held: Sequence[QWidget] = ()
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.note = Note(theme, self)
        self.accept_button = QPushButton(yes, self)
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.go)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(_GAP)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        self.buttons = buttons
        self._column = QVBoxLayout(self)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.setContentsMargins(20, 20, 20, 16)
        self._column.setSpacing(_GAP)
        self._column.addLayout(self._rows)
        self._column.addWidget(self.note)
        self._column.addStretch()
        self._column.addSpacing(4)
        self._column.addLayout(buttons)

    def add_row(self, label: str, control: QWidget, hint: str = "") -> FormRow:
        """A labelled control at the end."""
        row = FormRow(label, control, hint, self)
        self._rows.addWidget(row)
        return row

    def add(self, widget: QWidget) -> None:
        """Something that needs no label at the end."""
        self._rows.addWidget(widget)

    @Slot()
    @abstractmethod
    def go(self) -> None:
        """What the button does."""

    def work(self, words: str, *controls: QWidget) -> None:
        """Something is under way: nothing can be changed until it is done. `words` stand on the button."""
        self.busy = True
        self.note.say("")
        self._held = controls
        for control in (*controls, self.cancel, self.accept_button):
            control.setEnabled(False)
        self.accept_button.setText(words)

    def end_work(self) -> None:
        """It is done, whatever came of it."""
        self.busy = False
        for control in (*self._held, self.cancel, self.accept_button):
            control.setEnabled(True)
        self.accept_button.setText(self.yes)

    def complain(self, error: BaseException) -> None:
        """It did not work: say why, above the buttons."""
        self.end_work()
        self.note.say(*error_words(error))

    def reject(self) -> None:
        """Go; not while something is under way."""
        if not self.busy:
            super().reject()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something came or went: as tall as what is there now
            self.resize(self.width(), self._column.totalHeightForWidth(self.width()))
        return done
