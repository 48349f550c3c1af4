"""Sends what it is given to the form's target, and shows how it goes and what came of it. Imports the contract, the
sender's records, the workbench, PySide6 and its own room."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from inspector.contract.variables import resolve_body
from inspector.errors import InspectorError, UsageError
from inspector.sender.kept.series import Series
from inspector.ui.composer.dispatch import Dispatch
from inspector.ui.composer.form import ComposerForm
from inspector.ui.composer.result_view import ResultView
from inspector.ui.composer.send_row import SendRow
from inspector.ui.composer.sending import Attempted, Order
from inspector.workbench import Workbench


class SendDesk(QObject):
    """`sent` carries the SendResult of each attempt once it is in the history, `shown` comes when the result is there
    to be looked at, `message` carries a line for the status bar."""

    sent = Signal(object)
    shown = Signal()
    message = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        form: ComposerForm,
        row: SendRow,
        result: ResultView,
        series: Series,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._row = row
        self._result = result
        self._series = series
        self._title = ""  # of what is being sent, where that is not the editor's
        self._closed = False
        dispatch = self.dispatch = Dispatch(workbench, self)
        row.cancel_wanted.connect(dispatch.cancel)
        dispatch.attempted.connect(self._show_attempt)
        dispatch.waits.connect(self._will_go_on)
        dispatch.ended.connect(row.show_idle)
        dispatch.given_up.connect(self._given_up)
        dispatch.refused.connect(self._refused)
        dispatch.failed.connect(self._failed)

    def send(self, body: bytes, title: str, *, resolve: bool) -> None:
        """Send a body, with its variables put in where `resolve` says so. While another is under way, nothing happens;
        what is wrong with the target is shown there."""
        if self.dispatch.running or self._closed:
            return
        try:
            request = self._form.request()
        except UsageError as error:
            self.message.emit(f"Not sent. {error.message}")
            return
        retry, pace, series = self._row.retry.isChecked(), self._row.pace, self._series
        interval, attempts = pace.interval, pace.attempts

        def make() -> Order:
            sent = resolve_body(body, series.next())[0] if resolve else body
            return Order(request, sent, retry, interval, attempts)

        self._title = title
        self._form.show_identity_error(None)
        self._form.buttons.settings.setChecked(False)  # what comes of it needs the room
        self._form.target.remember(request.url)
        self._result.set_dimmed(True)
        self._row.show_sending(f"Sending {title}" if title else "Sending")
        self.dispatch.start(make)

    def close(self) -> None:
        """Cancel what is under way and wait for its thread; nothing is sent any more."""
        self._closed = True
        self.dispatch.close()

    @Slot()
    def _will_go_on(self) -> None:
        pace = self._row.pace
        words = f"Attempt {len(self.dispatch.attempts) + 1} of {pace.attempts}"
        self._row.show_waiting(words, pace.interval)

    @Slot()
    def _given_up(self) -> None:
        done = len(self.dispatch.attempts)
        self.message.emit(f"Cancelled after {done} of {self._row.pace.attempts} attempts.")

    @Slot(object)
    def _show_attempt(self, attempted: Attempted) -> None:
        result = self._result
        result.set_dimmed(False)
        result.show_result(attempted.result, tuple(self.dispatch.attempts), attempted.ours)
        if attempted.unrecorded is not None:
            result.show_remark(attempted.unrecorded)
        self.shown.emit()
        self.message.emit(f"{self._title}: {result.headline}" if self._title else result.headline)
        if attempted.unrecorded is None:
            self.sent.emit(attempted.result)

    @Slot(object)
    def _refused(self, error: InspectorError) -> None:
        self._form.show_identity_error(error)
        self._form.identity.setFocus(Qt.FocusReason.OtherFocusReason)
        self.message.emit(f"Not sent. {error.message}")

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self._result.set_dimmed(False)
        self._result.show_error(error)
        self.shown.emit()
        self.message.emit(f"Not sent. {error.message}")
