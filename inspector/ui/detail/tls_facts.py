"""What is shown of an event's connection: addresses, what TLS settled on, what the client offered, what we asked for.

Runs in the worker's thread; no Qt. Imports history's records and the wording of the table and of certificates.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.history.model import Connection, Direction, Event, Kind, NewEvent, TlsFacts
from inspector.ui.certificates.wording import day, in_a_line
from inspector.ui.detail.alert_words import alert_words
from inspector.ui.detail.sections import Fact, Section, listed
from inspector.ui.push_columns import local_date_time, reason_words

_SHORT_LIST = 3
_NO_ONE = "none: any certificate could be sent"


def reason_of(written: NewEvent) -> str:
    """Why a client was turned away, or strict checks would have; empty where nothing is wrong. A push that was taken
    leniently has the reason before the colon of its detail."""
    if written.reason:
        return written.reason
    connection = written.connection
    if connection is None or connection.trusted is not False or written.direction is Direction.OUT:
        return ""
    word = (written.detail or "").partition(":")[0]
    return word if word.replace("_", "").isalpha() and word.islower() else ""


def turned_away(written: NewEvent) -> bool:
    """Whether the client was not let in: in the handshake, or, behind a proxy that ends TLS, by the answer, which then
    says what happened."""
    if written.kind is Kind.HANDSHAKE:
        return True
    happened = written.advice.happened if written.advice is not None else ""
    return bool(happened and reason_of(written)) and happened.encode() in written.answer_body


def tls_sections(event: Event) -> tuple[Section, ...]:
    """All facts of the connection but the certificates, in the order they are read."""
    sections = (_failure(event), _connection(event), _bare_certificate(event), _offer(event), _asked(event))
    return tuple(section for section in sections if section.facts)


def _failure(event: Event) -> Section:
    written = event.written
    reason = reason_of(written)
    facts = []
    if written.kind is Kind.HANDSHAKE or (written.direction is Direction.OUT and written.reason):
        facts.append(Fact("Reason", reason_words(reason), tone="bad"))
    elif reason:
        refused = turned_away(written)
        facts.append(
            Fact(
                "Reason" if refused else "Strict checks",
                reason_words(reason),
                tone="bad" if refused else "warn",
            )
        )
    if written.detail and facts:
        facts.append(Fact("In detail", written.detail.removeprefix(f"{reason}: "), mono=True))
    tls = written.connection.tls if written.connection is not None else None
    if tls is not None:
        facts += _alerts(tls, ours=written.direction is Direction.IN)
    if written.kind is Kind.HANDSHAKE:
        facts += _repeats(event)
    lenient = written.direction is Direction.IN and not turned_away(written)
    return Section("Checks" if lenient else "What failed", tuple(facts))


def _alerts(tls: TlsFacts, *, ours: bool) -> Iterator[Fact]:
    whose = "their" if ours else "the proxy's"
    if tls.alert_sent:
        yield Fact("Alert we sent", alert_words(tls.alert_sent))
    if tls.alert_received:
        yield Fact(f"Alert from {whose} side", alert_words(tls.alert_received), tone="bad")


def _repeats(event: Event) -> Iterator[Fact]:
    at = event.written.at
    if event.count <= 1:
        yield Fact("When", f"once, {local_date_time(at)}")
        return
    yield Fact("Repeated", f"{event.count:,} times, same address and reason")
    yield Fact("First time", local_date_time(at))
    yield Fact("Last time", local_date_time(event.last_at))


def _connection(event: Event) -> Section:
    written = event.written
    connection = written.connection
    if connection is None:
        return Section("Connection", ())
    incoming = written.direction is Direction.IN
    facts = [Fact("From" if incoming else "To", connection.peer, mono=True)]
    if connection.via:
        kind = "a load balancer or proxy that named the address" if incoming else "an HTTP proxy"
        facts.append(Fact("Through", f"{connection.via}, {kind}", mono=False))
    if connection.local:
        facts.append(Fact("Our address", connection.local, mono=True))
    tls = connection.tls
    if tls is not None:
        facts += [
            Fact(name, value, mono=True)
            for name, value in (("TLS version", tls.version), ("Cipher", tls.cipher))
            if value
        ]
        if tls.sni or incoming:
            facts.append(
                Fact("Server name (SNI)", tls.sni, mono=True)
                if tls.sni
                else Fact("Server name (SNI)", "none sent: the client connects by address")
            )
        if tls.alpn:
            facts.append(Fact("Protocol (ALPN)", tls.alpn, mono=True))
    if connection.trusted is not None:
        facts.append(_trust(connection, taken=not turned_away(written)))
    return Section("Connection", tuple(facts))


def _bare_certificate(event: Event) -> Section:
    """What is known of a certificate whose bytes were not kept."""
    connection = event.written.connection
    certificate = connection.certificate if connection is not None else None
    if certificate is None or certificate.chain:
        return Section("", ())
    facts = (
        Fact("Subject", in_a_line(certificate.subject)),
        Fact("Issuer", in_a_line(certificate.issuer)),
        Fact("Valid", f"{day(certificate.not_before)} to {day(certificate.not_after)}"),
        Fact("SHA-256", certificate.fingerprint_sha256, mono=True),
    )
    return Section("Their certificate", facts)


def _trust(connection: Connection, *, taken: bool) -> Fact:
    if connection.trusted:
        return Fact("Their certificate", "verified", tone="good")
    what = "not trusted" if connection.certificate is not None else "none shown"
    if taken:
        return Fact("Their certificate", f"{what}, taken all the same", tone="warn")
    return Fact("Their certificate", what, tone="bad")


def _offer(event: Event) -> Section:
    connection = event.written.connection
    tls = connection.tls if connection is not None else None
    offer = tls.offer if tls is not None else None
    title = "What the client offered" if event.written.direction is Direction.IN else "What we offered"
    if offer is None:
        return Section(title, ())
    facts = [
        listed(name, values, shown=shown, what=what)
        for name, values, shown, what in (
            ("TLS versions", offer.versions, 8, "versions"),
            ("Ciphers", offer.ciphers, _SHORT_LIST, "ciphers"),
            ("Groups", offer.groups, 5, "groups"),
            ("Signatures", offer.signatures, _SHORT_LIST, "algorithms"),
        )
        if values
    ]
    facts.append(
        Fact("Protocols (ALPN)", ", ".join(offer.alpn), mono=True)
        if offer.alpn
        else Fact("Protocols (ALPN)", "none offered")
    )
    return Section(title, tuple(facts))


def _asked(event: Event) -> Section:
    """The CA names we announced: a client that has no certificate of one of them often sends none."""
    written = event.written
    connection = written.connection
    tls = connection.tls if connection is not None else None
    if tls is None or written.direction is Direction.OUT:
        return Section("", ())
    title = "What we asked for"
    if tls.asked_for is None:
        if written.kind is Kind.HANDSHAKE or tls.offer is None:
            return Section(title, ())
        return Section(title, (Fact("Client certificate", "not asked for"),))
    facts = [Fact("Client certificate", "asked for")]
    names = tuple(in_a_line(name) for name in tls.asked_for)
    if not names:
        facts.append(Fact("Of these CAs", _NO_ONE))
    elif len(names) <= _SHORT_LIST:
        facts.append(Fact("Of these CAs" if names[1:] else "Of this CA", "\n".join(names)))
    else:
        first = "; ".join(names[:_SHORT_LIST])
        facts.append(Fact("Of these CAs", f"{len(names)} CAs: {first}; …", whole="\n".join(names)))
    return Section(title, tuple(facts))
