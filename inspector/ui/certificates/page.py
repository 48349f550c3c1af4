"""The page of the vault: its entries in a list, the one looked at in full, and what can be done with them.

Everything that changes the vault or reads files runs in the worker. Imports PySide6, the workbench and this room.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from inspector.certificates.dev_names import DEV_SERVER
from inspector.certificates.model import VaultEntry
from inspector.errors import InspectorError
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.changes import VaultChanges
from inspector.ui.certificates.contents import Contents, Listed, read_contents
from inspector.ui.certificates.details import CertificateDetails
from inspector.ui.certificates.file_picker import files_of
from inspector.ui.certificates.import_dialog import ImportDialog
from inspector.ui.certificates.list_model import CertificateModel
from inspector.ui.certificates.list_view import CertificateList
from inspector.ui.certificates.note import shortened
from inspector.ui.certificates.page_bars import (
    CREATE_DEV,
    CREATE_DEV_TIP,
    IMPORT,
    IMPORT_TIP,
    Head,
    SourceLine,
)
from inspector.ui.certificates.wording import deletion_consequences, error_words, renewal_consequences
from inspector.ui.empty_state import EmptyState
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.side_by_side import SideBySide
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.workbench import Workbench

READ_LANE = "certificates"
SIDE_BY_SIDE_FROM = 1000
DETAILS_WIDTH, DETAILS_LEAST = 428, 360
_LONGEST_PATH = 48
_NOTHING_YET = "Create a CA, a server and a client identity for development, or import yours."


class CertificatesPage(QFrame):
    """The vault in the window. `changed` says that identities came, went or changed; `message` what was done."""

    changed = Signal()
    message = Signal(str)

    def __init__(
        self, workbench: Workbench, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("certificates_view")
        self.setAccessibleName("Certificates")
        self.setAcceptDrops(True)
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._contents: Contents | None = None
        self._wanted = ""
        self._dialog: ImportDialog | None = None
        self._model = CertificateModel(self)
        self.head = Head(theme, self)
        self.notice = NoticeBar(theme, self)
        self.list = CertificateList(self._model, theme, self)
        self.details = CertificateDetails(theme, self)
        self.empty = EmptyState(theme, "certificate", buttons=2, parent=self)
        self.fault = EmptyState(theme, "shield-warning", buttons=1, parent=self)
        self.source = SourceLine(theme, self)
        self._changes = VaultChanges(workbench, worker, self)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.empty.say("No certificates yet.", _NOTHING_YET)
        create, choose = self.empty.actions_row
        for button, text, tip in ((create, CREATE_DEV, CREATE_DEV_TIP), (choose, IMPORT, IMPORT_TIP)):
            button.setText(text)
            button.setToolTip(tip)
        self.fault.actions_row[0].setText("Try again")
        self._splitter = SideBySide(
            self.list,
            self.details,
            width=DETAILS_WIDTH,
            wide_from=SIDE_BY_SIDE_FROM,
            stacked=(400, 600),
            parent=self,
        )
        self.list.setMinimumSize(240, 120)
        self.details.setMinimumSize(DETAILS_LEAST, 120)
        self._nothing = QWidget(self)
        self._stack = QStackedWidget(self)
        for widget in (self._nothing, self._splitter, self.empty, self.fault):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.source)
        self._name_buttons(empty=False)

    def _connect(self) -> None:
        for create, choose in ((self.head.create_dev, self.head.import_files), self.empty.actions_row):
            create.clicked.connect(self.create_dev)
            choose.clicked.connect(self._import)
        self.fault.actions_row[0].clicked.connect(self.refresh)
        self.list.chosen.connect(self._show_entry)
        self.list.opened.connect(self.details.take_focus)
        self.list.copy_wanted.connect(self.details.copy_as_pem)
        self.list.delete_wanted.connect(self.delete_current)
        self.list.menu_wanted.connect(self._show_menu)
        self.details.left.connect(self.list.setFocus)
        self.details.message.connect(self.message)
        self.details.trust_wanted.connect(self._trust)
        self.details.save_ca_wanted.connect(self.save_ca)
        self.details.replace_wanted.connect(self.replace_current)
        self.details.delete_wanted.connect(self.delete_current)
        self._changes.done.connect(self._after_change)
        self._changes.saved.connect(self.message)
        self._changes.failed.connect(self._show_error)
        self._changes.busy.connect(self._show_busy)

    # what the window asks

    @Slot()
    def refresh(self) -> None:
        """Read the vault anew, in the background."""
        workbench = self._workbench
        self._worker.submit(
            READ_LANE, lambda: read_contents(workbench.vault), self._show_contents, self._show_fault
        )

    def show_import(self, paths: list[Path], *, replaced: str = "") -> None:
        """Open the import dialog with files, or give them to the one that is open. `replaced` names the entry that
        the import is to replace."""
        if self._dialog is not None:
            self._dialog.add_files(paths)
            return
        try:
            vault = self._workbench.vault
            existing = vault.entries()
        except InspectorError as error:
            self._show_error(error)
            return
        self._dialog = ImportDialog(
            vault, self._worker, self._theme, existing, replaced=replaced, parent=self
        )
        self._dialog.imported.connect(self._imported)
        self._dialog.finished.connect(self._import_closed)
        self._dialog.open()
        self._dialog.add_files(paths)

    # reading

    def _show_contents(self, contents: Contents) -> None:
        before = self._contents.entries if self._contents is not None else None
        self._contents = contents
        self.source.show_source(contents.source)
        self.head.show_summary(contents.entries)
        if contents.entries != before:
            self._replace_entries(contents)
        empty = not contents.entries
        self._name_buttons(empty=empty)
        self._stack.setCurrentWidget(self.empty if empty else self._splitter)

    def _replace_entries(self, contents: Contents) -> None:
        looked_at, position = self.list.current, self.list.position
        wanted, self._wanted = self._wanted or (looked_at.entry.name if looked_at else ""), ""
        self._model.replace(contents.entries)
        if not self.list.choose(wanted):
            self.list.choose_near(position)

    def _show_fault(self, error: BaseException) -> None:
        self._contents = None
        self._model.replace(())
        self.fault.say("The vault can't be read.", shortened("\n\n".join(error_words(error)), _LONGEST_PATH))
        self.head.show_summary(())
        self.source.hide()
        self._stack.setCurrentWidget(self.fault)

    def _name_buttons(self, *, empty: bool) -> None:
        """Each of the two buttons is there once: in the empty page, or in its head."""
        at_head = (self.head.create_dev, self.head.import_files)
        shown, hidden = (self.empty.actions_row, at_head) if empty else (at_head, self.empty.actions_row)
        for button, name in zip(shown, ("certificate_create_dev", "certificate_import"), strict=True):
            button.setObjectName(name)
            button.setAccessibleName(button.text().rstrip("…"))
        for button in hidden:
            button.setObjectName("")
        for button in at_head:
            button.setVisible(not empty)

    @Slot(object)
    def _show_entry(self, listed: Listed | None) -> None:
        if listed is not None and self._contents is not None:
            self.details.show_entry(listed, self._contents.now)

    # changing

    @Slot()
    def create_dev(self) -> None:
        """Make the dev identities; where some are there, ask before they are replaced."""
        entries = self._contents.entries if self._contents is not None else ()
        there = [one.entry.name for one in entries if one.is_dev]
        if there and not dialogs.confirm_renew(self, there, renewal_consequences()):
            return
        self._wanted = DEV_SERVER
        self._changes.create_dev(force=bool(there))

    @Slot()
    def delete_current(self) -> None:
        """Delete the entry looked at, after asking."""
        listed = self.list.current
        if listed is not None and dialogs.confirm_delete(
            self, listed.entry.name, deletion_consequences(listed.entry)
        ):
            self._changes.delete(listed.entry)

    @Slot()
    def replace_current(self) -> None:
        """Import files over the entry looked at."""
        listed = self.list.current
        if listed is not None:
            self.show_import(dialogs.choose_files(self), replaced=listed.entry.name)

    @Slot()
    def save_ca(self) -> None:
        """Save the CA certificate that the other side needs to trust the entry looked at."""
        listed = self.list.current
        if listed is None or listed.ca_to_share is None:
            return
        path = dialogs.choose_destination(self, self.details.save_ca.text().rstrip("…"), listed.ca_file_name)
        if path is not None:
            self._changes.save_certificate(listed.ca_to_share, path)

    @Slot(bool)
    def _trust(self, trusted: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        listed = self.list.current
        if listed is not None:
            self._changes.trust_clients(listed.entry.name, trusted=trusted)

    @Slot()
    def _import(self) -> None:
        self.show_import([])

    @Slot(object)
    def _imported(self, entry: VaultEntry) -> None:
        self._wanted = entry.name
        self._after_change(f"Imported {entry.name}.", None)

    @Slot()
    def _import_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _after_change(self, said: str, undo: Callable[[], None] | None) -> None:
        if undo is not None:
            self.notice.show_hint(said, "Undo", undo)
        else:
            self.notice.hide()
        self.message.emit(said)
        self.refresh()
        self.changed.emit()

    @Slot(object)
    def _show_error(self, error: BaseException) -> None:
        message, step = error_words(error)
        self.notice.show_error(InspectorError(message, step))
        self._show_entry(self.list.current)  # a check mark that could not be kept goes back
        self.refresh()

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:  # noqa: FBT001 - the signal's argument
        for button in (self.head.create_dev, self.empty.actions_row[0]):
            button.setEnabled(not busy)

    # menu, dropping, size

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if index.isValid():
            menu = self.menu()
            menu.exec(self.list.viewport().mapToGlobal(place))
            menu.deleteLater()

    def menu(self) -> QMenu:
        """What can be done with the entry looked at."""
        menu = QMenu(self)
        listed = self.list.current
        if listed is None:
            return menu
        menu.addAction("Copy as PEM\tCtrl+C").triggered.connect(self.details.copy_as_pem)
        menu.addAction("Copy the SHA-256 fingerprint").triggered.connect(self.details.facts.copy_fingerprint)
        if listed.ca_to_share is not None:
            menu.addAction(self.details.save_ca.text()).triggered.connect(self.save_ca)
        menu.addSeparator()
        if listed.anchors:
            trust = menu.addAction("Trust for clients")
            trust.setCheckable(True)
            trust.setChecked(listed.entry.trust_clients)
            trust.triggered.connect(self._trust)
        menu.addAction("Replace…").triggered.connect(self.replace_current)
        menu.addAction("Delete…\tDel").triggered.connect(self.delete_current)
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.show_import(files_of(event.mimeData()))
