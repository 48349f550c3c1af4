"""What the commands print: JSON lines for programs, aligned tables for people. Imports contract and history, what
reads certificates lazily."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click

from inspector.contract.masking import mask_headers, mask_url
from inspector.contract.push import Problem
from inspector.history.model import (
    Advice,
    Certificate,
    Connection,
    Direction,
    Event,
    Forwarded,
    Headers,
    Kind,
    NewEvent,
    Settled,
    TlsFacts,
    Written,
)

Line = dict[str, object]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def timestamp(at: int) -> str:
    """Microseconds since 1970 as RFC 3339 UTC with milliseconds."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def with_milliseconds(moment: str) -> str:
    """A certificate's time, which knows no finer than seconds, in the form of every other time."""
    return moment.replace("Z", ".000Z") if len(moment) == len("2026-01-01T00:00:00Z") else moment


def json_line(line: Line) -> None:
    """One object on one line of standard output, at once."""
    click.echo(json_text(line))


def json_text(line: Line | None) -> str:
    """One object as JSON without a line end."""
    return _encode(line)


def problem_lines(problems: Iterable[Problem]) -> list[Line]:
    return [
        {"code": one.code, "severity": one.severity.value, "path": one.path, "message": one.message}
        for one in problems
    ]


def peer_line(connection: Connection | None) -> Line | None:
    """Who was on the other side."""
    if connection is None:
        return None
    certificate = connection.certificate
    return {
        "address": connection.peer,
        "subject": certificate.subject if certificate else None,
        "issuer": certificate.issuer if certificate else None,
        "fingerprint_sha256": certificate.fingerprint_sha256 if certificate else None,
        "trusted": connection.trusted,
    }


def tls_line(connection: Connection | None) -> Line | None:
    """What TLS settled on; None for a connection without. What the client offered is not in it: that is four times as
    long as all the rest of a push's line, and the same every time."""
    if connection is None or connection.tls is None:
        return None
    tls = connection.tls
    return {"version": tls.version, "cipher": tls.cipher, "sni": tls.sni, "alpn": tls.alpn}


def offer_line(tls: TlsFacts) -> Line:
    """What the client offered, and the CAs that we asked it for."""
    offer = tls.offer
    return {
        "offer": {
            "versions": list(offer.versions),
            "ciphers": list(offer.ciphers),
            "groups": list(offer.groups),
            "signatures": list(offer.signatures),
            "alpn": list(offer.alpn),
        }
        if offer
        else None,
        "asked_for": None if tls.asked_for is None else list(tls.asked_for),
    }


def push_line(written: Written, event: NewEvent, *, with_connection: bool = True) -> Line:
    """The `push` line of interface.md; without what all pushes of a connection share, that is null."""
    line: Line = {
        "event": "push",
        "id": written.id,
        "received_at": timestamp(event.at),
        "service": event.service.value,
        "status": event.status,
        "method": event.method,
        "path": event.path,
        "size": len(event.body),
        "peer": peer_line(event.connection) if with_connection else None,
        "tls": tls_line(event.connection) if with_connection else None,
        "brandId": event.brand_id,
        "conversationId": event.conversation_id,
        "dialogId": event.dialog_id,
        "sequence": event.sequence,
        "badge": event.badge,
        "attempt": written.attempt,
        "gap_seconds": None if written.gap is None else round(written.gap / 1_000_000, 3),
        "rule": event.rule,
        "via": event.connection.via if event.connection else None,
        "problems": problem_lines(event.problems),
    }
    if event.connection is not None and event.connection.trusted is False:
        # Taken all the same, by a lenient listener: what a strict one would have said.
        line |= {"openssl": event.detail, "advice": event.advice.text if event.advice else None}
        line |= {"advice_parts": advice_parts(event.advice)}
    return line


def handshake_line(
    identifier: int, count: int, event: NewEvent, *, first_at: int | None = None, last_at: int | None = None
) -> Line:
    """The `handshake_failed` line of interface.md. Times are microseconds since 1970; default: the event's."""
    connection = event.connection
    tls = connection.tls if connection else None
    advice = event.advice
    return {
        "event": "handshake_failed",
        "id": identifier,
        "at": timestamp(event.at),
        "reason": event.reason,
        "count": count,
        "first_at": timestamp(event.at if first_at is None else first_at),
        "last_at": timestamp(event.at if last_at is None else last_at),
        "peer": {"address": connection.peer if connection else None},
        "via": connection.via if connection else None,
        "certificate": _certificate(connection.certificate)
        if connection and connection.certificate
        else None,
        "tls": {
            **(tls_line(connection) or {}),
            **offer_line(tls),
            "alert_sent": tls.alert_sent,
            "alert_received": tls.alert_received,
        }
        if tls
        else None,
        "openssl": event.detail,
        "advice": advice.text if advice else None,
        "advice_parts": advice_parts(advice),
    }


def _certificate(certificate: Certificate) -> Line:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": with_milliseconds(certificate.not_before),
        "not_after": with_milliseconds(certificate.not_after),
        "fingerprint_sha256": certificate.fingerprint_sha256,
        "chain": list(chain_subjects(certificate)),
    }


def advice_parts(advice: Advice | None) -> Line | None:
    """Advice in its three parts."""
    if advice is None:
        return None
    return {"happened": advice.happened, "cause": advice.cause, "remedy": advice.remedy}


def chain_subjects(certificate: Certificate) -> tuple[str, ...]:
    """Whom the certificates of the presented chain are for, leaf first."""
    from inspector.certificates.describe import UNREADABLE, subject
    from inspector.certificates.read import load_certificate

    found = []
    for encoded in certificate.chain:
        try:
            found.append(subject(load_certificate(encoded)))
        except ValueError:
            found.append(UNREADABLE)
    return tuple(found)


def answered_line(identifier: int, settled: Settled) -> Line:
    """The `answered` line: how a push was answered that had been told of before; secrets in URLs masked."""
    forwarded = forwarded_line(settled.forwarded)
    if forwarded is not None and settled.forwarded is not None:
        forwarded["url"] = mask_url(settled.forwarded.url)
    return {
        "event": "answered",
        "id": identifier,
        "at": timestamp(settled.at),
        "status": settled.status,
        "detail": settled.detail,
        "forwarded": forwarded,
    }


def forwarded_line(forwarded: Forwarded | None) -> Line | None:
    """What an upstream made of a push, in short."""
    if forwarded is None:
        return None
    return {
        "url": forwarded.url,
        "status": forwarded.status,
        "reason": forwarded.reason,
        "milliseconds": milliseconds(forwarded),
    }


def forwarded_lines(forwarded: Forwarded | None) -> Line | None:
    """The same with the whole answer."""
    line = forwarded_line(forwarded)
    if line is None or forwarded is None:
        return None
    line |= {"headers": header_lines(forwarded.headers)}
    line |= {"body": forwarded.body.decode("utf-8", errors="backslashreplace")}
    return line | {"detail": forwarded.detail, "advice_parts": advice_parts(forwarded.advice)}


def milliseconds(forwarded: Forwarded) -> float | None:
    """How long the upstream took in all."""
    total = forwarded.timings.total if forwarded.timings else None
    return None if total is None else round(total, 1)


def upstream_words(forwarded: Forwarded) -> str:
    """`upstream 503 in 41 ms`, or why it gave no answer."""
    spent = milliseconds(forwarded)
    took = "" if spent is None else f" in {spent:,.0f} ms"
    what = str(forwarded.status) if forwarded.status is not None else f"failed ({forwarded.reason})"
    return f"upstream {what}{took}"


def attempt_words(attempt: int, gap: int | None) -> str:
    """`attempt 3, 10.0 s after`; empty for a first one. `gap` is in microseconds."""
    if attempt <= 1:
        return ""
    return f"attempt {attempt}" + ("" if gap is None else f", {span(gap)} after")


def span(microseconds: int) -> str:
    """A length of time for people: `10.0 s`, `2 min 5 s`, `3 h 20 min`, `2 days`."""
    seconds = microseconds / 1_000_000
    if seconds < 59.95:
        return f"{seconds:.1f} s" if seconds >= 0.95 else f"{microseconds / 1000:.0f} ms"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"


def history_line(event: Event, *, whole: bool = False) -> Line:
    """An event of the history: as the listener told it, with the direction and the text. Masks nothing: what is not to
    be shown was left out of the event before. `whole`: with what the client offered too."""
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        refused = handshake_line(event.id, event.count, written, first_at=written.at, last_at=event.last_at)
        return {**refused, "direction": written.direction.value}
    line = {
        **push_line(Written(event.id, event.attempt, event.gap), written),
        "direction": written.direction.value,
        "message": written.message,
        "device_token": written.device_token,
    }
    if written.direction is Direction.OUT:
        line |= {"url": written.url, "reason": written.reason}
    else:
        if whole and written.connection is not None and written.connection.tls is not None:
            line["tls"] = {**(tls_line(written.connection) or {}), **offer_line(written.connection.tls)}
        line |= {"answered_at": timestamp(event.settled_at) if event.settled_at is not None else None}
        line |= {"forwarded": forwarded_line(written.forwarded)}
    return line


def header_lines(headers: Headers, *, reveal: bool = True) -> list[Line]:
    """Headers as they are, or without credentials."""
    shown = headers if reveal else mask_headers(headers)
    return [{"name": name, "value": value} for name, value in shown]


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int = 48) -> str:
    """Rows under titles, aligned; cells longer than `widest` are cut with an ellipsis."""
    cells = [[_cut(cell, widest) for cell in row] for row in rows]
    widths = [max([len(title), *(len(row[place]) for row in cells)]) for place, title in enumerate(titles)]
    lines = ["  ".join(title.ljust(width) for title, width in zip(titles, widths, strict=True)).rstrip()]
    lines += [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def printable(text: str, keep: str = "") -> str:
    """A text that can't drive a terminal: control characters become spaces, but for those to keep."""
    return "".join(character if character.isprintable() or character in keep else " " for character in text)


def _cut(text: str, widest: int) -> str:
    clean = printable(text)
    return clean if len(clean) <= widest else clean[: widest - 1] + "…"
