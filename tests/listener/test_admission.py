"""Who is let in of those whose certificate verifies, or is named: by fingerprint, by subject, by CRL."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from inspector.certificates.crl import read_crls
from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.history.model import NewEvent
from inspector.listener.events import HandshakeFailed
from tests.listener.conftest import ClientContext, Listen, Listening, PemFile, run
from tests.listener.pki import DAY, NOW, Pki

VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
REQUEST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"


def push(listening: Listening, context: ssl.SSLContext, request: bytes = REQUEST) -> bytes:
    """Write at once, as pushers do, and read what comes."""
    with (
        socket.create_connection(listening.address) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(request)
        return tls.recv(100)


def advice_of(event: NewEvent) -> str:
    return event.advice.text if event.advice is not None else ""


def crl(
    issuer: Identity, revoked: Sequence[Identity], until: timedelta = DAY
) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.leaf.subject)
        .last_update(NOW - 60 * DAY)
        .next_update(NOW + until)
    )
    for one in revoked:
        serial = one.leaf.serial_number
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - 3 * DAY).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.key, hashes.SHA256())


# By fingerprint: whoever issued it


@VERSIONS
@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    "name",
    ["stranger", "self_signed", "namesake", "forged", "gap", "expired_intermediate", "of_no_ca", "good"],
)
def test_a_fingerprint_needs_no_issuer(
    name: str, lenient: bool, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    identity: Identity = getattr(pki, name)
    listening = listen(client_fingerprints=(fingerprint(identity.leaf),), lenient=lenient)
    assert push(listening, client_context(identity, version)).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is True
    assert event.detail is None


@VERSIONS
@pytest.mark.parametrize("with_ca", [True, False])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("expired", "expired"),
        ("early", "not_yet_valid"),
        ("server_only", "wrong_purpose"),
        ("weak", "weak_key"),
    ],
)
def test_a_fingerprint_does_not_make_good_what_is_wrong_with_the_certificate(
    name: str,
    reason: str,
    with_ca: bool,
    version: ssl.TLSVersion,
    dev: DevIdentities,
    listen: Listen,
    pki: Pki,
    client_context: ClientContext,
) -> None:
    identity: Identity = getattr(pki, name)
    listening = listen(
        client_fingerprints=(fingerprint(identity.leaf),), client_cas=(dev.ca.leaf,) if with_ca else ()
    )
    with pytest.raises(ssl.SSLError):
        push(listening, client_context(identity, version))
    assert listening.heard.refusal().reason == reason


@VERSIONS
def test_fingerprints_without_any_ca(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_cas=(), client_fingerprints=(fingerprint(pki.self_signed.leaf).upper(),))
    assert push(listening, client_context(pki.self_signed, version)).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.asked_for == ()
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        push(listening, client_context(pki.stranger, version))
    refusal = listening.heard.refusal()
    assert refusal.reason == "unknown_issuer"
    assert f"--client-fingerprint {fingerprint(pki.stranger.leaf)}" in advice_of(refusal)


# Not on the list


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
@pytest.mark.parametrize("by", ["fingerprint", "subject"])
def test_s_client_is_told_that_it_is_not_allowed(
    by: str, version: str, listen: Listen, pki: Pki, pem_file: PemFile
) -> None:
    listed: dict[str, object] = {
        "fingerprint": {"client_fingerprints": (fingerprint(pki.stranger.leaf),)},
        "subject": {"client_subjects": ("CN=push-*", "CN=nobody")},
    }
    listening = listen(**listed[by])  # type: ignore[arg-type]
    pem = pem_file(pki.good)
    done = run("openssl", "s_client", "-connect", listening.connect, f"-{version}", "-ign_eof", "-cert", pem)
    output = (done.stdout + done.stderr).decode(errors="replace")
    # OpenSSL has no way to send access_denied for a certificate; this is its alert for "for another reason".
    assert re.search(r"SSL alert number 46\b", output), output
    event = listening.heard.refusal()
    assert event.reason == "invalid_certificate"
    assert event.detail == (
        "not on the list of allowed certificates at depth 0; alert sent: certificate_unknown (46)"
    )
    assert event.connection is not None
    assert event.connection.tls is not None
    assert event.connection.tls.alert_sent == "certificate_unknown"
    assert "CN=dev-client" in advice_of(event)
    assert f"--client-fingerprint {fingerprint(pki.good.leaf)}" in advice_of(event)
    assert "--client-subject 'CN=dev-client,O=Push Inspector'" in advice_of(event)


@VERSIONS
def test_clients_that_write_first_are_told_every_time(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_subjects=("CN=somebody else",))
    request = b"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000
    context = client_context(pki.good, version)
    for _ in range(10):
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_UNKNOWN"):
            push(listening, context, request)
    assert listening.heard.wait(HandshakeFailed, 10)[-1].count == 10


@VERSIONS
@pytest.mark.parametrize(
    "pattern", ["CN=dev-*", "*,o=push inspector", "cn = DEV-CLIENT, O = Push Inspector", "*"]
)
def test_a_subject_that_fits(
    pattern: str, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_subjects=("CN=nobody", pattern), client_fingerprints=("00" * 32,))
    assert push(listening, client_context(pki.good, version)).startswith(b"HTTP/1.1 200")


@VERSIONS
def test_a_subject_does_not_stand_for_an_issuer(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(client_subjects=("*",))
    with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
        push(listening, client_context(pki.stranger, version))
    assert listening.heard.refusal().reason == "unknown_issuer"


@VERSIONS
def test_lenient_checks_flag_who_is_not_on_the_list(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(lenient=True, client_subjects=("CN=nobody",))
    assert push(listening, client_context(pki.good, version)).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is False
    assert (event.detail or "").find("invalid_certificate") >= 0
    assert "not on the list" in advice_of(event)
    assert "--lenient" not in advice_of(event)  # it is


# Revoked


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
@pytest.mark.parametrize(("which", "depth"), [("leaf", 0), ("intermediate", 1)])
def test_s_client_is_told_that_it_is_revoked(
    which: str, depth: int, version: str, listen: Listen, pki: Pki, pem_file: PemFile
) -> None:
    lists = {
        "leaf": (crl(pki.root, []), crl(pki.intermediate, [pki.below])),
        "intermediate": (crl(pki.root, [pki.intermediate]),),
    }
    listening = listen(crls=lists[which])
    pem = pem_file(pki.below)
    done = run(
        "openssl", "s_client", "-connect", listening.connect, f"-{version}", "-ign_eof",
        "-cert", pem, "-cert_chain", pem,
    )  # fmt: skip
    output = (done.stdout + done.stderr).decode(errors="replace")
    assert re.search(r"SSL alert number 44\b", output), output
    event = listening.heard.refusal()
    assert event.reason == "revoked"
    assert event.detail == (
        f"certificate revoked (23) at depth {depth}; alert sent: certificate_revoked (44)"
    )
    whose = "CN=below" if which == "leaf" else "CN=Issuing CA 2,O=Push Inspector, a CA above"
    assert whose in advice_of(event)
    assert f"was revoked on {(NOW - 3 * DAY):%Y-%m-%dT%H:%M:%SZ}" in advice_of(event)


@VERSIONS
@pytest.mark.parametrize("lenient", [False, True])
def test_lists_that_say_nothing_of_a_client_turn_nobody_away(
    lenient: bool, version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    """Out of date, of another CA, of another CA of the same name, or for another client."""
    crls = (
        crl(pki.root, [pki.weak], until=-DAY),
        crl(make_ca("Other CA"), [pki.good]),
        crl(make_ca("dev-ca"), [pki.good]),
    )
    listening = listen(crls=crls, lenient=lenient)
    assert push(listening, client_context(pki.good, version)).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is True


@VERSIONS
def test_a_list_that_is_out_of_date_still_revokes(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(crls=(crl(pki.root, [pki.good], until=-DAY),))
    with pytest.raises(ssl.SSLError, match="CERTIFICATE_REVOKED"):
        push(listening, client_context(pki.good, version))
    event = listening.heard.refusal()
    assert event.reason == "revoked"
    assert "out of date" in advice_of(event)


@VERSIONS
def test_a_fingerprint_does_not_make_good_what_is_revoked(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    strange = make_ca("Strange CA")
    lone = issue(strange, "lone")
    listening = listen(client_fingerprints=(fingerprint(lone.leaf),), crls=(crl(strange, [lone]),))
    with pytest.raises(ssl.SSLError, match="CERTIFICATE_REVOKED"):
        push(listening, client_context(lone, version))
    assert listening.heard.refusal().reason == "revoked"


@VERSIONS
def test_lenient_checks_flag_the_revoked(
    version: ssl.TLSVersion, listen: Listen, pki: Pki, client_context: ClientContext
) -> None:
    listening = listen(lenient=True, crls=(crl(pki.root, [pki.good]),))
    assert push(listening, client_context(pki.good, version)).startswith(b"HTTP/1.1 200")
    event = listening.heard.push()
    assert event.connection is not None
    assert event.connection.trusted is False
    assert "revoked" in (event.detail or "")
    assert "was revoked on" in advice_of(event)


def test_openssl_makes_the_list_and_curl_reads_the_alert(
    listen: Listen, pki: Pki, pem_file: PemFile, ca_file: Path, tmp_path: Path
) -> None:
    """As people do it: the list comes from openssl ca."""
    root = pem_file(pki.root)
    serial = f"{pki.good.leaf.serial_number:X}"
    index = tmp_path / "index.txt"
    until = f"{pki.good.leaf.not_valid_after_utc:%y%m%d%H%M%SZ}"
    index.write_text(
        f"R\t{until}\t{NOW - DAY:%y%m%d%H%M%SZ},keyCompromise\t{'0' * (len(serial) % 2)}{serial}\tunknown\t/CN=x\n"
    )
    settings = tmp_path / "ca.cnf"
    settings.write_text(
        f"[ca]\ndefault_ca=here\n[here]\ndatabase={index}\ndefault_md=sha256\ndefault_crl_days=7\n"
    )
    made = tmp_path / "crl.pem"
    done = run("openssl", "ca", "-gencrl", "-config", settings, "-keyfile", root, "-cert", root, "-out", made)
    assert done.returncode == 0, done.stderr
    listening = listen(crls=read_crls([made]))
    curl = run(
        "curl", "-sS", "--cacert", ca_file, "--cert", pem_file(pki.good), "-d", "{}", listening.ready.url
    )
    assert b"revoked" in curl.stderr
    assert "its key was compromised" in advice_of(listening.heard.refusal())
