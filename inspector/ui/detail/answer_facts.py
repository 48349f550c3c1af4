"""What is shown of the answer: which rule chose it, when it left, and what became of a push that was passed on.

Runs in the worker's thread; no Qt. Imports history's records, the contract's meanings and the table's wording.
"""

from __future__ import annotations

from inspector.contract.answers import meaning
from inspector.contract.masking import mask_body, mask_headers, mask_url
from inspector.history.model import Advice, Direction, Event, Forwarded, Headers, NewEvent, Timings
from inspector.ui.advice import in_window
from inspector.ui.detail.body_text import LONGEST_LINE, body_text
from inspector.ui.detail.sections import Fact, Section
from inspector.ui.detail.tls_facts import reason_of
from inspector.ui.push_columns import gap_words, local_time, reason_words

_PARTS = (("happened", "What happened"), ("cause", "Likely cause"), ("remedy", "What to do"))


def header_facts(headers: Headers, *, revealed: bool = False) -> tuple[Fact, ...]:
    """Headers, unless `revealed` with credentials and what a brand added left out."""
    shown = headers if revealed else mask_headers(headers, custom=True)
    return tuple(Fact(name, value, mono=True) for name, value in shown)


def answer_sections(event: Event, *, revealed: bool = False) -> tuple[Section, ...]:
    """The answer as the client got it, then what an upstream said; unless `revealed` with secrets masked."""
    written = event.written
    sections = [Section("Answer", tuple(_answer(event)))]
    if written.answer_headers:
        sections.append(Section("Answer headers", header_facts(written.answer_headers, revealed=revealed)))
    if written.answer_body:
        sections.append(_body("Answer body", written.answer_body, revealed=revealed))
    if written.timings is not None:
        sections.append(_timings("Timings", written.timings, failed=written.status is None))
    if written.forwarded is not None:
        sections += _forwarded(written.forwarded, revealed=revealed)
    return tuple(sections)


def _answer(event: Event) -> list[Fact]:
    written = event.written
    facts = [_status(event)]
    if written.rule:
        facts.append(Fact("Chosen by", f"rule “{written.rule}”"))
    if event.settled_at is not None:
        facts.append(
            Fact(
                "Answered",
                f"{gap_words(event.settled_at - written.at)} later, at {local_time(event.settled_at)}",
            )
        )
    untrusted = bool(reason_of(written)) and written.direction is Direction.IN
    if written.detail and not untrusted:
        facts.append(Fact("In detail", written.detail))
    if written.advice and not untrusted:
        facts += advice_facts(written.advice)
    return facts


def _status(event: Event) -> Fact:
    written = event.written
    if written.status is not None:
        return Fact("Status", _status_words(written.status), tone=_tone(written.status))
    if written.direction is Direction.IN and event.settled_at is None and _held_back(written):
        return Fact("Status", "not answered yet", tone="warn")
    return Fact("Status", "no answer", tone="bad")


def _held_back(written: NewEvent) -> bool:
    """Whether the answer may still come: nothing tells why there is none."""
    return written.detail is None and written.reason is None and not written.answer_headers


def _status_words(status: int) -> str:
    return f"{status} · {meaning(status)}"


def _tone(status: int) -> str:
    return "good" if 200 <= status < 300 else "warn" if status < 500 else "bad"


def advice_facts(advice: Advice) -> list[Fact]:
    """Advice in its parts, in the window's words. One of a single part is what to do."""
    # How long is waited is nothing that can be set where pushes are passed on.
    texts = [
        (title, in_window(getattr(advice, part).replace("--timeout SECONDS waits longer.", "").strip()))
        for part, title in _PARTS
    ]
    said = [Fact(title, text) for title, text in texts if text]
    if len(said) == 1:
        return [Fact("What to do", said[0].value)]
    return said


def _forwarded(forwarded: Forwarded, *, revealed: bool) -> list[Section]:
    facts = [Fact("Passed on to", forwarded.url if revealed else mask_url(forwarded.url), mono=True)]
    if forwarded.status is not None:
        facts.append(Fact("Its answer", _status_words(forwarded.status), tone=_tone(forwarded.status)))
    else:
        facts.append(Fact("Its answer", f"none: {reason_words(forwarded.reason) or 'failed'}", tone="bad"))
    if forwarded.detail:
        facts.append(Fact("In detail", forwarded.detail, mono=True))
    if forwarded.advice is not None:
        facts += advice_facts(forwarded.advice)
    sections = [Section("Upstream", tuple(facts))]
    if forwarded.timings is not None:
        sections.append(_timings("Upstream's time", forwarded.timings, failed=forwarded.status is None))
    if forwarded.headers:
        sections.append(Section("Upstream's headers", header_facts(forwarded.headers, revealed=revealed)))
    if forwarded.body:
        sections.append(_body("Upstream's body", forwarded.body, revealed=revealed))
    return sections


def _body(title: str, body: bytes, *, revealed: bool) -> Section:
    shown = body if revealed else mask_body(body)
    text = body_text(shown[:LONGEST_LINE]).rstrip("\n")
    return Section(title, (Fact(f"{len(body):,} bytes", text, mono=True),))


def _timings(title: str, timings: Timings, *, failed: bool) -> Section:
    whole = () if timings.total is None else (Fact("In all", duration_words(timings.total)),)
    return Section(title, whole, timings=timings, failed=failed)


def duration_words(milliseconds: float) -> str:
    """How long something took."""
    return f"{milliseconds:.1f} ms"
