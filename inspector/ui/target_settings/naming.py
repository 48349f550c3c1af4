"""The foot of the sheet: the name under which a target is kept. Imports PySide6, the theme and the saved targets'
records."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.sender.kept.targets import LONGEST_NAME
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import Note
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.target_settings.rows import LABEL_WIDTH, MARGIN
from inspector.ui.target_settings.state import TargetState
from inspector.ui.theme import GRID, Theme


class Naming(QWidget):
    """A name, and what can be done under it. `save_wanted` carries the name, `rename_wanted` the new one,
    `delete_wanted` and `reset_wanted` come after a click; a deletion is asked for twice."""

    save_wanted = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal()
    reset_wanted = Signal()

    def __init__(self, state: TargetState, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._asked = False
        label = QLabel("&Name", self)
        label.setProperty("role", "muted")
        label.setFixedWidth(LABEL_WIDTH)
        self.name = QLineEdit(self)
        self.name.setObjectName("composer_target_name")
        self.name.setAccessibleName("Name of the target")
        self.name.setPlaceholderText("a name to save it under")
        self.name.setMaxLength(LONGEST_NAME)
        label.setBuddy(self.name)
        self.save = self._button("save", "Save")
        self.rename = self._button("rename", "Rename")
        self.delete = self._button("delete", "Delete")
        self.reset = self._button("reset", "Reset")
        self.reset.setToolTip("Make every setting as usual; the address stays")
        self.delete.installEventFilter(self)
        self.note = Note(theme, self)
        self._lay_out(label)
        self.name.textChanged.connect(self.show_state)
        self.name.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.rename.clicked.connect(self._rename)
        self.delete.clicked.connect(self._delete)
        self.reset.clicked.connect(self.reset_wanted)
        self.show_state()

    def _button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(f"composer_target_{name}")
        return button

    def _lay_out(self, label: QLabel) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(self.name, 1)
        row = QWidget(self)
        buttons = FlowLayout(row)
        for button in (self.save, self.rename, self.delete, self.reset):
            buttons.addWidget(button)
        below = QHBoxLayout()
        below.addSpacing(LABEL_WIDTH + 8)
        below.addWidget(row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 8, MARGIN, 8)
        column.setSpacing(GRID)
        column.addLayout(line)
        column.addLayout(below)
        column.addWidget(self.note)

    def show_saved(self) -> None:
        """The target in use is another, or has another name."""
        saved = self._state.saved
        self.name.setText(saved.name if saved is not None else "")
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Offer what can be done under the name that is typed."""
        saved, name = self._state.saved, self.name.text().strip()
        same = saved is not None and name.casefold() == saved.name.casefold()
        taken = any(one.name.casefold() == name.casefold() for one in self._state.known)
        self._asked = False
        self.save.setText("Save" if same or not name else "Replace" if taken else "Save as new")
        self.save.setEnabled(bool(name))
        self.save.setToolTip(
            f"Keep address, identity and settings as “{name}”" if name else "Type a name first"
        )
        self.rename.setVisible(saved is not None)
        self.rename.setEnabled(
            bool(name) and saved is not None and name != saved.name and not (taken and not same)
        )
        self.delete.setVisible(saved is not None)
        self._show_delete()
        self.note.say("")

    def complain(self, message: str, next_step: str) -> None:
        """Say why it could not be done."""
        self.note.say(message, in_window(next_step))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.delete and event.type() == QEvent.Type.FocusOut and self._asked:
            self._asked = False
            self._show_delete()
        return super().eventFilter(watched, event)

    @Slot()
    def _save(self) -> None:
        if name := self.name.text().strip():
            self.save_wanted.emit(name)

    @Slot()
    def _rename(self) -> None:
        self.rename_wanted.emit(self.name.text().strip())

    @Slot()
    def _delete(self) -> None:
        if self._asked:
            self._asked = False
            self.delete_wanted.emit()
        else:
            self._asked = True
            self._show_delete()

    def _show_delete(self) -> None:
        self.delete.setText("Really delete" if self._asked else "Delete")
        self.delete.setProperty("kind", "danger" if self._asked else "")
        self.delete.style().unpolish(self.delete)
        self.delete.style().polish(self.delete)
        self.delete.updateGeometry()
