"""Whom we take for the server: CAs, one certificate, or anybody. Imports PySide6 and the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from inspector.certificates.fingerprint_text import fingerprint
from inspector.errors import UsageError
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.certificates.note import Note
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.listener_settings.form import Faults, choose, in_line, set_text
from inspector.ui.listener_settings.text_list import ListRows
from inspector.ui.target_settings import questions
from inspector.ui.target_settings.rows import Block
from inspector.ui.theme import fixed_font

KINDS = (
    (TrustKind.USUAL, "System’s CAs and the vault’s"),
    (TrustKind.SYSTEM, "System’s CAs only"),
    (TrustKind.VAULT, "Vault’s CAs only"),
    (TrustKind.FILES, "Only the CAs in files…"),
    (TrustKind.PIN, "One certificate (pinned)"),
    (TrustKind.NOTHING, "Nothing: not checked"),
)
_PEM = "-----BEGIN"
_UNCHECKED = "Not checked"
_UNCHECKED_WHY = "Anybody could be answering: only for a proxy of your own."


class TrustBlock(Block):
    """The kind of trust, and what belongs to it. `pin_file_chosen` carries the file whose certificate is to be pinned,
    `pin_presented_wanted` asks for what the server presents."""

    pin_file_chosen = Signal(object)
    pin_presented_wanted = Signal()

    def build(self) -> None:
        self.kind = QComboBox(self)
        self.kind.setObjectName("composer_target_trust")
        self.kind.setAccessibleName("Whom to trust as the server")
        for key, words in KINDS:
            self.kind.addItem(words, key)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(12)
        self.kind.activated.connect(self._choose_kind)
        self.row("trust", "Tr&ust", self.kind)
        self._unchecked = Note(self.theme, self)
        self._unchecked.say(_UNCHECKED, _UNCHECKED_WHY)
        self.row("unchecked", "", self._unchecked).show(False)
        self._paths: tuple[Path, ...] = ()
        self._files = ListRows(self.theme, "Files with trusted CAs")
        self._files.removed.connect(self._remove_file)
        self.row("files", "", self._files, focus=self.kind)
        self.add_file = self._button("ca_add", "Add CA file…")
        self.add_file.clicked.connect(self._add_files)
        self.row("add", "", in_line(self.add_file), focus=self.add_file)
        self.pin = self.line_edit(
            "pin", "SHA-256 fingerprint of the pinned certificate", "SHA-256 fingerprint, or PEM"
        )
        self.pin.setFont(fixed_font())
        self.row("pin", "", self.pin)
        self.pin_file = self._button("pin_file", "File…")
        self.pin_file.clicked.connect(self._choose_pin_file)
        self.pin_presented = self._button("pin_presented", "As presented")
        self.pin_file.setToolTip("Pin the certificate in a file")
        self.pin_presented.setToolTip(
            "Check the connection, and pin the certificate that the server shows now"
        )
        self.pin_presented.clicked.connect(self.pin_presented_wanted)
        sources = QWidget(self)
        line = FlowLayout(sources)
        for button in (self.pin_file, self.pin_presented):
            line.addWidget(button)
        self.row("pin_from", "", sources, focus=self.pin_file)
        self._show_what_counts()

    def _button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(f"composer_target_{name}")
        return button

    def fill(self, request: SendRequest) -> None:
        choose(self.kind, request.trust)
        self._paths = request.ca_files
        self._files.set_values([str(path) for path in self._paths])
        set_text(self.pin, request.pin)
        self._show_what_counts()

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        kind = self._kind
        request = replace(request, trust=kind, ca_files=self._paths)

        def files() -> tuple[Path, ...]:
            if not self._paths:
                raise UsageError("No CA file is named yet.", "Add one, or trust the usual CAs.")
            return self._paths

        def pin() -> str:
            text = self.pin.text().strip()
            if not text:
                raise UsageError("No certificate is pinned yet.", "Paste a fingerprint, or choose a file.")
            return text if _PEM in text else fingerprint(text)

        if kind is TrustKind.FILES:
            faults.read(self.places["add"], files, self._paths)
        if kind is TrustKind.PIN:
            request = replace(request, pin=faults.read(self.places["pin"], pin, request.pin))
        elif self.pin.text().strip():
            request = replace(request, pin=self.pin.text().strip())
        return request

    def put_pin(self, text: str) -> None:
        """Pin the certificate of this fingerprint."""
        choose(self.kind, TrustKind.PIN)
        set_text(self.pin, text)
        self._show_what_counts()
        self.say_edited()

    def complain_of_pin(self, message: str) -> None:
        """Say at the pin why it can't be taken."""
        self.places["pin"].complain(message)

    @property
    def _kind(self) -> TrustKind:
        return TrustKind(self.kind.currentData())

    @Slot()
    def _choose_kind(self) -> None:
        self._show_what_counts()
        if self._kind is TrustKind.PIN and not self.pin.text():
            self.pin.setFocus()
            return  # nothing is wrong before somebody had the time to say which
        if self._kind is TrustKind.FILES and not self._paths:
            self.add_file.setFocus()
            return
        self.say_edited()

    @Slot()
    def _add_files(self) -> None:
        if paths := questions.choose_ca_files(self):
            self._show_files(tuple(dict.fromkeys((*self._paths, *paths))))

    @Slot(str)
    def _remove_file(self, name: str) -> None:
        self._show_files(tuple(path for path in self._paths if str(path) != name))
        self.add_file.setFocus()

    def _show_files(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._files.set_values([str(path) for path in paths])
        self._show_what_counts()
        self.say_edited()

    @Slot()
    def _choose_pin_file(self) -> None:
        if (path := questions.choose_pinned_file(self)) is not None:
            self.pin_file_chosen.emit(path)

    def _show_what_counts(self) -> None:
        kind = self._kind
        self.places["unchecked"].show(kind is TrustKind.NOTHING)
        self.places["files"].show(kind is TrustKind.FILES and bool(self._paths))
        self.places["add"].show(kind is TrustKind.FILES)
        for place in ("pin", "pin_from"):
            self.places[place].show(kind is TrustKind.PIN)
