"""How `send` prints what came of a push, and what its exit code is. Imports click and the commands' output."""

from __future__ import annotations

import signal
from dataclasses import fields
from types import FrameType
from typing import TYPE_CHECKING

import click

from inspector.cli.output import (
    Line,
    header_lines,
    json_line,
    peer_line,
    printable,
    problem_lines,
    timestamp,
    tls_line,
)
from inspector.history.model import Timings

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel
    from inspector.sender.model import SendResult

INTERRUPTED = 130
"""As shells have it for a program that Ctrl+C ended."""
_MOST_SAID = 200


class Output:
    """How results are printed."""

    def __init__(self, *, as_json: bool, reveal: bool) -> None:
        self.json = as_json
        self._reveal = reveal

    def result(self, identifier: int, attempt: int, result: SendResult, body: bytes) -> None:
        """Print what came of one attempt."""
        from inspector.sender.words import explain

        if self.json:
            json_line(_result_line(identifier, attempt, result, body, reveal=self._reveal))
            return
        if attempt > 1:
            click.echo(f"attempt {attempt}")
        for line in explain(result):
            click.echo(line)
        if result.failure is None and exit_code(result) != 0 and (said := _said(result.answer_body)):
            click.echo(f"It says: {said}")


def _said(body: bytes) -> str:
    """The begin of an answer's body in one line; empty where it is none that can be read."""
    text = body[: 4 * _MOST_SAID].decode("utf-8", errors="replace")
    words = " ".join(printable(text).split())
    return words if len(words) <= _MOST_SAID else f"{words[: _MOST_SAID - 1]}…"


def _result_line(identifier: int, attempt: int, result: SendResult, body: bytes, *, reveal: bool) -> Line:
    from inspector.contract.answers import meaning
    from inspector.contract.parse import parse

    failure = result.failure
    push = parse(body)
    return {
        "event": "sent",
        "id": identifier,
        "sent_at": timestamp(result.at),
        "url": result.url,
        "service": push.service.value,
        "size": len(body),
        "attempt": attempt,
        "status": result.status,
        "meaning": meaning(result.status) if result.status is not None else None,
        "failure": {
            "reason": failure.reason,
            "alert": failure.alert,
            "message": failure.message,
            "next_step": failure.next_step,
            "detail": failure.detail,
        }
        if failure
        else None,
        "timings_ms": timings_line(result.timings),
        "peer": peer_line(result.connection),
        "tls": tls_line(result.connection),
        "answer_headers": header_lines(result.answer_headers, reveal=reveal),
        "answer_body": result.answer_body.decode("utf-8", errors="backslashreplace"),
        "problems": problem_lines(push.problems),
    }


def timings_line(timings: Timings) -> Line:
    """Milliseconds by phase, null for those that did not happen."""
    spent = {phase.name: getattr(timings, phase.name) for phase in fields(timings)}
    return {name: None if value is None else round(value, 3) for name, value in spent.items()}


def exit_code(result: SendResult) -> int:
    """The exit code that one result asks for."""
    if result.failure is not None:
        return INTERRUPTED if result.failure.reason == "cancelled" else 3
    return 0 if result.status is not None and 200 <= result.status < 300 else 1


def interruptible() -> Cancel:
    """A Cancel that Ctrl+C and SIGTERM set."""
    from inspector.sender.cancel import Cancel

    cancel = Cancel()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        cancel.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    return cancel
