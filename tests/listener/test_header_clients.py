"""Plain HTTP from a proxy that ends TLS, with the client's certificate in a header field."""

from __future__ import annotations

import base64
import contextlib
import http.client
import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.errors import ListenError
from inspector.history.model import NewEvent
from inspector.listener.config import AuthMode
from inspector.listener.events import HandshakeFailed, PushReceived
from tests.listener.conftest import ClientContext, Listen, Listening, PemFile, run, wait_until
from tests.listener.pki import DAY, NOW, Pki
from tests.listener.test_balancers import free_port, running

HEADER = "X-SSL-Client-Cert"


def escaped(identity: Identity) -> str:
    """As nginx does it, with all that the client sent but the root."""
    chain = [cert for place, cert in enumerate(identity.chain) if place == 0 or cert.issuer != cert.subject]
    return quote(b"".join(cert.public_bytes(Encoding.PEM) for cert in chain).decode(), safe="")


@contextlib.contextmanager
def proxy(listening: Listening) -> Iterator[http.client.HTTPConnection]:
    client = http.client.HTTPConnection(*listening.address, timeout=20)
    with contextlib.closing(client):
        yield client


def push(
    client: http.client.HTTPConnection, headers: dict[str, str], method: str = "POST"
) -> tuple[int, str]:
    client.request(method, "/push", body=b"{}", headers=headers)
    answer = client.getresponse()
    return answer.status, answer.read().decode()


def only(listening: Listening) -> NewEvent:
    return listening.heard.push()


def test_a_good_client(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER)
    assert listening.ready.url == f"http://127.0.0.1:{listening.ready.port}/"
    with proxy(listening) as client:
        assert push(client, {HEADER.lower(): escaped(pki.good)}) == (200, "")
        own = "{}:{}".format(*client.sock.getsockname())
    event = only(listening)
    connection = event.connection
    assert connection is not None
    assert connection.certificate is not None
    assert connection.certificate.subject == "CN=dev-client,O=Push Inspector"
    assert (connection.trusted, connection.tls, connection.peer, connection.via) == (True, None, own, own)
    assert (event.detail, event.advice) == (None, None)
    assert event.timings is None or event.timings.tls is None


def test_a_lone_certificate_does_not_say_what_the_client_sent(listen: Listen, pki: Pki) -> None:
    """nginx leaves the intermediates out."""
    listening = listen(certificate_header=HEADER)
    with proxy(listening) as client:
        status, text = push(client, {HEADER: escaped(pki.gap)})
    assert status == 403
    assert "The client sent" not in text
    advice = only(listening).advice
    assert advice is not None
    assert HEADER in advice.happened
    assert "CN=below" in advice.happened
    assert "nginx" in advice.cause
    assert "--trust-clients" in advice.remedy


REASONS = {
    "stranger": "unknown_issuer",
    "self_signed": "unknown_issuer",
    "namesake": "unknown_issuer",
    "expired": "expired",
    "early": "not_yet_valid",
    "server_only": "wrong_purpose",
    "weak": "weak_key",
    "weak_stranger": "weak_key",
    "weak_server": "weak_key",
    "gap": "incomplete_chain",
    "expired_intermediate": "expired",
    "forged": "bad_signature",
    "of_no_ca": "invalid_certificate",
}


@pytest.mark.parametrize("name", REASONS)
def test_a_client_is_judged_as_in_a_handshake(
    name: str, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    identity: Identity = getattr(pki, name)
    reason = REASONS[name]
    known = (pki.intermediate.leaf,)
    listening = listen(certificate_header=HEADER, known_certificates=known)
    with proxy(listening) as client:
        status, text = push(client, {HEADER: escaped(identity)})
        assert status == 403
        assert text.count("\n") == 1
        assert push(client, {HEADER: escaped(pki.good)}) == (
            200,
            "",
        )  # of another client, over the same connection
    event, good = (one.event for one in listening.heard.wait(PushReceived, 2))
    assert (event.status, event.body) == (403, b"{}")
    assert event.connection is not None
    assert event.connection.trusted is False
    assert event.connection.certificate is not None
    assert event.detail is not None
    assert event.detail.startswith(f"{reason}: ")
    assert event.advice is not None
    assert text.strip() == event.advice.happened
    assert event.advice.remedy
    assert good.connection is not None
    assert good.connection.trusted is True

    by_tls = listen(known_certificates=known)
    with (
        socket.create_connection(by_tls.address) as plain,
        contextlib.suppress(OSError),
        client_context(identity).wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.recv(1)
    assert by_tls.heard.refusal().reason == reason


def test_lenient_takes_and_flags(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER, lenient=True)
    with proxy(listening) as client:
        for headers in ({HEADER: escaped(pki.stranger)}, {}, {HEADER: "nonsense!"}):
            assert push(client, headers)[0] == 200
    events = [one.event for one in listening.heard.wait(PushReceived, 3)]
    assert [(event.detail or "").partition(":")[0] for event in events] == [
        "unknown_issuer", "no_client_certificate", "invalid_certificate",
    ]  # fmt: skip
    assert all(event.connection is not None and event.connection.trusted is False for event in events)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "no_client_certificate"),
        ("", "no_client_certificate"),
        ("nonsense!", "invalid_certificate"),
        ("AAAA", "invalid_certificate"),
        (quote("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), "invalid_certificate"),
    ],
)
def test_without_a_certificate(value: str | None, reason: str, listen: Listen) -> None:
    listening = listen(certificate_header=HEADER)
    with proxy(listening) as client:
        status, text = push(client, {} if value is None else {HEADER: value})
    assert status == 403
    assert HEADER in text
    event = only(listening)
    assert event.detail is not None
    assert event.detail.startswith(f"{reason}: ")
    assert event.advice is not None
    assert "ssl_client_escaped_cert" in event.advice.remedy


def test_envoys_header(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header="X-Forwarded-Client-Cert")
    forged, own = (f'Hash=00;Cert="{escaped(one)}";Subject="CN=x"' for one in (pki.stranger, pki.good))
    with proxy(listening) as client:
        assert push(client, {"x-forwarded-client-cert": own})[0] == 200
        assert push(client, {"x-forwarded-client-cert": f"{forged},{own}"})[0] == 200
        assert push(client, {"x-forwarded-client-cert": f"{own},{forged}"})[0] == 403
        assert push(client, {"x-forwarded-client-cert": "Hash=00"})[0] == 403


def test_who_is_allowed_counts_here_too(listen: Listen, pki: Pki) -> None:
    by_subject = listen(certificate_header=HEADER, client_subjects=("CN=somebody*",))
    with proxy(by_subject) as client:
        assert push(client, {HEADER: escaped(pki.good)})[0] == 403
    pinned = listen(
        certificate_header=HEADER,
        client_fingerprints=tuple(
            one.leaf.fingerprint(hashes.SHA256()).hex()
            for one in (pki.stranger, pki.expired, pki.self_signed)
        ),
    )
    with proxy(pinned) as client:
        assert push(client, {HEADER: escaped(pki.stranger)})[0] == 200
        assert push(client, {HEADER: escaped(pki.self_signed)})[0] == 200
        assert push(client, {HEADER: escaped(pki.good)})[0] == 403
        assert push(client, {HEADER: escaped(pki.expired)})[0] == 403
    assert [(one.event.detail or "").partition(":")[0] for one in pinned.heard.wait(PushReceived, 4)][
        3
    ] == "expired"


def test_a_revoked_certificate(listen: Listen, pki: Pki, dev: DevIdentities) -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(pki.good.leaf.serial_number)
        .revocation_date(datetime.now(UTC))
        .build()
    )
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(dev.ca.leaf.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .add_revoked_certificate(entry)
        .sign(dev.ca.key, hashes.SHA256())
    )
    listening = listen(certificate_header=HEADER, crls=(crl,))
    with proxy(listening) as client:
        assert push(client, {HEADER: escaped(pki.good)})[0] == 403
    assert (only(listening).detail or "").startswith("revoked: ")


def test_clients_that_share_a_connection_have_a_record_each(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER, lenient=True)
    with proxy(listening) as client:
        for identity in (pki.good, pki.stranger) * 3:
            assert push(client, {HEADER: escaped(identity)})[0] == 200
    records = [one.event.connection for one in listening.heard.wait(PushReceived, 6)]
    assert [record.trusted for record in records if record is not None] == [True, False] * 3
    assert len({id(record) for record in records}) == 2


def test_cas_are_swapped_for_connections_that_are_open(listen: Listen, pki: Pki) -> None:
    """The proxy keeps its connections; it is the request that counts."""
    listening = listen(certificate_header=HEADER)
    with proxy(listening) as client:
        assert push(client, {HEADER: escaped(pki.stranger)})[0] == 403
        listener = listening.listener
        listener.reconfigure(replace(listener.config, client_cas=pki.stranger.chain[-1:]))
        while push(client, {HEADER: escaped(pki.stranger)})[0] != 200:
            pass
        assert push(client, {HEADER: escaped(pki.good)})[0] == 403


def test_leniency_is_swapped_for_connections_that_are_open(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER)
    strict = listening.listener.config
    with proxy(listening) as client:
        for lenient in (True, False, True):
            listening.listener.reconfigure(replace(strict, lenient=lenient))
            while push(client, {HEADER: escaped(pki.stranger)})[0] != (200 if lenient else 403):
                pass


def test_without_mtls_the_certificate_is_shown_and_not_judged(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER, auth=AuthMode.NONE)
    with proxy(listening) as client:
        assert push(client, {HEADER: escaped(pki.stranger)})[0] == 200
        assert push(client, {})[0] == 200
    first, second = (one.event.connection for one in listening.heard.wait(PushReceived, 2))
    assert first is not None
    assert first.certificate is not None
    assert first.trusted is None
    assert second is not None
    assert second.certificate is None


def test_basic_too(listen: Listen, pki: Pki) -> None:
    listening = listen(
        certificate_header=HEADER,
        auth=AuthMode.MTLS_BASIC,
        basic_user="u",
        basic_password="p",
    )
    basic = {"Authorization": "Basic " + base64.b64encode(b"u:p").decode()}
    with proxy(listening) as client:
        assert push(client, {HEADER: escaped(pki.good)})[0] == 401
        assert push(client, basic)[0] == 403
        assert push(client, {HEADER: escaped(pki.good), **basic})[0] == 200
        assert push(client, {}, method="PUT")[0] == 405


def test_a_broken_request_is_its_clients(listen: Listen, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(f"POST / HTTP/1.1\r\n{HEADER}: {escaped(pki.good)}\r\n\r\n".encode())  # without Host
        assert plain.recv(12) == b"HTTP/1.1 400"
    connection = only(listening).connection
    assert connection is not None
    assert connection.certificate is not None


def test_a_client_that_speaks_tls(listen: Listen, client_context: ClientContext, pki: Pki) -> None:
    listening = listen(certificate_header=HEADER)
    with (
        socket.create_connection(listening.address) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)wrong.version"),
    ):
        client_context(pki.good).wrap_socket(plain, server_hostname="localhost")
    event = listening.heard.refusal()
    assert event.reason == "plain_http"
    assert event.detail is not None
    assert "speaks plain HTTP" in event.detail
    assert event.advice is not None
    assert HEADER in event.advice.cause


def test_a_balancers_header_that_is_not_expected(listen: Listen) -> None:
    listening = listen(certificate_header=HEADER)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(b"PROXY TCP4 203.0.113.9 198.51.100.1 4711 443\r\nPOST / HTTP/1.1\r\n")
        assert plain.recv(1) == b""
    event = listening.heard.refusal()
    assert event.advice is not None
    assert "PROXY protocol" in event.advice.text


def test_a_bare_connect_is_counted(listen: Listen) -> None:
    listening = listen(certificate_header=HEADER)
    socket.create_connection(listening.address).close()
    wait_until(lambda: listening.listener.bare_connects == 1)
    listening.listener.stop()
    assert not listening.heard.all(HandshakeFailed)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_only_on_loopback(host: str, listen: Listen) -> None:
    with pytest.raises(ListenError) as caught:
        listen(certificate_header=HEADER, host=host)
    assert "--host 127.0.0.1" in caught.value.next_step


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx(
    listen: Listen, dev: DevIdentities, pki: Pki, pem_file: PemFile, ca_file: Path, tmp_path: Path
) -> None:
    listening, port = listen(certificate_header=HEADER), free_port()
    server, config = pem_file(dev.server), tmp_path / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n"
        f"{temporary}server {{\nlisten 127.0.0.1:{port} ssl;\n"
        f"ssl_certificate {server};\nssl_certificate_key {server};\nssl_verify_client optional_no_ca;\n"
        f"location / {{\nproxy_pass {listening.ready.url};\n"
        f"proxy_set_header {HEADER} $ssl_client_escaped_cert;\n}}\n}}\n}}\n"
    )
    url = f"https://localhost:{port}/push"
    curl = ("curl", "-sS", "--cacert", ca_file, "-d", "{}", "-w", "%{http_code}", url)
    with running("nginx", "-p", tmp_path, "-c", config, "-e", tmp_path / "error.log", port=port):
        good = run(*curl, "--cert", pem_file(pki.good))
        stranger = run(*curl, "--cert", pem_file(pki.stranger))
        nobody = run(*curl)
        forger = run(*curl, "-H", f"{HEADER}: {escaped(pki.good)}")
    assert good.stdout == b"200", good.stderr
    assert stranger.stdout.endswith(b"403")
    assert b"other ca" in stranger.stdout.lower()
    assert nobody.stdout.endswith(b"403")
    assert forger.stdout.endswith(b"403")  # nginx replaces what the client sends
    events = [one.event for one in listening.heard.wait(PushReceived, 4)]
    assert [event.connection.trusted for event in events if event.connection] == [True, False, False, False]
