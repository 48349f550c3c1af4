"""`certs show`: an entry of the vault, or files that are not in it, in short or to the last field. Imports certificates
and the workbench."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from cryptography import x509

from inspector.certificates.anatomy import anatomy, as_text
from inspector.certificates.anatomy_field import Field
from inspector.certificates.describe import pem
from inspector.certificates.fingerprints import fingerprints
from inspector.certificates.links import Link, links
from inspector.certificates.model import VaultEntry
from inspector.certificates.read import read
from inspector.certificates.vault import Vault
from inspector.cli.certs_import import read_sources
from inspector.cli.certs_output import certificate_line, entry_line
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import Line, json_line
from inspector.cli.secrets import from_environment
from inspector.errors import CertificateError, UsageError
from inspector.workbench import Workbench

MARKS = {True: "✓", None: "?", False: "✗"}


@click.command("show", context_settings=CONTEXT)
@click.argument("things", nargs=-1, required=True, metavar="NAME|FILE|-...")
@click.option("--password-env", metavar="VAR", help="Variable with the password of a PKCS#12 file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--pem", "as_pem", is_flag=True, help="The certificates as PEM (never the key).")
@click.option("--text", "in_full", is_flag=True, help="Every field and extension of every certificate.")
@common
def show(
    things: tuple[str, ...],
    password_env: str | None,
    as_json: bool,  # noqa: FBT001 - click's
    as_pem: bool,  # noqa: FBT001
    in_full: bool,  # noqa: FBT001
) -> int:
    """Show one entry of the vault, or FILEs together: every certificate of its chain, and each link verified."""
    if as_json + as_pem + in_full > 1:
        raise UsageError("--json, --pem and --text are three forms.", "Give one of them.")
    home = current_home()
    vault = Workbench(home).vault if home.vault_file.exists() else None
    if (
        vault is not None
        and len(things) == 1
        and (any(entry.name == things[0] for entry in vault.entries()) or not _is_file(things[0]))
    ):
        entry = _entry(vault, things[0])
        chain, facts = entry.chain, entry_line(entry)
    else:
        password = from_environment("--password-env", password_env)
        material = read(read_sources(tuple(map(Path, things))), password, skip_locked_keys=True)
        chain = (*material.chain, *material.extra)
        facts = {"name": ", ".join(things), **certificate_line(material.leaf)}
    if as_pem:
        for certificate in chain:
            click.echo(pem(certificate), nl=False)
    elif in_full:
        click.echo("\n".join(as_text(anatomy(certificate)) for certificate in chain), nl=False)
    else:
        found = links(chain, known_cas=vault.cas() if vault is not None else ())
        _show(facts, chain, found, as_json=as_json)
    return 0


def _entry(vault: Vault, name: str) -> VaultEntry:
    try:
        return vault.get(name)
    except CertificateError as error:  # a path that is mistyped is one as well
        shown = "".join(character if character.isprintable() else "?" for character in name)
        raise UsageError(f"{shown} is neither a name in the vault nor a file.", error.next_step) from error


def _is_file(thing: str) -> bool:
    return thing == "-" or Path(thing).exists()


def _show(facts: Line, chain: Sequence[x509.Certificate], found: Sequence[Link], *, as_json: bool) -> None:
    if as_json:
        whole = [
            {
                **certificate_line(cert),
                **_fingerprints(cert),
                "fields": [field_line(one) for one in anatomy(cert)],
            }
            for cert in chain
        ]
        json_line(
            {**facts, **_fingerprints(chain[0]), "chain": whole, "links": [link_line(one) for one in found]}
        )
        return
    click.echo(f"{facts['name']}\n")
    for key, value in {**facts, **_fingerprints(chain[0])}.items():
        if key != "name":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            click.echo(f"  {key.replace('_', ' '):<20}{shown or '–'}")
    click.echo("\nChain")
    print_links(found)


def print_links(found: Sequence[Link]) -> None:
    """A chain as a tree, each certificate below the one it issued, with what was verified of it."""
    for depth, link in enumerate(found):
        indent = "  " * (depth + 1)
        facts = certificate_line(link.certificate)
        origin = "  (known, not in the chain)" if link.known else ""
        click.echo(f"{indent}{MARKS[link.ok]} {facts['subject']}{origin}")
        for check in link.checks:
            click.echo(f"{indent}    {MARKS[check.ok]} {check.message}")


def link_line(link: Link) -> Line:
    """A link as JSON; `ok` of a check is null where it can't be told here."""
    facts = certificate_line(link.certificate)
    return {
        "subject": facts["subject"],
        "issuer": link.issuer_name,
        "issuer_found": link.issuer is not None,
        "known": link.known,
        "ok": link.ok,
        "checks": [{"key": one.key, "ok": one.ok, "message": one.message} for one in link.checks],
    }


def field_line(field: Field) -> Line:
    """A field as JSON, what is empty left out."""
    line: Line = {"name": field.name}
    if field.value:
        line["value"] = field.value
    if field.note:
        line["note"] = field.note
    if field.parts:
        line["parts"] = [field_line(part) for part in field.parts]
    return line


def _fingerprints(cert: x509.Certificate) -> Line:
    prints = fingerprints(cert)
    return {"fingerprint_sha1": prints.sha1, "spki_pin_sha256": prints.spki_pin}
