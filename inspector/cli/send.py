"""`send`: one push, or many, as the pusher would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import prompt_for
from inspector.cli.send_results import Output, exit_code, interruptible
from inspector.cli.send_run import list_scripts as print_scripts
from inspector.cli.send_run import read_run, run_many, run_options
from inspector.cli.send_sources import list_templates as print_templates
from inspector.cli.send_sources import read_body
from inspector.cli.send_target import read_target, target_options
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.model import SendResult, Target


@click.command(context_settings=CONTEXT)
@click.argument("source", required=False)
@click.option("--to", "url", metavar="URL", help="Where to send it.")
@click.option("--list", "list_templates", is_flag=True, help="List the templates.")
@target_options
@click.option(
    "--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change the payload: aps.alert=Hi."
)
@click.option("--retry", is_flag=True, help="Send again on 5xx and network errors, as the pusher does.")
@click.option(
    "--retry-interval", type=click.FloatRange(0), default=10.0, show_default=True, metavar="SECONDS"
)
@run_options
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def send(
    source: str | None,
    url: str | None,
    list_templates: bool,  # noqa: FBT001 - click passes flags so
    changes: tuple[str, ...],
    retry: bool,  # noqa: FBT001
    retry_interval: float,
    list_scripts: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    **options: Any,
) -> int:
    """Send SOURCE: a template's name, a JSON file, - for standard input, or history:ID. Or --play a script."""
    if list_templates:
        return print_templates(as_json=as_json)
    if list_scripts:
        return print_scripts(as_json=as_json)
    run = read_run(options)
    played = run is not None and run.script is not None
    if not url or not (source or played):
        raise UsageError(
            "send needs a SOURCE and a target.", "Write: push-inspector send ios --to https://host:port/"
        )
    if played and (source or changes):
        raise UsageError("A script makes the pushes itself.", "Leave out SOURCE and --set, or --play.")
    if run is not None and retry:
        raise UsageError(
            "--retry goes with one push, not with --repeat, --play or --save-summary.",
            "Leave one of them out.",
        )
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        if source is None:
            assert run is not None
            target = read_target(workbench, url, options)
            return run_many(workbench, target, None, "", run, as_json=as_json)
        body = read_body(source, workbench)
        for change in changes:
            from inspector.sender.edit import set_value

            body = set_value(body, change)
        target = read_target(workbench, url, options)
        if run is not None:
            return run_many(workbench, target, lambda _number: body, source, run, as_json=as_json)
        out = Output(as_json=as_json, reveal=False)
        return _send(workbench, target, body, out, retry=retry, interval=retry_interval)
    finally:
        workbench.close()


def _send(
    workbench: Workbench, target: Target, body: bytes, out: Output, *, retry: bool, interval: float
) -> int:
    from inspector.contract.answers import RETRY_ATTEMPTS
    from inspector.sender.record import to_event
    from inspector.sender.retry import send_like_pusher

    attempts = 0

    def keep(result: SendResult) -> None:
        nonlocal attempts
        attempts += 1
        written = workbench.writer.add([to_event(result, body)])[0]
        out.result(written.id, attempts, result, body)

    _ = workbench.writer  # a history that can't be used is said before anything is sent
    results = send_like_pusher(
        target,
        body,
        interval=interval,
        attempts=RETRY_ATTEMPTS if retry else 1,
        cancel=interruptible(),
        on_attempt=keep,
    )
    return exit_code(results[-1])
