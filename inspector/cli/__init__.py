"""The commands. Importing this loads click and nothing heavy: each command's module is loaded when it is run.

Errors become one or two lines on standard error and the exit code of the error tree, never a traceback.
"""

from __future__ import annotations

import sys

import click

from inspector.cli.group import CONTEXT, LazyGroup, VersionOption, guard, home_option

_HELP = """See LivePerson's pushes arrive over mutual TLS, understand them, change one and send it again.

Without a command it opens the window."""


@click.pass_context
def _open_window(ctx: click.Context) -> object:
    if ctx.invoked_subcommand is not None:
        return None
    from inspector.cli.window import gui

    return ctx.invoke(gui)


main_group = LazyGroup(
    name="push-inspector",
    help=_HELP,
    context_settings=CONTEXT,
    invoke_without_command=True,
    callback=_open_window,
    params=[home_option(), VersionOption()],
    lazy={
        "gui": ("inspector.cli.window", "gui"),
        "demo": ("inspector.cli.demo", "demo"),
        "listen": ("inspector.cli.listen", "listen"),
        "send": ("inspector.cli.send", "send"),
        "targets": ("inspector.cli.targets", "targets"),
        "certs": ("inspector.cli.certs", "certs"),
        "history": ("inspector.cli.history", "history"),
        "payloads": ("inspector.cli.payloads", "payloads"),
        "env": ("inspector.cli.environments", "env"),
    },
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(guard(main_group, arguments))


__all__ = ["main", "main_group"]
