"""Clients that do their handshake and leave without a request."""

from __future__ import annotations

import contextlib
import socket
import ssl
from pathlib import Path

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.listener.events import HandshakeFailed
from tests.listener.conftest import ClientContext, Listen, run, wait_until


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_curl_goes_to_a_name_that_is_not_ours(
    version: str, listen: Listen, client_file: Path, ca_file: Path
) -> None:
    """It looks at the name when the handshake is done, and gives no alert."""
    listening = listen()
    port = listening.address[1]
    for name in ("push.example.com", "push.example.com", "other.example.com"):
        done = run(
            *("curl", "-sS", "--cacert", ca_file, "--cert", client_file, "--tls-max", version, "-d", "{}"),
            *("--resolve", f"{name}:{port}:127.0.0.1", f"https://{name}:{port}/push"),
        )
        assert done.returncode == 60, done.stderr
    first, again, other = listening.heard.wait(HandshakeFailed, 3)
    assert (first.count, again.count, other.count) == (1, 2, 1)
    event = first.event
    assert event.reason == "client_rejected_server"
    assert event.detail == "connection closed after the handshake, before any request"
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.sni == "push.example.com"
    assert event.advice is not None
    assert "push.example.com" in event.advice.cause
    assert "localhost" in event.advice.cause
    assert listening.listener.bare_connects == 0


def test_curl_goes_to_an_address_that_is_not_ours(
    listen: Listen, dev: DevIdentities, client_file: Path, ca_file: Path
) -> None:
    listening = listen(host="127.0.0.2")
    done = run(
        *("curl", "-sS", "--cacert", ca_file, "--cert", client_file, "-d", "{}"),
        f"https://127.0.0.2:{listening.address[1]}/",
    )
    assert done.returncode == 60
    event = listening.heard.refusal()
    assert event.reason == "client_rejected_server"
    assert event.advice is not None
    assert "127.0.0.2" in event.advice.cause


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("politely", [True, False])
def test_one_that_only_looks_whether_we_are_there_is_counted(
    version: ssl.TLSVersion, politely: bool, listen: Listen, dev: DevIdentities, client_context: ClientContext
) -> None:
    listening = listen()
    context = client_context(dev.client, version)
    plain = socket.create_connection(listening.address)
    with context.wrap_socket(plain, server_hostname="localhost") as tls:
        if politely:
            with contextlib.suppress(OSError):
                tls.unwrap()
    wait_until(lambda: listening.listener.bare_connects == 1)
    assert listening.listener.handshake_failures == 0


def test_one_that_has_sent_a_request_is_not(
    listen: Listen, dev: DevIdentities, client_context: ClientContext
) -> None:
    listening = listen()
    plain = socket.create_connection(listening.address)
    with client_context(dev.client).wrap_socket(plain, server_hostname="localhost") as tls:
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(12) == b"HTTP/1.1 200"
    listening.heard.push()
    listening.listener.stop()
    assert (listening.listener.bare_connects, listening.listener.handshake_failures) == (0, 0)
