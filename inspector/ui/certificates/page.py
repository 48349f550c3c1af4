"""The page of the vault: its entries in a list, the one looked at in full, and what can be done with them.

Everything that changes the vault or reads files runs in the worker. Imports PySide6, the workbench and this room.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from inspector.certificates.dev_names import DEV_SERVER
from inspector.certificates.vaultfile import COPY_KEPT
from inspector.errors import InspectorError
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.changes import VaultChanges
from inspector.ui.certificates.contents import Contents, Listed, read_contents
from inspector.ui.certificates.details import CertificateDetails
from inspector.ui.certificates.dialog_desk import DialogDesk
from inspector.ui.certificates.entry_deeds import EntryDeeds
from inspector.ui.certificates.entry_menu import entry_menu
from inspector.ui.certificates.file_picker import files_of, pasted_pem
from inspector.ui.certificates.import_dialog import NOTHING_TO_PASTE, PASTE_STEP
from inspector.ui.certificates.list_model import CertificateModel
from inspector.ui.certificates.list_view import CertificateList
from inspector.ui.certificates.note import shortened
from inspector.ui.certificates.page_bars import (
    CREATE_DEV,
    CREATE_DEV_TIP,
    IMPORT,
    IMPORT_TIP,
    FindBar,
    Head,
    SourceLine,
)
from inspector.ui.certificates.pending_strip import PendingStrip
from inspector.ui.certificates.server_check import ServerCheck
from inspector.ui.certificates.wording import error_words, renewal_consequences
from inspector.ui.empty_state import EmptyState
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.side_by_side import SideBySide
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.workbench import Workbench

READ_LANE = "certificates"
SIDE_BY_SIDE_FROM = 1000
DETAILS_WIDTH, DETAILS_LEAST = 440, 360
_LONGEST_PATH = 48
_NOTHING_YET = "Create a CA, a server and a client identity for development, or import yours."
_REQUESTS = (".csr", ".req", ".p10")
_REQUEST_BEGINS = ("-----BEGIN CERTIFICATE REQUEST", "-----BEGIN NEW CERTIFICATE REQUEST")


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
        self._contents: Contents | None = None
        self._wanted = ""
        self._model = CertificateModel(self)
        self.head = Head(theme, self)
        self.find_bar = FindBar(theme, self)
        self.notice = NoticeBar(theme, self)
        self.pending = PendingStrip(theme, self)
        self.list = CertificateList(self._model, theme, self)
        self.details = CertificateDetails(theme, self)
        self.server = ServerCheck(workbench, theme, self)
        self.empty = EmptyState(theme, "certificate", buttons=2, parent=self)
        self.fault = EmptyState(theme, "shield-warning", buttons=2, parent=self)
        self.source = SourceLine(theme, self)
        self.desk = DialogDesk(workbench, worker, theme, self)
        self.changes = VaultChanges(workbench, worker, self)
        self.deeds = EntryDeeds(self)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.empty.say("No certificates yet.", _NOTHING_YET)
        create, choose = self.empty.actions_row
        for button, text, tip in ((create, CREATE_DEV, CREATE_DEV_TIP), (choose, IMPORT, IMPORT_TIP)):
            button.setText(text)
            button.setToolTip(tip)
        again, put_back = self.fault.actions_row
        again.setText("Try again")
        put_back.setText("Put the copy back")
        put_back.setObjectName("certificate_put_copy_back")
        put_back.setToolTip("The damaged file is kept beside it")
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
        for widget in (self._nothing, self._splitter, self.empty, self.fault, self.server):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.notice)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.pending)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.source)
        self._name_buttons(empty=False)

    def _connect(self) -> None:
        for create, choose in ((self.head.create_dev, self.head.import_files), self.empty.actions_row):
            create.clicked.connect(self.create_dev)
            choose.clicked.connect(self._import)
        self.fault.actions_row[0].clicked.connect(self.refresh)
        self.fault.actions_row[1].clicked.connect(self.changes.put_copy_back)
        self.head.new.clicked.connect(self.new)
        self.find_bar.searched.connect(self.list.search)
        self.find_bar.search.left.connect(self.list.setFocus)
        self.find_bar.sign.clicked.connect(self.sign_request)
        self.find_bar.check.clicked.connect(self.check_server)
        self.source.vault.clicked.connect(self.deeds.show_vault)
        self.list.chosen.connect(self._show_entry)
        self.list.opened.connect(self.details.take_focus)
        self.list.copy_wanted.connect(self.details.copy_as_pem)
        self.list.delete_wanted.connect(self.deeds.delete_current)
        self.list.menu_wanted.connect(self._show_menu)
        self.details.left.connect(self.list.setFocus)
        self.details.message.connect(self.message)
        self.details.trust_wanted.connect(self.deeds.trust)
        self.details.save_ca_wanted.connect(self.deeds.save_ca)
        self.details.renew_wanted.connect(self.deeds.renew_current)
        self.details.replace_wanted.connect(self.deeds.replace_current)
        self.details.delete_wanted.connect(self.deeds.delete_current)
        self.details.export_wanted.connect(self.deeds.hand_over_current)
        self.pending.complete_wanted.connect(self.desk.complete)
        self.pending.copy_wanted.connect(self.deeds.copy_request)
        self.pending.save_wanted.connect(self.deeds.save_request)
        self.pending.drop_wanted.connect(self.deeds.drop_request)
        self.server.left.connect(self._leave_server)
        self.server.trust_wanted.connect(self.changes.keep_presented)
        self.desk.done.connect(self._dialog_done)
        self.desk.said.connect(self.message)
        self.desk.offered.connect(self._offer)
        self.desk.failed.connect(self._show_error)
        self.changes.done.connect(self._after_change)
        self.changes.saved.connect(self.message)
        self.changes.failed.connect(self._show_error)
        self.changes.busy.connect(self._show_busy)
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Paste), self.paste),
            (QKeySequence(QKeySequence.StandardKey.Undo), self.changes.put_back),
            (QKeySequence("/"), self.find_bar.search.setFocus),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # what the window asks

    @Slot()
    def refresh(self) -> None:
        """Read the vault anew, in the background."""
        workbench = self._workbench
        self._worker.submit(
            READ_LANE, lambda: read_contents(workbench), self._show_contents, self._show_fault
        )

    def show_import(self, paths: list[Path], *, text: str = "", replaced: str = "") -> None:
        """Open the import dialog with files or a pasted text, or give them to the one that is open; a request goes to
        the dialog that signs it. `replaced` names the entry that the import is to replace."""
        asks = all(path.suffix.lower() in _REQUESTS for path in paths) if paths else _is_request(text)
        if asks and not replaced and self._contents is not None:
            self.desk.sign(self._contents, paths, text)
        else:
            self.desk.import_files(paths, text=text, replaced=replaced)

    def look_at(self, name: str) -> None:
        """Look at the entry of that name, whatever is searched for."""
        self.find_bar.search.clear()
        if not self.list.choose(name):
            self._wanted = name  # it is looked at once it was read

    def close_down(self) -> None:
        """Give up what is under way."""
        self.server.close_down()

    @property
    def contents(self) -> Contents | None:
        """The vault as it was read last; None where it can't be."""
        return self._contents

    # reading

    def _show_contents(self, contents: Contents) -> None:
        before = self._contents.entries if self._contents is not None else None
        self._contents = contents
        self.source.show_source(contents.source)
        self.head.show_summary(contents.entries)
        self.pending.show_requests(contents.pending)
        self.server.show_identities([one.entry.name for one in contents.entries if _is_client(one)])
        if contents.entries != before:
            self._replace_entries(contents)
        empty = not contents.entries
        self._name_buttons(empty=empty)
        if self._stack.currentWidget() is not self.server:
            self._show_list()

    def _show_list(self) -> None:
        """The list, or what stands in its place; with all that belongs to it."""
        some = self._contents is not None and bool(self._contents.entries)
        self._stack.setCurrentWidget(self._splitter if some else self.empty)
        self.find_bar.show()
        self.find_bar.search.setVisible(some)
        self.pending.setVisible(bool(self.pending.requests))

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
        self.fault.actions_row[1].setVisible(getattr(error, "code", "") == COPY_KEPT)
        self.head.show_summary(())
        self.pending.show_requests(())
        self.find_bar.hide()
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
        self.details.show_something(shown=listed is not None)
        if listed is not None and self._contents is not None:
            contents = self._contents
            self.details.show_entry(listed, contents.now, contents.known_cas, contents.around.trouble)

    # adding

    @Slot()
    def create_dev(self) -> None:
        """Make the dev identities; where some are there, ask before they are replaced."""
        entries = self._contents.entries if self._contents is not None else ()
        there = [one.entry.name for one in entries if one.is_dev]
        if there and not dialogs.confirm_renew(self, there, renewal_consequences()):
            return
        self._wanted = DEV_SERVER
        self.changes.create_dev(force=bool(there))

    @Slot()
    def new(self) -> None:
        """Make an identity, a CA or a request."""
        if self._contents is not None:
            self.desk.new(self._contents)

    @Slot()
    def sign_request(self) -> None:
        """Sign somebody else’s request."""
        if self._contents is not None:
            self.desk.sign(self._contents)

    @Slot()
    def paste(self) -> None:
        """Import what is on the clipboard: files, or PEM text."""
        data = QGuiApplication.clipboard().mimeData()
        paths, text = files_of(data), pasted_pem(data)
        if paths or text:
            self.show_import(paths, text="" if paths else text)
        else:
            self.notice.show_hint(f"{NOTHING_TO_PASTE} {PASTE_STEP}")

    @Slot()
    def _import(self) -> None:
        self.show_import([])

    # what came of it

    @Slot(str, str)
    def _dialog_done(self, said: str, wanted: str) -> None:
        self._wanted = wanted
        self._after_change(said, None)

    @Slot(str, str, object)
    def _offer(self, said: str, action: str, do: Callable[[], None]) -> None:
        self.notice.show_hint(said, action, do)
        self.message.emit(said)

    @Slot(str, object)
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

    # a server, menu, dropping

    @Slot()
    def check_server(self) -> None:
        """Look at a server in the list’s place."""
        self._stack.setCurrentWidget(self.server)
        self.find_bar.hide()
        self.pending.hide()
        self.server.url.setFocus()

    @Slot()
    def _leave_server(self) -> None:
        self._show_list()
        self.list.setFocus()
        self.refresh()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self.list.indexAt(place).isValid():
            menu = self.menu()
            menu.exec(self.list.viewport().mapToGlobal(place))
            menu.deleteLater()

    def menu(self) -> QMenu:
        """What can be done with the entry looked at."""
        return entry_menu(self, self.list.current, self.changes.removed, self.changes.put_back)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.show_import(files_of(event.mimeData()))


def _is_request(text: str) -> bool:
    return any(begin in text for begin in _REQUEST_BEGINS) and "-----BEGIN CERTIFICATE-----" not in text


def _is_client(listed: Listed) -> bool:
    return listed.entry.has_key and "client" in listed.leaf.purposes and not listed.leaf.is_ca
