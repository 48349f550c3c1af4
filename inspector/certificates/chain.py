"""Which certificate issued which, and the order from a leaf up to its root.

Imports cryptography and, of the package, the certificates' description and DER reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from inspector.certificates import der
from inspector.certificates.describe import BROKEN, extension, is_ca, is_self_signed


def issued_by(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` issued `cert`: the names fit and the signature is its key's. Where the signature is of a
    kind that can't be verified here, names and key identifiers decide."""
    if not named_issuer_of(cert, issuer):
        return False
    try:
        cert.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except BROKEN:
        return _key_identifiers_fit(cert, issuer)
    return True


def named_issuer_of(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `cert` names `issuer` as its issuer; whose key signed it is another matter."""
    return _issuer_name(cert) == _subject_name(issuer)


def order(leaf: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """`leaf` and, out of `others`, its issuers, each after the one it issued; a root ends it. Of several issuers that
    fit (renewed or cross-signed ones) the one that lasts longest is taken."""
    chain = [leaf]
    rest = [cert for cert in others if cert != leaf]
    while not is_self_signed(chain[-1]):
        issuers = [cert for cert in rest if cert not in chain and issued_by(chain[-1], cert)]
        if not issuers:
            break
        chain.append(max(issuers, key=lambda cert: (is_ca(cert), cert.not_valid_after_utc)))
    return tuple(chain)


def leaves(certs: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Those that issued none of the others, in their order. Where each issued another (a ring of cross-signed
    roots), the first."""
    by_issuer: dict[
        x509.Name | bytes, list[x509.Certificate]
    ] = {}  # a bundle of all public roots is no rarity
    for cert in certs:
        by_issuer.setdefault(_issuer_name(cert), []).append(cert)
    found = [
        cert
        for cert in certs
        if not any(
            other != cert and issued_by(other, cert) for other in by_issuer.get(_subject_name(cert), ())
        )
    ]
    return found or list(certs[:1])


def unique(certs: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Without repetitions, in order."""
    return tuple(dict.fromkeys(certs))


def is_anchor(cert: x509.Certificate) -> bool:
    """Whether others can be trusted because of it: a CA, or a self-signed certificate, which vouches for itself."""
    return is_ca(cert) or is_self_signed(cert)


def _issuer_name(cert: x509.Certificate) -> x509.Name | bytes:
    try:
        return cert.issuer
    except BROKEN:
        return der.certificate_fields(cert.tbs_certificate_bytes).issuer


def _subject_name(cert: x509.Certificate) -> x509.Name | bytes:
    try:
        return cert.subject
    except BROKEN:
        return der.certificate_fields(cert.tbs_certificate_bytes).subject


def _key_identifiers_fit(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        wanted = extension(cert, x509.AuthorityKeyIdentifier)
        found = extension(issuer, x509.SubjectKeyIdentifier)
    except BROKEN:
        return True
    if wanted is None or wanted.key_identifier is None or found is None:
        return True
    return wanted.key_identifier == found.digest
