"""What the commands print: JSON lines for programs, aligned tables for people. Imports contract and history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click

from inspector.contract.masking import mask_headers, mask_token
from inspector.contract.push import Problem
from inspector.history.model import Connection, Direction, Event, Headers, Kind, NewEvent

Line = dict[str, object]


def timestamp(at: int) -> str:
    """Microseconds since 1970 as RFC 3339 UTC with milliseconds."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def with_milliseconds(moment: str) -> str:
    """A certificate's time, which knows no finer than seconds, in the form of every other time."""
    return moment.replace("Z", ".000Z") if len(moment) == len("2026-01-01T00:00:00Z") else moment


def json_line(line: Line) -> None:
    """One object on one line of standard output, at once."""
    click.echo(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


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
    """What TLS settled on; None for a connection without."""
    if connection is None or connection.tls is None:
        return None
    tls = connection.tls
    return {"version": tls.version, "cipher": tls.cipher, "sni": tls.sni}


def push_line(identifier: int, attempt: int, event: NewEvent) -> Line:
    """The `push` line of interface.md."""
    line: Line = {
        "event": "push",
        "id": identifier,
        "received_at": timestamp(event.at),
        "service": event.service.value,
        "status": event.status,
        "method": event.method,
        "path": event.path,
        "size": len(event.body),
        "peer": peer_line(event.connection),
        "tls": tls_line(event.connection),
        "brandId": event.brand_id,
        "conversationId": event.conversation_id,
        "dialogId": event.dialog_id,
        "sequence": event.sequence,
        "badge": event.badge,
        "attempt": attempt,
        "problems": problem_lines(event.problems),
    }
    if event.connection is not None and event.connection.trusted is False:
        # Taken all the same, by a lenient listener: what a strict one would have said.
        line |= {"openssl": event.detail, "advice": event.advice.text if event.advice else None}
    return line


def handshake_line(identifier: int, count: int, event: NewEvent) -> Line:
    """The `handshake_failed` line of interface.md."""
    connection = event.connection
    certificate = connection.certificate if connection else None
    return {
        "event": "handshake_failed",
        "id": identifier,
        "at": timestamp(event.at),
        "reason": event.reason,
        "count": count,
        "peer": {"address": connection.peer if connection else None},
        "certificate": {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "not_before": with_milliseconds(certificate.not_before),
            "not_after": with_milliseconds(certificate.not_after),
        }
        if certificate
        else None,
        "openssl": event.detail,
        "advice": event.advice.text if event.advice else None,
    }


def history_line(event: Event, *, reveal: bool) -> Line:
    """An event of the history: as the listener told it, with the direction and the text; secrets masked."""
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        return {**handshake_line(event.id, event.count, written), "direction": written.direction.value}
    token = written.device_token
    line = {
        **push_line(event.id, event.attempt, written),
        "direction": written.direction.value,
        "message": written.message,
        "device_token": token if reveal or token is None else mask_token(token),
    }
    if written.direction is Direction.OUT:
        line |= {"url": written.url, "reason": written.reason}
    return line


def header_lines(headers: Headers, *, reveal: bool) -> list[Line]:
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
