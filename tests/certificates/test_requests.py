"""Requests: made, kept, completed, signed for others; and renewals. OpenSSL reads and makes them too."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from inspector.certificates import mint, requests
from inspector.certificates.describe import describe, is_ca
from inspector.certificates.key_kinds import KeyKind, generate, kind_like
from inspector.certificates.keys import belongs, public_bytes
from inspector.certificates.pending import PendingRequest
from inspector.certificates.renewing import renew
from inspector.certificates.sources import sources_of
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError, VaultError
from inspector.home import Home
from tests.certificates.forge import Forge, pem


@pytest.fixture
def vault(home: Home) -> Vault:
    made = Vault(home)
    made.create_dev()
    return made


def refused(code: str) -> pytest.RaisesExc[CertificateError]:
    return pytest.RaisesExc(
        CertificateError, check=lambda error: error.code == code and bool(error.next_step)
    )


def signed(vault: Vault, request: PendingRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.name}.pem"
    chain = requests.sign(vault.identity("dev-ca"), request.csr)
    path.write_bytes(pem(*chain))
    return path


@pytest.mark.parametrize("kind", KeyKind)
def test_a_request_becomes_an_identity(vault: Vault, home: Home, tmp_path: Path, kind: KeyKind) -> None:
    made = requests.request(vault, "brand", common_name="Brand AG", kind=kind)
    assert requests.pending(vault) == (made,)
    assert [entry.name for entry in vault.entries()] == ["dev-ca", "dev-server", "dev-client"]
    entry = requests.complete(vault, "brand", sources_of([signed(vault, made, tmp_path)]))
    assert requests.pending(vault) == ()
    identity = Vault(home).identity("brand")
    assert belongs(identity.key, identity.leaf)
    assert kind_like(identity.key) is kind
    assert len(entry.chain) == 2
    facts = describe(identity.leaf)
    assert facts.subject.startswith("CN=Brand AG")
    assert facts.purposes == ("client",)


def test_openssl_reads_the_request(vault: Vault, forge: Forge) -> None:
    made = requests.request(vault, "srv", purposes=("server",), names=("proxy.example.com", "192.0.2.7"))
    shown = forge.openssl("req", "-verify", "-noout", "-text", stdin=made.pem.encode()).decode()
    assert "DNS:proxy.example.com, IP Address:192.0.2.7" in shown
    assert "TLS Web Server Authentication" in shown


def test_a_request_of_openssl_is_signed(vault: Vault, tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "r.csr", "-subj",
         "/CN=theirs", "-addext", "subjectAltName=DNS:a.example,email:x@y.z", "-addext", "extendedKeyUsage=serverAuth"],
        cwd=tmp_path, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    for form in ("PEM", "DER"):
        subprocess.run(
            ["openssl", "req", "-in", "r.csr", "-outform", form, "-out", f"r.{form}"],
            cwd=tmp_path,
            check=True,
            timeout=60,
        )
        csr = requests.parse_csr((tmp_path / f"r.{form}").read_bytes(), "file")
        leaf, ca = requests.sign(vault.identity("dev-ca"), csr, days=10)
        facts = describe(leaf)
        assert facts.names == ("a.example",)
        assert facts.purposes == ("server",)
        assert facts.days_left == 9
        leaf.verify_directly_issued_by(ca)
    leaf, _ca = requests.sign(vault.identity("dev-ca"), csr, purposes=("client",), names=())
    assert describe(leaf).purposes == ("client",)
    assert describe(leaf).names == ()


def test_what_is_not_signed(vault: Vault, tmp_path: Path) -> None:
    made = requests.request(vault, "brand")
    with refused("not_a_ca"):
        requests.sign(vault.identity("dev-client"), made.csr)
    changed = bytearray(made.csr.public_bytes(Encoding.DER))
    changed[-3] ^= 1
    with refused("bad_signature"):
        requests.sign(vault.identity("dev-ca"), x509.load_der_x509_csr(bytes(changed)))
    key = generate()
    ambitious = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(mint.subject_name("mallory"))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, mint.digest_for(key))
    )
    with refused("asks_for_ca"):
        requests.sign(vault.identity("dev-ca"), ambitious)
    (tmp_path / "not.csr").write_bytes(pem(vault.get("dev-client").leaf))
    with refused("unknown_format") as caught:
        requests.parse_csr((tmp_path / "not.csr").read_bytes(), "file")
    assert "is a certificate, not a certificate signing request" in caught.value.message
    with refused("html"):
        requests.parse_csr(b"<html>", "page")
    weak = rsa.generate_private_key(65537, 1024)
    with refused("weak_key"):
        requests.sign(vault.identity("dev-ca"), requests.make_csr(mint.subject_name("old"), weak))


def test_names_are_taken_once(vault: Vault) -> None:
    requests.request(vault, "brand")
    for name in ("brand", "BRAND", "dev-client"):
        with refused("exists"):
            requests.request(vault, name)
    with refused("invalid_name"):
        requests.request(vault, "../brand")


def test_the_certificate_of_another_key(vault: Vault, tmp_path: Path) -> None:
    first, second = requests.request(vault, "first"), requests.request(vault, "second")
    with refused("key_mismatch") as caught:
        requests.complete(vault, "first", sources_of([signed(vault, second, tmp_path)]))
    assert "second" in caught.value.next_step
    (tmp_path / "dev.pem").write_bytes(pem(vault.get("dev-client").leaf))
    with refused("key_mismatch"):
        requests.complete(vault, "first", sources_of([tmp_path / "dev.pem"]))
    assert requests.pending(vault) == (first, second)
    with refused("unknown_name"):
        requests.complete(vault, "third", sources_of([tmp_path / "dev.pem"]))


def test_a_request_is_dropped(vault: Vault) -> None:
    requests.request(vault, "brand")
    requests.drop_request(vault, "brand")
    assert requests.pending(vault) == ()
    with refused("unknown_name"):
        requests.drop_request(vault, "brand")


def test_a_new_passphrase_opens_waiting_keys_too(vault: Vault, home: Home, tmp_path: Path) -> None:
    made = requests.request(vault, "brand")
    before = json.loads(home.vault_file.read_bytes())["requests"][0]["key"]
    vault.change_passphrase("another one")
    assert json.loads(home.vault_file.read_bytes())["requests"][0]["key"] != before
    opened = Vault(home, ask=lambda: "another one")
    requests.complete(opened, "brand", sources_of([signed(opened, made, tmp_path)]))
    assert opened.identity("brand").name == "brand"


def test_the_file_is_as_old_as_can_be_and_its_requests_are_checked(vault: Vault, home: Home) -> None:
    assert json.loads(home.vault_file.read_bytes())["version"] == 1
    requests.request(vault, "brand")
    content = json.loads(home.vault_file.read_bytes())
    assert content["version"] == 3
    assert "ENCRYPTED PRIVATE KEY" in content["requests"][0]["key"]
    content["requests"][0]["key"] = "-----BEGIN PRIVATE KEY-----"
    home.vault_file.write_text(json.dumps(content))
    with pytest.raises(VaultError, match="a key isn't encrypted"):
        requests.pending(Vault(home))


# renewing


def test_what_was_issued_here_is_renewed_at_once(vault: Vault) -> None:
    ca = vault.identity("dev-ca")
    old = mint.issue(
        ca, "brand", purposes=("client", "server"), names=("a.example",), key=generate(KeyKind.RSA_2048)
    )
    vault.add("brand", old.chain, old.key)
    renewed = renew(vault, "brand")
    assert not isinstance(renewed, PendingRequest)
    assert renewed.leaf.serial_number != old.leaf.serial_number
    assert renewed.leaf.subject == old.leaf.subject
    before, after = describe(old.leaf), describe(renewed.leaf)
    assert (after.names, after.purposes, after.key) == (before.names, before.purposes, before.key)
    assert public_bytes(vault.identity("brand").key) == public_bytes(old.key)
    length = old.leaf.not_valid_after_utc - old.leaf.not_valid_before_utc
    assert renewed.leaf.not_valid_after_utc - renewed.leaf.not_valid_before_utc == length
    assert abs(renewed.leaf.not_valid_before_utc + mint.HEAD_START - datetime.now(UTC)) < timedelta(minutes=1)
    usage = renewed.leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(usage) == {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH}
    with_new_key = renew(vault, "brand", new_key=True)
    assert not isinstance(with_new_key, PendingRequest)
    key = vault.identity("brand").key
    assert isinstance(key, rsa.RSAPrivateKey)
    assert public_bytes(key) != public_bytes(old.key)


def test_a_ca_is_renewed_with_its_key_and_what_it_issued_still_holds(vault: Vault, forge: Forge) -> None:
    client = vault.get("dev-client").leaf
    old = vault.get("dev-ca")
    with refused("ca_needs_its_key"):
        renew(vault, "dev-ca", new_key=True)
    renewed = renew(vault, "dev-ca")
    assert not isinstance(renewed, PendingRequest)
    assert renewed.leaf != old.leaf
    assert renewed.trust_clients
    assert is_ca(renewed.leaf)
    client.verify_directly_issued_by(renewed.leaf)


def test_what_others_issued_waits_for_them(vault: Vault, home: Home, forge: Forge, tmp_path: Path) -> None:
    theirs = mint.make_ca("their ca")
    old = mint.issue(theirs, "brand", purposes=("client",))
    vault.add("brand", old.chain, old.key)
    waiting = renew(vault, "brand", new_key=True)
    assert isinstance(waiting, PendingRequest)
    assert waiting.csr.subject == old.leaf.subject
    assert vault.get("brand").leaf == old.leaf, "the old one serves until the new one comes"
    with refused("exists"):
        renew(vault, "brand", new_key=True)
    (tmp_path / "new.pem").write_bytes(pem(*requests.sign(theirs, waiting.csr)))
    requests.complete(vault, "brand", sources_of([tmp_path / "new.pem"]))
    assert vault.get("brand").leaf != old.leaf
    assert public_bytes(vault.identity("brand").key) == waiting.public_key


def test_a_self_signed_one_signs_itself_again(vault: Vault) -> None:
    alone = mint.issue(None, "alone", purposes=("server",), names=("localhost",))
    vault.add("alone", alone.chain, alone.key)
    renewed = renew(vault, "alone", new_key=True)
    assert not isinstance(renewed, PendingRequest)
    assert renewed.chain[0].issuer == alone.leaf.subject
    assert renewed.leaf.public_key() != alone.leaf.public_key()
