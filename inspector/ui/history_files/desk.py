"""The desk for the window's history as a file: its menu, and what the entries do. Imports the long tasks and the menu;
what reads and writes files, and the dialogs, lazily.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from inspector.errors import HistoryError, InspectorError, UsageError
from inspector.home import FIRST_HISTORY
from inspector.ui.history_files.menu import FilesMenu, KnownFile
from inspector.ui.keeping import reading_chip
from inspector.ui.long_tasks import LongTask

if TYPE_CHECKING:
    from inspector.history.forgetting import Estimate
    from inspector.history.lease import Holder
    from inspector.history.retention import Retention
    from inspector.ui.history_files.keep_dialog import KeepDialog
    from inspector.ui.main_window import MainWindow

TITLE = "Push Inspector"


class FilesDesk(QObject):
    """Makes the menu at the rail's foot work, keeps the window's title true, and says what is up with the history."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workbench = window.workbench
        self._tasks = window.tasks
        self._dialog: KeepDialog | None = None
        self.menu = FilesMenu(window)
        window.rail.files.setMenu(self.menu)
        menu = self.menu
        menu.aboutToShow.connect(self._look)
        menu.new_wanted.connect(self.start_new)
        menu.open_wanted.connect(self.open)
        menu.opened.connect(self.open_file)
        menu.copy_wanted.connect(self.save_copy)
        menu.import_wanted.connect(window.exchange.import_history)
        menu.export_wanted.connect(window.exchange.export_history)
        menu.keep_wanted.connect(self.keep)
        menu.compact_wanted.connect(self.compact)
        menu.folder_wanted.connect(self.show_folder)
        window.feed.failed.connect(self._failed)
        window.keeping.failed.connect(self._failed)
        window.keeping.refused.connect(window.show_failure)
        window.keeping.said.connect(window.status_line.say)
        window.keeping.switched.connect(self._switched)
        window.keeping.reads_along.connect(self._show_reading)
        self._tasks.said.connect(window.status_line.say)
        self._show_title()
        menu.show_files((KnownFile(self._workbench.history_file, current=True, there=True),))

    # which file

    @Slot()
    def start_new(self) -> None:
        """Ask for a name, and go on with a new file of it."""
        from inspector.history.failures import fresh_path_beside
        from inspector.ui.history_files import dialogs

        if self._tasks.is_busy():
            return
        path = dialogs.choose_new(self._window, fresh_path_beside(self._workbench.history_file))
        if path is not None:
            self._window.keeping.start_new_at(_named(path))

    @Slot()
    def open(self) -> None:
        """Ask which file to go on with."""
        from inspector.ui.history_files import dialogs

        path = dialogs.choose_history(self._window, self._workbench.history_file.parent)
        if path is not None:
            self.open_file(path)

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Go on with a history that is there."""
        if not self._tasks.is_busy():
            self._window.keeping.open_file(path)

    @Slot()
    def show_folder(self) -> None:
        """Open the folder that the file is in."""
        _open_folder(self._workbench.history_file.parent)

    @Slot()
    def show_menu(self) -> None:
        """Open the menu by a key."""
        self._window.rail.files.showMenu()

    @Slot()
    def _switched(self) -> None:
        self._show_title()
        self._window.notice.hide()  # it was about the other file
        self._look()

    def _show_title(self) -> None:
        path = self._workbench.history_file
        first = self._workbench.home.data / FIRST_HISTORY
        self._window.setWindowTitle(TITLE if path == first else f"{path.stem} – {TITLE}")

    @Slot()
    def _look(self) -> None:
        """Which files there are: the menu that is open already shows it a moment later."""
        current = self._workbench.history_file

        def job() -> tuple[KnownFile, ...]:
            known = dict.fromkeys((current, *self._workbench.home.recent_histories()))
            return tuple(KnownFile(path, path == current, path.is_file()) for path in known)

        self._window.worker.submit("history files", job, self.menu.show_files)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        """This one can't be used."""
        if not isinstance(error, InspectorError):
            error = HistoryError(f"The history can't be used: {error}", "The log has the details.")
        self._window.notice.show_error(error, "Start a new file beside it", self._window.keeping.start_new)

    @Slot(object)
    def _show_reading(self, holder: Holder | None) -> None:
        """Say who writes the history, where it is not this window."""
        self._window.status_line.chips.put("reading", None if holder is None else reading_chip(holder))

    # a copy

    @Slot()
    def save_copy(self) -> None:
        """Ask where to, and save a copy there; this file stays in use."""
        from inspector.ui.history_files import dialogs

        if self._tasks.is_busy():
            return
        history = self._workbench.history_file
        path = dialogs.choose_copy(self._window, history.with_name(f"{history.stem}-copy{history.suffix}"))
        if path is not None:
            self.save_copy_to(
                _named(path), over=_named(path) == path
            )  # what was chosen by its name, it asked about

    def save_copy_to(self, path: Path, *, over: bool) -> None:
        """Save a copy; over a file that is there only with `over`."""
        if self._tasks.is_busy():
            return
        history = self._workbench.history_file
        task = LongTask(f"Saving a copy as {path.name}, bytes:")

        def job() -> bool:
            from inspector.history.copying import save_copy

            return save_copy(history, path, over=over, progress=task.tell, cancelled=task.stop.is_set)

        def failed(error: BaseException) -> None:
            if isinstance(error, UsageError) and error.code == "exists":
                self._window.notice.show_error(
                    UsageError(error.message), "Replace it", lambda: self.save_copy_to(path, over=True)
                )
            else:
                self._window.show_failure(error)

        self._tasks.begin(task, job, partial(self._copied, path), failed)

    def _copied(self, path: Path, done: bool) -> None:  # noqa: FBT001 - a result
        if not done:
            self._window.status_line.say("Stopped; no copy was made")
            return
        self._window.notice.show_hint(
            f"Saved as {path}, with device tokens and credentials.",
            "Open the folder",
            partial(_open_folder, path.parent),
        )

    # how much is kept

    @Slot()
    def keep(self) -> None:
        """Ask how much of the history to keep."""
        self._window.worker.submit(
            "retention", self._workbench.retention, self._ask, self._window.show_failure
        )

    def _ask(self, retention: Retention) -> None:
        from inspector.ui.history_files.keep_dialog import KeepDialog

        dialog = self._dialog = KeepDialog(retention, self._window.theme, self._window)
        dialog.asked.connect(self._estimate)
        dialog.accepted.connect(self._keep)
        dialog.finished.connect(self._asked)
        dialog.begin()
        dialog.open()

    @Slot(object)
    def _estimate(self, retention: Retention) -> None:
        history = self._workbench.history_file

        def job() -> Estimate:
            from inspector.history.forgetting import estimate

            return estimate(history, retention, round(time.time() * 1_000_000))

        def done(found: Estimate) -> None:
            if self._dialog is not None:
                self._dialog.show_estimate(retention, found)

        self._window.worker.submit("retention", job, done, self._window.show_failure)

    @Slot()
    def _keep(self) -> None:
        retention = self._dialog.retention if self._dialog is not None else None
        if retention is None:
            return

        def done(_result: None) -> None:
            self._window.status_line.say(f"The history keeps {retention.words}")

        self._window.worker.submit(
            "", lambda: self._workbench.keep_at_most(retention), done, self._window.show_failure
        )

    @Slot()
    def _asked(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    # compacting

    @Slot()
    def compact(self) -> None:
        """Make the file as small as what it holds, while nobody writes it."""
        window = self._window
        if self._tasks.is_busy():
            return
        if window.listening.state.on or window.listening.state.busy:
            window.notice.show_error(
                UsageError(
                    "Whoever pushes would have to wait while the file is written anew.",
                    "Stop listening, compact it, and listen again.",
                ),
                "Stop and compact",
                self._stop_and_compact,
            )
            return
        workbench = self._workbench

        def job() -> int:
            workbench.hold_history()
            return workbench.writer.compact()

        task = LongTask(f"Compacting {workbench.history_file.name}…")
        self._tasks.begin(task, job, self._compacted, window.show_failure, can_stop=False)

    def _compacted(self, won: int) -> None:
        words = f"The history is {won / 1e6:,.1f} MB smaller" if won > 0 else "There was no room to give back"
        self._window.status_line.say(words)
        self._window.feed.poke()

    def _stop_and_compact(self) -> None:
        window = self._window
        if not window.listening.state.busy:
            window.listening.stop()
            window.worker.submit("", bool, lambda _: self.compact())  # in turn: when that is done


def _named(path: Path) -> Path:
    """With the ending that a history has, where the person gave none."""
    return path if path.suffix else path.with_suffix(Path(FIRST_HISTORY).suffix)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
