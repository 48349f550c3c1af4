"""Servers that we don't trust: what is wrong with their certificate, and what to do."""

from __future__ import annotations

import queue
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.sender.model import SendFailure, SendResult, Trust
from inspector.sender.send import send

BODY = b"{}"
NOW = datetime.now(UTC)
NAMES = ("localhost", "127.0.0.1")


def answer(sock: socket.socket) -> None:
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    sock.recv(65536)


def untrusted(result: SendResult) -> SendFailure:
    assert result.failure is not None
    assert result.failure.reason == "tls_untrusted"
    assert result.failure.alert is None
    assert result.failure.next_step
    assert result.connection is not None
    assert result.connection.trusted is False
    assert result.connection.certificate is not None
    return result.failure


def test_an_unknown_issuer(serve_tls: Any, target_for: Any) -> None:
    server = issue(make_ca("brand-ca"), "brand-server", names=NAMES)
    result = send(target_for(serve_tls(answer, server)), BODY)
    failure = untrusted(result)
    assert "CN=brand-server" in failure.message
    assert "comes from CN=brand-ca" in failure.message
    assert "sent no other certificate along" in failure.message
    assert "--ca FILE" in failure.next_step
    assert "certs import" in failure.next_step
    assert "verify error 20" in failure.detail or "verify error 21" in failure.detail
    assert result.connection is not None
    assert result.connection.certificate is not None
    assert result.connection.certificate.subject.startswith("CN=brand-server")


def test_an_unknown_root_behind_an_intermediate(serve_tls: Any, target_for: Any) -> None:
    root = make_ca("root")
    server = issue(make_ca("middle", issuer=root), "brand-server", names=NAMES)
    result = send(target_for(serve_tls(answer, server)), BODY)
    failure = untrusted(result)
    assert "comes from CN=root" in failure.message
    assert "no other certificate" not in failure.message
    assert result.connection is not None
    assert result.connection.certificate is not None
    assert len(result.connection.certificate.chain) == 2


def test_an_unknown_root_sent_along(serve: Any, to_files: Any, target_for: Any) -> None:
    server = issue(make_ca("root"), "brand-server", names=NAMES)
    files = to_files(server)
    files.cert.write_bytes(files.cert.read_bytes() + files.ca.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    port = serve(lambda sock: context.wrap_socket(sock, server_side=True).close())
    failure = untrusted(send(target_for(port), BODY))
    assert "comes from CN=root" in failure.message


def test_a_self_signed_certificate(serve_tls: Any, target_for: Any) -> None:
    server = issue(None, "alone", names=NAMES)
    port = serve_tls(answer, server)
    failure = untrusted(send(target_for(port), BODY))
    assert "self-signed (CN=alone" in failure.message
    trusting = Trust(system=False, extra_cas=(server.leaf,))
    assert send(target_for(port, trust=trusting), BODY).status == 200


@pytest.mark.parametrize("anchor", [0, 1, 2], ids=["leaf", "intermediate", "root"])
def test_any_certificate_of_the_chain_can_be_trusted(serve_tls: Any, target_for: Any, anchor: int) -> None:
    server = issue(make_ca("middle", issuer=make_ca("root")), "brand-server", names=NAMES)
    trust = Trust(system=False, extra_cas=(server.chain[anchor],))
    result = send(target_for(serve_tls(answer, server), trust=trust), BODY)
    assert result.status == 200
    assert result.connection is not None
    assert result.connection.trusted is True


@pytest.mark.parametrize(
    ("days", "word"), [((-9, -1), "expired at"), ((1, 9), "is not valid before")], ids=["expired", "early"]
)
def test_a_certificate_out_of_its_time(
    serve_tls: Any, target_for: Any, dev: DevIdentities, days: tuple[int, int], word: str
) -> None:
    start, end = (NOW + timedelta(days=day) for day in days)
    server = issue(dev.ca, "late", names=NAMES, not_before=start, not_after=end)
    failure = untrusted(send(target_for(serve_tls(answer, server)), BODY))
    assert word in failure.message
    assert (end if days[0] < 0 else start).strftime("%Y-%m-%dT%H:%M") in failure.message


def test_a_ca_out_of_its_time(serve_tls: Any, target_for: Any) -> None:
    start, end = NOW - timedelta(days=9), NOW - timedelta(days=1)
    root = make_ca("old-root", not_before=start, not_after=end)
    server = issue(root, "server", names=NAMES, not_after=NOW + timedelta(days=1))
    trust = Trust(system=False, extra_cas=(root.leaf,))
    failure = untrusted(send(target_for(serve_tls(answer, server), trust=trust), BODY))
    assert "A CA certificate behind the server's has expired" in failure.message
    middle = make_ca("old-middle", issuer=make_ca("root"), not_before=start, not_after=end)
    server = issue(middle, "server", names=NAMES, not_after=NOW + timedelta(days=1))
    trust = Trust(system=False, extra_cas=(server.chain[-1],))
    failure = untrusted(send(target_for(serve_tls(answer, server), trust=trust), BODY))
    assert "The CA certificate CN=old-middle" in failure.message


def test_another_name(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    server = issue(dev.ca, "elsewhere", names=("proxy.brand.test", "*.other.test", "192.0.2.7"))
    port = serve_tls(answer, server)
    failure = untrusted(send(target_for(port), BODY))
    assert "not for localhost: it is for proxy.brand.test, *.other.test, 192.0.2.7" in failure.message
    failure = untrusted(send(target_for(port, host="127.0.0.1"), BODY))
    assert "not for 127.0.0.1:" in failure.message


def test_many_names_and_none(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    many = issue(dev.ca, "many", names=[f"host{n}.test" for n in range(50)])
    failure = untrusted(send(target_for(serve_tls(answer, many)), BODY))
    assert "host0.test" in failure.message
    assert "and 44 more" in failure.message
    nameless = issue(dev.ca, "nameless")
    failure = untrusted(send(target_for(serve_tls(answer, nameless)), BODY))
    assert "names no host at all" in failure.message


def test_a_client_s_certificate_is_none_for_a_server(
    serve_tls: Any, target_for: Any, dev: DevIdentities
) -> None:
    client = issue(dev.ca, "client", purposes=("client",), names=NAMES)
    failure = untrusted(send(target_for(serve_tls(answer, client)), BODY))
    assert "not meant for servers" in failure.message


def test_a_weak_key(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    server = issue(dev.ca, "weak", names=NAMES, key=weak)
    failure = untrusted(send(target_for(serve_tls(answer, server, ciphers="DEFAULT@SECLEVEL=0")), BODY))
    assert "too weak (RSA 1024" in failure.message


def expired(dev: DevIdentities) -> Identity:
    start, end = NOW - timedelta(days=9), NOW - timedelta(days=1)
    return issue(dev.ca, "late", names=("elsewhere.test",), not_before=start, not_after=end)


@pytest.mark.parametrize("kind", ["self-signed", "expired", "dev"])
def test_insecure_takes_all_and_says_so(
    serve_tls: Any, target_for: Any, dev: DevIdentities, kind: str
) -> None:
    servers = {"self-signed": issue(None, "alone"), "expired": expired(dev), "dev": dev.server}
    port = serve_tls(answer, servers[kind])
    result = send(replace(target_for(port), trust=Trust(insecure=True)), BODY)
    assert result.status == 200
    assert result.connection is not None
    assert result.connection.trusted is False
    assert result.connection.certificate is not None
    assert result.connection.certificate.subject.startswith(f"CN={servers[kind].name}")


def test_the_server_hears_why(serve_tls: Any, target_for: Any) -> None:
    """Our alert reaches it, so that a listener can tell its own side of the story."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    port = serve_tls(answer, issue(make_ca("brand-ca"), "server", names=NAMES), lines=lines)
    for _ in range(20):
        untrusted(send(target_for(port), BODY))
        assert "TLSV1_ALERT_UNKNOWN_CA" in lines.get(timeout=10)


def test_nothing_is_trusted_by_nobody(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    untrusted(send(target_for(nginx.none, trust=Trust(system=False)), BODY))
    stranger: x509.Certificate = make_ca("stranger").leaf
    untrusted(send(target_for(nginx.none, trust=Trust(system=False, extra_cas=(stranger,))), BODY))
