"""Where the page of runs and the window meet. The page, and what a run needs, is made when it is first asked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.contract.variables import resolve_body
from inspector.sender.request import SendRequest
from inspector.ui.runs.surroundings import ComposerBody, Filtered, Surroundings, filtered_title

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow
    from inspector.ui.runs.driver import RunDriver, Seen
    from inspector.ui.runs.order import Captured, RunOrder
    from inspector.ui.runs.pace_form import Wanted
    from inspector.ui.runs.page import RunsPage
    from inspector.ui.runs.resend_dialog import ResendDialog
    from inspector.ui.runs.script_editor import ScriptEditor
    from inspector.ui.runs.scripts import ScriptText


class RunsDesk(QObject):
    """The runs of a window. `page` is where they are begun and looked at."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: RunsPage | None = None
        self._driver: RunDriver | None = None
        self.dialog: ResendDialog | None = None
        self.editor: ScriptEditor | None = None
        table = window.pushes.table
        table.resend_selected_wanted.connect(self.resend_selected)
        table.resend_shown_wanted.connect(self.resend_shown)

    @property
    def page(self) -> RunsPage:
        """The page."""
        if self._page is None:
            from inspector.ui.runs.driver import RunDriver
            from inspector.ui.runs.page import RunsPage

            window = self._window
            driver = self._driver = RunDriver(window.workbench, self)
            page = self._page = RunsPage(
                window.workbench, window.worker, driver, window.theme, self._surroundings(), window
            )
            window.pages.addWidget(page)
            driver.looked.connect(self._look)
            driver.ended.connect(self._look)
            page.message.connect(window.status_line.say)
            page.save_wanted.connect(self._save)
            page.edit_wanted.connect(self._edit)
            page.open_wanted.connect(self._open_script)
        return self._page

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is within the page."""
        return self._page is not None and self._page.has_focus

    def stop(self) -> bool:
        """End the run that is looked at; False where there is none, or the keyboard is elsewhere."""
        if self._page is None or not self._page.running or not self._page.has_focus:
            return False
        self._page.stop()
        return True

    def close(self) -> None:
        """End a run, and wait until what was sent is stored."""
        if self._driver is not None:
            self._driver.close()

    # sending captured pushes again

    @Slot()
    def resend_selected(self) -> None:
        """Ask how to send the selected pushes again, then do it."""
        ids = self._window.pushes.table.selected_ids
        if not ids:
            return
        from inspector.ui.runs.order import Captured
        from inspector.ui.runs.wording import pushes_words

        title = f"{pushes_words(len(ids))} of the history"

        def captured(wanted: Wanted) -> Captured:
            return Captured(title, wanted.captured_pace(), ids=ids, most=wanted.count)

        self._ask(f"Send the {len(ids):,} selected again, in the order they are shown", captured)

    @Slot()
    def resend_shown(self) -> None:
        """Ask how to send again all that the filter shows, then do it."""
        from inspector.ui.runs.order import Captured

        shown = self._filtered()
        title = filtered_title(shown)

        def captured(wanted: Wanted) -> Captured:
            return Captured(
                title, wanted.captured_pace(), query=shown.query, order=shown.order, most=wanted.count
            )

        rows = "1 row" if shown.rows == 1 else f"{shown.rows:,} rows"
        what = f"{rows} with {shown.text}" if shown.text else f"all {rows}"
        self._ask(f"Send again what is shown: {what}", captured)

    def _ask(self, what: str, captured: Callable[[Wanted], Captured]) -> None:
        from inspector.ui.runs.resend_dialog import ResendDialog

        window = self._window
        dialog = self.dialog = ResendDialog(
            what,
            captured,
            window.workbench,
            window.worker,
            window.theme,
            self._composer_request,
            window,
        )
        dialog.ordered.connect(self._ordered)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _ordered(self, order: RunOrder) -> None:
        if self.page.carry_out(order):
            self._window.show_runs()

    # what the page asks of the window

    def _surroundings(self) -> Surroundings:
        return Surroundings(self._composer_request, self._composer_body, self._selected, self._filtered)

    def _composer_request(self) -> SendRequest:
        """The composer's target, without moving anything there: what is wrong with it is said on this page."""
        form = self._window.composer.form
        return form.settings.state.whole(form.target.url(), form.identity.name)

    def _composer_body(self) -> ComposerBody:
        composer = self._window.composer
        template = composer.form.template
        body, series = composer.body(), composer.variables.series
        title = template.currentText() or template.placeholderText()
        # Each push takes the series' next values, so that a run goes on where the last push sent has ended.
        return ComposerBody(title, len(body), lambda _number: resolve_body(body, series.next())[0])

    def _selected(self) -> array[int]:
        return self._window.pushes.table.selected_ids

    def _filtered(self) -> Filtered:
        window = self._window
        text = window.toolbar.filter.text().strip() if window.feed.query is not None else ""
        return Filtered(window.feed.query, window.feed.order, window.model.rowCount(), text)

    @Slot(object)
    def _look(self, _seen: Seen) -> None:
        self._window.feed.poke()

    # files

    @Slot(object, str)
    def _save(self, seen: Seen, ending: str) -> None:
        from inspector.ui.runs import dialogs
        from inspector.ui.runs.saving import save_summary

        window = self._window
        path = dialogs.choose_summary(window, f"run-{seen.number}{ending}", ending)
        if path is not None:
            window.worker.submit(
                "", lambda: save_summary(seen, path), lambda _: self._saved(path), window.show_failure
            )

    def _saved(self, path: Path) -> None:
        self._window.status_line.say(f"Saved as {path}")

    @Slot(object)
    def _edit(self, script: ScriptText) -> None:
        from inspector.ui.runs.script_editor import ScriptEditor

        window = self._window
        editor = self.editor = ScriptEditor(script, window.worker, window.theme, window)
        editor.used.connect(self.page.what.put_script)
        editor.finished.connect(editor.deleteLater)
        editor.open()

    @Slot()
    def _open_script(self) -> None:
        from inspector.ui.runs import dialogs
        from inspector.ui.runs.script_editor import read_file

        path = dialogs.choose_script(self._window)
        if path is not None:
            self._window.worker.submit(
                "script file", lambda: read_file(path), self.page.what.put_script, self._window.show_failure
            )
