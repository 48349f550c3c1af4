"""What is wrong with an answer or a rule, in sentences. Pure; imports the words for rules.

A fault can't be followed and is refused wherever rules come in; a doubt can, but hardly does what was meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from inspector.contract.header_fields import is_name, is_safe_value
from inspector.contract.push import Service
from inspector.errors import UsageError
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.listener.rule_match import BODY_FIELDS, FIELDS, needs_body

LONGEST_DELAY_SECONDS = 86_400.0
_NO_BODY = frozenset({204, 205, 304})  # RFC 9110 15.3.5, 15.3.6, 15.4.5
_FRAMING = frozenset(
    {"connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade"}
)

Finding = tuple[str, str]
"""The field, as in `answer.status`, and what is wrong with it."""


def check(rule: Rule) -> tuple[str, ...]:
    """What is wrong with a rule, or contradicts itself: a sentence each, what can't be followed first."""
    return tuple(why for _where, why in (*faults(rule), *doubts(rule)))


def check_all(rules: Sequence[Rule]) -> tuple[tuple[str, ...], ...]:
    """For each rule what `check` says, and what is wrong with it at its place among the others."""
    return tuple((*check(rule), *_out_of_place(rule, rules[:place])) for place, rule in enumerate(rules))


def require_sound(rules: Sequence[Rule]) -> None:
    """Raises UsageError, one line with the rule's number, for the first rule that can't be followed."""
    for number, rule in enumerate(rules, 1):
        for where, why in faults(rule):
            raise UsageError(f"Rule {number}, {where}: {why}", "Correct the rule.")


def faults(rule: Rule) -> tuple[Finding, ...]:
    """What of a rule can't be followed."""
    return tuple(_rule_faults(rule)) + tuple(
        (f"answer.{where}", why) for where, why in answer_faults(rule.answer)
    )


def answer_faults(answer: Answer) -> tuple[Finding, ...]:
    """What of an answer can't be followed."""
    return tuple(_answer_faults(answer))


def doubts(rule: Rule) -> tuple[Finding, ...]:
    """What of a rule contradicts itself."""
    return tuple(_doubts(rule))


def _rule_faults(rule: Rule) -> Iterator[Finding]:
    if not rule.name.strip():
        yield "name", "The rule has no name."
    elif not rule.name.isprintable():
        yield "name", "The name has a character that can't be shown, a line end perhaps."
    services = [service.value for service in Service]
    if rule.match.service and rule.match.service.strip().casefold() not in services:
        yield "match.service", f"There is no service {rule.match.service!r}: it is {_one_of(services)}."
    for name, label in FIELDS.items():
        if not _is_text(getattr(rule.match, name)):
            yield f"match.{name}", f"The {label} has half a character (a lone surrogate) in it."
    if not 0 < rule.share <= 100:  # NaN is refused by this as well
        yield "share", f"The share is {rule.share:g} %; it is more than 0 and at most 100."
    if rule.first < 0:
        yield "first", f"It can't fire {rule.first} times; 0 is for as often as it fits."


def _answer_faults(answer: Answer) -> Iterator[Finding]:
    if not 200 <= answer.status <= 599:
        yield "status", f"{answer.status} can't be answered: a status is from 200 to 599."
    if not math.isfinite(answer.delay_seconds) or not 0 <= answer.delay_seconds <= LONGEST_DELAY_SECONDS:
        yield (
            "delay_seconds",
            f"The delay is {answer.delay_seconds:g} s; it is from 0 to {LONGEST_DELAY_SECONDS:.0f} s (a day).",
        )
    if answer.fail_first < 0:
        yield "fail_first", f"{answer.fail_first} pushes can't fail first; 0 is for none."
    for name, value in answer.headers:
        if not is_name(name):
            shown = f"A header can't have the name {name!a}" if name else "A header has no name"
            yield "headers", f"{shown}: it is of letters, digits and hyphens."
        elif name.lower() in _FRAMING:
            yield "headers", f"The header {name} follows from the answer and can't be set."
        elif not is_safe_value(value):
            yield (
                "headers",
                f"The value of the header {name} has a character that no header may have (a line end, …).",
            )
    if answer.status in _NO_BODY and answer.body and answer.fault in (Fault.NONE, Fault.TRUNCATE):
        yield "body", f"An answer with status {answer.status} has no body."
    if not _is_text(answer.body):
        yield "body", "The body has half a character (a lone surrogate) in it, which can't be sent."


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _doubts(rule: Rule) -> Iterator[Finding]:
    match, answer = rule.match, rule.answer
    fault = Fault.DROP if answer.drop and answer.fault is Fault.NONE else answer.fault
    if fault is Fault.DROP_EARLY:
        needed = [FIELDS[name] for name in BODY_FIELDS if getattr(match, name)]
        if needed or rule.per_message:
            what = f"the {_and(needed)}" if needed else "which message it is"
            why = f"It can't be dropped before its body is read and be chosen by what stands there ({what}): "
            yield "answer.fault", f"{why}it will be dropped after."
    if answer.drop and answer.fault not in (Fault.NONE, Fault.DROP):
        yield (
            "answer.drop",
            f"It is to drop the connection and has the fault {answer.fault.value}; the fault counts.",
        )
    if fault not in (Fault.NONE, Fault.TRUNCATE) and (answer.headers or answer.body):
        yield "answer", "There is no answer to have headers or a body."
    if fault is Fault.SILENCE and answer.delay_seconds:
        yield "answer.delay_seconds", "An answer that never comes has no delay."
    if fault is Fault.DROP_EARLY and answer.delay_seconds:
        yield (
            "answer.delay_seconds",
            "What is dropped before it is read is dropped at once: there is no delay.",
        )
    if rule.per_message and not rule.first and not answer.fail_first:
        yield "per_message", "Nothing is counted for each message: it fires as often as it fits."
    if rule.first and answer.fail_first >= rule.first:
        yield (
            "answer.fail_first",
            f"All of the {rule.first} it fires for fail: its own answer is never given.",
        )
    if "*" in match.text:
        yield "match.text", "A star in the text stands for itself: it fits where it is contained anyway."


def _out_of_place(rule: Rule, before: Sequence[Rule]) -> Iterator[str]:
    if not rule.enabled:
        return
    if any(other.name == rule.name for other in before):
        yield f"There is another rule {rule.name}; the history can't tell them apart."
    if (blocker := next((other for other in before if takes_all(other)), None)) is not None:
        yield f"It is never asked: {blocker.name} takes every push before."
    elif rule.answer.fault is Fault.DROP_EARLY and not needs_body(rule.match) and not rule.per_message:
        later = next(
            (one for one in before if one.enabled and (needs_body(one.match) or one.per_message)), None
        )
        if later is not None:
            yield f"{later.name} comes before and must read the body: pushes will be dropped after it is read."


def takes_all(rule: Rule) -> bool:
    """Whether a rule fires for every push, so that none after it is ever asked."""
    return rule.enabled and rule.match == Match() and rule.share >= 100 and not rule.first


def _one_of(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _and(names: Sequence[str]) -> str:
    return " and the ".join([", the ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
