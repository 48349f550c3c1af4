"""“Complete…”: the signed certificate put to the key that a request was made with. Imports PySide6 and this room."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from inspector.certificates.model import VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.certificates.read import read
from inspector.certificates.requests import complete_with
from inspector.certificates.vault import Vault
from inspector.ui.certificates.chosen import Chosen
from inspector.ui.certificates.file_picker import FilePicker
from inspector.ui.certificates.form_dialog import FormDialog, plain_label
from inspector.ui.certificates.import_dialog import NOTHING_TO_PASTE, PASTE_STEP
from inspector.ui.certificates.wording import day
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

PROMPT = "Drop the signed certificate here, with its issuers, or paste it (Ctrl+V)."


def complete(vault: Vault, name: str, chosen: Chosen) -> VaultEntry:
    """Complete a request with what was chosen. Raises CertificateError, VaultError."""
    material = read(chosen.sources(), skip_locked_keys=True, take_strange_keys=True)
    return complete_with(vault, name, (*material.chain, *material.extra))


class CompleteDialog(FormDialog):
    """`completed` brings the VaultEntry."""

    completed = Signal(object)

    def __init__(
        self,
        vault: Vault,
        worker: Worker,
        theme: Theme,
        request: PendingRequest,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, f"Complete {request.name}", "Complete", parent)
        self.setObjectName("certificate_complete_dialog")
        self.setAcceptDrops(True)
        self._vault = vault
        self._worker = worker
        self._request = request
        self.files = FilePicker(theme, self)
        self.files.prompt(PROMPT)
        self.files.choose.setAutoDefault(False)
        self.add(
            plain_label(
                "muted",
                self,
                f"The request was made on {day(request.created_at)}; its key waits in the vault. The certificate and"
                " its issuers may be in several files, in any order.",
            )
        )
        self.add(self.files)
        self.files.changed.connect(self._changed)
        self.files.not_pasted.connect(self._nothing_to_paste)
        self.finished.connect(self.files.forget_texts)  # there may be a key in what was pasted
        self._changed()
        self.files.choose.setFocus()

    def add_files(self, paths: list[Path]) -> None:
        """Take files, as if they had been dropped."""
        self.files.add(paths)

    @Slot()
    def go(self) -> None:
        """Complete it."""
        vault, name, chosen = self._vault, self._request.name, self.files.chosen
        self.work("Completing…", self.files)
        self._worker.submit("", lambda: complete(vault, name, chosen), self._have_completed, self.complain)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.files.paste()
        else:
            super().keyPressEvent(event)

    def _have_completed(self, entry: object) -> None:
        self.end_work()
        self.completed.emit(entry)
        self.accept()

    @Slot()
    def _changed(self) -> None:
        self.note.say("")
        self.accept_button.setEnabled(bool(self.files.chosen))

    @Slot()
    def _nothing_to_paste(self) -> None:
        self.note.say(NOTHING_TO_PASTE, PASTE_STEP, "info")
