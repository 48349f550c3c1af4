"""A run's figures in words. Pure; imports the contract's meanings and the sender's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.contract.answers import meaning
from inspector.sender.run_progress import RunProgress
from inspector.ui.composer.wording import failure_headline
from inspector.ui.runs.axes import clock, duration

GOOD, REFUSED, FAILED, GIVEN_UP = "good", "refused", "failed", "given up"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way that pushes ended, and how many did. `kind` is GOOD, REFUSED, FAILED or GIVEN_UP."""

    kind: str
    words: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run: its name, its value, and what it means."""

    name: str
    value: str
    hint: str = ""


def outcomes(progress: RunProgress) -> tuple[Outcome, ...]:
    """How the pushes that are over ended, answers first, the most frequent of each first."""
    total = max(1, progress.sent)
    answers = [
        Outcome(GOOD if 200 <= status < 300 else REFUSED, f"{status} {meaning(status)}", count, count / total)
        for status, count in progress.statuses.items()
    ]
    failures = [
        Outcome(GIVEN_UP if reason == "cancelled" else FAILED, failure_headline(reason), count, count / total)
        for reason, count in progress.failures.items()
    ]
    return (*answers, *failures)


def figures(progress: RunProgress) -> tuple[Figure, ...]:
    """What is told of a run in figures, in the order of reading."""
    latencies, lateness = progress.latencies, progress.lateness

    def at(share: float) -> str:
        return duration(latencies.at(share)) if latencies.count else "–"

    from_due = "From the moment a push was meant to start: waiting for a stalled server counts"
    return (
        Figure("Sent", f"{progress.sent:,}", f"Of {progress.planned:,}"),
        Figure("Per second", f"{progress.rate:,.0f}", "On the whole"),
        Figure("In flight", f"{progress.in_flight:,}", "Under way now"),
        Figure("p50", at(0.5), f"Half took at most this. {from_due}"),
        Figure("p95", at(0.95), f"95 of 100 took at most this. {from_due}"),
        Figure("p99", at(0.99), f"99 of 100 took at most this. {from_due}"),
        Figure("Longest", at(1.0), f"The longest of all. {from_due}"),
        Figure(
            "Latest start",
            duration(lateness.highest) if lateness.count else "–",
            "By how much the latest push began after its time: much of it asks for more at a time",
        ),
    )


def seconds_words(seconds: float) -> str:
    """How long a run took."""
    return f"{seconds:.2f} s" if seconds < 10 else clock(seconds)


def pushes_words(count: int) -> str:
    return "1 push" if count == 1 else f"{count:,} pushes"


def headline(progress: RunProgress) -> str:
    """One line: how it goes, or how it went."""
    if progress.running:
        return f"{progress.sent:,} of {progress.planned:,} sent"
    begun = f"{pushes_words(progress.sent)} in {seconds_words(progress.seconds)}, {progress.rate:,.0f}/s"
    if progress.cancelled:
        return f"Stopped: {begun}"
    bad = trouble(progress)
    if not bad:
        return f"Done: {begun}"
    return f"Done: {begun}; {bad:,} not accepted"


def trouble(progress: RunProgress) -> int:
    """How many got no answer, or one that accepts nothing; what was given up is not counted."""
    return sum(one.count for one in outcomes(progress) if one.kind in (REFUSED, FAILED))


def as_text(progress: RunProgress, what: str, where: str) -> str:
    """All of it as plain text, to copy."""
    lines = [headline(progress), f"What: {what}", f"Target: {where}", ""]
    lines += [f"{one.name}: {one.value}" for one in figures(progress) if one.name != "In flight"]
    lines += ["", *(f"{one.words}: {one.count:,} ({one.share:.1%})" for one in outcomes(progress))]
    lines += first_words(progress.first_failures)
    return "\n".join(lines)


def first_words(failures: Mapping[str, object]) -> list[str]:
    """For each reason of a failure, what the first one said and what to do."""
    from inspector.sender.model import SendFailure

    return [
        f"{failure_headline(reason)}: {first.message} {first.next_step}".strip()
        for reason, first in failures.items()
        if isinstance(first, SendFailure) and reason != "cancelled"
    ]
