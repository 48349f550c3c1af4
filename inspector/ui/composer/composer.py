"""The composer pane: puts its parts together, sends what they hold and shows what came of it.

Imports the contract, the workbench, the sender's records, PySide6 and its own room.
"""

from __future__ import annotations

import logging
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.errors import CertificateError, InspectorError, UsageError, VaultError
from inspector.sender.model import SendResult
from inspector.sender.templates import Template
from inspector.ui import icons
from inspector.ui.composer.body import Opened, open_body
from inspector.ui.composer.body_pane import BodyPane
from inspector.ui.composer.form import ComposerForm
from inspector.ui.composer.result_area import ResultArea
from inspector.ui.composer.result_view import ResultView
from inspector.ui.composer.runner import SendRunner
from inspector.ui.composer.send_row import SendRow
from inspector.ui.composer.sending import Attempted, Order, carry_out
from inspector.ui.composer.template_combo import FIRST
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import SendRequest, TrustKind, Workbench

# What is neither editor nor result; of the rest, the result gets three fifths at most.
_FIXED_HEIGHT = 264
_log = logging.getLogger(__name__)


class Composer(QFrame):
    """A pane that any page can open.

    `sent` carries the SendResult of each attempt once it is in the history, `message` a line for the status bar,
    `close_requested` and `create_dev_requested` what was asked for by a button.
    """

    sent = Signal(object)
    close_requested = Signal()
    create_dev_requested = Signal()
    message = Signal(str)

    def __init__(
        self, workbench: Workbench, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setProperty("role", "panel")
        self.setAccessibleName("Composer")
        self.setMinimumWidth(340)
        self.retry_interval = RETRY_INTERVAL_SECONDS
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._title = ""  # of what is being sent, where that is not the editor's
        self._attempts: list[SendResult] = []
        self._closed = False
        self._make_parts()
        self._lay_out()
        self._connect()
        self._recolor()
        self._begin_with(FIRST)

    def _make_parts(self) -> None:
        self.form = ComposerForm(self._workbench, self._worker, self._theme, self)
        self.body_pane = BodyPane(self._worker, self._theme, self)
        self.editor = self.body_pane.editor
        self.send_row = SendRow(self._theme, self)
        self.result = ResultView(self._theme, self)
        self.runner = SendRunner(self)
        self._close = QToolButton(self)
        self._close.setObjectName("composer_close")
        self._close.setAccessibleName("Close the composer")
        self._close.setToolTip("Close the composer; what is written stays")

    def _lay_out(self) -> None:
        title = QLabel("Compose", self)
        title.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.addWidget(title, 1)
        head.addWidget(self._close)
        self._result_line = _line(self)
        self._result_area = ResultArea(self.result, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.form)
        column.addWidget(_line(self))
        column.addWidget(self.body_pane, 1)
        column.addWidget(self.send_row)
        column.addWidget(self._result_line)
        column.addWidget(self._result_area)
        self._result_line.hide()
        self._result_area.hide()
        self._order_tabs()

    def _order_tabs(self) -> None:
        form, pane, row = self.form, self.body_pane, self.send_row
        chain = (form.template, form.target, form.identity, form.create_dev, form.checks, pane.editor,
                 pane.check_line.problems, pane.check_line.list, pane.check_line.format, pane.kept,
                 row.button, row.retry, self._result_area, self._close)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self._close.clicked.connect(self.close_requested)
        self.form.create_dev_requested.connect(self.create_dev_requested)
        self.form.template.picked.connect(self._take_template)
        self.body_pane.message.connect(self.message)
        self.send_row.send_wanted.connect(self.send)
        self.send_row.cancel_wanted.connect(self.runner.cancel)
        self.runner.reported.connect(self._will_go_on)
        self.runner.finished.connect(self._finished)
        self.runner.failed.connect(self._failed)
        self._theme.changed.connect(self._recolor)

    # what others ask

    def body(self) -> bytes:
        """The bytes that would be sent now: the text's UTF-8, or what was opened while it is left as it is."""
        return self.body_pane.body()

    def load_body(self, body: bytes | Opened, *, title: str) -> None:
        """Put a captured body into the editor, to edit and resend; undo brings what was written back. A big one is
        better opened in the worker before (`open_body`): it may have to be laid out."""
        self.body_pane.open(body if isinstance(body, Opened) else open_body(body))
        self.form.template.show_other(f"From {title}")

    @Slot()
    def send(self) -> None:
        """Send what the editor holds. While another sending is under way, nothing happens."""
        self._send(self.body(), "")

    def resend(self, body: bytes, *, title: str) -> None:
        """Send other bytes to the target as they are, and leave the editor alone."""
        if self.runner.running:
            self.message.emit("Something is being sent already: wait for it, or cancel it.")
        else:
            self._send(body, title)

    def set_target(self, url: str) -> None:
        """Put an address into the target field."""
        self.form.target.setText(url)

    def set_listener_url(self, url: str) -> None:
        """Our own listener is at `url` now; empty when it is nowhere. It is the target where none was chosen."""
        self.form.target.follow_listener(url)

    def set_identity(self, name: str) -> None:
        """Choose an identity by name, also one that is yet to be made; empty for none."""
        self.form.identity.choose(name)

    def refresh_identities(self) -> None:
        """Read the vault's identities again, in the worker's thread."""
        self.form.identity.refresh()

    def focus_editor(self) -> None:
        """Put the cursor into the editor."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_state(self) -> dict[str, str]:
        """What comes back at the next start: target (and whether it is our own listener, which may be elsewhere then),
        identity, template, recent targets. Never the body, and not that certificates were not checked."""
        try:
            target = self.form.target.url()
        except UsageError:
            target = ""
        state = {
            "target": target,
            "template": self.form.template.name,
            "recent": "\n".join(self.form.target.recent),
        }
        if target and target == self.form.target.listener_url:
            state["listener"] = target
        if self.form.identity.chosen is not None:
            state["identity"] = self.form.identity.chosen
        return state

    def restore_state(self, state: dict[str, str]) -> None:
        """Bring back what `save_state` gave; what is missing or unknown stays as it is."""
        self.form.target.set_recent(state.get("recent", "").split("\n"))
        if state.get("target"):
            self.set_target(state["target"])
        self.set_listener_url(state.get("listener", ""))
        if "identity" in state:
            self.set_identity(state["identity"])
        if self.body_pane.untouched:
            self._begin_with(state.get("template", ""))

    def close_down(self) -> None:
        """Cancel what is under way and wait for its thread. Nothing is delivered after."""
        self._closed = True
        self.body_pane.close_down()
        self.runner.close()
        self.send_row.show_idle()

    def _begin_with(self, name: str) -> None:
        template = self.form.template.template(name)
        if template is not None:
            self.body_pane.begin_with(template.body)
            self.form.template.show_name(name)

    @Slot(object)
    def _take_template(self, template: Template) -> None:
        self.body_pane.open(open_body(template.body))
        self.form.template.show_name(template.name)
        self.message.emit(f"{template.title}: undo brings the body before back.")

    # sending

    def _send(self, body: bytes, title: str) -> None:
        if self.runner.running or self._closed:
            return
        try:
            url = self.form.target.url()
        except UsageError as error:
            self.form.target.show_error(error)
            self.form.target.setFocus(Qt.FocusReason.OtherFocusReason)
            self.message.emit(f"Not sent. {error.message}")
            return
        trust = TrustKind.NOTHING if self.form.insecure else TrustKind.USUAL
        request = SendRequest(url, identity=self.form.identity.name, trust=trust)
        order = Order(request, body, retry=self.send_row.retry.isChecked(), interval=self.retry_interval)
        workbench = self._workbench
        self._title, self._attempts = title, []
        self.form.show_identity_error(None)
        self.form.target.remember(url)
        self.result.set_dimmed(True)
        self.send_row.show_sending(f"Sending {title}" if title else "Sending")
        self.runner.start(lambda cancel, report: carry_out(workbench, order, cancel, report))

    @Slot(object)
    def _will_go_on(self, attempted: Attempted) -> None:
        self._show_attempt(attempted)
        words = f"Attempt {len(self._attempts) + 1} of {RETRY_ATTEMPTS}"
        self.send_row.show_waiting(words, self.retry_interval)

    @Slot(object)
    def _finished(self, attempted: Attempted | None) -> None:
        self.send_row.show_idle()
        if attempted is not None:
            self._show_attempt(attempted)
        else:
            self.message.emit(f"Cancelled after {len(self._attempts)} of {RETRY_ATTEMPTS} attempts.")

    def _show_attempt(self, attempted: Attempted) -> None:
        self._attempts.append(attempted.result)
        self.result.set_dimmed(False)
        self.result.show_result(attempted.result, tuple(self._attempts))
        if attempted.unrecorded is not None:
            self.result.show_remark(attempted.unrecorded)
        self._show_result_area()
        self.message.emit(f"{self._title}: {self.result.headline}" if self._title else self.result.headline)
        if attempted.unrecorded is None:
            self.sent.emit(attempted.result)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self.send_row.show_idle()
        if isinstance(error, (CertificateError, VaultError)):
            self.form.show_identity_error(error)
            self.form.identity.setFocus(Qt.FocusReason.OtherFocusReason)
            self.message.emit(f"Not sent. {error.message}")
            return
        if not isinstance(error, InspectorError):
            _log.error("sending failed", exc_info=error)
            error = InspectorError(f"Sending failed: {error}", "The log has the details.")
        self.result.set_dimmed(False)
        self.result.show_error(error)
        self._show_result_area()
        self.message.emit(f"Not sent. {error.message}")

    def _show_result_area(self) -> None:
        self._result_line.show()
        self._result_area.show()

    # around

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shared = event.size().height() - _FIXED_HEIGHT
        self._result_area.setMaximumHeight(
            max(self._result_area.minimumSizeHint().height(), round(0.6 * shared))
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _recolor(self) -> None:
        self._close.setIcon(icons.icon("x", self._theme.colors.muted))


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line
