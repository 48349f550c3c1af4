"""Where a script is edited: its main numbers as fields, all of it as JSON beside them, always in step. Imports PySide6,
the JSON editor and the scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.errors import InspectorError, UsageError
from inspector.ui.certificates.note import Note
from inspector.ui.json_editor import JsonEditor
from inspector.ui.runs import dialogs
from inspector.ui.runs.axes import clock
from inspector.ui.runs.script_fields import ScriptFields
from inspector.ui.runs.scripts import (
    NumberPath,
    ScriptFacts,
    ScriptText,
    read_facts,
    with_devices,
    with_number,
)
from inspector.ui.runs.wording import pushes_words
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_SIZE = (880, 620)
_LONGEST_FILE = 4_000_000


class ScriptEditor(QDialog):
    """`used` carries the ScriptText that is to be played; it comes only for one that can be."""

    used = Signal(object)

    def __init__(
        self, script: ScriptText, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("script_editor")
        self.setWindowTitle("Script")
        self.resize(*_SIZE)
        self._script = script
        self._worker = worker
        self._sound = False
        self.fields = ScriptFields(self)
        self.editor = JsonEditor(theme, worker, self)
        self.editor.setObjectName("script_text")
        self.editor.setAccessibleName("The script as JSON")
        self.note = Note(theme, self)
        self.open_button = self._button("script_open", "&Open…", "Open a script from a file")
        self.save_button = self._button("script_save", "&Save as…", "Save this script as a file")
        self.cancel = self._button("script_cancel", "Cancel", "Leave the script as it was")
        self.use = self._button("script_use", "&Use it", "Play the script like this")
        self.use.setProperty("kind", "primary")
        self.use.setDefault(True)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._read)
        self._lay_out()
        self.fields.number_changed.connect(self._change_number)
        self.fields.devices_changed.connect(self._change_devices)
        self.editor.textChanged.connect(self._text_changed)
        self.open_button.clicked.connect(self._open)
        self.save_button.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)
        self.use.clicked.connect(self._use)
        self._show(script)

    def _button(self, name: str, words: str, hint: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words.replace("&", "").rstrip("…"))
        button.setToolTip(hint)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFixedWidth(252)
        holder = QWidget(scroll)
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.fields)
        scroll.setWidget(holder)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(scroll)
        upright = QFrame(self)
        upright.setProperty("role", "upright")
        beside.addWidget(upright)
        beside.addWidget(self.editor, 1)
        said = QHBoxLayout()
        said.setContentsMargins(12, 8, 12, 0)
        said.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.use)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(beside, 1)
        whole.addLayout(said)
        whole.addLayout(buttons)

    def _show(self, script: ScriptText) -> None:
        self._script = script
        self.setWindowTitle(f"Script: {script.title}")
        self.editor.replace_text(script.text)
        self._read()

    # in step

    @Slot(object, float)
    def _change_number(self, path: NumberPath, value: float) -> None:
        self._change(lambda text: with_number(text, path, value))

    @Slot(str, int)
    def _change_devices(self, service: str, count: int) -> None:
        self._change(lambda text: with_devices(text, service, count))

    def _change(self, change: Callable[[str], str]) -> None:
        try:
            self.editor.replace_text(change(self.editor.text()))
        except UsageError as error:
            self._failed(error)

    @Slot()
    def _text_changed(self) -> None:
        self._sound = False
        self._pause.start(self.editor.pause)

    @Slot()
    def _read(self) -> None:
        self._pause.stop()
        script = self._now()
        self._worker.submit("script editor", lambda: read_facts(script), self._take, self._failed)

    def _take(self, facts: ScriptFacts) -> None:
        self._sound = True
        self.fields.show_facts(facts)
        self.note.say(f"It comes to {pushes_words(facts.pushes)} in {clock(facts.seconds)}.", severity="ok")

    def _failed(self, error: BaseException) -> None:
        self._sound = False
        if isinstance(error, InspectorError):
            self.note.say(error.message, "Mend it here; nothing is lost.")
        else:
            self.note.say(f"It can't be read: {error}", "The log has the details.")

    def _now(self) -> ScriptText:
        return ScriptText(self._script.key, self._script.title, self.editor.text())

    # buttons

    @Slot()
    def _use(self) -> None:
        """What is not judged yet is judged first."""
        script = self._now()

        def sound(facts: ScriptFacts) -> None:
            self._take(facts)
            self.used.emit(script)
            self.accept()

        self._worker.submit("script editor", lambda: read_facts(script), sound, self._failed)

    @Slot()
    def _open(self) -> None:
        path = dialogs.choose_script(self)
        if path is not None:
            self._worker.submit("script file", lambda: read_file(path), self._show, self._failed)

    @Slot()
    def _save(self) -> None:
        path = dialogs.choose_script_place(self, f"{self._script.title}.json")
        if path is None:
            return
        text = self.editor.text()

        def saved(_result: object) -> None:
            self.note.say(f"Saved as {path}.", severity="ok")

        self._worker.submit("", lambda: write_file(path, text), saved, self._failed)


def read_file(path: Path) -> ScriptText:
    """A script's file as text; it may be wrong. Raises UsageError where it can't be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Can't read {path}: {error.strerror or error}.", "Choose another file.") from error
    if len(data) > _LONGEST_FILE:
        raise UsageError(f"{path.name} is too long for a script.", "Choose another file.")
    try:
        return ScriptText(str(path), path.stem, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not text in UTF-8.", "Choose another file.") from error


def write_file(path: Path, text: str) -> None:
    """Raises UsageError where it can't be written."""
    from inspector.whole_file import begun

    try:
        with begun(path, mode=0o644) as file:
            file.write(text.encode())
    except OSError as error:
        raise UsageError(
            f"Can't write {path}: {error.strerror or error}.", "Choose another place."
        ) from error
