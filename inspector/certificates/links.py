"""A chain link by link: who signed each certificate, whether that signature is right, and whether the signer might.

Imports cryptography and, of the package, the certificates' own modules. What is told of one certificate is about it and
the signature on it; what its issuer may do stands with the link that the issuer makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from inspector.certificates.chain import named_issuer_of, order, unique
from inspector.certificates.describe import (
    BROKEN,
    extension,
    is_ca,
    is_self_signed,
    issuer,
    purposes,
    rfc3339,
    short_name,
    signature_name,
)
from inspector.certificates.name_constraints import forbidden_names


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """One thing that was looked at: `key` out of `signature`, `validity`, `ca`, `path_length`, `name_constraints`;
    `ok` is None where it can't be told here; `message` a sentence."""

    key: str
    ok: bool | None
    message: str


@dataclass(frozen=True, slots=True)
class Link:
    """A certificate of a chain, with the issuer that was found for it: the next link's, one known from elsewhere
    (`known`), itself for a root, or None. Without a found issuer `issuer_name` still says who it should be."""

    certificate: x509.Certificate
    issuer: x509.Certificate | None
    issuer_name: str
    known: bool
    checks: tuple[LinkCheck, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; what can't be told here is not wrong."""
        return all(check.ok is not False for check in self.checks)

    def check(self, key: str) -> LinkCheck | None:
        """One of the checks, None where it was not made."""
        return next((check for check in self.checks if check.key == key), None)


def links(
    chain: Sequence[x509.Certificate],
    *,
    known_cas: Sequence[x509.Certificate] = (),
    now: datetime | None = None,
) -> tuple[Link, ...]:
    """The links from the first certificate up as far as `chain` and then `known_cas` (such as the vault's) reach, each
    verified. `now` is aware. Never raises, however odd the certificates are; empty for an empty chain."""
    if not chain:
        return ()
    moment = now or datetime.now(UTC)
    ordered = order(chain[0], unique([*chain, *known_cas]))
    found = []
    for depth, cert in enumerate(ordered):
        signer = ordered[depth + 1] if depth + 1 < len(ordered) else cert if is_self_signed(cert) else None
        checks = (
            _signature(cert, signer, [*chain, *known_cas]),
            _validity(cert, moment),
            *_rights(ordered, depth),
        )
        found.append(Link(cert, signer, issuer(cert), cert not in chain, checks))
    return tuple(found)


def _signature(
    cert: x509.Certificate, signer: x509.Certificate | None, others: Sequence[x509.Certificate]
) -> LinkCheck:
    name = short_name(cert)
    if signer is None:
        namesake = next((other for other in others if other != cert and named_issuer_of(cert, other)), None)
        if namesake is not None:
            return LinkCheck(
                "signature",
                False,
                f"{name} was not signed by this {short_name(namesake)}: another key of that name did.",
            )
        return LinkCheck("signature", None, f"{name} was signed by {issuer(cert)}, which isn't here.")
    whose = "itself" if signer == cert else short_name(signer)
    try:
        cert.verify_directly_issued_by(signer)
    except InvalidSignature:
        return LinkCheck("signature", False, f"The signature of {whose} on {name} is wrong.")
    except BROKEN:
        return LinkCheck(
            "signature", None, f"{name} names {whose} as its issuer; its signature can't be verified here."
        )
    return LinkCheck(
        "signature", True, f"Signed by {whose} ({signature_name(cert)}), and the signature is right."
    )


def _validity(cert: x509.Certificate, now: datetime) -> LinkCheck:
    try:
        begin, end = cert.not_valid_before_utc, cert.not_valid_after_utc
    except BROKEN:
        return LinkCheck("validity", None, "Its times can't be read.")
    if now > end:
        return LinkCheck("validity", False, f"Expired on {rfc3339(end)}.")
    if now < begin:
        return LinkCheck("validity", False, f"Valid only from {rfc3339(begin)}.")
    return LinkCheck("validity", True, f"Valid until {rfc3339(end)}.")


def _rights(chain: Sequence[x509.Certificate], depth: int) -> Iterator[LinkCheck]:
    """What the certificate at `depth` may do to those below it; of the leaf there is nothing to say."""
    if depth == 0:
        return
    cert, below = chain[depth], chain[depth - 1]
    allowed = is_ca(cert) and "ca" in purposes(cert)
    yield LinkCheck(
        "ca",
        allowed,
        f"May issue certificates, such as {short_name(below)}."
        if allowed
        else f"Issued {short_name(below)}, but isn't a CA.",
    )
    try:
        constraints = extension(cert, x509.BasicConstraints)
        forbidden = [
            name
            for lower in chain[:depth]
            if lower is chain[0] or not _self_issued(lower)
            for name in forbidden_names(lower, cert)
        ]
        constrained = extension(cert, x509.NameConstraints) is not None
    except BROKEN:
        yield LinkCheck("name_constraints", None, "Its extensions can't be read.")
        return
    if constraints is not None and constraints.path_length is not None:
        between = sum(not _self_issued(lower) for lower in chain[1:depth])
        fits = between <= constraints.path_length
        count = f"{between} CA{'' if between == 1 else 's'} below it"
        yield LinkCheck(
            "path_length",
            fits,
            f"{count}, of {constraints.path_length} that it allows{'' if fits else ': too many'}.",
        )
    if constrained:
        yield LinkCheck(
            "name_constraints",
            not forbidden,
            f"May not issue for {', '.join(dict.fromkeys(forbidden))}."
            if forbidden
            else "Allows all names below it.",
        )


def _self_issued(cert: x509.Certificate) -> bool:
    """Of its own name, as a CA's renewed key is: those don't count (RFC 5280 6.1)."""
    try:
        return cert.issuer == cert.subject
    except BROKEN:
        return False
