"""Short secrets that are no keys, sealed for the vault's file: AES-256-GCM under a key of the vault's own password.

Imports cryptography (its cipher lazily).

    password of the vault's keys --HMAC "secret"--> AES-256-GCM key; the secret's name is authenticated with it, so
    that one can't be put in another's place; base64(12 bytes of nonce + ciphertext + tag)
"""

from __future__ import annotations

import base64
import hmac
import secrets

_PURPOSE = b"push-inspector vault secret 1"
_NONCE_BYTES = 12


def seal(name: str, text: str, password: bytes) -> str:
    """The text, readable only with the password and under this name."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = AESGCM(_key(password)).encrypt(
        nonce, text.encode("utf-8", "surrogatepass"), name.encode("utf-8")
    )
    return base64.b64encode(nonce + content).decode("ascii")


def unseal(name: str, sealed: str, password: bytes) -> str:
    """What was sealed. Raises ValueError where it is damaged or was sealed under another password or name."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content = base64.b64decode(sealed, validate=True)
    try:
        opened = AESGCM(_key(password)).decrypt(
            content[:_NONCE_BYTES], content[_NONCE_BYTES:], name.encode("utf-8")
        )
    except InvalidTag as error:
        raise ValueError("it was changed, or sealed under another password") from error
    return opened.decode("utf-8", "surrogatepass")


def _key(password: bytes) -> bytes:
    return hmac.digest(password, _PURPOSE, "sha256")
