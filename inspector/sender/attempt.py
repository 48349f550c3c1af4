"""One attempt as it goes: which phase it is in, since when, and until when. Imports the standard library and
history's records."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from inspector.history.model import Timings
from inspector.sender.cancel import Cancel

_TRACED = {
    "connection.start_tls": "tls",
    "http11.send_request_headers": "send",
    "http11.send_request_body": "send",
    "http11.receive_response_headers": "wait",
    "http11.receive_response_body": "read",
}
_UNTIL_CONNECTED = ("resolve", "connect", "tls")


class Attempt:
    """The clock of one attempt. `timeout` is seconds for each phase, `connect_timeout` for each of those until the
    connection stands (None: the same). `phase` is the one begun last (resolve, connect, tls, send, wait, read),
    `answered` how many bytes of an answer have come, `error` the system's last word on why the network failed,
    `addresses` what the name was resolved to, `missed` those of them that did not take us and why, `reached` the one
    that did.

    The network tells of resolve and connect; `trace` is httpcore's trace extension, which is told when each later
    phase begins and ends.
    """

    def __init__(self, timeout: float, cancel: Cancel | None, connect_timeout: float | None = None) -> None:
        self._timeout = timeout
        self._connect_timeout = timeout if connect_timeout is None else connect_timeout
        self.cancel = cancel
        self.phase = "resolve"
        self.answered = 0
        self.error: OSError | None = None
        self.addresses: tuple[str, ...] = ()
        self.reached = ""
        self.missed: list[tuple[str, OSError]] = []
        self._began = time.monotonic()
        self._starts: dict[str, float] = {}
        self._ends: dict[str, float] = {}

    def trace(self, event: str, _info: Mapping[str, object]) -> None:
        """Note an event such as `connection.start_tls.started`, `….complete` or `….failed`."""
        name, _, step = event.rpartition(".")
        phase = _TRACED.get(name)
        if phase is None:
            return
        if step != "started":
            self._ends[phase] = time.monotonic()
        else:
            self._begin(phase)

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """The block is this phase."""
        self._begin(phase)
        try:
            yield
        finally:
            self._ends[phase] = time.monotonic()

    def _begin(self, phase: str) -> None:
        if phase not in self._starts:
            self.phase = phase
            self._starts[phase] = time.monotonic()

    @property
    def limit(self) -> float:
        """How many seconds the present phase may take."""
        return self._connect_timeout if self.phase in _UNTIL_CONNECTED else self._timeout

    @property
    def deadline(self) -> float:
        """When the present phase has taken too long, of time.monotonic()."""
        return self._starts.get(self.phase, self._began) + self.limit

    @property
    def begun(self) -> bool:
        return bool(self._starts)

    @property
    def reused_connection(self) -> bool:
        return self.begun and not self._starts.keys() & {"resolve", "connect"}

    def timings(self) -> Timings:
        """Milliseconds by phase until now; a phase that failed counts until it did."""
        now = time.monotonic()
        spent = {phase: (self._ends.get(phase, now) - start) * 1000 for phase, start in self._starts.items()}
        return Timings(**spent, total=(now - self._began) * 1000)
