"""Gathers the problems of one body, and keeps their number bounded. Pure; imports its own room."""

from __future__ import annotations

from inspector.contract.paths import Path, show_path
from inspector.contract.push import Problem, Severity

MAX_PROBLEMS = 100
"""The most problems one push has; where there are more, the last one says how many were left out."""

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Findings:
    """The problems of one body in the order they were found.

    A body of a hundred thousand odd keys costs no more than looking at them: texts are only made for problems that
    are kept. Where some must go, the less severe go first.
    """

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._counts = dict.fromkeys(_ORDER, 0)

    def add(self, code: str, severity: Severity, path: Path, message: str, **words: object) -> None:
        """One more problem. `message` is a template of `str.format`, filled from `words` and with the text of
        `path`; where that is too long to show, with words for it."""
        self._counts[severity] += 1
        if self._counts[severity] > MAX_PROBLEMS:
            return
        shown, whole = show_path(path)
        subject = shown or "The body"
        if not whole:
            subject = f"A value within {shown or 'the body'}"
        self._kept.append(Problem(code, severity, shown, message.format(path=subject, **words)))

    def result(self) -> tuple[Problem, ...]:
        """Everything found, at most MAX_PROBLEMS."""
        total = sum(self._counts.values())
        if total <= MAX_PROBLEMS:
            return tuple(self._kept)
        keep = MAX_PROBLEMS - 1
        wanted: set[int] = set()
        for severity in _ORDER:
            of_this = [index for index, problem in enumerate(self._kept) if problem.severity is severity]
            wanted.update(of_this[: keep - len(wanted)])
        left_out = total - keep
        worst = next(
            severity
            for severity in _ORDER
            if self._counts[severity] > sum(self._kept[index].severity is severity for index in wanted)
        )
        more = Problem("more_problems", worst, "", f"{left_out} more problems were found and are not listed.")
        return (*(self._kept[index] for index in sorted(wanted)), more)
