"""`send --repeat`: many pushes in a run. Imports click, the workbench and the sender (lazily)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from inspector.cli.output import json_line
from inspector.cli.send_results import Output, exit_code, interruptible
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.model import SendResult, Target
    from inspector.sender.run import RunSummary


def run_many(
    workbench: Workbench,
    target: Target,
    body_for: Callable[[int], bytes],
    out: Output,
    count: int,
    rate: float | None,
    concurrency: int,
) -> int:
    """Send a run, keep every push in the history, and print the summary; `body_for(n)` is push n's body, from 0.
    Returns the exit code."""
    from inspector.sender.record import to_event
    from inspector.sender.run import run

    _ = workbench.writer
    worst = 0
    bodies: dict[int, bytes] = {}  # of what is under way
    with click.progressbar(length=count, label="Sending", file=sys.stderr) as bar:

        def keep(result: SendResult) -> None:
            nonlocal worst
            worst = max(worst, exit_code(result))
            workbench.writer.add([to_event(result, bodies.pop(result.number))])
            bar.update(1)

        def body_of(number: int) -> bytes:
            return bodies.setdefault(number, body_for(number))

        summary = run(
            target,
            body_of,
            count=count,
            rate=rate,
            concurrency=concurrency,
            cancel=interruptible(),
            on_result=keep,
        )
    _print_summary(summary, as_json=out.json)
    return worst


def _print_summary(summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        json_line(
            {
                "event": "run",
                "sent": summary.sent,
                "seconds": round(summary.seconds, 3),
                "statuses": {str(status): number for status, number in summary.statuses.items()},
                "failures": dict(summary.failures),
                "latency_ms": {name: round(value, 3) for name, value in summary.latencies.items()},
            }
        )
        return
    rate = summary.sent / summary.seconds if summary.seconds else 0.0
    click.echo(f"{summary.sent} sent in {summary.seconds:.2f} s ({rate:,.0f}/s)")
    for status, number in summary.statuses.items():
        click.echo(f"  {status}  {number}")
    for reason, number in summary.failures.items():
        click.echo(f"  {reason}  {number}")
    if summary.latencies:
        click.echo("  " + " · ".join(f"{name} {value:.1f} ms" for name, value in summary.latencies.items()))
