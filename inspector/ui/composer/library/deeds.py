"""What is done with payloads of one's own in the library: kept, described, duplicated, deleted and put back. Imports
the sender's library, PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from inspector.errors import InspectorError
from inspector.sender.kept.payload import Stored
from inspector.sender.kept.payloads import Payloads
from inspector.ui.composer.library.about_form import AboutForm
from inspector.ui.composer.library.entry_list import EntryList
from inspector.ui.composer.library.shelf import Shelf
from inspector.ui.notice_bar import NoticeBar


@dataclass(frozen=True, slots=True)
class _Deleted:
    """What was deleted, and why not all of it; empty where it was all."""

    stored: tuple[Stored, ...]
    fault: str = ""


class Deeds(QObject):
    """`saved` carries the name that what is written was kept as; `moved` an old name and the new one, which is empty
    where the payload was deleted."""

    saved = Signal(str)
    moved = Signal(str, str)

    def __init__(
        self,
        shelf: Shelf,
        entries: EntryList,
        about: AboutForm,
        notice: NoticeBar,
        body: Callable[[], bytes],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._entries = entries
        self._about = about
        self._notice = notice
        self._body = body
        self._renaming = ""  # the payload whose title, tags and note are asked for; empty for what is written
        self._keeping = False
        self._undo: Callable[[], None] | None = None
        about.given.connect(self._keep)
        entries.rename_wanted.connect(self.rename)
        entries.duplicate_wanted.connect(self.duplicate)
        entries.delete_wanted.connect(self.delete)
        entries.undo_wanted.connect(self.undo)

    @Slot()
    def save_written(self, title: str = "") -> None:
        """Ask what the composer's body is to be called."""
        self._renaming = ""
        self._about.ask("Save what is written", title, (), "")

    @Slot()
    def rename(self) -> None:
        """Ask for another title, tags or note."""
        entry = self._entries.entry
        if entry is None:
            return
        if not entry.own:
            self._notice.show_hint(
                f"{entry.title} is built in. Ctrl+D makes one of yours of it.", "Duplicate", self.duplicate
            )
            return
        self._renaming = entry.name
        self._about.ask(f"Title, tags and note of {entry.title}", entry.title, entry.tags, entry.description)

    @Slot(str, object, str)
    def _keep(self, title: str, tags: tuple[str, ...], note: str) -> None:
        if self._keeping:
            return  # Enter was held: once is enough
        self._keeping = True
        name, body = self._renaming, self._body()

        def keep(payloads: Payloads) -> str:
            if name:
                return payloads.describe(name, title=title, tags=tags, note=note).name
            return payloads.save(title, body, tags=tags, note=note).name

        def kept(result: object) -> None:
            self._keeping = False
            self._notice.hide()
            self._about.hide()
            self._entries.choose(str(result))
            self._entries.list.setFocus()
            if name:
                self.moved.emit(name, str(result))
            else:
                self.saved.emit(str(result))

        def failed() -> None:
            self._keeping = False

        self._shelf.do(keep, kept, failed)

    @Slot()
    def duplicate(self) -> None:
        """Make one of one's own like the one that is looked at."""
        entry = self._entries.entry
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
    def delete(self) -> None:
        """Delete those of one's own that are selected, and offer to put them back."""
        gone = [entry for entry in self._entries.chosen if entry.own]
        if not gone:
            if (entry := self._entries.entry) is not None:
                self._notice.show_hint(f"{entry.title} is built in, so it stays.")
            return
        words = gone[0].title if len(gone) == 1 else f"{len(gone)} payloads"

        def delete(payloads: Payloads) -> _Deleted:
            stored: list[Stored] = []
            for entry in gone:
                try:
                    stored.append(payloads.delete(entry.name))
                except InspectorError as error:
                    if not stored:
                        raise
                    return _Deleted(tuple(stored), f" The others stay: {error.message}")
            return _Deleted(tuple(stored))

        def deleted(result: object) -> None:
            assert isinstance(result, _Deleted)
            count = len(result.stored)
            told = words if count == len(gone) else f"{count} of {words}"
            verb = "was" if count == 1 else "were"
            self._undo = lambda: self._put_back(result.stored)
            self._notice.show_hint(f"{told} {verb} deleted.{result.fault}", "Undo", self.undo)
            for one in result.stored:
                self.moved.emit(one.name, "")

        self._shelf.do(delete, deleted)

    @Slot()
    def undo(self) -> None:
        """Put back what was deleted last."""
        if self._undo is not None:
            undo, self._undo = self._undo, None
            undo()

    def _put_back(self, gone: Sequence[Stored]) -> None:
        def put_back(payloads: Payloads) -> str:
            names = [payloads.put_back(stored).name for stored in gone]
            return names[0]

        def failed() -> None:
            self._undo = lambda: self._put_back(gone)  # nothing is lost: its name may become free

        def back(name: object) -> None:
            self._notice.hide()
            self._choose(name)

        self._shelf.do(put_back, back, failed)

    def _choose(self, name: object) -> None:
        self._entries.choose(str(name))
