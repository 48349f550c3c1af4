"""`certs import`: files, or what is pasted, into the vault. Imports certificates and the workbench."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from inspector.certificates.sources import Source, sources_of
from inspector.cli.certs_output import print_entries
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.secrets import from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

_STANDARD_INPUT = Path("-")


@click.command("import", context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|-...")
@click.option("--name", required=True, help="The name it gets in the vault.")
@click.option(
    "--password-env", metavar="VAR", help="Variable with the password of the key or the PKCS#12 file."
)
@click.option("--trust-clients", is_flag=True, help="Take client certificates that its CA has issued.")
@click.option(
    "--replace", is_flag=True, help="Replace the entry of that name; a renewed certificate keeps its key."
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def import_files(
    files: tuple[Path, ...],
    name: str,
    password_env: str | None,
    trust_clients: bool,  # noqa: FBT001 - click's
    replace: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Take a certificate, with its key where there is one, into the vault: PEM, DER, PKCS#12 or PKCS#7, key and
    certificates together or apart, in any order. "-" reads what is pasted into standard input.
    """
    given = from_environment("--password-env", password_env)
    password: str | Callable[[], str] | None = (
        given if given is not None else prompt_for("Password of the file")
    )
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    entry = workbench.vault.import_sources(
        read_sources(files), name, password, trust_clients=trust_clients, replace=replace
    )
    print_entries((entry,), as_json=as_json)
    return 0


def read_sources(files: tuple[Path, ...]) -> list[Source]:
    """The files' bytes; "-" among them is standard input, to its end. Raises CertificateError, UsageError."""
    if files.count(_STANDARD_INPUT) > 1:
        raise UsageError("Standard input can be read only once.", "Give one - alone.")
    return [
        source
        for file in files
        for source in (
            [Source("what was pasted", sys.stdin.buffer.read())]
            if file == _STANDARD_INPUT
            else sources_of([file])
        )
    ]
