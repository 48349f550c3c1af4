"""Clients that fail in ways of their own: keys that TLS does not take, a second handshake, alerts before all else."""

from __future__ import annotations

import socket
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from inspector.certificates.mint import issue
from inspector.listener.events import HandshakeFailed
from tests.listener.conftest import Listen, PemFile, run
from tests.listener.pki import Pki


def test_a_key_on_a_curve_that_is_not_taken(listen: Listen, pki: Pki, pem_file: PemFile) -> None:
    listening = listen()
    client = issue(pki.root, "of-bitcoin", key=ec.generate_private_key(ec.SECP256K1()))
    done = run(
        "openssl", "s_client", "-connect", listening.connect, "-tls1_2", "-cert", pem_file(client), "-ign_eof"
    )
    assert b"SSL alert number 47" in done.stderr + done.stdout
    event = listening.heard.refusal()
    assert event.reason == "invalid_certificate"
    assert event.advice is not None
    assert "CN=of-bitcoin" in event.advice.happened
    assert "secp256k1" in event.advice.happened
    assert "P-256" in event.advice.cause


def test_a_second_handshake_is_no_want_of_ciphers(listen: Listen, pki: Pki, pem_file: PemFile) -> None:
    """OpenSSL's client gives up with handshake_failure when renegotiation is refused."""
    listening = listen()
    command = (
        "openssl",
        "s_client",
        "-connect",
        listening.connect,
        "-tls1_2",
        "-cert",
        str(pem_file(pki.good)),
    )
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        for line in client.stdout:
            if line.startswith(b"    Extended master secret"):
                break
        client.stdin.write(b"R\n")
        client.stdin.flush()
        client.stdout.read()
    event = listening.heard.refusal()
    assert event.reason == "client_aborted"
    assert event.advice is not None
    assert "renegotiation" in event.advice.cause
    assert event.connection is not None
    assert event.connection.certificate is not None


@pytest.mark.parametrize("alert", [80, 40])
def test_an_alert_before_all_else(alert: int, listen: Listen) -> None:
    """A TLS library that can't make a ClientHello out of its settings says so with an alert."""
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(b"\x15\x03\x01\x00\x02\x02" + bytes((alert,)))
        plain.shutdown(socket.SHUT_WR)
        b"".join(iter(lambda: plain.recv(4096), b""))
    assert listening.heard.wait(HandshakeFailed)
    event = listening.heard.refusal()
    assert event.reason == "client_aborted"
    assert event.advice is not None
    assert "alert" in event.advice.happened
    assert "not TLS" not in event.advice.happened
