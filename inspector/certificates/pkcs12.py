"""PKCS#12 files: the key and certificates in one, and a precise word where it doesn't open.

The library says "invalid password or data" for all that goes wrong. A right password is known by the file's own
checksum (RFC 7292 4, appendix B), which is verified here, so that an old cipher is not called a wrong password.
Imports cryptography and, of the package, `inspector.errors` and the certificates' keys and DER reader.
"""

from __future__ import annotations

import hashlib
import hmac
import shlex
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from inspector.certificates import der
from inspector.certificates.blocks import Block
from inspector.certificates.keys import (
    Password,
    PrivateKey,
    has_legacy_provider,
    old_ciphers,
    password_needed,
    quiet,
    usable,
    wrong_password,
)
from inspector.errors import CertificateError

_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_MAC_PURPOSE = 3
_DATA = "1.2.840.113549.1.7.1"
_KEY_BAGS = ("1.2.840.113549.1.12.10.1.1", "1.2.840.113549.1.12.10.1.2")
_FRIENDLY_NAME = der.object_identifier("1.2.840.113549.1.9.20")
_MOST_ITERATIONS = 2_000_000
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Content:
    """What was in the file. `encrypted`: it took a password."""

    key: PrivateKey | None = field(repr=False)
    certificates: tuple[x509.Certificate, ...]
    encrypted: bool


def load(block: Block, password: Password) -> Content:
    """Open the file: without a password where it has none, else with it. Raises CertificateError with code
    `password_needed`, `wrong_password`, `old_cipher`, `unsupported_key`, `several_keys` or `damaged`."""
    content = _attempt(block, None)
    if content is None:
        secret = password.get()
        if secret is None and _password_fits(block.data, b"") is not True:
            raise password_needed(f"PKCS#12 file {block.source}")
        content = _attempt(block, secret)
        if content is None:
            raise _why_closed(block, secret or b"")
    names = key_names(block.data)
    if len(names) > 1:  # the library gives the first and says nothing of the others
        raise _several_keys(block.source, names)
    return content


def key_names(data: bytes) -> tuple[str, ...]:
    """The names (Java: aliases) of the keys in a file, empty for one that has none; without a password, as keys are
    locked one by one. Nothing where the file is written otherwise than every program of today does (RFC 7292 4)."""
    try:
        _version, content_info, *_mac = der.elements(der.first(data).content)
        safes = der.first(_wrapped(content_info)).content
        return tuple(_name(bag) for safe in der.elements(safes) for bag in _bags(safe) if _is_key(bag))
    except (ValueError, IndexError):
        return ()


def _wrapped(content_info: der.Element) -> bytes:
    """What a ContentInfo of the kind "data" holds."""
    _kind, wrapped = der.elements(content_info.content)
    return der.first(wrapped.content).content


def _bags(safe: der.Element) -> list[der.Element]:
    if der.dotted(der.first(safe.content).content) != _DATA:
        return []  # encrypted as a whole: those hold certificates
    return list(der.elements(der.first(_wrapped(safe)).content))


def _is_key(bag: der.Element) -> bool:
    return der.dotted(der.first(bag.content).content) in _KEY_BAGS


def _name(bag: der.Element) -> str:
    attributes = list(der.elements(bag.content))[2:]
    for attribute in der.elements(attributes[0].content) if attributes else ():
        if attribute.content.startswith(_FRIENDLY_NAME):
            _kind, values = der.elements(attribute.content)
            text = der.first(values.content).content.decode("utf-16-be", "replace")
            return "".join(character if character.isprintable() else "?" for character in text)
    return ""


def _several_keys(source: str, names: tuple[str, ...]) -> CertificateError:
    known = ", ".join(name for name in names[:_MOST_NAMED] if name)
    return CertificateError(
        f"{source} holds {len(names)} private keys{f' ({known})' if known else ''}: one identity is taken at a time.",
        f"Take one out: keytool -importkeystore -srckeystore {shlex.quote(source)} -srcalias"
        f" {shlex.quote(names[0] or 'ALIAS')} -destkeystore one.p12 -deststoretype PKCS12",
        code="several_keys",
    )


def _attempt(block: Block, secret: bytes | None) -> Content | None:
    """The content, None where the library refuses."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        with quiet():
            key, cert, others = pkcs12.load_key_and_certificates(block.data, secret)
    except UnsupportedAlgorithm as error:
        raise CertificateError(
            f"{block.source} holds a key or certificate of a kind that isn't supported.",
            "Use an RSA, ECDSA (P-256, P-384, P-521) or Ed25519 key.",
            code="unsupported_key",
        ) from error
    except (ValueError, TypeError):
        return None
    certificates = (cert, *others) if cert is not None else tuple(others)
    return Content(usable(block.source, key) if key is not None else None, certificates, secret is not None)


def _why_closed(block: Block, secret: bytes) -> CertificateError:
    fits = _password_fits(block.data, secret)
    if fits is False:
        return wrong_password(block.source)
    old = old_ciphers(block.data)
    if old and not has_legacy_provider():
        return CertificateError(
            f"{block.source} uses an old cipher ({', '.join(old)}) that isn't read here; the password "
            + ("is right." if fits else "may well be right."),
            "Convert it: openssl pkcs12 -legacy -in FILE -nodes | openssl pkcs12 -export -out new.p12",
            code="old_cipher",
        )
    if fits:
        return CertificateError(
            f"{block.source} can't be read, though the password is right: its content is damaged or of a kind that"
            " isn't supported.",
            "Export it again, or convert it: openssl pkcs12 -in FILE -out identity.pem",
            code="damaged",
        )
    return wrong_password(block.source)


def _password_fits(data: bytes, secret: bytes) -> bool | None:
    """Whether the password fits the file's checksum; None where it has none, or one of an unknown kind."""
    try:
        _version, content_info, mac_data = der.elements(der.first(data).content)
        _kind, wrapped = der.elements(content_info.content)
        authenticated = der.first(wrapped.content).content
        digest_info, salt, *iterations = der.elements(mac_data.content)
        algorithm, digest = der.elements(digest_info.content)
        name = _HASHES[der.dotted(der.first(algorithm.content).content)]
        count = int.from_bytes(iterations[0].content, "big") if iterations else 1
        text = secret.decode("utf-8")
    except (ValueError, KeyError):
        return None
    if count > _MOST_ITERATIONS or not salt.content:
        return None
    key = _derive(name, text, salt.content, count)
    return hmac.compare_digest(hmac.digest(key, authenticated, name), digest.content)


def _derive(name: str, password: str, salt: bytes, iterations: int) -> bytes:
    """A key as long as the hash, by RFC 7292 B.2 (whose steps for longer keys never apply to a checksum)."""
    block = hashlib.new(name).block_size
    encoded = (password + "\x00").encode("utf-16-be")
    result = bytes([_MAC_PURPOSE]) * block + _filled(salt, block) + _filled(encoded, block)
    for _ in range(iterations):
        result = hashlib.new(name, result, usedforsecurity=False).digest()
    return result


def _filled(value: bytes, block: int) -> bytes:
    """`value` repeated to whole blocks."""
    length = block * -(-len(value) // block)
    return (value * (length // len(value) + 1))[:length]
