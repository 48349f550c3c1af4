"""What can be done about a client that was turned away, on a real vault."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.describe import names, pem
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity
from inspector.errors import CertificateError
from inspector.home import Home
from inspector.listen_request import ListenRequest
from inspector.trust import free_name
from inspector.workbench import Workbench


@pytest.fixture
def workbench(home: Home) -> Workbench:
    bench = Workbench(home, use_keyring=False)
    bench.vault.create_dev(names=["localhost", "127.0.0.1"])
    return bench


def der(identity: Identity) -> tuple[bytes, ...]:
    return tuple(cert.public_bytes(Encoding.DER) for cert in identity.chain)


@pytest.fixture(scope="module")
def brand() -> Identity:
    root = make_ca("Brand Root")
    return issue(make_ca("Brand Issuing CA", issuer=root), "mybrand pusher", purposes=("client",))


def test_a_presented_ca_is_trusted_from_now_on(workbench: Workbench, brand: Identity) -> None:
    entry = workbench.trust_ca(der(brand), 2)
    assert (entry.name, entry.trust_clients, entry.chain) == ("Brand-Root", True, (brand.chain[2],))
    config = workbench.listener_config(ListenRequest())
    assert brand.chain[2] in config.client_cas
    assert brand.chain[1] not in config.client_cas


def test_an_intermediate_can_be_trusted_alone(workbench: Workbench, brand: Identity) -> None:
    entry = workbench.trust_ca(der(brand), 1, "their-ca")
    assert (entry.name, entry.chain) == ("their-ca", (brand.chain[1],))


def test_a_ca_that_is_there_is_marked(workbench: Workbench, brand: Identity) -> None:
    workbench.vault.add("kept", [brand.chain[2]])
    assert workbench.trust_ca(der(brand), 2).name == "kept"
    assert workbench.vault.get("kept").trust_clients
    again = workbench.trust_ca(der(brand), 2)
    assert (again.name, len(workbench.vault.entries())) == ("kept", 4)


def test_no_other_ca_is_trusted_with_it(workbench: Workbench, brand: Identity) -> None:
    other = make_ca("Other")
    workbench.vault.add("bundle", [brand.chain[2]], extra=[other.leaf])
    assert workbench.trust_ca(der(brand), 2).name == "Brand-Root"
    assert not workbench.vault.get("bundle").trust_clients
    assert other.leaf not in workbench.vault.trusted_client_cas()


def test_a_leaf_is_no_ca(workbench: Workbench, brand: Identity) -> None:
    with pytest.raises(CertificateError) as caught:
        workbench.trust_ca(der(brand), 0)
    assert caught.value.code == "not_a_ca"
    assert len(workbench.vault.entries()) == 3


def test_a_self_signed_client_vouches_for_itself(workbench: Workbench) -> None:
    alone = issue(None, "alone", purposes=("client",))
    entry = workbench.trust_ca(der(alone), 0)
    assert entry.trust_clients
    assert alone.leaf in workbench.listener_config(ListenRequest()).client_cas


def test_a_chain_is_kept_once_and_trusted_for_nothing(workbench: Workbench, brand: Identity) -> None:
    entry = workbench.keep_certificate(der(brand))
    assert (entry.name, entry.chain, entry.trust_clients, entry.has_key) == (
        "mybrand-pusher",
        brand.chain,
        False,
        False,
    )
    assert workbench.keep_certificate(der(brand), "again") == entry
    config = workbench.listener_config(ListenRequest())
    assert not set(brand.chain) & set(config.client_cas)
    assert set(brand.chain) <= set(config.known_certificates)  # they tell what a chain lacks


@pytest.mark.parametrize("chain", [(), (b"no certificate",)])
def test_what_is_no_certificate_is_refused(workbench: Workbench, chain: tuple[bytes, ...]) -> None:
    with pytest.raises(CertificateError) as caught:
        workbench.keep_certificate(chain)
    assert caught.value.next_step
    with pytest.raises(CertificateError):
        workbench.trust_ca(chain, 0)


def test_the_own_ca_is_the_root_as_far_as_it_is_known(workbench: Workbench, brand: Identity) -> None:
    config = workbench.listener_config(ListenRequest())
    assert workbench.own_ca_pem(config) == pem(workbench.vault.get("dev-ca").leaf)
    root = make_ca("Root")
    middle = make_ca("Middle", issuer=root)
    server = issue(middle, "server", names=["localhost"])
    bare = Identity("server", server.chain[:1], server.key)
    workbench.vault.add("server", bare.chain, bare.key)
    request = ListenRequest(server_identity="server")
    with pytest.raises(CertificateError) as caught:
        workbench.own_ca_pem(workbench.listener_config(request))
    assert caught.value.code == "no_issuer"
    assert "Middle" in caught.value.message
    workbench.vault.add("middle", middle.chain)
    assert workbench.own_ca_pem(workbench.listener_config(request)) == pem(root.leaf)
    alone = issue(None, "alone", names=["localhost"])
    workbench.vault.add("alone", alone.chain, alone.key)
    request = ListenRequest(server_identity="alone")
    assert workbench.own_ca_pem(workbench.listener_config(request)) == pem(alone.leaf)


def loads(identity: Identity, folder: Path) -> None:
    """OpenSSL takes the key with the chain."""
    from inspector.certificates.export import export_pem

    export_pem(identity, folder, "x", None)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(folder / "xCrt.pem", folder / "xKey.pem")


def test_a_server_gets_one_more_name(workbench: Workbench, tmp_path: Path) -> None:
    entry = workbench.make_server_identity(["proxy.example.com", "localhost", "::1"])
    assert entry.name == "dev-server"
    assert names(entry.leaf) == ("localhost", "127.0.0.1", "proxy.example.com", "::1")
    assert entry.leaf.issuer == workbench.vault.get("dev-ca").leaf.subject
    assert len(workbench.vault.entries()) == 3
    loads(workbench.vault.identity("dev-server"), tmp_path)


def test_a_server_of_somebody_elses_stays(workbench: Workbench) -> None:
    theirs = issue(make_ca("Public CA"), "shop", names=["shop.example.com"])
    workbench.vault.add("shop", theirs.chain, theirs.key)
    entry = workbench.make_server_identity(["proxy.example.com"], "shop")
    assert entry.name == "shop-2"
    assert names(entry.leaf) == ("shop.example.com", "proxy.example.com")
    assert workbench.vault.get("shop").leaf == theirs.leaf


def test_without_a_ca_of_ours_one_is_made(home: Home, tmp_path: Path) -> None:
    bench = Workbench(home, use_keyring=False)
    entry = bench.make_server_identity(["proxy.example.com"])
    assert entry.name == "dev-server"
    assert {"localhost", "127.0.0.1", "::1", "proxy.example.com"} <= set(names(entry.leaf))
    assert bench.vault.get("dev-ca").trust_clients
    loads(bench.vault.identity("dev-server"), tmp_path)


def test_a_dev_ca_without_its_key_is_left(home: Home) -> None:
    bench = Workbench(home, use_keyring=False)
    other = make_ca("dev-ca")
    bench.vault.add("dev-ca", other.chain)
    entry = bench.make_server_identity(["proxy.example.com"])
    assert bench.vault.get("dev-ca").leaf == other.leaf
    assert bench.vault.get("dev-ca-2").leaf == entry.chain[1]


def test_a_name_that_is_none_is_refused(workbench: Workbench) -> None:
    before = workbench.vault.get("dev-server").leaf
    with pytest.raises(CertificateError) as caught:
        workbench.make_server_identity(["no name"])
    assert caught.value.code == "invalid_name"
    assert workbench.vault.get("dev-server").leaf == before


def test_names_that_no_request_could_have_are_not_taken_over(workbench: Workbench) -> None:
    """An imported server may have e-mail addresses and whole names among its alternative names."""
    key = issue(None, "odd").key
    builder = (
        x509.CertificateBuilder()
        .subject_name(make_ca("Odd").leaf.subject)
        .issuer_name(make_ca("Odd").leaf.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(make_ca("Odd").leaf.not_valid_before_utc)
        .not_valid_after(make_ca("Odd").leaf.not_valid_after_utc)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("odd.example"),
                    x509.RFC822Name("a@b.example"),
                    x509.DirectoryName(make_ca("Odd").leaf.subject),
                ]
            ),
            critical=False,
        )
    )
    from cryptography.hazmat.primitives import hashes

    workbench.vault.add("odd", [builder.sign(key, hashes.SHA256())], key)
    entry = workbench.make_server_identity(["x.example"], "odd")
    assert names(entry.leaf) == ("odd.example", "x.example")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("dev-ca", "dev-ca-2"),
        ("DEV-CA", "DEV-CA-2"),
        ("CN=Größe, O=x", "CN-Gr-e-O-x"),
        ("", "certificate"),
        ("…", "certificate"),
        ("con", "certificate-con"),
        ("../etc", "etc"),
        ("a" * 100, "a" * 60),
    ],
)
def test_a_free_name_is_one_that_the_vault_takes(workbench: Workbench, wanted: str, found: str) -> None:
    name = free_name(workbench.vault, wanted)
    assert name == found
    workbench.vault.add(name, make_ca("x").chain)
