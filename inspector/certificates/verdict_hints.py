"""Did the client leave out an intermediate, or is its issuer simply not one of ours? Signs to tell the two
apart.

Imports cryptography and, of the package, the certificates' description and chains. What was not sent can't be
seen, so this weighs signs; where there is none, the issuer is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.x509.oid import NameOID

from inspector.certificates.chain import issued_by
from inspector.certificates.describe import BROKEN, extension, is_self_signed
from inspector.certificates.mint import ORGANIZATION

_WORD = re.compile(r"[a-z]+")
_INTERMEDIATE_WORDS = frozenset(
    {"int", "inter", "ica", "issuing", "mid", "middle", "sub", "subca", "subordinate"}
)


def missing_intermediate(
    last: x509.Certificate, accepted: Sequence[x509.Certificate], known: Sequence[x509.Certificate]
) -> bool:
    """Whether the issuer of `last` (the last certificate that could be chained) is an intermediate that the
    client should have sent. `accepted` are the CAs we take clients of, `known` other certificates we have
    come across.

    No, if one of ours bears the issuer's name: it was found, but has another key. Where the issuer is known, it
    depends on where it leads: yes if to one of ours, no if to another root or if it is one itself. By the authority
    key identifier, which may name the issuer's issuer: yes if that is one of ours, no if it is a stranger. Else yes,
    if the issuer calls itself an intermediate, issuing or subordinate CA.
    """
    path = [last]
    while (above := left_out(path[-1], known)) is not None and above not in path:
        if any(issued_by(above, ours) for ours in accepted):
            return True
        path.append(above)
    return _looks_intermediate(path[-1], accepted, known)


def left_out(cert: x509.Certificate, known: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """The issuer of `cert`, where it is known and no root."""
    return next((one for one in known if issued_by(cert, one) and not is_self_signed(one)), None)


def _looks_intermediate(
    top: x509.Certificate, accepted: Iterable[x509.Certificate], known: Iterable[x509.Certificate]
) -> bool:
    try:
        issuer = top.issuer
        trusted = [cert.subject for cert in accepted]
    except BROKEN:
        return False
    if issuer in trusted or any(issued_by(top, cert) for cert in known):
        return False
    if (above := _issuer_of_issuer(top)) is not None and above != issuer:
        return above in trusted
    return _calls_itself_intermediate(issuer)


def namesakes(cert: x509.Certificate, accepted: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """Those of `accepted` that bear the name of `cert`'s issuer."""
    try:
        return [ours for ours in accepted if ours.subject == cert.issuer]
    except BROKEN:
        return []


def same_organization(
    cert: x509.Certificate, accepted: Iterable[x509.Certificate]
) -> x509.Certificate | None:
    """One of `accepted` whose organization is that of `cert`'s issuer. What this program itself has made does
    not count: it all has the same."""
    try:
        wanted = _organizations(cert.issuer) - {ORGANIZATION.casefold()}
        return next((ours for ours in accepted if wanted & _organizations(ours.subject)), None)
    except BROKEN:
        return None


def _organizations(name: x509.Name) -> set[str]:
    return {str(part.value).casefold() for part in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)}


def _issuer_of_issuer(cert: x509.Certificate) -> x509.Name | None:
    """RFC 5280 4.2.1.1: authorityCertIssuer is the issuer field of the certificate that issued this one."""
    try:
        identifier = extension(cert, x509.AuthorityKeyIdentifier)
    except BROKEN:
        return None
    if identifier is None or identifier.authority_cert_issuer is None:
        return None
    return next(
        (name.value for name in identifier.authority_cert_issuer if isinstance(name, x509.DirectoryName)),
        None,
    )


def _calls_itself_intermediate(name: x509.Name) -> bool:
    labels = [
        str(part.value).lower()
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
        for part in name.get_attributes_for_oid(oid)
    ]
    words = {word for label in labels for word in _WORD.findall(label)}
    return bool(words & _INTERMEDIATE_WORDS) or any(word.startswith("intermed") for word in words)
