"""`history new`, `open`, `files`, `save`, `keep`, `compact`: the files themselves. Imports click; the rest lazily."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from inspector.cli.ending import tidied_up
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.query_words import has_history
from inspector.errors import UsageError

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("new", context_settings=CONTEXT)
@click.argument("file", type=_FILE, required=False)
@common
def new_history(file: Path | None) -> int:
    """Begin a new history: FILE, or one beside the one there is. That one is left as it is."""
    from inspector.workbench import Workbench

    home = current_home()
    before = home.history_file
    path = Workbench(home).start_new_history(file)
    _say_which(before, path)
    return 0


@click.command("open", context_settings=CONTEXT)
@click.argument("file", type=_FILE)
@common
def open_history(file: Path) -> int:
    """Use FILE, a history that is there, from now on."""
    from inspector.workbench import Workbench

    if not has_history(file):
        raise UsageError(
            f"There is no history {file}.",
            f"Name one that is there, or begin it: push-inspector history new {file}",
        )
    home = current_home()
    before = home.history_file
    path = Workbench(home).open_history(file)
    _say_which(before, path)
    return 0


def _say_which(before: Path, path: Path) -> None:
    """Which history is in use now, and who goes on with the other one."""
    from inspector.history.lease import holder

    click.echo(f"The history is {path} from now on.")
    by = holder(before) if before != path else None
    if by is not None:
        who = f"{by.words[:1].upper()}{by.words[1:]}"
        click.echo(f"{who} goes on writing {before.name} until it is started again.", err=True)


@click.command("files", context_settings=CONTEXT)
@common
def list_files() -> int:
    """List the histories that were in use, the one in use marked with a star."""
    from inspector.history.lease import holder

    home = current_home()
    for path in home.recent_histories():
        mark = "*" if path == home.history_file else " "
        by = holder(path)
        click.echo(f"{mark} {path}  {_size(path)}" + (f", written by {by.words}" if by else ""))
    return 0


def _size(path: Path) -> str:
    try:
        return f"{path.stat().st_size / 1e6:,.1f} MB"
    except FileNotFoundError:
        return "not there"
    except OSError as error:
        return f"can't be looked at: {error.strerror or error}"


@click.command("save", context_settings=CONTEXT)
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@common
def save_history(file: Path, force: bool) -> int:  # noqa: FBT001 - click's
    """Write a copy of the whole history to FILE, also while it is written. Nothing in it is masked."""
    from inspector.history.copying import save_copy

    with tidied_up():
        save_copy(current_home().history_file, file, over=force)
    click.echo(f"Saved as {file.absolute()}", err=True)
    return 0


@click.command("keep", context_settings=CONTEXT)
@click.option("--events", type=click.IntRange(1), help="Keep at most N rows.", metavar="N")
@click.option("--days", type=click.FloatRange(0, min_open=True), help="Keep at most D days.", metavar="D")
@click.option(
    "--megabytes", type=click.FloatRange(0, min_open=True), help="Keep at most M megabytes.", metavar="M"
)
@click.option("--all", "everything", is_flag=True, help="Keep everything again.")
@common
def keep_history(events: int | None, days: float | None, megabytes: float | None, everything: bool) -> int:  # noqa: FBT001 - click's
    """Say how much of the history is kept; without options, tell it.

    What is more goes in the background while a window is open or `listen` runs, the oldest first. What is pinned or has
    a note stays.
    """
    from inspector.history.forgetting import estimate
    from inspector.history.retention import Retention
    from inspector.history.up_to_date import open_for_reading
    from inspector.workbench import Workbench

    workbench = Workbench(current_home())
    given = {"most_events": events, "most_days": days, "most_megabytes": megabytes}
    changes = {name: value for name, value in given.items() if value is not None}
    if everything and changes:
        raise UsageError("--all keeps everything, the others do not.", "Give one or the other.")
    if everything:
        workbench.keep_at_most(Retention())
    elif changes:
        workbench.keep_at_most(replace(workbench.retention(), **changes))  # type: ignore[arg-type]
    kept = workbench.retention()
    click.echo(f"The history keeps {kept.words}.")
    if has_history(workbench.history_file) and not kept.off:
        open_for_reading(workbench.history_file).close()  # brings an older one up to date
        found = estimate(workbench.history_file, kept, round(time.time() * 1_000_000))
        if found.gone:
            click.echo(
                f"About {found.gone:,} of {found.total:,} events go while a window is open or listen runs.",
                err=True,
            )
    return 0


@click.command("compact", context_settings=CONTEXT)
@common
def compact_history() -> int:
    """Make the history's file as small as what it holds."""
    from inspector.workbench import Workbench

    workbench = Workbench(current_home())
    try:
        workbench.hold_history()  # nobody who listens is made to wait
        won = workbench.writer.compact()
    finally:
        workbench.close()
    click.echo(f"The history is {max(won, 0) / 1e6:,.1f} MB smaller.", err=True)
    return 0
