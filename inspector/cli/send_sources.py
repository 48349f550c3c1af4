"""What `send` sends: a template, a file, standard input or a push of the history. Imports click and the workbench; the
sender's templates and the history lazily."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from inspector.cli.output import json_line, table
from inspector.errors import UsageError
from inspector.workbench import Workbench


def list_templates(*, as_json: bool) -> int:
    """Print the templates; returns the exit code."""
    from inspector.sender.templates import all_templates

    templates = all_templates()
    if as_json:
        for one in templates:
            json_line(
                {
                    "name": one.name,
                    "title": one.title,
                    "service": one.service.value,
                    "description": one.description,
                    "tags": list(one.tags),
                    "unconfirmed": one.unconfirmed,
                }
            )
        return 0
    rows = [
        (one.name, one.service.label, one.title + (" (unconfirmed)" if one.unconfirmed else ""))
        for one in templates
    ]
    click.echo(table(("NAME", "SERVICE", "WHAT IT IS"), rows, widest=72))
    return 0


def read_body(source: str, workbench: Workbench) -> bytes:
    """The bytes that SOURCE names. Raises UsageError."""
    if source == "-":
        return sys.stdin.buffer.read()
    if source.startswith("history:"):
        return _from_history(source.removeprefix("history:"), workbench)
    path = Path(source)
    if path.suffix.lower() == ".json" or "/" in source or "\\" in source:
        return _read(path)
    from inspector.sender.templates import find

    try:
        return find(source).body
    except UsageError:
        # A file whose name looks like no file's, such as one without an ending.
        if path.is_file():
            return _read(path)
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.",
            "Name a JSON file, a template (send --list), - or history:ID.",
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
