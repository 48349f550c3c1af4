"""`history clear`: events taken out for good. Imports click; the store lazily."""

from __future__ import annotations

import sys

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.query_words import QueryCommand, has_history, query_of
from inspector.errors import UsageError

_AT_ONCE = 2000  # events: a listener's push waits no longer than for these


@click.command("clear", cls=QueryCommand, context_settings=CONTEXT)
@click.argument("query", nargs=-1)
@click.option("--yes", is_flag=True, help="Don't ask.")
@common
def clear_history(query: tuple[str, ...], yes: bool) -> int:  # noqa: FBT001 - click's
    """Delete the events that match QUERY, or all without one. They can't be had back."""
    from inspector.history.up_to_date import open_for_reading
    from inspector.workbench import Workbench

    wanted = query_of(query)
    home = current_home()
    if not has_history(home.history_file):
        click.echo("There is nothing to delete.", err=True)
        return 0
    with open_for_reading(home.history_file) as reader:
        ids = reader.ids(wanted)
    if not ids:
        click.echo("Nothing matches." if wanted else "There is nothing to delete.", err=True)
        return 0
    what = (
        ("the only event" if len(ids) == 1 else f"all {len(ids):,} events")
        if wanted is None
        else _events(len(ids))
    )
    if not yes and not _sure(what):
        click.echo("Nothing was deleted.", err=True)
        return 0
    workbench = Workbench(home)
    gone = 0
    try:
        for start in range(0, len(ids), _AT_ONCE):
            gone += workbench.writer.delete(ids[start : start + _AT_ONCE])
    finally:
        workbench.close()
        if gone < len(ids):
            click.echo(f"{_events(gone)} deleted, the others are still there or were gone before.", err=True)
    if gone == len(ids):
        click.echo(f"{_events(gone)} deleted.", err=True)
    return 0


def _sure(what: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(
            f"This deletes {what} for good, and there is no terminal to ask at.", "Say so with --yes."
        )
    return click.confirm(f"Delete {what} for good?", err=True)


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
