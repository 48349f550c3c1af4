"""The TLS client of a target; above all that no key is ever written in clear."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.mint import DevIdentities, issue
from inspector.certificates.model import Identity
from inspector.errors import CertificateError, StateError
from inspector.sender.context import client_context
from inspector.sender.model import Target, Trust
from inspector.sender.send import send

HTTPS = "https://localhost:1/"
KEYS: dict[str, Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that all temporary files go to."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def copies(temp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder as it was each time that OpenSSL loaded a certificate from it."""
    kept = tmp_path / "copies"
    kept.mkdir()
    load = ssl.SSLContext.load_cert_chain

    def load_and_keep(context: ssl.SSLContext, certfile: Any, *arguments: Any, **options: Any) -> None:
        shutil.copytree(temp, kept / str(len(list(kept.iterdir()))))
        load(context, certfile, *arguments, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load_and_keep)
    return kept


def clear_forms(identity: Identity) -> list[bytes]:
    """What a key looks like where it is not encrypted: every encoding, and the bare secret number."""
    key = identity.key
    forms = [(Encoding.DER, PrivateFormat.PKCS8), (Encoding.PEM, PrivateFormat.PKCS8)]
    if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        forms += [
            (Encoding.DER, PrivateFormat.TraditionalOpenSSL),
            (Encoding.PEM, PrivateFormat.TraditionalOpenSSL),
        ]
    found = [key.private_bytes(encoding, form, NoEncryption()) for encoding, form in forms]
    # In PEM the lines are what would be seen in the middle of a file; a short last one is found anywhere by chance.
    lines = [line for form in found if form.startswith(b"-----") for line in form.split(b"\n")[1:-2]]
    found += [line for line in lines if len(line) >= 40]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        number = key.private_numbers().private_value
        found.append(number.to_bytes((key.key_size + 7) // 8, "big"))
    elif isinstance(key, rsa.RSAPrivateKey):
        found.append(key.private_numbers().p.to_bytes(key.key_size // 16, "big"))
    elif isinstance(key, ed25519.Ed25519PrivateKey):
        found.append(key.private_bytes_raw())
    return found


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "trust", [Trust(), Trust(system=False), Trust(insecure=True)], ids=["os", "own", "none"]
)
def test_no_key_is_written_in_clear(
    temp: Path, copies: Path, dev: DevIdentities, kind: str, trust: Trust
) -> None:
    identity = issue(dev.ca, "client", purposes=("client",), key=KEYS[kind]())
    client_context(Target(HTTPS, identity, trust))
    assert not list(temp.iterdir()), "something was left behind"
    (copy,) = copies.iterdir()
    (folder,) = copy.iterdir()
    (file,) = folder.iterdir()
    written = file.read_bytes()
    assert written.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert written.count(b"PRIVATE KEY") == 2
    assert written.count(b"BEGIN CERTIFICATE") == len(identity.chain)
    for form in clear_forms(identity):
        assert form not in written
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_key_is_written_in_clear_by_a_send(
    temp: Path, copies: Path, nginx: Any, target_for: Any, dev: DevIdentities
) -> None:
    assert send(target_for(nginx.required, dev.client), b"{}").status == 200
    assert not list(temp.iterdir())
    written = [path.read_bytes() for path in copies.rglob("*") if path.is_file()]
    assert len(written) == 1
    for form in clear_forms(dev.client):
        assert form not in written[0]


def test_each_time_another_password(copies: Path, dev: DevIdentities) -> None:
    for _ in range(2):
        client_context(Target(HTTPS, dev.client, Trust(system=False)))
    first, second = (path.read_bytes() for path in sorted(copies.rglob("*.pem")))
    assert first != second


def test_a_key_of_another_certificate(temp: Path, copies: Path, dev: DevIdentities) -> None:
    wrong = Identity("wrong", dev.client.chain, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(CertificateError) as caught:
        client_context(Target(HTTPS, wrong))
    assert caught.value.code == "key_mismatch"
    assert "wrong" in caught.value.message
    assert not list(temp.iterdir())
    assert b"ENCRYPTED" in next(copies.rglob("*.pem")).read_bytes()


def test_a_key_that_is_too_short(temp: Path, dev: DevIdentities) -> None:
    weak = issue(dev.ca, "weak", key=rsa.generate_private_key(public_exponent=65537, key_size=1024))
    with pytest.raises(CertificateError) as caught:
        client_context(Target(HTTPS, weak))
    assert caught.value.code == "weak_key"
    assert not list(temp.iterdir())


def test_no_place_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dev: DevIdentities
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(StateError) as caught:
        client_context(Target(HTTPS, dev.client))
    assert "TMPDIR" in caught.value.next_step


@pytest.mark.parametrize(
    "trust", [Trust(), Trust(system=False), Trust(insecure=True)], ids=["os", "own", "none"]
)
def test_what_every_context_has(trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = client_context(Target(HTTPS, trust=trust))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert not context.keylog_filename
    assert context.check_hostname is not trust.insecure
    assert (context.verify_mode == ssl.CERT_NONE) is trust.insecure
    assert not (tmp_path / "keys").exists()


def test_cas_are_trusted_once_each(dev: DevIdentities) -> None:
    trust = Trust(system=False, extra_cas=(dev.ca.leaf, dev.ca.leaf, dev.server.leaf))
    assert client_context(Target(HTTPS, trust=trust)).cert_store_stats()["x509"] == 2
