"""What is done about a client that was turned away: take its CA, keep its certificate, show a better one ourselves.

Imports certificates, cryptography lazily. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from inspector.certificates.dev_names import DEV_CA, DEV_SERVER
from inspector.errors import CertificateError

if TYPE_CHECKING:
    from cryptography import x509

    from inspector.certificates.model import Identity, VaultEntry
    from inspector.certificates.vault import Vault

_LONGEST_NAME = 64


def trust_ca(vault: Vault, chain: Sequence[bytes], which: int, name: str = "") -> VaultEntry:
    """Take clients of the CA at `which` of a presented chain (DER, leaf first) from now on. It gets a free name like
    `name`, or like its own. An entry that has this very certificate alone is marked instead. Raises CertificateError
    (`not_a_ca`, `invalid`), VaultError."""
    cert = _certificates(chain)[which]
    for entry in vault.entries():
        if entry.chain == (cert,) and not entry.extra:  # marking an entry trusts every CA that is in it
            vault.set_trust_clients(entry.name, True)
            return vault.get(entry.name)
    return _add(vault, name, (cert,), trust_clients=True)


def keep_certificate(vault: Vault, chain: Sequence[bytes], name: str = "") -> VaultEntry:
    """Keep a presented chain (DER, leaf first) in the vault, trusted for nothing, under a free name. Raises
    CertificateError (`invalid`), VaultError."""
    certs = _certificates(chain)
    for entry in vault.entries():
        if entry.leaf == certs[0]:
            return entry
    return _add(vault, name, certs, trust_clients=False)


def own_ca_pem(vault: Vault, identity: Identity) -> str:
    """What the other side must trust to take a listener with this identity: its root, as far up as it is known, as PEM.
    Raises CertificateError (`no_issuer`) where none of its issuers is known, VaultError."""
    from inspector.certificates.chain import order
    from inspector.certificates.describe import is_self_signed, issuer, pem

    known = [cert for entry in vault.entries() for cert in (*entry.chain, *entry.extra)]
    top = order(identity.leaf, (*identity.chain[1:], *known))[-1]
    if top == identity.leaf and not is_self_signed(top):
        raise CertificateError(
            f"The issuer of {identity.name}, {issuer(identity.leaf)}, is not in the vault.",
            "Ask whoever issued the certificate for the CA's certificate; public CAs are trusted already.",
            code="no_issuer",
        )
    return pem(top)


def make_server_identity(vault: Vault, names: Sequence[str], name: str = "") -> VaultEntry:
    """A server identity for `names` besides those of the entry `name` (default `dev-server`), issued by `dev-ca`, which
    is made where there is none. It takes the entry's place where `dev-ca` issued that too; another one, which may not
    be ours to replace, stays, and the new one gets a name like it. Raises CertificateError (`invalid_name`),
    VaultError."""
    from inspector.certificates import mint
    from inspector.certificates.chain import issued_by
    from inspector.certificates.describe import names as names_of

    wanted = name or DEV_SERVER
    entries = {entry.name: entry for entry in vault.entries()}
    ca = vault.identity(DEV_CA) if DEV_CA in entries and entries[DEV_CA].has_key else None
    old = entries.get(wanted)
    kept = filter(mint.is_server_name, names_of(old.leaf)) if old is not None else mint.own_names()
    every = _unique_names([*kept, *names])
    if ca is None:
        ca = mint.make_ca(DEV_CA)
        made = mint.issue(ca, wanted, purposes=("server",), names=every)
        vault.add(free_name(vault, DEV_CA), ca.chain, ca.key, trust_clients=True)
    else:
        made = mint.issue(ca, wanted, purposes=("server",), names=every)
    replaces = old is not None and old.has_key and issued_by(old.leaf, ca.leaf)
    return vault.add(wanted if replaces else free_name(vault, wanted), made.chain, made.key, replace=replaces)


def free_name(vault: Vault, wanted: str) -> str:
    """A name that the vault does not have yet, made of the wanted one."""
    from inspector.certificates.entries import check_name

    base = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-._")[: _LONGEST_NAME - 4].rstrip("-.")
    taken = {entry.name.lower() for entry in vault.entries()}
    try:
        check_name(base)
    except CertificateError:  # it is empty, or a name that Windows keeps for itself
        base = f"certificate-{base}".rstrip("-")
    number = 1
    found = base
    while found.lower() in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def _add(vault: Vault, name: str, certs: Sequence[x509.Certificate], *, trust_clients: bool) -> VaultEntry:
    from inspector.certificates.describe import short_name

    free = free_name(vault, name.strip() or short_name(certs[0]))
    return vault.add(free, certs, trust_clients=trust_clients)


def _certificates(chain: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    from inspector.certificates.read import load_certificate

    try:
        certs = tuple(load_certificate(one) for one in chain)
    except ValueError as error:
        raise CertificateError(
            "The certificate that was presented can't be read.", "Ask the other side for it as a file."
        ) from error
    if not certs:
        raise CertificateError(
            "No certificate was presented.", "There is nothing to keep.", code="no_certificate"
        )
    return certs


def _unique_names(names: Iterable[str]) -> list[str]:
    return list({name.strip().rstrip(".").lower(): name.strip() for name in names if name.strip()}.values())
