"""The facts of a result's connection, for both sides. Pure; imports the sender's records, the words of the detail pane
and of certificates."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.history.model import Connection
from inspector.sender.model import ClientAuth, SendResult
from inspector.ui.certificates.wording import day, in_a_line
from inspector.ui.composer.sending import Ours
from inspector.ui.detail.alert_words import alert_words
from inspector.ui.detail.sections import Fact, Section

_SHOWN_ISSUERS = 3
_AFTER = "It came after the handshake: with TLS 1.3 they look at our certificate last."
_DURING = "It came during the handshake."


def sections(result: SendResult, ours: Ours | None) -> tuple[Section, ...]:
    """What is known of TLS, theirs and ours, in the order it is read; none without TLS."""
    found = (
        Section("TLS", tuple(_tls(result))),
        Section("Their certificate", tuple(_theirs(result.connection))),
        Section("Our certificate", tuple(_ours(result.client_auth, ours))),
    )
    return tuple(section for section in found if section.facts)


def alert_sentence(result: SendResult) -> str:
    """The alert that they sent, in words, and when it came; empty where none did."""
    failure = result.failure
    if failure is None or failure.alert is None:
        return ""
    when = _AFTER if _handshake_ended(result) else _DURING
    return f"Alert {alert_words(failure.alert)}. {when}"


def summary(result: SendResult) -> str:
    """TLS in a few words; empty without it."""
    tls = result.connection.tls if result.connection is not None else None
    auth = result.client_auth
    if tls is None:
        return ""
    sent = "" if auth is None else "our certificate sent" if auth.presented else "no certificate of ours sent"
    return " · ".join(part for part in (tls.version, sent) if part)


def _handshake_ended(result: SendResult) -> bool:
    tls = result.connection.tls if result.connection is not None else None
    return tls is not None and tls.version == "TLSv1.3" and tls.cipher is not None


def _tls(result: SendResult) -> Iterator[Fact]:
    connection = result.connection
    tls = connection.tls if connection is not None else None
    if connection is None or tls is None:
        return
    yield Fact("To", connection.peer, mono=True)
    for name, value in (("Version", tls.version), ("Cipher", tls.cipher), ("ALPN", tls.alpn)):
        if value:
            yield Fact(name, value, mono=True)
    if tls.cipher and not tls.alpn:
        yield Fact("ALPN", "none agreed on")
    yield Fact("SNI", tls.sni, mono=True) if tls.sni else Fact("SNI", "none: sent to an address")
    if result.failure is not None and result.failure.alert:
        yield Fact("Alert", alert_words(result.failure.alert), tone="bad")


def _theirs(connection: Connection | None) -> Iterator[Fact]:
    certificate = connection.certificate if connection is not None else None
    if connection is None or certificate is None:
        return
    yield Fact("Subject", in_a_line(certificate.subject))
    yield Fact("Issuer", in_a_line(certificate.issuer))
    yield Fact("Valid", f"{day(certificate.not_before)} to {day(certificate.not_after)}")
    yield Fact("SHA-256", certificate.fingerprint_sha256, mono=True)
    if connection.trusted:
        yield Fact("Trust", "verified", tone="good")
    elif connection.trusted is False:
        yield Fact("Trust", "not verified", tone="bad")


def _ours(auth: ClientAuth | None, ours: Ours | None) -> Iterator[Fact]:
    if auth is None:
        return
    yield Fact("Asked for", "yes" if auth.asked else "no", tone="" if auth.asked else "warn")
    if auth.presented:
        yield Fact("Sent", f"as {ours.name}" if ours is not None else "yes", tone="good")
    else:
        yield Fact("Sent", f"no: {_why_not(auth, ours)}", tone="bad" if auth.asked else "")
    if ours is not None:
        yield Fact("Subject", in_a_line(ours.subject))
        yield Fact("Valid until", day(ours.not_after))
    if auth.asked:
        yield _issuers(auth)


def _why_not(auth: ClientAuth, ours: Ours | None) -> str:
    if not auth.asked:
        return "they did not ask"
    if ours is None:
        return "no identity was chosen"
    return f"{ours.name} could not be shown to them"


def _issuers(auth: ClientAuth) -> Fact:
    names = tuple(in_a_line(name) for name in auth.issuers)
    if not names:
        return Fact("CAs they take", "not said: any certificate can be sent")
    if len(names) <= _SHOWN_ISSUERS:
        return Fact("CAs they take", "\n".join(names))
    first = "; ".join(names[:_SHOWN_ISSUERS])
    return Fact("CAs they take", f"{len(names)}: {first}; …", whole="\n".join(names))
