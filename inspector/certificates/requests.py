"""Certificate signing requests: made with a key that stays in the vault, completed with the signed certificate, and
those of others, signed with a CA of the vault.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. Codes of the
CertificateErrors besides those of what is called: `unknown_name`, `exists`, `key_mismatch`, `bad_signature`,
`asks_for_ca`, `weak_key`, `not_a_ca`, `unknown_format`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspector.certificates import blocks, mint
from inspector.certificates.chain import order, unique
from inspector.certificates.check import is_weak
from inspector.certificates.describe import distinguished_name, is_ca, public_key_name, rfc3339, short_name
from inspector.certificates.entries import check_name, locked_record, new_entry, refuse_existing, with_record
from inspector.certificates.export import encrypted_key_pem
from inspector.certificates.key_kinds import DEFAULT, KeyKind, generate
from inspector.certificates.keys import PrivateKey, usable
from inspector.certificates.model import Identity, Purpose, VaultEntry
from inspector.certificates.pending import LockedRequest, PendingRequest
from inspector.certificates.protection import Protection
from inspector.certificates.read import read
from inspector.certificates.sources import Source
from inspector.certificates.vault import Vault
from inspector.certificates.vaultfile import Document
from inspector.errors import CertificateError, VaultError

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}


def make_csr(
    subject: x509.Name,
    key: PrivateKey,
    *,
    purposes: Sequence[Purpose] = ("client",),
    alternatives: Sequence[x509.GeneralName] = (),
) -> x509.CertificateSigningRequest:
    """A request for a server's or client's certificate, signed with its own key."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if purposes:
        usages = [_USAGES[purpose] for purpose in purposes]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(key, mint.digest_for(key))


def request(
    vault: Vault,
    name: str,
    *,
    common_name: str = "",
    purposes: Sequence[Purpose] = ("client",),
    names: Sequence[str] = (),
    kind: KeyKind = DEFAULT,
) -> PendingRequest:
    """Make a key and a request for it; both wait in the vault under `name` until the certificate comes. Raises
    CertificateError (`invalid_name`, `exists` where there is an entry or a request of that name), VaultError."""
    subject = mint.subject_name(common_name or name)
    alternatives = [mint.general_name(text) for text in names]
    key = generate(kind)
    return keep_request(
        vault, name, make_csr(subject, key, purposes=purposes, alternatives=alternatives), key
    )


def keep_request(
    vault: Vault,
    name: str,
    csr: x509.CertificateSigningRequest,
    key: PrivateKey,
    *,
    renews: bool = False,
) -> PendingRequest:
    """Let a request and its key wait in the vault. With `renews` there may be an entry of that name, whose place the
    new certificate will take. Raises CertificateError (`invalid_name`, `exists`), VaultError."""
    check_name(name)
    made = PendingRequest(name, csr, rfc3339(datetime.now(UTC)))

    def put(document: Document, password: bytes) -> Document:
        if not renews:
            _refuse_taken(document, name)
        if any(locked.request.name.lower() == name.lower() for locked in document.requests):
            raise CertificateError(
                f"A request of the name {name} waits already.",
                f"See it again with: push-inspector certs csr {name} --again; complete it with its certificate, or"
                f" delete it: push-inspector certs delete {name}",
                code="exists",
            )
        locked = LockedRequest(made, encrypted_key_pem(key, password).decode("ascii"))
        return changed(document, requests=(*document.requests, locked))

    vault.change(put, with_key=True)
    return made


def _refuse_taken(document: Document, name: str) -> None:
    try:
        refuse_existing(document, [name])
    except CertificateError as error:
        raise CertificateError(
            error.message,
            f"Take another name, or renew it, which makes a request too: push-inspector certs renew {name}",
            code=error.code,
        ) from None


def pending(vault: Vault) -> tuple[PendingRequest, ...]:
    """The requests that wait for their certificates, oldest first. Raises VaultError."""
    return tuple(locked.request for locked in vault.document().requests)


def asked_for(cert: x509.Certificate, waiting: Sequence[PendingRequest]) -> PendingRequest | None:
    """The request that a certificate was issued for; None where it is for none of them."""
    return next((one for one in waiting if one.public_key == _public(cert)), None)


def find_request(vault: Vault, name: str) -> PendingRequest:
    """One of them. Raises CertificateError (`unknown_name`), VaultError."""
    return _find(vault.document(), name).request


@dataclass(frozen=True, slots=True)
class Dropped:
    """A request that was let go of, with its key, still locked: for `put_back`."""

    locked: LockedRequest
    protection: Protection | None


def drop_request(vault: Vault, name: str) -> Dropped:
    """Forget a request and its key; `put_back` brings them back. Raises CertificateError (`unknown_name`),
    VaultError."""
    dropped: list[Dropped] = []

    def drop(document: Document, _password: bytes) -> Document:
        gone = _find(document, name)
        dropped[:] = [Dropped(gone, document.protection)]
        return changed(document, requests=tuple(one for one in document.requests if one is not gone))

    vault.change(drop)
    return dropped[0]


def put_back(vault: Vault, dropped: Dropped) -> PendingRequest:
    """Let a request wait again. Raises CertificateError (`exists`) where another of its name waits now, VaultError
    where the vault's lock was changed meanwhile: its key can't be read any more then."""
    name = dropped.locked.request.name

    def put(document: Document, _password: bytes) -> Document:
        if any(locked.request.name.lower() == name.lower() for locked in document.requests):
            raise CertificateError(
                f"A request of the name {name} waits already.", "Delete that one first.", code="exists"
            )
        if dropped.protection != document.protection:
            raise VaultError(
                f"The request {name} can't be put back: the vault's passphrase was changed since.",
                "Make a new request.",
            )
        return changed(document, requests=(*document.requests, dropped.locked))

    vault.change(put)
    return dropped.locked.request


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: its subject (RFC 4514), kind of key, purposes and names."""

    subject: str
    key: str
    purposes: tuple[Purpose, ...]
    names: tuple[str, ...]


def asked(csr: x509.CertificateSigningRequest) -> Asked:
    """What a request asks for. Raises CertificateError (`bad_signature`, `asks_for_ca`, `weak_key`)."""
    _check(csr)
    return Asked(
        distinguished_name(csr.subject),
        public_key_name(csr.public_key()),
        _purposes_of(csr),
        tuple(str(one.value) for one in _names_of(csr)),
    )


def complete(vault: Vault, name: str, sources: Sequence[Source]) -> VaultEntry:
    """The identity that a request was made for, now that its certificate is there: files with the certificate and, in
    any order, its issuers. It takes the place of the entry of that name, if there is one. Raises CertificateError
    (`unknown_name`; `key_mismatch` where it is the certificate of another key, which names whose), VaultError."""
    material = read(sources, skip_locked_keys=True, take_strange_keys=True)
    return complete_with(vault, name, (*material.chain, *material.extra))


def complete_with(vault: Vault, name: str, certificates: Sequence[x509.Certificate]) -> VaultEntry:
    """As `complete`, of certificates."""
    wanted = _find(vault.document(), name).request
    leaf = next((cert for cert in certificates if _public(cert) == wanted.public_key), None)
    if leaf is None:
        raise _of_another(vault, name, certificates[0])
    known = [cert for entry in vault.entries() for cert in (*entry.chain, *entry.extra) if is_ca(cert)]
    chain = order(leaf, unique((*certificates, *known)))
    extra = tuple(cert for cert in certificates if cert not in chain)
    made: list[VaultEntry] = []

    def put(document: Document, password: bytes) -> Document:
        locked = _find(document, name)
        key = usable(name, load_pem_private_key(locked.key.encode("ascii"), password))
        old = next((record.entry for record in document.records if record.entry.name == name), None)
        entry = new_entry(name, chain, key, extra, trust_clients=False)
        made[:] = [changed(entry, trust_clients=old.trust_clients) if old is not None else entry]
        document = with_record(document, locked_record(made[0], key, password))
        return changed(document, requests=tuple(one for one in document.requests if one is not locked))

    vault.change(put, with_key=True)
    return made[0]


def parse_csr(data: bytes, source: str) -> x509.CertificateSigningRequest:
    """A request as PEM or DER; `source` is its name in messages. Raises CertificateError (`unknown_format`, and those
    of `blocks`)."""
    found = blocks.split(source, data)
    wanted = next((block for block in found if block.kind is blocks.Kind.REQUEST), None)
    if wanted is None:
        raise CertificateError(
            f"{source} is a {found[0].kind.value}, not a certificate signing request."
            if found
            else f"{source} holds no certificate signing request.",
            "Ask for the request: it begins with -----BEGIN CERTIFICATE REQUEST-----",
            code="unknown_format",
        )
    try:
        return x509.load_der_x509_csr(wanted.data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            f"{source} holds a certificate signing request that can't be read.",
            "Ask for a new one.",
            code="unknown_format",
        ) from error


def sign(
    ca: Identity,
    csr: x509.CertificateSigningRequest,
    *,
    purposes: Sequence[Purpose] | None = None,
    names: Sequence[str] | None = None,
    days: int | None = None,
    now: datetime | None = None,
) -> tuple[x509.Certificate, ...]:
    """A request's certificate, issued by `ca`, with the chain up to its root. Purposes and names are those asked for
    (a client's where none is), unless given. No other extension is taken over: whoever asks does not decide what a
    certificate may do. Raises CertificateError (`not_a_ca`, `bad_signature`, `asks_for_ca`, `weak_key`,
    `invalid_name`)."""
    _require_ca(ca)
    _check(csr)
    cert = mint.certify(
        ca,
        csr.subject,
        csr.public_key(),
        purposes=_purposes_of(csr) if purposes is None else purposes,
        alternatives=_names_of(csr) if names is None else [mint.general_name(text) for text in names],
        not_after=mint.ends_in(days, ca, now=now),
        now=now,
    )
    return (cert, *ca.chain)


def issuing_ca(vault: Vault, name: str) -> Identity:
    """The CA of the vault to issue with. Raises CertificateError (`unknown_name`, `no_key`, `not_a_ca`), VaultError."""
    ca = vault.identity(name)
    _require_ca(ca)
    return ca


def _require_ca(ca: Identity) -> None:
    if not is_ca(ca.leaf):
        raise CertificateError(
            f"{ca.name} is no CA, so what it signs is worth nothing.",
            "Sign with dev-ca, or make a CA: push-inspector certs create-ca NAME",
            code="not_a_ca",
        )


def _check(csr: x509.CertificateSigningRequest) -> None:
    try:
        valid = csr.is_signature_valid
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        valid = False
    if not valid:
        raise CertificateError(
            "The request isn't signed with its own key: it was changed on its way, or put together by hand.",
            "Ask for a new one.",
            code="bad_signature",
        )
    constraints = _extension(csr, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise CertificateError(
            "The request asks for a CA's certificate, with which others could be made.",
            "Make an intermediate CA here instead, or ask for a server's or client's certificate.",
            code="asks_for_ca",
        )
    if is_weak(csr.public_key()):
        raise CertificateError(
            f"The request's key ({public_key_name(csr.public_key())}) is one that TLS refuses.",
            "Ask for a request with a new key: ECDSA P-256, Ed25519, or RSA of 2048 bits or more.",
            code="weak_key",
        )


def _purposes_of(csr: x509.CertificateSigningRequest) -> tuple[Purpose, ...]:
    usage = _extension(csr, x509.ExtendedKeyUsage)
    found = tuple(purpose for purpose, oid in _USAGES.items() if usage is not None and oid in usage)
    return found or ("client",)


def _names_of(csr: x509.CertificateSigningRequest) -> list[x509.GeneralName]:
    names = _extension(csr, x509.SubjectAlternativeName)
    return [] if names is None else [one for one in names if isinstance(one, x509.DNSName | x509.IPAddress)]


def _extension(csr: x509.CertificateSigningRequest, kind: type[_Extension]) -> _Extension | None:
    try:
        return csr.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def _find(document: Document, name: str) -> LockedRequest:
    for locked in document.requests:
        if locked.request.name == name:
            return locked
    known = ", ".join(locked.request.name for locked in document.requests)
    raise CertificateError(
        f"No request of the name {name if name.isprintable() else 'that was given'} waits for its certificate.",
        f"There {'are' if ',' in known else 'is'}: {known}."
        if known
        else "Make one with: push-inspector certs csr NAME",
        code="unknown_name",
    )


def _of_another(vault: Vault, name: str, cert: x509.Certificate) -> CertificateError:
    """Whose certificate it is instead, where that is known."""
    other = asked_for(cert, pending(vault))
    step = (
        f"It belongs to the request {other.name}: complete that one with it."
        if other
        else "Ask the CA for the certificate of this very request; a new key needs a new request."
    )
    return CertificateError(
        f"{short_name(cert)} is not the certificate that {name} asked for: it is for another key"
        f" (its subject is {distinguished_name(cert.subject)}).",
        step,
        code="key_mismatch",
    )


def _public(cert: x509.Certificate) -> bytes:
    return cert.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
