"""`send`: one push, or many, as the pusher would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import prompt_for
from inspector.cli.send_check import check
from inspector.cli.send_results import Output, exit_code, interruptible
from inspector.cli.send_run import run_many
from inspector.cli.send_sources import list_sources, read_body, source_options
from inspector.cli.send_target import read_target, target_options
from inspector.cli.send_variables import make_bodies, show_resolved, variable_options
from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.model import SendResult, Target


@click.command(context_settings=CONTEXT)
@click.argument("source", required=False)
@click.option("--to", "url", metavar="URL", help="Where to send it.")
@source_options
@variable_options
@target_options
@click.option(
    "--check", "check_only", is_flag=True, help="Only check the connection, step by step; send nothing."
)
@click.option(
    "--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change the payload: aps.alert=Hi."
)
@click.option("--retry", is_flag=True, help="Send again on 5xx and network errors, as the pusher does.")
@click.option(
    "--retry-interval",
    type=click.FloatRange(0),
    default=RETRY_INTERVAL_SECONDS,
    show_default=True,
    metavar="SECONDS",
)
@click.option(
    "--retry-attempts", type=click.IntRange(1), default=RETRY_ATTEMPTS, show_default=True, metavar="N"
)
@click.option("--repeat", type=click.IntRange(1), default=1, metavar="N", help="Send it N times.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="R", help="That many a second.")
@click.option("--concurrency", type=click.IntRange(1, 256), default=1, metavar="C", help="That many at once.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def send(
    source: str | None,
    url: str | None,
    check_only: bool,  # noqa: FBT001 - click passes flags so
    changes: tuple[str, ...],
    retry: bool,  # noqa: FBT001 - click passes flags so
    retry_interval: float,
    retry_attempts: int,
    repeat: int,
    rate: float | None,
    concurrency: int,
    as_json: bool,  # noqa: FBT001
    **target_of: Any,
) -> int:
    """Send SOURCE: a template's or your own payload's name, a JSON file, - for standard input, or history:ID.

    Variables such as {{uuid}}, {{now}}, {{seq}} and {{env NAME}} in it are filled in for each push."""
    if target_of["list_sources"] or target_of["search"]:
        return list_sources(target_of, as_json=as_json)
    if check_only:
        return _check(url, target_of, as_json=as_json)
    if not source or not (url or target_of["target_name"] or target_of["dry_run"]):
        raise UsageError(
            "send needs a SOURCE and a target.", "Write: push-inspector send ios --to https://host:port/"
        )
    if repeat > 1 and retry:
        raise UsageError("--retry goes with one push, not with --repeat.", "Leave one of them out.")
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        body = read_body(source, workbench, target_of["payloads"])
        bodies = make_bodies(workbench, source, body, changes, target_of)
        if target_of["dry_run"]:
            return show_resolved(bodies, repeat, as_json=as_json, reveal=target_of["reveal"])
        bodies.tell_problems()
        target = read_target(workbench, url, target_of)
        out = Output(as_json=as_json, reveal=False)
        if repeat > 1:
            return run_many(workbench, target, bodies.body, out, repeat, rate, concurrency)
        attempts = retry_attempts if retry else 1
        return _send(workbench, target, bodies.body(0), out, attempts=attempts, interval=retry_interval)
    finally:
        workbench.close()


def _check(url: str | None, target_of: dict[str, Any], *, as_json: bool) -> int:
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        return check(read_target(workbench, url, target_of), as_json=as_json)
    finally:
        workbench.close()


def _send(
    workbench: Workbench, target: Target, body: bytes, out: Output, *, attempts: int, interval: float
) -> int:
    from inspector.sender.record import to_event
    from inspector.sender.retry import send_like_pusher

    count = 0

    def keep(result: SendResult) -> None:
        nonlocal count
        count += 1
        written = workbench.writer.add([to_event(result, body)])[0]
        out.result(written.id, count, result, body)

    _ = workbench.writer  # a history that can't be used is said before anything is sent
    results = send_like_pusher(
        target,
        body,
        interval=interval,
        attempts=attempts,
        cancel=interruptible(),
        on_attempt=keep,
    )
    return exit_code(results[-1])
