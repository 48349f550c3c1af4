"""`send`'s variables: its options, each push's body, and `--dry-run`. Imports click, the commands' output and the
workbench; the sender lazily."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inspector.cli.output import json_line
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.contract.variables import Recipe, Resolved, Values
    from inspector.sender.kept.series import Series

_F = TypeVar("_F", bound=Callable[..., Any])
_MASK = "•••"

_OPTIONS = (
    click.option(
        "--env", "environment", metavar="NAME", help="Environment for {{env …}}; else the current one."
    ),
    click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        help="A value for {{env NAME}} (repeatable; none that is secret).",
    ),
    click.option("--as-is", is_flag=True, help="Leave variables as they are."),
    click.option(
        "--dry-run",
        "--show-resolved",
        "dry_run",
        is_flag=True,
        help="Print the bytes that would be sent, and send nothing.",
    ),
    click.option("--reveal", is_flag=True, help="With --dry-run: show the environment's secrets, too."),
)


def variable_options(command: _F) -> _F:
    """The options for variables; a command gets them as keywords, for `make_bodies`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Bodies:
    """The body of each push of a run: variables filled in, then the changes made."""

    def __init__(self, body: bytes, changes: tuple[str, ...], series: Series | None) -> None:
        from inspector.contract.variables import read

        self._changes = changes
        self._series = series
        self._body = body
        self._recipe: Recipe | None = None
        if series is None or not (b"{{" in body or any("{{" in change for change in changes)):
            self._series = None
            self._body = self._changed(body, changes)
        elif b"{{" in body:
            self._recipe = read(body.decode("utf-8", "surrogateescape"))

    def body(self, number: int) -> bytes:
        """Push `number`'s body, from 0. Raises UsageError where a change can't be made."""
        return self._body if self._series is None else self._make(self._series.at(number))[0]

    def resolved(self, number: int, *, reveal: bool) -> tuple[bytes, tuple[Resolved, ...]]:
        """The body as it may be shown, and what was filled in."""
        from dataclasses import replace

        if self._series is None:
            return self._body, ()
        values = self._series.at(number)
        if not reveal:
            hidden = {
                name: _MASK if name in values.secrets else text for name, text in values.environment.items()
            }
            values = replace(values, environment=hidden)
        return self._make(values)

    def tell_problems(self) -> None:
        """Say on standard error what stays as it is."""
        if self._series is None:
            return
        for resolved in self._make(self._series.at(0))[1]:
            for problem in resolved.problems:
                click.echo(f"A variable stays as it is. {problem.message} {problem.next_step}", err=True)

    def _make(self, values: Values) -> tuple[bytes, tuple[Resolved, ...]]:
        from inspector.contract.variables import resolve

        random = values.random()
        body, done = self._body, []
        if self._recipe is not None:
            done.append(self._recipe.resolve(values, random))
            body = done[0].text.encode("utf-8", "surrogateescape")
        changes = [resolve(change, values, random) for change in self._changes]
        done += changes
        return self._changed(body, tuple(change.text for change in changes)), tuple(done)

    @staticmethod
    def _changed(body: bytes, changes: tuple[str, ...]) -> bytes:
        if changes:
            from inspector.sender.edit import set_value

            for change in changes:
                body = set_value(body, change)
        return body


def make_bodies(
    workbench: Workbench, source: str, body: bytes, changes: tuple[str, ...], options: dict[str, Any]
) -> Bodies:
    """The bodies that the options mean. A push of the history is sent as it was, unless values are given for it. Raises
    UsageError, StateError, VaultError."""
    given = dict(map(_pair, options["variables"]))
    named: str | None = options["environment"]
    if options["as_is"] and (given or named):
        raise UsageError("--as-is leaves variables as they are.", "Leave it out, or --env and --var.")
    captured = source.startswith("history:") and not given and named is None and "{{" not in "".join(changes)
    if options["as_is"] or captured:
        return Bodies(body, changes, None)
    if named is None and b"{{" not in body and "{{" not in "".join(changes):
        return Bodies(body, changes, None)
    from inspector.sender.kept.environments import Environments
    from inspector.sender.kept.series import Series

    taken = Environments(workbench.home, lambda: workbench.vault).take(named)
    return Bodies(body, changes, Series({**taken.values, **given}, taken.secrets - given.keys()))


def show_resolved(bodies: Bodies, count: int, *, as_json: bool, reveal: bool) -> int:
    """Print what would be sent: the bytes of one push as they are, those of more with a line end after each."""
    masked = False
    for number in range(count):
        body, done = bodies.resolved(number, reveal=reveal)
        masked = masked or (not reveal and any(one.secret for resolved in done for one in resolved.replaced))
        if as_json:
            json_line(
                {
                    "event": "resolved",
                    "number": number,
                    "size": len(body),
                    "body": body.decode("utf-8", "backslashreplace"),
                    "replaced": [
                        {"variable": one.name, "value": one.value}
                        for resolved in done
                        for one in resolved.replaced
                    ],
                    "problems": [one.message for resolved in done for one in resolved.problems],
                }
            )
        else:
            sys.stdout.buffer.write(body + (b"\n" if count > 1 else b""))
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    bodies.tell_problems()
    if masked:
        click.echo("Secrets are masked: --reveal shows them, and the bytes as they would be sent.", err=True)
    return 0


def _pair(text: str) -> tuple[str, str]:
    from inspector.contract.variables import is_variable_name

    name, equals, value = text.partition("=")
    if not equals or not is_variable_name(name):
        raise UsageError("--var needs a name and a value.", "Write it as --var BRAND=90588711.")
    return name, value
