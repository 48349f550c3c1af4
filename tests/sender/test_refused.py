"""Servers that turn us down in TLS: the alert must come out by name, every time.

Under TLS 1.3 our handshake is done before the server has looked at our certificate, so its alert meets our push on
the way, and the connection is reset behind it.
"""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.sender.handshake import Handshake
from inspector.sender.model import SendFailure, SendResult, Target
from inspector.sender.refused import alert_of, refused
from inspector.sender.send import Prepared, Session, send
from inspector.sender.trouble import Trouble

BODY = b'{"a":1}'
TRIES = 50
NOW = datetime.now(UTC)
VERSIONS = pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
FLAG = {"TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
LARGE = 400_000  # more than a connection takes before the server reads


@pytest.fixture(scope="module")
def clients(dev: DevIdentities) -> dict[str, Identity | None]:
    """Clients that are turned down, by what is wrong with them."""
    start, end = NOW - timedelta(days=9), NOW - timedelta(days=1)
    return {
        "none": None,
        "unknown": issue(make_ca("rogue-ca"), "rogue", purposes=("client",)),
        "expired": issue(dev.ca, "late", purposes=("client",), not_before=start, not_after=end),
        "purpose": issue(dev.ca, "no-client", purposes=("server",)),
    }


def expected_alert(fault: str, version: str) -> str:
    missing = "certificate_required" if version == "TLSv1.3" else "handshake_failure"
    return {
        "none": missing,
        "unknown": "unknown_ca",
        "expired": "certificate_expired",
        "purpose": "unsupported_certificate",
    }[fault]


def outcomes(target: Target, body: bytes, tries: int = TRIES) -> Counter[tuple[str, str | None]]:
    with Session(Prepared(target)) as session:
        return Counter(outcome(session.post(body)) for _ in range(tries))


def outcome(result: SendResult) -> tuple[str, str | None]:
    return (result.failure.reason, result.failure.alert) if result.failure else (str(result.status), None)


@VERSIONS
@pytest.mark.parametrize(
    ("fault", "size"),
    [("none", 10), ("unknown", 10), ("expired", 10), ("purpose", 10), ("none", LARGE), ("unknown", LARGE)],
)
def test_openssl_s_alert_comes_out(
    openssl_server: Any,
    to_files: Any,
    target_for: Any,
    dev: DevIdentities,
    clients: dict[str, Identity | None],
    fault: str,
    version: str,
    size: int,
) -> None:
    files = to_files(dev.server)
    flags = [
        "-Verify",
        "1",
        "-verify_return_error",
        "-CAfile",
        files.ca,
        FLAG[version],
    ]
    port = openssl_server(files, *flags)
    found = outcomes(target_for(port, clients[fault], timeout=10), b"x" * size)
    assert found == {("tls_refused", expected_alert(fault, version)): TRIES}


@VERSIONS
@pytest.mark.parametrize("size", [10, LARGE])
@pytest.mark.parametrize("fault", ["none", "unknown"])
@pytest.mark.parametrize("abrupt", [False, True], ids=["closed", "reset"])
def test_python_s_alert_comes_out(
    serve: Any,
    to_files: Any,
    target_for: Any,
    dev: DevIdentities,
    clients: dict[str, Identity | None],
    fault: str,
    version: str,
    size: int,
    abrupt: bool,
) -> None:
    """It closes at once, unread bytes or not, which resets the connection; `reset` does so on purpose."""
    files = to_files(dev.server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    context.load_verify_locations(files.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version.replace(".", "_"))

    def handle(sock: socket.socket) -> None:
        if abrupt:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        with context.wrap_socket(sock, server_side=True) as tls:
            tls.recv(1)

    found = outcomes(target_for(serve(handle), clients[fault], timeout=10), b"x" * size)
    assert found == {("tls_refused", expected_alert(fault, version)): TRIES}


@VERSIONS
def test_what_is_said_and_known_of_it(
    openssl_server: Any,
    to_files: Any,
    target_for: Any,
    dev: DevIdentities,
    clients: dict[str, Identity | None],
    version: str,
) -> None:
    files = to_files(dev.server)
    flags = [
        "-Verify",
        "1",
        "-verify_return_error",
        "-CAfile",
        files.ca,
        FLAG[version],
    ]
    port = openssl_server(files, *flags)
    missing = send(target_for(port), BODY)
    assert missing.failure is not None
    assert missing.failure.message.startswith("The server wants a client certificate, and none was sent")
    assert "CN=dev-ca" in missing.failure.message
    assert "--identity" in missing.failure.next_step
    assert "ALERT" in missing.failure.detail.upper()
    assert missing.client_auth is not None
    assert (missing.client_auth.asked, missing.client_auth.presented) == (True, False)
    unknown = send(target_for(port, clients["unknown"]), BODY)
    assert unknown.failure is not None
    for text in ("CN=rogue,", "CN=rogue-ca,", "it takes those from CN=dev-ca", "unknown_ca"):
        assert text in unknown.failure.message
    assert unknown.client_auth is not None
    assert unknown.client_auth.presented
    assert unknown.status is None
    assert unknown.connection is not None
    assert unknown.connection.certificate is not None
    assert unknown.connection.tls is not None
    assert unknown.connection.tls.version == version
    expired = send(target_for(port, clients["expired"]), BODY)
    assert expired.failure is not None
    assert "ended at" in expired.failure.message
    purpose = send(target_for(port, clients["purpose"]), BODY)
    assert purpose.failure is not None
    assert "is not meant for clients" in purpose.failure.message


def test_a_key_that_the_server_takes_no_signatures_of(
    openssl_server: Any, to_files: Any, target_for: Any, dev: DevIdentities
) -> None:
    files = to_files(dev.server)
    client = issue(dev.ca, "edwards", purposes=("client",), key=ed25519.Ed25519PrivateKey.generate())
    flags = ["-Verify", "1", "-verify_return_error", "-CAfile", files.ca, "-client_sigalgs", "ECDSA+SHA256"]
    result = send(target_for(openssl_server(files, *flags), client), BODY)
    assert outcome(result) == ("tls_refused", "certificate_required")
    assert result.failure is not None
    assert "Ed25519" in result.failure.message


@pytest.mark.parametrize("kind", ["P-384", "Ed25519"])
def test_other_kinds_of_keys_are_presented(
    nginx: Any, target_for: Any, dev: DevIdentities, kind: str
) -> None:
    key = ec.generate_private_key(ec.SECP384R1()) if kind == "P-384" else ed25519.Ed25519PrivateKey.generate()
    client = issue(dev.ca, "other", purposes=("client",), key=key)
    result = send(target_for(nginx.required, client), BODY)
    assert result.status == 200
    assert result.client_auth is not None
    assert result.client_auth.presented


@pytest.mark.parametrize(
    ("flags", "alert"),
    [
        (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], "protocol_version"),
        (["-tls1_2", "-cipher", "ECDHE-ECDSA-CAMELLIA128-SHA256"], "handshake_failure"),
        (["-alpn", "h2"], "no_application_protocol"),
        (
            ["-servername", "elsewhere", "-servername_fatal", "-cert2", "CERT", "-key2", "KEY"],
            "unrecognized_name",
        ),
    ],
)
def test_other_alerts_of_openssl(
    openssl_server: Any, to_files: Any, target_for: Any, dev: DevIdentities, flags: list[str], alert: str
) -> None:
    files = to_files(dev.server)
    names = {"CERT": files.cert, "KEY": files.key}
    port = openssl_server(files, *(names.get(flag, flag) for flag in flags))
    result = send(target_for(port), BODY)
    assert outcome(result) == ("tls_refused", alert)
    assert result.failure is not None
    assert alert in result.failure.message
    assert result.failure.next_step


@pytest.mark.parametrize(("code", "name"), [(49, "access_denied"), (44, "certificate_revoked"), (200, "200")])
def test_an_alert_sent_in_clear(serve: Any, target_for: Any, code: int, name: str) -> None:
    def turn_down(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(bytes([21, 3, 3, 0, 2, 2, code]))

    result = send(target_for(serve(turn_down)), BODY)
    assert result.failure is not None
    assert result.failure.reason == "tls_refused"
    assert name in (result.failure.alert or "")


def test_the_alert_is_known_without_the_watch_too() -> None:
    """Where Python has no message callback, OpenSSL's reason has to do."""

    def alert(reason: str | None) -> str | None:
        error = ssl.SSLError(1, "text")
        error.reason = reason  # type: ignore[assignment]
        return alert_of(trouble(system=error))

    assert alert("TLSV13_ALERT_CERTIFICATE_REQUIRED") == "certificate_required"
    assert alert("TLSV1_ALERT_UNKNOWN_CA") == "unknown_ca"
    assert alert("SSLV3_ALERT_HANDSHAKE_FAILURE") == "handshake_failure"
    assert alert("TLSV1_UNRECOGNIZED_NAME") == "unrecognized_name"
    assert alert("WRONG_VERSION_NUMBER") is None
    assert alert("TLSV1_ALERT_OF_A_NEW_KIND") is None
    assert alert(None) is None


def trouble(
    system: OSError | None = None, identity: Identity | None = None, handshake: Handshake | None = None
) -> Trouble:
    return Trouble(
        error=OSError("text"),
        system=system,
        phase="wait",
        where="localhost:1",
        host="localhost",
        secure=True,
        timeout=1,
        identity=identity,
        handshake=handshake or Handshake(),
    )


def said(alert: str, identity: Identity | None, *, asked: bool, presented: bool) -> SendFailure:
    handshake = Handshake()
    handshake.asked, handshake.presented = asked, presented
    return refused(trouble(identity=identity, handshake=handshake), alert)


def test_every_alert_has_words(dev: DevIdentities) -> None:
    from inspector.certificates.verdicts import alert_name

    for code in range(256):
        alert = alert_name(code)
        for identity, asked, presented in (
            (None, False, False),
            (None, True, False),
            (dev.client, True, False),
            (dev.client, True, True),
        ):
            failure = said(alert, identity, asked=asked, presented=presented)
            assert (failure.reason, failure.alert) == ("tls_refused", alert)
            assert alert in failure.message
            assert failure.next_step


def test_an_alert_means_what_the_circumstances_say(dev: DevIdentities) -> None:
    missing = said("bad_certificate", None, asked=True, presented=False)
    assert "none was sent" in missing.message
    ours = said("bad_certificate", dev.client, asked=True, presented=True)
    assert "CN=dev-client" in ours.message
    ciphers = said("handshake_failure", dev.client, asked=False, presented=False)
    assert "nothing in common" in ciphers.message
    broke_off = said("handshake_failure", dev.client, asked=True, presented=True)
    assert "after it asked" in broke_off.message
