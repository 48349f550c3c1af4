"""What is wrong, or soon will be, with an identity: as a server's, as a client's, or in general.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. Judges as OpenSSL would
in a handshake, where that is known beforehand; whether the other side trusts the root is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspector.certificates import keys
from inspector.certificates.anatomy import has_explicit_curve
from inspector.certificates.chain import issued_by, leaves, named_issuer_of, order
from inspector.certificates.describe import (
    BROKEN,
    extension,
    is_ca,
    is_self_signed,
    issuer,
    key_name,
    purposes,
    rfc3339,
    short_name,
    signature_name,
)
from inspector.certificates.keys import PrivateKey, is_pss_only
from inspector.certificates.links import links
from inspector.certificates.model import Finding, Purpose, Severity, VaultEntry
from inspector.certificates.read import read
from inspector.certificates.sources import Source, sources_of

SOON = timedelta(days=30)
LEAST_RSA_BITS = 2048  # OpenSSL's security level 2, the default since 3.2
_USAGES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}
_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

Findings = Iterator[Finding]


def check(
    chain: Sequence[x509.Certificate],
    key: PrivateKey | None,
    *,
    purpose: Purpose | None = None,
    now: datetime | None = None,
    known_cas: Sequence[x509.Certificate] = (),
) -> tuple[Finding, ...]:
    """The findings on a chain, in the order in which it is presented, and its key; the worst first, `ok` alone where
    there is nothing to fear. `known_cas` are issuers known from elsewhere, such as the vault's."""
    return _verdict(_examine(chain, key, purpose, now or datetime.now(UTC), known_cas))


def check_files(
    paths: Sequence[Path],
    password: Callable[[], str] | str | None = None,
    *,
    purpose: Purpose | None = None,
    now: datetime | None = None,
    known_cas: Sequence[x509.Certificate] = (),
) -> tuple[Finding, ...]:
    """The findings on files. A key that belongs to another certificate, and an encrypted one that no password was
    given for, are findings too (but a PKCS#12 file can't be looked into without). Raises CertificateError where the
    files can't be read."""
    return check_sources(sources_of(paths), password, purpose=purpose, now=now, known_cas=known_cas)


def check_sources(
    sources: Sequence[Source],
    password: Callable[[], str] | str | None = None,
    *,
    purpose: Purpose | None = None,
    now: datetime | None = None,
    known_cas: Sequence[x509.Certificate] = (),
) -> tuple[Finding, ...]:
    """As `check_files`, of their bytes. Raises CertificateError."""
    material = read(sources, password, skip_locked_keys=True, take_strange_keys=True)
    moment = now or datetime.now(UTC)
    # CAs that lead nowhere count as part of the chain: whoever put them there meant them to be.
    strays = tuple(cert for cert in material.extra if is_ca(cert)) if len(material.chain) == 1 else ()
    found = list(_examine((*material.as_read, *strays), material.key, purpose, moment, known_cas))
    if material.locked:
        found = [finding for finding in found if finding.code != "no_key"]
        found.append(
            _warning(
                "encrypted_key", "The private key is encrypted, so it wasn't checked: give its password."
            )
        )
    elif material.encrypted:
        found.append(
            _info("encrypted_key", "The private key is encrypted: whoever uses the file needs its password.")
        )
    return _verdict(found)


def check_entry(
    entry: VaultEntry,
    *,
    purpose: Purpose | None = None,
    now: datetime | None = None,
    known_cas: Sequence[x509.Certificate] = (),
) -> tuple[Finding, ...]:
    """The findings on an entry of the vault. Its key stays closed: that it fits was seen when it was put there."""
    found = _examine(entry.chain, None, purpose, now or datetime.now(UTC), known_cas)
    return _verdict([finding for finding in found if not (entry.has_key and finding.code == "no_key")])


def _verdict(found: Iterator[Finding] | Sequence[Finding]) -> tuple[Finding, ...]:
    findings = sorted(dict.fromkeys(found), key=lambda finding: _RANKS[finding.severity])
    if all(finding.severity is Severity.INFO for finding in findings):
        findings.insert(0, _info("ok", "Nothing wrong was found."))
    return tuple(findings)


def _examine(
    given: Sequence[x509.Certificate],
    key: PrivateKey | None,
    purpose: Purpose | None,
    now: datetime,
    known_cas: Sequence[x509.Certificate],
) -> Findings:
    leaf = _leaf(given, key)
    chain = order(leaf, given)
    yield from _check_key(leaf, key, purpose)
    yield from _check_order(given, chain)
    yield from _check_completeness(given, chain, known_cas)
    for cert in chain:
        yield from _check_times(cert, now)
        yield from _check_strength(cert)
    yield from _check_purpose(leaf, purpose)
    yield from _check_issuers(chain, purpose)
    yield from _check_name_constraints(chain, now)
    yield from _check_names(leaf, purpose)
    yield from _check_self_signed(leaf, purpose)


def _leaf(given: Sequence[x509.Certificate], key: PrivateKey | None) -> x509.Certificate:
    if key is not None:
        for cert in given:
            if keys.belongs(key, cert):
                return cert
    ends = leaves(given)
    return next((cert for cert in ends if not is_ca(cert)), ends[0])


def _check_key(leaf: x509.Certificate, key: PrivateKey | None, purpose: Purpose | None) -> Findings:
    if key is None:
        message = f"There is no private key for {short_name(leaf)}."
        if purpose is not None:
            yield _error("no_key", message)
        elif not is_ca(leaf):
            yield _warning("no_key", message)
    elif not keys.belongs(key, leaf):
        yield _error(
            "key_mismatch", f"The private key belongs to another certificate than {short_name(leaf)}."
        )


def _check_order(given: Sequence[x509.Certificate], chain: Sequence[x509.Certificate]) -> Findings:
    members = [cert for cert in given if cert in chain]
    if members == list(chain):
        return
    if members[0] != chain[0]:
        yield _error(
            "wrong_order",
            f"{short_name(chain[0])} must come first, followed by its issuers; {short_name(members[0])} does.",
        )
    else:
        yield _warning(
            "wrong_order",
            f"The issuers are out of order; it should be: {', '.join(short_name(cert) for cert in chain)}.",
        )


def _check_completeness(
    given: Sequence[x509.Certificate],
    chain: Sequence[x509.Certificate],
    known_cas: Sequence[x509.Certificate],
) -> Findings:
    last = chain[-1]
    if is_self_signed(last):
        return
    namesakes = [cert for cert in (*given, *known_cas) if cert != last and named_issuer_of(last, cert)]
    if namesakes and not any(issued_by(last, cert) for cert in namesakes):
        yield _error(
            "wrong_issuer",
            f"{short_name(last)} was not signed by this {short_name(namesakes[0])}, but by another key of that name.",
        )
        return
    missing = f"{short_name(last)} was issued by {issuer(last)}"
    known = [ca for ca in known_cas if issued_by(last, ca)]
    if any(is_self_signed(ca) for ca in known):
        return
    if known:
        yield _error(
            "incomplete_chain", f"{missing}, an intermediate CA that isn't in the chain: add its certificate."
        )
    elif any(cert not in chain for cert in given):
        yield _error(
            "incomplete_chain", f"{missing}, which isn't in the chain, though other certificates are."
        )
    elif len(chain) == 1 and not is_ca(last):
        yield _warning(
            "incomplete_chain",
            f"{missing}, which isn't there. That is fine if it is a root that the other side has; an intermediate CA"
            " must be added.",
        )


def _check_times(cert: x509.Certificate, now: datetime) -> Findings:
    begin, end = cert.not_valid_before_utc, cert.not_valid_after_utc
    name = short_name(cert)
    if now > end:
        yield _error("expired", f"{name} expired on {rfc3339(end)}.")
    elif now < begin:
        yield _error("not_yet_valid", f"{name} is valid only from {rfc3339(begin)}.")
    # A third of its life for those that are made to last a few days.
    elif end - now < min(SOON, (end - begin) / 3):
        days = (end - now).days
        left = f"in {days} day{'' if days == 1 else 's'}" if days else "within a day"
        yield _warning("expires_soon", f"{name} expires {left}, on {rfc3339(end)}.")


def is_weak(key: object) -> bool:
    """Whether TLS refuses a public key: too short, or of a kind that it has no use for."""
    return (
        (isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS)
        or isinstance(key, dsa.DSAPublicKey)
        or (isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, keys.CURVES))
    )


def _check_strength(cert: x509.Certificate) -> Findings:
    name = short_name(cert)
    try:
        key: object = cert.public_key()
    except BROKEN:
        key = None
    if is_weak(key):
        yield _error(
            "weak_key",
            f"{name} has a key ({key_name(cert)}) that TLS refuses: use RSA 2048 or more, ECDSA P-256 or Ed25519.",
        )
    elif is_pss_only(cert):
        yield _error("rare_key", f"{name} has an RSASSA-PSS key, which can't be presented in TLS here.")
    elif isinstance(key, ed448.Ed448PublicKey) or (
        isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, keys.RARE_CURVES)
    ):
        yield _warning(
            "rare_key",
            f"{name} has a key ({key_name(cert)}) that many servers and clients don't take, in TLS 1.3 least of all.",
        )
    if has_explicit_curve(cert):
        yield _warning(
            "explicit_curve",
            f"{name} writes its key's curve out as numbers instead of naming it, which many programs refuse.",
        )
    signature = signature_name(cert)
    # Nobody verifies the signature of a root.
    if signature.endswith(("MD5", "SHA-1")) and not is_self_signed(cert):
        yield _error(
            "weak_signature", f"{name} is signed with {signature}, which TLS refuses: have it issued again."
        )


def _check_purpose(leaf: x509.Certificate, purpose: Purpose | None) -> Findings:
    allowed = purposes(leaf)
    if purpose is not None and purpose not in allowed:
        instead = " and ".join("issuing" if use == "ca" else f"a {use}'s use" for use in allowed)
        yield _error(
            "wrong_purpose",
            f"{short_name(leaf)} isn't meant for a {purpose}: it allows {instead or 'nothing that TLS knows'}.",
        )
    elif purpose is None and not allowed:
        yield _warning("wrong_purpose", f"{short_name(leaf)} is meant neither for a server nor for a client.")


def _check_issuers(chain: Sequence[x509.Certificate], purpose: Purpose | None) -> Findings:
    """The issuers' own limits: whether they may issue at all, how deep, and for what."""
    for depth, cert in enumerate(chain[1:]):
        name = short_name(cert)
        try:
            constraints = extension(cert, x509.BasicConstraints)
            extended = extension(cert, x509.ExtendedKeyUsage)
        except BROKEN:
            yield _error("wrong_purpose", f"The extensions of {name} can't be read.")
            continue
        if "ca" not in purposes(cert):
            yield _error("wrong_purpose", f"{name} issued {short_name(chain[depth])}, but isn't a CA.")
        elif (
            constraints is not None
            and constraints.path_length is not None
            and depth > constraints.path_length
        ):
            yield _error("wrong_purpose", f"{name} allows fewer intermediate CAs below it than there are.")
        elif purpose and extended is not None and _USAGES[purpose] not in extended:
            yield _error("wrong_purpose", f"{name} may not issue certificates for a {purpose}.")


def _check_name_constraints(chain: Sequence[x509.Certificate], now: datetime) -> Findings:
    for link in links(chain, now=now):
        found = link.check("name_constraints")
        if found is not None and found.ok is False:
            yield _error("name_constraints", f"{short_name(link.certificate)}: {found.message}")


def _check_names(leaf: x509.Certificate, purpose: Purpose | None) -> Findings:
    """Nobody looks at a server's common name any more (RFC 9525 6.3)."""
    try:
        names = extension(leaf, x509.SubjectAlternativeName) or ()
        extended = extension(leaf, x509.ExtendedKeyUsage)
    except BROKEN:
        return
    if any(isinstance(name, (x509.DNSName, x509.IPAddress)) for name in names):
        return
    message = (
        f"{short_name(leaf)} has no subject alternative name: clients can't match it with a server's name."
    )
    if purpose == "server":
        yield _error("no_san", message)
    elif purpose is None and extended is not None and ExtendedKeyUsageOID.SERVER_AUTH in extended:
        # One that is for clients too may be meant for a client alone.
        severity = Severity.INFO if ExtendedKeyUsageOID.CLIENT_AUTH in extended else Severity.WARNING
        yield Finding("no_san", severity, message)


def _check_self_signed(leaf: x509.Certificate, purpose: Purpose | None) -> Findings:
    if not is_self_signed(leaf) or (purpose is None and purposes(leaf) == ("ca",)):
        return
    # OpenSSL makes a CA of every self-signed certificate unless told otherwise, so a CA may or may not be meant.
    severity = Severity.INFO if purpose is None and is_ca(leaf) else Severity.WARNING
    message = f"{short_name(leaf)} is self-signed: only those who were given it itself will trust it."
    yield Finding("self_signed", severity, message)


def _error(code: str, message: str) -> Finding:
    return Finding(code, Severity.ERROR, message)


def _warning(code: str, message: str) -> Finding:
    return Finding(code, Severity.WARNING, message)


def _info(code: str, message: str) -> Finding:
    return Finding(code, Severity.INFO, message)
