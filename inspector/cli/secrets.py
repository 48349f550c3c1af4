"""Where the commands take secrets from: a variable named by an option, or a prompt at a terminal. Never an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

from inspector.errors import UsageError


def from_environment(option: str, variable: str | None, *, what: str = "the password") -> str | None:
    """The value of the variable an option names; None where the option was not given. Raises UsageError if unset."""
    if variable is None:
        return None
    value = os.environ.get(variable)
    if value is None:
        raise UsageError(
            f"{option} names the environment variable {variable}, which is not set.",
            f"Set {variable} to {what}.",
        )
    return value


def at_terminal() -> bool:
    """Whether somebody can be asked: nothing ever waits at a prompt otherwise."""
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):
        return False


def prompt_for(what: str, *, twice: bool = False) -> Callable[[], str] | None:
    """A function that asks for a secret at the terminal (`twice`: a new one); None where there is no terminal."""
    if not at_terminal():
        return None

    def ask() -> str:
        return str(click.prompt(what, hide_input=True, confirmation_prompt=twice, err=True))

    return ask


def basic_password(user: str, variable: str | None) -> str:
    """The password of `--basic-user`: from the variable, else asked for at the terminal; "" where no user is named.

    Raises UsageError where one is named without the other and nobody can be asked: Basic is never left out unsaid.
    """
    value = from_environment("--basic-password-env", variable)
    if not user and value is not None:
        raise UsageError("--basic-password-env is a password without a user.", "Add --basic-user USER.")
    if not user or value is not None:
        return value or ""
    ask = prompt_for(f"Password of {user}")
    if ask is None:
        raise UsageError(
            "--basic-user needs a password.",
            "Name the variable that holds it: --basic-password-env VARIABLE.",
        )
    return ask()
