"""The window of the library: search, look, take, and look after what is one's own. Imports the sender's library,
PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.sender.kept.library import Entry, search
from inspector.sender.kept.payload import Stored
from inspector.sender.kept.payload_files import Imported, export_files, import_files
from inspector.sender.kept.payloads import Payloads, use_folder
from inspector.ui.composer.library import dialogs
from inspector.ui.composer.library.about_form import AboutForm
from inspector.ui.composer.library.entry_delegate import EntryDelegate
from inspector.ui.composer.library.entry_model import ENTRY_ROLE, EntryModel
from inspector.ui.composer.library.entry_view import EntryView
from inspector.ui.composer.library.shelf import Shelf
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.theme import Theme
from inspector.workbench import Workbench

_SIZE = (900, 580)
_KEYS = Qt.Key
_MOVES = (_KEYS.Key_Up, _KEYS.Key_Down, _KEYS.Key_PageUp, _KEYS.Key_PageDown)


class LibraryDialog(QDialog):
    """`picked` carries the Entry to begin with, `saved` the name of a payload that what is written was kept as."""

    picked = Signal(object)
    saved = Signal(str)

    def __init__(
        self, shelf: Shelf, workbench: Workbench, theme: Theme, body: Callable[[], bytes], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer_library")
        self.setWindowTitle("Payload library")
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self._shelf = shelf
        self._home = workbench.home
        self._body = body
        self._renaming = ""  # the payload whose title, tags and note are asked for; empty for what is written
        self._wanted: tuple[bool, str] | None = None
        self._make_parts(theme)
        self._lay_out()
        self._connect()
        self._show_entries()

    def _make_parts(self, theme: Theme) -> None:
        self.search = QLineEdit(self)
        self.search.setObjectName("library_search")
        self.search.setPlaceholderText("Search titles, tags and texts")
        self.search.setAccessibleName("Search the library")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setObjectName("library_list")
        self.list.setAccessibleName("Payloads")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(theme))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view = EntryView(theme, self)
        self.notice = NoticeBar(theme, self)
        self.about = AboutForm(self)
        self.take = self._button(
            "&Take", "library_take", "Put it into the composer; undo brings back what is there"
        )
        self.take.setProperty("kind", "primary")
        self.keep = self._button(
            "&Save what is written…", "library_keep", "Keep the composer’s body as a payload"
        )
        self.more = self._button("&More", "library_more", "Import, export, the folder")
        self.more.setMenu(self._more_menu())

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Import files…", self._import)
        menu.addAction("Import a folder…", self._import_folder)
        menu.addAction("Export yours to a folder…", self._export)
        menu.addSeparator()
        menu.addAction("Show the folder", self._show_folder)
        menu.addAction("Keep payloads in another folder…", self._choose_folder)
        menu.addAction("Keep payloads in the home again", lambda: self._use_folder(None))
        return menu

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        above = QHBoxLayout()
        above.setContentsMargins(12, 12, 12, 8)
        above.addWidget(self.search)
        column.addLayout(above)
        column.addWidget(self.list, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.view)
        splitter.setSizes([460, 440])
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.more)
        buttons.addStretch()
        buttons.addWidget(self.take)
        line = QFrame(self)
        line.setProperty("role", "line")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self.about)
        whole.addWidget(splitter, 1)
        whole.addWidget(line)
        whole.addLayout(buttons)

    def _connect(self) -> None:
        self._shelf.changed.connect(self._show_entries)
        self._shelf.failed.connect(self._show_error)
        self.search.textChanged.connect(self._show_entries)
        self.search.returnPressed.connect(self._take)
        self.list.selectionModel().currentChanged.connect(self._look)
        self.list.activated.connect(self._take)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.take.clicked.connect(self._take)
        self.keep.clicked.connect(self.save_written)
        self.about.given.connect(self._keep)
        for key, deed in (
            (QKeySequence("F2"), self._rename),
            (QKeySequence("Ctrl+D"), self._duplicate),
            (QKeySequence.StandardKey.Delete, self._delete),
        ):
            context = Qt.ShortcutContext.WidgetShortcut
            QShortcut(key, self.list, context=context).activated.connect(deed)

    # looking

    def open_at(self, name: str = "") -> None:
        """Show the window, with an own payload chosen."""
        self.notice.hide()
        self.about.hide()
        self._wanted = (True, name) if name else None
        self._shelf.read()
        self.open()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()

    @property
    def entry(self) -> Entry | None:
        """The entry that is chosen."""
        found: Entry | None = self.list.currentIndex().data(ENTRY_ROLE)
        return found

    @Slot()
    def _show_entries(self) -> None:
        chosen = self.entry
        wanted = self._wanted or ((chosen.own, chosen.name) if chosen is not None else None)
        words = self.search.text()
        found = search(self._shelf.entries, words)
        self.model.show_entries(found, grouped=not words.strip())
        row = self.model.row_of(*wanted) if wanted is not None else -1
        if row >= 0:
            self._wanted = None
        self.list.setCurrentIndex(self.model.index(row if row >= 0 else self.model.first()))
        self._look()

    @Slot()
    def _look(self) -> None:
        entry = self.entry
        self.view.show_entry(entry)
        self.take.setEnabled(entry is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while one searches."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and isinstance(event, QKeyEvent) and pressed and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    @Slot(QModelIndex)
    def _take(self) -> None:
        entry = self.entry
        if entry is not None:
            self.picked.emit(entry)
            self.accept()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        entry = self.entry
        if entry is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Take\tEnter", self._take)
        menu.addAction("Copy its name for “send”", self._copy_name)
        menu.addSeparator()
        menu.addAction("Duplicate\tCtrl+D", self._duplicate)
        rename = menu.addAction("Title, tags and note…\tF2", self._rename)
        delete = menu.addAction("Delete\tDel", self._delete)
        for action in (rename, delete):
            action.setEnabled(entry.own)
        menu.popup(self.list.viewport().mapToGlobal(place))

    @Slot()
    def _copy_name(self) -> None:
        if self.entry is not None:
            QGuiApplication.clipboard().setText(self.entry.source)

    @Slot(object)
    def _show_error(self, error: InspectorError) -> None:
        self.notice.show_error(error)

    # one's own

    @Slot()
    def save_written(self) -> None:
        """Ask what the composer's body is to be called."""
        self._renaming = ""
        self.about.ask("Save what is written", "", (), "")

    @Slot()
    def _rename(self) -> None:
        entry = self.entry
        if entry is not None and entry.own:
            self._renaming = entry.name
            self.about.ask(
                f"Title, tags and note of {entry.title}", entry.title, entry.tags, entry.description
            )

    @Slot(str, object, str)
    def _keep(self, title: str, tags: tuple[str, ...], note: str) -> None:
        name, body = self._renaming, self._body()

        def keep(payloads: Payloads) -> str:
            if name:
                return payloads.describe(name, title=title, tags=tags, note=note).name
            return payloads.save(title, body, tags=tags, note=note).name

        def kept(result: object) -> None:
            self.about.hide()
            self._choose(str(result))
            if not name:
                self.saved.emit(str(result))

        self._shelf.do(keep, kept)

    @Slot()
    def _duplicate(self) -> None:
        entry = self.entry
        if entry is None:
            return

        def duplicate(payloads: Payloads) -> str:
            if entry.own:
                return payloads.duplicate(entry.name).name
            return payloads.save(
                f"{entry.title} copy", entry.body, tags=entry.tags, note=entry.description
            ).name

        self._shelf.do(duplicate, self._choose)

    @Slot()
    def _delete(self) -> None:
        entry = self.entry
        if entry is None or not entry.own:
            return
        name, title = entry.name, entry.title

        def undo(stored: Stored) -> Callable[[], None]:
            return lambda: self._shelf.do(lambda payloads: payloads.put_back(stored).name, self._choose)

        def deleted(stored: object) -> None:
            assert isinstance(stored, Stored)
            self.notice.show_hint(f"{title} was deleted.", "Undo", undo(stored))

        self._shelf.do(lambda payloads: payloads.delete(name), deleted)

    def _choose(self, name: object) -> None:
        self._wanted = (True, str(name))
        self._show_entries()

    # in and out

    @Slot()
    def _import(self) -> None:
        self._take_in(dialogs.choose_files(self))

    @Slot()
    def _import_folder(self) -> None:
        folder = dialogs.choose_folder(self, "Import all payloads of a folder", Path.home())
        self._take_in([folder] if folder is not None else [])

    def _take_in(self, paths: list[Path]) -> None:
        if not paths:
            return

        def told(result: object) -> None:
            assert isinstance(result, Imported)
            count = len(result.payloads)
            words = [f"{count} payload{'s' * (count != 1)} imported.", *result.left_out[:4]]
            more = len(result.left_out) - 4
            self.notice.show_hint(" ".join(words) + (f" … {more} more left out." if more > 0 else ""))
            if result.payloads:
                self._choose(result.payloads[0].name)

        self._shelf.do(lambda payloads: import_files(payloads, paths), told)

    @Slot()
    def _export(self) -> None:
        folder = dialogs.choose_folder(self, "Export yours to a folder", Path.home())
        if folder is None:
            return

        def told(result: object) -> None:
            assert isinstance(result, tuple)
            self.notice.show_hint(f"{len(result)} files are in {folder}.")

        self._shelf.do(lambda payloads: export_files(payloads.list(), folder), told)

    @Slot()
    def _show_folder(self) -> None:
        folder = self._shelf.folder
        if not dialogs.show_folder(folder):
            self.notice.show_hint(f"The payloads are in {folder}.")

    @Slot()
    def _choose_folder(self) -> None:
        folder = dialogs.choose_folder(self, "Keep payloads in this folder", self._shelf.folder)
        if folder is not None:
            self._use_folder(folder)

    def _use_folder(self, folder: Path | None) -> None:
        home = self._home

        def told(result: object) -> None:
            self.notice.show_hint(f"Payloads are kept in {result} now; what was elsewhere stays there.")

        self._shelf.do(lambda _payloads: use_folder(home, folder), told)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()
