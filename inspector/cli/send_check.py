"""`send --check`: whether a push would get through, by the handshake alone. Imports click and the commands' output, the
sender lazily."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from inspector.cli.output import Line, json_line, peer_line, timestamp, tls_line, with_milliseconds
from inspector.cli.send_results import INTERRUPTED, interruptible, timings_line
from inspector.sender.connection_check import ConnectionCheck, Link, Step, StepState

if TYPE_CHECKING:
    from inspector.sender.model import Target

_MARKS = {
    StepState.OK: "✓",
    StepState.WARNING: "!",
    StepState.FAILED: "✗",
    StepState.SKIPPED: "-",
}
_WIDTH = 20


def check(target: Target, *, as_json: bool) -> int:
    """Check, print, and return the exit code: 0 for all well or no more than warnings, 1 where a check failed, 3 where
    there is no connection that a push could be sent on."""
    from inspector.sender.check_connection import check_connection

    found = check_connection(target, cancel=interruptible())
    if as_json:
        json_line(check_line(found))
    else:
        for step in found.steps:
            print_step(step)
    if found.cancelled:
        return INTERRUPTED
    if not found.reached:
        return 3
    return 1 if found.state is StepState.FAILED else 0


def print_step(step: Step) -> None:
    """One step for people."""
    took = f"  ({step.milliseconds:.1f} ms)" if step.milliseconds is not None else ""
    click.echo(f"{_MARKS[step.state]} {step.title:<{_WIDTH}} {step.headline}{took}")
    indent = " " * (_WIDTH + 3)
    if step.state is StepState.SKIPPED and not step.facts:
        return
    for name, text in step.facts:
        click.echo(f"{indent}{name}: {text}" if name else f"{indent}{text}")
    if step.advice:
        click.echo(
            textwrap.fill(f"→ {step.advice}", 110, initial_indent=indent, subsequent_indent=f"{indent}  ")
        )


def check_line(found: ConnectionCheck) -> Line:
    """The whole check as the interface has it."""
    auth = found.client_auth
    return {
        "event": "checked",
        "at": timestamp(found.at),
        "url": found.url,
        "state": found.state.value,
        "reached": found.reached,
        "cancelled": found.cancelled,
        "steps": [_step_line(step) for step in found.steps],
        "timings_ms": timings_line(found.timings),
        "peer": peer_line(found.connection),
        "tls": tls_line(found.connection),
        "client_certificate": {"asked": auth.asked, "sent": auth.presented, "issuers": list(auth.issuers)}
        if auth
        else None,
        "chain": [_link_line(link) for link in found.chain],
    }


def _step_line(step: Step) -> Line:
    return {
        "key": step.key,
        "state": step.state.value,
        "headline": step.headline,
        "facts": [{"name": name, "text": text} for name, text in step.facts],
        "advice": step.advice,
        "milliseconds": None if step.milliseconds is None else round(step.milliseconds, 3),
    }


def _link_line(link: Link) -> Line:
    return {
        "subject": link.subject,
        "issuer": link.issuer,
        "not_before": with_milliseconds(link.not_before),
        "not_after": with_milliseconds(link.not_after),
        "days_left": link.days_left,
        "fingerprint_sha256": link.fingerprint_sha256,
        "key": link.key,
        "names": list(link.names),
        "self_signed": link.self_signed,
        "issued_by_next": link.issued_by_next,
    }
