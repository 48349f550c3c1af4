"""Private keys: opened with or without a password, and whether a key belongs to a certificate.

Imports cryptography and, of the package, `inspector.errors` and the certificates' blocks and DER reader.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509.oid import PublicKeyAlgorithmOID

from inspector.certificates import der
from inspector.certificates.blocks import Block, Kind
from inspector.certificates.describe import BROKEN
from inspector.errors import CertificateError

PrivateKey = CertificateIssuerPrivateKeyTypes

_PBES2 = "1.2.840.113549.1.5.13"
# Ciphers that every OpenSSL opens, and those that only its legacy provider does. All others are never opened.
_CURRENT_CIPHERS = {
    "2.16.840.1.101.3.4.1.2": "AES-128-CBC",
    "2.16.840.1.101.3.4.1.22": "AES-192-CBC",
    "2.16.840.1.101.3.4.1.42": "AES-256-CBC",
    "1.2.840.113549.3.7": "DES-EDE3-CBC",
    "1.2.840.113549.1.12.1.3": "SHA1-3DES",
}
_LEGACY_CIPHERS = {
    "1.2.840.113549.3.2": "RC2-CBC",
    "1.2.840.113549.1.5.3": "MD5-DES",
    "1.2.840.113549.1.12.1.1": "SHA1-RC4-128",
    "1.2.840.113549.1.12.1.2": "SHA1-RC4-40",
    "1.2.840.113549.1.12.1.5": "SHA1-RC2-128",
    "1.2.840.113549.1.12.1.6": "SHA1-RC2-40",
}
_PEM_CIPHERS = ("AES-128-CBC", "AES-256-CBC", "DES-EDE3-CBC")
# TLS has them (RFC 7027, RFC 8734), but OpenSSL doesn't sign with them in TLS 1.3, and browsers and Go never do.
RARE_CURVES = (ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1)
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, *RARE_CURVES)


class Password:
    """A password that is asked for at most once, and only when something is locked with it."""

    def __init__(self, password: Callable[[], str] | str | None) -> None:
        self._password = password

    def get(self) -> bytes | None:
        """The password in UTF-8, None where there is none or an empty one. Raises what the callback raises."""
        if callable(self._password):
            self._password = self._password()
        return self._password.encode("utf-8", "surrogateescape") if self._password else None


def load(block: Block, password: Password) -> PrivateKey:
    """The private key of a block. Raises CertificateError with code `password_needed`, `wrong_password`,
    `old_cipher`, `unsupported_key` or `damaged`."""
    secret = None
    if block.kind is not Kind.KEY:
        secret = password.get()
        if secret is None:
            raise password_needed(f"private key in {block.source}")
    try:
        with quiet():
            if block.kind is Kind.LEGACY_ENCRYPTED_KEY:
                key: object = load_pem_private_key(block.data, secret)
            else:
                key = load_der_private_key(block.data, secret)
    except UnsupportedAlgorithm as error:
        if secret is not None and not _opens(block):
            raise _old_cipher(block) from error
        raise _unsupported(block.source, "is of a kind that isn't supported") from error
    except (ValueError, TypeError) as error:
        if secret is None:
            raise CertificateError(
                f"{block.source} holds a private key that can't be read: its content is damaged.",
                "Export the key again, or check it: openssl pkey -in FILE -check",
                code="damaged",
            ) from error
        raise (wrong_password(block.source) if _opens(block) else _old_cipher(block)) from error
    return usable(block.source, key)


def usable(source: str, key: object) -> PrivateKey:
    """The key, where TLS can sign with it. Raises CertificateError with code `unsupported_key`."""
    match key:
        case rsa.RSAPrivateKey() | ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey():
            return key
        case ec.EllipticCurvePrivateKey():
            if not isinstance(key.curve, CURVES):
                raise _unsupported(source, f"is on the curve {key.curve.name}, which TLS doesn't use")
            return key
        case dsa.DSAPrivateKey():
            raise _unsupported(source, "is a DSA key, which TLS no longer takes")
    kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_")
    raise _unsupported(source, f"is of the kind {kind}, which can't sign in TLS")


def is_pss_only(cert: x509.Certificate) -> bool:
    """Whether a certificate is for an RSASSA-PSS key (RFC 4055). Its private key is read as plain RSA, which OpenSSL
    then takes for the key of another certificate."""
    return cert.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS


def belongs(key: PrivateKey, cert: x509.Certificate) -> bool:
    """Whether the certificate is for this key."""
    try:
        public = cert.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except BROKEN:
        return False
    return public == public_bytes(key)


def public_bytes(key: PrivateKey) -> bytes:
    """The key's public half as SubjectPublicKeyInfo, by which keys are compared."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the library's warnings about what it will drop one day: people can't act on those. Around single calls
    only, as the warning filters are shared by all threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def has_legacy_provider() -> bool:
    """Whether this OpenSSL opens what only its legacy provider knows (RC2, RC4, DES)."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    try:
        with quiet():
            Cipher(ARC4(b"0123456789abcdef"), mode=None).encryptor()
    except UnsupportedAlgorithm:
        return False
    return True


def old_ciphers(data: bytes) -> tuple[str, ...]:
    """The names of the ciphers in a PKCS#12 file that only the legacy provider opens. Their identifiers stand there
    in clear, so that they are found without opening anything."""
    return tuple(name for oid, name in _LEGACY_CIPHERS.items() if der.object_identifier(oid) in data)


def password_needed(what: str) -> CertificateError:
    """The error for something locked where no password was given."""
    return CertificateError(
        f"The {what} is encrypted and no password was given.",
        "Give its password (--password-env VAR or --key-password-env VAR names the variable that holds it).",
        code="password_needed",
    )


def wrong_password(source: str) -> CertificateError:
    """The error for a password that does not open it."""
    return CertificateError(
        f"The password doesn't open {source}.",
        "Check the password: capitals, keyboard layout, a blank at its end.",
        code="wrong_password",
    )


def _cipher(block: Block) -> tuple[str, str]:
    """The identifier and, where we know it, the name of the cipher that locks an encrypted key."""
    if block.kind is Kind.LEGACY_ENCRYPTED_KEY:
        return block.cipher, block.cipher
    try:
        algorithm = next(der.elements(der.first(block.data).content))
        kind, *parameters = der.elements(algorithm.content)
        oid = der.dotted(kind.content)
        if oid == _PBES2:
            _derivation, scheme = der.elements(parameters[0].content)
            oid = der.dotted(next(der.elements(scheme.content)).content)
    except (der.NotDerError, IndexError, StopIteration, ValueError):
        return "", ""
    return oid, _CURRENT_CIPHERS.get(oid) or _LEGACY_CIPHERS.get(oid) or oid


def _opens(block: Block) -> bool:
    """Whether a right password would have opened the key."""
    identifier, _name = _cipher(block)
    if block.kind is Kind.LEGACY_ENCRYPTED_KEY:
        return identifier.upper() in _PEM_CIPHERS
    return identifier in _CURRENT_CIPHERS or (identifier in _LEGACY_CIPHERS and has_legacy_provider())


def _old_cipher(block: Block) -> CertificateError:
    _identifier, name = _cipher(block)
    return CertificateError(
        f"The key in {block.source} is encrypted with an old cipher, or a rare one ({name or 'unknown'}), that isn't"
        " read here; the password may well be right.",
        "Encrypt it anew: openssl pkcs8 -topk8 -provider default -provider legacy -in FILE -out new-key.pem",
        code="old_cipher",
    )


def _unsupported(source: str, how: str) -> CertificateError:
    return CertificateError(
        f"The private key in {source} {how}.",
        "Use an RSA, ECDSA (P-256, P-384, P-521) or Ed25519 key.",
        code="unsupported_key",
    )
