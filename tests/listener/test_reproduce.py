"""The commands that repeat a refused handshake: run as they are, they do."""

from __future__ import annotations

import shlex
import socket
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.history.model import (
    Certificate,
    ClientOffer,
    Connection,
    Direction,
    Kind,
    NewEvent,
    TlsFacts,
)
from inspector.listener.events import HandshakeFailed
from inspector.listener.reproduce import openssl_commands
from tests.listener.conftest import Listen, Listening, PemFile, run
from tests.listener.pki import Pki

VERSIONS = pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])


def lay_out(folder: Path, identity: Identity, dev: DevIdentities) -> None:
    """The files that the commands speak of."""
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "client.pem").write_bytes(identity.leaf.public_bytes(Encoding.PEM))
    (folder / "client.key").write_bytes(key)
    (folder / "chain.pem").write_bytes(
        b"".join(
            cert.public_bytes(Encoding.PEM) for cert in identity.chain[1:] if cert.issuer != cert.subject
        )
    )
    for name in ("client-ca.pem", "server-ca.pem"):
        (folder / name).write_bytes(dev.ca.leaf.public_bytes(Encoding.PEM))


def do(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60
    )
    output = (done.stdout + done.stderr).decode(errors="replace")
    for complaint in ("nknown option", "Use -help", "Could not open", "not found", "nvalid command"):
        assert complaint not in output, f"{command}\n{output}"
    return output


def repeat(listening: Listening, folder: Path) -> tuple[NewEvent, NewEvent, list[str]]:
    """Do the commands of the first refusal; that one, the one it led to, and what the others wrote."""
    first = listening.heard.refusal()
    command, *others = openssl_commands(first, listening.ready.url).splitlines()
    do(command, folder)
    second = listening.heard.wait(HandshakeFailed, 2)[1]
    return first, second.event, [do(other, folder) for other in others]


@VERSIONS
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("stranger", "unable to get local issuer certificate"),
        ("self_signed", "self-signed certificate"),
        ("namesake", "unable to get local issuer certificate"),
        ("expired", "notAfter="),
        ("early", "notBefore="),
        ("server_only", "TLS Web Server Authentication"),
        ("weak", "1024 bit"),
        ("gap", "unable to get local issuer certificate"),
        ("expired_intermediate", "certificate has expired"),
        ("forged", "certificate signature failure"),
        ("of_no_ca", "invalid CA certificate"),
    ],
)
def test_a_refused_certificate(
    name: str,
    shown: str,
    version: str,
    listen: Listen,
    dev: DevIdentities,
    pki: Pki,
    pem_file: PemFile,
    tmp_path: Path,
) -> None:
    identity: Identity = getattr(pki, name)
    lay_out(tmp_path, identity, dev)
    listening = listen()
    chain: list[str | Path] = ["-cert_chain", tmp_path / "chain.pem"]
    run(
        "openssl", "s_client", "-connect", listening.connect, f"-{version}", "-cipher", "DEFAULT@SECLEVEL=0",
        "-ign_eof", "-servername", "proxy.example.com", "-alpn", "http/1.1", "-cert", pem_file(identity),
        *(chain if (tmp_path / "chain.pem").read_bytes() else []),
    )  # fmt: skip
    first, second, outputs = repeat(listening, tmp_path)
    assert (second.reason, second.detail) == (first.reason, first.detail)
    assert first.connection is not None
    assert second.connection is not None
    assert first.connection.tls is not None
    assert second.connection.tls is not None
    assert second.connection.tls.version == first.connection.tls.version
    assert second.connection.tls.sni == first.connection.tls.sni
    assert second.connection.tls.alpn == first.connection.tls.alpn
    assert shown in "".join(outputs)


@VERSIONS
def test_no_certificate(version: str, listen: Listen, dev: DevIdentities, pki: Pki, tmp_path: Path) -> None:
    lay_out(tmp_path, pki.good, dev)
    listening = listen()
    run("openssl", "s_client", "-connect", listening.connect, f"-{version}", "-ign_eof", "-noservername")
    first, second, _ = repeat(listening, tmp_path)
    assert second.reason == first.reason == "no_client_certificate"
    assert second.connection is not None
    assert second.connection.tls is not None
    assert second.connection.tls.sni is None


@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_an_old_version(version: str, listen: Listen, dev: DevIdentities, pki: Pki, tmp_path: Path) -> None:
    lay_out(tmp_path, pki.good, dev)
    listening = listen()
    cipher = ["-cipher", "DEFAULT@SECLEVEL=0"]
    run("openssl", "s_client", "-connect", listening.connect, f"-{version}", *cipher, "-ign_eof")
    first, second, _ = repeat(listening, tmp_path)
    assert second.reason == first.reason == "protocol_version"
    assert f" -{version} " in openssl_commands(first, listening.ready.url)
    assert offer_of(second).versions == offer_of(first).versions


def offer_of(event: NewEvent) -> ClientOffer:
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.offer is not None
    return event.connection.tls.offer


def test_no_shared_cipher(listen: Listen, dev: DevIdentities, pki: Pki, tmp_path: Path) -> None:
    lay_out(tmp_path, pki.good, dev)
    listening = listen()
    ciphers = "ECDHE-RSA-AES256-GCM-SHA384:AES256-SHA"
    run("openssl", "s_client", "-connect", listening.connect, "-tls1_2", "-cipher", ciphers, "-ign_eof")
    first, second, _ = repeat(listening, tmp_path)
    assert second.reason == first.reason == "no_shared_cipher"
    assert offer_of(second).ciphers == offer_of(first).ciphers
    assert first.advice is not None
    assert "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" in first.advice.happened


@VERSIONS
def test_a_client_that_rejects_us(
    version: str, listen: Listen, dev: DevIdentities, pki: Pki, pem_file: PemFile, tmp_path: Path
) -> None:
    lay_out(tmp_path, pki.good, dev)
    (tmp_path / "server-ca.pem").write_bytes(pki.stranger.chain[1].public_bytes(Encoding.PEM))
    listening = listen()
    run(
        "openssl", "s_client", "-connect", listening.connect, f"-{version}", "-verify_return_error",
        "-CAfile", tmp_path / "server-ca.pem", "-cert", pem_file(pki.good), "-ign_eof",
    )  # fmt: skip
    first, second, outputs = repeat(listening, tmp_path)
    assert second.reason == first.reason == "client_rejected_server"
    assert "DNS:localhost" in outputs[0]


def test_plain_http(listen: Listen, dev: DevIdentities, pki: Pki, tmp_path: Path) -> None:
    lay_out(tmp_path, pki.good, dev)
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.recv(1000)
    event = listening.heard.refusal()
    commands = openssl_commands(event, listening.ready.url).splitlines()
    assert "400" in do(commands[1], tmp_path)
    assert listening.heard.wait(HandshakeFailed, 2)[1].event.reason == "plain_http"


def event(
    reason: str, tls: TlsFacts | None = None, *, chain: int = 0, local: str = "10.0.0.7:8443"
) -> NewEvent:
    certificate = Certificate("CN=x", "CN=y", "00", "", "", (b"x",) * chain) if chain else None
    connection = Connection("10.0.0.9:4711", local, certificate, False, tls)
    return NewEvent(Kind.HANDSHAKE, Direction.IN, 0, connection, reason=reason)


def test_names_of_clients_are_quoted() -> None:
    tls = TlsFacts(sni="a; rm -rf ~ $(x)`y`'z", offer=ClientOffer(("TLSv1.2",), alpn=("a b", "'")))
    for reason in ("expired", "client_rejected_server", "no_shared_cipher"):
        for line in openssl_commands(event(reason, tls, chain=2), "https://localhost:8443/").splitlines():
            assert "; rm" not in "".join(word for word in shlex.split(line) if word != tls.sni)
            assert "(x)" not in line.replace(shlex.quote(tls.sni or ""), "")


@pytest.mark.parametrize(
    ("url", "connect"),
    [
        ("https://127.0.0.1:8443/", "127.0.0.1:8443"),
        ("https://[::1]:8443/", "'[::1]:8443'"),
        ("https://proxy.example.com/", "proxy.example.com:443"),
        ("https://0.0.0.0:8443/", "10.0.0.7:8443"),
        ("https://[::]:8443/", "10.0.0.7:8443"),
    ],
)
def test_where_to(url: str, connect: str) -> None:
    assert f"-connect {connect} " in openssl_commands(event("expired", chain=1), url)


def test_what_never_came_to_tls_still_has_commands() -> None:
    for reason in ("not_tls", "timeout", "client_aborted", "revoked", "invalid_certificate"):
        first = openssl_commands(event(reason), "https://127.0.0.1:8443/").splitlines()[0]
        assert first == "openssl s_client -connect 127.0.0.1:8443 -CAfile server-ca.pem -ign_eof"
    bare = NewEvent(Kind.HANDSHAKE, Direction.IN, 0, reason="not_tls")
    assert openssl_commands(bare, "https://localhost:1/").startswith("openssl s_client -connect localhost:1 ")


def test_versions_that_openssl_has_no_more() -> None:
    tls = TlsFacts(offer=ClientOffer(("SSLv3",)))
    assert " -tls1 " in openssl_commands(event("protocol_version", tls), "https://127.0.0.1:8443/")


def test_the_server_name_that_was_asked_for_is_checked() -> None:
    rejected = event("client_rejected_server", TlsFacts("TLSv1.3", sni="proxy.example.com"))
    assert "-verify_hostname proxy.example.com" in openssl_commands(rejected, "https://127.0.0.1:8443/")
    rejected = event("client_rejected_server", TlsFacts("TLSv1.3"))
    assert "-verify_ip 127.0.0.1" in openssl_commands(rejected, "https://127.0.0.1:8443/")
