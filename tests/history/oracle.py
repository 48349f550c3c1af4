"""What a query's tree means, in plain Python: the slow and obvious way, to compare SQL's results with."""

from __future__ import annotations

import re
from typing import assert_never

from inspector.history.folding import fold, fold_body
from inspector.history.model import Event
from inspector.history.packing import pack_headers
from inspector.history.query_tree import (
    AllOf,
    AnyOf,
    Between,
    Contains,
    Everything,
    Has,
    Is,
    Node,
    Not,
    Pattern,
    Words,
)


def matches(node: Node, event: Event) -> bool:
    """Whether an event is among the results."""
    match node:
        case Everything():
            return True
        case AllOf(parts):
            return all(matches(part, event) for part in parts)
        case AnyOf(parts):
            return any(matches(part, event) for part in parts)
        case Not(part):
            return not matches(part, event)
        case Words(text):
            return any(fold(text) in folded for folded in everything(event, with_peer=not text.isdigit()))
        case Contains("body", text):
            return fold(text) in fold_body(event.written.body)
        case Contains(field, text):
            value = texts(event)[field]
            return value is not None and fold(text) in fold(value)
        case Pattern("problem", parts):
            return any(fits(parts, problem.code) for problem in event.written.problems)
        case Pattern(field, parts):
            value = texts(event)[field]
            return value is not None and fits(parts, value)
        case Between(field, low, high):
            number = numbers(event)[field]
            return number is not None and (low is None or low <= number) and (high is None or number <= high)
        case Is("severity", word):
            return any(problem.severity == word for problem in event.written.problems)
        case Is("is", word):
            return word in states(event)
        case Is(field, word):
            return word == str(getattr(event.written, field))
        case Has("problem"):
            return bool(event.written.problems)
        case Has("body"):
            return bool(event.written.body)
        case Has(field) if field in numbers(event):
            return numbers(event)[field] is not None
        case Has(field):
            return bool(texts(event)[field])
    assert_never(node)


def fits(parts: tuple[str, ...], value: str) -> bool:
    return (
        re.fullmatch(".*".join(re.escape(fold(part)) for part in parts), fold(value), re.DOTALL) is not None
    )


def texts(event: Event) -> dict[str, str | None]:
    written = event.written
    connection = written.connection
    certificate = connection.certificate if connection else None
    tls = connection.tls if connection else None
    return {
        "brand": written.brand_id,
        "conv": written.conversation_id,
        "dialog": written.dialog_id,
        "originator": written.originator_id,
        "token": written.device_token,
        "text": written.message,
        "reason": written.reason,
        "detail": written.detail,
        "method": written.method,
        "path": written.path,
        "url": written.url,
        "header": pack_headers(written.headers),
        "peer": connection.peer if connection else None,
        "subject": certificate.subject if certificate else None,
        "issuer": certificate.issuer if certificate else None,
        "fingerprint": certificate.fingerprint_sha256 if certificate else None,
        "sni": tls.sni if tls else None,
        "tls": tls.version if tls else None,
        "rule": written.rule,
        "note": event.mark.note if event.mark else None,
        "mark": event.mark.color if event.mark else None,
    }


def everything(event: Event, *, with_peer: bool) -> list[str]:
    searched = texts(event)
    for name in ("fingerprint", "tls", "mark", "rule", *(() if with_peer else ("peer",))):
        del searched[name]
    searched["answer"] = pack_headers(event.written.answer_headers)
    bodies = (fold_body(event.written.body), fold_body(event.written.answer_body))
    return [*bodies, *(fold(value) for value in searched.values() if value)]


def numbers(event: Event) -> dict[str, int | None]:
    return {
        "id": event.id,
        "at": event.written.at,
        "status": event.written.status,
        "seq": event.written.sequence,
        "badge": event.written.badge,
        "attempt": event.attempt,
        "size": len(event.written.body),
        "count": event.count,
    }


def states(event: Event) -> set[str]:
    written = event.written
    status = written.status
    trusted = written.connection.trusted if written.connection else None
    handshake = written.kind == "handshake"
    found = {str(written.kind), str(written.direction)}
    found |= {"trusted"} if trusted is True else {"untrusted"} if trusted is False else set()
    found |= {"pinned"} if event.mark and event.mark.pinned else set()
    found |= {"retry"} if event.attempt > 1 else set()
    found |= {"accepted"} if status is not None and 200 <= status <= 299 else set()
    found |= {"refused"} if handshake or status in (401, 403) or written.reason == "tls_refused" else set()
    failed = handshake or written.reason is not None or (status is not None and status >= 400)
    return found | ({"failed"} if failed else set())
