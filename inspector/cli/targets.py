"""`targets`: the saved targets from the command line. Imports click, the workbench and the words for sending."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import Line, json_line, table
from inspector.cli.secrets import at_terminal, prompt_for
from inspector.cli.send_target import read_request, settings_options
from inspector.contract.masking import mask_url
from inspector.errors import UsageError
from inspector.sender.kept.target_fields import to_json
from inspector.sender.kept.targets import SavedTarget, find
from inspector.sender.request import SendRequest, TrustKind
from inspector.workbench import Workbench

_WORDS = {
    TrustKind.USUAL: "the OS trust store and the vault's CAs",
    TrustKind.SYSTEM: "the OS trust store",
    TrustKind.VAULT: "the vault's CAs",
    TrustKind.NOTHING: "anybody: nothing is checked",
}


@click.group(context_settings=CONTEXT)
@common
def targets() -> None:
    """Save where to send by a name, for `send --target NAME` and the window."""


def _workbench() -> Workbench:
    return Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))


@targets.command("list", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def list_targets(as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the saved targets."""
    found = _workbench().targets()
    if as_json:
        for one in found:
            json_line(_line(one))
    elif not found:
        click.echo(
            "There is no saved target. Save one with: push-inspector targets save NAME --to URL", err=True
        )
    else:
        rows = [
            (one.name, mask_url(one.request.url), one.request.identity or "–", one.request.trust.value)
            for one in found
        ]
        click.echo(table(("NAME", "URL", "IDENTITY", "TRUST"), rows))
    return 0


@targets.command("show", context_settings=CONTEXT)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def show(name: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Show all of a saved target; secrets are not shown."""
    found = find(current_home(), name)
    if as_json:
        json_line(_line(found))
        return 0
    click.echo(f"{found.name}\n")
    for label, text in _facts(found.request):
        click.echo(f"  {label:<20}{text}")
    return 0


@targets.command("save", context_settings=CONTEXT)
@click.argument("name")
@click.option("--to", "url", metavar="URL", help="Where to send to.")
@click.option("--from", "target_name", metavar="NAME", help="Begin with what this saved target says.")
@click.option("--replace", "over", is_flag=True, help="Replace the one of that name.")
@settings_options
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def save(name: str, url: str | None, over: bool, as_json: bool, **options: Any) -> int:  # noqa: FBT001 - click's
    """Save a target; passwords and the values of --header-env go to the vault."""
    from inspector.sender.headers import request_headers
    from inspector.sender.target import parse_url

    if options["cert"] or options["key"] or options["key_password_env"]:
        raise UsageError(
            "A saved target names an identity of the vault, not files.",
            "Import them with: push-inspector certs import FILE --name NAME, then give --identity NAME.",
        )
    workbench = _workbench()
    request = read_request(workbench, url, options)
    request = replace(request, url=parse_url(request.url))
    request_headers(workbench.target(request))  # what can't be sent to is not saved
    saved = workbench.save_target(name, request, over=over)
    if as_json:
        json_line(_line(saved))
    else:
        click.echo(f"Saved {saved.name}.", err=True)
    return 0


@targets.command("rename", context_settings=CONTEXT)
@click.argument("name")
@click.argument("new")
@common
def rename(name: str, new: str) -> int:
    """Give a saved target another name."""
    saved = _workbench().rename_target(name, new)
    click.echo(f"{name} is {saved.name} now.", err=True)
    return 0


@targets.command("delete", context_settings=CONTEXT)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def delete(name: str, yes: bool) -> int:  # noqa: FBT001 - click's
    """Delete a saved target and its secrets."""
    found = find(current_home(), name)
    if not yes:
        if not at_terminal():
            raise UsageError(f"Deleting {found.name} can't be undone.", "Add --yes if you mean it.")
        click.confirm(f"Delete {found.name} ({mask_url(found.request.url)})?", abort=True, err=True)
    _workbench().delete_target(name)
    click.echo(f"Deleted {found.name}.", err=True)
    return 0


def _line(saved: SavedTarget) -> Line:
    return {"id": saved.id, "name": saved.name, **to_json(saved.request)}


def _facts(request: SendRequest) -> list[tuple[str, str]]:
    trusted = {
        TrustKind.FILES: ", ".join(map(str, request.ca_files)),
        TrustKind.PIN: f"exactly the certificate {request.pin}",
    }
    wait = f"{request.timeout:g} s for each phase"
    if request.connect_timeout is not None:
        wait += f", {request.connect_timeout:g} s until connected"
    facts = [
        ("url", mask_url(request.url)),
        ("identity", request.identity or "none"),
        ("trusts", (_WORDS | trusted)[request.trust]),
        (
            "TLS",
            request.tls_min
            if request.tls_min == request.tls_max
            else f"{request.tls_min} to {request.tls_max}",
        ),
        ("waits", wait),
        ("HTTP proxy", " as ".join(filter(None, (request.proxy, request.proxy_user)))),
        ("Basic", f"{request.basic_user}, password {request.basic_password}" if request.basic_user else ""),
        *(("header", f"{name}: {value}") for name, value in request.headers),
    ]
    return [(label, text) for label, text in facts if text]
