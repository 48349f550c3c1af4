"""Whether a push would get through, found out by a handshake alone: not a byte of HTTP is sent to the server.

The connection is made as for a push. Where the server is not trusted, another one is made to see the rest, unchecked
and without our certificate, which such a server is not shown. Imports httpcore (by the sender's network).
"""

from __future__ import annotations

import contextlib
import ssl
import time
from dataclasses import replace

import httpcore

from inspector.sender.attempt import Attempt
from inspector.sender.cancel import Cancel, Cancelled
from inspector.sender.check_evidence import TLS13, Evidence, Seen
from inspector.sender.check_steps import links, steps
from inspector.sender.connect import text_of
from inspector.sender.connection_check import ConnectionCheck
from inspector.sender.diagnose import diagnose
from inspector.sender.facts import client_auth, connection_of
from inspector.sender.model import SendFailure, Target, Trust
from inspector.sender.send import NETWORK_TROUBLE, Prepared
from inspector.sender.wire import Network, Stream

VERDICT_SECONDS = 1.0
"""How long a TLS 1.3 server is given to object to our certificate after the handshake."""

# OpenSSL's X509_V_ERR_* for what is about times and the name alone, and its flag to leave the times unchecked
# (x509_vfy.h, stable over all versions).
_TIME_OR_NAME = {9, 10, 62, 64}
_NO_CHECK_TIME = 0x200000


def check_connection(target: Target, *, cancel: Cancel | None = None) -> ConnectionCheck:
    """Resolve, connect, shake hands, and tell of each step. Trouble with the network never raises: it is in the steps.
    Raises UsageError (CertificateError), StateError for a target that nothing can be sent to."""
    at = time.time_ns() // 1000
    prepared = Prepared(target)
    first = _see(prepared, cancel)
    unchecked, distrust = _beyond_distrust(target, first, cancel)
    evidence = Evidence(
        target=target,
        url=str(prepared.url),
        host=prepared.url.host.rstrip("."),
        server_name=prepared.server_name,
        where=text_of((prepared.url.host, prepared.port)),
        secure=prepared.context is not None,
        first=first,
        unchecked=unchecked,
        distrust=distrust,
    )
    stream = evidence.seen.stream or first.stream
    return ConnectionCheck(
        at=at,
        url=evidence.url,
        steps=steps(evidence),
        timings=first.timings,
        connection=connection_of(
            stream, checked=not target.trust.insecure, distrusted=first.untrusted is not None
        )
        if stream is not None
        else None,
        client_auth=client_auth(stream),
        chain=links(evidence.chain),
        cancelled=any(
            one.failure is not None and one.failure.reason == "cancelled" for one in (first, evidence.seen)
        ),
    )


def _beyond_distrust(
    target: Target, first: Seen, cancel: Cancel | None
) -> tuple[Seen | None, SendFailure | None]:
    """Where we did not take the server: another look at it, and why its chain is not trusted. OpenSSL names one fault
    only, so where that was the time or the name, the chain is judged once more without them."""
    if first.untrusted is None:
        return None, None
    if first.untrusted in _TIME_OR_NAME:
        relaxed = _see(_relaxed(target), cancel)
        if relaxed.untrusted is None:
            return relaxed, None
        first = relaxed
    return _see(_unchecked(target), cancel), first.failure


def _relaxed(target: Target) -> Prepared:
    """The same trust, with times and name left unchecked."""
    prepared = Prepared(replace(target, identity=None))
    context = prepared.context
    assert context is not None
    context.check_hostname = False
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return prepared


def _unchecked(target: Target) -> Prepared:
    return Prepared(replace(target, identity=None, trust=Trust(system=False, insecure=True)))


def _see(prepared: Prepared, cancel: Cancel | None) -> Seen:
    """Connect, shake hands where TLS is asked for, and hear the server out."""
    network = prepared.network()
    attempt = network.attempt = prepared.attempt(cancel)
    timings, content = None, None
    failure, system = None, None
    try:
        if cancel is not None and cancel.cancelled:
            raise Cancelled
        network.connect_tcp(prepared.url.host, prepared.port)
        stream = network.stream
        if stream is not None and prepared.context is not None:
            with attempt.during("tls"):
                stream.start_tls(prepared.context, prepared.server_name)
            timings = attempt.timings()
            if _may_object(stream):
                content = _hear_out(network, stream, cancel)
    except NETWORK_TROUBLE as error:
        failure = diagnose(prepared.trouble(error, network.attempt, network.stream))
        system = network.attempt.error
    timings = timings or attempt.timings()
    if network.stream is not None:
        with contextlib.suppress(*NETWORK_TROUBLE):
            network.stream.close()
    return Seen(attempt, timings, network.stream, failure, system, network.attempt.phase, content)


def _may_object(stream: Stream) -> bool:
    """Whether the server looks at our certificate only after the handshake is done for us."""
    tls, handshake = stream.tls, stream.handshake
    return tls is not None and tls.version() == TLS13 and handshake is not None and handshake.asked


def _hear_out(network: Network, stream: Stream, cancel: Cancel | None) -> bool | None:
    network.attempt = Attempt(VERDICT_SECONDS, cancel)
    try:
        with network.attempt.during("wait"):
            return stream.hear_out()
    except httpcore.ReadTimeout:
        return None
