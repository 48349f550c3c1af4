"""`certs create-…`, `csr`, `complete`, `renew`, `sign`, `handover`, `snippet`: identities made, and handed over.

Imports click, the workbench and certificates (lazily).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import json_line
from inspector.cli.secrets import from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.certificates.key_kinds import KeyKind
    from inspector.certificates.model import Identity, Purpose
    from inspector.certificates.vault import Vault

_KEY_KINDS = ("ecdsa-p256", "ecdsa-p384", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519")
_MOST_DAYS = 36_500  # as in the window; X.509 knows no year after 9999
_key_type = click.option(
    "--key-type", type=click.Choice(_KEY_KINDS), default="ecdsa-p256", show_default=True, help="Kind of key."
)
_days = click.option("--days", type=click.IntRange(1, _MOST_DAYS), metavar="N", help="How long it lasts.")
_names = click.option(
    "--san", "names", multiple=True, metavar="NAME", help="Host name or address it is for (repeatable)."
)
_issuer = click.option(
    "--ca", "issuer", default="dev-ca", show_default=True, help="The vault's CA that signs."
)
_replace = click.option("--replace", is_flag=True, help="Replace the entry of that name.")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


def _vault() -> Vault:
    return Workbench(current_home(), ask=prompt_for("Passphrase of the vault")).vault


@click.command("create-ca", context_settings=CONTEXT)
@click.argument("name")
@click.option("--under", default="", metavar="CA", help="The vault's CA that signs it; else it is a root.")
@_key_type
@_days
@click.option("--trust-clients", is_flag=True, help="Take client certificates that it has issued.")
@_replace
@_json
@common
def create_ca(
    name: str,
    under: str,
    key_type: str,
    days: int | None,
    trust_clients: bool,  # noqa: FBT001 - click's
    replace: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Make a certificate authority, a root or an intermediate one."""
    from inspector.certificates import mint
    from inspector.certificates.key_kinds import KeyKind, generate
    from inspector.certificates.requests import issuing_ca

    vault = _vault()
    ca = issuing_ca(vault, under) if under else None
    made = mint.make_ca(
        name,
        issuer=ca,
        key=generate(KeyKind(key_type)),
        not_after=mint.ends_in(days, ca),
    )
    vault.add(name, made.chain, made.key, trust_clients=trust_clients, replace=replace)
    return _made(made, as_json=as_json)


def _issue(
    purpose: Purpose, name: str, issuer: str, kind: KeyKind, days: int | None, names: tuple[str, ...]
) -> tuple[Vault, Identity]:
    from inspector.certificates import mint
    from inspector.certificates.key_kinds import generate
    from inspector.certificates.requests import issuing_ca

    vault = _vault()
    ca = issuing_ca(vault, issuer)
    made = mint.issue(
        ca, name, purposes=(purpose,), names=names, key=generate(kind), not_after=mint.ends_in(days, ca)
    )
    return vault, made


@click.command("create-client", context_settings=CONTEXT)
@click.argument("name")
@_issuer
@_key_type
@_days
@_replace
@_json
@common
def create_client(
    name: str,
    issuer: str,
    key_type: str,
    days: int | None,
    replace: bool,  # noqa: FBT001 - click's
    as_json: bool,  # noqa: FBT001
) -> int:
    """Make a client's identity, such as the pusher presents."""
    from inspector.certificates.key_kinds import KeyKind

    vault, made = _issue("client", name, issuer, KeyKind(key_type), days, ())
    vault.add(name, made.chain, made.key, replace=replace)
    return _made(made, as_json=as_json)


@click.command("create-server", context_settings=CONTEXT)
@click.argument("name")
@_names
@_issuer
@_key_type
@_days
@_replace
@_json
@common
def create_server(
    name: str,
    names: tuple[str, ...],
    issuer: str,
    key_type: str,
    days: int | None,
    replace: bool,  # noqa: FBT001 - click's
    as_json: bool,  # noqa: FBT001
) -> int:
    """Make a server's identity; without --san for this machine's names and addresses."""
    from inspector.certificates import mint
    from inspector.certificates.key_kinds import KeyKind

    vault, made = _issue("server", name, issuer, KeyKind(key_type), days, names or mint.own_names())
    vault.add(name, made.chain, made.key, replace=replace)
    return _made(made, as_json=as_json)


@click.command("csr", context_settings=CONTEXT)
@click.argument("name")
@click.option("--common-name", default="", help="The certificate's common name; else NAME.")
@click.option("--server", is_flag=True, help="For a server; else for a client.")
@_names
@_key_type
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it there."
)
@click.option("--again", is_flag=True, help="Show a request that waits already.")
@_json
@common
def csr(
    name: str,
    common_name: str,
    server: bool,  # noqa: FBT001 - click's
    names: tuple[str, ...],
    key_type: str,
    out: Path | None,
    again: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> int:
    """Make a key, which stays in the vault, and a certificate signing request for it."""
    from inspector.certificates import requests
    from inspector.certificates.key_kinds import KeyKind

    if again:
        made = requests.find_request(_vault(), name)
    else:
        if out is not None:
            _refuse_taken(out)  # before a key is made that would wait for nobody
        made = requests.request(
            _vault(),
            name,
            common_name=common_name,
            purposes=("server",) if server else ("client",),
            names=names,
            kind=KeyKind(key_type),
        )
    if out is not None:
        _write(out, made.pem)
    if as_json:
        json_line({"name": name, "created_at": made.created_at, "csr": made.pem})
    elif out is None:
        click.echo(made.pem, nl=False)
    click.echo(f"When it is signed: push-inspector certs complete {name} FILE", err=True)
    return 0


@click.command("complete", context_settings=CONTEXT)
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|-...")
@_json
@common
def complete(name: str, files: tuple[Path, ...], as_json: bool) -> int:  # noqa: FBT001 - click's
    """Put the signed certificate to the key that a request was made with. "-" reads what is pasted."""
    from inspector.certificates import requests
    from inspector.certificates.describe import describe
    from inspector.cli.certs_import import read_sources

    entry = requests.complete(_vault(), name, read_sources(files))
    facts = describe(entry.leaf)
    if as_json:
        json_line(
            {"name": name, "subject": facts.subject, "issuer": facts.issuer, "not_after": facts.not_after}
        )
    else:
        click.echo(
            f"{name} is complete: {facts.subject}, issued by {facts.issuer}, until {facts.not_after[:10]}."
        )
    return 0


@click.command("renew", context_settings=CONTEXT)
@click.argument("name")
@click.option("--new-key", is_flag=True, help="With a new key; else with the same.")
@_json
@common
def renew(name: str, new_key: bool, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Renew a certificate: at once where its CA is in the vault, else by a new request."""
    from inspector.certificates.describe import describe
    from inspector.certificates.pending import PendingRequest
    from inspector.certificates.renewing import renew as renew_entry

    renewed = renew_entry(_vault(), name, new_key=new_key)
    if isinstance(renewed, PendingRequest):
        if as_json:
            json_line({"name": name, "renewed": False, "csr": renewed.pem})
        else:
            click.echo(renewed.pem, nl=False)
        click.echo(
            f"Its CA is not in the vault with a key. Have this request signed, then: push-inspector certs complete"
            f" {name} FILE",
            err=True,
        )
        return 0
    facts = describe(renewed.leaf)
    if as_json:
        json_line({"name": name, "renewed": True, "not_after": facts.not_after, "serial": facts.serial})
    else:
        click.echo(f"{name} is renewed until {facts.not_after[:10]}; what uses it takes the new one.")
    return 0


@click.command("sign", context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|-")
@_issuer
@click.option("--server", is_flag=True, help="For a server, whatever it asks for.")
@click.option("--client", is_flag=True, help="For a client, whatever it asks for.")
@_names
@_days
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it there."
)
@common
def sign(
    file: Path,
    issuer: str,
    server: bool,  # noqa: FBT001 - click's
    client: bool,  # noqa: FBT001
    names: tuple[str, ...],
    days: int | None,
    out: Path | None,
) -> int:
    """Sign somebody's request, "-" for what is pasted, with a CA of the vault; prints the certificate and its chain."""
    from inspector.certificates import requests
    from inspector.certificates.export import chain_pem
    from inspector.cli.certs_import import read_sources

    (given,) = read_sources((file,))
    wanted = requests.parse_csr(given.data, given.name)
    purposes: list[Purpose] = []
    if server:
        purposes.append("server")
    if client:
        purposes.append("client")
    chain = requests.sign(
        _vault().identity(issuer), wanted, purposes=purposes or None, names=names or None, days=days
    )
    text = chain_pem(chain).decode("ascii")
    if out is not None:
        _write(out, text)
    else:
        click.echo(text, nl=False)
    return 0


@click.command("handover", context_settings=CONTEXT)
@click.argument("name")
@click.option(
    "--dir",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder they are written to; made where it isn't there.",
)
@click.option("--name-prefix", "prefix", default="mybrandpush", show_default=True, metavar="PREFIX")
@click.option("--encrypt-env", metavar="VAR", help="Variable with the password to encrypt the key with.")
@click.option("--replace", is_flag=True, help="Replace files that are there.")
@_json
@common
def handover(
    name: str,
    directory: Path,
    prefix: str,
    encrypt_env: str | None,
    replace: bool,  # noqa: FBT001 - click's
    as_json: bool,  # noqa: FBT001
) -> int:
    """Write the two files for LivePerson, and what a push proxy needs to take the client."""
    from inspector.certificates.handover import hand_over

    vault = _vault()
    password = from_environment("--encrypt-env", encrypt_env)
    written = hand_over(vault.identity(name), directory, prefix, password, known=vault.cas(), replace=replace)
    if as_json:
        json_line(
            {
                "name": name,
                "encrypted": password is not None,
                "files": [{"path": str(one.path), "for": one.receiver, "is": one.meaning} for one in written],
            }
        )
        return 0
    for one in written:
        click.echo(f"{one.path}  ({one.receiver}: {one.meaning})")
    if password is None:
        click.echo("The key's file is not encrypted: only you can read it. Keep it so.", err=True)
    return 0


@click.command("snippet", context_settings=CONTEXT)
@click.argument("name")
@click.option(
    "--for",
    "server",
    required=True,
    type=click.Choice(["nginx", "envoy", "apache", "spring-boot", "node", "go"]),
    help="The server.",
)
@click.option("--name-prefix", "prefix", default="mybrandpush", show_default=True, metavar="PREFIX")
@common
def snippet(name: str, server: str, prefix: str) -> int:
    """Print how a server requires and verifies this client certificate."""
    from inspector.certificates.chain import order
    from inspector.certificates.snippets import SERVERS
    from inspector.certificates.snippets import snippet as text_for

    vault = _vault()
    entry = vault.get(name)
    chain = order(entry.leaf, (*entry.chain[1:], *vault.cas()))
    kind = next(one for one in SERVERS if one.key == server)
    click.echo(text_for(kind, chain, prefix=prefix), nl=False)
    return 0


def _made(made: Identity, *, as_json: bool) -> int:
    from inspector.certificates.describe import describe

    facts = describe(made.leaf)
    if as_json:
        json_line(
            {
                "name": made.name,
                "subject": facts.subject,
                "key": facts.key,
                "names": list(facts.names),
                "not_after": facts.not_after,
                "fingerprint_sha256": facts.fingerprint_sha256,
            }
        )
    else:
        click.echo(f"Made {made.name}: {facts.key}, until {facts.not_after[:10]}.")
    return 0


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} exists already.", "Name another file.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Name another file.")


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already.", "Name another file.") from error
    except OSError as error:
        raise UsageError(f"Can't write {path}: {error.strerror or error}.", "Name another file.") from error
