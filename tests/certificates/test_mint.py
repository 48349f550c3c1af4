from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from inspector.certificates import mint
from inspector.certificates.describe import describe
from inspector.certificates.export import export_pem
from inspector.certificates.keys import PrivateKey
from inspector.certificates.mint import issue, make_ca, make_dev
from inspector.certificates.model import Identity
from inspector.errors import CertificateError
from tests.certificates.forge import Forge, pem

KEYS: dict[str, Callable[[], PrivateKey]] = {
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


def verify(forge: Forge, identity: Identity, purpose: str, *more: str) -> None:
    """OpenSSL, strictly: from the leaf over what it presents to its root."""
    root, between, leaf = (forge.folder / f"verify-{part}.pem" for part in ("root", "between", "leaf"))
    root.write_bytes(pem(identity.chain[-1]))
    between.write_bytes(pem(*identity.chain[1:-1]))
    leaf.write_bytes(pem(identity))
    untrusted = ["-untrusted", between.name] if identity.chain[1:-1] else []
    forge.openssl(
        "verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose, "-CAfile", root.name,
        *untrusted, *more, leaf.name,
    )  # fmt: skip


def test_dev_identities_pass_openssls_strict_mode(forge: Forge) -> None:
    dev = make_dev()
    verify(forge, dev.client, "sslclient")
    verify(forge, dev.server, "sslserver", "-verify_hostname", "localhost")
    verify(forge, dev.server, "sslserver", "-verify_ip", "127.0.0.1")
    verify(forge, dev.server, "sslserver", "-verify_ip", "::1")
    for identity, purpose in ((dev.client, "sslserver"), (dev.server, "sslclient")):
        with pytest.raises(AssertionError, match="purpose"):
            verify(forge, identity, purpose)


@pytest.mark.parametrize("kind", KEYS)
def test_any_kind_of_key_over_an_intermediate(forge: Forge, kind: str) -> None:
    root = make_ca("root", key=KEYS[kind]())
    middle = make_ca("middle", issuer=root, path_length=0, key=KEYS[kind]())
    leaf = issue(middle, "leaf", names=["a.example.com", "*.b.example.com", "192.0.2.1"], key=KEYS[kind]())
    assert [describe(cert).subject.partition(",")[0] for cert in leaf.chain] == [
        "CN=leaf",
        "CN=middle",
        "CN=root",
    ]
    verify(forge, leaf, "sslserver", "-verify_hostname", "x.b.example.com")
    verify(forge, leaf, "sslclient")


def test_pythons_strict_tls_takes_both_sides(tmp_path: Path) -> None:
    dev = make_dev(["localhost"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for context, identity in ((server, dev.server), (client, dev.client)):
        key, cert = export_pem(identity, tmp_path, identity.name)
        context.load_cert_chain(cert, key)
        context.load_verify_locations(cadata=pem(dev.ca).decode())
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()
    accepted: list[object] = []

    def serve() -> None:
        with server.wrap_socket(theirs, server_side=True) as connection:
            accepted.append(connection.getpeercert())
            connection.sendall(connection.recv(5))

    thread = threading.Thread(target=serve)
    thread.start()
    with client.wrap_socket(ours, server_hostname="localhost") as connection:
        connection.sendall(b"hello")
        assert connection.recv(5) == b"hello"
    thread.join()
    assert accepted


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_takes_both_sides(tmp_path: Path) -> None:
    dev = make_dev(["localhost"])
    (tmp_path / "ca.pem").write_bytes(pem(dev.ca))
    for identity in (dev.server, dev.client):
        export_pem(identity, tmp_path, identity.name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(tmp_path / "dev-serverCrt.pem", tmp_path / "dev-serverKey.pem")
        server.load_verify_locations(tmp_path / "ca.pem")
        server.verify_mode = ssl.CERT_REQUIRED

        def serve() -> None:
            connection, _ = listener.accept()
            with server.wrap_socket(connection, server_side=True) as tls:
                tls.recv(65536)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        thread = threading.Thread(target=serve)
        thread.start()
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--cacert", "ca.pem", "--cert", "dev-clientCrt.pem",
             "--key", "dev-clientKey.pem", "--resolve", f"localhost:{port}:127.0.0.1", f"https://localhost:{port}/"],
            cwd=tmp_path, capture_output=True, timeout=30,
        )  # fmt: skip
        thread.join()
    assert done.stdout == b"ok", done.stderr


def test_extensions_of_the_dev_identities() -> None:
    dev = make_dev(["localhost", "127.0.0.1", "::1", "[::1]", "Dev.Example.com."])
    for identity in (dev.ca, dev.server, dev.client):
        extensions = identity.leaf.extensions
        assert extensions.get_extension_for_class(x509.BasicConstraints).critical
        assert extensions.get_extension_for_class(x509.KeyUsage).critical
        authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        own = dev.ca.leaf.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert authority.key_identifier == own.digest
    assert describe(dev.ca.leaf).purposes == ("ca",)
    assert describe(dev.server.leaf).purposes == ("server",)
    assert describe(dev.client.leaf).purposes == ("client",)
    assert describe(dev.server.leaf).names == ("localhost", "127.0.0.1", "::1", "::1", "dev.example.com")
    assert describe(dev.client.leaf).subject == "CN=dev-client,O=Push Inspector"
    assert describe(dev.client.leaf).key == "ECDSA P-256"


def test_lifetimes() -> None:
    now = datetime.now(UTC)
    dev = make_dev(["localhost"])
    for identity, days in ((dev.ca, 3650), (dev.server, 365), (dev.client, 365)):
        assert timedelta(0) < now - identity.leaf.not_valid_before_utc < timedelta(days=1)
        assert describe(identity.leaf, now=now + timedelta(seconds=2)).days_left == days - 1
        assert identity.leaf.not_valid_after_utc <= dev.ca.leaf.not_valid_after_utc
        length = identity.leaf.not_valid_after_utc - identity.leaf.not_valid_before_utc
        assert identity is dev.ca or length < timedelta(days=398)


def test_a_leaf_ends_with_its_issuer() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    ca = make_ca("short", not_after=now + timedelta(days=7))
    assert issue(ca, "leaf").leaf.not_valid_after_utc == now + timedelta(days=7)
    assert issue(ca, "leaf", not_after=now + timedelta(days=9)).leaf.not_valid_after_utc == now + timedelta(
        days=9
    )


def test_times_may_be_odd_on_request_but_not_backwards() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    ca = make_ca("ca")
    past = issue(ca, "past", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))
    assert describe(past.leaf).days_left < 0
    future = issue(ca, "future", not_before=now + timedelta(days=2))
    assert future.leaf.not_valid_before_utc == now + timedelta(days=2)
    assert future.leaf.not_valid_after_utc == now + timedelta(days=367)
    with pytest.raises(CertificateError, match="end before it begins"):
        issue(ca, "never", not_after=now - timedelta(days=9))


def test_serials_are_random_and_positive() -> None:
    serials = {make_ca("ca").leaf.serial_number for _ in range(20)}
    assert len(serials) == 20
    assert all(0 < serial.bit_length() <= 159 for serial in serials)


@pytest.mark.parametrize("name", ["", "a" * 65])
def test_names_that_x509_does_not_allow(name: str) -> None:
    with pytest.raises(CertificateError) as caught:
        make_ca(name)
    assert caught.value.code == "invalid_name"


@pytest.mark.parametrize(
    "name", ["", "a b", "-a.com", "a..b", "*", "a.*.com", "x" * 64, "1.2.3.4/8", "ä" * 64, "a" * 254]
)
def test_alternative_names_that_are_none(name: str) -> None:
    with pytest.raises(CertificateError) as caught:
        issue(None, "x", names=[name])
    assert caught.value.code == "invalid_name"


def test_international_names_are_written_for_dns() -> None:
    assert describe(issue(None, "x", names=["Bücher.example"]).leaf).names == ("xn--bcher-kva.example",)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Dev-Box", "dev-box"),
        ("box.example.com.", "box.example.com"),
        ("my_box", None),
        ("", None),
        ("localhost", None),
    ],
)
def test_the_hosts_own_name_where_it_is_valid(
    monkeypatch: pytest.MonkeyPatch, host: str, expected: str | None
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert mint.own_names() == ("localhost", "127.0.0.1", "::1", *([expected] if expected else []))


def test_a_key_can_be_given() -> None:
    key = mint.new_key()
    assert issue(None, "x", key=key).key is key
    assert "PrivateKey" not in repr(issue(None, "x"))
