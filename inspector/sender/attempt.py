"""One attempt as it goes: which phase it is in, since when, and until when. Imports the standard library and
history's records."""

from __future__ import annotations

import time
from collections.abc import Mapping

from inspector.history.model import Timings
from inspector.sender.cancel import Cancel

_PHASES = {
    "connection.connect_tcp": "connect",
    "connection.start_tls": "tls",
    "http11.send_request_headers": "send",
    "http11.send_request_body": "send",
    "http11.receive_response_headers": "wait",
    "http11.receive_response_body": "read",
}


class Attempt:
    """The clock of one attempt. `timeout` is seconds for each phase; `phase` is the one begun last,
    `answered` how many bytes of an answer have come, `error` the system's last word on why the network
    failed.

    `trace` is httpcore's trace extension: it is told when each phase begins and ends.
    """

    def __init__(self, timeout: float, cancel: Cancel | None) -> None:
        self.timeout = timeout
        self.cancel = cancel
        self.phase = "connect"
        self.answered = 0
        self.error: OSError | None = None
        self._began = time.monotonic()
        self._starts: dict[str, float] = {}
        self._ends: dict[str, float] = {}

    def trace(self, event: str, _info: Mapping[str, object]) -> None:
        """Note an event such as `connection.start_tls.started`, `….complete` or `….failed`."""
        name, _, step = event.rpartition(".")
        phase = _PHASES.get(name)
        if phase is None:
            return
        if step != "started":
            self._ends[phase] = time.monotonic()
        elif phase not in self._starts:
            self.phase = phase
            self._starts[phase] = time.monotonic()

    @property
    def deadline(self) -> float:
        """When the present phase has taken too long, of time.monotonic()."""
        return self._starts.get(self.phase, self._began) + self.timeout

    @property
    def begun(self) -> bool:
        return bool(self._starts)

    @property
    def reused_connection(self) -> bool:
        return "connect" not in self._starts and self.begun

    def timings(self) -> Timings:
        """Milliseconds by phase until now; a phase that failed counts until it did."""
        now = time.monotonic()
        spent = {phase: (self._ends.get(phase, now) - start) * 1000 for phase, start in self._starts.items()}
        return Timings(
            connect=spent.get("connect"),
            tls=spent.get("tls"),
            send=spent.get("send"),
            wait=spent.get("wait"),
            read=spent.get("read"),
            total=(now - self._began) * 1000,
        )
