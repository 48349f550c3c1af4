"""`history resend`: captured pushes sent again, byte for byte, to any target. Imports click and the options of `send`;
the workbench and the sender lazily."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.query_words import QueryCommand, has_history, query_of
from inspector.cli.secrets import prompt_for
from inspector.cli.send_run import RunRequest, every_run_options, run_plan
from inspector.cli.send_target import read_target, target_options
from inspector.errors import UsageError

if TYPE_CHECKING:
    from inspector.sender.captured import Chosen, Pace


@click.command("resend", cls=QueryCommand, context_settings=CONTEXT)
@click.argument("query", nargs=-1)
@click.option("--to", "url", metavar="URL", help="Where to send them.")
@target_options
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Send the oldest N alone.")
@click.option("--as-they-came", is_flag=True, help="Keep the times between them.")
@click.option(
    "--speed", type=click.FloatRange(0, min_open=True), metavar="X", help="Keep them, X times as fast."
)
@every_run_options
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def resend_history(
    query: tuple[str, ...],
    url: str | None,
    limit: int | None,
    as_they_came: bool,  # noqa: FBT001 - click passes flags so
    speed: float | None,
    as_json: bool,  # noqa: FBT001
    **options: Any,
) -> int:
    """Send the pushes that match QUERY again, oldest first, with the bytes that were captured.

    Without QUERY all are sent. Refused handshakes are left out: there is nothing in one that could be sent again.
    """
    from inspector.sender.captured import CapturedPushes
    from inspector.sender.run_report import check_ending
    from inspector.workbench import Workbench

    if not url and not options.get("target_name"):
        raise UsageError(
            "resend needs a target.",
            "Write: push-inspector history resend service:apns --to https://host:port/",
        )
    rate = options.pop("rate")
    pace = _pace(rate, speed, as_they_came=as_they_came)
    summaries: tuple[Path, ...] = options.pop("summaries")
    for path in summaries:
        check_ending(path)
    run = RunRequest(1, rate, options.pop("concurrency") or 1, None, 1.0, summaries, options.pop("keep"))
    chosen = _choose(query, limit)
    if chosen.handshakes:
        were = (
            "1 refused handshake is"
            if chosen.handshakes == 1
            else f"{chosen.handshakes:,} refused handshakes are"
        )
        click.echo(f"{were} left out.", err=True)
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        target = read_target(workbench, url or "", options)
        with CapturedPushes(workbench.history_file, chosen, pace) as pushes:
            # The filter itself may hold a device token, and a summary is passed on to others.
            title = "captured pushes that match a filter" if query else "all captured pushes"
            return run_plan(workbench, target, pushes.plan(), title, run, as_json=as_json)
    finally:
        workbench.close()


def _pace(rate: float | None, speed: float | None, *, as_they_came: bool) -> Pace:
    from inspector.sender.captured import Pace

    gaps = as_they_came or speed is not None
    if rate is not None and gaps:
        raise UsageError(
            "--rate and the times between them are two paces.",
            "Leave out --rate, or --as-they-came and --speed.",
        )
    return Pace(rate, gaps=gaps, speed=speed or 1.0)


def _choose(query: tuple[str, ...], limit: int | None) -> Chosen:
    from inspector.history.up_to_date import open_for_reading
    from inspector.sender.captured import choose

    if query and all(word.isdecimal() for word in query):
        # `history show 7` takes a number; here it would send everything that has a 7 in it.
        raise UsageError(
            "A number alone is searched for as text, and much may match.",
            f"Write id:{query[0]} for that push, or '\"{query[0]}\"' for the text.",
        )
    wanted = query_of(query)
    path = current_home().history_file
    if not has_history(path):
        raise UsageError("There is no history yet.", "Receive something first: push-inspector listen")
    with open_for_reading(path) as reader:
        chosen = choose(reader, query=wanted, most=limit)
    if not chosen.ids:
        raise UsageError(
            "No push matches." if wanted else "There is no push in the history.",
            "List what there is with: push-inspector history list",
        )
    return chosen
