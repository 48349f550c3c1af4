"""`certs`: the vault's identities from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from inspector.certificates.describe import describe
from inspector.certificates.model import VaultEntry
from inspector.cli.group import CONTEXT, LazyGroup, common, current_home
from inspector.cli.output import Line, json_line, table
from inspector.cli.secrets import at_terminal, from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

_MAKE = "inspector.cli.certs_make"
_LAZY = {
    "check": ("inspector.cli.certs_check", "check"),
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
    _print(entries, as_json=as_json)
    return 0


@certs.command("import", context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--name", required=True, help="The name it gets in the vault.")
@click.option(
    "--password-env", metavar="VAR", help="Variable with the password of the key or the PKCS#12 file."
)
@click.option("--trust-clients", is_flag=True, help="Take client certificates that its CA has issued.")
@click.option("--replace", is_flag=True, help="Replace the entry of that name.")
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
    """Take a certificate, with its key where there is one, into the vault: PEM, DER or PKCS#12."""
    given = from_environment("--password-env", password_env)
    password: str | Callable[[], str] | None = (
        given if given is not None else prompt_for("Password of the file")
    )
    entry = _workbench().vault.import_files(
        files, name, password, trust_clients=trust_clients, replace=replace
    )
    _print((entry,), as_json=as_json)
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
    _print(entries, as_json=as_json)
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

    vault = _workbench().vault
    request = next((one for one in pending(vault) if one.name == name), None)
    if request is not None:
        what = f"the request {name} and its private key"
    else:
        entry = vault.get(name)
        what = f"{name} and its private key" if entry.has_key else name
    if not yes:
        if not at_terminal():
            raise UsageError(
                f"Deleting {what} can't be undone.", f"Write: push-inspector certs delete {name} --yes"
            )
        click.confirm(f"Delete {what}? That can't be undone.", abort=True, err=True)
    if request is not None:
        drop_request(vault, name)
    else:
        vault.remove(name)
    click.echo(f"Deleted {what}.", err=True)
    return 0


@certs.command("protect", context_settings=CONTEXT)
@click.option(
    "--with",
    "kind",
    required=True,
    type=click.Choice(["keyring", "environment", "passphrase", "key-file"]),
    help="Where the vault's passphrase comes from.",
)
@click.option(
    "--passphrase-env", metavar="VAR", help="Variable with your new passphrase (else it is asked for)."
)
@common
def protect(kind: str, passphrase_env: str | None) -> int:
    """Lock the vault's keys with another passphrase; all are encrypted anew, in one step."""
    from inspector.certificates.passphrase import PassphraseKind

    vault = _workbench().vault
    if kind == "passphrase":
        vault.change_passphrase(_new_passphrase(passphrase_env))
    else:
        vault.protect_with(PassphraseKind(kind.replace("-", "_")))
    click.echo(f"The vault's passphrase comes from: {vault.source().description}", err=True)
    return 0


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


@certs.command("show", context_settings=CONTEXT)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--pem", "as_pem", is_flag=True, help="The certificates as PEM (never the key).")
@common
def show_entry(name: str, as_json: bool, as_pem: bool) -> int:  # noqa: FBT001 - click's
    """Show one entry: every certificate of its chain."""
    from inspector.certificates.describe import pem

    entry = _workbench().vault.get(name)
    if as_pem:
        for certificate in entry.chain:
            click.echo(pem(certificate), nl=False)
        return 0
    if as_json:
        chain = [_certificate_line(place, entry) for place in range(len(entry.chain))]
        json_line({**_entry_line(entry), "chain": chain})
        return 0
    facts = _entry_line(entry)
    click.echo(f"{entry.name}\n")
    for key, value in facts.items():
        if key != "name":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            click.echo(f"  {key.replace('_', ' '):<20}{shown or '–'}")
    for place in range(1, len(entry.chain)):
        issuer = describe(entry.chain[place])
        click.echo(f"\n  issued by           {issuer.subject}\n  valid until         {issuer.not_after}")
    return 0


def _certificate_line(place: int, entry: VaultEntry) -> Line:
    facts = describe(entry.chain[place])
    return {
        "subject": facts.subject,
        "issuer": facts.issuer,
        "serial": facts.serial,
        "not_before": facts.not_before,
        "not_after": facts.not_after,
        "days_left": facts.days_left,
        "fingerprint_sha256": facts.fingerprint_sha256,
        "key": facts.key,
        "signature": facts.signature,
        "names": list(facts.names),
        "purposes": list(facts.purposes),
        "is_ca": facts.is_ca,
    }


def _entry_line(entry: VaultEntry) -> Line:
    return {
        "name": entry.name,
        **_certificate_line(0, entry),
        "has_key": entry.has_key,
        "trust_clients": entry.trust_clients,
        "created_at": entry.created_at,
    }


def _print(entries: tuple[VaultEntry, ...], *, as_json: bool) -> None:
    if as_json:
        for entry in entries:
            json_line(_entry_line(entry))
        return
    rows = []
    for entry in entries:
        facts = describe(entry.leaf)
        left = (
            f"{facts.not_after[:10]} ({facts.days_left} days)"
            if facts.days_left >= 0
            else f"{facts.not_after[:10]} expired"
        )
        marks = ["key"] if entry.has_key else []
        if entry.trust_clients:
            marks.append("trusted for clients")
        rows.append(
            (
                entry.name,
                ", ".join(facts.purposes),
                facts.subject,
                facts.issuer,
                facts.key,
                left,
                ", ".join(marks),
            )
        )
    click.echo(table(("NAME", "PURPOSE", "SUBJECT", "ISSUER", "KEY", "VALID UNTIL", ""), rows))
