"""The form beside the text: the body's fields, read from the text and written into it, so that the two are always in
step and one undo serves both. Imports the contract's light parts, PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

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
from inspector.ui.composer.body import LONGEST_LINE
from inspector.ui.composer.fields.change import Change
from inspector.ui.composer.fields.new_uuid import new_uuid
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
    """A view of the editor's text. `was_read` carries the FormReading, or what keeps the text from having one, each
    time that the form was brought in step with the text."""

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
        self._before: list[QWidget] = []
        self._chain: list[QWidget] = []
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
        self.show_place = self._link("composer_form_place", "Show the place")
        self.show_place.clicked.connect(self._show_fault)
        self.lay_out = self._link("composer_form_lay_out", "Lay it out")
        self.lay_out.setToolTip("Format the text; undo takes it back")
        self.lay_out.clicked.connect(self._format)
        row = QHBoxLayout(self.waiting)
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.note, 1)
        row.addWidget(self.show_place, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.lay_out, 0, Qt.AlignmentFlag.AlignTop)
        self.waiting.hide()

    def _link(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words, self.waiting)
        button.setObjectName(name)
        button.setProperty("kind", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _make_sections(self, theme: Theme) -> None:
        self.content = QWidget(self)
        self.service = ServicePicker(self._undo, self.content)
        self.alert = AlertPicker(self._undo, self.content)
        self.sound = SoundPicker(self._undo, self.content)
        self._pickers: tuple[Picker, ...] = (self.service, self.alert, self.sound)
        of_group: dict[Group, dict[Path, Picker]] = {
            Group.PUSH: {("push-service",): self.service},
            Group.ALERT: {("aps", "alert"): self.alert, ("aps", "sound"): self.sound},
        }
        for picker in self._pickers:
            picker.changed.connect(self._write_all)
            picker.entered.connect(self._begin_visit)
        self.sections = {
            group: Section(group, theme, self._undo, of_group.get(group), self.content) for group in Group
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
        inside.setContentsMargins(12, 4, 8, 8)
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
        text, revision = self._editor.text(), self._editor.document().revision()

        def show(read: tuple[FormReading | Unreadable, int]) -> None:
            found, longest = read
            if isinstance(found, Unreadable):
                self._wait_for_json(found)
            else:
                self._writer.take_places(text, revision, found.fields)
                self._show_reading(found)
                self._remark_long_line(longest)
            self.was_read.emit(found)

        self._worker.submit(self._lane, lambda: _read(text), show)

    def _remark_long_line(self, longest: int) -> None:
        if longest > LONGEST_LINE:
            self.note.say(f"A line of {longest:,} characters makes typing slow.", severity="info")
            self.show_place.hide()
            self.lay_out.show()
            self.waiting.show()

    def _show_reading(self, reading: FormReading) -> None:
        self.reading, self._unreadable = reading, None
        wanted = self._wanted or self._visited()
        self.waiting.hide()
        self.lay_out.hide()
        self.content.setEnabled(True)

        def shows(field: FormField) -> bool:
            return _is_shown(field, reading)

        for picker in self._pickers:
            picker.show_reading(reading)
        for group, section in self.sections.items():
            section.show_fields(reading.of(group), shows)
        self._more.setText(f"And {reading.left_out:,} more keys, in the text")
        self._more.setVisible(reading.left_out > 0)
        self._order_tabs()
        row = self.row(wanted) if wanted else None
        if row is not None:
            if not row.input.main().hasFocus():
                row.input.main().setFocus(Qt.FocusReason.OtherFocusReason)
            if self._wanted:
                self.area.ensureWidgetVisible(row)
            self._wanted = None

    def stand_behind(self, before: QWidget) -> None:
        """The Tab key comes from `before` into the form, and goes on from its last field to what came next."""
        self._before = [before]
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Rows come and go; the Tab key goes from the top to the bottom all the same."""
        controls = (one for part in self.sections.values() for one in part.controls())
        chain = [*self._before, self.show_place, self.lay_out, *controls]
        if chain != self._chain:
            self._chain = chain
            for before, after in pairwise(chain):
                QWidget.setTabOrder(before, after)

    def _visited(self) -> Path | None:
        """The path whose value has the focus: a row of another kind may come in the place of its row."""
        rows = (row for section in self.sections.values() for row in section.rows())
        return next((row.field.path for row in rows if row.input.main().hasFocus()), None)

    def _wait_for_json(self, why: Unreadable) -> None:
        self._unreadable = why
        self.note.say(f"{why.sentence}: the form waits.", severity="warning")
        self.show_place.show()
        self.lay_out.hide()
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
            self.lay_out.hide()
            self.waiting.show()

    @Slot(object)
    def _add(self, field: FormField) -> None:
        literal = quote(new_uuid()) if field.kind is Kind.UUID else field.blank
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

    @Slot()
    def _format(self) -> None:
        self._editor.format_json()
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


def _read(text: str) -> tuple[FormReading | Unreadable, int]:
    """The form, and the longest line's characters."""
    from inspector.contract.form_fields import read_form  # slow to import, and this runs in the worker

    return read_form(text), max(map(len, text.split("\n")))


def _is_shown(field: FormField, reading: FormReading) -> bool:
    """Whether a row, or an entry of a menu, is for this field: what a picker shows better is not."""
    if field.path in (("push-service",), ("notificationType",)):
        return reading.named.value == "unknown"
    if field.path == ("aps", "sound"):
        return field.present and field.value != "default"
    return field.path != ("aps", "alert") or field.present
