"""Every reason to fail a handshake, produced by a real client: told right, and the client got the alert."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.history.model import Kind, NewEvent
from inspector.listener.config import Limits
from inspector.listener.events import HandshakeFailed, PushReceived
from tests.listener.conftest import ClientContext, Listen, Listening, PemFile, run, wait_until
from tests.listener.pki import Pki

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])


def advice_of(event: NewEvent) -> str:
    """All of its advice as one text."""
    return event.advice.text if event.advice is not None else ""


# The identity of the Pki, the reason it is refused for, the alert of the specification, and what the advice
# names.
REFUSED = [
    ("stranger", "unknown_issuer", 48, ["CN=stranger", "CN=Other CA", "CN=dev-ca", "--trust-clients"]),
    ("self_signed", "unknown_issuer", 48, ["CN=self-signed", "self-signed", "CN=dev-ca"]),
    ("namesake", "unknown_issuer", 48, ["CN=namesake", "another key", "create-dev --force"]),
    ("expired", "expired", 45, ["CN=expired", "7 days ago"]),
    ("early", "not_yet_valid", 42, ["CN=early", "the clock here says"]),
    ("server_only", "wrong_purpose", 43, ["CN=server-only", "made for: server", "clientAuth"]),
    ("weak", "weak_key", 42, ["CN=weak", "RSA 1024", "RSA 2048"]),
    ("gap", "incomplete_chain", 48, ["CN=below", "CN=Issuing CA 2", "chain.pem"]),
    (
        "expired_intermediate",
        "expired",
        45,
        ["CN=Old CA", "a CA above the client's certificate CN=under-old"],
    ),
    ("forged", "bad_signature", 51, ["CN=forged", "CN=dev-ca", "did not sign it"]),
    ("of_no_ca", "invalid_certificate", 48, ["basicConstraints"]),
]


def s_client(listening: Listening, version: str, *arguments: str | Path) -> tuple[int | None, str]:
    """`openssl s_client`: the number of the alert that it received, and all it wrote."""
    done = run(
        "openssl", "s_client", "-connect", listening.connect, f"-{version}", "-cipher", "DEFAULT@SECLEVEL=0",
        *arguments, stdin=b"Q\n",
    )  # fmt: skip
    output = (done.stdout + done.stderr).decode(errors="replace")
    found = re.search(r"SSL alert number (\d+)", output)
    return int(found[1]) if found else None, output


@VERSIONS
@pytest.mark.parametrize(("name", "reason", "alert", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_s_client_is_told_why(
    name: str,
    reason: str,
    alert: int,
    words: list[str],
    version: str,
    listen: Listen,
    pki: Pki,
    pem_file: PemFile,
) -> None:
    identity: Identity = getattr(pki, name)
    listening = listen()
    pem = pem_file(identity)
    # -ign_eof: without it s_client may leave at "Q" before it has read the alert.
    received, output = s_client(listening, version, "-ign_eof", "-cert", pem, "-cert_chain", pem)
    assert received == alert, output
    event = listening.heard.refusal()
    assert event.kind is Kind.HANDSHAKE
    assert event.reason == reason
    assert event.status is None
    assert event.connection is not None
    certificate = event.connection.certificate
    assert certificate is not None
    assert certificate.subject == identity.leaf.subject.rfc4514_string()
    assert certificate.chain[0] == identity.leaf.public_bytes(Encoding.DER)
    assert event.connection.trusted is False
    assert event.connection.tls is not None
    assert event.connection.tls.version == {"tls1_2": "TLSv1.2", "tls1_3": "TLSv1.3"}[version]
    assert event.detail
    assert re.search(r"\(\d+\) at depth \d; alert sent: \w+", event.detail)
    assert event.advice
    for word in words:
        assert word in advice_of(event)
    assert listening.heard.all(PushReceived) == []


@VERSIONS
def test_without_a_certificate(version: str, listen: Listen) -> None:
    listening = listen()
    received, output = s_client(listening, version, "-ign_eof")
    assert received == {"tls1_2": 40, "tls1_3": 116}[version], output
    event = listening.heard.refusal()
    assert event.reason == "no_client_certificate"
    assert "CN=dev-ca" in advice_of(event)
    assert event.connection is not None
    assert event.connection.certificate is None


def test_announces_the_accepted_cas(listen: Listen, dev: DevIdentities, pki: Pki) -> None:
    listening = listen(client_cas=(dev.ca.leaf, make_ca("Partner CA").leaf))
    _, output = s_client(listening, "tls1_3")
    names = output.partition("Acceptable client certificate CA names")[2].partition("Requested")[0]
    assert "CN = dev-ca" in names
    assert "CN = Partner CA" in names


@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_old_versions(version: str, listen: Listen) -> None:
    listening = listen()
    received, output = s_client(listening, version)
    assert received == 70, output
    event = listening.heard.refusal()
    assert event.reason == "protocol_version"
    assert {"tls1": "TLSv1.", "tls1_1": "TLSv1.1"}[version] in advice_of(event)


@pytest.mark.parametrize("cipher", ["AES256-SHA", "ECDHE-RSA-AES256-GCM-SHA384"], ids=["old", "other-key"])
def test_no_cipher_in_common(cipher: str, listen: Listen) -> None:
    listening = listen()
    done = run(
        "openssl", "s_client", "-connect", listening.connect, "-tls1_2", "-cipher", cipher, stdin=b"Q\n"
    )
    assert b"SSL alert number 40" in done.stderr
    event = listening.heard.refusal()
    assert event.reason == "no_shared_cipher"
    assert "ECDSA P-256" in advice_of(event)


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_client_that_does_not_know_our_ca(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, pem_file: PemFile
) -> None:
    listening = listen()
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(pem_file(pki.good))
    with (
        socket.create_connection(listening.address) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="localhost")
    event = listening.heard.refusal()
    assert event.reason == "client_rejected_server"
    assert "unknown_ca" in advice_of(event)
    assert "CN=dev-server" in advice_of(event)
    assert event.detail
    assert "alert received: unknown_ca (48)" in event.detail
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.sni == "localhost"


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_client_that_wants_another_name(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen()
    context = client_context(pki.good, version)
    with (
        socket.create_connection(listening.address) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="proxy.example.com")
    event = listening.heard.refusal()
    assert event.reason == "client_rejected_server"
    assert "localhost, 127.0.0.1, ::1" in advice_of(event)


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
@pytest.mark.parametrize(
    ("name", "told"),
    [("stranger", "UNKNOWN_CA"), ("expired", "CERTIFICATE_EXPIRED"), ("", "REQUIRED|HANDSHAKE_FAIL")],
)
def test_clients_that_write_first_get_the_alert_every_time(
    name: str, told: str, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    """In TLS 1.3 the handshake is over for the client before the server has seen its certificate, and its
    request is already on the way when it is turned down. Closing at once would reset the connection and lose
    the alert."""
    listening = listen()
    context = client_context(getattr(pki, name) if name else None, version)
    request = b"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000
    tries = 20

    def write_and_read() -> None:
        with (
            socket.create_connection(listening.address) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.sendall(request)
            tls.recv(100)

    for _ in range(tries):
        with pytest.raises(ssl.SSLError, match=told):
            write_and_read()
    failures = listening.heard.wait(HandshakeFailed, tries)
    assert [failure.count for failure in failures] == list(range(1, tries + 1))
    assert len({failure.written.id for failure in failures}) == 1
    assert listening.listener.handshake_failures == tries


def test_curl_names_the_alert(listen: Listen, pki: Pki, pem_file: PemFile, ca_file: Path) -> None:
    listening = listen()
    pem = pem_file(pki.stranger)
    done = run("curl", "-sS", "--cacert", ca_file, "--cert", pem, "-d", "{}", listening.ready.url)
    assert done.returncode == 56
    assert b"unknown ca" in done.stderr


@pytest.mark.parametrize("request_", [b"GET / HTTP/1.1\r\n\r\n", b"POST /push HTTP/1.1\r\nHost: x\r\n\r\n{}"])
def test_plain_http(request_: bytes, listen: Listen) -> None:
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(request_)
        answer = b"".join(iter(lambda: plain.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert listening.ready.url.encode() in answer
    event = listening.heard.refusal()
    assert event.reason == "plain_http"
    assert "https://" in advice_of(event)
    assert (event.detail or "").startswith(f"first bytes: {request_[:12].decode()}")


def test_plain_http_byte_by_byte(listen: Listen) -> None:
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"OPTIONS ":
            plain.sendall(bytes([byte]))
        assert plain.recv(8) == b"HTTP/1.1"
    assert listening.heard.refusal().reason == "plain_http"


def test_curl_over_plain_http(listen: Listen) -> None:
    listening = listen()
    done = run("curl", "-sS", "-w", "%{http_code}", f"http://{listening.connect}/push", "-d", "{}")
    assert done.returncode == 0
    assert done.stdout.endswith(b"400")


@pytest.mark.parametrize(
    ("garbage", "words"),
    [
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", "not TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not TLS"),
        (b"PROXY TCP4 127.0.0.1 127.0.0.1 4711 8443\r\n", "--proxy-protocol-from"),
        (b"\x16\x03\x01\x00\x05hello", "not clean TLS"),
        (b"\x16\x03\x01\xff\xff" + b"x" * 100, "not clean TLS"),
        (b"{}", "not TLS"),
    ],
    ids=["binary", "ssh", "proxy", "bad-hello", "long-record", "json"],
)
def test_not_tls(garbage: bytes, words: str, listen: Listen) -> None:
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(garbage)
        b"".join(iter(lambda: plain.recv(4096), b""))
    event = listening.heard.refusal()
    assert event.reason == "not_tls"
    assert words in advice_of(event)


@pytest.mark.parametrize("version", [b"\x00\x02", b"\x03\x01", b"\x03\x03"])
def test_ssl_2_hello_is_an_old_version(version: bytes, listen: Listen) -> None:
    listening = listen()
    hello = (
        b"\x80\x2e\x01" + version + b"\x00\x15\x00\x00\x00\x10" + b"\x01\x00\x80" * 7 + b"0123456789abcdef"
    )
    with socket.create_connection(listening.address) as plain:
        plain.sendall(hello)
        b"".join(iter(lambda: plain.recv(4096), b""))
    assert listening.heard.refusal().reason == "protocol_version"


def client_hello(highest: ssl.TLSVersion = TLS_1_3) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.maximum_version = highest
    tls = context.wrap_bio(incoming, outgoing, server_hostname="proxy.example.com")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("cut", [1, 40, None], ids=["one-byte", "part", "whole"])
@pytest.mark.parametrize("reset", [False, True], ids=["fin", "rst"])
def test_a_client_that_goes_away_in_the_middle(cut: int | None, reset: bool, listen: Listen) -> None:
    listening = listen()
    hello = client_hello()[:cut]
    plain = socket.create_connection(listening.address)
    plain.sendall(hello)
    if reset:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if cut is None:
            assert plain.recv(1)
    plain.close()
    event = listening.heard.refusal()
    assert event.reason == "client_aborted"
    if cut is None:
        assert event.connection is not None
        assert event.connection.tls is not None
        assert event.connection.tls.sni == "proxy.example.com"


@pytest.mark.parametrize(
    ("level", "alert", "reason", "words"),
    [
        (1, 0, "client_aborted", "hung up when it had seen our server certificate"),
        (2, 0, "client_aborted", "gave no reason"),
        (1, 90, "client_aborted", "gave no reason"),
        (2, 80, "client_aborted", "internal_error"),
        (2, 40, "no_shared_cipher", "in common"),
        (2, 46, "client_rejected_server", "certificate_unknown"),
    ],
)
def test_alerts_of_the_client(level: int, alert: int, reason: str, words: str, listen: Listen) -> None:
    listening = listen()
    hello = client_hello(TLS_1_2)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(hello)
        assert plain.recv(5)[0] == 22
        plain.sendall(b"\x15\x03\x03\x00\x02" + bytes([level, alert]))
    event = listening.heard.refusal()
    assert event.reason == reason
    assert words in advice_of(event)


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_certificate_that_only_openssl_can_parse(
    version: ssl.TLSVersion,
    lenient: bool,
    listen: Listen,
    pki: Pki,
    client_context: ClientContext,
    tmp_path: Path,
) -> None:
    """Of a version of X.509 that does not exist."""
    whole = pki.stranger.leaf.public_bytes(Encoding.DER)
    odd = whole.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x04", 1)
    pem = tmp_path / "odd.pem"
    key = pki.stranger.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(ssl.DER_cert_to_PEM_cert(odd).encode() + key)
    listening = listen(lenient=lenient)
    context = client_context(None, version)
    context.load_cert_chain(pem)

    def push() -> bytes:
        with (
            socket.create_connection(listening.address) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
            return tls.recv(100)

    if lenient:
        assert push().startswith(b"HTTP/1.1 200")
        event = listening.heard.push()
        assert event.connection is not None
        assert event.connection.trusted is False
    else:
        with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
            push()
        event = listening.heard.refusal()
        assert event.reason == "unknown_issuer"
    assert event.connection is not None
    assert event.connection.certificate is not None
    assert event.connection.certificate.chain == (odd,)
    assert event.connection.certificate.subject == "(unreadable)"


def test_a_bare_connect_is_only_counted(listen: Listen) -> None:
    listening = listen()
    for _ in range(3):
        socket.create_connection(listening.address).close()
    wait_until(lambda: listening.listener.bare_connects == 3)
    listening.listener.stop()
    assert listening.heard.all(HandshakeFailed) == []
    assert listening.listener.handshake_failures == 0


@pytest.mark.parametrize("sent", [1, 100], ids=["one-byte", "part"])
def test_a_handshake_that_takes_too_long(sent: int, listen: Listen) -> None:
    listening = listen(limits=Limits(handshake_seconds=0.5, drain_seconds=0.2))
    hello = client_hello()[:sent]
    with socket.create_connection(listening.address) as plain:
        plain.sendall(hello)
        assert plain.recv(4096) == b""
    assert listening.heard.refusal().reason == "timeout"


def test_silence_that_takes_too_long_is_a_bare_connect(listen: Listen) -> None:
    listening = listen(limits=Limits(handshake_seconds=0.1))
    with socket.create_connection(listening.address) as plain:
        assert plain.recv(4096) == b""
    assert listening.listener.bare_connects == 1
    assert listening.heard.all(HandshakeFailed) == []


@pytest.mark.parametrize("requested", [False, True], ids=["before", "within"])
def test_tls_that_breaks_after_the_handshake(
    requested: bool, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    """A record that was damaged on its way: the client is told so, and what had come is recorded."""
    listening = listen()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = client_context(pki.good, TLS_1_3).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with socket.create_connection(listening.address) as plain:
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                plain.sendall(outgoing.read())
                incoming.write(plain.recv(65536))
        if requested:
            tls.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        plain.sendall(outgoing.read() + b"\x17\x03\x03\x00\x20" + bytes(32))
        for piece in iter(lambda: plain.recv(65536), b""):
            incoming.write(piece)
        with pytest.raises(ssl.SSLError, match="BAD_RECORD_MAC"):
            tls.read(100)
    if requested:
        event = listening.heard.push()
        assert (event.status, event.body, event.problems[0].code) == (None, b"{", "cut_off")
    else:
        event = listening.heard.refusal()
        assert event.reason == "not_tls"
        assert "bad_record_mac" in (event.detail or "")
        assert event.connection is not None
        assert event.connection.certificate is not None


def test_repeats_are_one_row_with_a_count(listen: Listen, pki: Pki, pem_file: PemFile) -> None:
    listening = listen()
    for identity in (pki.stranger, pki.stranger, pki.expired, pki.stranger, pki.self_signed):
        s_client(listening, "tls1_3", "-cert", pem_file(identity))
    failures = listening.heard.wait(HandshakeFailed, 5)
    # Another certificate with the same fault is another row: trying a second one must be visible as such.
    assert [(failure.event.reason, failure.count) for failure in failures] == [
        ("unknown_issuer", 1), ("unknown_issuer", 2), ("expired", 1), ("unknown_issuer", 3), ("unknown_issuer", 1),
    ]  # fmt: skip
    assert len({failure.written.id for failure in failures}) == 3
    assert listening.listener.handshake_failures == 5


def test_another_name_that_a_client_misses_is_another_row(
    listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen()
    stranger = ssl.create_default_context()
    for context, name in (
        (stranger, "localhost"),
        (client_context(pki.good, TLS_1_3), "one.example.com"),
        (client_context(pki.good, TLS_1_3), "two.example.com"),
        (client_context(pki.good, TLS_1_3), "one.example.com"),
    ):
        with (
            socket.create_connection(listening.address) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            context.wrap_socket(plain, server_hostname=name)
    failures = listening.heard.wait(HandshakeFailed, 4)
    assert [failure.count for failure in failures] == [1, 1, 1, 2]
    assert {failure.event.reason for failure in failures} == {"client_rejected_server"}
    assert len({failure.written.id for failure in failures}) == 3


def test_the_count_goes_on_below_load(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    listening = listen()
    context = client_context(pki.stranger, TLS_1_3)

    def knock() -> None:
        for _ in range(10):
            try:
                with (
                    socket.create_connection(listening.address) as plain,
                    context.wrap_socket(plain, server_hostname="localhost") as tls,
                ):
                    tls.recv(1)
            except ssl.SSLError:
                continue

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = listening.heard.wait(HandshakeFailed, 40)
    assert sorted(failure.count for failure in failures) == list(range(1, 41))


def test_an_intermediate_that_was_seen_before_explains_a_gap(
    dev: DevIdentities, listen: Listen, client_context: ClientContext
) -> None:
    """Its name says nothing, but another client has sent it along."""
    unit = make_ca("Unit 7", issuer=dev.ca)
    whole = issue(unit, "whole")
    lone = issue(unit, "lone")
    lone = replace(lone, chain=lone.chain[:1])
    listening = listen()
    with (
        socket.create_connection(listening.address) as plain,
        client_context(whole).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")
    with (
        pytest.raises(ssl.SSLError, match="UNKNOWN_CA"),
        socket.create_connection(listening.address) as plain,
        client_context(lone).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.recv(1)
    assert listening.heard.refusal().reason == "incomplete_chain"


def test_an_intermediate_of_the_vault_explains_a_gap(
    dev: DevIdentities, listen: Listen, client_context: ClientContext
) -> None:
    """But only one that leads to a CA that is accepted: with any other, the client would be turned away all the
    same."""
    unit, foreign = make_ca("Unit 8", issuer=dev.ca), make_ca("Unit 9", issuer=make_ca("Other CA"))
    listening = listen(known_certificates=(unit.leaf, foreign.leaf))
    for ca in (unit, foreign):
        whole = issue(ca, f"below {ca.name}")
        lone = replace(whole, chain=whole.chain[:1])
        with (
            pytest.raises(ssl.SSLError, match="UNKNOWN_CA"),
            socket.create_connection(listening.address) as plain,
            client_context(lone).wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.recv(1)
    first, second = (told.event for told in listening.heard.wait(HandshakeFailed, 2))
    assert (first.reason, second.reason) == ("incomplete_chain", "unknown_issuer")
    assert f"fingerprint {fingerprint(unit.leaf)}" in advice_of(first)


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_a_ca_of_our_ca_s_name_that_was_sent_along(
    version: str, listen: Listen, dev: DevIdentities, pki: Pki, pem_file: PemFile, tmp_path: Path
) -> None:
    listening = listen()
    fake = pki.namesake.chain[1]
    chain = tmp_path / "fake.pem"
    chain.write_bytes(fake.public_bytes(Encoding.PEM))
    received, output = s_client(
        listening, version, "-ign_eof", "-cert", pem_file(pki.namesake), "-cert_chain", chain
    )
    assert received == 48, output
    event = listening.heard.refusal()
    assert event.reason == "unknown_issuer"
    assert event.advice is not None
    assert "not from the one of that name" in event.advice.happened
    assert "another key" in event.advice.cause
    assert fingerprint(dev.ca.leaf) in event.advice.cause
    assert fingerprint(fake) in event.advice.cause


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
@pytest.mark.parametrize(("name", "alert"), [(case[0], case[2]) for case in REFUSED])
def test_clients_that_write_first_are_told_each_reason(
    name: str, alert: int, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen()
    context = client_context(getattr(pki, name), version)
    told = {
        42: "BAD_CERT",
        43: "UNSUPPORTED_CERT",
        45: "CERTIFICATE_EXPIRED",
        48: "UNKNOWN_CA",
        51: "DECRYPT_ERROR",
    }
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000

    def write_and_read() -> None:
        with (
            socket.create_connection(listening.address) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.sendall(request)
            tls.recv(1)

    for _ in range(3):
        with pytest.raises(ssl.SSLError, match=told[alert]):
            write_and_read()
    assert listening.heard.wait(HandshakeFailed, 3)[2].count == 3


CURL = [
    ("stranger", b"unknown ca"), ("expired", b"certificate expired|verification failed"), ("early", b"bad certificate"),
    ("server_only", b"unsupported certificate"), ("gap", b"unknown ca"), ("forged", b"decrypt error"),
]  # fmt: skip


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize(("name", "told"), CURL, ids=[case[0] for case in CURL])
def test_curl_names_each_alert(
    name: str, told: bytes, version: str, listen: Listen, pki: Pki, pem_file: PemFile, ca_file: Path
) -> None:
    listening = listen()
    done = run(
        "curl", "-sS", f"--tlsv{version}", "--tls-max", version, "--cacert", ca_file,
        "--cert", pem_file(getattr(pki, name)), "-d", "{}", listening.ready.url,
    )  # fmt: skip
    # In TLS 1.2 curl takes the alert certificate_expired for a fault of the server's certificate.
    assert re.search(told, done.stderr), done.stderr
    assert listening.heard.refusal().reason == {case[0]: case[1] for case in REFUSED}[name]


def test_a_trusted_intermediate_needs_no_root(
    listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_cas=(pki.intermediate.leaf,))
    with (
        socket.create_connection(listening.address) as plain,
        client_context(pki.gap).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")


def test_a_self_signed_client_can_be_trusted_by_itself(
    listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_cas=(pki.self_signed.leaf,))
    with (
        socket.create_connection(listening.address) as plain,
        client_context(pki.self_signed).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
@pytest.mark.parametrize(
    ("name", "reason"), [(case[0], case[1]) for case in REFUSED] + [("", "no_client_certificate")]
)
def test_lenient_checks_take_and_flag(
    name: str, reason: str, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(lenient=True)
    identity: Identity | None = getattr(pki, name) if name else None
    with (
        socket.create_connection(listening.address) as plain,
        client_context(identity, version).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is False
    assert event.reason is None
    assert (event.detail or "").startswith(f"{reason}: ")
    assert event.advice
    if identity is not None:
        assert event.connection.certificate is not None
        assert x509.load_der_x509_certificate(event.connection.certificate.chain[0]) == identity.leaf
    assert listening.heard.all(HandshakeFailed) == []


def test_lenient_checks_do_not_flag_the_good(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    listening = listen(lenient=True)
    with (
        socket.create_connection(listening.address) as plain,
        client_context(pki.below).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is True
    assert event.connection.certificate is not None
    assert len(event.connection.certificate.chain) == 2
    assert event.detail is None
    assert event.advice is None
