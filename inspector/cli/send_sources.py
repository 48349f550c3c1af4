"""What `send` sends: a template, a payload of one's own, a file, standard input or a push of the history; and the list
of what there is by name. Imports click and the workbench; the sender's library and the history lazily."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inspector.cli.output import Line, json_line, table
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.home import Home
    from inspector.sender.kept.library import Entry
    from inspector.sender.kept.payloads import Payloads

_F = TypeVar("_F", bound=Callable[..., Any])


def payloads_option(command: _F) -> _F:
    """`--payloads DIR`."""
    return click.option(
        "--payloads",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder of your own payloads, instead of the one in use.",
    )(command)


def source_options(command: _F) -> _F:
    """The options that tell what there is to send; a command gets them as keywords."""
    for option in (
        payloads_option,
        click.option(
            "--search", default="", metavar="WORDS", help="List those in which all words are found."
        ),
        click.option("--list", "list_sources", is_flag=True, help="List templates and your own payloads."),
    ):
        command = option(command)
    return command


def open_payloads(home: Home, folder: Path | None) -> Payloads:
    """One's own payloads: those in a folder, or in the one that is in use."""
    from inspector.sender.kept.payloads import Payloads, folder_of
    from inspector.sender.templates import names

    return Payloads(folder or folder_of(home), reserved=names())


def list_sources(options: dict[str, Any], *, as_json: bool) -> int:
    """Print templates and own payloads, or those that are searched for; returns the exit code."""
    from inspector.cli.group import current_home
    from inspector.sender.kept.library import open_payloads as read_all
    from inspector.sender.kept.library import search

    entries = search(read_all(open_payloads(current_home(), options["payloads"])), options["search"])
    if not entries and not as_json:
        click.echo("Nothing matches. All there is: push-inspector send --list", err=True)
    print_entries(entries, as_json=as_json)
    return 0


def print_entries(entries: tuple[Entry, ...], *, as_json: bool) -> None:
    """Print entries of the library; problems go to standard error."""
    if as_json:
        for one in entries:
            json_line(_entry_line(one))
        return
    rows = [
        (
            one.source,
            one.service.label,
            one.title + (" (unconfirmed)" if one.unconfirmed else ""),
            ", ".join(("own", *one.tags) if one.own else one.tags),
        )
        for one in entries
    ]
    if rows:
        click.echo(table(("NAME", "SERVICE", "WHAT IT IS", "TAGS"), rows, widest=72))
    for one in entries:
        if one.problem:
            click.echo(f"{one.name}: {one.problem}", err=True)


def _entry_line(one: Entry) -> Line:
    return {
        "name": one.source,
        "title": one.title,
        "service": one.service.value,
        "description": one.description,
        "tags": list(one.tags),
        "unconfirmed": one.unconfirmed,
        "own": one.own,
        "size": one.size,
        "problem": one.problem,
    }


def read_body(source: str, workbench: Workbench, payloads: Path | None = None) -> bytes:
    """The bytes that SOURCE names. Raises UsageError."""
    if source == "-":
        return sys.stdin.buffer.read()
    if source.startswith("history:"):
        return _from_history(source.removeprefix("history:"), workbench)
    path = Path(source)
    if path.suffix.lower() == ".json" or "/" in source or "\\" in source:
        return _read(path)
    from inspector.sender.kept.library import find_entry

    try:
        return find_entry(source, open_payloads(workbench.home, payloads)).body
    except UsageError:
        # A file whose name looks like no file's, such as one without an ending.
        if os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name that is too long
            return _read(path)
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.",
            "Name a JSON file, a template or payload (send --list), - or history:ID.",
        ) from error


def _from_history(text: str, workbench: Workbench) -> bytes:
    from inspector.history.model import Kind
    from inspector.history.up_to_date import open_for_reading

    path = workbench.home.history_file
    event = None
    if text.isascii() and text.isdigit() and path.exists():
        with open_for_reading(path) as reader:
            event = reader.event(int(text))
    if event is None or event.written.kind is not Kind.PUSH:
        raise UsageError(
            f"There is no push {text} in the history.", "List what there is with: push-inspector history list"
        )
    return event.written.body
