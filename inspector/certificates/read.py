"""Certificates and keys out of files: any order, any of the usual formats, one precise line for every mistake.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. Never prompts: a
password comes from the caller, and is asked of a callback only if something is locked.

Every CertificateError has a stable `code`: of the files `not_found`, `is_directory`, `unreadable`, `too_large`,
`empty`; of what they hold instead `html`, `jks`, `openssh_key`, `request`, `public_key`, `crl`, `unknown_format`;
of damage `truncated`, `damaged`; of keys `password_needed`, `wrong_password`, `old_cipher`, `unsupported_key`,
`several_keys`, `key_mismatch`, `no_key`, `only_key`; of certificates `several_leaves`, `not_a_ca`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from inspector.certificates import blocks, der, keys, pkcs12
from inspector.certificates.blocks import EXPECTED, Block, Kind
from inspector.certificates.chain import is_anchor, leaves, order, unique
from inspector.certificates.describe import is_ca, short_name
from inspector.certificates.fits import named, same_key, who_fits
from inspector.certificates.keys import Password, PrivateKey
from inspector.certificates.model import VaultEntry
from inspector.certificates.sources import Source, sources_of
from inspector.errors import CertificateError


@dataclass(frozen=True, slots=True)
class Material:
    """What was read. `chain` is the leaf and its issuers, in order, as far as they were there; `extra` the
    certificates that are no part of it. `locked`: there is a key, left closed as asked for; `encrypted`: the key
    was encrypted in its file; `as_read`: the chain in the order that a PEM file has it, where that is another."""

    chain: tuple[x509.Certificate, ...]
    key: PrivateKey | None = field(default=None, repr=False)
    extra: tuple[x509.Certificate, ...] = ()
    locked: bool = False
    encrypted: bool = False
    as_read: tuple[x509.Certificate, ...] = ()

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]


def read_files(
    paths: Sequence[Path],
    password: Callable[[], str] | str | None = None,
    *,
    need_key: bool = False,
    skip_locked_keys: bool = False,
    take_strange_keys: bool = False,
    known: Sequence[VaultEntry] = (),
) -> Material:
    """As `read`, of files."""
    return read(
        sources_of(paths),
        password,
        need_key=need_key,
        skip_locked_keys=skip_locked_keys,
        take_strange_keys=take_strange_keys,
        known=known,
    )


def read(
    sources: Sequence[Source],
    password: Callable[[], str] | str | None = None,
    *,
    need_key: bool = False,
    skip_locked_keys: bool = False,
    take_strange_keys: bool = False,
    known: Sequence[VaultEntry] = (),
) -> Material:
    """The identity in `sources`: PEM, DER, PKCS#12 or PKCS#7, key and chain together or apart, in any order. The leaf
    is the certificate that the key belongs to; without a key, the one that issued no other. One `password` serves for
    all that is locked. With `skip_locked_keys` an encrypted key is left closed where there is no password, and with
    `take_strange_keys` the first key is taken where none belongs to any certificate. `known` are the vault's entries:
    what fits none of the certificates is looked for among them. Raises CertificateError."""
    gathered = _gather(sources, Password(password), skip_locked_keys=skip_locked_keys)
    certificates = unique(gathered.certificates)
    if not certificates:
        raise _without_certificate(gathered, known)
    leaf: x509.Certificate
    key: PrivateKey | None
    if take_strange_keys and gathered.keys and not _pairs(certificates, gathered.keys):
        leaf, key = _leaf_without_key(certificates), gathered.keys[0][0]
    elif gathered.keys:
        leaf, key = _match(certificates, gathered.keys, known)
        if keys.is_pss_only(leaf) and not take_strange_keys:
            raise CertificateError(
                f"{short_name(leaf)} is for an RSASSA-PSS key, which can't be presented in TLS here.",
                "Have one issued for an RSA key without that limit, an ECDSA P-256 key or an Ed25519 key.",
                code="unsupported_key",
            )
    else:
        if not gathered.locked and (need_key or gathered.public_file):
            raise _without_key(gathered, certificates)
        leaf, key = _leaf_without_key(certificates), None
    chain = order(leaf, certificates)
    return Material(
        chain=chain,
        key=key,
        extra=tuple(cert for cert in certificates if cert not in chain),
        locked=key is None and gathered.locked,
        encrypted=gathered.encrypted,
        as_read=_as_read(gathered.pem_orders, chain),
    )


def read_anchors(
    paths: Sequence[Path], password: Callable[[], str] | str | None = None
) -> tuple[x509.Certificate, ...]:
    """All CA certificates (and self-signed ones) in the files, to trust others by; keys in them are left alone.
    Raises CertificateError, with code `not_a_ca` where there is none."""
    gathered = _gather(sources_of(paths), Password(password), skip_locked_keys=True)
    if not gathered.certificates:
        raise _without_certificate(gathered)
    anchors = unique(cert for cert in gathered.certificates if is_anchor(cert))
    if not anchors:
        raise not_a_ca(gathered.name, gathered.certificates[0])
    return anchors


def load_certificate(data: bytes) -> x509.Certificate:
    """One DER certificate, without the warning about serial numbers that RFC 5280 forbids. Raises ValueError."""
    serial = der.certificate_fields(der.first(der.first(data).content).raw).serial
    try:
        if serial[:1] >= b"\x80" or not serial.strip(b"\x00"):
            with keys.quiet():
                return x509.load_der_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except x509.InvalidVersion as error:
        raise ValueError(str(error)) from error


def not_a_ca(source: str, cert: x509.Certificate) -> CertificateError:
    """The error for trusting an issuer that is none."""
    return CertificateError(
        f"{source} has no CA certificate: {short_name(cert)} can't vouch for others.",
        "Give the certificate of the CA that issued it.",
        code="not_a_ca",
    )


@dataclass(slots=True)
class _Gathered:
    """What the files hold, still without relations. `pem_orders` is each PEM file's certificates as they stand,
    `public_file` the name of a file with a public key and nothing else."""

    name: str
    certificates: list[x509.Certificate] = field(default_factory=list)
    keys: list[tuple[PrivateKey, str]] = field(default_factory=list)
    others: list[Block] = field(default_factory=list)
    pem_orders: list[list[x509.Certificate]] = field(default_factory=list)
    locked: bool = False
    encrypted: bool = False
    public_file: str = ""


def _gather(sources: Sequence[Source], password: Password, *, skip_locked_keys: bool) -> _Gathered:
    if not sources:
        raise CertificateError("No file was given.", EXPECTED, code="empty")
    gathered = _Gathered(" and ".join(source.name for source in sources[:3]))
    for source in sources:
        in_order = []
        found = blocks.split(source.name, source.data)
        for block in found:
            if block.kind is Kind.CERTIFICATE:
                in_order.append(_certificate(block))
            elif block.kind is Kind.PKCS12:
                _open_pkcs12(gathered, block, password)
            elif block.kind is Kind.PKCS7:
                gathered.certificates += _pkcs7(block)
            elif block.kind in (Kind.KEY, Kind.ENCRYPTED_KEY, Kind.LEGACY_ENCRYPTED_KEY):
                _open_key(gathered, block, password, skip_locked=skip_locked_keys)
            else:
                gathered.others.append(block)
                # Somebody took it for the key. OpenSSL's -pubkey writes one before a certificate: that is no mistake.
                alone = block.kind is Kind.PUBLIC_KEY and len(found) == 1
                gathered.public_file = gathered.public_file or (block.source if alone else "")
        gathered.certificates += in_order
        gathered.pem_orders.append(in_order)
    return gathered


def _open_pkcs12(gathered: _Gathered, block: Block, password: Password) -> None:
    content = pkcs12.load(block, password)
    gathered.certificates += content.certificates
    if content.key is not None:
        gathered.keys.append((content.key, block.source))
        gathered.encrypted |= content.encrypted


def _open_key(gathered: _Gathered, block: Block, password: Password, *, skip_locked: bool) -> None:
    closed = block.kind is not Kind.KEY
    if closed and skip_locked and password.get() is None:
        gathered.locked = True
    else:
        gathered.keys.append((keys.load(block, password), block.source))
    gathered.encrypted |= closed


def _certificate(block: Block) -> x509.Certificate:
    try:
        return load_certificate(block.data)
    except ValueError as error:
        raise CertificateError(
            f"{block.source} holds a certificate that can't be read: {_what_is_wrong(error)}.",
            "Have it issued again by a tool that follows RFC 5280; to look at it: openssl x509 -in FILE -text",
            code="damaged",
        ) from error


def _what_is_wrong(error: ValueError) -> str:
    """The field that the library stumbled over, out of its text `… location: ["A::b", "C::d"]`."""
    text = str(error)
    if "::" in text:
        field_name = text.rpartition("::")[2].partition('"')[0].replace("_", " ")
        return f"the field {field_name} breaks the rules"
    return "it breaks the rules of X.509"


def _pkcs7(block: Block) -> list[x509.Certificate]:
    from cryptography.hazmat.primitives.serialization import pkcs7

    try:
        with keys.quiet():
            return pkcs7.load_der_pkcs7_certificates(block.data)
    except Exception as error:
        raise CertificateError(
            f"{block.source} is a PKCS#7 file that holds no certificates, or is damaged.",
            EXPECTED,
            code="damaged",
        ) from error


def _match(
    certificates: Sequence[x509.Certificate],
    found: Sequence[tuple[PrivateKey, str]],
    known: Sequence[VaultEntry],
) -> tuple[x509.Certificate, PrivateKey]:
    """The certificate and the key that belong together."""
    pairs = _pairs(certificates, found)
    if not pairs:
        raise _mismatch(leaves(certificates)[0], *found[0], known)
    # A folder's worth of files: a CA with its key besides the leaf with its own.
    identities = [(cert, key) for cert, key in pairs if not is_ca(cert)] or pairs
    if len({keys.public_bytes(key) for _, key in identities}) > 1:
        raise _several([cert for cert, _ in identities])
    # The same key, certified more than once: the newest counts.
    return max(identities, key=lambda pair: pair[0].not_valid_before_utc)


def _mismatch(
    cert: x509.Certificate, key: PrivateKey, source: str, known: Sequence[VaultEntry]
) -> CertificateError:
    fits = who_fits(key, known)
    where = f"; it fits {named(fits)} in the vault" if fits else ""
    keepers = [entry for entry in same_key(cert, known) if entry.has_key]
    return CertificateError(
        f"The private key in {source} belongs to another certificate than {short_name(cert)}{where}.",
        f"The key of {short_name(cert)} is in the vault, with {named(keepers)}: import that alone (--replace)."
        if keepers
        else "Give the key that this certificate was requested with.",
        code="key_mismatch",
    )


def _pairs(
    certificates: Sequence[x509.Certificate], found: Sequence[tuple[PrivateKey, str]]
) -> list[tuple[x509.Certificate, PrivateKey]]:
    return [(cert, key) for cert in certificates for key, _ in found if keys.belongs(key, cert)]


def _leaf_without_key(certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    found = leaves(certificates)
    ends = [cert for cert in found if not is_anchor(cert)]
    if len(ends) > 1:
        raise _several(ends)
    return (ends or found)[0]


def _as_read(
    files: Sequence[Sequence[x509.Certificate]], chain: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """The chain as the first file has it whose order isn't the chain's; certificates of other files before."""
    for file in files:
        members = [cert for cert in unique(file) if cert in chain]
        if [chain.index(cert) for cert in members] != sorted(chain.index(cert) for cert in members):
            return (*(cert for cert in chain if cert not in members), *members)
    return chain


def _several(certs: Sequence[x509.Certificate]) -> CertificateError:
    return CertificateError(
        f"These are certificates of different owners: {short_name(certs[0])} and {short_name(certs[1])}.",
        "Give one certificate, its issuers and its key at a time.",
        code="several_leaves",
    )


def _without_certificate(gathered: _Gathered, known: Sequence[VaultEntry] = ()) -> CertificateError:
    by_kind = {block.kind: block.source for block in gathered.others}
    if source := by_kind.get(Kind.REQUEST):
        return CertificateError(
            f"{source} is a certificate signing request, not a certificate.",
            "Send it to your CA, and give the certificate that comes back.",
            code="request",
        )
    if gathered.keys or gathered.locked:
        return _key_alone(gathered, known)
    if source := by_kind.get(Kind.PUBLIC_KEY):
        return CertificateError(
            f"{source} is a public key, not a certificate.",
            "Give the certificate that was issued for it, and its private key.",
            code="public_key",
        )
    if source := by_kind.get(Kind.CRL):
        return CertificateError(f"{source} is a revocation list, not a certificate.", EXPECTED, code="crl")
    return CertificateError(f"{gathered.name} holds no certificate.", EXPECTED, code="empty")


def _key_alone(gathered: _Gathered, known: Sequence[VaultEntry]) -> CertificateError:
    fits = tuple(entry for key, _source in gathered.keys for entry in who_fits(key, known))
    step = "Give the file with the certificate too."
    if fits and not any(entry.has_key for entry in fits):
        step = f"Give it together with the certificate, to take the place of {fits[0].name} (--replace)."
    return CertificateError(
        f"{gathered.name} holds only a private key, and no certificate"
        + (f"; it fits {named(fits)} in the vault." if fits else "."),
        step,
        code="only_key",
    )


def _without_key(gathered: _Gathered, certificates: Sequence[x509.Certificate]) -> CertificateError:
    public = next((block.source for block in gathered.others if block.kind is Kind.PUBLIC_KEY), "")
    if public:
        return CertificateError(
            f"{public} is a public key; the private key is needed.",
            "Give the file that begins with BEGIN PRIVATE KEY (or RSA / EC PRIVATE KEY).",
            code="public_key",
        )
    return CertificateError(
        f"{gathered.name} holds the certificate {short_name(certificates[0])} without its private key.",
        "Give the key's file too.",
        code="no_key",
    )
