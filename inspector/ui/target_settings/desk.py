"""What joins the target's field, its settings and the saved targets. Builds the sheet when it is first wanted.

Imports this room, the workbench and PySide6.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from inspector.errors import InspectorError, UsageError
from inspector.sender.kept.targets import SavedTarget
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.advice import in_window
from inspector.ui.target_settings import memory
from inspector.ui.target_settings.differences import differences
from inspector.ui.target_settings.keeper import TargetKeeper
from inspector.ui.target_settings.state import TargetState, without_kept
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.ui.composer.form import ComposerForm
    from inspector.ui.target_settings.sheet import TargetSheet


class TargetDesk(QObject):
    """Belongs to the composer's form. `pin_presented_wanted` asks for a check whose certificate is to be pinned,
    `message` carries a line for the status bar."""

    pin_presented_wanted = Signal()
    message = Signal(str)

    def __init__(self, form: ComposerForm, workbench: Workbench, worker: Worker, theme: Theme) -> None:
        super().__init__(form)
        self._form = form
        self._theme = theme
        self.state = TargetState(self)
        self.keeper = TargetKeeper(workbench, worker, self)
        self._sheet: TargetSheet | None = None
        self.state.changed.connect(self._show)
        self.keeper.listed.connect(self._take_list)
        self.keeper.unlisted.connect(self._not_listed)
        self.keeper.saved.connect(self._saved)
        self.keeper.renamed.connect(self._renamed)
        self.keeper.deleted.connect(self._deleted)
        self.keeper.failed.connect(self._failed)
        form.target.picked.connect(self.pick)
        form.target.editTextChanged.connect(self._show)
        form.identity.currentIndexChanged.connect(self._show)
        form.buttons.settings.toggled.connect(self._open)
        self._show()

    @property
    def sheet(self) -> TargetSheet:
        """The sheet, shown or not."""
        if self._sheet is None:
            from inspector.ui.target_settings.sheet import TargetSheet

            self._sheet = TargetSheet(self.state, self.keeper, self._theme, self._form.sheet_place)
            self._sheet.save_wanted.connect(self._save)
            self._sheet.pin_presented_wanted.connect(self.pin_presented_wanted)
            self._sheet.closed.connect(self._close)
            self._sheet.left.connect(self._leave)
            layout = self._form.sheet_place.layout()
            assert layout is not None
            layout.addWidget(self._sheet)
        return self._sheet

    @property
    def is_open(self) -> bool:
        """Whether the sheet shows."""
        return self._form.buttons.settings.isChecked()

    def request(self) -> SendRequest:
        """All of it, ready to send with. Raises UsageError; what is wrong is shown at its place, and the keyboard is
        there."""
        url = self._url()
        try:
            return self.state.whole(url, self._form.identity.name)
        except UsageError:
            self._form.buttons.settings.setChecked(True)
            self.sheet.show_fault()
            raise

    def request_to_look(self) -> SendRequest:
        """To see what is there: nothing of theirs is checked, nothing of ours is shown. Raises UsageError."""
        settings = replace(self.state.request, trust=TrustKind.NOTHING, pin="", url=self._url())
        return without_kept(replace(settings, basic_user="", basic_password="", headers=()))

    def _url(self) -> str:
        try:
            return self._form.target.url()
        except UsageError as error:
            self._form.target.show_error(error)
            self._form.target.setFocus(Qt.FocusReason.OtherFocusReason)
            raise

    def trust_usual(self) -> None:
        """Take the system's CAs and the vault's."""
        self.state.load(replace(self.state.request, trust=TrustKind.USUAL), self.state.saved)

    def pin(self, fingerprint: str) -> None:
        """Take one certificate and no other."""
        self.state.load(replace(self.state.request, trust=TrustKind.PIN, pin=fingerprint), self.state.saved)

    def save_state(self) -> dict[str, str]:
        """What comes back at the next start: the settings without what is secret, but for what the vault keeps."""
        return memory.save(self.state)

    def restore_state(self, state: dict[str, str]) -> None:
        """Bring back what `save_state` gave; what is missing or can't be read stays as it is."""
        memory.restore(self.state, state)

    @Slot(object)
    def pick(self, target: SavedTarget) -> None:
        """Send to a saved target from now on."""
        self._form.identity.choose(target.request.identity)
        self.state.load(target.request, target)

    @Slot(bool)
    def _open(self, opened: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._form.sheet_place.setVisible(opened)
        if opened:
            self.sheet.appear()
        elif self._sheet is not None:
            self._sheet.settle()
            self._sheet.hide()

    @Slot()
    def _close(self) -> None:
        self._form.buttons.settings.setChecked(False)
        self._form.buttons.settings.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _leave(self, forward: bool) -> None:  # noqa: FBT001 - a slot
        form = self._form
        if forward:
            form.identity.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            form.buttons.check.setFocus(Qt.FocusReason.BacktabFocusReason)

    @Slot()
    def _show(self) -> None:
        found = differences(self.state.request)
        saved, form = self.state.saved, self._form
        name = saved.name if saved is not None else ""
        if saved is not None and self.state.differs_from_saved(form.target.usual(), form.identity.name):
            name = f"{name}, changed"
        form.target_line.show_state(name, found)
        form.buttons.show_differences(found)

    # what is kept

    @Slot(str)
    def _save(self, name: str) -> None:
        try:
            request = self.request()
        except UsageError as error:
            self._tell(error)
            return
        self.keeper.save(name, request)

    @Slot(object)
    def _take_list(self, targets: tuple[SavedTarget, ...]) -> None:
        self._form.target.set_saved(targets)
        self.state.know(targets)

    @Slot(object)
    def _not_listed(self, error: InspectorError) -> None:
        self._form.target_note.say(error.message, in_window(error.next_step), "warning")

    @Slot(object)
    def _saved(self, target: SavedTarget) -> None:
        self.state.mark_saved(target)
        self.message.emit(f"Saved as {target.name}.")

    @Slot(object)
    def _renamed(self, target: SavedTarget) -> None:
        self.state.mark_renamed(target)
        self.message.emit(f"Renamed to {target.name}.")

    @Slot()
    def _deleted(self) -> None:
        name = self.state.saved.name if self.state.saved is not None else ""
        self.state.load(without_kept(self.state.request))
        self.message.emit(f"Deleted {name}.")

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self._tell(error)

    def _tell(self, error: InspectorError) -> None:
        self.message.emit(error.message)


class SheetPlace(QWidget):
    """Where the sheet stands between the target and the identity, in the keyboard's order too: what comes here goes on
    to the sheet's first stop, or to its last on the way back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        from inspector.ui.target_settings.sheet import TargetSheet

        sheet = self.findChild(TargetSheet)
        stops = sheet.walked() if sheet is not None else []
        if stops:
            back = event.reason() == Qt.FocusReason.BacktabFocusReason
            stops[-1 if back else 0].setFocus(event.reason())
