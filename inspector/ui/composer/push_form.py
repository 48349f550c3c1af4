"""The form beside the text: the body's fields, read from the text and written into it, so that the two are always in
step and one undo serves both. Imports the contract's light parts, PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.contract.characters import quote
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.form_model import FormField, FormReading, Group, Kind, Unreadable
from inspector.contract.outline import descend
from inspector.contract.paths import Path
from inspector.contract.scan import line_and_column
from inspector.contract.text_edit import read_outline, value_end
from inspector.errors import UsageError
from inspector.ui.certificates.note import Note
from inspector.ui.composer.fields.change import Change
from inspector.ui.composer.fields.pickers import AlertPicker, Picker, ServicePicker, SoundPicker
from inspector.ui.composer.fields.row import FieldRow
from inspector.ui.composer.fields.section import Section
from inspector.ui.composer.fields.undo_keys import UndoKeys
from inspector.ui.composer.fields.writer import FormWriter
from inspector.ui.json_editor import JsonEditor
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_LEAST_WIDTH = 300


class PushForm(QFrame):
    """A view of the editor's text. `was_read` carries the FormReading, or what keeps the text from having one, each time
    that the form was brought in step with the text."""

    was_read = Signal(object)

    def __init__(
        self, editor: JsonEditor, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer_form")
        self.setAccessibleName("The body as a form")
        self.setProperty("role", "panel")
        self.setMinimumWidth(_LEAST_WIDTH)
        self._editor = editor
        self._worker = worker
        self._lane = f"composer form {id(self)}"
        self._writer = FormWriter(editor)
        self._undo = UndoKeys(editor, self)
        self._wanted: Path | None = None  # the row that is to have the focus once it is there
        self._unreadable: Unreadable | None = None
        self.reading: FormReading | None = None
        self._make_waiting(theme)
        self._make_sections(theme)
        self._lay_out()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.read)
        editor.textChanged.connect(self._text_changed)
        self.read()

    def _make_waiting(self, theme: Theme) -> None:
        self.waiting = QWidget(self)
        self.note = Note(theme, self.waiting)
        self.note.setObjectName("composer_form_note")
        self.show_place = QPushButton("Show the place", self.waiting)
        self.show_place.setObjectName("composer_form_place")
        self.show_place.setProperty("kind", "link")
        self.show_place.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_place.clicked.connect(self._show_fault)
        row = QHBoxLayout(self.waiting)
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.note, 1)
        row.addWidget(self.show_place, 0, Qt.AlignmentFlag.AlignTop)
        self.waiting.hide()

    def _make_sections(self, theme: Theme) -> None:
        self.content = QWidget(self)
        self.service = ServicePicker(self._undo, self.content)
        self.alert = AlertPicker(self._undo, self.content)
        self.sound = SoundPicker(self._undo, self.content)
        self._pickers: tuple[Picker, ...] = (self.service, self.alert, self.sound)
        of_group: dict[Group, Sequence[Picker]] = {
            Group.PUSH: (self.service,),
            Group.ALERT: (self.alert, self.sound),
        }
        for picker in self._pickers:
            picker.changed.connect(self._write_all)
            picker.entered.connect(self._begin_visit)
        self.sections = {
            group: Section(group, theme, self._undo, of_group.get(group, ()), self.content) for group in Group
        }
        for section in self.sections.values():
            section.changed.connect(self._write)
            section.entered.connect(self._begin_visit)
            section.place_wanted.connect(self._show_field_place)
            section.add_wanted.connect(self._add)

    def _lay_out(self) -> None:
        self._more = QLabel(self.content)
        self._more.setProperty("role", "muted")
        self._more.hide()
        inside = QVBoxLayout(self.content)
        inside.setContentsMargins(12, 4, 12, 8)
        inside.setSpacing(4)
        for section in self.sections.values():
            inside.addWidget(section)
        inside.addWidget(self._more)
        inside.addStretch()
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.waiting)
        column.addWidget(self.area, 1)
        self.setFocusProxy(self.service.combo)

    def row(self, path: Path) -> FieldRow | None:
        """The row of a path, where it shows."""
        return next((row for one in self.sections.values() if (row := one.row(path)) is not None), None)

    # reading

    @Slot()
    def _text_changed(self) -> None:
        self._worker.outdated(self._lane)
        self._timer.start(self._editor.pause)

    @Slot()
    def read(self) -> None:
        """Bring the form in step with the text, by way of the worker's thread."""
        self._timer.stop()
        text = self._editor.text()
        self._worker.submit(self._lane, lambda: _read(text), self._show)

    def _show(self, found: FormReading | Unreadable) -> None:
        if isinstance(found, Unreadable):
            self._wait_for_json(found)
        else:
            self._show_reading(found)
        self.was_read.emit(found)

    def _show_reading(self, reading: FormReading) -> None:
        self.reading, self._unreadable = reading, None
        self.waiting.hide()
        self.content.setEnabled(True)
        for picker in self._pickers:
            picker.show_reading(reading)
        for group, section in self.sections.items():
            section.show_fields([one for one in reading.of(group) if _is_shown(one, reading)])
        ios = any(one.group is Group.ALERT for one in reading.fields)
        self.sections[Group.ALERT].setVisible(ios)
        self._more.setText(f"And {reading.left_out:,} more keys, in the text")
        self._more.setVisible(reading.left_out > 0)
        wanted = self.row(self._wanted) if self._wanted else None
        if wanted is not None:
            self._wanted = None
            wanted.input.main().setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.ensureWidgetVisible(wanted)

    def _wait_for_json(self, why: Unreadable) -> None:
        self._unreadable = why
        self.note.say(f"{why.sentence}: the form waits.", severity="warning")
        self.show_place.show()
        self.waiting.show()
        self.content.setEnabled(False)

    # writing

    @Slot()
    def _begin_visit(self) -> None:
        self._writer.begin_visit()

    @Slot(object)
    def _write(self, change: Change) -> None:
        self._write_all((change,))

    @Slot(object)
    def _write_all(self, changes: Sequence[Change]) -> None:
        try:
            self._writer.write(changes)
        except JsonSyntaxError as fault:
            line = line_and_column(self._editor.text(), fault.offset)[0]
            self._wait_for_json(Unreadable(f"The text is not JSON at line {line}", fault.offset))
        except UsageError as error:
            self.note.say(error.message, error.next_step, severity="warning")
            self.show_place.hide()
            self.waiting.show()

    @Slot(object)
    def _add(self, field: FormField) -> None:
        literal = quote(str(uuid4())) if field.kind is Kind.UUID else field.blank
        self._wanted = field.path
        self._writer.begin_visit()
        self._write_all((Change(field.path, literal=literal),))
        self.read()

    # places

    @Slot()
    def _show_fault(self) -> None:
        if self._unreadable is not None:
            self._editor.show_place(self._unreadable.offset)
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _show_field_place(self, field: FormField) -> None:
        text = self._editor.text()
        try:
            node, _ = descend(read_outline(text), field.path)
        except JsonSyntaxError:
            return
        self._editor.show_place(node.start, value_end(text, node) - node.start)
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_down(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self._worker.outdated(self._lane)


def _read(text: str) -> FormReading | Unreadable:
    from inspector.contract.form_fields import read_form  # slow to import, and this runs in the worker

    return read_form(text)


def _is_shown(field: FormField, reading: FormReading) -> bool:
    """Whether a row, or an entry of a menu, is for this field: what a picker shows better is not."""
    if field.path in (("push-service",), ("notificationType",)):
        return reading.named.value == "unknown"
    if field.path == ("aps", "sound"):
        return field.present and field.value != "default"
    return field.path != ("aps", "alert") or field.present
