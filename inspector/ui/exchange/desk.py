"""The desk where the window exports and imports: asks, has it done as a long task, and says what came of it. Imports
the long tasks; the formats, dialogs and the reader lazily.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from inspector.errors import UsageError
from inspector.ui.long_tasks import LongTask

if TYPE_CHECKING:
    from inspector.history.exchange.taking import Imported
    from inspector.history.exchange.writing import Exported
    from inspector.history.query import Query
    from inspector.ui.exchange.export_dialog import ExportDialog, Wish
    from inspector.ui.main_window import MainWindow


class ExchangeDesk(QObject):
    """One thing at a time; files to import wait for their turn."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = window.tasks
        self._waiting: deque[Path] = deque()
        self._dialog: ExportDialog | None = None
        self._tasks.cancelled.connect(self._wait_no_more)
        self._tasks.freed.connect(self._next)

    # exporting

    @Slot()
    def export_history(self) -> None:
        """Ask what to export and where to, then do it."""
        from inspector.ui.exchange.export_dialog import ExportDialog

        if self._tasks.is_busy():
            return
        dialog = ExportDialog(self._window.toolbar.filter.text().strip() if self._query else "", self._window)
        self._dialog = dialog
        dialog.accepted.connect(self._choose_destination)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @property
    def _query(self) -> Query | None:
        return self._window.feed.query

    @Slot()
    def _choose_destination(self) -> None:
        from inspector.ui.exchange import dialogs
        from inspector.ui.exchange.export_dialog import FORMATS

        if self._dialog is None:
            return
        wish, self._dialog = self._dialog.wish, None
        suggested = f"pushes-{datetime.now().astimezone():%Y-%m-%d}{wish.ending}"
        path = dialogs.choose_destination(self._window, suggested, wish.ending)
        if path is None:
            return
        known = any(path.suffix.lower() == ending for ending, _ in FORMATS)
        named = path if known else path.with_name(path.name + wish.ending)
        self.export_to(named, wish, over=named == path)  # what was chosen by its name, it asked about

    def export_to(self, path: Path, wish: Wish, *, over: bool) -> None:
        """Export to a file; over one that is there only with `over`."""
        if self._tasks.is_busy():
            return
        query = self._query if wish.filtered else None
        history = self._window.workbench.history_file
        task = LongTask(f"Exporting to {path.name}:")

        def job() -> Exported:
            from inspector.history.exchange.writing import export_events
            from inspector.history.up_to_date import open_for_reading

            with open_for_reading(history) as reader:
                return export_events(
                    reader,
                    reader.ids(query),
                    path,
                    reveal=wish.reveal,
                    over=over,
                    progress=task.tell,
                    stopped=task.stop.is_set,
                )

        def failed(error: BaseException) -> None:
            if isinstance(error, UsageError) and error.code == "exists":
                self._window.notice.show_error(
                    UsageError(error.message), "Replace it", lambda: self.export_to(path, wish, over=True)
                )
            else:
                self._say_failed(error, "Export stopped; nothing was written")

        self._tasks.begin(task, job, self._exported, failed)

    def _exported(self, done: Exported) -> None:
        how = "without secrets" if done.masked else "with device tokens and credentials"
        self._window.notice.show_hint(
            f"{_events(done.events)} written to {done.path}, {how}.",
            "Open the folder",
            partial(_open_folder, done.path.parent),
        )

    # importing

    @Slot()
    def import_history(self) -> None:
        """Ask which file to import, then do it."""
        from inspector.ui.exchange import dialogs

        path = dialogs.choose_source(self._window)
        if path is not None:
            self.import_files([path])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Import files, one after the other."""
        self._waiting.extend(paths)
        self._next()

    @Slot()
    def _next(self) -> None:
        if not self._tasks.busy and self._waiting:
            self._import(self._waiting.popleft())

    def _import(self, path: Path) -> None:
        workbench = self._window.workbench
        task = LongTask(f"Importing {path.name}:")

        def job() -> Imported:
            from inspector.history.exchange.taking import import_events

            return import_events(lambda: workbench.writer, path, progress=task.tell, stopped=task.stop.is_set)

        def failed(error: BaseException) -> None:
            begun = task.at[1] > 0
            if begun:  # rows came and went again
                self._window.feed.show_query(self._query)
            self._waiting.clear()
            self._say_failed(error, "Import stopped; nothing was taken")

        self._tasks.begin(task, job, lambda done: self._imported(path, done), failed)

    def _imported(self, path: Path, done: Imported) -> None:
        if not done.events:
            self._window.notice.show_hint(f"{path.name} holds no events; nothing was added.")
        else:
            self._window.feed.poke()
            masked = f" {done.masked:,} of them came without their secrets." if done.masked else ""
            query = f"id:{done.first_id}..{done.last_id}"
            self._window.notice.show_hint(
                f"{_events(done.events)} added from {path.name}.{masked}",
                "Show them",
                lambda: self._window.toolbar.set_filter(query),
            )

    @Slot()
    def _wait_no_more(self) -> None:
        self._waiting.clear()

    def _say_failed(self, error: BaseException, when_stopped: str) -> None:
        from inspector.history.exchange.writing import StoppedError

        if isinstance(error, StoppedError):
            self._window.status_line.say(when_stopped)
        else:
            self._window.show_failure(error)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
