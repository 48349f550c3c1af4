"""One push as it is tried against the rules: what they look at, and how to name it. Pure, but for the feed's job."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from inspector.contract.push import Service
from inspector.history.model import Event, Kind
from inspector.listener.rule import Match, Rule
from inspector.listener.rule_match import RuleSubject, subject_of

_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Tried:
    """`subject` is what rules see of it; `title` and `words` name it."""

    id: int
    title: str
    words: str
    subject: RuleSubject = field(repr=False)


def tried(event: Event | None) -> Tried | None:
    """The push of an event; None where there is none, or it is a refused handshake. Any thread."""
    if event is None or event.written.kind is not Kind.PUSH:
        return None
    written = event.written
    parts = [
        datetime.fromtimestamp(written.at / 1e6).astimezone().strftime("%H:%M:%S"),
        written.service.label,
    ]
    if written.service is Service.UNKNOWN:
        parts[1] = "unknown service"
    if written.brand_id:
        parts.append(f"brand {written.brand_id}")
    if written.message:
        text = " ".join(written.message.split())
        parts.append(f"“{text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + '…'}”")
    return Tried(event.id, f"Push #{event.id}", "  ·  ".join(parts), subject_of(written))


def rule_like(subject: RuleSubject) -> Rule:
    """A rule for pushes like this one: of its service, brand and conversation. A star in them fits itself too."""
    return Rule(
        _name_for(subject),
        match=Match(
            service=subject.service,
            brand=subject.brand or "",
            conversation=subject.conversation or "",
        ),
    )


def _name_for(subject: RuleSubject) -> str:
    if subject.conversation:
        return f"Like conversation {subject.conversation[:8]}"
    if subject.brand:
        return f"Like brand {subject.brand}"
    return "Like this push"
