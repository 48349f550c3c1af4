"""`certs check https://…`: what is wrong, or soon will be, with a remote server's certificates.

Imports certificates, the workbench and the check of connections (lazily).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from inspector.certificates.check import check
from inspector.certificates.links import links
from inspector.certificates.model import Finding, Severity
from inspector.certificates.read import load_certificate
from inspector.cli.certs_show import link_line, print_links
from inspector.cli.output import json_line
from inspector.cli.send_check import check_line, print_step
from inspector.errors import UsageError
from inspector.sender.connection_check import ConnectionCheck, StepState
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from cryptography import x509

    from inspector.certificates.vault import Vault

_CODES = {"trust": "untrusted", "name": "wrong_name"}
_SEVERITIES = {StepState.FAILED: Severity.ERROR, StepState.WARNING: Severity.WARNING}


def is_address(thing: str) -> bool:
    """Whether a server is meant, and no file or name."""
    return thing.lower().startswith("https://")


def look_at(
    url: str, workbench: Workbench, vault: Vault | None, *, server_name: str, identity: str
) -> tuple[ConnectionCheck, tuple[x509.Certificate, ...], tuple[Finding, ...]]:
    """Shake hands with a server: what came of it, its chain as presented, and the findings on that. Raises UsageError,
    CertificateError, StateError."""
    from inspector.cli.send_results import interruptible
    from inspector.sender.check_connection import check_connection

    target = workbench.target(SendRequest(url, identity=identity))
    if not target.url.lower().startswith("https:"):
        raise UsageError(f"{url} is no https address.", "Write it as in https://push.example.com:8443.")
    found = check_connection(replace(target, server_name=server_name), cancel=interruptible())
    connection = found.connection
    encoded = connection.certificate.chain if connection is not None and connection.certificate else ()
    chain = tuple(load_certificate(data) for data in encoded)
    return found, chain, _findings(found, chain, vault.cas() if vault is not None else ())


def _findings(
    found: ConnectionCheck, chain: tuple[x509.Certificate, ...], known_cas: tuple[x509.Certificate, ...]
) -> tuple[Finding, ...]:
    """Those on the chain, as of files, and whether it is trusted and for this name."""
    findings = [
        finding
        for finding in (check(chain, None, purpose="server", known_cas=known_cas) if chain else ())
        if finding.code not in ("no_key", "ok")  # nobody gives their key away
    ]
    for key, code in _CODES.items():
        step = found.step(key)
        if step is not None and step.state in _SEVERITIES:
            findings.append(Finding(code, _SEVERITIES[step.state], step.headline))
    if chain and not findings:
        findings.append(Finding("ok", Severity.INFO, "Nothing wrong was found."))
    return tuple(findings)


def tell(
    name: str,
    found: ConnectionCheck,
    chain: tuple[x509.Certificate, ...],
    findings: list[dict[str, object]],
    known_cas: tuple[x509.Certificate, ...],
    *,
    as_json: bool,
) -> None:
    """Print the steps and the chain; with `as_json` all of it in one object."""
    verified = links(chain, known_cas=known_cas)
    if as_json:
        sound = bool(chain) and all(one["severity"] != Severity.ERROR.value for one in findings)
        whole = {**check_line(found), "links": [link_line(one) for one in verified]}
        json_line({"name": name, "ok": sound, "findings": findings, "connection": whole})
        return
    for step in found.steps:
        print_step(step)
    if verified:
        click.echo("\nChain")
        print_links(verified)
        click.echo()
