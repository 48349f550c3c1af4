"""`history export` and `history import`: events in files that other programs read, and back. Imports click; readers and
formats lazily."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.ending import tidied_up
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.query_words import QueryCommand, has_history, query_of

if TYPE_CHECKING:
    from inspector.history.store import HistoryWriter

Tell = Callable[[int, int], None]
_CATALOGUED_AT_ONCE = 1024  # events


@click.command("export", cls=QueryCommand, context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("query", nargs=-1)
@click.option("--reveal", is_flag=True, help="With device tokens, Authorization and custom headers.")
@click.option("--force", is_flag=True, help="Replace FILE where there is one.")
@common
def export_history(file: Path, query: tuple[str, ...], reveal: bool, force: bool) -> int:  # noqa: FBT001 - click's
    """Write the events that match QUERY to FILE, oldest first.

    \b
    FILE ends in
      .jsonl  everything, one event a line; can be imported
      .har    HTTP Archive 1.2, for browsers and proxies; can be imported
      .csv    a table for spreadsheets

    Secrets are left out unless --reveal is given. The file is readable by you alone (mode 0600).
    """
    from inspector.errors import UsageError
    from inspector.history.exchange.writing import ending_of, export_events
    from inspector.history.up_to_date import open_for_reading

    wanted = query_of(query)
    ending_of(file)
    path = current_home().history_file
    if not has_history(path):
        raise UsageError("There is nothing to export: no push was received or sent in this home.")
    with open_for_reading(path) as reader:
        ids = reader.ids(wanted)
        with tidied_up(), _bar("Exporting") as tell:
            done = export_events(reader, ids, file, reveal=reveal, over=force, progress=tell)
    said = "without secrets" if done.masked else "with device tokens and credentials"
    click.echo(f"{_events(done.events)} written to {file}, {said}.", err=True)
    return 0


@click.command("import", context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@common
def import_history(file: Path) -> int:
    """Add the events of FILE (.jsonl or .har) to the history: all of them, or none where one can't be read.

    Events of archives that browsers and proxies wrote are taken for pushes that came in. Importing twice adds twice.
    """
    from inspector.history.exchange.taking import import_events
    from inspector.workbench import Workbench

    workbench = Workbench(current_home())
    try:
        with tidied_up(), _bar("Importing") as tell:
            done = import_events(lambda: workbench.writer, file, progress=tell)
        if done.events and workbench.history_holder() is None:  # else that one does it, when it has time
            with suppress(KeyboardInterrupt), _bar("Cataloguing") as tell:  # all is imported, come what may
                _catalogue(workbench.writer, tell)
    finally:
        workbench.close()
    if not done.events:
        click.echo(f"{file} holds no events; nothing was added.", err=True)
        return 0
    masked = f" {done.masked:,} of them came without their secrets." if done.masked else ""
    click.echo(
        f"{_events(done.events)} added, with the ids {done.first_id} to {done.last_id}.{masked}", err=True
    )
    return 0


def _catalogue(writer: HistoryWriter, tell: Tell) -> None:
    """Have searches find what was added quickly, right away: nobody may keep this history open soon. (What is not
    catalogued is found too, by reading it.)"""
    total = 0
    while left := writer.catalogue(_CATALOGUED_AT_ONCE):
        total = max(total, left + _CATALOGUED_AT_ONCE)
        tell(total - left, total)


@contextmanager
def _bar(label: str) -> Iterator[Tell]:
    """A progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_eta=True) as bar:

        def tell(done: int, total: int) -> None:
            if total:
                bar.length = total
                bar.update(done - bar.pos)

        yield tell


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
