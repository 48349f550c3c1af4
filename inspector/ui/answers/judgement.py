"""What is wrong with rules, for the table and the editor: at which field, and how badly. Pure; imports the check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspector.listener.rule import Rule
from inspector.listener.rule_check import check_all, doubts, faults
from inspector.ui.answers.header_lines import unfinished

_HEADERS = "answer.headers"
_UNUSED = "answer"  # headers and a body that a fault has no use for: the editor keeps them out of sight


@dataclass(frozen=True, slots=True)
class Judgement:
    """`faults` keep a rule from being followed, `doubts` say that it hardly does what was meant; both by the field's
    name, as in `answer.status`. `place` is about its place among the others."""

    faults: dict[str, str]
    doubts: dict[str, str]
    place: str = ""

    @property
    def sound(self) -> bool:
        """Whether the rule can be followed."""
        return not self.faults

    @property
    def words(self) -> str:
        """All of it, a line each."""
        return "\n".join(
            (*self.faults.values(), *self.doubts.values(), *([self.place] if self.place else []))
        )


def judge(rules: Sequence[Rule]) -> tuple[Judgement, ...]:
    """Each rule, for itself and at its place."""
    result = []
    for rule, sentences in zip(rules, check_all(rules), strict=True):
        wrong, odd = _by_field(faults(rule)), _by_field(doubts(rule))
        alone = {*wrong.values(), *odd.values()}
        if (line := unfinished(rule.answer.headers)) is not None:
            wrong[_HEADERS] = f"“{line}” has no colon: write Name: value."
        place = " ".join(one for one in sentences if all(one not in known for known in alone))
        odd.pop(_UNUSED, None)
        result.append(Judgement(wrong, odd, place))
    return tuple(result)


def _by_field(findings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The sentences of each field as one text."""
    found: dict[str, str] = {}
    for where, why in findings:
        found[where] = f"{found[where]} {why}" if where in found else why
    return found
