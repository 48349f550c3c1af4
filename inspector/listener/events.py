"""What a listener tells while it runs: frozen events, delivered in its own thread. Imports history's records."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.frozen import quickly_made
from inspector.history.model import NewEvent, Settled, Written


@dataclass(frozen=True, slots=True)
class Ready:
    """The socket is open: `url` is what to give the pusher."""

    url: str
    host: str
    port: int


@quickly_made
@dataclass(frozen=True, slots=True)
class PushReceived:
    """A push that was committed to the history (before its answer left). Requests that are no push come as
    this too: another method, broken HTTP, a body cut off; `is_push` tells. Where the event has no status, the
    answer may be still to come: PushSettled tells of it then."""

    written: Written
    event: NewEvent
    is_push: bool = True


@dataclass(frozen=True, slots=True)
class PushSettled:
    """How a push was answered that had been told of before: its answer was delayed, or it was passed on. `id` is
    its event's. One push may be settled twice: when its answer left, and when the upstream's came after that."""

    id: int
    settled: Settled


@dataclass(frozen=True, slots=True)
class HandshakeFailed:
    """A client that was turned away, or turned us away, before it could send anything.
    `count` is how often this happened from that address for that reason."""

    written: Written
    event: NewEvent
    count: int = 1


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """The history could not be written (disk full, damaged): pushes are answered 500 so that the pusher
    retries."""

    message: str


@dataclass(frozen=True, slots=True)
class StoreRecovered:
    """The history can be written again, after a StoreFailed."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The listener has ended; everything in flight was finished. `pushes` were whole POSTs, whatever they
    were answered; `refused_requests` everything else that came over HTTP (other methods, broken or cut off).
    `bare_connects` opened a connection and said nothing."""

    pushes: int
    handshake_failures: int
    bare_connects: int = 0
    refused_requests: int = 0


ListenerEvent = Ready | PushReceived | PushSettled | HandshakeFailed | StoreFailed | StoreRecovered | Stopped
