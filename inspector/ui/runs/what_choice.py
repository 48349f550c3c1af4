"""What a run sends: the composer's body, pushes of the history, or a script. Imports PySide6, the scripts and the
orders."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from inspector.errors import InspectorError, UsageError
from inspector.ui.advice import in_window
from inspector.ui.answers.inputs import Choice
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.runs.axes import clock
from inspector.ui.runs.order import Captured, Played, Source, Written
from inspector.ui.runs.pace_form import Kind, Speed, Wanted
from inspector.ui.runs.scripts import ScriptFacts, ScriptText, built_in_scripts, read_facts
from inspector.ui.runs.surroundings import Surroundings, filtered_title
from inspector.ui.runs.target_choice import COMBO_WIDTH, LABEL_WIDTH
from inspector.ui.runs.wording import pushes_words
from inspector.ui.theme import GRID, Theme
from inspector.ui.worker import Worker

_BODY, _SELECTED, _FILTERED, _FILE = "body", "selected", "filtered", "file"


class WhatChoice(QWidget):
    """`kind_changed` says that something of another kind is to be sent, `edit_wanted` carries the ScriptText to edit,
    `open_wanted` asks for a script's file."""

    kind_changed = Signal()
    edit_wanted = Signal(object)
    open_wanted = Signal()

    def __init__(
        self, worker: Worker, theme: Theme, around: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._around = around
        self._scripts: dict[str, ScriptText] = {}
        self._facts: dict[str, ScriptFacts] = {}
        self._before = 0
        self.which = Choice(self)
        self.which.setObjectName("runs_what")
        self.which.setAccessibleName("What is sent")
        self.which.setToolTip("What the run sends")
        self.which.setFixedWidth(COMBO_WIDTH)
        self.which.setMinimumContentsLength(12)
        self.which.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.about = ElidedLabel(self)
        self.about.setProperty("role", "muted")
        self.edit = QPushButton("&Edit the script…", self)
        self.edit.setObjectName("runs_edit_script")
        self.edit.setAccessibleName("Edit the script")
        self.edit.setToolTip("Change its numbers and its text, open one from a file, save it")
        self.edit.clicked.connect(self._edit)
        self.note = Note(theme, self)
        self._lay_out()
        self._fill()
        self.which.currentIndexChanged.connect(self._chosen)
        self._chosen()

    def _lay_out(self) -> None:
        label = QLabel("&Send", self)
        label.setProperty("role", "muted")
        label.setBuddy(self.which)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.which, 0, 1)
        grid.addWidget(self.about, 0, 2)
        grid.addWidget(self.edit, 0, 3)
        grid.addWidget(self.note, 1, 1, 1, 3)

    # what others ask

    @property
    def kind(self) -> Kind:
        """Of which kind it is."""
        key = self.which.currentData()
        if key == _BODY:
            return Kind.WRITTEN
        return Kind.CAPTURED if key in (_SELECTED, _FILTERED) else Kind.SCRIPT

    def source(self, wanted: Wanted) -> Source:
        """What is to be sent, as the fields of the pace want it. Raises UsageError where there is nothing."""
        key = self.which.currentData()
        if key == _BODY:
            body = self._around.composer_body()
            return Written(
                f"{body.title} from the composer", body.body_for, wanted.count or 1, wanted.wanted_rate
            )
        if key == _SELECTED:
            ids = self._around.selected()
            if not ids:
                raise UsageError("No push is selected.", "Select some on the page of pushes.")
            title = f"{pushes_words(len(ids))} of the history"
            return Captured(title, wanted.captured_pace(), ids=ids, most=wanted.count)
        if key == _FILTERED:
            shown = self._around.filtered()
            return Captured(
                filtered_title(shown),
                wanted.captured_pace(),
                query=shown.query,
                order=shown.order,
                most=wanted.count,
            )
        script = self._scripts[key]
        return Played(script.title, script.text, wanted.speed if wanted.pace is Speed.OWN else None)

    def refresh(self) -> None:
        """What is selected or written may be another; scripts are read once."""
        if not self._scripts:
            self._worker.submit("runs scripts", built_in_scripts, self._take_scripts)
        self._say()

    def put_script(self, script: ScriptText) -> None:
        """A script from a file, or one that was edited; it is chosen."""
        self._scripts[script.key] = script
        self._fill()
        self.which.setCurrentIndex(self.which.findData(script.key))
        self._read_facts(script)

    def show_error(self, error: InspectorError | None) -> None:
        """Say what is wrong with what is to be sent; or that nothing is."""
        self.note.say(error.message if error else "", in_window(error.next_step) if error else "")

    # around

    def _take_scripts(self, scripts: tuple[ScriptText, ...]) -> None:
        self._scripts = {one.key: one for one in scripts} | self._scripts
        self._fill()

    def _fill(self) -> None:
        before = self.which.currentData() or _BODY
        self.which.blockSignals(True)
        self.which.clear()
        for key, words in (
            (_BODY, "The composer’s body"),
            (_SELECTED, "The selected pushes"),
            (_FILTERED, "All that the filter shows"),
        ):
            self.which.addItem(words, key)
        self.which.insertSeparator(self.which.count())
        for key, script in self._scripts.items():
            self.which.addItem(f"Script: {script.title}", key)
        self.which.addItem("A script from a file…", _FILE)
        self._before = max(0, self.which.findData(before))
        self.which.setCurrentIndex(self._before)
        self.which.blockSignals(False)

    @Slot()
    def _chosen(self) -> None:
        if self.which.currentData() == _FILE:
            self.which.setCurrentIndex(self._before)
            self.open_wanted.emit()
            return
        self._before = self.which.currentIndex()
        self.show_error(None)
        self.edit.setVisible(self.kind is Kind.SCRIPT)
        script = self._scripts.get(self.which.currentData())
        if script is not None and script.key not in self._facts:
            self._read_facts(script)
        self._say()
        self.kind_changed.emit()

    def _read_facts(self, script: ScriptText) -> None:
        def done(facts: ScriptFacts) -> None:
            self._facts[script.key] = facts
            self._say()

        def failed(error: BaseException) -> None:
            if isinstance(error, InspectorError):
                self.show_error(error)

        self._facts.pop(script.key, None)
        self._worker.submit("runs script", lambda: read_facts(script), done, failed)

    def _say(self) -> None:
        self.about.setText(self._about())

    def _about(self) -> str:
        key = self.which.currentData()
        if key == _BODY:
            body = self._around.composer_body()
            return f"{body.title} · {body.size:,} bytes"
        if key == _SELECTED:
            count = len(self._around.selected())
            return (
                f"{count:,} selected on the page of pushes"
                if count
                else "None is selected on the page of pushes"
            )
        if key == _FILTERED:
            shown = self._around.filtered()
            rows = "1 row" if shown.rows == 1 else f"{shown.rows:,} rows"
            return f"{rows} with {shown.text}" if shown.text else f"{rows}, as nothing is filtered out"
        facts = self._facts.get(key)
        if facts is None:
            return ""
        takes = f"{pushes_words(facts.pushes)} in {clock(facts.seconds)}"
        return f"{takes} · {facts.title}" if facts.title else takes

    @Slot()
    def _edit(self) -> None:
        script = self._scripts.get(self.which.currentData())
        if script is not None:
            self.edit_wanted.emit(script)
