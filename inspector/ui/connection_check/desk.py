"""What joins the button that checks a connection, the check and what is done about its steps.

Imports this room, the worker, the workbench and PySide6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from inspector.errors import InspectorError, UsageError
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.connection_check.checking import Checked, Checking
from inspector.ui.connection_check.offers import Deed, Offer
from inspector.ui.connection_check.view import CheckView
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import VaultEntry
    from inspector.ui.composer.form import ComposerForm

_VAULT_COUNTS = (TrustKind.USUAL, TrustKind.VAULT)


class CheckDesk(QObject):
    """Belongs to the composer. `shown` comes when the view has something new, `message` carries a line for the status
    bar, `vault_changed` tells that the vault has one more certificate."""

    shown = Signal()
    message = Signal(str)
    vault_changed = Signal()

    def __init__(
        self, form: ComposerForm, view: CheckView, workbench: Workbench, worker: Worker, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._view = view
        self._workbench = workbench
        self._worker = worker
        self._pins = False
        self.checking = Checking(workbench, self)
        self.checking.ended.connect(self._ended)
        self.checking.checked.connect(self._checked)
        self.checking.failed.connect(self._failed)
        form.buttons.check.clicked.connect(self.toggle)
        form.settings.pin_presented_wanted.connect(self._check_to_pin)
        view.offer_taken.connect(self._do)

    @Slot()
    def toggle(self) -> None:
        """Check the connection, or give up the check that is under way."""
        if self.checking.running:
            self.checking.cancel()
        else:
            self.check()

    def check(self) -> None:
        """Check the connection that a push would be sent over now."""
        if self.checking.running:
            return
        try:
            request = self._form.request()
        except UsageError as error:
            self.message.emit(f"Not checked. {error.message}")
            return
        self._start(request)

    def _start(self, request: SendRequest) -> None:
        self._form.target.remember(request.url)
        self._form.buttons.show_checking(True)
        self.message.emit("Checking the connection…")
        self.checking.start(request)

    def close(self) -> None:
        """Give up what is under way; nothing is delivered after."""
        self.checking.close()

    @Slot()
    def _check_to_pin(self) -> None:
        """See what the server presents: without our certificate, as it is not known yet who that is."""
        try:
            request = self._form.settings.request_to_look()
        except UsageError as error:
            self.message.emit(f"Not checked. {error.message}")
            return
        if not self.checking.running:
            self._pins = True
            self._start(request)

    @Slot()
    def _ended(self) -> None:
        self._form.buttons.show_checking(False)

    @Slot(object)
    def _checked(self, checked: Checked) -> None:
        pins, self._pins = self._pins, False
        self._view.show_check(checked)
        self.shown.emit()
        if pins and checked.check.chain:
            self._pin(checked.check.chain[0].fingerprint_sha256)
        else:
            self.message.emit(self._view.headline)

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self._pins = False
        self._view.show_error(error)
        self.shown.emit()
        self.message.emit(f"Not checked. {error.message}")

    # what is done about a step

    @Slot(object)
    def _do(self, offer: Offer) -> None:
        form = self._form
        match offer.deed:
            case Deed.PIN:
                self._pin(offer.value)
                self.check()
            case Deed.TRUST:
                self._trust(int(offer.value))
            case Deed.USE:
                form.identity.choose(offer.value)
                self.check()
            case Deed.CHOOSE:
                form.identity.setFocus(Qt.FocusReason.OtherFocusReason)
                form.identity.showPopup()
            case Deed.ADDRESS:
                form.target.setFocus(Qt.FocusReason.OtherFocusReason)
            case Deed.SETTINGS:
                form.buttons.settings.setChecked(True)

    def _pin(self, fingerprint: str) -> None:
        self._form.settings.pin(fingerprint)
        self.message.emit(
            f"Pinned the certificate {fingerprint[:16]}…: no other is taken from this target now."
        )

    def _trust(self, place: int) -> None:
        checked = self._view.checked
        if checked is None:
            return
        workbench, chain = self._workbench, (checked.chain[place],)
        self._worker.submit("", lambda: workbench.keep_certificate(chain), self._trusted, self._not_trusted)

    def _trusted(self, entry: VaultEntry) -> None:
        if self._form.settings.state.request.trust not in _VAULT_COUNTS:
            self._form.settings.trust_usual()
        self.message.emit(f"Kept {entry.name} in the vault: servers that it has issued are trusted now.")
        self.vault_changed.emit()
        self.check()

    def _not_trusted(self, error: BaseException) -> None:
        words = error.message if isinstance(error, InspectorError) else str(error)
        self.message.emit(f"Not trusted: {words}")
