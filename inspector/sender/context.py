"""The TLS client that a target asks for: whom it trusts, and as whom it presents itself.

Imports truststore (lazily), `inspector.certificates` and the standard library.
"""

from __future__ import annotations

import os
import secrets
import ssl
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.export import encrypted_key_pem
from inspector.certificates.model import Identity
from inspector.errors import CertificateError, StateError
from inspector.sender.model import Target, Trust
from inspector.sender.pinning import take_only

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
_UNUSABLE = {
    "KEY_VALUES_MISMATCH": ("key_mismatch", "its key belongs to another certificate"),
    "EE_KEY_TOO_SMALL": ("weak_key", "its key is shorter than this machine's OpenSSL allows"),
    "CA_KEY_TOO_SMALL": ("weak_key", "a key in its chain is shorter than this machine's OpenSSL allows"),
    "CA_MD_TOO_WEAK": (
        "weak_signature",
        "it is signed with a hash that this machine's OpenSSL does not allow",
    ),
}


def client_context(target: Target) -> ssl.SSLContext:
    """The context for connections to `target`: the TLS versions it allows, ALPN http/1.1, and only its pinned
    certificate where it has one.

    Nothing in the environment makes it write its session keys to a file. Raises CertificateError where the
    identity or a CA can't be used, StateError where no temporary file can be made.
    """
    context = _new_context(target.trust)
    context.minimum_version = _VERSIONS[target.tls_min]
    context.maximum_version = _VERSIONS[target.tls_max]
    context.set_alpn_protocols(["http/1.1"])
    if target.trust.pin:
        take_only(context, target.trust.pin)
    elif target.trust.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif target.trust.extra_cas:
        _trust(context, target.trust.extra_cas)
    if target.identity is not None:
        _present(context, target.identity)
    return _settled(context)


def native(context: ssl.SSLContext) -> ssl.SSLContext:
    """The OpenSSL context that does the work: `context` itself, or what truststore has wrapped."""
    return context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost").context


def _new_context(trust: Trust) -> ssl.SSLContext:
    # Not ssl.create_default_context(): that one obeys SSLKEYLOGFILE.
    if not trust.verifies or not trust.system:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _settled(context: ssl.SSLContext) -> ssl.SSLContext:
    # Where the OS trust store is a file that OpenSSL reads, truststore reads it again for each connection
    # (some 45 ms); the context inside has it by now. Elsewhere truststore itself must ask the OS about each
    # chain.
    return context if sys.platform in ("win32", "darwin") else native(context)


def _trust(context: ssl.SSLContext, cas: tuple[x509.Certificate, ...]) -> None:
    try:
        context.load_verify_locations(cadata=b"".join(ca.public_bytes(Encoding.DER) for ca in cas))
    except ssl.SSLError as error:
        raise CertificateError(
            f"A CA certificate can't be used: {error.reason or error}.", "Name another one with --ca FILE."
        ) from error
    # Who is trusted by name need not be a root: an intermediate or the server's own certificate will do.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def _present(context: ssl.SSLContext, identity: Identity) -> None:
    """Give `identity` to the context. Python's ssl takes keys from files alone, so the key goes through one
    that is encrypted with a password nobody keeps, in a folder closed to others, for as long as OpenSSL
    reads it."""
    password = secrets.token_hex(32).encode()
    pem = encrypted_key_pem(identity.key, password)
    pem += b"".join(certificate.public_bytes(Encoding.PEM) for certificate in identity.chain)
    try:
        with tempfile.TemporaryDirectory(prefix="push-inspector-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "identity.pem"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
            context.load_cert_chain(path, password=password)
    except ssl.SSLError as error:
        code, why = _UNUSABLE.get(error.reason or "", ("invalid", f"OpenSSL says {error.reason or error}"))
        raise CertificateError(
            f"The identity {identity.name} can't be used: {why}.", "Choose another identity.", code=code
        ) from error
    except OSError as error:
        raise StateError(
            f"Can't make a temporary file for the client's key: {error.strerror or error}.",
            "Set TMPDIR to a folder that can be written to.",
        ) from error
