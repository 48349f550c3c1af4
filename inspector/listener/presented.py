"""The certificates that a client has sent, read off the wire. Pure; imports cryptography and this room's bytes.

OpenSSL keeps a client's certificates only when it has taken them. Of those it refuses, its verification shows the
chain that it could build, which leaves out just what explains the refusal: the wrong intermediate, the extra ones.
So a refused client's Certificate message is read once more: in TLS 1.2 it is in clear, in TLS 1.3 it takes the
secret that OpenSSL gives out for key logs.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from inspector.listener.octets import (
    APPLICATION_DATA,
    HANDSHAKE,
    CutOffError,
    Octets,
    clear_handshake,
    messages,
    records,
)

_CERTIFICATE = 11
_IV_BYTES = 12


def sent_certificates(data: bytes, *, cipher: str | None = None, secret: bytes = b"") -> tuple[bytes, ...]:
    """The certificates (DER, in the order sent) of the client whose bytes these are, from its ClientHello on; empty
    where it sent none or they did not come whole. For TLS 1.3 give the `cipher` by OpenSSL's name and the
    client's handshake traffic `secret`. Never raises."""
    try:
        if not secret:
            return _certificates(clear_handshake(data), tls_1_3=False)
        handshake = b""
        for content in _decrypted(data, cipher or "", secret):
            handshake += content
            if found := _certificates(handshake, tls_1_3=True):
                return found
    except CutOffError:
        pass
    return ()


def _certificates(handshake: bytes, *, tls_1_3: bool) -> tuple[bytes, ...]:
    """RFC 8446 4.4.2 and RFC 5246 7.4.6."""
    body = next((body for kind, body in messages(handshake) if kind == _CERTIFICATE), None)
    if body is None:
        return ()
    message = Octets(body)
    if tls_1_3:
        message.block(1)  # the request's context
    entries = Octets(message.block(3))
    found = []
    while entries:
        found.append(entries.block(3))
        if tls_1_3:
            entries.block(2)  # extensions
    return tuple(found)


def _decrypted(data: bytes, cipher: str, secret: bytes) -> Iterator[bytes]:
    """The handshake content of the encrypted records, until one that the secret is not for (RFC 8446 5.2, 5.3)."""
    long_key = "AES_128" not in cipher
    key = _expand(secret, b"key", 32 if long_key else 16)
    aead = ChaCha20Poly1305(key) if "CHACHA20" in cipher else AESGCM(key)
    iv = int.from_bytes(_expand(secret, b"iv", _IV_BYTES), "big")
    number = 0
    for kind, header, content in records(data):
        if kind != APPLICATION_DATA:
            continue
        try:
            plain = aead.decrypt((iv ^ number).to_bytes(_IV_BYTES, "big"), content, header)
        except (InvalidTag, ValueError):
            return
        number += 1
        inner = plain.rstrip(b"\0")  # padding; before it the true content type
        if inner[-1:] != bytes([HANDSHAKE]):
            return
        yield inner[:-1]


def _expand(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label of RFC 8446 7.1, with the hash that the secret is as long as."""
    full = b"tls13 " + label
    info = size.to_bytes(2, "big") + bytes([len(full)]) + full + b"\0"
    return HKDFExpand(SHA384() if len(secret) == SHA384.digest_size else SHA256(), size, info).derive(secret)
