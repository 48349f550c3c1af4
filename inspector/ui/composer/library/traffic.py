"""Payloads in from files, out to a folder, and the folder itself. Imports the sender's library, PySide6 and its own
room."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from inspector.home import Home
from inspector.sender.kept.library import Entry
from inspector.sender.kept.payload import Payload
from inspector.sender.kept.payload_files import Imported, export_files, import_files
from inspector.sender.kept.payloads import Payloads, use_folder
from inspector.ui.composer.library import dialogs
from inspector.ui.composer.library.entry_list import EntryList
from inspector.ui.composer.library.shelf import Shelf
from inspector.ui.notice_bar import NoticeBar

_MOST_TOLD = 4


class Traffic(QObject):
    """What has to do with files and folders; each tells what came of it in the notice."""

    def __init__(
        self, shelf: Shelf, home: Home, entries: EntryList, notice: NoticeBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._home = home
        self._entries = entries
        self._notice = notice
        self._window = window

    @Slot()
    def import_chosen(self) -> None:
        """Ask for files, and take them in."""
        self.take_in(dialogs.choose_files(self._window))

    @Slot()
    def import_folder(self) -> None:
        """Ask for a folder, and take in all of its payloads."""
        folder = dialogs.choose_folder(self._window, "Import all payloads of a folder", Path.home())
        self.take_in([folder] if folder is not None else [])

    def take_in(self, paths: list[Path]) -> None:
        """Take in files and folders."""
        if not paths:
            return

        def told(result: object) -> None:
            assert isinstance(result, Imported)
            count = len(result.payloads)
            words = [f"{count} payload{'s' * (count != 1)} imported.", *result.left_out[:_MOST_TOLD]]
            more = len(result.left_out) - _MOST_TOLD
            self._notice.show_hint(" ".join(words) + (f" … {more} more left out." if more > 0 else ""))
            if result.payloads:
                self._entries.choose(result.payloads[0].name)

        self._shelf.do(lambda payloads: import_files(payloads, paths), told)

    @Slot()
    def export_own(self) -> None:
        """Ask for a folder, and write all of one's own into it."""
        self._export([entry for entry in self._shelf.entries if entry.own])

    @Slot()
    def export_chosen(self) -> None:
        """Ask for a folder, and write those into it that are selected, also built-in ones."""
        self._export(self._entries.chosen)

    def _export(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        if not entries:
            self._notice.show_hint("There is nothing of yours to export yet.")
            return
        folder = dialogs.choose_folder(self._window, "Export to a folder", Path.home())
        if folder is None:
            return

        def export(payloads: Payloads) -> int:
            wanted = {entry.name for entry in entries if entry.own}
            own = [payloads.whole(one) for one in payloads.list() if one.name in wanted]
            return len(export_files((*own, *(_built_in(one) for one in entries if not one.own)), folder))

        def told(count: object) -> None:
            files = "One payload is" if count == 1 else f"{count} payloads are"
            self._notice.show_hint(f"{files} in {folder} now.")

        self._shelf.do(export, told)

    @Slot()
    def show_folder(self) -> None:
        """Show the folder in the system's file manager."""

        def show(there: object) -> None:
            folder = self._shelf.folder
            if not there:
                self._notice.show_hint(f"Payloads will be kept in {folder}: it is made with the first one.")
            elif not dialogs.show_folder(folder):
                self._notice.show_hint(f"The payloads are in {folder}.")

        self._shelf.do(lambda payloads: payloads.folder.is_dir(), show)

    @Slot()
    def choose_folder(self) -> None:
        """Ask for the folder to keep payloads in, such as a Git checkout."""
        folder = dialogs.choose_folder(self._window, "Keep payloads in this folder", self._shelf.folder)
        if folder is not None:
            self._use(folder)

    @Slot()
    def use_own_folder(self) -> None:
        """Keep payloads in the home again."""
        self._use(None)

    def _use(self, folder: Path | None) -> None:
        home = self._home

        def told(result: object) -> None:
            self._notice.show_hint(f"Payloads are kept in {result} now; what was elsewhere stays there.")

        self._shelf.do(lambda _payloads: use_folder(home, folder), told)


def _built_in(entry: Entry) -> Payload:
    return Payload(
        name=entry.name,
        title=entry.title,
        service=entry.service,
        tags=entry.tags,
        note=entry.description,
        problem="",
        size=entry.size,
        body=entry.body,
    )
