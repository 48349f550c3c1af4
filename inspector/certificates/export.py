"""Identities out of the program: the two PEM files that LivePerson asks for, and PEM texts in memory.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules. A key leaves in
clear only where the caller asks for exactly that, by giving no password to `export_pem`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from inspector.certificates.describe import is_self_signed, pem
from inspector.certificates.files import write_new, write_whole
from inspector.certificates.keys import PrivateKey
from inspector.certificates.model import Identity
from inspector.errors import CertificateError

MOST_PASSWORD_BYTES = 1023  # OpenSSL's PEM_BUFSIZE
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def export_pem(
    identity: Identity, directory: Path, prefix: str, password: str | None = None, *, replace: bool = False
) -> tuple[Path, Path]:
    """Write `<prefix>Key.pem` (mode 0600; PKCS#8, encrypted where there is a password) and `<prefix>Crt.pem` (the
    certificate and its intermediate issuers; not the root, which the other side must have itself). Both or none is
    written, and nothing is overwritten without `replace`. Returns the two paths. Raises CertificateError."""
    if not _PREFIX.fullmatch(prefix):
        raise CertificateError(
            f"{prefix or 'An empty text'} can't be the beginning of a file name.",
            "Use letters, digits, dots, hyphens and underscores.",
            code="invalid_name",
        )
    if password == "":
        raise CertificateError(
            "The password for the key is empty.", "Give one, or none at all.", code="password_needed"
        )
    if password is not None and len(password.encode()) > MOST_PASSWORD_BYTES:
        raise CertificateError(
            "The password for the key is too long: OpenSSL takes up to 1023 bytes.",
            "Give a shorter one.",
            code="password_needed",
        )
    key_path, cert_path = directory / f"{prefix}Key.pem", directory / f"{prefix}Crt.pem"
    encryption = BestAvailableEncryption(password.encode()) if password is not None else NoEncryption()
    key = _key_pem(identity.key, encryption)
    certs = chain_pem(cert for cert in identity.chain if cert == identity.leaf or not is_self_signed(cert))
    if not replace:
        for path in (key_path, cert_path):
            if path.exists():
                raise exists(path)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(directory, error) from error
    try:
        if replace:
            write_whole(key_path, key, mode=0o600)
            write_whole(cert_path, certs, mode=0o644)
        else:
            write_new(key_path, key, mode=0o600)
            try:
                write_new(cert_path, certs, mode=0o644)
            except OSError:
                key_path.unlink()
                raise
    except FileExistsError as error:
        raise exists(Path(error.filename2 or error.filename or key_path)) from error
    except OSError as error:
        raise CertificateError(
            f"Can't write to {directory}: {error.strerror or error}.",
            "Name another folder.",
            code="unwritable",
        ) from error
    return key_path, cert_path


def encrypted_key_pem(key: PrivateKey, password: bytes) -> bytes:
    """The key as encrypted PKCS#8 PEM, which OpenSSL and Python's `ssl` load. Raises ValueError for an empty
    password or one over 1023 bytes."""
    return _key_pem(key, BestAvailableEncryption(password))


def chain_pem(chain: Iterable[x509.Certificate]) -> bytes:
    """Certificates as PEM blocks, in their order."""
    return "".join(pem(cert) for cert in chain).encode("ascii")


def _key_pem(key: PrivateKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def unwritable(directory: Path, error: OSError) -> CertificateError:
    """The error for a folder that can't be written to."""
    return CertificateError(
        f"Can't write to {directory}: {error.strerror or error}.", "Name another folder.", code="unwritable"
    )


def exists(path: Path) -> CertificateError:
    """The error for a file that is there already."""
    return CertificateError(
        f"{path} exists already.",
        "Name another folder or prefix, or ask for it to be replaced (--replace).",
        code="exists",
    )
