"""What a rule does, in words for people: which pushes it is for, how often it fires, what it answers. Pure."""

from __future__ import annotations

from inspector.contract.answers import meaning
from inspector.contract.push import Service
from inspector.listener.rule import Answer, Fault, Match, Rule

EVERY_PUSH = "every push"
UNNAMED = "unnamed rule"
_LONGEST = 32

FAULTS: tuple[tuple[Fault, str, str], ...] = (
    (Fault.NONE, "Answer with a status", "The whole answer, as it is written below"),
    (Fault.TRUNCATE, "Answer half, then close", "Half of the answer is sent, then the connection is closed"),
    (Fault.DROP, "Close without an answer", "The push is read whole, then the connection is closed"),
    (Fault.DROP_EARLY, "Close before the body is read", "The connection is closed once the head has come"),
    (Fault.RESET, "Reset the connection", "The push is read whole, then the connection is reset (TCP RST)"),
    (Fault.SILENCE, "Never answer", "The connection stays open until the client loses patience"),
)
"""Every fault: the choice's words, and what it means."""

_DONE = {
    Fault.DROP: "closes without an answer",
    Fault.DROP_EARLY: "closes before the body is read",
    Fault.RESET: "resets the connection",
    Fault.SILENCE: "never answers",
}


def name_of(rule: Rule) -> str:
    """What a rule is called where its name is shown."""
    return rule.name.strip() or UNNAMED


def fault_of(answer: Answer) -> Fault:
    """What goes wrong; an answer that is dropped in the short way of writing it counts too."""
    return Fault.DROP if answer.drop and answer.fault is Fault.NONE else answer.fault


def has_status(fault: Fault) -> bool:
    """Whether (some of) an answer is sent at all."""
    return fault in (Fault.NONE, Fault.TRUNCATE)


def when_words(rule: Rule) -> str:
    """Which pushes a rule is for and how often it fires. A device token is not shown."""
    return "  ·  ".join((*_match_words(rule.match), *_often_words(rule)))


def _match_words(match: Match) -> tuple[str, ...]:
    service = match.service.strip().casefold()
    label = Service(service).label if service in set(Service) else match.service.strip()
    parts = [
        "unknown service" if label == "?" else label,
        _cut("brand", match.brand),
        _cut("conversation", match.conversation),
        "one device token" if match.device_token else "",
        _cut("path", match.path),
        f"“{_shortened(match.text)}”" if match.text else "",
    ]
    return tuple(part for part in parts if part) or (EVERY_PUSH,)


def _cut(word: str, value: str) -> str:
    return f"{word} {_shortened(value)}" if value else ""


def _shortened(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _often_words(rule: Rule) -> tuple[str, ...]:
    parts = []
    if rule.first > 0:
        times = "once" if rule.first == 1 else f"first {rule.first:,}"
        parts.append(f"{times} for each message" if rule.per_message else times)
    if rule.share != 100:
        parts.append(f"{rule.share:g} % at random")
    return tuple(parts)


def answer_words(answer: Answer) -> str:
    """What is answered, and after how long."""
    fault = fault_of(answer)
    if fault in _DONE:
        words = _DONE[fault]
    else:
        words = f"{answer.status} {meaning(answer.status)}"
        if fault is Fault.TRUNCATE:
            words = f"{answer.status}, cut off after half"
    if answer.fail_first > 0:
        words = f"500 for the first {answer.fail_first:,}, then {words}"
    return f"{words}  ·  after {duration(answer.delay_seconds)}" if answer.delay_seconds else words


def duration(seconds: float) -> str:
    """A time for people."""
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"


def fails(rule: Rule) -> bool:
    """Whether the pusher does not get what it is after: anything but a whole answer with a 2xx status."""
    answer = rule.answer
    return fault_of(answer) is not Fault.NONE or not 200 <= answer.status <= 299 or answer.fail_first > 0


def spoken(rule: Rule, place: int) -> str:
    """A rule in one sentence, for screen readers."""
    state = "on" if rule.enabled else "off"
    return f"Rule {place}, {name_of(rule)}, {state}: {when_words(rule)}; {answer_words(rule.answer)}"
