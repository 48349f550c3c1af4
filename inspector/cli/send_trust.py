"""Whom `send` trusts as the server: its options, and what they mean. Imports click and the words for sending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from inspector.errors import UsageError
from inspector.sender.request import TrustKind

_F = TypeVar("_F", bound=Callable[..., Any])
_NAMED = (TrustKind.USUAL, TrustKind.SYSTEM, TrustKind.VAULT)
_OPTIONS = (
    click.option(
        "--ca",
        "cas",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Trust this CA alone (repeatable).",
    ),
    click.option(
        "--pin", metavar="FILE|SHA256", help="Take exactly this certificate, whatever its name and age."
    ),
    click.option(
        "--trust",
        type=click.Choice([kind.value for kind in _NAMED]),
        help="Trust the OS trust store, the vault's CAs, or both (usual).",
    ),
    click.option("--insecure", is_flag=True, help="Do not check the server's certificate."),
)


def trust_options(command: _F) -> _F:
    """The options that say whom to trust."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_trust(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request that the options mean; empty where none is given. Raises UsageError."""
    cas, pin, named, insecure = (options[name] for name in ("cas", "pin", "trust", "insecure"))
    if insecure and not pin:
        return {"trust": TrustKind.NOTHING}
    if sum(map(bool, (cas, pin, named, insecure))) > 1:
        raise UsageError(
            "--ca, --pin, --trust and --insecure say each by itself whom to trust.", "Give one of them."
        )
    if cas:
        return {"trust": TrustKind.FILES, "ca_files": cas}
    if pin:
        return {"trust": TrustKind.PIN, "pin": _pin(pin)}
    return {"trust": TrustKind(named)} if named else {}


def _pin(text: str) -> str:
    """The fingerprint that is meant: a file's that is there, else what is written."""
    from inspector.sending_setup import pin, pin_of_file

    path = Path(text)
    try:
        there = path.exists()
    except (OSError, ValueError):  # it is no path at all
        there = False
    if there:
        return pin_of_file(path)
    try:
        return pin(text)
    except UsageError as error:
        raise UsageError(
            f"There is no file {text}, and as a fingerprint: {error.message}", error.next_step
        ) from error
