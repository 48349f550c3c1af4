"""The extensions of a certificate, each with its identifier, whether it is critical, and its content in words; one
that is unknown or broken as its bytes.

Imports cryptography and, of the package, the certificates' description and DER reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID

from inspector.certificates import der
from inspector.certificates.anatomy_field import Field, colons
from inspector.certificates.describe import BROKEN, distinguished_name, printable
from inspector.certificates.keys import quiet

_BOOLEAN = 0x01
_CONTEXT_3 = 0xA3
_NAMES = {
    ExtensionOID.BASIC_CONSTRAINTS: "Basic constraints",
    ExtensionOID.KEY_USAGE: "Key usage",
    ExtensionOID.EXTENDED_KEY_USAGE: "Extended key usage",
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME: "Subject alternative name",
    ExtensionOID.ISSUER_ALTERNATIVE_NAME: "Issuer alternative name",
    ExtensionOID.SUBJECT_KEY_IDENTIFIER: "Subject key identifier",
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER: "Authority key identifier",
    ExtensionOID.NAME_CONSTRAINTS: "Name constraints",
    ExtensionOID.CERTIFICATE_POLICIES: "Certificate policies",
    ExtensionOID.POLICY_MAPPINGS: "Policy mappings",
    ExtensionOID.POLICY_CONSTRAINTS: "Policy constraints",
    ExtensionOID.INHIBIT_ANY_POLICY: "Inhibit any policy",
    ExtensionOID.CRL_DISTRIBUTION_POINTS: "CRL distribution points",
    ExtensionOID.FRESHEST_CRL: "Freshest CRL",
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS: "Authority information access",
    ExtensionOID.SUBJECT_INFORMATION_ACCESS: "Subject information access",
    ExtensionOID.OCSP_NO_CHECK: "OCSP no check",
    ExtensionOID.TLS_FEATURE: "TLS feature",
    ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS: "Signed certificate timestamps",
    ExtensionOID.PRECERT_POISON: "Precertificate poison",
    ExtensionOID.MS_CERTIFICATE_TEMPLATE: "Microsoft certificate template",
    x509.ObjectIdentifier("2.16.840.1.113730.1.1"): "Netscape certificate type",
    x509.ObjectIdentifier("2.16.840.1.113730.1.13"): "Netscape comment",
}
_USES = {
    ExtendedKeyUsageOID.SERVER_AUTH: "TLS server",
    ExtendedKeyUsageOID.CLIENT_AUTH: "TLS client",
    ExtendedKeyUsageOID.CODE_SIGNING: "code signing",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "email",
    ExtendedKeyUsageOID.TIME_STAMPING: "time stamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSP signing",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "any; TLS does not take it for server or client",
    ExtendedKeyUsageOID.SMARTCARD_LOGON: "smart card logon",
}
_ACCESS = {
    AuthorityInformationAccessOID.OCSP: "OCSP",
    AuthorityInformationAccessOID.CA_ISSUERS: "Issuer's certificate",
}
# Apple's certificates for pushes say by these what they are for.
_APPLE = {
    "1.2.840.113635.100.6.3.1": "Apple: push, development",
    "1.2.840.113635.100.6.3.2": "Apple: push, production",
    "1.2.840.113635.100.6.3.6": "Apple: push topics",
}
_UNKNOWN = "Unknown extension"


class _Raw(NamedTuple):
    oid: str
    critical: bool
    value: bytes
    raw: bytes


def extension_fields(cert: x509.Certificate) -> tuple[Field, ...]:
    """All extensions, in their order. Each is read by itself, so that a broken one hides none of the others."""
    return tuple(_field(cert, raw) for raw in _raw_extensions(cert))


def _field(cert: x509.Certificate, raw: _Raw) -> Field:
    name = _NAMES.get(x509.ObjectIdentifier(raw.oid)) or _APPLE.get(raw.oid) or _UNKNOWN
    note = f"{raw.oid}{', critical' if raw.critical else ''}"
    as_bytes = (Field("Bytes", colons(raw.value)),)
    try:
        parts = _content(_alone(cert, raw))
    except BROKEN:
        return Field(name, "can't be read", note, as_bytes)
    return Field(name, "", note, parts or as_bytes)


def _raw_extensions(cert: x509.Certificate) -> list[_Raw]:
    found = []
    try:
        for part in der.elements(der.first(cert.tbs_certificate_bytes).content):
            if part.tag == _CONTEXT_3:
                for element in der.elements(der.first(part.content).content):
                    oid, *rest = der.elements(element.content)
                    critical = len(rest) > 1 and rest[0].tag == _BOOLEAN and rest[0].content != b"\x00"
                    value = rest[-1].content if rest else b""
                    found.append(_Raw(der.dotted(oid.content), critical, value, element.raw))
    except (der.NotDerError, ValueError):
        pass  # cryptography has loaded it, so its structure is sound: nothing more to be found
    return found


def _alone(cert: x509.Certificate, raw: _Raw) -> x509.ExtensionType:
    """The value of one extension, read as the only one of the same certificate. Raises one of BROKEN."""
    whole = der.first(cert.public_bytes(Encoding.DER))
    tbs, *rest = der.elements(whole.content)
    parts = [part.raw for part in der.elements(tbs.content) if part.tag != _CONTEXT_3]
    parts.append(der.wrap(_CONTEXT_3, der.wrap(der.SEQUENCE, raw.raw)))
    content = der.wrap(der.SEQUENCE, b"".join(parts)) + b"".join(element.raw for element in rest)
    with quiet():
        single = x509.load_der_x509_certificate(der.wrap(der.SEQUENCE, content))
        value: x509.ExtensionType = next(iter(single.extensions)).value
    return value


def _content(value: x509.ExtensionType) -> tuple[Field, ...]:
    """The content in words; empty where there are none for it."""
    match value:
        case x509.BasicConstraints():
            return _basic_constraints(value)
        case x509.KeyUsage():
            return (Field("Allows", ", ".join(_key_usages(value)) or "nothing"),)
        case x509.ExtendedKeyUsage():
            return tuple(Field("Allows", _USES.get(use, use.dotted_string), _oid_note(use)) for use in value)
        case x509.SubjectAlternativeName() | x509.IssuerAlternativeName():
            return _general_names(value)
        case x509.SubjectKeyIdentifier():
            return (Field("Key identifier", colons(value.digest)),)
        case x509.AuthorityKeyIdentifier():
            return _authority_key(value)
        case x509.NameConstraints():
            permitted = [_renamed("Permitted", name) for name in value.permitted_subtrees or ()]
            return (*permitted, *(_renamed("Excluded", name) for name in value.excluded_subtrees or ()))
        case x509.CertificatePolicies():
            return tuple(_policy(policy) for policy in value)
        case x509.CRLDistributionPoints() | x509.FreshestCRL():
            return tuple(chain.from_iterable(_distribution_point(point) for point in value))
        case x509.AuthorityInformationAccess() | x509.SubjectInformationAccess():
            return tuple(
                Field(
                    _ACCESS.get(one.access_method, one.access_method.dotted_string),
                    _general_name(one.access_location).value,
                )
                for one in value
            )
    return _rare_content(value)


def _rare_content(value: x509.ExtensionType) -> tuple[Field, ...]:
    match value:
        case x509.PolicyConstraints():
            return (
                Field("Explicit policy after", _number(value.require_explicit_policy)),
                Field("No mapping after", _number(value.inhibit_policy_mapping)),
            )
        case x509.InhibitAnyPolicy():
            return (Field("After", str(value.skip_certs)),)
        case x509.OCSPNoCheck() | x509.PrecertPoison():
            return (Field("Present", "yes"),)
        case x509.TLSFeature():
            return tuple(
                Field("Demands", feature.name.replace("_", " "), "must staple" if feature.value == 5 else "")
                for feature in value
            )
        case x509.PrecertificateSignedCertificateTimestamps():
            return tuple(
                Field("Logged", f"{one.timestamp:%Y-%m-%dT%H:%M:%SZ}", f"log {one.log_id.hex()}")
                for one in value
            )
        case x509.MSCertificateTemplate():
            version = f"{_number(value.major_version)}.{_number(value.minor_version)}"
            return (Field("Template", value.template_id.dotted_string, f"version {version}"),)
    return ()


def _basic_constraints(value: x509.BasicConstraints) -> tuple[Field, ...]:
    if not value.ca:
        return (Field("CA", "no"),)
    if value.path_length is None:
        return (Field("CA", "yes"), Field("Path length", "not limited"))
    note = "may issue no CAs" if value.path_length == 0 else "CAs that may follow below it"
    return (Field("CA", "yes"), Field("Path length", str(value.path_length), note))


def _key_usages(value: x509.KeyUsage) -> list[str]:
    usages = {
        "digital signature": value.digital_signature,
        "non-repudiation": value.content_commitment,
        "key encipherment": value.key_encipherment,
        "data encipherment": value.data_encipherment,
        "key agreement": value.key_agreement,
        "certificate signing": value.key_cert_sign,
        "CRL signing": value.crl_sign,
        "encipher only": value.key_agreement and value.encipher_only,
        "decipher only": value.key_agreement and value.decipher_only,
    }
    return [name for name, allowed in usages.items() if allowed]


def _authority_key(value: x509.AuthorityKeyIdentifier) -> tuple[Field, ...]:
    parts = []
    if value.key_identifier is not None:
        parts.append(Field("Key identifier", colons(value.key_identifier)))
    parts += [_renamed("Issuer", name) for name in value.authority_cert_issuer or ()]
    if value.authority_cert_serial_number is not None:
        parts.append(Field("Serial number", f"{value.authority_cert_serial_number:x}"))
    return tuple(parts)


def _policy(policy: x509.PolicyInformation) -> Field:
    qualifiers = []
    for one in policy.policy_qualifiers or ():
        if isinstance(one, str):
            qualifiers.append(Field("Statement", printable(one)))
        elif one.explicit_text:
            qualifiers.append(Field("Notice", printable(one.explicit_text)))
    return Field("Policy", policy.policy_identifier.dotted_string, parts=tuple(qualifiers))


def _distribution_point(point: x509.DistributionPoint) -> list[Field]:
    found = [_renamed("Address", name) for name in point.full_name or ()]
    if point.relative_name is not None:
        found.append(Field("Relative name", printable(point.relative_name.rfc4514_string())))
    found += [_renamed("CRL issuer", name) for name in point.crl_issuer or ()]
    if point.reasons:
        found.append(Field("Reasons", ", ".join(sorted(reason.value for reason in point.reasons))))
    return found


def _general_names(names: Iterable[x509.GeneralName]) -> tuple[Field, ...]:
    return tuple(_general_name(name) for name in names)


def _general_name(name: x509.GeneralName) -> Field:
    match name:
        case x509.DNSName():
            return Field("DNS", printable(name.value))
        case x509.IPAddress():
            return Field("IP address", str(name.value))
        case x509.RFC822Name():
            return Field("Email", printable(name.value))
        case x509.UniformResourceIdentifier():
            return Field("URI", printable(name.value))
        case x509.DirectoryName():
            return Field("Directory name", distinguished_name(name.value))
        case x509.RegisteredID():
            return Field("Registered ID", name.value.dotted_string)
        case x509.OtherName():
            return Field("Other name", colons(name.value), name.type_id.dotted_string)
    return Field(type(name).__name__, printable(str(name.value)))


def _renamed(label: str, name: x509.GeneralName) -> Field:
    field = _general_name(name)
    return Field(label, field.value, field.name)


def _oid_note(oid: x509.ObjectIdentifier) -> str:
    return oid.dotted_string if oid in _USES else ""


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)
