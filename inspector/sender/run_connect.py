"""A run's connections, each made in a thread that may wait; a lane takes it over then. The one seam to how the sender
connects: whatever Network does on the way (look up, go through a proxy, shake hands) holds for runs as well.

Imports httpcore and the sender's network.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpcore

from inspector.history.model import Timings
from inspector.sender.cancel import Cancel, Cancelled
from inspector.sender.diagnose import diagnose
from inspector.sender.model import SendFailure
from inspector.sender.send import Prepared
from inspector.sender.wire import Stream

_TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, Cancelled)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that was made, or was not: then `failure` says why and `stream` is how far it came. `timings` are
    those of resolve, connect and TLS."""

    stream: Stream | None
    failure: SendFailure | None
    timings: Timings


def open_connection(prepared: Prepared, cancel: Cancel | None) -> Connected:
    """Connect to the target, and shake hands. Waits; never raises for trouble with the network."""
    network = prepared.network()
    attempt = network.attempt = prepared.attempt(cancel)
    host = prepared.url.host
    failure = None
    try:
        if cancel is not None and cancel.cancelled:
            raise Cancelled
        stream = network.connect_tcp(host, prepared.port)
        if prepared.context is not None:
            attempt.trace("connection.start_tls.started", {})
            stream.start_tls(prepared.context, server_hostname=host.rstrip("."))
            attempt.trace("connection.start_tls.complete", {})
    except _TROUBLE as error:
        failure = diagnose(prepared.trouble(error, attempt, network.stream))
        if network.stream is not None:
            network.stream.close()
    return Connected(network.stream, failure, attempt.timings())
