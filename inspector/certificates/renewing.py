"""A certificate renewed before it ends: what was issued here is issued again, for what others issued a new request is
made.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509

from inspector.certificates import mint
from inspector.certificates.chain import issued_by
from inspector.certificates.describe import extension, is_ca, is_self_signed, purposes
from inspector.certificates.key_kinds import generate, kind_like
from inspector.certificates.model import Identity, Purpose, VaultEntry
from inspector.certificates.pending import PendingRequest
from inspector.certificates.requests import keep_request, make_csr
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError


def renew(
    vault: Vault, name: str, *, new_key: bool = False, now: datetime | None = None
) -> VaultEntry | PendingRequest:
    """A new certificate for an identity: same subject, names, purposes and length of life, with the same key or a new
    one of its kind. Where a CA of the vault issued the old one (or it issued itself), the new one takes its place at
    once and is returned. Else a request for it waits in the vault, to hand to whoever issued the old one.

    A CA keeps its key, or what it issued would be worth nothing: asked for a new one, it raises CertificateError
    (`ca_needs_its_key`). Raises CertificateError (`unknown_name`, `no_key`, `exists`), VaultError."""
    entry = vault.get(name)
    old = vault.identity(name)
    if is_ca(old.leaf):
        if new_key:
            raise CertificateError(
                f"{name} is a CA: with a new key, none of what it issued could be verified any more.",
                "Renew it with its key, or make a new CA and issue everything anew.",
                code="ca_needs_its_key",
            )
        return _renew_ca(vault, entry, old, now)
    key = generate(kind_like(old.key)) if new_key else old.key
    subject, names = old.leaf.subject, _names(old.leaf)
    usages = _purposes(old.leaf)
    issuer = None if is_self_signed(old.leaf) else _issuer(vault, old.leaf)
    if issuer is None and not is_self_signed(old.leaf):
        csr = make_csr(subject, key, purposes=usages, alternatives=names)
        return keep_request(vault, name, csr, key, renews=True)
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    length = old.leaf.not_valid_after_utc - old.leaf.not_valid_before_utc
    end = moment - mint.HEAD_START + length  # as long as the old one, which began so much early, too
    if issuer is not None:
        end = min(end, issuer.leaf.not_valid_after_utc)
    cert = mint.certify(
        issuer,
        subject,
        key.public_key(),
        own_key=key,
        purposes=usages,
        alternatives=names,
        not_after=end,
        now=now,
    )
    chain = (cert, *issuer.chain) if issuer else (cert,)
    return vault.add(name, chain, key, extra=entry.extra, trust_clients=entry.trust_clients, replace=True)


def _renew_ca(vault: Vault, entry: VaultEntry, old: Identity, now: datetime | None) -> VaultEntry:
    issuer = None if is_self_signed(old.leaf) else _issuer(vault, old.leaf)
    if issuer is None and not is_self_signed(old.leaf):
        raise CertificateError(
            f"{entry.name} is a CA that another one issued, which is not in the vault with its key.",
            "Ask whoever issued it for a new certificate, and import that.",
            code="no_issuer",
        )
    constraints = extension(old.leaf, x509.BasicConstraints)
    made = mint.make_ca(
        entry.name,
        subject=old.leaf.subject,
        issuer=issuer,
        path_length=constraints.path_length if constraints is not None else None,
        key=old.key,
        now=now,
    )
    return vault.add(
        entry.name, made.chain, made.key, extra=entry.extra, trust_clients=entry.trust_clients, replace=True
    )


def _issuer(vault: Vault, cert: x509.Certificate) -> Identity | None:
    """The CA of the vault that issued it, with its key; of several the one that lasts longest."""
    found = [
        entry
        for entry in vault.entries()
        if entry.has_key and is_ca(entry.leaf) and issued_by(cert, entry.leaf)
    ]
    if not found:
        return None
    return vault.identity(max(found, key=lambda entry: entry.leaf.not_valid_after_utc).name)


def _names(cert: x509.Certificate) -> Sequence[x509.GeneralName]:
    names = extension(cert, x509.SubjectAlternativeName)
    return () if names is None else tuple(names)


def _purposes(cert: x509.Certificate) -> tuple[Purpose, ...]:
    known: tuple[Purpose, ...] = ("server", "client")
    if extension(cert, x509.ExtendedKeyUsage) is None:
        return ()
    return tuple(purpose for purpose in known if purpose in purposes(cert))
