from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inspector.certificates.describe import describe, distinguished_name, fingerprint, pem, short_name
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.read import load_certificate
from tests.certificates.forge import Forge

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SERIAL = bytes.fromhex("1122334455")
KEY_KIND = bytes.fromhex("06072a8648ce3d0201")
CURVE = bytes.fromhex("06082a8648ce3d030107")
SIGNATURE = bytes.fromhex("06082a8648ce3d040302")


def odd(old: bytes = b"", new: bytes = b"") -> x509.Certificate:
    """A certificate with some of its bytes exchanged."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "dev@example.com"),
            x509.NameAttribute(NameOID.COMMON_NAME, "leaf-name-xx"),
        ]
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "some-issuer")]))
        .public_key(key.public_key())
        .serial_number(int.from_bytes(SERIAL))
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=100))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("example.test")]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    assert old in built
    return load_certificate(built.replace(old, new) if old else built)


def test_facts_of_a_sound_certificate() -> None:
    facts = describe(odd(), now=NOW + timedelta(days=90, hours=1))
    assert facts.subject == "CN=leaf-name-xx,emailAddress=dev@example.com,C=DE"
    assert facts.issuer == "CN=some-issuer"
    assert facts.serial == "1122334455"
    assert (facts.not_before, facts.not_after) == ("2026-06-01T00:00:00Z", "2026-09-09T00:00:00Z")
    assert facts.days_left == 9
    assert (facts.key, facts.signature) == ("ECDSA P-256", "ECDSA SHA-256")
    assert facts.names == ("example.test",)
    assert facts.purposes == ("server", "client")
    assert not facts.is_ca
    assert not facts.self_signed


def test_fingerprint_and_pem_are_what_openssl_prints(forge: Forge) -> None:
    cert = forge.leaf.leaf
    printed = forge.openssl("x509", "-noout", "-fingerprint", "-sha256", stdin=pem(cert).encode()).decode()
    assert fingerprint(cert) == printed.partition("=")[2].strip().replace(":", "").lower()
    assert forge.openssl("x509", stdin=pem(cert).encode()).decode() == pem(cert)


def test_subject_and_serial_are_what_openssl_prints(forge: Forge) -> None:
    cert = forge.leaf.leaf
    text = pem(cert).encode()
    assert f"subject={describe(cert).subject}" == forge.openssl(
        "x509", "-noout", "-subject", "-nameopt", "RFC2253", stdin=text
    ).decode().strip()  # fmt: skip
    serial = forge.openssl("x509", "-noout", "-serial", stdin=text).decode()
    assert describe(cert).serial == serial.partition("=")[2].strip().lower()


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        (SERIAL, bytes.fromhex("9122334455"), "serial", "-6eddccbbab"),
        (
            b"leaf-name-xx",
            b"leaf-n\xff\xfee-xx",
            "subject",
            r"CN=leaf-n\ff\fee-xx,emailAddress=dev@example.com,C=DE",
        ),
        (b"some-issuer", b"some\xffissuer", "issuer", r"CN=some\ffissuer"),
        (
            b"leaf-name-xx",
            b"leaf\nname\x1bxx",
            "subject",
            r"CN=leaf\0aname\1bxx,emailAddress=dev@example.com,C=DE",
        ),
        (
            b"leaf-name-xx",
            b"l\xe2\x80\xaeeaf,name",
            "subject",
            r"CN=l\e2\80\aeeaf\,name,emailAddress=dev@example.com,C=DE",
        ),
        (b"example.test", b"ex\xffmple.test", "names", ("(unreadable)",)),
        (b"\x82\x0cexample.test", b"\x87\x0cexample.test", "names", ("(unreadable)",)),
        (b"\x82\x0cexample.test", b"\xa3\x0cexample.test", "purposes", ()),
        (b"\x30\x0e\x82\x0c", b"\x30\x7e\x82\x0c", "is_ca", False),
        (KEY_KIND, KEY_KIND[:-2] + b"\x03\x01", "key", "unknown (1.2.840.10045.3.1)"),
        (CURVE, CURVE[:-1] + b"\x77", "key", "unknown (1.2.840.10045.2.1)"),
        (SIGNATURE, SIGNATURE[:-1] + b"\x72", "signature", "1.2.840.10045.4.3.114"),
    ],
)
def test_odd_certificates_are_described_all_the_same(
    old: bytes, new: bytes, field: str, expected: object
) -> None:
    facts = describe(odd(old, new))
    assert getattr(facts, field) == expected
    assert facts.not_after == "2026-09-09T00:00:00Z"


def test_an_expired_certificate_has_negative_days() -> None:
    assert describe(odd(), now=NOW + timedelta(days=100, seconds=1)).days_left == -1
    assert describe(odd(), now=NOW + timedelta(days=99, seconds=1)).days_left == 0


@pytest.mark.parametrize(
    ("attribute", "key", "signature"),
    [
        ("rsa", "RSA 2048", "ECDSA SHA-256"),
        ("p384", "ECDSA P-384", "ECDSA SHA-256"),
        ("p521", "ECDSA P-521", "ECDSA SHA-256"),
        ("ed25519", "Ed25519", "ECDSA SHA-256"),
    ],
)
def test_kinds_of_keys(forge: Forge, attribute: str, key: str, signature: str) -> None:
    facts = describe(getattr(forge, attribute).leaf)
    assert (facts.key, facts.signature) == (key, signature)


def test_kinds_of_signatures(forge: Forge) -> None:
    for identity, expected in (
        (forge.rsa, "RSA SHA-256"),
        (forge.ed25519, "Ed25519"),
        (forge.p384, "ECDSA SHA-384"),
    ):
        assert describe(make_ca("self", key=identity.key).leaf).signature == expected
    assert isinstance(forge.rsa.key, rsa.RSAPrivateKey)
    pss = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(forge.rsa.key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(forge.rsa.key, hashes.SHA256(), rsa_padding=padding.PSS(padding.MGF1(hashes.SHA256()), 32))
    )
    facts = describe(pss)
    assert facts.signature == "RSA-PSS SHA-256"
    assert facts.subject == ""
    assert short_name(pss) == "serial 01"


def test_all_kinds_of_names(forge: Forge) -> None:
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("*.example.com"),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
            x509.RFC822Name("dev@example.com"),
            x509.UniformResourceIdentifier("spiffe://example/dev"),
            x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "d")])),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
            x509.OtherName(x509.ObjectIdentifier("1.2.4"), b"\x05\x00"),
        ]
    )
    assert describe(with_extensions(forge, names)).names == (
        "*.example.com", "2001:db8::1", "dev@example.com", "spiffe://example/dev", "dirName:CN=d",
        "registeredID:1.2.3", "otherName:1.2.4",
    )  # fmt: skip


def with_extensions(forge: Forge, *extensions: x509.ExtensionType) -> x509.Certificate:
    builder: Any = (
        x509.CertificateBuilder()
        .subject_name(forge.leaf.leaf.subject)
        .issuer_name(forge.leaf.leaf.subject)
        .public_key(forge.leaf.key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    cert = builder.sign(forge.leaf.key, hashes.SHA256())
    assert isinstance(cert, x509.Certificate)
    return cert


def key_usage(*which: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in which for name in names})


SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
CLIENT = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
ANY = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
CA = x509.BasicConstraints(ca=True, path_length=None)
PURPOSES = [
    ([], ("server", "client")),
    ([SERVER], ("server",)),
    ([CLIENT], ("client",)),
    ([ANY], ()),
    ([CA], ("server", "client", "ca")),
    ([CA, key_usage("key_cert_sign", "crl_sign")], ("ca",)),
    ([CA, key_usage("digital_signature")], ("server", "client")),
    ([CA, key_usage("key_cert_sign", "digital_signature"), CLIENT], ("client", "ca")),
    ([key_usage("key_encipherment")], ("server",)),
    ([key_usage("content_commitment")], ()),
    ([key_usage("digital_signature"), SERVER], ("server",)),
    ([key_usage("key_agreement")], ("server", "client")),
]


@pytest.mark.parametrize(("extensions", "purposes"), PURPOSES)
def test_purposes_are_what_openssl_says(
    forge: Forge, extensions: list[x509.ExtensionType], purposes: tuple[str, ...]
) -> None:
    cert = with_extensions(forge, *extensions)
    assert describe(cert).purposes == purposes
    printed = forge.openssl("x509", "-noout", "-purpose", stdin=pem(cert).encode()).decode()
    assert ("SSL server : Yes" in printed) == ("server" in purposes)
    assert ("SSL client : Yes" in printed) == ("client" in purposes)


def test_self_signed_is_a_matter_of_the_signature(forge: Forge) -> None:
    real = make_ca("Same Name")
    pretended = make_ca("Same Name", issuer=make_ca("Same Name"))
    assert describe(real.leaf).self_signed
    assert not describe(pretended.leaf).self_signed
    assert not describe(forge.leaf.leaf).self_signed


def test_a_version_1_root_counts_as_a_ca(forge: Forge) -> None:
    key = forge.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")
    (forge.folder / "v1.key").write_bytes(key)
    request = forge.openssl("req", "-new", "-key", "v1.key", "-subj", "/CN=v1")
    cert = x509.load_pem_x509_certificate(forge.openssl("x509", "-req", "-signkey", "v1.key", stdin=request))
    assert cert.version is x509.Version.v1
    assert describe(cert).is_ca


def test_a_common_name_names_a_certificate_in_a_sentence(forge: Forge) -> None:
    assert short_name(forge.leaf.leaf) == "leaf"
    assert distinguished_name(issue(None, "a,b").leaf.subject) == r"CN=a\,b,O=Push Inspector"
