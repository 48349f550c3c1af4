"""The section for TLS keys written to a file, for Wireshark. Imports PySide6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from inspector.errors import UsageError
from inspector.listen_request import ListenRequest
from inspector.ui.listener_settings import questions
from inspector.ui.listener_settings.form import Faults, Section, in_line, set_text


class KeyLog(Section):
    """On or off, and the file. `suggested` gives the file that is offered first."""

    title = "Key log for Wireshark"
    fields = ("key_log",)
    suggested: Callable[[], Path]

    def build(self) -> None:
        self._on = QCheckBox("Write TLS keys to a file")
        self._on.setObjectName("settings_key_log")
        self._on.clicked.connect(self._switch)
        self.row(
            "key_log",
            "",
            self._on,
            "In Wireshark: Preferences, Protocols, TLS, (Pre)-Master-Secret log filename. "
            "Whoever has the file can read recorded connections; the status line tells while it is written.",
        )
        self._path = QLineEdit()
        self._path.setObjectName("settings_key_log_file")
        self._path.editingFinished.connect(self.say_edited)
        self._pick = QPushButton("Choose…")
        self._pick.setAccessibleName("Choose a file for TLS keys")
        self._pick.clicked.connect(self._choose)
        self.row("key_log_file", "File", in_line(self._path, self._pick, stretch=0), focus=self._path)

    def fill(self, request: ListenRequest) -> None:
        self._on.setChecked(request.key_log is not None)
        if request.key_log is not None:
            set_text(self._path, str(request.key_log))
        self.places["key_log_file"].show(request.key_log is not None)

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        if not self._on.isChecked():
            self.places["key_log_file"].complain("")
            return replace(request, key_log=None)
        return replace(
            request,
            key_log=faults.read(
                self.places["key_log_file"], lambda: _file(self._path.text()), request.key_log
            ),
        )

    def summary(self, request: ListenRequest) -> str:
        return f"on: {request.key_log}" if request.key_log is not None else "off"

    @Slot()
    def _switch(self) -> None:
        if self._on.isChecked() and not self._path.text():
            set_text(self._path, str(self.suggested()))
        self.places["key_log_file"].show(self._on.isChecked())
        self.say_edited()

    @Slot()
    def _choose(self) -> None:
        path = questions.choose_key_log(self, Path(self._path.text() or self.suggested()))
        if path is not None:
            set_text(self._path, str(path))
            self.say_edited()


def _file(text: str) -> Path:
    text = text.strip()
    if not text:
        raise UsageError("Write the file’s name, or choose one.")
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise UsageError("Write the whole path of the file.")
    if path.is_dir():
        raise UsageError("That is a folder.", "Write the name of a file in it.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.")
    return path
