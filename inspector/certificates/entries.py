"""The vault's entries in memory: their names, what may become one, and how they are found and put.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. Nothing here touches
the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace as changed
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspector.certificates import keys
from inspector.certificates.chain import is_anchor, unique
from inspector.certificates.describe import rfc3339
from inspector.certificates.export import encrypted_key_pem
from inspector.certificates.fits import same_key
from inspector.certificates.keys import PrivateKey
from inspector.certificates.model import VaultEntry
from inspector.certificates.read import not_a_ca
from inspector.certificates.vaultfile import Document, Record
from inspector.errors import CertificateError

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
# Names end up in file names, and Windows keeps these for devices, whatever follows the dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raises CertificateError (`invalid_name`) for what can't be a name in the vault."""
    if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
        raise CertificateError(
            f"{name or 'An empty text'} can't be a name in the vault."
            if name.isprintable()
            else "That can't be a name in the vault.",
            "Use up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit,"
            " such as mybrand-client.",
            code="invalid_name",
        )


def new_entry(
    name: str,
    chain: Sequence[x509.Certificate],
    key: PrivateKey | None,
    extra: Sequence[x509.Certificate],
    *,
    trust_clients: bool,
) -> VaultEntry:
    """An entry made now. Raises CertificateError (`invalid_name`, `key_mismatch`, `not_a_ca`)."""
    check_name(name)
    if not chain:
        raise CertificateError(f"There is no certificate for {name}.", code="only_key")
    if key is not None and not keys.belongs(key, chain[0]):
        raise CertificateError(
            f"The private key for {name} belongs to another certificate.",
            "Give the key that this certificate was requested with.",
            code="key_mismatch",
        )
    entry = VaultEntry(
        name=name,
        chain=tuple(chain),
        has_key=key is not None,
        trust_clients=trust_clients,
        created_at=rfc3339(datetime.now(UTC)),
        extra=tuple(extra),
    )
    if trust_clients:
        require_anchor(entry)
    return entry


def require_anchor(entry: VaultEntry) -> None:
    """Raises CertificateError (`not_a_ca`) for an entry that nobody else can be trusted by."""
    if not anchors([entry]):
        raise not_a_ca(entry.name, entry.leaf)


def anchors(entries: Iterable[VaultEntry]) -> tuple[x509.Certificate, ...]:
    """All certificates in the entries that others can be trusted by."""
    return unique(cert for entry in entries for cert in (*entry.chain, *entry.extra) if is_anchor(cert))


def locked_record(entry: VaultEntry, key: PrivateKey | None, password: bytes) -> Record:
    """The entry with its key, encrypted with the vault's password for keys."""
    return Record(entry, encrypted_key_pem(key, password).decode("ascii") if key is not None else None)


def relocked(key: str, old: bytes, new: bytes) -> str:
    """An encrypted key, encrypted with another password."""
    opened = keys.usable("the vault", load_pem_private_key(key.encode("ascii"), old))
    return encrypted_key_pem(opened, new).decode("ascii")


def with_old_key(document: Document, record: Record) -> Record:
    """A record without a key with the one that stands under its name, where that is of the same certified key. It stays
    encrypted as it is."""
    name = record.entry.name.lower()
    for old in document.records:
        if (
            old.entry.name.lower() == name
            and old.key is not None
            and same_key(record.entry.leaf, [old.entry])
        ):
            return Record(changed(record.entry, has_key=True), old.key)
    return record


def with_record(document: Document, record: Record) -> Document:
    """The document with `record` in the place of the one of its name, or at the end."""
    name = record.entry.name.lower()
    records = list(document.records)
    for index, old in enumerate(records):
        if old.entry.name.lower() == name:
            records[index] = record
            break
    else:
        records.append(record)
    return changed(document, records=tuple(records))


def refuse_existing(document: Document, names: Sequence[str]) -> None:
    """Raises CertificateError (`exists`) where one of the names is taken, in whatever capitals."""
    wanted = {name.lower() for name in names}
    taken = [record.entry.name for record in document.records if record.entry.name.lower() in wanted]
    if taken:
        raise CertificateError(
            f"The vault already has {' and '.join([', '.join(taken[:-1]), taken[-1]] if taken[1:] else taken)}.",
            "Take another name, or replace what is there (--replace)."
            if len(names) == 1
            else "Replace them with --force: whoever trusts the old dev-ca must then be given the new one.",
            code="exists",
        )


def find(document: Document, name: str) -> Record:
    """The record of exactly this name. Raises CertificateError (`unknown_name`) that offers near ones."""
    for record in document.records:
        if record.entry.name == name:
            return record
    import difflib  # only a misspelt name is worth its time

    known = [record.entry.name for record in document.records]
    by_lower = {entry.lower(): entry for entry in known}
    near = [by_lower[match] for match in difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)]
    shown = name if name.isprintable() and name else "that name"
    if near:
        step = f"Did you mean {' or '.join(near)}?"
    elif known:
        step = f"There {'is' if len(known) == 1 else 'are'}: {', '.join(known[:8])}{' …' if len(known) > 8 else ''}."
    else:
        step = "It is empty: push-inspector certs create-dev makes development identities."
    raise CertificateError(f"The vault has no {shown}.", step, code="unknown_name")
