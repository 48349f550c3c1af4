"""Every field and every extension of a certificate is shown, the unknown and the broken ones by their bytes."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates import der
from inspector.certificates.anatomy import anatomy, as_text, has_explicit_curve
from inspector.certificates.anatomy_field import Field
from inspector.certificates.blocks import split
from inspector.certificates.fingerprints import fingerprints, public_key_info
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.read import load_certificate
from tests.certificates.forge import Forge, pem

_UNKNOWN = x509.ObjectIdentifier("1.3.6.1.4.1.99999.7")


def all_fields(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from all_fields(field.parts)


def part(fields: Iterable[Field], *path: str) -> Field:
    found = next(field for field in fields if field.name == path[0])
    return part(found.parts, *path[1:]) if path[1:] else found


def with_extensions(*extensions: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rich")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(0xABCDEF).not_valid_before(now).not_valid_after(now + timedelta(days=10))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, hashes.SHA256())


RICH = with_extensions(
    (x509.BasicConstraints(ca=True, path_length=0), True),
    (x509.UnrecognizedExtension(_UNKNOWN, b"\x04\x03abc"), False),
    (
        x509.SubjectAlternativeName(
            [
                x509.DNSName("a.example.com"),
                x509.IPAddress(ipaddress.ip_address("::1")),
                x509.RFC822Name("me@example.com"),
                x509.UniformResourceIdentifier("spiffe://example.com/x"),
                x509.OtherName(_UNKNOWN, b"\x0c\x01x"),
                x509.RegisteredID(_UNKNOWN),
            ]
        ),
        False,
    ),
    (
        x509.NameConstraints(
            [x509.DNSName("example.com")], [x509.IPAddress(ipaddress.ip_network("10.0.0.0/8"))]
        ),
        True,
    ),
    (
        x509.CertificatePolicies(
            [x509.PolicyInformation(_UNKNOWN, ["https://cps", x509.UserNotice(None, "be\nware")])]
        ),
        False,
    ),
    (
        x509.CRLDistributionPoints(
            [x509.DistributionPoint([x509.UniformResourceIdentifier("http://crl")], None, None, None)]
        ),
        False,
    ),
    (
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp")
                )
            ]
        ),
        False,
    ),
    (x509.TLSFeature([x509.TLSFeatureType.status_request]), False),
    (x509.InhibitAnyPolicy(1), True),
    (x509.PolicyConstraints(0, None), True),
    (x509.OCSPNoCheck(), False),
)


def test_the_plain_fields(forge: Forge) -> None:
    cert = forge.leaf.leaf
    fields = anatomy(cert)
    assert part(fields, "Subject", "Common name (CN)").value == "leaf"
    assert part(fields, "Issuer", "Common name (CN)").value == "Middle"
    assert part(fields, "Version").value == "3"
    assert part(fields, "Serial number").value == f"{cert.serial_number:x}".zfill(
        2 * ((cert.serial_number.bit_length() + 7) // 8)
    )
    assert part(fields, "Public key", "Curve").value == "secp256r1"
    assert part(fields, "Signature", "Value").value == cert.signature.hex(":")
    assert part(fields, "Extensions", "Subject alternative name", "DNS").value == "leaf.example.com"
    assert "self-signed" in part(anatomy(forge.root.leaf), "Issuer").note


def test_the_time_that_is_left(forge: Forge) -> None:
    end = forge.leaf.leaf.not_valid_after_utc
    begin = forge.leaf.leaf.not_valid_before_utc
    for now, note in (
        (end - timedelta(days=2, hours=1), "2 days left"),
        (end - timedelta(days=1, hours=1), "1 day left"),
        (end + timedelta(seconds=1), "expired"),
    ):
        assert part(anatomy(forge.leaf.leaf, now=now), "Validity", "Not after").note == note
    early = anatomy(forge.leaf.leaf, now=begin - timedelta(days=1))
    assert part(early, "Validity", "Not before").note == "not valid yet"


def test_every_extension_is_there_with_its_number() -> None:
    fields = part(anatomy(RICH), "Extensions").parts
    assert [field.note.partition(",")[0] for field in fields] == [
        extension.oid.dotted_string for extension in RICH.extensions
    ]
    assert [", critical" in field.note for field in fields] == [one.critical for one in RICH.extensions]
    assert part(fields, "Basic constraints", "Path length").note == "may issue no CAs"
    assert part(fields, "Unknown extension", "Bytes").value == "04:03:61:62:63"
    names = part(fields, "Subject alternative name").parts
    assert [(field.name, field.value) for field in names] == [
        ("DNS", "a.example.com"),
        ("IP address", "::1"),
        ("Email", "me@example.com"),
        ("URI", "spiffe://example.com/x"),
        ("Other name", "0c:01:78"),
        ("Registered ID", _UNKNOWN.dotted_string),
    ]
    assert part(fields, "Name constraints", "Permitted").value == "example.com"
    assert part(fields, "Name constraints", "Excluded").value == "10.0.0.0/8"
    assert part(fields, "Certificate policies", "Policy", "Notice").value == "be\\0aware"
    assert part(fields, "CRL distribution points", "Address").value == "http://crl"
    assert part(fields, "Authority information access", "OCSP").value == "http://ocsp"
    assert part(fields, "TLS feature", "Demands").note == "must staple"
    assert all(field.parts for field in fields)


def test_a_broken_extension_hides_none_of_the_others() -> None:
    whole = RICH.public_bytes(Encoding.DER)
    # The names' tag for mail addresses becomes one that does not exist.
    broken = load_certificate(whole.replace(b"\x81\x0eme@example.com", b"\x8f\x0eme@example.com"))
    with pytest.raises(ValueError, match=r".*"):
        list(broken.extensions)
    fields = part(anatomy(broken), "Extensions").parts
    assert len(fields) == 11
    assert part(fields, "Subject alternative name").value == "can't be read"
    assert b"me@example.com".hex(":") in part(fields, "Subject alternative name", "Bytes").value
    assert part(fields, "Name constraints", "Permitted").value == "example.com"


def test_all_public_roots_can_be_read() -> None:
    from pathlib import Path

    blocks = split("roots", Path(certifi.where()).read_bytes())
    assert len(blocks) > 50
    for block in blocks:
        cert = load_certificate(block.data)
        fields = anatomy(cert)
        assert not [field for field in all_fields(fields) if "can't be read" in (field.value, field.note)]
        assert len(part(fields, "Extensions").parts) == len(cert.extensions)


@given(st.data())
def test_nothing_raises_whatever_is_in_it(data: st.DataObject) -> None:
    whole = bytearray(RICH.public_bytes(Encoding.DER))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        cert = load_certificate(bytes(whole))
    except ValueError:
        return
    text = as_text(anatomy(cert))
    assert all(line.isprintable() for line in text.splitlines())
    fingerprints(cert)


def test_the_text_is_aligned_and_long_bytes_are_wrapped(forge: Forge) -> None:
    text = as_text(anatomy(forge.rsa.leaf))
    lines = text.splitlines()
    assert lines[0] == f"{'Subject':<30}CN=rsa,O=Push Inspector"
    assert f"  {'Common name (CN)':<28}rsa" in lines
    assert max(len(line) for line in lines) <= 120
    modulus = forge.rsa.leaf.public_key().public_numbers().n  # type: ignore[union-attr]
    packed = "".join(text.split())
    assert modulus.to_bytes(256, "big").hex(":") in packed


def test_fingerprints_as_openssl_has_them(forge: Forge) -> None:
    for identity in (forge.leaf, forge.rsa, forge.ed25519):
        prints = fingerprints(identity.leaf)
        for name, value in (("sha1", prints.sha1), ("sha256", prints.sha256)):
            said = forge.openssl("x509", "-noout", "-fingerprint", f"-{name}", stdin=pem(identity))
            assert said.decode().strip().rpartition("=")[2].replace(":", "").lower() == value
        spki = identity.leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert public_key_info(identity.leaf) == spki
        assert prints.spki_pin == base64.b64encode(hashlib.sha256(spki).digest()).decode()


def test_the_pin_stays_where_the_key_does(forge: Forge) -> None:
    renewed = issue(forge.root, "renewed", key=forge.leaf.key)
    assert fingerprints(renewed.leaf).spki_pin == fingerprints(forge.leaf.leaf).spki_pin
    assert fingerprints(renewed.leaf).sha256 != fingerprints(forge.leaf.leaf).sha256


def test_an_explicit_curve_is_told() -> None:
    assert not has_explicit_curve(make_ca("plain").leaf)


@given(st.integers(0, 255), st.binary(max_size=70_000))
def test_what_is_wrapped_is_read_again(tag: int, content: bytes) -> None:
    if tag & 0x1F == 0x1F:
        return
    element = der.first(der.wrap(tag, content))
    assert (element.tag, element.content) == (tag, content)
