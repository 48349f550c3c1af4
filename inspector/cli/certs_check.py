"""`certs check`: what is wrong, or soon will be, with an identity of the vault or with files. Imports certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.certificates.advice import advice
from inspector.certificates.check import check_entry, check_sources
from inspector.certificates.model import Finding, Purpose, Severity
from inspector.cli.certs_check_server import is_address
from inspector.cli.certs_import import read_sources
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import json_line
from inspector.cli.secrets import from_environment, prompt_for
from inspector.errors import CertificateError, UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.certificates.vault import Vault


@click.command("check", context_settings=CONTEXT)
@click.argument("things", nargs=-1, required=True, metavar="NAME|FILE|-|URL...")
@click.option("--server", "as_server", is_flag=True, help="Check it as a server's.")
@click.option("--client", "as_client", is_flag=True, help="Check it as a client's.")
@click.option(
    "--password-env", metavar="VAR", help="Variable with the password of the key or the PKCS#12 file."
)
@click.option(
    "--server-name", default="", metavar="NAME", help="Of a URL: the name to ask the server for (SNI)."
)
@click.option(
    "--identity", default="", metavar="NAME", help="Of a URL: the vault's identity to present to the server."
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def check(
    things: tuple[str, ...],
    as_server: bool,  # noqa: FBT001 - click passes flags so
    as_client: bool,  # noqa: FBT001
    password_env: str | None,
    server_name: str,
    identity: str,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Tell what is wrong with an identity, or with a server's certificates, and what to do about it.

    NAME is one of the vault, or several; FILEs are taken together: a certificate, its issuers, its key; "-" is what is
    pasted into standard input. A file that is called like one of the vault's names is ./NAME. A URL (https://…) is
    connected to, and nothing is sent. Exits 1 on an error, 3 where a server could not be reached.
    """
    if any(is_address(thing) for thing in things):
        return _check_server(things, server_name, identity, as_json=as_json)
    if server_name or identity:
        raise UsageError(
            "--server-name and --identity are for a URL.", "Write: certs check https://HOST:PORT"
        )
    if as_server and as_client:
        raise UsageError(
            "--server and --client are two purposes.", "Give one of them, or none to check in general."
        )
    purpose: Purpose | None = "server" if as_server else "client" if as_client else None
    home = current_home()
    vault = Workbench(home).vault if home.vault_file.exists() else None
    known_cas = vault.cas() if vault is not None else ()
    checked: list[tuple[str, tuple[Finding, ...]]] = []
    if _are_names(things, vault) and vault is not None:
        for name in dict.fromkeys(things):
            findings = check_entry(vault.get(name), purpose=purpose, known_cas=known_cas)
            checked.append((name, findings))
    else:
        sources = read_sources(tuple(map(Path, things)))
        given = from_environment("--password-env", password_env)
        password = given if given is not None else prompt_for("Password of the file")
        findings = check_sources(sources, password, purpose=purpose, known_cas=known_cas)
        checked.append((", ".join(things), findings))
    sound = [_tell(name, findings, as_json=as_json) for name, findings in checked]
    return 0 if all(sound) else 1


def _check_server(things: tuple[str, ...], server_name: str, identity: str, *, as_json: bool) -> int:
    from inspector.cli.certs_check_server import look_at, tell

    if len(things) > 1:
        raise UsageError("A server is checked alone.", f"Write: certs check {_shown(things[0])}")
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    vault = workbench.vault if workbench.home.vault_file.exists() else None
    found, chain, findings = look_at(things[0], workbench, vault, server_name=server_name, identity=identity)
    known_cas = vault.cas() if vault is not None else ()
    tell(things[0], found, chain, [_line(one) for one in findings], known_cas, as_json=as_json)
    if chain and not as_json:
        _tell(things[0], findings, as_json=False)
    if not chain:
        return 3
    return 1 if any(finding.severity is Severity.ERROR for finding in findings) else 0


def _line(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "advice": advice(finding.code),
    }


def _are_names(things: tuple[str, ...], vault: Vault | None) -> bool:
    """Whether all are names in the vault, or none is. Raises UsageError for a mixture, and for one word alone that is
    neither a name nor a file."""
    names = {entry.name for entry in vault.entries()} if vault is not None else set()
    known = [thing for thing in things if thing in names]
    if known and len(known) < len(things):
        other = next(thing for thing in things if thing not in names)
        raise UsageError(
            f"{known[0]} is a name in the vault, {_shown(other)} is not.",
            f"Check names and files apart; a file of that name is ./{known[0]}",
        )
    if not known and len(things) == 1 and "://" in things[0]:
        raise UsageError(
            f"{_shown(things[0])} is no https address: only those have certificates.",
            "Write: push-inspector certs check https://HOST:PORT",
        )
    if not known and things != ("-",) and len(things) == 1 and not Path(things[0]).exists():
        step = "The vault is empty: push-inspector certs create-dev makes development identities."
        if vault is not None:
            try:
                vault.get(things[0])
            except CertificateError as error:
                step = error.next_step  # it offers the names that are near
        raise UsageError(f"{_shown(things[0])} is neither a name in the vault nor a file.", step)
    return bool(known)


def _tell(name: str, findings: tuple[Finding, ...], *, as_json: bool) -> bool:
    """Print the findings on one identity; returns whether it is sound."""
    sound = all(finding.severity is not Severity.ERROR for finding in findings)
    if as_json:
        json_line({"name": name, "ok": sound, "findings": [_line(one) for one in findings]})
        return sound
    click.echo(_shown(name))
    for one in findings:
        severity, code = ("ok", "") if one.code == "ok" else (one.severity.value, one.code)
        click.echo(f"  {severity:<8}  {code:<17} {one.message}")
        if step := advice(one.code):
            click.echo(f"  {'':<8}  {'':<17} → {step}")
    return sound


def _shown(text: str) -> str:
    """A name or path for one line, whatever it is called."""
    return "".join(character if character.isprintable() else "?" for character in text)
