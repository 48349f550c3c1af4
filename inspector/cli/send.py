"""`send`: one push, or many, as the pusher would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import prompt_for
from inspector.cli.send_check import check
from inspector.cli.send_results import INTERRUPTED, Output, exit_code, interruptible
from inspector.cli.send_run import list_scripts as print_scripts
from inspector.cli.send_run import read_run, run_many, run_options
from inspector.cli.send_sources import list_sources, read_body, source_options
from inspector.cli.send_target import is_given, read_target, target_options
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
@run_options
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
    list_scripts: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    **options: Any,
) -> int:
    """Send SOURCE: a template's or your own payload's name, a JSON file, - for standard input, or history:ID. Or --play
    a script.

    Variables such as {{uuid}}, {{now}}, {{seq}} and {{env NAME}} in it are filled in for each push."""
    if options["list_sources"] or options["search"]:
        return list_sources(options, as_json=as_json)
    if list_scripts:
        return print_scripts(as_json=as_json)
    run = read_run(options)
    if check_only:
        if run is not None or retry or options["dry_run"]:
            raise UsageError(
                "--check sends nothing, so there is nothing to repeat or to show.",
                "Leave out --check, or --retry, --dry-run and what belongs to a run.",
            )
        return _check(url, options, as_json=as_json)
    played = run is not None and run.script is not None
    if not (url or options["target_name"] or options["dry_run"]) or not (source or played):
        raise UsageError(
            "send needs a SOURCE and a target.", "Write: push-inspector send ios --to https://host:port/"
        )
    if played and (source or changes or options["dry_run"]):
        raise UsageError(
            "A script makes the pushes itself.", "Leave out SOURCE, --set and --dry-run, or --play."
        )
    if run is not None and retry:
        raise UsageError(
            "--retry goes with one push, not with --repeat, --play or --save-summary.",
            "Leave one of them out.",
        )
    if not retry and (of_retry := [name for name in ("retry_interval", "retry_attempts") if is_given(name)]):
        raise UsageError(
            f"--{of_retry[0].replace('_', '-')} says how to send again, and nothing is sent again.",
            "Add --retry.",
        )
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        if source is None:
            assert run is not None
            return run_many(workbench, read_target(workbench, url, options), None, "", run, as_json=as_json)
        body = read_body(source, workbench, options["payloads"])
        bodies = make_bodies(workbench, source, body, changes, options)
        if options["dry_run"]:
            return show_resolved(bodies, run.count if run else 1, as_json=as_json, reveal=options["reveal"])
        bodies.tell_problems()
        target = read_target(workbench, url, options)
        if run is not None:
            return run_many(workbench, target, bodies.body, source, run, as_json=as_json)
        out = Output(as_json=as_json, reveal=False)
        attempts = retry_attempts if retry else 1
        return _send(workbench, target, bodies.body(0), out, attempts=attempts, interval=retry_interval)
    finally:
        workbench.close()


def _check(url: str | None, options: dict[str, Any], *, as_json: bool) -> int:
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        return check(read_target(workbench, url, options), as_json=as_json)
    finally:
        workbench.close()


def _send(
    workbench: Workbench, target: Target, body: bytes, out: Output, *, attempts: int, interval: float
) -> int:
    from inspector.sender.record import to_event
    from inspector.sender.retry import send_like_pusher, will_send_again

    count = 0

    def keep(result: SendResult) -> None:
        nonlocal count
        count += 1
        written = workbench.writer.add([to_event(result, body)])[0]
        out.result(written.id, count, result, body)

    _ = workbench.writer  # a history that can't be used is said before anything is sent
    cancel = interruptible()
    results = send_like_pusher(
        target,
        body,
        interval=interval,
        attempts=attempts,
        cancel=cancel,
        on_attempt=keep,
    )
    if cancel.cancelled and count < attempts and will_send_again(results[-1]):
        click.echo("Cancelled: it is not sent again.", err=True)
        return INTERRUPTED
    return exit_code(results[-1])
