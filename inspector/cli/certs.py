"""`certs`: the vault's identities from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from inspector.cli.certs_output import print_entries
from inspector.cli.group import CONTEXT, LazyGroup, common, current_home
from inspector.cli.output import json_line
from inspector.cli.secrets import at_terminal, from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

_MAKE = "inspector.cli.certs_make"
_LAZY = {
    "import": ("inspector.cli.certs_import", "import_files"),
    "show": ("inspector.cli.certs_show", "show"),
    "check": ("inspector.cli.certs_check", "check"),
    "protect": ("inspector.cli.certs_protect", "protect"),
    "create-ca": (_MAKE, "create_ca"),
    "create-client": (_MAKE, "create_client"),
    "create-server": (_MAKE, "create_server"),
    "csr": (_MAKE, "csr"),
    "complete": (_MAKE, "complete"),
    "renew": (_MAKE, "renew"),
    "sign": (_MAKE, "sign"),
    "handover": (_MAKE, "handover"),
    "snippet": (_MAKE, "snippet"),
}


@click.group(cls=LazyGroup, context_settings=CONTEXT, lazy=_LAZY)
@common
def certs() -> None:
    """Make, import, check and hand out identities."""


def _workbench() -> Workbench:
    return Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))


@certs.command("create-dev", context_settings=CONTEXT)
@click.option("--force", is_flag=True, help="Replace the ones there are.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def create_dev(force: bool, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Make dev-ca, dev-server and dev-client."""
    entries = _workbench().vault.create_dev(force=force)
    print_entries(entries, as_json=as_json)
    return 0


@certs.command("list", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def list_entries(as_json: bool) -> int:  # noqa: FBT001 - click's
    """List what the vault holds, and how its keys are kept."""
    from inspector.certificates.requests import pending

    vault = _workbench().vault
    entries, waiting = vault.entries(), pending(vault)
    for request in () if as_json else waiting:
        click.echo(f"{request.name} waits for its certificate since {request.created_at[:10]}.", err=True)
    if not entries and waiting:
        return 0
    if not entries:
        click.echo(
            "The vault is empty. Make identities for development with: push-inspector certs create-dev",
            err=True,
        )
        return 0
    print_entries(entries, as_json=as_json)
    source = vault.source()
    click.echo(f"Keys are kept encrypted; the passphrase comes from: {source.description}", err=True)
    if source.advice:
        click.echo(source.advice, err=True)
    return 0


@certs.command("export", context_settings=CONTEXT)
@click.argument("name")
@click.option(
    "--dir",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder they are written to; made where it isn't there.",
)
@click.option(
    "--name-prefix",
    "prefix",
    default="mybrandpush",
    show_default=True,
    metavar="PREFIX",
    help="Writes PREFIXKey.pem and PREFIXCrt.pem.",
)
@click.option(
    "--encrypt-env",
    metavar="VAR",
    help="Variable with the password to encrypt the key with (else it is clear).",
)
@click.option("--replace", is_flag=True, help="Replace files that are there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@common
def export(
    name: str,
    directory: Path,
    prefix: str,
    encrypt_env: str | None,
    replace: bool,  # noqa: FBT001 - click's
    as_json: bool,  # noqa: FBT001
) -> int:
    """Write an identity's two PEM files.

    They are what LivePerson asks for: the key, and the certificate with its intermediate issuers.
    """
    from inspector.certificates.export import export_pem

    password = from_environment("--encrypt-env", encrypt_env)
    identity = _workbench().vault.identity(name)
    key, certificate = export_pem(identity, directory, prefix, password, replace=replace)
    if as_json:
        json_line(
            {
                "name": name,
                "key": str(key),
                "certificate": str(certificate),
                "encrypted": password is not None,
            }
        )
    else:
        click.echo(key)
        click.echo(certificate)
    if password is None:
        click.echo("The key's file is not encrypted: only you can read it. Keep it so.", err=True)
    return 0


@certs.command("delete", context_settings=CONTEXT)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
@common
def delete(name: str, yes: bool) -> int:  # noqa: FBT001 - click's
    """Delete an entry of the vault, with its key."""
    from inspector.certificates.requests import drop_request, pending
    from inspector.usage import listed

    workbench = _workbench()
    vault, used = workbench.vault, ""
    request = next((one for one in pending(vault) if one.name == name), None)
    if request is not None:
        what = f"the request {name} and its private key"
    else:
        entry = vault.get(name)
        what = f"{name} and its private key" if entry.has_key else name
        used = listed(workbench.uses_of(entry))
    needed = f" It is used by {used}." if used else ""
    if not yes:
        if not at_terminal():
            raise UsageError(
                f"Deleting {what} can't be undone.{needed}",
                f"Write: push-inspector certs delete {name} --yes",
            )
        click.confirm(f"Delete {what}? That can't be undone.{needed}", abort=True, err=True)
    if request is not None:
        drop_request(vault, name)
    else:
        vault.remove(name)
    click.echo(f"Deleted {what}.{needed.replace('is used', 'was used')}", err=True)
    return 0
