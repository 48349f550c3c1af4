"""The window of the library: search, look, take, and look after what is one's own. Imports the sender's library,
PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.home import Home
from inspector.ui.composer.library.about_form import AboutForm
from inspector.ui.composer.library.deeds import Deeds
from inspector.ui.composer.library.entry_list import EntryList
from inspector.ui.composer.library.entry_view import EntryView
from inspector.ui.composer.library.shelf import Shelf, is_whole
from inspector.ui.composer.library.traffic import Traffic
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_SIZE = (900, 580)


class LibraryDialog(QDialog):
    """`picked` carries the Entry to begin with; what was done with one's own is told by `deeds`."""

    picked = Signal(object)

    def __init__(
        self,
        shelf: Shelf,
        home: Home,
        worker: Worker,
        theme: Theme,
        body: Callable[[], bytes],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer_library")
        self.setWindowTitle("Payload library")
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self._shelf = shelf
        self.notice = NoticeBar(theme, self)
        self.about = AboutForm(self)
        self.entries = EntryList(theme, worker, self)
        self.view = EntryView(theme, self)
        self.deeds = Deeds(shelf, self.entries, self.about, self.notice, body, self)
        self.traffic = Traffic(shelf, home, self.entries, self.notice, self)
        self.take = self._button(
            "&Take", "library_take", "Put it into the composer; undo brings back what is there"
        )
        self.take.setProperty("kind", "primary")
        self.keep = self._button(
            "&Save what is written…", "library_keep", "Keep the composer’s body as a payload (Ctrl+S)"
        )
        self.more = self._button("&More", "library_more", "Import, export, the folder")
        self.more.setMenu(self._more_menu())
        self._lay_out()
        shelf.changed.connect(self._show_entries)
        shelf.failed.connect(self._show_error)
        self.entries.looked.connect(self._look)
        self.entries.taken.connect(self._take)
        self.entries.menu_wanted.connect(self._show_menu)
        self.about.given_up.connect(self.entries.focus_search)
        self.take.clicked.connect(self.entries.take)
        self.keep.clicked.connect(self._save_written)
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self._save_written)
        self._show_entries()

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Import files…", self.traffic.import_chosen)
        menu.addAction("Import a folder…", self.traffic.import_folder)
        menu.addAction("Export yours to a folder…", self.traffic.export_own)
        menu.addSeparator()
        menu.addAction("Show the folder", self.traffic.show_folder)
        menu.addAction("Keep payloads in another folder…", self.traffic.choose_folder)
        menu.addAction("Keep payloads in the home again", self.traffic.use_own_folder)
        return menu

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.entries)
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

    def open_at(self, name: str = "") -> None:
        """Show the window, with an own payload chosen."""
        self.notice.hide()
        self.about.hide()
        self.entries.choose(name)
        self._shelf.read()
        self.open()
        self.entries.focus_search()

    @Slot()
    def _show_entries(self) -> None:
        self.entries.show_entries(self._shelf.entries)

    @Slot()
    def _look(self) -> None:
        entry = self.entries.entry
        self.view.show_entry(entry)
        self.take.setEnabled(entry is not None and is_whole(entry))

    @Slot()
    def _take(self) -> None:
        entry = self.entries.entry
        if entry is not None and is_whole(entry):
            self.picked.emit(entry)
            self.accept()

    @Slot()
    def _save_written(self) -> None:
        self.deeds.save_written()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        entry = self.entries.entry
        if entry is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Take\tEnter", self.entries.take).setEnabled(is_whole(entry))
        menu.addAction("Copy its name for “send”", self._copy_name)
        menu.addSeparator()
        menu.addAction("Duplicate\tCtrl+D", self.deeds.duplicate)
        menu.addAction("Title, tags and note…\tF2", self.deeds.rename).setEnabled(entry.own)
        own = any(one.own for one in self.entries.chosen)
        menu.addAction("Delete\tDel", self.deeds.delete).setEnabled(own)
        menu.addSeparator()
        menu.addAction("Export to a folder…", self.traffic.export_chosen)
        menu.popup(place)

    @Slot()
    def _copy_name(self) -> None:
        if (entry := self.entries.entry) is not None:
            QGuiApplication.clipboard().setText(entry.source)

    @Slot(object)
    def _show_error(self, error: InspectorError) -> None:
        self.notice.show_error(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.traffic.take_in([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()
