"""Importing an identity or a CA: files, a password where one is needed, a look at what was read, a name.

Reading and keeping run in the worker. What was typed stays until it has worked; the password is cleared after that,
and when the dialog goes. Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from inspector.certificates.model import VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.certificates.read import read
from inspector.certificates.requests import complete_with
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.ui.certificates.import_form import ImportForm
from inspector.ui.certificates.import_preview import Preview, read_preview
from inspector.ui.certificates.wording import error_words, let_in
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

READ_LANE = "certificate-preview"
NOTHING_TO_PASTE = "There is no certificate on the clipboard."
PASTE_STEP = "Copy the text from -----BEGIN to -----END, or a file."
_LOCKED = "This is protected by a password. Type it to see what is inside."


class ImportDialog(ImportForm):
    """Asks for all that an import needs, and does it. `imported` brings the VaultEntry.

    `existing` are the vault's entries, `waiting` its requests; `replaced` is the name of an entry that is to be
    replaced.
    """

    imported = Signal(object)

    def __init__(
        self,
        vault: Vault,
        worker: Worker,
        theme: Theme,
        existing: Sequence[VaultEntry],
        *,
        waiting: Sequence[PendingRequest] = (),
        replaced: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._vault = vault
        self._worker = worker
        self._waiting = tuple(waiting)
        self._existing = {entry.name.lower(): entry for entry in existing}
        self._read_as: Preview | None = None
        self._read_with = ""
        self._needs_password = False
        self._own_name = bool(replaced)
        self._own_trust = False
        self._saving = False
        if replaced:
            self.setWindowTitle(f"Replace {replaced}")
            self.name.setText(replaced)
            self.replace.setChecked(True)
        self.files.changed.connect(self._read)
        self.files.not_pasted.connect(self._nothing_to_paste)
        self.password.returnPressed.connect(self._read)
        self.unlock.clicked.connect(self._read)
        self.password.textChanged.connect(self._update)
        self.name.textEdited.connect(self._name_edited)
        self.name.textChanged.connect(self._update)
        self.replace.toggled.connect(self._update)
        self.trust.clicked.connect(self._trust_clicked)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._save)
        self.finished.connect(self._clear_secret)
        self._update()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Take more files, as if they had been dropped."""
        self.files.add(paths)

    def add_text(self, text: str) -> None:
        """Take a pasted text."""
        self.files.add_text(text)

    @Slot()
    def _nothing_to_paste(self) -> None:
        self.files_note.say(NOTHING_TO_PASTE, PASTE_STEP, "info")

    @property
    def read_as(self) -> Preview | None:
        """What is in the files; None while that is not known."""
        return self._read_as

    def reject(self) -> None:
        """Go without importing; not while that is being done."""
        if not self._saving:
            self._worker.outdated(READ_LANE)
            super().reject()

    # reading

    @Slot()
    def _read(self) -> None:
        chosen, password = self.files.chosen, self.password.text()
        known, waiting = tuple(self._existing.values()), self._waiting
        if self._saving:
            return
        self._show_read(None)
        self.save_note.say("")
        if not chosen:
            self._worker.outdated(READ_LANE)
            self.files_note.say("")
            self.password_note.say("")
            self._need_password(needed=False)
            return
        self.files_note.say("Reading…", severity="info")
        self._worker.submit(
            READ_LANE,
            lambda: (read_preview(chosen, password, known, waiting), password),
            self._have_read,
            self._could_not_read,
        )

    def _have_read(self, result: tuple[Preview, str]) -> None:
        preview, self._read_with = result
        self.files_note.say("")
        self.password_note.say("")
        if not self._own_name:
            self.name.setText(preview.suggested_name)
        before = (self.password, self.unlock, self.files.choose)
        go_on = any(widget.hasFocus() for widget in before)
        self._show_read(preview)
        if go_on:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.name.selectAll()

    def _could_not_read(self, error: BaseException) -> None:
        code = error.code if isinstance(error, CertificateError) else ""
        message, step = self._words(error)
        self._show_read(None)
        self.files_note.say("")
        self.password_note.say("")
        if code == "password_needed":
            self.password_note.say(_LOCKED, severity="info")
        elif code == "wrong_password":
            self.password_note.say(message, step)
        else:
            self.files_note.say(message, step)
        self._need_password(needed=code in ("password_needed", "wrong_password"))

    def _need_password(self, *, needed: bool) -> None:
        """Show the password's field from when one is needed; it goes with the last file."""
        self._needs_password = needed or (self._needs_password and bool(self.files.chosen))
        self._update()
        if needed:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            self.password.selectAll()

    def _show_read(self, preview: Preview | None) -> None:
        self._read_as = preview
        self.preview.show_preview(preview)
        self._update()

    # keeping

    @Slot()
    def _save(self) -> None:
        if self._read_as is None or not self.accept_button.isEnabled():
            return
        vault, chosen, name, password = (
            self._vault,
            self.files.chosen,
            self.name.text().strip(),
            self._read_with,
        )
        trust, replace = self.trust.isChecked() and bool(self._read_as.anchors), self._clash is not None
        completes = self._read_as.completes
        self._saving = True
        self.save_note.say("")
        self._update()

        def job() -> VaultEntry:
            sources = chosen.sources()
            if completes:
                material = read(sources, password or None)
                return complete_with(vault, completes, (*material.chain, *material.extra))
            return vault.import_sources(sources, name, password or None, trust_clients=trust, replace=replace)

        self._worker.submit("", job, self._saved, self._could_not_save)

    def _saved(self, entry: VaultEntry) -> None:
        self._saving = False
        self.imported.emit(entry)
        self.accept()

    def _could_not_save(self, error: BaseException) -> None:
        self._saving = False
        code = error.code if isinstance(error, CertificateError) else ""
        message, step = self._words(error)
        if code in ("password_needed", "wrong_password"):
            self._could_not_read(error)  # the file is another one than was looked at
            return
        if code == "exists":  # another process was faster
            self._existing = {entry.name.lower(): entry for entry in self._vault.entries()}
        self._update()
        if code in ("invalid_name", "exists"):
            self.name_note.say(message, step)
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.save_note.say(message, step)

    def _words(self, error: BaseException) -> tuple[str, str]:
        """An error's two lines, with files called by their names: their folders stand above."""
        message, step = error_words(error)
        for path in sorted(self.files.paths, key=lambda path: -len(str(path))):
            message, step = message.replace(str(path), path.name), step.replace(str(path), path.name)
        return message, step

    # how it looks

    @property
    def _clash(self) -> VaultEntry | None:
        """The entry that has the name already."""
        return self._existing.get(self.name.text().strip().lower())

    @Slot()
    def _update(self) -> None:
        read, clash = self._read_as, self._clash
        free = clash is None or self.replace.isChecked()
        self.password_row.setVisible(self._needs_password)
        self.unlock.setEnabled(bool(self.password.text()))
        completes = read.completes if read is not None else ""
        free = free or bool(completes)
        self.completes_note.say(
            f"The request {completes} waits for this certificate: its key is in the vault."
            if completes
            else "",
            severity="ok",
        )
        self.name_row.setVisible(read is not None and not completes)
        self.name_note.say("")
        self.replace.setVisible(read is not None and clash is not None and not completes)
        if clash is not None:
            self.replace.setText(f"Replace the {clash.name} that is in the vault")
        self._update_trust(read, clash)
        words = "Complete" if completes else "Replace" if clash and free else "Import"
        self.accept_button.setText("Importing…" if self._saving else words)
        ready = read is not None and bool(self.name.text().strip()) and free
        self.accept_button.setEnabled(ready and not self._saving)
        for widget in (self.files, self.password, self.name, self.replace, self.trust, self.cancel):
            widget.setEnabled(not self._saving)

    def _update_trust(self, read: Preview | None, clash: VaultEntry | None) -> None:
        anchors = read.anchors if read is not None and not read.completes else ()
        self.trust.setVisible(bool(anchors))
        if anchors:
            self.trust.setText(f"Let in {let_in(anchors)}".replace("&", "&&"))
            if not self._own_trust:
                self.trust.setChecked(clash is not None and clash.trust_clients)

    @Slot()
    def _name_edited(self) -> None:
        self._own_name = bool(self.name.text())
        self.replace.setChecked(False)

    @Slot()
    def _trust_clicked(self) -> None:
        self._own_trust = True

    @Slot()
    def _clear_secret(self) -> None:
        self.password.clear()
        self.files.forget_texts()
        self._read_with = ""
