"""A chain of certificates as it came, read for the window."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.ui.detail.presented import read_chain

NOW = datetime.now(UTC)


def ders(*certificates: x509.Certificate) -> tuple[bytes, ...]:
    return tuple(one.public_bytes(Encoding.DER) for one in certificates)


def test_each_certificate_says_how_it_hangs_together_with_the_next() -> None:
    root = make_ca("root")
    middle = make_ca("middle", issuer=root)
    leaf = issue(middle, "leaf")
    chain = read_chain(ders(*leaf.chain), (root.leaf,), NOW)
    assert [(one.title, one.link, one.trusted, one.anchor) for one in chain.certificates] == [
        ("leaf", "issued by the next", False, False),
        ("middle", "issued by the next", False, True),
        ("root", "self-signed", True, True),
    ]
    assert chain.remark == ""


def test_another_order_is_put_right_and_told() -> None:
    root = make_ca("root")
    middle = make_ca("middle", issuer=root)
    leaf = issue(middle, "leaf")
    chain = read_chain(ders(leaf.leaf, root.leaf, middle.leaf), (), NOW)
    assert [one.title for one in chain.certificates] == ["leaf", "middle", "root"]
    assert "another order" in chain.remark


def test_a_stray_certificate_and_a_namesake_are_told(dev: DevIdentities) -> None:
    namesake = make_ca("dev-ca")
    chain = read_chain(ders(dev.client.leaf, namesake.leaf), (), NOW)
    assert chain.remark == "1 certificate is no part of the chain."
    assert chain.certificates[0].link == "its issuer has another key than the one sent"


def test_what_can_not_be_read_is_kept_and_counted(dev: DevIdentities) -> None:
    chain = read_chain((*ders(dev.client.leaf), b"\x30\x03abc"), (), NOW)
    assert len(chain.certificates) == 1
    assert "1 certificate can't be read" in chain.remark
    assert chain.pem.count("BEGIN CERTIFICATE") == 2
    assert x509.load_pem_x509_certificate(chain.pem.encode()) == dev.client.leaf
    broken = read_chain((b"nothing",), (), NOW)
    assert broken.certificates == ()
    assert "can't be read" in broken.remark


def test_nothing_was_presented() -> None:
    assert read_chain((), (), NOW).certificates == ()
    assert read_chain((), (), NOW).remark == ""


@given(st.lists(st.binary(max_size=64), max_size=3))
def test_any_bytes_are_kept(blocks: list[bytes]) -> None:
    chain = read_chain(tuple(blocks), (), NOW)
    assert chain.pem.count("BEGIN CERTIFICATE") == len(blocks)
