"""Tries rules against one push without firing them: which would fire, and why another would not. Pure; imports the
words for rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspector.listener.rule import Match, Rule
from inspector.listener.rule_match import FIELDS, RuleSubject, misfits


class Verdict(StrEnum):
    """What comes of one rule. `fires`: for certain. `may_fire`: at random, or while its count lasts. `not_reached`:
    it fits, but a rule before it fires for certain. `no_fit`, `off`: it does not."""

    FIRES = "fires"
    MAY_FIRE = "may_fire"
    NOT_REACHED = "not_reached"
    NO_FIT = "no_fit"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule tried. `matches` says whether the push fits it (even where it is off or not reached), `misfits` are
    the names of the fields of its `Match` that it does not, `reason` is a sentence for people without any secret."""

    rule: Rule
    verdict: Verdict
    matches: bool
    misfits: tuple[str, ...]
    reason: str

    @property
    def fires(self) -> bool:
        """Whether it fires for certain."""
        return self.verdict is Verdict.FIRES


def explain(rules: Sequence[Rule], subject: RuleSubject) -> tuple[Trial, ...]:
    """What each rule would do with a push, in their order; counts of pushes before are not looked at."""
    return tuple(_trials(rules, subject))


def _trials(rules: Sequence[Rule], subject: RuleSubject) -> Iterator[Trial]:
    sure: Rule | None = None
    for rule in rules:
        missed = misfits(rule.match, subject)
        if missed:
            because = "; ".join(_why_not(name, rule.match, subject) for name in missed)
            verdict, reason = Verdict.NO_FIT, f"{because[:1].upper()}{because[1:]}."
        elif not rule.enabled:
            verdict, reason = Verdict.OFF, "It fits, but it is switched off."
        elif sure is not None:
            verdict, reason = Verdict.NOT_REACHED, f"It fits, but {sure.name} comes before and fires."
        elif limits := _limits(rule):
            verdict, reason = Verdict.MAY_FIRE, f"It fits; it fires {limits}."
        else:
            verdict, reason = Verdict.FIRES, "It fits and fires."
            sure = rule
        if not rule.enabled and missed:
            verdict, reason = Verdict.OFF, f"It is switched off. {reason}"
        yield Trial(rule, verdict, not missed, missed, reason)


def _limits(rule: Rule) -> str:
    """When a rule that fits fires; empty where it always does."""
    parts = []
    if rule.share < 100:
        parts.append(f"in {rule.share:g} % of the cases, at random")
    if rule.first:
        times = "time" if rule.first == 1 else f"{rule.first} times"
        parts.append(f"the first {times} for each message" if rule.per_message else f"the first {times} only")
    return ", ".join(parts)


def _why_not(name: str, match: Match, subject: RuleSubject) -> str:
    """Why a push does not fit one field. Device tokens are secrets: neither is repeated."""
    wanted = str(getattr(match, name))
    found = getattr(subject, name)
    label = FIELDS[name]
    if not found:
        return f"the push has no {label}"
    if name == "device_token":
        return "the device token is another"
    if name == "text":
        return f"the text does not contain “{wanted}”"
    if name == "service":
        return f"the service is {found}, not {wanted}"
    return f"the {label} {found} does not fit {wanted}"
