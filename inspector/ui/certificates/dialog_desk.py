"""The dialogs of the page: opened one at a time, fed with what the page knows, their results told.

Imports PySide6, the workbench and the pieces of this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from inspector.certificates.handover import HandedOver
from inspector.certificates.model import VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.errors import InspectorError
from inspector.ui.certificates.complete_dialog import CompleteDialog
from inspector.ui.certificates.contents import Contents, Listed
from inspector.ui.certificates.hand_over_dialog import HandOverDialog
from inspector.ui.certificates.import_dialog import ImportDialog
from inspector.ui.certificates.new_dialog import NewDialog
from inspector.ui.certificates.renew_dialog import RenewDialog
from inspector.ui.certificates.sign_dialog import SignDialog
from inspector.ui.certificates.vault_dialog import VaultDialog
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.usage import listed as listed_uses

if TYPE_CHECKING:
    from inspector.ui.expiry_watch import ExpiryWatch
    from inspector.workbench import Workbench


class DialogDesk(QObject):
    """`done` brings what was done and the name of the entry to look at (empty: as before); `said` a line for the status
    bar; `offered` a line with a button for the notice: its words, the button’s, and what it does; `failed` an error."""

    done = Signal(str, str)
    said = Signal(str)
    offered = Signal(str, str, object)
    failed = Signal(object)

    def __init__(self, workbench: Workbench, worker: Worker, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._window = window
        self.dialog: QDialog | None = None
        self._expiry: ExpiryWatch | None = None

    def notify_with(self, expiry: ExpiryWatch) -> None:
        """Who tells the desktop of certificates that end soon."""
        self._expiry = expiry

    # importing

    def import_files(self, paths: Sequence[Path], *, text: str = "", replaced: str = "") -> None:
        """Open the import dialog with files or a pasted text, or give them to the one that is open. `replaced` names
        the entry that the import is to replace."""
        if not isinstance(self.dialog, ImportDialog):
            try:
                vault = self._workbench.vault
                document = vault.document()
            except InspectorError as error:
                self.failed.emit(error)
                return
            dialog = ImportDialog(
                vault,
                self._worker,
                self._theme,
                tuple(record.entry for record in document.records),
                waiting=tuple(locked.request for locked in document.requests),
                replaced=replaced,
                parent=self._window,
            )
            dialog.imported.connect(self._imported)
            self._open(dialog)
        if isinstance(self.dialog, ImportDialog):
            self.dialog.add_files(paths)
            if text:
                self.dialog.add_text(text)

    @Slot(object)
    def _imported(self, entry: VaultEntry) -> None:
        self.done.emit(f"Imported {entry.name}.", entry.name)

    # making

    def new(self, contents: Contents) -> None:
        """Make an identity, a CA or a request."""
        dialog = NewDialog(self._workbench.vault, self._worker, self._theme, contents, self._window)
        dialog.made.connect(self._made)
        self._open(dialog)

    @Slot(object)
    def _made(self, made: VaultEntry | PendingRequest) -> None:
        if isinstance(made, PendingRequest):
            self.done.emit(f"Made a request for {made.name}: have it signed, then complete it.", "")
        else:
            self.done.emit(f"Made {made.name}.", made.name)

    def complete(self, request: PendingRequest) -> None:
        """Put the signed certificate to a request."""
        dialog = CompleteDialog(self._workbench.vault, self._worker, self._theme, request, self._window)
        dialog.completed.connect(self._completed)
        self._open(dialog)

    @Slot(object)
    def _completed(self, entry: VaultEntry) -> None:
        self.done.emit(f"{entry.name} is complete.", entry.name)

    def renew(self, listed: Listed, contents: Contents) -> None:
        """Renew an entry."""
        dialog = RenewDialog(self._workbench.vault, self._worker, self._theme, listed, contents, self._window)
        uses = listed_uses(listed.uses)

        def renewed(made: VaultEntry | PendingRequest) -> None:
            if isinstance(made, PendingRequest):
                self.done.emit(f"Made a request to renew {made.name}: have it signed, then complete it.", "")
            else:
                until = f"{made.leaf.not_valid_after_utc:%Y-%m-%d}"
                also = f" {uses.capitalize()} will use it from the next connection on." if uses else ""
                self.done.emit(f"Renewed {made.name} until {until}.{also}", made.name)

        dialog.renewed.connect(renewed)
        self._open(dialog)

    def sign(self, contents: Contents, paths: Sequence[Path] = (), text: str = "") -> None:
        """Sign somebody else’s request."""
        dialog = SignDialog(self._workbench.vault, self._worker, self._theme, contents, self._window)
        dialog.signed.connect(self._signed)
        self._open(dialog)
        dialog.add_files(paths)
        if text:
            dialog.add_text(text)

    @Slot(object)
    def _signed(self, path: Path) -> None:
        self._offer_folder(f"Signed the request, and saved the certificate as {path.name}.", path.parent)

    # handing over, keeping

    def hand_over(self, listed: Listed, contents: Contents) -> None:
        """Export an identity for LivePerson and for the push proxy."""
        dialog = HandOverDialog(
            self._workbench.vault,
            self._worker,
            self._theme,
            listed.entry.name,
            contents.known_cas,
            self._window,
        )
        dialog.handed_over.connect(self._handed_over)
        self._open(dialog)

    @Slot(object)
    def _handed_over(self, written: tuple[HandedOver, ...]) -> None:
        folder = written[0].path.parent
        self._offer_folder(f"Wrote {len(written)} files to {folder}.", folder)

    def _offer_folder(self, words: str, folder: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        self.offered.emit(words, "Open folder", show)

    def vault(self, contents: Contents) -> None:
        """What opens the vault."""
        expiry = self._expiry
        dialog = VaultDialog(
            self._workbench,
            self._worker,
            self._theme,
            contents.source,
            contents.idle_minutes,
            notify=expiry.notifies if expiry is not None else None,
            parent=self._window,
        )

        def saved() -> None:
            if expiry is not None and expiry.notifies != dialog.notify.isChecked():
                expiry.set_notifies(wanted=dialog.notify.isChecked())
            self.done.emit(dialog.said, "")

        dialog.accepted.connect(saved)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    @Slot()
    def _closed(self) -> None:
        dialog = self.sender()
        if isinstance(dialog, QDialog):
            dialog.deleteLater()
            if dialog is self.dialog:
                self.dialog = None
