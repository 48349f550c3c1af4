"""`certs protect`: how the vault is locked, and after how long. Imports certificates and the workbench."""

from __future__ import annotations

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

_NEVER = "never"


@click.command("protect", context_settings=CONTEXT)
@click.option(
    "--with",
    "kind",
    type=click.Choice(["keyring", "environment", "passphrase", "key-file"]),
    help="Where the vault's passphrase comes from.",
)
@click.option(
    "--passphrase-env", metavar="VAR", help="Variable with your new passphrase (else it is asked for)."
)
@click.option(
    "--lock-after",
    metavar="MINUTES",
    help="Forget the passphrase in the window when no key was needed for so long; “never” by default.",
)
@common
def protect(kind: str | None, passphrase_env: str | None, lock_after: str | None) -> int:
    """Lock the vault's keys with another passphrase; all are encrypted anew, in one step."""
    from inspector.certificates.passphrase import PassphraseKind

    if kind is None and lock_after is None:
        raise UsageError(
            "There is nothing to change.",
            "Give --with keyring|environment|passphrase|key-file, or --lock-after.",
        )
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    if lock_after is not None:
        workbench.lock_vault_after(_minutes(lock_after))
    vault = workbench.vault
    if kind == "passphrase":
        vault.change_passphrase(_new_passphrase(passphrase_env))
    elif kind is not None:
        vault.protect_with(PassphraseKind(kind.replace("-", "_")))
    click.echo(f"The vault's passphrase comes from: {vault.source().description}", err=True)
    if vault.opening.idle_limit is not None:
        minutes = int(vault.opening.idle_limit // 60)
        click.echo(f"It is forgotten after {minutes} idle minute{'' if minutes == 1 else 's'}.", err=True)
    return 0


def _minutes(text: str) -> int | None:
    if text == _NEVER:
        return None
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            f"“{text}” is no number of minutes.", "Write a whole number of minutes, or never."
        ) from None


def _new_passphrase(variable: str | None) -> str:
    given = from_environment("--passphrase-env", variable)
    if given is not None:
        return given
    ask = prompt_for("New passphrase of the vault", twice=True)
    if ask is None:
        raise UsageError(
            "There is no terminal to ask for the new passphrase at.",
            "Name a variable with --passphrase-env VAR.",
        )
    return ask()
