"""How the command line is put together: commands loaded lazily, `--home` everywhere, errors as one line.

Imports click and the light parts of the package only.
"""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from inspector import __version__
from inspector.errors import InspectorError
from inspector.home import ENVIRONMENT_VARIABLE, Home

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
PROGRAM = "push-inspector"

# The home of this run outlives the command's context: what goes wrong is logged in it after the context is gone.
_named_home: ContextVar[Home | None] = ContextVar("named_home", default=None)


class _ReaderGoneError(Exception):
    """Whoever read our output has gone (click would end the run itself, with the code of a failure)."""


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported when they are needed."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(lazy or {})

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._lazy:
            module, name = self._lazy[cmd_name]
            command = getattr(importlib.import_module(module), name)
            assert isinstance(command, click.Command)
            return command
        return super().get_command(ctx, cmd_name)


def _remember_home(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.find_root().obj = Home.at(value)
        _named_home.set(Home.at(value))


def home_option() -> click.Option:
    """`--home DIR`, taken before and after the command's name."""
    return click.Option(
        ["--home"],
        type=click.Path(file_okay=False, path_type=Path),
        callback=_remember_home,
        expose_value=False,
        help=f"Folder with all state: history, vault, settings, logs. [{ENVIRONMENT_VARIABLE}]",
    )


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        click.echo(f"{PROGRAM} {__version__}")
        ctx.exit()


def VersionOption() -> click.Option:
    """`--version`, on every command."""
    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help="Show the version.",
    )


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every command takes."""
    params: list[click.Parameter] = getattr(command, "__click_params__", [])
    params += [VersionOption(), home_option()]
    command.__dict__["__click_params__"] = params
    return command


def current_home() -> Home:
    """The home of this run."""
    return home_of(click.get_current_context())


def home_of(context: click.Context) -> Home:
    """The home that a command line names, or the one that is used without; also while the shell completes it."""
    found = context.find_root().obj
    return found if isinstance(found, Home) else Home.default()


def fail(error: InspectorError) -> int:
    """Say an error on standard error; returns its exit code."""
    click.echo(f"{PROGRAM}: {error.message}", err=True)
    if error.next_step:
        click.echo(error.next_step, err=True)
    return error.exit_code


def guard(group: click.Command, arguments: list[str] | None) -> int:
    """Run a command line and return its exit code, whatever happens in it."""
    _named_home.set(None)
    logging.raiseExceptions = (
        False  # a log on a full disk must not print tracebacks among the lines of the run
    )
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = group.main(arguments, prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except InspectorError as error:
        return fail(error)
    except click.ClickException as error:
        # One line: click lists the choices of a missing option below each other.
        click.echo(f"{PROGRAM}: {' '.join(error.format_message().split())}", err=True)
        context = getattr(error, "ctx", None)
        path = context.command_path if isinstance(context, click.Context) else PROGRAM
        click.echo(f"Write: {path} --help", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except (BrokenPipeError, _ReaderGoneError):
        # Whoever read us has gone; nothing more can be said there.
        _let_output_go()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            return _unexpected(error)
        _let_output_go()
        click.echo(f"{PROGRAM}: what is printed can't be written: {error.strerror}.", err=True)
        click.echo("Make room where it goes to.", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - people get one line, the log gets the traceback
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _open_closed_streams() -> None:
    """A stream that was closed for us (`>&-`) is None; what is said there goes nowhere instead of failing."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open to the end of the run
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the same


def _let_output_go() -> None:
    """What is still to be written goes nowhere: Python tries once more at its exit, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected(error: Exception) -> int:
    from inspector import log

    try:
        sys.stdout.flush()
    except OSError:  # a full disk, for one
        _let_output_go()
    home = _named_home.get() or Home.default()
    log.set_up(home)
    log.unexpected(type(error), error, error.__traceback__)
    logging.shutdown()
    click.echo(f"{PROGRAM}: something unexpected went wrong ({type(error).__name__}).", err=True)
    click.echo(f"The details are in {home.log_file}", err=True)
    return 1
