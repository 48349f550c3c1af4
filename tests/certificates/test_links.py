"""A chain verified link by link, and judged as `openssl verify` judges it."""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inspector.certificates.check import check
from inspector.certificates.links import Link, links
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity
from inspector.certificates.name_constraints import forbidden_names
from tests.certificates.forge import Forge, pem


def told(found: Sequence[Link]) -> list[dict[str, bool | None]]:
    return [{check.key: check.ok for check in link.checks} for link in found]


def constrained_ca(constraints: x509.NameConstraints, issuer: Identity | None = None) -> Identity:
    """A CA with name constraints, which `mint` makes none of."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Constrained")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).public_key(key.public_key())
    builder = builder.issuer_name(issuer.leaf.subject if issuer else name)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=999))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(constraints, critical=True)
    cert = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Identity("constrained", (cert, *issuer.chain) if issuer else (cert,), key)


def openssl_takes(forge: Forge, chain: Sequence[x509.Certificate]) -> bool:
    for name, certs in (("leaf", chain[:1]), ("middle", chain[1:]), ("root", chain[-1:])):
        (forge.folder / f"{name}.verify").write_bytes(pem(*certs))
    done = subprocess.run(
        ["openssl", "verify", "-CAfile", "root.verify", "-untrusted", "middle.verify", "leaf.verify"],
        cwd=forge.folder,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode == 0


def test_a_sound_chain(forge: Forge) -> None:
    found = links(forge.leaf.chain)
    assert [link.certificate for link in found] == list(forge.leaf.chain)
    assert [link.issuer for link in found] == [*forge.leaf.chain[1:], forge.root.leaf]
    assert told(found) == [
        {"signature": True, "validity": True},
        {"signature": True, "validity": True, "ca": True},
        {"signature": True, "validity": True, "ca": True},
    ]
    assert all(link.ok for link in found)
    assert links(forge.leaf.chain[:1])[0].check("ca") is None
    assert links(()) == ()


def test_an_issuer_known_from_elsewhere_and_one_that_is_missing(forge: Forge) -> None:
    found = links(forge.leaf.chain[:1], known_cas=[forge.root.leaf, forge.middle.leaf])
    assert [link.known for link in found] == [False, True, True]
    (alone,) = links(forge.leaf.chain[:1])
    assert alone.issuer is None
    assert alone.issuer_name == "CN=Middle,O=Push Inspector"
    signature = alone.check("signature")
    assert signature is not None
    assert signature.ok is None
    assert alone.ok


def test_another_key_of_the_same_name(forge: Forge) -> None:
    """As when the dev CA was made anew, and the leaf was not."""
    namesake = make_ca("Middle", issuer=forge.root)
    (link,) = links([forge.leaf.leaf, namesake.leaf])
    signature = link.check("signature")
    assert signature is not None
    assert signature.ok is False
    assert "another key of that name" in signature.message
    for given, known in (([forge.leaf.leaf, namesake.leaf], []), ([forge.leaf.leaf], [namesake.leaf])):
        codes = [finding.code for finding in check(given, forge.leaf.key, known_cas=known)]
        assert "wrong_issuer" in codes
    assert "wrong_issuer" not in [
        finding.code
        for finding in check(
            [forge.leaf.leaf], forge.leaf.key, known_cas=[namesake.leaf, forge.middle.leaf, forge.root.leaf]
        )
    ]


def test_times(forge: Forge) -> None:
    end = forge.leaf.leaf.not_valid_after_utc
    assert [link.ok for link in links(forge.leaf.chain, now=end + timedelta(days=1))] == [False, True, True]
    begin = forge.leaf.leaf.not_valid_before_utc - timedelta(days=3)
    assert not any(link.ok for link in links(forge.leaf.chain, now=begin))


def test_no_ca_and_too_long_a_path(forge: Forge) -> None:
    below = issue(forge.leaf, "below")
    found = links(below.chain)
    assert told(found)[1]["ca"] is False
    short = make_ca("Short", issuer=forge.root, path_length=0)
    deep = issue(make_ca("Deep", issuer=short), "deep")
    assert told(links(deep.chain))[2]["path_length"] is False
    assert told(links(issue(short, "fine").chain))[1]["path_length"] is True
    assert not openssl_takes(forge, deep.chain)


DNS, IP, MAIL, URI = x509.DNSName, x509.IPAddress, x509.RFC822Name, x509.UniformResourceIdentifier
NET = ipaddress.ip_network("10.0.0.0/8")
CASES = {
    "below": (x509.NameConstraints([DNS("example.com")], None), ["a.example.com"], True),
    "itself": (x509.NameConstraints([DNS("example.com")], None), ["example.com"], True),
    "capitals": (x509.NameConstraints([DNS("Example.COM")], None), ["a.eXample.com"], True),
    "another": (x509.NameConstraints([DNS("example.com")], None), ["a.example.org"], False),
    "no whole label": (x509.NameConstraints([DNS("example.com")], None), ["badexample.com"], False),
    "one of two": (
        x509.NameConstraints([DNS("example.com")], None),
        ["a.example.com", "b.example.org"],
        False,
    ),
    "one of two permitted": (
        x509.NameConstraints([DNS("example.com"), DNS("example.org")], None),
        ["b.example.org"],
        True,
    ),
    "excluded": (x509.NameConstraints(None, [DNS("example.com")]), ["a.example.com"], False),
    "excluded elsewhere": (x509.NameConstraints(None, [DNS("example.com")]), ["a.example.org"], True),
    "permitted and excluded": (
        x509.NameConstraints([DNS("example.com")], [DNS("bad.example.com")]),
        ["x.bad.example.com"],
        False,
    ),
    "address in the net": (x509.NameConstraints([IP(NET)], None), ["10.1.2.3"], True),
    "address outside": (x509.NameConstraints([IP(NET)], None), ["192.168.1.1"], False),
    "kinds are apart": (x509.NameConstraints([IP(NET)], None), ["a.example.org"], True),
}


@pytest.mark.parametrize("name", CASES)
def test_name_constraints_as_openssl_has_them(forge: Forge, name: str) -> None:
    constraints, names, allowed = CASES[name]
    ca = constrained_ca(constraints)
    leaf = issue(ca, "leaf", names=names)
    assert openssl_takes(forge, leaf.chain) is allowed
    assert (told(links(leaf.chain))[1]["name_constraints"] is True) is allowed
    codes = [finding.code for finding in check(leaf.chain, leaf.key)]
    assert ("name_constraints" in codes) is not allowed


def test_other_kinds_of_names() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    def leaf(*names: x509.GeneralName, subject: x509.Name | None = None) -> x509.Certificate:
        now = datetime.now(UTC)
        name = subject or x509.Name([])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(key, hashes.SHA256())

    def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])

    ours = name((NameOID.COUNTRY_NAME, "DE"), (NameOID.ORGANIZATION_NAME, "Us"))
    us = name((NameOID.COUNTRY_NAME, "DE"), (NameOID.ORGANIZATION_NAME, "Us"), (NameOID.COMMON_NAME, "x"))
    them = name((NameOID.COUNTRY_NAME, "DE"), (NameOID.ORGANIZATION_NAME, "Them"))
    mail = name((NameOID.COMMON_NAME, "y"), (NameOID.EMAIL_ADDRESS, "me@example.org"))
    host = name((NameOID.COMMON_NAME, "www.example.org"))
    for permitted, cert, forbidden in (
        (MAIL("example.com"), leaf(MAIL("me@example.com")), ()),
        (MAIL("example.com"), leaf(MAIL("me@sub.example.com")), ("me@sub.example.com",)),
        (MAIL(".example.com"), leaf(MAIL("me@sub.example.com")), ()),
        (MAIL("me@example.com"), leaf(MAIL("me@example.com"), MAIL("you@example.com")), ("you@example.com",)),
        (MAIL("example.com"), leaf(subject=mail), ("me@example.org",)),
        (URI("example.com"), leaf(URI("https://example.com/path")), ()),
        (URI(".example.com"), leaf(URI("https://a.example.com:8443/path")), ()),
        (URI("example.com"), leaf(URI("https://a.example.com/")), ("https://a.example.com/",)),
        (x509.DirectoryName(ours), leaf(subject=us), ()),
        (x509.DirectoryName(ours), leaf(subject=them), ("O=Them,C=DE",)),
        (DNS("example.com"), leaf(subject=host), ("www.example.org",)),
        (DNS("example.com"), leaf(subject=name((NameOID.COMMON_NAME, "no host"))), ()),
    ):
        ca = constrained_ca(x509.NameConstraints([permitted], None)).leaf
        assert forbidden_names(cert, ca) == forbidden
    assert forbidden_names(leaf(subject=them), make_ca("free").leaf) == ()
