from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.chain import is_anchor, issued_by, leaves, order, unique
from inspector.certificates.check import check
from inspector.certificates.describe import describe, short_name
from inspector.certificates.mint import issue, make_ca, new_key
from inspector.certificates.model import Identity, Purpose
from inspector.certificates.read import load_certificate
from tests.certificates.forge import Forge

ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
UNKNOWN = bytes.fromhex("06082a8648ce3d040372")
KEY_KIND = bytes.fromhex("06072a8648ce3d0201")


def altered(cert: x509.Certificate, *exchanges: tuple[bytes, bytes]) -> x509.Certificate:
    raw = cert.public_bytes(Encoding.DER)
    for old, new in exchanges:
        assert old in raw
        raw = raw.replace(old, new)
    return load_certificate(raw)


def test_the_signature_decides_between_issuers_of_one_name(forge: Forge) -> None:
    impostor = make_ca("Middle")
    assert impostor.leaf.subject == forge.middle.leaf.subject
    assert not issued_by(forge.leaf.leaf, impostor.leaf)
    assert order(forge.leaf.leaf, [impostor.leaf, forge.root.leaf, forge.middle.leaf]) == forge.leaf.chain


def test_where_the_signature_can_not_be_verified_key_identifiers_do(forge: Forge) -> None:
    strange = altered(forge.leaf.leaf, (ECDSA_SHA256, UNKNOWN))
    assert issued_by(strange, forge.middle.leaf)
    assert not issued_by(strange, make_ca("Middle").leaf)
    assert order(strange, forge.middle.chain) == (strange, *forge.middle.chain)


def signed_anew(identity: Identity, signer: Identity, old: bytes, new: bytes) -> x509.Certificate:
    """Other bytes of the same length under a signature that is right for them."""
    tbs = identity.leaf.tbs_certificate_bytes
    assert old in tbs
    assert len(old) == len(new)
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    tbs = tbs.replace(old, new)
    signature = b"\x00" + signer.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    body = tbs + b"\x30\x0a" + ECDSA_SHA256 + bytes([3, len(signature)]) + signature
    return load_certificate(b"\x30\x82" + len(body).to_bytes(2) + body)


def test_names_that_can_not_be_decoded_still_link() -> None:
    ca = make_ca("Issuer-Name")
    leaf = issue(ca, "leaf")
    broken_ca = signed_anew(ca, ca, b"Issuer-Name", b"Issuer\xff\xfeame")
    broken_leaf = signed_anew(leaf, ca, b"Issuer-Name", b"Issuer\xff\xfeame")
    assert issued_by(broken_leaf, broken_ca)
    assert not issued_by(broken_leaf, ca.leaf)
    assert not issued_by(leaf.leaf, broken_ca)
    assert order(broken_leaf, [ca.leaf, broken_ca]) == (broken_leaf, broken_ca)


def test_of_two_certificates_for_one_issuer_the_one_that_lasts_longest_is_taken() -> None:
    key = new_key()
    now = datetime.now(UTC)
    old, new = (make_ca("CA", key=key, not_after=now + timedelta(days=days)) for days in (10, 1000))
    leaf = issue(old, "leaf").leaf
    for given in ([old.leaf, new.leaf], [new.leaf, old.leaf]):
        assert order(leaf, given) == (leaf, new.leaf)


def test_roots_that_certified_one_another_end_somewhere() -> None:
    one, two = make_ca("one"), make_ca("two")
    one_by_two = make_ca("one", issuer=two, key=one.key).leaf
    two_by_one = make_ca("two", issuer=one, key=two.key).leaf
    leaf = issue(one, "leaf").leaf
    assert set(order(leaf, [one_by_two, two_by_one])) == {leaf, one_by_two, two_by_one}
    assert leaves([one_by_two, two_by_one]) == [one_by_two]
    assert leaves([one_by_two, leaf, two_by_one]) == [leaf]
    assert order(leaf, [one_by_two, one.leaf])[:1] == (leaf,)


def test_unique_keeps_the_order(forge: Forge) -> None:
    again = x509.load_der_x509_certificate(forge.leaf.leaf.public_bytes(Encoding.DER))
    assert unique([forge.leaf.leaf, forge.root.leaf, again]) == (forge.leaf.leaf, forge.root.leaf)


def test_anchors(forge: Forge) -> None:
    assert is_anchor(forge.root.leaf)
    assert is_anchor(forge.middle.leaf)
    assert is_anchor(issue(None, "self").leaf)
    assert not is_anchor(forge.leaf.leaf)


@pytest.mark.parametrize(
    "exchange",
    [
        (ECDSA_SHA256, UNKNOWN),
        (KEY_KIND, KEY_KIND[:-2] + b"\x03\x01"),
        (b"Push Inspector", b"Push\xffInspector"),
        (bytes.fromhex("0603551d0f"), bytes.fromhex("0603551d0e")),  # one extension twice, another missing
        (bytes.fromhex("0603551d13"), bytes.fromhex("0603551d11")),  # basic constraints called names
    ],
)
def test_odd_certificates_can_be_described_ordered_and_checked(
    forge: Forge, exchange: tuple[bytes, bytes]
) -> None:
    odd = [altered(cert, exchange) for cert in forge.leaf.chain]
    for cert in odd:
        assert describe(cert).fingerprint_sha256
        assert short_name(cert)
    purposes: tuple[Purpose | None, ...] = ("server", "client", None)
    for purpose in purposes:
        for chain in (odd, odd[:1], [odd[0], *forge.middle.chain], [forge.leaf.leaf, *odd[1:]]):
            for key in (forge.leaf.key, None):
                assert check(chain, key, purpose=purpose)
