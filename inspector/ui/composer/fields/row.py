"""One row of the form: the key, the value, the way to take it away, and what is wrong with it below.

Imports the form's words, PySide6, icons, the theme and its own room.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from inspector.contract.form_model import FormField, Kind
from inspector.contract.push import Problem, Severity
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.composer.fields import other_inputs, text_inputs
from inspector.ui.composer.fields.change import Change, FieldInput
from inspector.ui.composer.fields.undo_keys import UndoKeys
from inspector.ui.qt_text import tip
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme

LABEL_WIDTH = 116
REMOVE_WIDTH = 20
_NARROW = 440
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def row_key(shown: FormField) -> tuple[object, ...]:
    """What makes a row another row: the place, and the kind of control."""
    return shown.path, shown.kind


class FieldRow(QWidget):
    """`changed` carries a Change, `entered` comes as a visit begins, `place_wanted` carries the FormField to show in
    the text."""

    changed = Signal(object)
    entered = Signal()
    place_wanted = Signal(object)

    def __init__(self, shown: FormField, theme: Theme, undo: UndoKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = shown
        self._fault = ""
        self._note: Note | None = None
        self.label = ElidedLabel(self, Qt.TextElideMode.ElideMiddle)
        self.label.setProperty("role", "muted")
        self.label.setFixedHeight(CONTROL_HEIGHT)
        self.label.setText(_label(shown))
        self.input = _input(shown, theme, self)
        self.remove = QToolButton(self)
        self.remove.setFixedSize(REMOVE_WIDTH, CONTROL_HEIGHT)
        self.remove.setObjectName(f"composer_remove_{shown.name}")
        self.remove.setAccessibleName(f"Remove {shown.name}")
        self.remove.setToolTip(f"Take {shown.name} out of the body")
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the fields' right ends stay in line
        self.remove.setSizePolicy(policy)
        self.remove.clicked.connect(self._remove)
        main = self.input.main()
        main.setObjectName(f"composer_field_{shown.name}")
        main.setAccessibleName(shown.name)
        undo.watch(main)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.input, 0, 1)
        self._narrow = False
        self._grid.addWidget(self.remove, 0, 2, Qt.AlignmentFlag.AlignTop)
        self.input.changed.connect(self.changed)
        self.input.entered.connect(self.entered)
        self.input.faulty.connect(self._take_fault)
        self.input.place_wanted.connect(self._want_place)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.show_field(shown)

    def controls(self) -> list[QWidget]:
        """What takes keys, in the order of the Tab key."""
        return [self.input.main(), *self.input.buttons(), self.remove]

    def show_field(self, shown: FormField) -> None:
        """Show what was read."""
        self.field = shown
        self.input.show_field(shown)
        self.remove.setVisible(shown.present and shown.kind is not Kind.FLAG)
        described = "\n".join(part for part in (shown.name, shown.hint) if part)
        self.label.setToolTip(tip(described))
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what is long has the whole width, below its key."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        if isinstance(self.input, text_inputs.LongInput):
            self._grid.removeWidget(self.input)
            self._grid.addWidget(self.input, 0, 0 if narrow else 1, 1, 3 if narrow else 1)
            self.input.set_below(REMOVE_WIDTH + GRID if narrow else 0)
            self.label.raise_()
            self.remove.raise_()
        self._place_note()

    def _place_note(self) -> None:
        if self._note is not None:
            self._grid.removeWidget(self._note)
            self._grid.addWidget(self._note, 1, 0 if self._narrow else 1, 1, 2 if self._narrow else 1)

    @Slot(str)
    def _take_fault(self, words: str) -> None:
        self._fault = words
        self._say()

    def _say(self) -> None:
        """What is typed and can't be written comes first, then what the contract says, then what is good to know."""
        problems = self.field.problems
        if self._fault:
            words, severity = self._fault, "warning"
        elif problems:
            words = " ".join(_words(problem) for problem in problems[:3])
            severity = min((problem.severity for problem in problems), key=_SEVERITIES.index).value
        else:
            words, severity = self.field.hint if self.field.present else "", "info"
        if self._note is None and words:
            self._note = Note(self._theme, self)
            policy = self._note.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # a long word must not widen the form
            self._note.setSizePolicy(policy)
            self._place_note()
        if self._note is not None:
            self._note.say(words, severity=severity)
        self.input.main().setAccessibleDescription(words)
        _mark(self.input.main(), bad=bool(problems) and severity == "error")

    @Slot()
    def _remove(self) -> None:
        self.entered.emit()
        self.changed.emit(Change(self.field.path))

    @Slot()
    def _want_place(self) -> None:
        self.place_wanted.emit(self.field)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self.remove.setIcon(icons.icon("x", colors.muted, colors.border))


def _words(problem: Problem) -> str:
    """What a problem says where its place is seen: without the way to it."""
    if problem.code == "unconfirmed_key":
        return "Unconfirmed key."
    last = problem.path.rpartition(".")[2]
    return (
        last + problem.message.removeprefix(problem.path)
        if problem.message.startswith(problem.path)
        else (problem.message)
    )


def _label(shown: FormField) -> str:
    """The key alone where its section tells the rest, else as much of the path as tells where it is."""
    last = str(shown.path[-1])
    parent = shown.path[-2] if len(shown.path) > 1 else ""
    return f"sound {last}" if parent == "sound" else last


def _input(shown: FormField, theme: Theme, parent: QWidget) -> FieldInput:
    if shown.kind is Kind.CHOICE:
        return other_inputs.ChoiceInput(shown, parent)
    if shown.kind is Kind.FLAG:
        return other_inputs.FlagInput(shown, parent)
    if shown.kind is Kind.ELSEWHERE:
        return other_inputs.ElsewhereInput(parent)
    made = {
        Kind.UUID: text_inputs.UuidInput,
        Kind.TOKEN: text_inputs.TokenInput,
        Kind.OFFER: text_inputs.OfferInput,
        Kind.NUMBER: text_inputs.NumberInput,
        Kind.RAW: text_inputs.RawInput,
    }.get(shown.kind, text_inputs.TextInput)
    return made(shown, theme, parent)


def _mark(control: QWidget, *, bad: bool) -> None:
    state = "bad" if bad else ""
    if (control.property("state") or "") != state:
        control.setProperty("state", state)
        control.style().unpolish(control)
        control.style().polish(control)
