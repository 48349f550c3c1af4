"""What a check of a connection has found, step by step. Frozen; no I/O, light to import: the window shows it.

Imports the standard library, history's records and the sender's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.history.model import Connection, Timings
from inspector.sender.model import ClientAuth

STEP_TITLES = {
    "resolve": "Name",
    "connect": "Connection",
    "proxy": "HTTP proxy",
    "tls": "TLS handshake",
    "client_certificate": "Our certificate",
    "acceptance": "Whether they take us",
    "chain": "Their chain",
    "trust": "Trust",
    "expiry": "Expiry",
    "name": "Host name",
}
"""The steps by their keys, in the order in which they come; `proxy` is left out where there is none, all after `tls`
for plain HTTP."""


class StepState(StrEnum):
    """`warning`: a push gets through, but something is worth knowing; `failed`: it does not, or should not;
    `skipped`: a step before has failed, or there was nothing to do."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what came of it in a sentence, what was seen (name and text), and what to do about it. `milliseconds`
    where it took time of its own."""

    key: str
    state: StepState
    headline: str
    facts: tuple[tuple[str, str], ...] = ()
    advice: str = ""
    milliseconds: float | None = None

    @property
    def title(self) -> str:
        return STEP_TITLES[self.key]


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of the server's chain as presented, leaf first. Times are RFC 3339. `issued_by_next` says whether
    the next one really issued it (its signature was verified), None for the last."""

    subject: str
    issuer: str
    not_before: str
    not_after: str
    days_left: int
    fingerprint_sha256: str
    key: str
    names: tuple[str, ...]
    self_signed: bool
    issued_by_next: bool | None


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """All of a check. `at` is microseconds since 1970 UTC when it began; `timings` has resolve, connect and tls.
    `reached` says whether a push would have had a connection: false where any step until and with `acceptance` has
    failed. What the server presented is in `chain` (and `connection`, as history keeps it)."""

    at: int
    url: str
    steps: tuple[Step, ...]
    timings: Timings = field(default_factory=Timings)
    connection: Connection | None = None
    client_auth: ClientAuth | None = None
    chain: tuple[Link, ...] = ()
    cancelled: bool = False

    @property
    def state(self) -> StepState:
        """The worst of the steps'."""
        for state in (StepState.FAILED, StepState.WARNING):
            if any(step.state is state for step in self.steps):
                return state
        return StepState.OK

    @property
    def reached(self) -> bool:
        verdicts = ("chain", "trust", "expiry", "name")
        return not any(step.state is StepState.FAILED for step in self.steps if step.key not in verdicts)

    def step(self, key: str) -> Step | None:
        """The step of this key, None where it is not among them."""
        return next((step for step in self.steps if step.key == key), None)
