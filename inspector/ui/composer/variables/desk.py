"""Brings the chosen environment's values to what is sent, and the environments to whoever edits them. Imports the
sender's environments, the workbench, PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from inspector.errors import InspectorError
from inspector.sender.kept.environment_file import EnvironmentSet
from inspector.sender.kept.environments import Environments, Taken
from inspector.sender.kept.series import Series
from inspector.ui.composer.variables.environment_button import EnvironmentButton
from inspector.ui.composer.variables.insert_menu import InsertMenu
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.composer.variables.environment_dialog import EnvironmentDialog

_Loaded = tuple[EnvironmentSet, Taken, InspectorError | None]


class VariablesDesk(QObject):
    """Lives beside the composer. `changed` comes when variables stand for something else from now on, `failed` carries
    the InspectorError of an environment that can't be had."""

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        theme: Theme,
        parts: tuple[EnvironmentButton, InsertMenu],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.series = Series()
        self.known = EnvironmentSet()
        self._worker = worker
        self._theme = theme
        self._window = parent
        self._environments = Environments(workbench.home, lambda: workbench.vault)
        self._button, self._insert = parts
        self._dialog: EnvironmentDialog | None = None
        self._button.chosen.connect(self._choose)
        self._button.edit_wanted.connect(self.edit)
        self._button.restart_wanted.connect(self._restart)

    def load(self) -> None:
        """Read the environments, and take the current one's values; in the worker's thread, as it may ask for the
        vault's passphrase."""
        self._read(self._environments.load)

    def change(self, deed: Callable[[Environments], EnvironmentSet]) -> None:
        """Have the environments changed, and take what is current then."""
        environments = self._environments
        self._read(lambda: deed(environments))

    def _read(self, known: Callable[[], EnvironmentSet]) -> None:
        environments = self._environments

        def read() -> _Loaded:
            found = known()
            try:
                return found, environments.take(), None
            except InspectorError as error:  # the others can still be chosen
                return found, Taken(), error

        # In no lane: a change that is still to be made must not give way to the next one.
        self._worker.submit("", read, self._take, self._fail)

    def _take(self, loaded: _Loaded) -> None:
        self.known, taken, error = loaded
        self._button.show_environments(self.known)
        current = self.known.named(self.known.current) if self.known.current else None
        self._insert.offer_values([one.name for one in current.variables] if current is not None else [])
        self.series.use(taken.values, taken.secrets)
        if self._dialog is not None:
            self._dialog.show_environments(self.known)
        self.changed.emit()
        if error is not None:
            self.failed.emit(error)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, InspectorError):
            raise error
        if self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self.failed.emit(error)

    @Slot(str)
    def _choose(self, name: str) -> None:
        self.change(lambda environments: environments.use(name))

    @Slot()
    def _restart(self) -> None:
        self.series.restart()
        self.changed.emit()

    @Slot()
    def edit(self) -> None:
        """Open the dialog with the environments."""
        if self._dialog is None:
            from inspector.ui.composer.variables.environment_dialog import EnvironmentDialog

            self._dialog = EnvironmentDialog(self._theme, self._window.window())
            self._dialog.wanted.connect(self.change)
            self._dialog.finished.connect(self._closed)
        self._dialog.show_environments(self.known)
        self._dialog.open()

    @Slot()
    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
