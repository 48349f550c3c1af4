"""How the commands of `certs` show the vault's entries. Imports certificates and the commands' output."""

from __future__ import annotations

import click
from cryptography import x509

from inspector.certificates.describe import describe
from inspector.certificates.model import VaultEntry
from inspector.cli.output import Line, json_line, table


def certificate_line(cert: x509.Certificate) -> Line:
    """One certificate as JSON."""
    facts = describe(cert)
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


def entry_line(entry: VaultEntry) -> Line:
    """One entry of the vault as JSON, its own certificate's facts among it."""
    return {
        "name": entry.name,
        **certificate_line(entry.leaf),
        "has_key": entry.has_key,
        "trust_clients": entry.trust_clients,
        "created_at": entry.created_at,
    }


def print_entries(entries: tuple[VaultEntry, ...], *, as_json: bool) -> None:
    """Entries as JSON lines, or as a table for people."""
    if as_json:
        for entry in entries:
            json_line(entry_line(entry))
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
