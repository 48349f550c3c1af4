"""Chooses the answer of a push among rules, and counts. Imports the words for rules; one per listener, used in its
loop's thread alone."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from inspector.listener.rule import Answer, Fault, Rule
from inspector.listener.rule_check import require_sound
from inspector.listener.rule_match import RuleSubject, Test, needs_body, path_fits, tests

Chosen = tuple[Rule, Answer]
"""The rule that fired, and what it answers this time."""

FAILED = 500
"""What `fail_first` answers."""

_MESSAGES_REMEMBERED = 16_384  # by each rule that counts by message


class _Count:
    """How often a rule has fired, in all and for each message."""

    def __init__(self) -> None:
        self._total = 0
        self._messages: OrderedDict[bytes, int] = OrderedDict()

    def of(self, message: bytes | None) -> int:
        return self._total if message is None else self._messages.get(message, 0)

    def add(self, message: bytes | None) -> None:
        self._total += 1
        if message is None:
            return
        self._messages[message] = self._messages.pop(message, 0) + 1
        if len(self._messages) > _MESSAGES_REMEMBERED:
            self._messages.popitem(last=False)


class _Active(NamedTuple):
    """A rule that is switched on."""

    rule: Rule
    tests: tuple[Test, ...]
    needs_body: bool
    counter: _Count


Rest = tuple[_Active, ...]
"""The rules that are still to be asked about a push."""


class RuleBook:
    """Rules in their order, and how often each has fired. Raises UsageError for a rule that can't be followed.

    `random` decides where a rule has a share. What a rule remembers of messages is limited: one that was not seen
    for very long counts as new.
    """

    def __init__(self, rules: Sequence[Rule] = (), random: Random | None = None) -> None:
        self._random = random or Random()  # noqa: S311 (it protects nothing)
        self._counts: dict[tuple[Rule, int], _Count] = {}
        self._active: Rest = ()
        self._rules: tuple[Rule, ...] = ()
        self.set_rules(rules)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them, those that are switched off too."""
        return self._rules

    @property
    def drops_early(self) -> bool:
        """Whether a rule may want a connection closed before the body is read."""
        return any(one.rule.answer.fault is Fault.DROP_EARLY for one in self._active)

    def __bool__(self) -> bool:
        """Whether any rule is switched on."""
        return bool(self._active)

    def set_rules(self, rules: Sequence[Rule]) -> None:
        """Follow these from now on. Rules that stay as they are go on counting, wherever they stand now. Raises
        UsageError for one that can't be followed; the old ones stay then."""
        require_sound(rules)
        self._rules = tuple(rules)
        seen: Counter[Rule] = Counter()
        counts: dict[tuple[Rule, int], _Count] = {}
        active: list[_Active] = []
        for rule in self._rules:
            key = rule, seen[rule]  # the same rule may stand there twice
            seen[rule] += 1
            counts[key] = self._counts.get(key) or _Count()
            if rule.enabled:
                active.append(_Active(rule, tests(rule.match), needs_body(rule.match), counts[key]))
        self._counts, self._active = counts, tuple(active)

    def choose(self, subject: RuleSubject, rest: Rest | None = None) -> Chosen | None:
        """The first rule that fires for a push, and its answer; None where none does. Counts it. `rest` is what
        `choose_early` has left to be asked."""
        for one in self._active if rest is None else rest:
            for fits, wanted in one.tests:
                if not fits(wanted, subject):
                    break
            else:
                if (answer := self._fire(one, subject)) is not None:
                    return one.rule, answer
        return None

    def choose_early(self, path: str) -> tuple[Chosen | None, Rest]:
        """As much of `choose` as can be done while only the head is there: the rule that fires, if it can be told,
        and the rules that are left to be asked once the body is there."""
        for place, one in enumerate(self._active):
            if one.needs_body or one.rule.per_message:
                return None, self._active[place:]
            wanted = one.rule.match.path
            if wanted and not path_fits(wanted, path):
                continue
            if (answer := self._fire(one, None)) is not None:
                return (one.rule, answer), ()
        return None, ()

    def _fire(self, one: _Active, subject: RuleSubject | None) -> Answer | None:
        """The answer of a rule that the push fits, None where it leaves the push to the next one."""
        rule, count = one.rule, one.counter
        answer = rule.answer
        counts = rule.first or answer.fail_first
        message = subject.message_key if counts and rule.per_message and subject is not None else None
        fired = count.of(message)
        if rule.first and fired >= rule.first:
            return None
        if rule.share < 100 and self._random.random() * 100 >= rule.share:
            return None
        if not counts:
            return answer
        count.add(message)
        return Answer(FAILED, answer.delay_seconds) if fired < answer.fail_first else answer
