"""All that a client showed and offered is kept, also where it was turned away."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.history.model import NewEvent, TlsFacts
from inspector.listener.config import AuthMode
from inspector.listener.presented import sent_certificates
from tests.listener.conftest import ClientContext, Listen, PemFile, run
from tests.listener.pki import Pki

VERSIONS = pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])


def tls_of(event: NewEvent) -> TlsFacts:
    assert event.connection is not None
    assert event.connection.tls is not None
    return event.connection.tls


def chain_of(event: NewEvent) -> list[x509.Certificate]:
    assert event.connection is not None
    assert event.connection.certificate is not None
    return [x509.load_der_x509_certificate(der) for der in event.connection.certificate.chain]


def show(address: str, version: str, *arguments: str | Path) -> str:
    """`openssl s_client` until it is turned away; what it wrote."""
    done = run(
        "openssl", "s_client", "-connect", address, f"-{version}", "-servername", "proxy.example.com",
        "-alpn", "h2,http/1.1", "-ign_eof", *arguments,
    )  # fmt: skip
    return (done.stdout + done.stderr).decode(errors="replace")


def cases(pki: Pki) -> dict[str, tuple[Identity, list[x509.Certificate]]]:
    """Clients that are refused, with what they send along."""
    other = make_ca("Other CA")
    middle = make_ca("Other Middle", issuer=other)
    low = make_ca("Other Low", issuer=middle)
    deep = issue(low, "deep")
    extra = [make_ca(f"Extra {number}").leaf for number in range(2)]
    return {
        "leaf only": (deep, []),
        "in order": (deep, [low.leaf, middle.leaf, other.leaf]),
        "reversed": (deep, [other.leaf, middle.leaf, low.leaf]),
        "gap": (deep, [middle.leaf]),
        "extra": (deep, [extra[0], low.leaf, extra[1], middle.leaf]),
        "wrong one": (pki.gap, [low.leaf]),
        "itself twice": (pki.stranger, [pki.stranger.leaf]),
        "expired, with all": (pki.expired_intermediate, [pki.expired_intermediate.chain[1]]),
    }


@VERSIONS
@pytest.mark.parametrize("cipher", ["", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"])
def test_with_every_cipher_all_that_was_shown_is_kept(
    cipher: str, version: str, listen: Listen, pki: Pki, pem_file: PemFile, tmp_path: Path
) -> None:
    listening = listen()
    older = {"TLS_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256"}.get(
        cipher, "ECDHE-ECDSA-CHACHA20-POLY1305"
    )
    wanted = ["-ciphersuites", cipher, "-cipher", older] if cipher else []
    identity, others = cases(pki)["extra"]
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(cert.public_bytes(Encoding.PEM) for cert in others))
    show(listening.connect, version, "-cert", pem_file(identity), "-cert_chain", chain, *wanted)
    assert chain_of(listening.heard.refusal()) == [identity.leaf, *others]


@VERSIONS
@pytest.mark.parametrize(
    "case",
    ["leaf only", "in order", "reversed", "gap", "extra", "wrong one", "itself twice", "expired, with all"],
)
def test_the_whole_chain_is_kept_as_it_was_sent(
    case: str, version: str, listen: Listen, pki: Pki, pem_file: PemFile, tmp_path: Path
) -> None:
    listening = listen()
    identity, others = cases(pki)[case]
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(cert.public_bytes(Encoding.PEM) for cert in others))
    key_and_leaf = pem_file(identity)
    arguments: list[str | Path] = ["-cert_chain", chain] if others else []
    output = show(listening.connect, version, "-cert", key_and_leaf, *arguments)
    event = listening.heard.refusal()
    assert chain_of(event) == [identity.leaf, *others], output
    tls = tls_of(event)
    assert tls.version == {"tls1_2": "TLSv1.2", "tls1_3": "TLSv1.3"}[version]
    assert (
        tls.cipher
        == {
            "tls1_2": "ECDHE-ECDSA-AES256-GCM-SHA384",
            "tls1_3": "TLS_AES_256_GCM_SHA384",
        }[version]
    )
    assert tls.sni == "proxy.example.com"
    assert tls.alpn == "http/1.1"
    assert tls.asked_for == ("CN=dev-ca,O=Push Inspector",)
    assert tls.alert_sent == ("certificate_expired" if case.startswith("expired") else "unknown_ca")
    assert tls.alert_received is None
    assert tls.offer is not None
    assert tls.offer.versions[0] == tls.version
    assert tls.offer.alpn == ("h2", "http/1.1")
    assert tls.offer.ciphers
    assert tls.offer.groups
    assert tls.offer.signatures


def test_a_wrong_intermediate_is_named(listen: Listen, pki: Pki, pem_file: PemFile, tmp_path: Path) -> None:
    listening = listen()
    wrong = make_ca("Wrong Issuing CA")
    chain = tmp_path / "chain.pem"
    chain.write_bytes(wrong.leaf.public_bytes(Encoding.PEM))
    show(listening.connect, "tls1_3", "-cert", pem_file(pki.gap), "-cert_chain", chain)
    event = listening.heard.refusal()
    assert event.reason == "incomplete_chain"
    assert event.advice is not None
    assert "sent a chain with a gap" in event.advice.happened
    assert "does not fit: CN=Wrong Issuing CA" in event.advice.happened


@VERSIONS
def test_a_large_chain_over_many_records(
    version: str, listen: Listen, pem_file: PemFile, tmp_path: Path
) -> None:
    """A message of 30 KB is spread over several records, and over several reads of the socket."""
    listening = listen()
    others = [
        issue(None, f"extra {number}", key=rsa.generate_private_key(65537, 2048)).leaf for number in range(4)
    ]
    others *= 9
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"".join(cert.public_bytes(Encoding.PEM) for cert in others))
    stranger = issue(make_ca("Other CA"), "stranger")
    show(
        listening.connect, version, "-cert", pem_file(stranger), "-cert_chain", chain, "-max_send_frag", "600"
    )
    assert chain_of(listening.heard.refusal()) == [stranger.leaf, *others]


def test_without_a_version_in_common_the_offer_is_kept(listen: Listen) -> None:
    listening = listen()
    show(listening.connect, "tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    tls = tls_of(listening.heard.refusal())
    assert (tls.version, tls.cipher, tls.asked_for) == (None, None, None)
    assert tls.alert_sent == "protocol_version"
    assert tls.offer is not None
    assert tls.offer.versions == ("TLSv1.1",)
    assert "TLS_RSA_WITH_AES_128_CBC_SHA" in tls.offer.ciphers


@VERSIONS
def test_the_alert_of_a_client_is_named(version: str, listen: Listen, pki: Pki, pem_file: PemFile) -> None:
    listening = listen()
    show(listening.connect, version, "-cert", pem_file(pki.good), "-verify_return_error", "-verify", "4")
    tls = tls_of(listening.heard.refusal())
    assert tls.alert_received == "unknown_ca"
    assert tls.alert_sent is None
    assert tls.offer is not None


@pytest.mark.parametrize("auth", [AuthMode.MTLS, AuthMode.NONE])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_is_let_in_has_the_same_facts(
    version: ssl.TLSVersion,
    auth: AuthMode,
    listen: Listen,
    dev: DevIdentities,
    pki: Pki,
    client_context: ClientContext,
) -> None:
    partner = make_ca("Partner CA")
    listening = listen(auth=auth, client_cas=(dev.ca.leaf, partner.leaf, dev.ca.leaf))
    context = client_context(pki.good, version)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(listening.address) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")
    facts = tls_of(listening.heard.push())
    assert (facts.sni, facts.alpn) == ("localhost", "http/1.1")
    assert facts.asked_for == (
        ("CN=dev-ca,O=Push Inspector", "CN=Partner CA,O=Push Inspector") if auth is AuthMode.MTLS else None
    )
    assert facts.offer is not None
    assert facts.offer.versions == ("TLSv1.3" if version is ssl.TLSVersion.TLSv1_3 else "TLSv1.2",)
    assert facts.offer.alpn == ("h2", "http/1.1")
    assert (facts.alert_sent, facts.alert_received) == (None, None)


def test_a_hello_in_many_small_pieces(listen: Listen, pki: Pki, client_context: ClientContext) -> None:
    """Over several reads of the socket, and over several records."""
    listening = listen()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context(pki.stranger).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    message = outgoing.read()[5:]
    with socket.create_connection(listening.address) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(message), 100):
            piece = message[at : at + 100]
            record = b"\x16\x03\x01" + len(piece).to_bytes(2, "big") + piece
            plain.sendall(record[:7])
            plain.sendall(record[7:])
        with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
            go_through(client, plain, incoming, outgoing)
    event = listening.heard.refusal()
    offer = tls_of(event).offer
    assert offer is not None
    assert offer.versions[:2] == ("TLSv1.3", "TLSv1.2")  # some builds of Python offer older ones, too
    assert chain_of(event) == [pki.stranger.leaf]


def go_through(
    client: ssl.SSLObject, plain: socket.socket, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
) -> None:
    """The client's side, until it is told something."""
    while True:
        incoming.write(plain.recv(65536))
        try:
            client.do_handshake()
            plain.sendall(outgoing.read())
            client.read(1)
        except ssl.SSLWantReadError:
            plain.sendall(outgoing.read())


@given(st.binary(max_size=400), st.binary(min_size=32, max_size=48))
def test_no_bytes_raise(data: bytes, secret: bytes) -> None:
    message = b"\x0b" + len(data).to_bytes(3, "big") + data
    clear = b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message
    for whole in (data, clear, b"\x17\x03\x03" + len(data).to_bytes(2, "big") + data):
        sent_certificates(whole)
        sent_certificates(whole, cipher="TLS_AES_128_GCM_SHA256", secret=secret)
        sent_certificates(whole, cipher="TLS_CHACHA20_POLY1305_SHA256", secret=secret)
