"""One event made ready to be shown. Runs in the worker's thread: decoding JSON and certificates takes what it takes.

Pure of Qt; imports history, contract and certificates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.contract.answers import meaning
from inspector.contract.masking import mask_body, mask_headers, mask_token
from inspector.contract.push import Problem
from inspector.contract.reading import read_text
from inspector.history.model import (
    Certificate,
    Connection,
    Direction,
    Event,
    Headers,
    Kind,
    NewEvent,
    Timings,
)
from inspector.ui.advice import in_window
from inspector.ui.push_columns import local_date_time, reason_words

LONGEST_TEXT = 256 * 1024
LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts. `mono`: an identifier, shown in the fixed-width font; `tone`: good, warn or bad."""

    name: str
    value: str
    mono: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under one heading."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """All the pane shows of one event. `document` is the decoded JSON where `is_json`; `raw` the bytes as they came,
    as text, and `masked` the same with the device tokens masked, both cut to what a view can take."""

    event: Event
    is_json: bool = False
    document: object = field(default=None, repr=False)
    raw: str = field(default="", repr=False)
    masked: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()
    overview: str = ""
    tls: tuple[Section, ...] = ()
    headers: tuple[Section, ...] = ()
    answer: tuple[Section, ...] = ()


def prepare(event: Event) -> Detail:
    """Everything the pane shows of an event."""
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        return Detail(event, overview=_overview(event), tls=_tls(event))
    # Here and not at the top: these are the slow imports, and the window is to stand before them.
    from inspector.contract.parse import parse

    push = parse(written.body)
    return Detail(
        event,
        is_json=push.is_json,
        document=push.document,
        raw=_shown(written.body),
        masked=_shown(mask_body(written.body)),
        problems=written.problems,
        overview=_overview(event),
        tls=_tls(event),
        headers=_headers(event),
        answer=_answer(written),
    )


def _shown(body: bytes) -> str:
    """Bytes as text for a view. Qt lays a line out whole, so very long ones are broken and a very long text is cut;
    the history keeps every byte."""
    end = LONGEST_TEXT
    while end < len(body) and body[end] & 0xC0 == 0x80:
        end -= 1  # not inside a character of UTF-8
    text = read_text(body[:end]) or body[:end].decode("utf-8", errors="backslashreplace")
    text = text.encode("utf-8", errors="backslashreplace").decode("utf-8")  # Qt takes no lone surrogates
    lines = []
    for line in text.split("\n"):
        lines += [line[start : start + LONGEST_LINE] for start in range(0, len(line), LONGEST_LINE)] or [""]
    if len(body) > end:
        rest = f"{len(body) - end:,} more bytes"
        lines.append(f"… {rest}: push-inspector history show ID --raw has them all")
    return "\n".join(lines)


def _overview(event: Event) -> str:
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        times = f", {event.count} times, last {local_date_time(event.last_at)}" if event.count > 1 else ""
        return f"#{event.id} · turned away {local_date_time(written.at)}{times}"
    verb = "received" if written.direction is Direction.IN else "sent"
    attempt = ""
    if event.attempt > 1:
        gap = f", {event.gap / 1_000_000:.1f} s after the one before" if event.gap is not None else ""
        attempt = f" · attempt {event.attempt}{gap}"
    return f"#{event.id} · {verb} {local_date_time(written.at)} · {len(written.body):,} bytes{attempt}"


def _tls(event: Event) -> tuple[Section, ...]:
    written = event.written
    sections: list[Section] = []
    if written.reason:
        facts = [Fact("Reason", reason_words(written.reason), tone="bad")]
        if written.detail:
            facts.append(Fact("OpenSSL", written.detail, mono=True))
        sections.append(Section("Why it failed", tuple(facts)))
    connection = written.connection
    if connection is not None:
        sections.append(_connection(connection, written.direction))
        if connection.certificate is not None:
            sections.extend(_certificate(connection.certificate, written.direction))
    return tuple(sections)


def _connection(connection: Connection, direction: Direction) -> Section:
    tls = connection.tls
    facts = [Fact("From" if direction is Direction.IN else "To", connection.peer, mono=True)]
    if connection.local:
        facts.append(Fact("Our address", connection.local, mono=True))
    if tls is not None:
        facts += [
            Fact(name, value, mono=True)
            for name, value in (
                ("TLS version", tls.version),
                ("Cipher", tls.cipher),
                ("Server name (SNI)", tls.sni),
                ("Protocol (ALPN)", tls.alpn),
            )
            if value
        ]
    if connection.trusted is not None:
        word = "verified" if connection.trusted else "not trusted"
        facts.append(Fact("Their certificate", word, tone="good" if connection.trusted else "bad"))
    return Section("Connection", tuple(facts))


def _certificate(certificate: Certificate, direction: Direction) -> list[Section]:
    whose = "Client certificate" if direction is Direction.IN else "Server certificate"
    sections = [
        Section(
            whose,
            (
                Fact("Subject", certificate.subject),
                Fact("Issuer", certificate.issuer),
                Fact("Valid from", certificate.not_before),
                Fact("Valid until", certificate.not_after),
                Fact("SHA-256", certificate.fingerprint_sha256, mono=True),
            ),
        )
    ]
    if certificate.chain:
        from cryptography import x509

        from inspector.certificates.describe import describe

        for place, der in enumerate(certificate.chain):
            facts = describe(x509.load_der_x509_certificate(der))
            rows = [
                Fact("Key", facts.key),
                Fact("Signature", facts.signature),
                Fact("Serial", facts.serial, mono=True),
            ]
            if facts.names:
                rows.append(Fact("Names", ", ".join(facts.names)))
            if facts.purposes:
                rows.append(Fact("Made for", ", ".join(facts.purposes)))
            if place == 0:
                sections[0] = Section(whose, sections[0].facts + tuple(rows))
            else:
                head = (
                    Fact("Subject", facts.subject),
                    Fact("Issuer", facts.issuer),
                    Fact("Valid until", facts.not_after),
                )
                sections.append(Section(f"Issuer {place} of the chain", head + tuple(rows)))
    return sections


def _header_facts(headers: Headers) -> tuple[Fact, ...]:
    return tuple(Fact(name, value, mono=True) for name, value in mask_headers(headers))


def _headers(event: Event) -> tuple[Section, ...]:
    written = event.written
    line = [Fact("Request", f"{written.method} {written.url or written.path}", mono=True)]
    if written.device_token:
        line.append(Fact("Device token", mask_token(written.device_token), mono=True))
    return (Section("Request", tuple(line)), Section("Request headers", _header_facts(written.headers)))


def _answer(written: NewEvent) -> tuple[Section, ...]:
    sections = []
    if written.status is not None:
        tone = "good" if 200 <= written.status < 300 else "warn" if written.status < 500 else "bad"
        facts = [Fact("Status", f"{written.status} · {meaning(written.status)}", tone=tone)]
    else:
        facts = [Fact("Status", "no answer", tone="bad")]
    if written.advice:
        facts.append(Fact("What to do", in_window(written.advice.text)))
    sections.append(Section("Answer", tuple(facts)))
    if written.answer_headers:
        sections.append(Section("Answer headers", _header_facts(written.answer_headers)))
    if written.answer_body:
        text = _shown(written.answer_body[:LONGEST_LINE])
        sections.append(
            Section("Answer body", (Fact(f"{len(written.answer_body):,} bytes", text, mono=True),))
        )
    if written.timings is not None:
        sections.append(Section("Timings", _timings(written.timings)))
    return tuple(sections)


def _timings(timings: Timings) -> tuple[Fact, ...]:
    phases = (
        ("Connect", timings.connect),
        ("TLS", timings.tls),
        ("Send", timings.send),
        ("Wait", timings.wait),
        ("Read", timings.read),
        ("In all", timings.total),
    )
    return tuple(Fact(name, f"{value:.1f} ms") for name, value in phases if value is not None)
