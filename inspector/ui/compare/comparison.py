"""Two pushes, or a push and what the composer holds, compared; runs in the worker's thread. Pure of Qt.

Imports history's words, the contract and the pure parts of this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.contract.difference import Change, Counts, Difference, compare, counts
from inspector.contract.masking import mask_body, mask_headers, mask_url
from inspector.history.model import Direction, Event, Headers, Kind
from inspector.ui.compare.lines import Line, document_lines, text_lines
from inspector.ui.compare.shown import LONGEST
from inspector.ui.detail.body_text import body_text
from inspector.ui.push_columns import local_date_time, local_time, reason_words


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its title, its body, and its event where it has one."""

    title: str
    body: bytes = field(repr=False)
    event: Event | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FactPair:
    """What both say of one thing; empty where a side says nothing."""

    name: str
    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is shown. `difference` is None where a body is no JSON; `note` says what the counts do not."""

    left: Side
    right: Side
    difference: Difference | None
    lines: tuple[Line, ...] = field(repr=False)
    facts: tuple[FactPair, ...] = field(repr=False)
    counts: Counts
    note: str


def side_of(event: Event) -> Side:
    """An event as a side."""
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        what = f"turned away {local_time(written.at)}"
    else:
        verb = "received" if written.direction is Direction.IN else "sent"
        status = written.status if written.status is not None else "no answer"
        what = f"{verb} {local_time(written.at)} · {status}"
    return Side(f"#{event.id} {what}", written.body, event)


def comparison(left: Side, right: Side, *, ignore_order: bool = False, reveal: bool = False) -> Comparison:
    """Compare them. Secrets are masked unless `reveal`; whether they are equal is told all the same."""
    from inspector.contract.parse import parse  # slow to import, and the window is to stand before

    pushes = parse(left.body), parse(right.body)
    facts = _facts(left, right, reveal=reveal)
    if all(push.is_json for push in pushes):
        difference = compare(pushes[0].document, pushes[1].document, ignore_order=ignore_order)
        found = counts(difference)
        lines = document_lines(difference, reveal=reveal)
    else:
        difference = None
        lines = text_lines(
            (_text(left.body, reveal=True), _text(right.body, reveal=True)),
            (_text(left.body, reveal=reveal), _text(right.body, reveal=reveal)),
        )
        changes = [line.change for line in lines]
        found = Counts(
            changes.count(Change.ADDED), changes.count(Change.REMOVED), changes.count(Change.CHANGED)
        )
    return Comparison(
        left,
        right,
        difference,
        lines,
        facts,
        found,
        _note(left, right, found, is_json=difference is not None),
    )


def _note(left: Side, right: Side, found: Counts, *, is_json: bool) -> str:
    if left.body == right.body:
        return "The same bytes"
    if found == Counts():
        return (
            "The same JSON in other bytes: spaces, escapes, the spelling of numbers, or keys in other order or twice"
            if is_json
            else ("Only what is masked differs, or what can't be shown as text")
        )
    return "" if is_json else "Not JSON: compared line by line"


def _text(body: bytes, *, reveal: bool) -> str:
    return body_text(body if reveal else mask_body(body))


def _facts(left: Side, right: Side, *, reveal: bool) -> tuple[FactPair, ...]:
    """What is known of both; where one is no event, only what can be known of it too."""
    ours = dict(_known(left))
    theirs = dict(_known(right))
    if left.event is None or right.event is None:
        ours = {name: value for name, value in ours.items() if name in theirs}
        theirs = {name: value for name, value in theirs.items() if name in ours}
    shown = dict(_known(left, reveal=reveal)), dict(_known(right, reveal=reveal))
    return tuple(
        FactPair(
            name,
            shown[0].get(name, "")[:LONGEST],
            shown[1].get(name, "")[:LONGEST],
            ours.get(name) == theirs.get(name),
        )
        for name in dict.fromkeys((*ours, *theirs))
    )


def _known(side: Side, *, reveal: bool = True) -> list[tuple[str, str]]:
    from inspector.contract.parse import parse  # as above

    event = side.event
    if event is None:
        return [("Service", parse(side.body).service.label), ("Size", f"{len(side.body):,} bytes")]
    written, connection = event.written, event.written.connection
    certificate = connection.certificate if connection else None
    tls = connection.tls if connection else None
    address = written.url or written.path
    facts = [
        ("Time", local_date_time(written.at)),
        ("Direction", "received" if written.direction is Direction.IN else "sent"),
        ("Service", written.service.label),
        ("Status", "none" if written.status is None else str(written.status)),
        ("Reason", reason_words(written.reason) if written.reason else ""),
        ("Attempt", str(event.attempt)),
        ("Request", f"{written.method} {address if reveal else mask_url(address)}".strip()),
        ("Size", f"{len(written.body):,} bytes"),
        ("Peer", connection.peer if connection else ""),
        ("Certificate", certificate.subject if certificate else ""),
        ("TLS", " ".join(part for part in (tls.version, tls.cipher) if part) if tls else ""),
        ("Rule", written.rule or ""),
        *_headers("", written.headers, reveal=reveal),
        *_headers("Answer: ", written.answer_headers, reveal=reveal),
        ("Answer", _text(written.answer_body, reveal=reveal) if written.answer_body else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _headers(prefix: str, headers: Headers, *, reveal: bool) -> list[tuple[str, str]]:
    shown = headers if reveal else mask_headers(headers, custom=True)
    together: dict[str, list[str]] = {}
    for name, value in shown:
        together.setdefault(f"{prefix}{name.lower()}", []).append(value)
    return [(name, ", ".join(values)) for name, values in together.items()]
