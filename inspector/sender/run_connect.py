"""A run's connections, each made in a thread that may wait; a lane takes it over then. The one seam to how the sender
connects: whatever Network does on the way (look up, go through a proxy, shake hands) holds for runs as well.

Imports httpcore and the sender's network.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpcore

from inspector.sender.attempt import Attempt
from inspector.sender.cancel import Cancel, Cancelled
from inspector.sender.diagnose import diagnose
from inspector.sender.handshake import Handshake
from inspector.sender.model import SendFailure
from inspector.sender.send import Prepared
from inspector.sender.trouble import Trouble
from inspector.sender.wire import Network, Stream

_TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, Cancelled)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that was made, or was not: then `failure` says why and `stream` is how far it came. `connect` and
    `tls` are milliseconds."""

    stream: Stream | None
    failure: SendFailure | None
    connect: float | None
    tls: float | None


def where(prepared: Prepared) -> str:
    """Host and port of the target, for people."""
    host, port = prepared.url.host, port_of(prepared)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def port_of(prepared: Prepared) -> int:
    """The port of the target."""
    return prepared.url.port or (443 if prepared.url.scheme == "https" else 80)


def open_connection(prepared: Prepared, cancel: Cancel | None) -> Connected:
    """Connect to the target, and shake hands. Waits; never raises for trouble with the network."""
    network = Network(prepared.context, prepared.watch)
    attempt = network.attempt = Attempt(prepared.target.timeout, cancel)
    secure = prepared.url.scheme == "https"
    host = prepared.url.host
    failure = None
    try:
        if cancel is not None and cancel.cancelled:
            raise Cancelled
        attempt.trace("connection.connect_tcp.started", {})
        stream = network.connect_tcp(host, port_of(prepared))
        attempt.trace("connection.connect_tcp.complete", {})
        if secure and prepared.context is not None:
            attempt.trace("connection.start_tls.started", {})
            stream.start_tls(prepared.context, server_hostname=host.rstrip("."))
            attempt.trace("connection.start_tls.complete", {})
    except _TROUBLE as error:
        made = network.stream
        failure = diagnose(
            Trouble(
                error=error,
                system=attempt.error,
                phase=attempt.phase,
                where=where(prepared),
                host=host,
                secure=secure,
                timeout=prepared.target.timeout,
                identity=prepared.target.identity,
                handshake=(made.handshake if made else None) or Handshake(),
                first=made.first if made else b"",
            )
        )
        if made is not None:
            made.close()
    timings = attempt.timings()
    return Connected(network.stream, failure, timings.connect, timings.tls)
