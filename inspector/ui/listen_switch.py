"""The listening switch of the window: what the toolbar and the settings say goes to the listener, what the listener
does is shown everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from inspector.errors import InspectorError, ListenError, UsageError
from inspector.history.lease import HELD
from inspector.listen_request import ListenRequest
from inspector.listener.bind import is_everywhere
from inspector.ui.listen_marks import marks
from inspector.ui.listener_settings.access import SettingsAccess
from inspector.ui.listening import NOT_KEPT, Listening, at_the_same_address
from inspector.ui.toolbar import DROP, address_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.ui.main_window import MainWindow

MADE_IDENTITIES = (
    "Made identities for development: dev-ca, dev-server and dev-client. Whoever sends must trust dev-ca."
)
USUAL_PORT = 8443
LOOK_MILLISECONDS = 1000
_OPEN = "Open the settings"
_ANSWER = ("status", "drop", "delay_ms", "fail_first")
# Where in the settings an error's cause can be put right, by its code.
_HELP = {
    "no_client_ca": ("Choose who is let in", "cas"),
    "no_server_identity": ("Choose our certificate", "identity"),
    "several_server_identities": ("Choose our certificate", "identity"),
    "unknown_name": ("Choose our certificate", "identity"),
    "no_key": ("Choose our certificate", "identity"),
    "crl": ("Choose the revocation lists", "crls"),
    "forward_identity": ("Choose another identity", "forward_identity"),
    "forward_loop": ("Change where to", "forward_url"),
    "no_basic_password": ("Type it", "password"),
    "no_header_value": ("Type it", "header 1"),
    "only_loopback": (_OPEN, "plain_http"),
    "network": (_OPEN, "proxy_from"),
}


class ListenSwitch(QObject):
    """Starts, changes and stops, and tells every part of the window that shows it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._everywhere_allowed = False
        self._start_again = False
        self.trouble = ""  # why the listener that runs could not take over what was set
        self._address: tuple[str, int] | None = None
        self.settings = SettingsAccess(window, self)
        self._look = QTimer(self, interval=LOOK_MILLISECONDS)
        self._look.timeout.connect(self._show_bare_connects)
        toolbar, chips = window.toolbar, window.status_line.chips
        toolbar.listen_toggled.connect(window.toggle_listening)
        toolbar.answer_chosen.connect(self.set_answer)
        toolbar.address_typed.connect(self._take_address)
        toolbar.settings_wanted.connect(self.settings.toggle)
        chips.chosen.connect(self._chip_chosen)
        window.listening.changed.connect(self.show)
        window.listening.failed.connect(self.report)
        window.listening.recovered.connect(self._recovered)
        window.listening.reconfigured.connect(self._taken_over)
        window.listening.unchanged.connect(self._report_unchanged)
        window.setup.changed.connect(self._setup_changed)
        window.setup.failed.connect(window.notice.show_error)

    @Slot(bool)
    def toggle(self, wanted: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        """Listen on the address of the toolbar, or stop."""
        window = self._window
        if not wanted:
            window.listening.stop()
            return
        try:
            host, port = window.toolbar.wanted_address()
        except UsageError as error:
            window.notice.show_error(error)
            window.toolbar.show_listening(window.listening.state)
            return
        window.setup.change(host=host, port=port)
        window.setup.when_loaded(self._start)

    def restart(self) -> None:
        """Stop, and listen again with everything that has been set."""
        if self._window.listening.state.on and self.may_listen_on(self._window.setup.request.host):
            self._start_again = True
            self._window.listening.stop()

    def may_listen_on(self, host: str) -> bool:
        """Whether `host` may be listened on: all addresses only after a yes, which holds until the window closes."""
        if is_everywhere(host) and not self._everywhere_allowed:
            from inspector.ui.listener_settings.questions import confirm_all_addresses

            self._everywhere_allowed = confirm_all_addresses(self._window)
            return self._everywhere_allowed
        return True

    def take_identities(self) -> None:
        """The vault has changed: a listener that runs takes what it holds now."""
        self._window.listening.reconfigure(self._window.setup.request)
        self.settings.identities_changed()

    @property
    def waits_for_a_restart(self) -> bool:
        """Whether something was set that the listener that runs can't take over."""
        running, wanted = self._window.listening.request, self._window.setup.request
        return running is not None and at_the_same_address(wanted, running) != wanted

    @Slot(object)
    def show(self, state: Listening) -> None:
        """Show what the listener does."""
        window = self._window
        window.toolbar.show_listening(state)
        window.pushes.show_listening(state)
        window.composer.set_listener_url(state.url)
        if state.made_identities:
            window.identities_changed()
            window.notice.show_hint(MADE_IDENTITIES, "Show certificates", window.show_certificates)
        if state.busy:
            self.trouble = ""
        self._show_marks()
        self._show_bare_connects()
        if state.busy:
            return
        if state.on:
            self._look.start()
            self._bring_up_to_date()
        elif self._start_again:
            self._start_again = False
            window.listening.start(window.setup.request)

    @Slot()
    def _show_bare_connects(self) -> None:
        """Nobody tells of them one by one: there may be thousands a second."""
        listening = self._window.listening
        self._window.status_line.show_bare_connects(listening.bare_connects)
        if not listening.state.on:
            self._look.stop()

    @Slot(object)
    def report(self, error: InspectorError) -> None:
        """Say why it does not listen, with the way out where there is one."""
        self._window.notice.show_error(error, *self._way_out(error))

    @Slot(object)
    def _report_unchanged(self, error: InspectorError) -> None:
        self.trouble = error.message
        self.report(error)
        self._show_marks()

    @Slot()
    def _taken_over(self) -> None:
        if self.trouble and self._window.notice.text.startswith(self.trouble):
            self._window.notice.hide()
        self.trouble = ""
        self._show_marks()

    @Slot()
    def _recovered(self) -> None:
        if self._window.notice.text.startswith(NOT_KEPT):
            self._window.notice.hide()
        self._window.status_line.say("The history can be written again: pushes are kept")

    def _way_out(self, error: InspectorError) -> tuple[str, Callable[[], None] | None]:
        if error.code == "port_taken":
            return "Use any free port", lambda: self._listen_at(0)
        if error.code == "port_not_allowed":
            return f"Use port {USUAL_PORT}", lambda: self._listen_at(USUAL_PORT)
        if error.code in _HELP:
            words, place = _HELP[error.code]
            return words, lambda: self._open(place)
        if error.code == HELD:
            return "Start a new file beside it", self._window.keeping.start_new
        if isinstance(error, UsageError):
            return _OPEN, lambda: self._open("host" if isinstance(error, ListenError) else "")
        return "", None

    def _open(self, place: str) -> None:
        self.settings.open(place)

    @Slot(str)
    def set_answer(self, key: str) -> None:
        """What pushes are answered from now on."""
        drop = key == DROP
        self._window.setup.change(status=self._window.setup.request.status if drop else int(key), drop=drop)

    @Slot()
    def _take_address(self) -> None:
        address = self._typed_address()
        if address is not None:
            self._window.setup.change(host=address[0], port=address[1])

    def _typed_address(self) -> tuple[str, int] | None:
        """What the toolbar says; None where that is no address: it is said when it is to be used."""
        try:
            return self._window.toolbar.wanted_address()
        except UsageError:
            return None

    def _start(self) -> None:
        window = self._window
        request = window.setup.request
        if not self.may_listen_on(request.host):
            window.toolbar.show_listening(window.listening.state)
            return
        window.notice.hide()
        window.listening.start(request)

    @Slot(object)
    def _setup_changed(self, request: ListenRequest) -> None:
        toolbar = self._window.toolbar
        address = (request.host, request.port)
        if address != self._address:  # else what is being typed stays
            self._address = address
            if self._typed_address() != address:
                toolbar.set_address(address_text(*address))
        toolbar.set_answer(DROP if request.drop else str(request.status))
        self._show_marks()
        self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Have the listener that runs do what was set meanwhile."""
        listening, wanted = self._window.listening, self._window.setup.request
        running = listening.request
        if running is None or listening.state.busy:
            return
        if any(getattr(running, name) != getattr(wanted, name) for name in _ANSWER):
            from inspector.listener.config import Answer

            listening.set_answer(
                Answer(
                    status=wanted.status,
                    drop=wanted.drop,
                    delay_seconds=wanted.delay_ms / 1000,
                    fail_first=wanted.fail_first,
                )
            )
            running = listening.request or running
        if running.rules != wanted.rules:
            listening.set_rules(wanted.rules)
            running = listening.request or running
        if at_the_same_address(wanted, running) != running:
            listening.reconfigure(wanted)

    @Slot()
    def _show_marks(self) -> None:
        running = self._window.listening.request
        chips = self._window.status_line.chips
        shown = marks(running or self._window.setup.request, listening=running is not None)
        for key, chip in shown.items():
            chips.put(key, chip)
        if self.settings.sheet is not None:
            self.settings.sheet.show_state()

    @Slot(str)
    def _chip_chosen(self, key: str) -> None:
        if key == "key_log":
            self._window.setup.change(key_log=None)
            self._window.status_line.say("TLS keys are not written any more")
        elif key not in ("rules", "expiry"):  # those are others’ to open
            self._open({"addresses": "host"}.get(key, key))

    def _listen_at(self, port: int) -> None:
        host = self._window.setup.request.host
        self._window.toolbar.set_address(address_text(host, port))
        self.toggle(True)
