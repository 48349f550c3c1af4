"""The listener as the window sees it: switched on and off without blocking, its events handed to the feed.

Imports the workbench and PySide6. `on_event` runs in the listener's thread: it only appends to a deque and emits
signals without payload.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from inspector.errors import CertificateError, InspectorError
from inspector.ui.feed import HistoryFeed
from inspector.ui.worker import Worker
from inspector.workbench import ListenRequest, Workbench

if TYPE_CHECKING:
    from inspector.listener.config import Answer, ListenerConfig
    from inspector.listener.events import ListenerEvent, Ready
    from inspector.listener.rule import Rule
    from inspector.listener.service import Listener


NOT_KEPT = "The history can't be written, so pushes are answered 500"


@dataclass(frozen=True, slots=True)
class Listening:
    """What the switch shows. `busy` while starting or stopping."""

    url: str = ""
    busy: bool = False
    made_identities: bool = False

    @property
    def on(self) -> bool:
        return bool(self.url)


def at_the_same_address(request: ListenRequest, running: ListenRequest) -> ListenRequest:
    """The request as far as a listener that runs can follow it: another address, or plain HTTP in the place of TLS,
    needs another socket."""
    header = request.certificate_header
    if bool(header) != bool(running.certificate_header):
        header = running.certificate_header
    return replace(request, host=running.host, port=running.port, certificate_header=header)


class ListeningControl(QObject):
    """Starts, changes and stops the one listener of the window. `changed` carries a Listening, `failed` an
    InspectorError; `reconfigured` tells that `request` is another one now, `unchanged` carries why it is not;
    `recovered` tells that pushes are kept again, after a failure of the history."""

    changed = Signal(object)
    failed = Signal(object)
    reconfigured = Signal()
    unchanged = Signal(object)
    recovered = Signal()
    _said = Signal()

    def __init__(
        self, workbench: Workbench, worker: Worker, feed: HistoryFeed, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._feed = feed
        self._listener: Listener | None = None
        self._request: ListenRequest | None = None
        self._made = False
        self._troubles: deque[str | None] = deque()  # None: it is over
        self.state = Listening()
        self._said.connect(self._tell_troubles, Qt.ConnectionType.QueuedConnection)

    @property
    def address(self) -> Ready | None:
        """Where we listen now."""
        return self._listener.ready if self._listener is not None and self.state.on else None

    @property
    def request(self) -> ListenRequest | None:
        """What the listener that runs was told; None where none runs."""
        return self._request if self.state.on else None

    @property
    def bare_connects(self) -> int:
        """How many have connected to the listener that runs and left without a word."""
        return self._listener.bare_connects if self._listener is not None and self.state.on else 0

    @property
    def config(self) -> ListenerConfig | None:
        """What the listener that runs is told now; None where none runs. Any thread may ask."""
        listener = self._listener
        return listener.config if listener is not None and self.state.on else None

    def start(self, request: ListenRequest) -> None:
        """Listen; makes the dev identities where the vault is empty."""
        if self.state.on or self.state.busy:
            return
        self._request = request
        self._change(Listening(busy=True))

        def job() -> tuple[Listener, str, bool]:
            self._made = made = self._workbench.ensure_identities()
            listener = self._workbench.listen(request, self._on_event)
            ready = listener.start()
            self._listener = (
                listener  # from here on `close` stops it, though the window may not hear of it any more
            )
            return listener, ready.url, made

        self._worker.submit("", job, self._started, self._not_started)

    def stop(self) -> None:
        """Stop listening after what is in flight."""
        listener = self._listener
        if listener is None or self.state.busy:
            return
        self._change(Listening(url=self.state.url, busy=True))
        self._worker.submit("", listener.stop, self._stopped, self._not_started)

    def set_answer(self, answer: Answer) -> None:
        """What pushes are answered from now on."""
        if self._listener is not None:
            self._listener.set_answer(answer)
            if self._request is not None:
                self._request = replace(
                    self._request,
                    status=answer.status,
                    drop=answer.drop,
                    delay_ms=round(answer.delay_seconds * 1000),
                    fail_first=answer.fail_first,
                )

    def set_rules(self, rules: tuple[Rule, ...]) -> None:
        """What comes before that answer, from now on; what rules have counted that stay as they are is kept."""
        if self._listener is not None:
            self._listener.set_rules(rules)
            if self._request is not None:
                self._request = replace(self._request, rules=rules)

    def reconfigure(self, request: ListenRequest) -> None:
        """Have the listener that runs do as `request` says, and take the vault's identities and CAs as they are now:
        for what comes from now on, while nothing that is under way is cut off. Its address stays, and whether it
        speaks TLS."""
        listener, running = self._listener, self.request
        if listener is None or running is None or self.state.busy:
            return
        request = at_the_same_address(request, running)

        def job() -> InspectorError | None:
            config, flaw = self._config(request, listener)
            listener.reconfigure(config)
            return flaw

        def done(flaw: InspectorError | None) -> None:
            if self._listener is listener:
                self._request = request
                self.reconfigured.emit()
            if flaw is not None:
                self.unchanged.emit(flaw)

        self._worker.submit("listener settings", job, done, self._not_reconfigured)

    def _config(
        self, request: ListenRequest, listener: Listener
    ) -> tuple[ListenerConfig, InspectorError | None]:
        """The listener's configuration. Where the last CA was taken away, a listener that runs turns everybody away
        rather than go on with that CA; the error tells so."""

        def own_addresses() -> tuple[tuple[str, int], ...]:
            ready = listener.ready
            return ((ready.host, ready.port),) if ready is not None else ()

        try:
            return self._workbench.listener_config(request, own_addresses), None
        except CertificateError as error:
            if error.code != "no_client_ca":
                raise
            config = self._workbench.listener_config(replace(request, lenient=True), own_addresses)
            return replace(config, lenient=False), error

    def _not_reconfigured(self, error: BaseException) -> None:
        if not isinstance(error, InspectorError):
            error = InspectorError(f"The listener could not be changed: {error}", "The log has the details.")
        self.unchanged.emit(error)

    def close(self) -> None:
        """Stop and wait, when the window closes: once before the worker ends, and once after, as one may just have
        been started there."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    def _started(self, result: tuple[Listener, str, bool]) -> None:
        self._listener, url, made = result
        self._made = False
        self._change(Listening(url=url, made_identities=made))

    def _not_started(self, error: BaseException) -> None:
        self._listener = None
        made, self._made = self._made, False
        self._change(Listening(made_identities=made))  # they are there, though the listener is not
        if not isinstance(error, InspectorError):
            error = InspectorError(f"Listening failed: {error}", "The log has the details.")
        self.failed.emit(error)

    def _stopped(self, _result: object) -> None:
        self._listener = None
        self._change(Listening())

    def _change(self, state: Listening) -> None:
        self.state = state
        self.changed.emit(state)

    def _on_event(self, event: ListenerEvent) -> None:
        from inspector.listener.events import StoreFailed, StoreRecovered

        if isinstance(event, StoreFailed | StoreRecovered):
            self._troubles.append(event.message if isinstance(event, StoreFailed) else None)
            self._said.emit()
        else:
            self._feed.poke()

    @Slot()
    def _tell_troubles(self) -> None:
        while self._troubles:
            message = self._troubles.popleft()
            if message is None:
                self.recovered.emit()
                continue
            self.failed.emit(
                InspectorError(
                    f"{NOT_KEPT}: {message}",
                    "Listening goes on meanwhile.",
                )
            )
