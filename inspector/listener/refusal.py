"""From a handshake that failed to its verdict and its event. Imports `inspector.certificates`, history's
records and this room's TLS."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates import describe
from inspector.certificates.describe import BROKEN
from inspector.certificates.host_names import is_named
from inspector.certificates.model import Verdict
from inspector.certificates.verdict_facts import LENIENT
from inspector.certificates.verdicts import Evidence, decide
from inspector.history.model import Advice, Certificate, ClientOffer, Connection, Direction, Kind, NewEvent
from inspector.listener.capture import now
from inspector.listener.opening import Opening, alert_alone
from inspector.listener.peer import certificate_record
from inspector.listener.tls import ServerTls, TlsSession
from inspector.listener.verify import Watch

_OPENINGS = {Opening.HTTP: "http", Opening.OTHER: "other", Opening.TLS: "tls", Opening.UNDECIDED: ""}


def judge(
    tls: ServerTls,
    session: TlsSession | None,
    *,
    opening: Opening = Opening.TLS,
    first_bytes: bytes = b"",
    timed_out: bool = False,
    ended: bool = False,
    known: Sequence[x509.Certificate] = (),
) -> Verdict:
    """Why the handshake failed. `session` is None where it never came to TLS."""
    moment = datetime.now(UTC)
    common = (*tls.identity.chain[1:], *known)
    if session is None:
        return decide(
            Evidence(
                now=moment,
                opening=_OPENINGS[opening],
                alert_received=alert_alone(first_bytes),
                first_bytes=first_bytes,
                timed_out=timed_out,
                ended=ended,
                own=tls.identity.leaf,
            )
        )
    watch, hello = session.watch, session.client_hello
    offer = hello.offer or ClientOffer()
    return decide(
        Evidence(
            now=moment,
            opening=_OPENINGS[opening],
            verify_error=watch.error,
            verify_depth=watch.depth,
            verify_text=watch.text,
            culprit=watch.culprit,
            chain=watch.chain,
            alert_sent=watch.alert_sent,
            alert_received=watch.alert_received,
            error=session.failure or "",
            server_hello_sent=session.hello_sent,
            established=session.established,
            timed_out=timed_out,
            ended=ended,
            accepted=tls.client_cas,
            known=common,
            offered_versions=offer.versions,
            offered_ciphers=offer.ciphers,
            offered_groups=offer.groups,
            own=tls.identity.leaf,
            first_bytes=first_bytes,
            shown=_certificates(session.client_chain()),
            allowed=tls.allowed,
            revoked=watch.revoked,
        )
    )


def judge_silence(tls: ServerTls, name: str) -> Verdict | None:
    """Why a client that went to `name` left when the handshake was done, without a request; None where our certificate
    is for that name, so that there is nothing to say."""
    own = tls.identity.leaf
    if not name or is_named(name, describe.names(own)):
        return None
    return decide(
        Evidence(
            now=datetime.now(UTC),
            error="connection closed after the handshake, before any request",
            server_hello_sent=True,
            established=True,
            name_not_ours=name,
            own=own,
        )
    )


def judge_leniently(
    tls: ServerTls, watch: Watch, chain: Sequence[bytes], known: Sequence[x509.Certificate]
) -> Verdict | None:
    """What strict checks would have said of a client that was let in and showed `chain`; None if nothing. Where the
    checks are lenient, there is no advice to make them so."""
    if watch.error is None and chain:
        return None
    verdict = decide(
        Evidence(
            now=datetime.now(UTC),
            verify_error=watch.error,
            verify_depth=watch.depth,
            verify_text=watch.text,
            culprit=watch.culprit,
            chain=watch.chain,
            no_certificate=watch.error is None,
            accepted=tls.client_cas,
            known=(*tls.identity.chain[1:], *known),
            own=tls.identity.leaf,
            shown=_certificates(chain),
            allowed=tls.allowed,
            revoked=watch.revoked,
        )
    )
    return replace(verdict, remedy=verdict.remedy.replace(f" {LENIENT}", "")) if tls.lenient else verdict


def _certificates(ders: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Those that can be parsed; what can't be is no help to advice."""
    found = []
    for der in ders:
        with suppress(*BROKEN):
            found.append(x509.load_der_x509_certificate(der))
    return tuple(found)


def presented(session: TlsSession | None) -> Certificate | None:
    """The certificates that the client showed, all of them and in its order."""
    if session is None:
        return None
    if (sent := session.client_chain()) or session.established:
        return certificate_record(sent)
    # Too many to be kept: what OpenSSL made of them.
    watch = session.watch
    chain = watch.chain or ((watch.culprit,) if watch.culprit is not None else ())
    return certificate_record(tuple(cert.public_bytes(Encoding.DER) for cert in chain))


def refusal_event(verdict: Verdict, connection: Connection) -> NewEvent:
    """The event of a refused handshake."""
    return NewEvent(
        kind=Kind.HANDSHAKE,
        direction=Direction.IN,
        at=now(),
        connection=connection,
        reason=verdict.reason,
        detail=verdict.detail,
        advice=Advice(verdict.happened, verdict.cause, verdict.remedy),
    )
