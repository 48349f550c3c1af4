"""A certificate taken apart: every field and every extension as a tree of names, values and notes. None is lost, and
nothing raises, however odd the certificate is.

Imports cryptography and, of the package, the certificates' description, DER reader and fingerprints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from inspector.certificates import der
from inspector.certificates.anatomy_extensions import extension_fields
from inspector.certificates.anatomy_field import Field, colons
from inspector.certificates.describe import (
    BROKEN,
    UNREADABLE,
    is_self_signed,
    issuer,
    key_name,
    printable,
    rfc3339,
    serial,
    signature_name,
    subject,
)
from inspector.certificates.fingerprints import fingerprints, public_key_info

_ATTRIBUTES = {
    NameOID.COMMON_NAME: "Common name (CN)",
    NameOID.SURNAME: "Surname (SN)",
    NameOID.SERIAL_NUMBER: "Serial number",
    NameOID.COUNTRY_NAME: "Country (C)",
    NameOID.LOCALITY_NAME: "Locality (L)",
    NameOID.STATE_OR_PROVINCE_NAME: "State or province (ST)",
    NameOID.STREET_ADDRESS: "Street (STREET)",
    NameOID.ORGANIZATION_NAME: "Organisation (O)",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "Organisational unit (OU)",
    NameOID.TITLE: "Title",
    NameOID.GIVEN_NAME: "Given name (GN)",
    NameOID.DN_QUALIFIER: "Qualifier",
    NameOID.USER_ID: "User ID (UID)",
    NameOID.DOMAIN_COMPONENT: "Domain component (DC)",
    NameOID.EMAIL_ADDRESS: "Email address",
    NameOID.BUSINESS_CATEGORY: "Business category",
    NameOID.JURISDICTION_COUNTRY_NAME: "Country of incorporation",
    NameOID.ORGANIZATION_IDENTIFIER: "Organisation's identifier",
}
_WIDTH = 28
_LINE = 3 * 24
_HEX_PAIRS = re.compile(r"(?:[0-9a-f]{2}:)+[0-9a-f]{2}")


def anatomy(cert: x509.Certificate, *, now: datetime | None = None) -> tuple[Field, ...]:
    """All of a certificate, in the order in which people ask for it. `now` is aware."""
    moment = now or datetime.now(UTC)
    prints = fingerprints(cert)
    return (
        Field("Subject", subject(cert), parts=_name(cert, whose="subject")),
        Field(
            "Issuer",
            issuer(cert),
            note="itself: self-signed" if is_self_signed(cert) else "",
            parts=_name(cert, whose="issuer"),
        ),
        Field("Validity", parts=_validity(cert, moment)),
        Field("Serial number", serial(cert)),
        Field("Version", _version(cert)),
        Field("Public key", key_name(cert), parts=_public_key(cert)),
        Field("Extensions", parts=extension_fields(cert)),
        Field(
            "Signature",
            signature_name(cert),
            parts=(
                Field("Algorithm", cert.signature_algorithm_oid.dotted_string, signature_name(cert)),
                Field("Value", colons(cert.signature)),
            ),
        ),
        Field(
            "Fingerprints",
            parts=(
                Field("SHA-256", prints.sha256),
                Field("SHA-1", prints.sha1),
                Field(
                    "Pin of the public key",
                    f"sha256/{prints.spki_pin}",
                    "stays, if renewed with the same key",
                ),
            ),
        ),
    )


def as_text(fields: Iterable[Field]) -> str:
    """The tree as plain text: two blanks a level, values in one column, the last line ended."""
    return "".join(f"{line}\n" for line in _lines(fields, 0))


def _lines(fields: Iterable[Field], depth: int) -> Iterator[str]:
    for field in fields:
        start = f"{'  ' * depth}{field.name}"
        note = f"  ({field.note})" if field.note else ""
        *lines, last = _wrapped(field.value)
        first, *more = [*lines, f"{last}{note}".strip()]
        yield f"{start:<{_WIDTH}}  {first}".rstrip() if first else start
        yield from (f"{'':<{_WIDTH}}  {line}" for line in more)
        yield from _lines(field.parts, depth + 1)


def _wrapped(value: str) -> list[str]:
    """Long bytes in lines; all else in one, to be copied whole."""
    if len(value) <= _LINE or not _HEX_PAIRS.fullmatch(value):
        return [value]
    return [value[start : start + _LINE] for start in range(0, len(value), _LINE)]


def _name(cert: x509.Certificate, *, whose: str) -> tuple[Field, ...]:
    try:
        name = cert.subject if whose == "subject" else cert.issuer
        return tuple(
            Field(
                _ATTRIBUTES.get(attribute.oid, attribute.oid.dotted_string),
                printable(attribute.value) if isinstance(attribute.value, str) else colons(attribute.value),
            )
            for attribute in name
        )
    except BROKEN:
        return ()  # the whole name stands above, its unreadable bytes as hex pairs


def _validity(cert: x509.Certificate, now: datetime) -> tuple[Field, ...]:
    try:
        begin, end = cert.not_valid_before_utc, cert.not_valid_after_utc
    except BROKEN:
        return (Field("Times", UNREADABLE),)
    days = (end - now).days
    left = "expired" if now > end else f"{days} day{'' if days == 1 else 's'} left"
    return (
        Field("Not before", rfc3339(begin), "not valid yet" if now < begin else ""),
        Field("Not after", rfc3339(end), left),
        Field("Length", f"{(end - begin).days} days"),
    )


def _version(cert: x509.Certificate) -> str:
    try:
        return str(cert.version.value + 1)
    except BROKEN:
        return UNREADABLE


def _public_key(cert: x509.Certificate) -> tuple[Field, ...]:
    info = public_key_info(cert)
    raw = Field("SubjectPublicKeyInfo", colons(info))
    try:
        key: object = cert.public_key()
    except BROKEN:
        return (Field("Algorithm", cert.public_key_algorithm_oid.dotted_string, "can't be read here"), raw)
    match key:
        case rsa.RSAPublicKey():
            numbers = key.public_numbers()
            return (
                Field("Modulus", colons(_bytes(numbers.n)), f"{key.key_size} bits"),
                Field("Exponent", str(numbers.e)),
            )
        case ec.EllipticCurvePublicKey():
            point = key.public_numbers()
            size = (key.key_size + 7) // 8
            uncompressed = b"\x04" + point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big")
            note = "written out as numbers, which many programs refuse" if has_explicit_curve(cert) else ""
            return (Field("Curve", key.curve.name, note), Field("Point", colons(uncompressed)))
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return (Field("Key", colons(key.public_bytes_raw())),)
        case dsa.DSAPublicKey():
            return (Field("Size", f"{key.key_size} bits"), raw)
    return (raw,)


def has_explicit_curve(cert: x509.Certificate) -> bool:
    """Whether its key's curve is written out as numbers instead of named (RFC 5480 2.1.1 forbids that)."""
    try:
        algorithm = der.first(der.first(public_key_info(cert)).content)
        kind, *parameters = der.elements(algorithm.content)
        return der.dotted(kind.content) == "1.2.840.10045.2.1" and parameters[0].tag == der.SEQUENCE
    except (ValueError, IndexError):
        return False


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
