"""One pinned certificate: the right one is taken whatever its issuer, name and age; with another nothing is said."""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.sender.context import client_context
from inspector.sender.model import SendResult, Target, Trust
from inspector.sender.pinning import PinMismatchError
from inspector.sender.send import Prepared, Session, send

BODY = b"{}"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def answer(sock: socket.socket) -> None:
    while sock.recv(65536):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def odd_server() -> Identity:
    """Expired, for another name, from a CA that nobody knows."""
    long_ago = datetime.now(UTC) - timedelta(days=100)
    return issue(
        make_ca("brand-ca"),
        "odd",
        names=("elsewhere.example",),
        not_before=long_ago,
        not_after=long_ago + timedelta(days=10),
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_right_one_whatever_else(
    serve_tls: Any, target_for: Any, dev: DevIdentities, version: ssl.TLSVersion
) -> None:
    server = odd_server()
    port = serve_tls(answer, server, client_ca=dev.ca.leaf, version=version)
    target = target_for(port, dev.client, trust=Trust(system=False, pin=fingerprint(server.leaf)))
    with Session(Prepared(target)) as session:
        first, second = session.post(BODY), session.post(BODY)
    assert first.status == second.status == 200, first.failure
    assert first.connection is not None
    assert first.connection.trusted is True


def not_pinned(result: SendResult) -> str:
    assert result.failure is not None
    assert result.failure.reason == "tls_untrusted"
    assert result.timings.send is None
    assert result.connection is not None
    assert result.connection.trusted is False
    assert result.connection.certificate is not None
    return result.failure.message


def test_a_renewed_one_is_another(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    """Though it comes from the same CA and is for the same name."""
    renewed = issue(dev.ca, "dev-server", purposes=("server",), names=("localhost",))
    pinned = Trust(system=False, extra_cas=(dev.ca.leaf,), pin=fingerprint(renewed.leaf))
    result = send(target_for(serve_tls(answer), trust=pinned), BODY)
    message = not_pinned(result)
    assert fingerprint(dev.server.leaf) in message
    assert result.failure is not None
    assert fingerprint(renewed.leaf) in result.failure.detail


@pytest.mark.parametrize("version", VERSIONS)
def test_another_server_never_sees_our_certificate(
    serve: Any, serve_tls: Any, target_for: Any, dev: DevIdentities, version: ssl.TLSVersion
) -> None:
    """By TLS 1.2 it would pass in clear; by TLS 1.3 the server would have been done."""
    handshakes: queue.SimpleQueue[str] = queue.SimpleQueue()
    port = serve_tls(answer, client_ca=dev.ca.leaf, version=version, lines=handshakes)
    sent = bytearray()

    def listen_in(sock: socket.socket) -> None:
        with socket.create_connection(("localhost", port)) as onward:
            back = threading.Thread(target=pass_on, args=(onward, sock, bytearray()))
            back.start()
            pass_on(sock, onward, sent)
            back.join(20)

    target = target_for(serve(listen_in), dev.client, trust=Trust(system=False, pin="ab" * 32))
    not_pinned(send(target, BODY))
    assert handshakes.get(timeout=20) != ""
    assert sent
    assert dev.client.leaf.public_bytes(Encoding.DER) not in sent


def pass_on(source: socket.socket, to: socket.socket, seen: bytearray) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            seen += data
            to.sendall(data)
    with contextlib.suppress(OSError):
        to.shutdown(socket.SHUT_WR)


def test_whoever_connects_with_the_context_is_bound(serve_tls: Any, dev: DevIdentities) -> None:
    """A plain handshake of the standard library's, as runs of many or another client would make it."""
    port = serve_tls(answer)
    leaf = fingerprint(dev.server.leaf)
    shake_hands(port, leaf)
    with pytest.raises(PinMismatchError) as caught:
        shake_hands(port, "0" * 64)
    assert (caught.value.pinned, caught.value.presented) == ("0" * 64, leaf)


def shake_hands(port: int, pin: str) -> None:
    context = client_context(Target("https://localhost/", trust=Trust(pin=pin)))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with socket.create_connection(("localhost", port)) as sock:
        done = False
        while not done:
            try:
                tls.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65536))
