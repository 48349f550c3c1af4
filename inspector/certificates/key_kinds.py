"""The kinds of private key that are made here. Imports cryptography and the certificates' keys."""

from __future__ import annotations

from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from inspector.certificates.keys import PrivateKey

_EXPONENT = 65537


class KeyKind(StrEnum):
    """As they are written on the command line; `label` is for people."""

    P256 = "ecdsa-p256"
    P384 = "ecdsa-p384"
    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"
    RSA_4096 = "rsa-4096"
    ED25519 = "ed25519"

    @property
    def label(self) -> str:
        """Such as `ECDSA P-256`."""
        return {
            KeyKind.P256: "ECDSA P-256",
            KeyKind.P384: "ECDSA P-384",
            KeyKind.ED25519: "Ed25519",
        }.get(self, self.value.upper().replace("-", " "))


DEFAULT = KeyKind.P256
"""What every TLS library and every push proxy takes, and quick besides."""


def generate(kind: KeyKind = DEFAULT) -> PrivateKey:
    """A new private key. RSA 4096 takes a second or so."""
    match kind:
        case KeyKind.P256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyKind.P384:
            return ec.generate_private_key(ec.SECP384R1())
        case KeyKind.ED25519:
            return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(_EXPONENT, int(kind.value.removeprefix("rsa-")))


def kind_like(key: PrivateKey) -> KeyKind:
    """The kind to renew a key with: the same where it is one of ours, else the one nearest to it."""
    match key:
        case ed25519.Ed25519PrivateKey():
            return KeyKind.ED25519
        case rsa.RSAPrivateKey():
            sizes = {2048: KeyKind.RSA_2048, 3072: KeyKind.RSA_3072, 4096: KeyKind.RSA_4096}
            return next((kind for bits, kind in sizes.items() if key.key_size <= bits), KeyKind.RSA_4096)
        case ec.EllipticCurvePrivateKey() if key.key_size > 256:
            return KeyKind.P384
    return DEFAULT
