"""What is shown of a push in one of two ways: with its secrets masked, or with all of them.

Runs in the worker's thread. Pure of Qt; imports history, contract and the parts of this package that are pure as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.contract.masking import mask_body, mask_token, mask_url
from inspector.contract.push import Push
from inspector.contract.text import error_place
from inspector.contract.token_places import HIDDEN
from inspector.contract.token_text import token_text
from inspector.history.model import Event
from inspector.ui.detail.answer_facts import answer_sections, header_facts
from inspector.ui.detail.body_text import body_text, place_in_view, read_body
from inspector.ui.detail.sections import Fact, Section


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a body stops being JSON: line and column (from 1) in the body as it was received, the cause in words, and
    the offset in the text that is shown."""

    line: int
    column: int
    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`body` are the bytes that may be seen, `document` what they are as JSON, `text` what they are as text, cut to
    what a view can take, with its `fault` if there is one in sight."""

    body: bytes = field(default=b"", repr=False)
    document: object = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    fault: Fault | None = None
    headers: tuple[Section, ...] = field(default=(), repr=False)
    answer: tuple[Section, ...] = field(default=(), repr=False)


def show_both(event: Event, push: Push) -> tuple[Shown, Shown]:
    """An event with its secrets masked, and with all of them."""
    raw = event.written.body
    masked = mask_body(raw)
    found = error_place(read_body(raw)) if not push.is_json or push.problems else None
    return (
        Shown(
            masked,
            push.document if masked == raw else _document(masked),
            body_text(masked),
            _fault(found, raw, masked),
            _headers(event, revealed=False),
            answer_sections(event),
        ),
        Shown(
            raw,
            push.document,
            body_text(raw),
            _fault(found, raw, raw),
            _headers(event, revealed=True),
            answer_sections(event, revealed=True),
        ),
    )


def _document(masked: bytes) -> object:
    from inspector.contract.decode import decode  # only once something is looked at

    decoded = decode(masked)
    return decoded.value if decoded.is_json else HIDDEN


def _fault(found: tuple[int, int, int, str] | None, raw: bytes, masked: bytes) -> Fault | None:
    if found is None:
        return None
    line, column, offset, message = found
    text = read_body(masked)
    place = offset if masked == raw else _place_in_masked(read_body(raw), text, offset)
    return Fault(line, column, place_in_view(text, place), message)


def _place_in_masked(text: str, masked: str, offset: int) -> int:
    """Where a place of a text is where what is secret in it is masked; what is in the masked part is at its start."""
    start = _common(text, masked)
    if offset <= start:
        return offset
    end = _common(text[start:][::-1], masked[start:][::-1])
    return offset + len(masked) - len(text) if offset >= len(text) - end else start


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    if one.startswith(other) or other.startswith(one):
        return min(len(one), len(other))
    return next(
        place for place, (first, second) in enumerate(zip(one, other, strict=False)) if first != second
    )


def _headers(event: Event, *, revealed: bool) -> tuple[Section, ...]:
    written = event.written
    address = written.url or written.path
    asked = f"{written.method} {address if revealed else mask_url(address)}"
    line = [Fact("Request", asked, mono=True)]
    token = written.device_token
    if token:
        line.append(Fact("Device token", token if revealed else mask_token(token), mono=True))
        said = token_text(token) if revealed else None
        if said is not None:
            line.append(Fact("Token as text", said, mono=True))
    facts = header_facts(written.headers, revealed=revealed)
    return (Section("Request", tuple(line)), Section("Request headers", facts))
