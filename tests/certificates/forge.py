"""Makes certificate and key files with outside programs, as the people who will give them to us do."""

from __future__ import annotations

import subprocess
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

from inspector.certificates.keys import PrivateKey
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity

PASSWORD = "trocken, süß & 12€"


def pem(*things: Identity | x509.Certificate | PrivateKey, traditional: bool = False) -> bytes:
    """PEM blocks: of an identity its leaf, of keys the clear key."""
    blocks = []
    for thing in things:
        if isinstance(thing, Identity):
            blocks.append(thing.leaf.public_bytes(Encoding.PEM))
        elif isinstance(thing, x509.Certificate):
            blocks.append(thing.public_bytes(Encoding.PEM))
        else:
            form = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
            blocks.append(thing.private_bytes(Encoding.PEM, form, NoEncryption()))
    return b"".join(blocks)


def der(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def p12_key(identity: Identity) -> ec.EllipticCurvePrivateKey:
    assert isinstance(identity.key, ec.EllipticCurvePrivateKey)
    return identity.key


class Forge:
    """A root, an intermediate and leaves below it, and their files in any format; the programs work in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = make_ca("Root")
        self.middle = make_ca("Middle", issuer=self.root)
        self.leaf = issue(self.middle, "leaf", names=["leaf.example.com"])
        self.other = issue(self.middle, "other")

    @cached_property
    def rsa(self) -> Identity:
        return issue(self.middle, "rsa", key=rsa.generate_private_key(65537, 2048))

    @cached_property
    def p384(self) -> Identity:
        return issue(self.middle, "p384", key=ec.generate_private_key(ec.SECP384R1()))

    @cached_property
    def p521(self) -> Identity:
        return issue(self.middle, "p521", key=ec.generate_private_key(ec.SECP521R1()))

    @cached_property
    def ed25519(self) -> Identity:
        return issue(self.middle, "ed25519", key=ed25519.Ed25519PrivateKey.generate())

    def run(self, *command: str, stdin: bytes = b"") -> bytes:
        """Run a program in the folder; what it wrote to its standard output."""
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=self.folder, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def openssl(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return self.run("openssl", *arguments, stdin=stdin)

    def encrypted_pkcs8(self, identity: Identity, *arguments: str, password: str = PASSWORD) -> bytes:
        """`openssl pkcs8 -topk8`; the legacy provider stands by for old ciphers."""
        return self.openssl(
            "pkcs8", "-provider", "legacy", "-provider", "default", "-topk8",
            *arguments, "-passout", f"pass:{password}", stdin=pem(identity.key),
        )  # fmt: skip

    def proc_type(self, identity: Identity, cipher: str, password: str = PASSWORD) -> bytes:
        """A key in OpenSSL's old encryption, `Proc-Type: 4,ENCRYPTED`."""
        kind = "rsa" if isinstance(identity.key, rsa.RSAPrivateKey) else "ec"
        extra = ["-traditional"] if kind == "rsa" else []
        return self.openssl(
            kind, "-provider", "legacy", "-provider", "default", *extra,
            f"-{cipher}", "-passout", f"pass:{password}", stdin=pem(identity.key),
        )  # fmt: skip

    def p12(self, identity: Identity, *arguments: str, password: str = PASSWORD, chain: bool = True) -> bytes:
        """`openssl pkcs12 -export`."""
        source = self.folder / f"{identity.name}.pem"
        source.write_bytes(pem(*identity.chain if chain else identity.chain[:1], identity.key))
        return self.openssl(
            "pkcs12", "-export", *arguments, "-in", source.name, "-passout", f"pass:{password}"
        )

    def own_p12(self, identity: Identity, password: str | None) -> bytes:
        """The library's own PKCS#12."""
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        issuers = list(identity.chain[1:])
        return pkcs12.serialize_key_and_certificates(b"name", p12_key(identity), identity.leaf, issuers, lock)
