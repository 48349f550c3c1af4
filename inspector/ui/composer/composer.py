"""The composer pane: puts its parts together, sends what they hold and shows what came of it.

Imports the contract, the workbench, the sender's records, PySide6 and its own room.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.contract.push import Service
from inspector.contract.variables import masked, resolve_body
from inspector.errors import InspectorError
from inspector.sender.templates import Template
from inspector.ui import icons
from inspector.ui.composer import memory, pane_bar
from inspector.ui.composer.body import Opened, open_body
from inspector.ui.composer.body_pane import BodyPane
from inspector.ui.composer.converting import Converting
from inspector.ui.composer.form import ComposerForm
from inspector.ui.composer.library.desk import LibraryDesk
from inspector.ui.composer.looks import looks
from inspector.ui.composer.pane_bar import PaneBar
from inspector.ui.composer.panes import Panes
from inspector.ui.composer.push_form import PushForm
from inspector.ui.composer.result_area import ResultArea
from inspector.ui.composer.result_view import ResultView
from inspector.ui.composer.send_desk import SendDesk
from inspector.ui.composer.send_row import SendRow
from inspector.ui.composer.template_combo import FIRST
from inspector.ui.composer.variables.desk import VariablesDesk
from inspector.ui.composer.variables.environment_button import EnvironmentButton
from inspector.ui.composer.variables.insert_menu import InsertMenu
from inspector.ui.connection_check.desk import CheckDesk
from inspector.ui.connection_check.view import CheckView
from inspector.ui.outcome.pages import OutcomePages
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

# What is neither editor nor result; of the rest, the result gets three fifths at most.
_FIXED_HEIGHT = 264
# From these widths on there is room for words beside the icons; how large the body is comes before them.
_ROOM_FOR_DEEDS = 660
_ROOM_FOR_ENVIRONMENT = 480


class Composer(QFrame):
    """A pane that any page can open.

    `sent` carries the SendResult of each attempt once it is in the history, `message` a line for the status bar,
    `vault_changed` tells that a check has brought the vault a certificate,
    `close_requested`, `spread_requested` (it wants the page's place, or gives it back) and `create_dev_requested` what
    was asked for by a button.
    """

    sent = Signal(object)
    close_requested = Signal()
    spread_requested = Signal(bool)
    create_dev_requested = Signal()
    vault_changed = Signal()
    message = Signal(str)

    def __init__(
        self, workbench: Workbench, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setProperty("role", "panel")
        self.setAccessibleName("Composer")
        self.setMinimumWidth(340)
        self._workbench = workbench
        self._worker = worker
        self._theme = theme
        self._make_parts()
        self.library = LibraryDesk(self, self._workbench, worker, theme)
        self._lay_out()
        self._connect()
        self._recolor()
        self.pane_bar.choose(form=True, text=True, look="")
        self._show_panes()
        self.begin_with(FIRST)
        self.body_pane.resolve_with(self._resolved)

    def _make_parts(self) -> None:
        worker, theme = self._worker, self._theme
        self.form = ComposerForm(self._workbench, worker, theme, self)
        self.body_pane = BodyPane(worker, theme, self)
        self.editor = self.body_pane.editor
        self.converting = Converting(self.editor, worker, self)
        self.body_pane.check_line.add_button(self.converting.button)
        self.push_form = PushForm(self.editor, worker, theme, self)
        self.pane_bar = PaneBar(theme, self)
        self.insert = InsertMenu(self.editor, self)
        self.body_pane.check_line.add_button(self.insert)
        self.environment = EnvironmentButton(theme, self)
        parts = self.environment, self.insert
        self.variables = VariablesDesk(self._workbench, worker, theme, parts, self)
        to_look = looks(
            worker, theme, values=self.variables.series.peek, show_path=self._show_path, message=self.message
        )
        self.panes = Panes(self.push_form, self.body_pane, to_look, self)
        self.send_row = SendRow(theme, self)
        self.send_row.add_button(self.environment)
        self.result = ResultView(worker, theme, self)
        self.check = CheckView(theme, self)
        self.outcome = OutcomePages(self.result, self.check, parent=self)
        self.check_desk = CheckDesk(self.form, self.check, self._workbench, worker, self)
        self.sending = SendDesk(
            self._workbench, self.form, self.send_row, self.result, self.variables.series, self
        )
        self.runner = self.sending.dispatch.runner
        self.spread = self._tool("composer_spread", "Give the composer the page’s place", checkable=True)
        self._close = self._tool("composer_close", "Close the composer")
        self._close.setToolTip("Close the composer; what is written stays")

    def _tool(self, name: str, words: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setCheckable(checkable)
        return button

    def _lay_out(self) -> None:
        title = QLabel("Compose", self)
        title.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.setSpacing(4)
        head.addWidget(title)
        head.addSpacing(8)
        head.addWidget(self.pane_bar)
        head.addStretch()
        head.addWidget(self.spread)
        head.addWidget(self._close)
        self._result_line = _line(self)
        self._result_area = ResultArea(self.outcome, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.form)
        column.addWidget(self.library.notice)
        column.addWidget(_line(self))
        column.addWidget(self.panes, 1)
        column.addWidget(self.body_pane.foot)
        column.addWidget(self.send_row)
        column.addWidget(self._result_line)
        column.addWidget(self._result_area)
        self._result_line.hide()
        self._result_area.hide()
        self._order_tabs()

    def _order_tabs(self) -> None:
        form, pane, row = self.form, self.body_pane, self.send_row
        stops = form.stops()
        chain = (*self.pane_bar.buttons(), *stops, pane.editor, pane.check_line.problems, pane.check_line.list,
                 self.converting.button, self.insert, pane.check_line.format, pane.kept, row.button, row.retry,
                 row.pace, self.environment, self._result_area, self.spread, self._close)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
        self.push_form.stand_behind(stops[-1])

    def _connect(self) -> None:
        self._close.clicked.connect(self.close_requested)
        self.spread.toggled.connect(self.spread_requested)
        self.spread.toggled.connect(self._recolor)
        self.form.create_dev_requested.connect(self.create_dev_requested)
        self.form.template.picked.connect(self._take_template)
        self.form.template.own_picked.connect(self.library.take)
        self.form.library.open_wanted.connect(self.library.open)
        self.form.library.save_wanted.connect(self.library.save)
        self.form.library.paste_wanted.connect(self.library.start_from_clipboard)
        self.editor.request_pasted.connect(self.library.start_from_pasted)
        self.body_pane.settled.connect(self.library.compare)
        self.pane_bar.changed.connect(self._show_panes)
        self.body_pane.message.connect(self.message)
        self.body_pane.settled.connect(self._look)
        self.body_pane.check_line.service_changed.connect(self.converting.show_service)
        self.converting.converted.connect(self._say_converted)
        self.converting.failed.connect(self._say_failure)
        self.variables.changed.connect(self.body_pane.check)
        self.variables.failed.connect(self._say_failure)
        self.send_row.send_wanted.connect(self.send)
        self.sending.shown.connect(self._show_result)
        self.sending.sent.connect(self.sent)
        self.sending.message.connect(self.message)
        self.check_desk.shown.connect(self._show_check)
        self.check_desk.message.connect(self.message)
        self.check_desk.vault_changed.connect(self.vault_changed)
        self.form.settings.message.connect(self.message)
        self._theme.changed.connect(self._recolor)

    # what others ask

    def body(self) -> bytes:
        """The bytes that are shown: the text's UTF-8, or what was opened while it is left as it is."""
        return self.body_pane.body()

    def load_body(self, body: bytes | Opened, *, title: str) -> None:
        """Put a captured body into the editor, to edit and resend; undo brings what was written back. A big one is
        better opened in the worker before (`open_body`): it may have to be laid out."""
        self.library.forget()
        self.body_pane.open(body if isinstance(body, Opened) else open_body(body))
        self.form.template.show_other(f"From {title}")

    @Slot()
    def send(self) -> None:
        """Send what the editor holds, with its variables put in; nothing while another sending is under way."""
        self.sending.send(self.body(), "", resolve=True)

    def resend(self, body: bytes, *, title: str) -> None:
        """Send other bytes to the target as they are, and leave the editor alone."""
        if self.sending.dispatch.running:
            self.message.emit("Something is being sent already: wait for it, or cancel it.")
        else:
            self.sending.send(body, title, resolve=False)

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
        self.form.settings.keeper.refresh()

    def load_kept(self) -> None:
        """Read environments and payloads, in the worker's thread."""
        self.variables.load()
        self.library.shelf.read()

    def focus_editor(self) -> None:
        """Put the cursor where the body is written."""
        (self.editor if self.pane_bar.shows(pane_bar.TEXT) else self.push_form).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def save_state(self) -> dict[str, str]:
        """What comes back at the next start; see `memory.save`."""
        return memory.save(self)

    def restore_state(self, state: dict[str, str]) -> None:
        """Bring back what `save_state` gave."""
        memory.restore(self, state)

    def close_down(self) -> None:
        """Cancel what is under way and wait for its thread. Nothing is delivered after."""
        self.body_pane.close_down()
        self.push_form.close_down()
        self.panes.close_down()
        self.sending.close()
        self.check_desk.close()
        self.send_row.show_idle()

    def begin_with(self, name: str) -> None:
        """Put a template into the editor, with nothing to undo."""
        template = self.form.template.template(name)
        if template is not None:
            self.body_pane.begin_with(template.body)
            self.form.template.show_name(name)

    @Slot(object)
    def _take_template(self, template: Template) -> None:
        self.library.forget()
        self.body_pane.open(open_body(template.body))
        self.form.template.show_name(template.name)
        self.message.emit(f"{template.title}: undo brings the body before back.")

    @Slot(object, object)
    def _say_converted(self, service: Service, remarks: tuple[str, ...]) -> None:
        self.library.forget()
        self.form.template.show_other(f"Converted to {service.label}")
        self.body_pane.remark.say(f"This is a push for {service.label} now.", " ".join(remarks), "info")

    # panes

    @Slot()
    def _show_panes(self) -> None:
        bar = self.pane_bar
        self.panes.show_panes(form=bar.shows(pane_bar.FORM), text=bar.shows(pane_bar.TEXT), look=bar.look)
        if bar.look:
            self.body_pane.check()

    @Slot(str)
    def _show_path(self, path: str) -> None:
        if not self.pane_bar.shows(pane_bar.TEXT):
            self.pane_bar.choose(self.pane_bar.shows(pane_bar.FORM), True, self.pane_bar.look)
            self._show_panes()
        self.body_pane.show_path(path)

    @Slot(object, object)
    def _look(self, written: bytes, sent: bytes) -> None:
        """Show the body in the pane to look with."""
        look = self.panes.looked_with
        if look is not None:
            look.show_body(written, sent)

    def _resolved(self, body: bytes) -> tuple[bytes, bytes]:
        """The body as it would be sent next, and without the environment's secrets; in the worker's thread."""
        values = self.variables.series.peek()
        sent = resolve_body(body, values)[0]
        return sent, resolve_body(body, masked(values))[0] if values.secrets else sent

    @Slot(object)
    def _say_failure(self, error: InspectorError) -> None:
        self.body_pane.remark.say(error.message, error.next_step)

    # what came of it

    @Slot()
    def _show_check(self) -> None:
        self._show_result_area(self.check)
        self._result_area.show_beginning(self.check.first_to_look_at)

    @Slot()
    def _show_result(self) -> None:
        self._show_result_area(self.result)

    def _show_result_area(self, page: QWidget) -> None:
        self.outcome.show_page(page)
        self._result_line.show()
        self._result_area.show()

    # around

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        for button, room in (
            (self.converting.button, _ROOM_FOR_DEEDS),
            (self.insert, _ROOM_FOR_DEEDS),
            (self.environment, _ROOM_FOR_ENVIRONMENT),
        ):
            button.setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if width < room
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )
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
        muted = self._theme.colors.muted
        self._close.setIcon(icons.icon("x", muted))
        icons.set_on(self.converting.button, "arrows-left-right", muted)
        icons.set_on(self.insert, "plus", muted)
        self.spread.setIcon(
            icons.icon("arrows-in-simple" if self.spread.isChecked() else "arrows-out-simple", muted)
        )


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line
