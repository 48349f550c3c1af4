"""Clients of every kind: good ones, and one for each reason to be turned away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


class Pki:
    """Identities below the dev CA, which the tests' listeners accept, and strangers. Made when first asked
    for."""

    def __init__(self, dev: DevIdentities) -> None:
        self.root = dev.ca
        self.good = dev.client

    @cached_property
    def stranger(self) -> Identity:
        return issue(make_ca("Other CA"), "stranger")

    @cached_property
    def self_signed(self) -> Identity:
        return issue(None, "self-signed")

    @cached_property
    def namesake(self) -> Identity:
        """Of a CA with our CA's name and another key."""
        return issue(make_ca("dev-ca"), "namesake")

    @cached_property
    def expired(self) -> Identity:
        return issue(self.root, "expired", not_before=NOW - 30 * DAY, not_after=NOW - 7 * DAY)

    @cached_property
    def early(self) -> Identity:
        return issue(self.root, "early", not_before=NOW + 2 * DAY, not_after=NOW + 30 * DAY)

    @cached_property
    def server_only(self) -> Identity:
        return issue(self.root, "server-only", purposes=("server",))

    @cached_property
    def weak(self) -> Identity:
        return issue(self.root, "weak", key=rsa.generate_private_key(65537, 1024))

    @cached_property
    def weak_stranger(self) -> Identity:
        return issue(make_ca("Other CA"), "weak-stranger", key=self.weak.key)

    @cached_property
    def weak_server(self) -> Identity:
        return issue(self.root, "weak-server", key=self.weak.key, purposes=("server",))

    @cached_property
    def intermediate(self) -> Identity:
        return make_ca("Issuing CA 2", issuer=self.root)

    @cached_property
    def below(self) -> Identity:
        """A good client of an intermediate, with its whole chain."""
        return issue(self.intermediate, "below")

    @cached_property
    def gap(self) -> Identity:
        """The same without the intermediate."""
        return replace(self.below, name="gap", chain=self.below.chain[:1])

    @cached_property
    def expired_intermediate(self) -> Identity:
        ca = make_ca("Old CA", issuer=self.root, not_before=NOW - 30 * DAY, not_after=NOW - DAY)
        return issue(ca, "under-old", not_before=NOW - 20 * DAY, not_after=NOW + 20 * DAY)

    @cached_property
    def forged(self) -> Identity:
        """Names our CA as its issuer, down to the key identifier, but another key signed it."""
        key = ec.generate_private_key(ec.SECP256R1())
        ours = self.root.leaf
        identifier = ours.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "forged")]))
            .issuer_name(ours.subject)
            .public_key(key.public_key())
            .serial_number(4711)
            .not_valid_before(NOW - DAY)
            .not_valid_after(NOW + DAY)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
            )
        )
        return Identity("forged", (builder.sign(key, hashes.SHA256()),), key)

    @cached_property
    def of_no_ca(self) -> Identity:
        """Issued by a certificate that is no CA."""
        return issue(self.good, "of-no-ca")


def write_pem(identity: Identity, folder: Path) -> Path:
    """One file with the chain but its root, and the clear key; as curl and openssl take it."""
    path = folder / f"{identity.name}.pem"
    chain = [cert for place, cert in enumerate(identity.chain) if place == 0 or cert.issuer != cert.subject]
    blocks = [cert.public_bytes(Encoding.PEM) for cert in chain]
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(b"".join((*blocks, key)))
    return path
