"""How a run is told: while it goes on, and what came of it. Imports the commands' output; the sender's records by name
only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inspector.cli.output import Line

if TYPE_CHECKING:
    from inspector.sender.run_progress import RunProgress, RunSummary
    from inspector.sender.run_record import Recorded

_NAMES = {"p99_9": "p99.9"}
_LATE_MS = 10.0
"""What no one could mistake for an accident of timing."""


def progress_words(progress: RunProgress) -> str:
    """A few words for beside a progress bar."""
    parts = [f"{progress.rate:,.0f}/s"]
    failed = sum(progress.failures.values())
    refused = sum(number for status, number in progress.statuses.items() if not 200 <= status < 300)
    if refused:
        parts.append(f"{refused:,} refused")
    if failed:
        parts.append(f"{failed:,} failed")
    return " · ".join(parts)


def summary_line(summary: RunSummary, recorded: Recorded | None) -> Line:
    """The summary as a JSON line; --save-summary has all of it."""
    progress = summary.progress
    return {
        "event": "run",
        "planned": summary.planned,
        "sent": summary.sent,
        "cancelled": summary.cancelled,
        "seconds": round(summary.seconds, 3),
        "statuses": {str(status): number for status, number in summary.statuses.items()},
        "failures": dict(summary.failures),
        "failure_messages": {reason: one.message for reason, one in progress.first_failures.items()},
        "latency_ms": {name: round(value, 3) for name, value in summary.latencies.items()},
        "lateness_ms": {
            "p99": round(progress.lateness.at(0.99), 3),
            "highest": round(progress.lateness.highest, 3),
        },
        "recorded": None if recorded is None else recorded.stored,
    }


def summary_words(summary: RunSummary) -> Iterator[str]:
    """The summary for people."""
    rate = summary.sent / summary.seconds if summary.seconds else 0.0
    left = f" of {summary.planned:,}, cancelled" if summary.cancelled else ""
    yield f"{summary.sent:,} sent{left} in {summary.seconds:.2f} s ({rate:,.0f}/s)"
    for status, number in summary.statuses.items():
        yield f"  {status}  {number:,}"
    for reason, number in summary.failures.items():
        first = summary.progress.first_failures[reason]
        yield f"  {reason}  {number:,}"
        yield f"    {first.message} {first.next_step}".rstrip()
    if summary.latencies:
        figures = (f"{_NAMES.get(name, name)} {value:.1f} ms" for name, value in summary.latencies.items())
        yield "  " + " · ".join(figures)
    late = summary.progress.lateness.at(0.99)
    if late >= _LATE_MS:
        yield (
            f"  1 in 100 began more than {late:,.0f} ms late: the latencies count that in. More --concurrency may help."
        )
