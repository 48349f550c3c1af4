"""New certificates: certificate authorities, servers, clients, and the development identities.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. What is made here
passes OpenSSL's strict mode (`-x509_strict`, Python 3.13's VERIFY_X509_STRICT), Go and curl.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspector.certificates.dev_names import DEV_CA, DEV_CLIENT, DEV_SERVER
from inspector.certificates.keys import PrivateKey
from inspector.certificates.model import Identity, Purpose
from inspector.errors import CertificateError

ORGANIZATION = "Push Inspector"
CA_LIFETIME = timedelta(days=3650)
# Apple takes no server certificate that lasts longer than 398 days, whoever issued it.
LEAF_LIFETIME = timedelta(days=365)
# The clock of a phone or a virtual machine may be behind ours.
HEAD_START = timedelta(hours=1)

_HOST = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_USAGES: dict[Purpose, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
}


@dataclass(frozen=True, slots=True)
class DevIdentities:
    """What a first start needs: an authority, and a server and a client that it issued."""

    ca: Identity
    server: Identity
    client: Identity


def make_dev(names: Sequence[str] | None = None, *, now: datetime | None = None) -> DevIdentities:
    """`dev-ca`, `dev-server` for `names` (default: `own_names()`) and `dev-client`. Raises CertificateError where a
    name is no host name or address."""
    ca = make_ca(DEV_CA, now=now)
    server_names = own_names() if names is None else names
    return DevIdentities(
        ca=ca,
        server=issue(ca, DEV_SERVER, purposes=("server",), names=server_names, now=now),
        client=issue(ca, DEV_CLIENT, purposes=("client",), now=now),
    )


def own_names() -> tuple[str, ...]:
    """How this machine is reached: `localhost`, its loopback addresses, and its own name where that is a valid one."""
    host = socket.gethostname().lower().rstrip(".")
    mine = (
        (host,)
        if _HOST.fullmatch(host) and "_" not in host and len(host) <= 253 and host != "localhost"
        else ()
    )
    return ("localhost", "127.0.0.1", "::1", *mine)


def is_server_name(text: str) -> bool:
    """Whether `issue` takes it for one of a server's names."""
    try:
        general_name(text)
    except CertificateError:
        return False
    return True


def new_key() -> ec.EllipticCurvePrivateKey:
    """The kind of key that is made where none is given: ECDSA P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def make_ca(
    name: str,
    *,
    subject: x509.Name | None = None,
    issuer: Identity | None = None,
    path_length: int | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    key: PrivateKey | None = None,
    now: datetime | None = None,
) -> Identity:
    """A certificate authority: a root, or an intermediate one of `issuer`. `path_length` is how many more
    intermediates may follow below it, `subject` its name where that is not to be made of `name`. Times are aware;
    default: an hour ago, for ten years. Raises CertificateError."""
    key = key or new_key()
    start, end = _lifetime(not_before, not_after, CA_LIFETIME, issuer, now)
    usage = _key_usage(key_cert_sign=True, crl_sign=True)
    builder = _builder(subject or subject_name(name), key.public_key(), issuer, start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(usage, critical=True)
    return _signed(name, builder, key, issuer)


def issue(
    ca: Identity | None,
    name: str,
    *,
    purposes: Sequence[Purpose] = ("server", "client"),
    names: Sequence[str] = (),
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    key: PrivateKey | None = None,
    now: datetime | None = None,
) -> Identity:
    """A server's or client's identity, signed by `ca` (None: by itself), with `name` as its common name and `names`
    (host names, `*.`-wildcards, addresses) as its alternative names. The chain goes up to the root. Times are aware;
    default: an hour ago, for a year, never longer than the issuer lasts. Raises CertificateError."""
    key = key or new_key()
    cert = certify(
        ca,
        subject_name(name),
        key.public_key(),
        own_key=key,
        purposes=purposes,
        alternatives=[general_name(text) for text in names],
        not_before=not_before,
        not_after=not_after,
        now=now,
    )
    return Identity(name, (cert, *ca.chain) if ca else (cert,), key)


def certify(
    ca: Identity | None,
    subject: x509.Name,
    public: CertificatePublicKeyTypes,
    *,
    own_key: PrivateKey | None = None,
    purposes: Sequence[Purpose] = (),
    alternatives: Sequence[x509.GeneralName] = (),
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    now: datetime | None = None,
) -> x509.Certificate:
    """A server's or client's certificate for a public key, signed by `ca`, or where there is none by `own_key`. Times
    as in `issue`. Raises CertificateError."""
    start, end = _lifetime(not_before, not_after, LEAF_LIFETIME, ca, now)
    builder = _builder(subject, public, ca, start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    # Only RSA keys encipher, and only for servers, in TLS 1.2's plain RSA exchange.
    enciphers = isinstance(public, rsa.RSAPublicKey) and "server" in purposes
    builder = builder.add_extension(
        _key_usage(digital_signature=True, key_encipherment=enciphers), critical=True
    )
    if purposes:
        usages = [_USAGES[purpose] for purpose in purposes]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    signing_key = ca.key if ca else own_key
    assert signing_key is not None, "a certificate is signed by its issuer or by itself"
    return builder.sign(signing_key, digest_for(signing_key))


def ends_in(days: int | None, ca: Identity | None = None, *, now: datetime | None = None) -> datetime | None:
    """The end of a certificate that is to last so many days from now, or as long as its CA where that is shorter:
    nobody takes it any more then. None for the usual time."""
    if days is None:
        return None
    end = (now or datetime.now(UTC)).replace(microsecond=0) + timedelta(days=days)
    return end if ca is None else min(end, ca.leaf.not_valid_after_utc)


def subject_name(name: str) -> x509.Name:
    """The subject of what is made here, with `name` as its common name. Raises CertificateError (`invalid_name`)."""
    try:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
    except ValueError as error:
        raise CertificateError(
            f"{name or 'An empty text'} can't be a certificate's name.",
            "Take 1 to 64 characters.",
            code="invalid_name",
        ) from error


def _builder(
    subject: x509.Name,
    public: CertificatePublicKeyTypes,
    issuer: Identity | None,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    """All that every certificate has. Times are cut to seconds, as X.509 knows no finer ones."""
    own_id = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.leaf.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(own_id, critical=False)
    )
    return builder.add_extension(_authority(issuer, own_id), critical=False)


def _authority(issuer: Identity | None, own_id: x509.SubjectKeyIdentifier) -> x509.AuthorityKeyIdentifier:
    if issuer is None:
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own_id)
    try:
        theirs = issuer.leaf.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(theirs)


def _signed(
    name: str, builder: x509.CertificateBuilder, key: PrivateKey, issuer: Identity | None
) -> Identity:
    signing_key = issuer.key if issuer else key
    cert = builder.sign(signing_key, digest_for(signing_key))
    return Identity(name, (cert, *issuer.chain) if issuer else (cert,), key)


def digest_for(key: PrivateKey) -> hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None:
    """The hash that signatures of this key are made with; None where the kind of key has its own."""
    if isinstance(key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)):
        return None
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size > 256:
        return hashes.SHA384() if key.key_size <= 384 else hashes.SHA512()
    return hashes.SHA256()


def _lifetime(
    not_before: datetime | None,
    not_after: datetime | None,
    length: timedelta,
    issuer: Identity | None,
    now: datetime | None,
) -> tuple[datetime, datetime]:
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    start = not_before or moment - HEAD_START
    end = not_after or max(moment, start) + length
    if not_after is None and issuer is not None:
        end = min(end, issuer.leaf.not_valid_after_utc)
    if end <= start:
        raise CertificateError(
            "A certificate can't end before it begins.",
            "Check both dates, and that the issuer isn't expired.",
        )
    return start, end


def _key_usage(
    *,
    digital_signature: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def general_name(text: str) -> x509.GeneralName:
    """A host name or address as a certificate has it. Raises CertificateError (`invalid_name`)."""
    try:
        return x509.IPAddress(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    host = text.strip().rstrip(".").lower()
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise CertificateError(
            f"{text or 'An empty text'} is no host name and no address.",
            "Write it like proxy.example.com, *.example.com, 192.0.2.7 or ::1.",
            code="invalid_name",
        )
    return x509.DNSName(host)
