"""Edits environments: their names on the left, the values of one on the right; what is typed is kept at once. Imports
the sender's environments, PySide6 and its own room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.sender.kept.environment_file import Environment, EnvironmentSet, Variable
from inspector.ui.certificates.note import Note
from inspector.ui.composer.variables.value_table import ValueTable
from inspector.ui.theme import Theme

_SIZE = (720, 420)
_LIST_WIDTH = 196
_NAME = Qt.ItemDataRole.UserRole
_EXPLAINED = (
    "{{env NAME}} in a body is filled in with a value of the chosen environment. Secrets are in the vault."
)


class EnvironmentDialog(QDialog):
    """`wanted` carries a deed: a function that is given the Environments and changes them. What comes of it is shown by
    `show_environments`, or `show_error`; then what was typed is still there."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("environment_dialog")
        self.setWindowTitle("Environments")
        self.resize(*_SIZE)
        self._known = EnvironmentSet()
        self._filling = False
        self._next = ""  # the environment to show once it is there
        self.names = QListWidget(self)
        self.names.setObjectName("environment_names")
        self.names.setAccessibleName("Environments")
        self.names.setFixedWidth(_LIST_WIDTH)
        self.names.setEditTriggers(
            QListWidget.EditTrigger.DoubleClicked | QListWidget.EditTrigger.EditKeyPressed
        )
        self.values = ValueTable(self)
        self.note = Note(theme, self)
        self.note.setObjectName("environment_note")
        self.explained = QLabel(_EXPLAINED, self)
        self.explained.setProperty("role", "muted")
        self.explained.setWordWrap(True)
        self.new = self._button("&New", "environment_new", "Make an environment")
        self.copy = self._button("&Duplicate", "environment_duplicate", "Make another with the same values")
        self.delete = self._button("De&lete", "environment_delete", "Delete it, with its secrets")
        self.close_button = QPushButton("Close", self)
        self.close_button.setDefault(True)
        self._lay_out()
        self.new.clicked.connect(self._add)
        self.copy.clicked.connect(self._duplicate)
        self.delete.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.accept)
        self.names.currentItemChanged.connect(self._show_current)
        self.names.itemChanged.connect(self._rename)
        self.values.edited.connect(self._save)
        away = QShortcut(
            QKeySequence.StandardKey.Delete, self.names, context=Qt.ShortcutContext.WidgetShortcut
        )
        away.activated.connect(self._delete)

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        for button in (self.new, self.copy, self.delete):
            deeds.addWidget(button)
        deeds.addStretch()
        deeds.addWidget(self.close_button)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.names)
        middle.addWidget(self.values, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.explained)
        column.addLayout(middle, 1)
        column.addWidget(self.note)
        column.addLayout(deeds)

    # what comes in

    def show_environments(self, known: EnvironmentSet) -> None:
        """Show these; the one that was looked at stays so."""
        self.note.say("")
        looked_at = self._next or self._current_name() or known.current
        self._next = ""
        self._known = known
        self._filling = True
        self.names.clear()
        for environment in known.environments:
            item = QListWidgetItem(environment.name, self.names)
            item.setData(_NAME, environment.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            if environment.name == looked_at:
                self.names.setCurrentItem(item)
        if self.names.currentRow() < 0 and self.names.count():
            self.names.setCurrentRow(0)
        self._filling = False
        self._show_current()
        if not known.environments:
            self.note.say(
                "There is no environment yet.", "“New” makes one, such as local or staging.", "info"
            )

    def show_error(self, error: InspectorError) -> None:
        """Say why a deed was not done."""
        self.note.say(error.message, error.next_step)

    def current(self) -> Environment | None:
        """The environment that is looked at."""
        return self._known.named(self._current_name()) if self._current_name() else None

    def _current_name(self) -> str:
        item: QListWidgetItem | None = self.names.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    @Slot()
    def _show_current(self) -> None:
        if self._filling:
            return
        environment = self.current()
        self.values.show_values(environment.variables if environment is not None else None)
        for button in (self.copy, self.delete):
            button.setEnabled(environment is not None)

    # what is wanted

    @Slot()
    def _add(self) -> None:
        name = self._free("environment")
        self._next = name
        self.wanted.emit(lambda environments: environments.add(name))

    @Slot()
    def _duplicate(self) -> None:
        current = self._current_name()
        if current:
            name = self._free(f"{current} copy")
            self._next = name
            self.wanted.emit(lambda environments: environments.duplicate(current, name))

    @Slot()
    def _delete(self) -> None:
        current = self._current_name()
        if current:
            self.wanted.emit(lambda environments: environments.delete(current))

    @Slot(QListWidgetItem)
    def _rename(self, item: QListWidgetItem) -> None:
        old, new = str(item.data(_NAME)), item.text()
        if not self._filling and new != old:
            self._next = new
            self.wanted.emit(lambda environments: environments.rename(old, new))

    @Slot(object)
    def _save(self, variables: tuple[Variable, ...]) -> None:
        environment = self.current()
        if environment is not None:
            new = Environment(environment.name, variables)
            self.wanted.emit(lambda environments: environments.save(new, was=new.name))

    def _free(self, wanted: str) -> str:
        taken = {one.name for one in self._known.environments}
        number, name = 1, wanted
        while name in taken:
            number += 1
            name = f"{wanted} {number}"
        return name
