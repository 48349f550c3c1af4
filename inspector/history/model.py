"""What the history keeps: the frozen records that cross its boundary. Imports `inspector.contract` and
`inspector.frozen` only.

Times are whole microseconds since 1970-01-01 UTC, durations are milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.contract.push import Problem, Service
from inspector.frozen import quickly_made

Headers = tuple[tuple[str, str], ...]


class Kind(StrEnum):
    """What an event is."""

    PUSH = "push"
    HANDSHAKE = "handshake"


class Direction(StrEnum):
    """`in`: the pusher (or whoever) came to our listener. `out`: we sent it as the pusher would."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate that the other side presented. `chain` holds DER certificates, leaf first.

    `not_before` and `not_after` are RFC 3339 UTC texts.
    """

    subject: str
    issuer: str
    fingerprint_sha256: str
    not_before: str
    not_after: str
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientOffer:
    """What a client's ClientHello offered, by the names of the TLS registries, in the client's order. A value that
    has no name is its number, `0x1a2b`."""

    versions: tuple[str, ...] = ()
    ciphers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    alpn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a TLS connection settled on. None where it never came so far.

    `asked_for` are the names of the CAs that were announced as taken; None where no certificate was asked for.
    The alerts are `unknown_ca` and the like.
    """

    version: str | None = None
    cipher: str | None = None
    sni: str | None = None
    alpn: str | None = None
    offer: ClientOffer | None = None
    asked_for: tuple[str, ...] | None = None
    alert_sent: str | None = None
    alert_received: str | None = None


@dataclass(frozen=True, eq=False)
class Connection:
    """One connection, shared by every event on it (compared by identity, written once).

    `peer` is the other side's address, `local` ours, both as `host:port`. `trusted` is false for a client that was
    only taken because checks were lenient or off, None where no certificate was asked for. `via` is the address of
    the load balancer or proxy that told us the peer's address or certificate, or of the HTTP proxy that we sent through
    (`peer` is the target's name and port then).
    """

    peer: str
    local: str
    certificate: Certificate | None = None
    trusted: bool | None = None
    tls: TlsFacts | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice for people in three parts; only the first is always there."""

    happened: str
    cause: str = ""
    remedy: str = ""

    @property
    def text(self) -> str:
        """The parts as one text."""
        return " ".join(part for part in (self.happened, self.cause, self.remedy) if part)


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds by phase, None where a phase did not happen (a kept-alive connection has no connect, an address no
    resolve). Through an HTTP proxy, `connect` is until the proxy has connected on."""

    resolve: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    read: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What became of a push that was passed on to an upstream. `status` is the upstream's answer, None where there
    was none: then `reason` names why (as for a sent push), `detail` is the system's own text, `advice` what to do."""

    url: str
    status: int | None = None
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    timings: Timings | None = None
    reason: str | None = None
    detail: str | None = None
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How a push was answered that had been stored before that was known (it was delayed, or forwarded). `at` is when
    the answer left, in microseconds since 1970 UTC."""

    at: int
    status: int | None
    answer_headers: Headers = field(default=(), repr=False)
    answer_body: bytes = field(default=b"", repr=False)
    detail: str | None = None
    forwarded: Forwarded | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event to be written. A refused handshake has a `reason` and no body; a push has a body.

    What may hold a secret never shows in a repr.

    `status` is the answer's status, None where none was given or received. `reason` is a handshake reason of the
    interface, or for a sent push that got no answer, why (`connect_failed`, `tls_failed`, `timeout`, …); `detail` is
    OpenSSL's or the system's own text for it; `advice` what it means and what to do. `url` is the target of a sent
    push. `rule` is the name of the rule that chose the answer.
    """

    kind: Kind
    direction: Direction
    at: int
    connection: Connection | None = None
    service: Service = Service.UNKNOWN
    status: int | None = None
    method: str = ""
    path: str = ""
    url: str = ""
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    brand_id: str | None = None
    conversation_id: str | None = None
    dialog_id: str | None = None
    originator_id: str | None = None
    device_token: str | None = field(default=None, repr=False)
    message: str | None = None
    sequence: int | None = None
    badge: int | None = None
    retry_key: bytes | None = None
    problems: tuple[Problem, ...] = ()
    reason: str | None = None
    detail: str | None = None
    advice: Advice | None = None
    answer_headers: Headers = field(default=(), repr=False)
    answer_body: bytes = field(default=b"", repr=False)
    timings: Timings | None = None
    rule: str | None = None
    forwarded: Forwarded | None = None


MARK_COLORS = ("red", "orange", "yellow", "green", "blue", "purple")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person noted on an event: words, one of MARK_COLORS (or none, empty), and whether it is pinned."""

    note: str = ""
    color: str = ""
    pinned: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Written:
    """What the store settled for a new event: its id, and for a push which attempt of the same message it is
    (1 for the first) with the microseconds since the attempt before it."""

    id: int
    attempt: int
    gap: int | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Row:
    """One event as the table shows it: no body, no headers. `mark_color`, `pinned` and `has_note` are its mark's."""

    id: int
    kind: Kind
    direction: Direction
    at: int
    service: Service
    status: int | None
    method: str
    path: str
    url: str
    size: int
    brand_id: str | None
    conversation_id: str | None
    dialog_id: str | None
    sequence: int | None
    badge: int | None
    message: str | None
    attempt: int
    gap: int | None
    problem_count: int
    worst_problem: str | None
    reason: str | None
    peer: str | None
    subject: str | None
    trusted: bool | None
    count: int
    last_at: int
    mark_color: str = ""
    pinned: bool = False
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One event whole, with its id, attempt, gap, count and time of the last repeat. `written` is as it was written,
    but for an answer that was settled later, at `settled_at`. `mark` is what a person noted on it."""

    id: int
    attempt: int
    gap: int | None
    count: int
    last_at: int
    written: NewEvent = field(repr=False)
    settled_at: int | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """An event that comes back from a file, to be stored with what it had become. An `attempt` of None is counted
    anew. `masked` says that secrets were left out of it."""

    written: NewEvent = field(repr=False)
    last_at: int
    attempt: int | None = None
    gap: int | None = None
    count: int = 1
    settled_at: int | None = None
    mark: Mark | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is. `handshakes` counts every refused handshake, `handshake_rows` the events they are counted up
    in."""

    pushes_in: int
    pushes_out: int
    handshakes: int
    handshake_rows: int = 0

    @property
    def rows(self) -> int:
        """How many events there are."""
        return self.pushes_in + self.pushes_out + self.handshake_rows
