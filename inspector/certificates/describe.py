"""What people want to know of a certificate, as texts. Never raises, however odd the certificate is.

Imports cryptography and, of the package, the certificates' model and DER reader. Cheap: the listener calls it for
every handshake.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID

from inspector.certificates import der
from inspector.certificates.model import CertificateFacts

UNREADABLE = "(unreadable)"
# All that cryptography raises on certificates that break RFC 5280 or use what it does not know.
BROKEN = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)

_CURVES = {
    "secp256r1": "P-256",
    "secp384r1": "P-384",
    "secp521r1": "P-521",
    "secp224r1": "P-224",
    "secp192r1": "P-192",
}
# RFC 4514 leaves this one as numbers, which nobody can read; OpenSSL writes it so.
_NAME_OVERRIDES = {NameOID.EMAIL_ADDRESS: "emailAddress"}
_ATTRIBUTES = {
    NameOID.COMMON_NAME.dotted_string: "CN",
    NameOID.ORGANIZATION_NAME.dotted_string: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME.dotted_string: "OU",
    NameOID.COUNTRY_NAME.dotted_string: "C",
    NameOID.LOCALITY_NAME.dotted_string: "L",
    NameOID.STATE_OR_PROVINCE_NAME.dotted_string: "ST",
    NameOID.EMAIL_ADDRESS.dotted_string: "emailAddress",
}
_SIGNATURES = {
    SignatureAlgorithmOID.RSA_WITH_MD5: "RSA MD5",
    SignatureAlgorithmOID.RSA_WITH_SHA1: "RSA SHA-1",
    SignatureAlgorithmOID.RSA_WITH_SHA224: "RSA SHA-224",
    SignatureAlgorithmOID.RSA_WITH_SHA256: "RSA SHA-256",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "RSA SHA-384",
    SignatureAlgorithmOID.RSA_WITH_SHA512: "RSA SHA-512",
    SignatureAlgorithmOID.ECDSA_WITH_SHA1: "ECDSA SHA-1",
    SignatureAlgorithmOID.ECDSA_WITH_SHA224: "ECDSA SHA-224",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "ECDSA SHA-256",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "ECDSA SHA-384",
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: "ECDSA SHA-512",
    SignatureAlgorithmOID.DSA_WITH_SHA1: "DSA SHA-1",
    SignatureAlgorithmOID.DSA_WITH_SHA256: "DSA SHA-256",
    SignatureAlgorithmOID.ED25519: "Ed25519",
    SignatureAlgorithmOID.ED448: "Ed448",
}

_T = TypeVar("_T")
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def describe(cert: x509.Certificate, *, now: datetime | None = None) -> CertificateFacts:
    """The facts of one certificate. What can't be read shows as `(unreadable)` or stays empty. `now` (aware) is
    the moment `days_left` counts from: whole days, rounded down, so negative as soon as it is expired."""
    not_before = _or(lambda: rfc3339(cert.not_valid_before_utc), UNREADABLE)
    not_after = _or(lambda: rfc3339(cert.not_valid_after_utc), UNREADABLE)
    moment = now or datetime.now(UTC)
    return CertificateFacts(
        subject=subject(cert),
        issuer=issuer(cert),
        serial=serial(cert),
        not_before=not_before,
        not_after=not_after,
        days_left=_or(lambda: (cert.not_valid_after_utc - moment).days, 0),
        fingerprint_sha256=fingerprint(cert),
        key=key_name(cert),
        signature=signature_name(cert),
        names=names(cert),
        purposes=purposes(cert),
        is_ca=is_ca(cert),
        self_signed=is_self_signed(cert),
    )


def distinguished_name(name: x509.Name) -> str:
    """RFC 4514, most specific part first: `CN=dev-client,O=Push Inspector`. Characters that would break a line or
    steer a terminal are written as the hex pairs that RFC 4514 allows."""
    return printable(name.rfc4514_string(_NAME_OVERRIDES))


def subject(cert: x509.Certificate) -> str:
    """Whom the certificate is for, as `distinguished_name` writes it, also where the name is broken."""
    try:
        return distinguished_name(cert.subject)
    except BROKEN:
        return _or(lambda: _raw_name(der.certificate_fields(cert.tbs_certificate_bytes).subject), UNREADABLE)


def issuer(cert: x509.Certificate) -> str:
    """Who signed the certificate by its own words, as `subject`."""
    try:
        return distinguished_name(cert.issuer)
    except BROKEN:
        return _or(lambda: _raw_name(der.certificate_fields(cert.tbs_certificate_bytes).issuer), UNREADABLE)


def short_name(cert: x509.Certificate) -> str:
    """The certificate in a sentence: its common name, else its whole subject, else its first other name."""
    try:
        common = cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        text = printable(str(common[-1].value)) if common else ""
    except BROKEN:
        text = ""
    return text or subject(cert) or next(iter(names(cert)), "") or f"serial {serial(cert)}"


def serial(cert: x509.Certificate) -> str:
    """The serial number in lower-case hex, with a minus where it is negative (forbidden, yet seen)."""

    def read() -> str:
        # Not cert.serial_number: that warns, and is announced to raise, where the number is not positive.
        number = int.from_bytes(der.certificate_fields(cert.tbs_certificate_bytes).serial, "big", signed=True)
        digits = f"{abs(number):x}"
        return ("-" if number < 0 else "") + "0" * (len(digits) % 2) + digits

    return _or(read, UNREADABLE)


def fingerprint(cert: x509.Certificate) -> str:
    """SHA-256 over the whole certificate, lower-case hex."""
    return cert.fingerprint(hashes.SHA256()).hex()


def pem(cert: x509.Certificate) -> str:
    """The certificate as one PEM block, ended by a newline."""
    return cert.public_bytes(Encoding.PEM).decode("ascii")


def rfc3339(moment: datetime) -> str:
    """An aware time as RFC 3339 in UTC, whole seconds: `2026-01-31T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_name(cert: x509.Certificate) -> str:
    """Kind and size of the public key: `ECDSA P-256`, `RSA 2048`, `Ed25519`; of an unknown kind its number."""
    try:
        key = cert.public_key()
    except BROKEN:
        return _or(lambda: f"unknown ({cert.public_key_algorithm_oid.dotted_string})", "unknown")
    return public_key_name(key)


def public_key_name(key: object) -> str:
    """As `key_name`, of a public key."""
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"ECDSA {_CURVES.get(key.curve.name, key.curve.name)}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}"
    return type(key).__name__.removesuffix("PublicKey")


def signature_name(cert: x509.Certificate) -> str:
    """How the certificate was signed: `ECDSA SHA-256`, `RSA-PSS SHA-256`; an unknown way as its number."""
    oid = cert.signature_algorithm_oid
    if oid == SignatureAlgorithmOID.RSASSA_PSS:
        algorithm = _or(lambda: cert.signature_hash_algorithm, None)
        return f"RSA-PSS {algorithm.name.upper().replace('SHA', 'SHA-')}" if algorithm else "RSA-PSS"
    return _SIGNATURES.get(oid, oid.dotted_string)


def names(cert: x509.Certificate) -> tuple[str, ...]:
    """The subject alternative names, plain: hosts, addresses, mails, URIs; others with their kind before."""
    try:
        found = extension(cert, x509.SubjectAlternativeName)
    except BROKEN:
        return (UNREADABLE,)
    return tuple(_general_name(name) for name in found) if found is not None else ()


def purposes(cert: x509.Certificate) -> tuple[str, ...]:
    """What the certificate may be used for, out of `server`, `client`, `ca`, as OpenSSL judges it: key usage and
    extended key usage bind where they are there, and `any` usage does not stand for the two."""
    try:
        usage = extension(cert, x509.KeyUsage)
        extended = extension(cert, x509.ExtendedKeyUsage)
    except BROKEN:
        return ()
    signs = usage is None or usage.digital_signature or usage.key_agreement
    found = []
    if (signs or (usage is not None and usage.key_encipherment)) and (
        extended is None or ExtendedKeyUsageOID.SERVER_AUTH in extended
    ):
        found.append("server")
    if signs and (extended is None or ExtendedKeyUsageOID.CLIENT_AUTH in extended):
        found.append("client")
    if is_ca(cert) and (usage is None or usage.key_cert_sign):
        found.append("ca")
    return tuple(found)


def is_ca(cert: x509.Certificate) -> bool:
    """Whether it may issue: by its basic constraints, or as a self-signed one of version 1, which has none."""
    try:
        constraints = extension(cert, x509.BasicConstraints)
        return (
            constraints.ca
            if constraints is not None
            else cert.version == x509.Version.v1 and is_self_signed(cert)
        )
    except BROKEN:
        return False


def is_self_signed(cert: x509.Certificate) -> bool:
    """Whether its own key signed it."""
    try:
        if cert.issuer != cert.subject:
            return False
        cert.verify_directly_issued_by(cert)
    except InvalidSignature:
        return False
    except BROKEN:
        # The names say so, or can't be read; the signature is of a kind that can't be verified here.
        return issuer(cert) == subject(cert)
    return True


def extension(cert: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    """One extension's value, None where it is absent. Raises one of BROKEN where the extensions can't be read."""
    try:
        return cert.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _or(read: Callable[[], _T], fallback: _T) -> _T:
    try:
        return read()
    except BROKEN:
        return fallback


def _general_name(name: x509.GeneralName) -> str:
    match name:
        case x509.DirectoryName():
            return f"dirName:{distinguished_name(name.value)}"
        case x509.RegisteredID():
            return f"registeredID:{name.value.dotted_string}"
        case x509.OtherName():
            return f"otherName:{name.type_id.dotted_string}"
    return printable(str(name.value))


def _raw_name(name: bytes) -> str:
    """A Name that cryptography can't decode, its bytes read as UTF-8 with the unreadable ones as hex pairs."""
    parts = []
    for relative in der.elements(der.first(name).content):
        pairs = []
        for attribute in der.elements(relative.content):
            kind, value = tuple(der.elements(attribute.content))
            label = der.dotted(kind.content)
            text = value.content.decode("utf-8", "backslashreplace").replace("\\x", "\\")
            pairs.append(f"{_ATTRIBUTES.get(label, label)}={printable(text)}")
        parts.append("+".join(pairs))
    return ",".join(reversed(parts))


def printable(text: str) -> str:
    """Control and formatting characters, line and paragraph ends as hex pairs of their UTF-8 (RFC 4514 2.4)."""
    if text.isprintable():
        return text
    return "".join(
        "".join(f"\\{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else character
        for character in text
    )
