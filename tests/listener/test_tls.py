"""The TLS session as bytes in, bytes out, against Python's own client. No sockets here."""

from __future__ import annotations

import gc
import ssl
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.mint import DevIdentities, issue
from inspector.certificates.model import Identity
from inspector.errors import CertificateError
from inspector.listener.config import AuthMode, ListenerConfig
from inspector.listener.opening import Opening
from inspector.listener.refusal import judge
from inspector.listener.tls import ServerTls, TlsSession, server_tls
from tests.listener.conftest import ClientContext
from tests.listener.pki import Pki

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])


@pytest.fixture
def tls(dev: DevIdentities) -> ServerTls:
    return server_tls(ListenerConfig(dev.server, (dev.ca.leaf,)))


class Wire:
    """A client and a session, joined by hand. `spoil` may change what the client sends."""

    def __init__(
        self,
        session: TlsSession,
        context: ssl.SSLContext,
        spoil: Callable[[bytes], bytes] = lambda data: data,
    ) -> None:
        self.session = session
        self._spoil = spoil
        self._to_client, self._from_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = context.wrap_bio(self._to_client, self._from_client, server_hostname="localhost")

    def exchange(self) -> bytes:
        """Carry what there is both ways; what the session has decrypted."""
        plaintext = self.session.receive(self._spoil(self._from_client.read()))
        self._to_client.write(self.session.outgoing())
        return plaintext

    def shake_hands(self) -> None:
        for _ in range(4):
            try:
                self.client.do_handshake()
            except ssl.SSLWantReadError:
                self.exchange()
        self.exchange()


@VERSIONS
def test_a_conversation(
    version: ssl.TLSVersion, tls: ServerTls, pki: Pki, client_context: ClientContext
) -> None:
    wire = Wire(TlsSession(tls), client_context(pki.below, version))
    wire.shake_hands()
    session = wire.session
    assert session.established
    assert session.watch.error is None
    assert wire.client.version() == version.name.replace("_", ".")
    facts = session.facts()
    cipher = wire.client.cipher()
    assert cipher is not None
    assert (facts.version, facts.cipher, facts.sni) == (
        cipher[1] if version is TLS_1_3 else "TLSv1.2",
        cipher[0],
        "localhost",
    )
    assert [len(session.client_chain()), session.client_chain()[0]] == [
        2,
        pki.below.leaf.public_bytes(Encoding.DER),
    ]
    wire.client.write(b"hello" * 10_000)
    assert wire.exchange() == b"hello" * 10_000
    session.send(b"world" * 50_000)
    wire.exchange()
    assert read_all(wire.client) == b"world" * 50_000
    with pytest.raises(ssl.SSLWantReadError):
        wire.client.unwrap()
    wire.exchange()
    assert session.closed
    session.close()
    wire.exchange()
    wire.client.unwrap()


def read_all(client: ssl.SSLObject) -> bytes:
    data = b""
    while True:
        try:
            data += client.read(65536)
        except ssl.SSLWantReadError:
            return data


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), (["h2"], None), ([], None)],
)
def test_only_http_1_1_is_negotiated(
    offered: list[str], chosen: str | None, tls: ServerTls, pki: Pki, client_context: ClientContext
) -> None:
    context = client_context(pki.good)
    if offered:
        context.set_alpn_protocols(offered)
    wire = Wire(TlsSession(tls), context)
    wire.shake_hands()
    assert wire.client.selected_alpn_protocol() == chosen
    assert wire.session.facts().alpn == chosen


@VERSIONS
def test_no_session_is_resumed(
    version: ssl.TLSVersion, tls: ServerTls, pki: Pki, client_context: ClientContext
) -> None:
    """A resumed session would show no certificate."""
    context = client_context(pki.good, version)
    first = Wire(TlsSession(tls), context)
    first.shake_hands()
    first.client.write(b"x")
    first.exchange()
    kept = first.client.session
    second = Wire(TlsSession(tls), context)
    if kept is not None:
        second.client.session = kept
    second.shake_hands()
    assert not second.client.session_reused
    assert second.session.client_chain() == first.session.client_chain()


def test_a_signature_that_does_not_fit_the_certificate(
    tls: ServerTls, pki: Pki, client_context: ClientContext
) -> None:
    """TLS 1.2's CertificateVerify is in clear, so a client with the wrong key can be played."""

    def spoil(data: bytes) -> bytes:
        at = 0
        spoilt = bytearray(data)
        while at + 5 < len(data):
            length = int.from_bytes(data[at + 3 : at + 5], "big")
            if data[at] == 22 and data[at + 5] == 15:
                spoilt[at + 5 + length - 1] ^= 1
            at += 5 + length
        return bytes(spoilt)

    wire = Wire(TlsSession(tls), client_context(pki.good, TLS_1_2), spoil)
    with pytest.raises(ssl.SSLError, match="DECRYPT_ERROR"):
        wire.shake_hands()
    verdict = judge(tls, wire.session)
    assert verdict.reason == "bad_signature"
    assert "key" in verdict.happened


def test_a_client_may_not_renegotiate(tls: ServerTls, pki: Pki, client_context: ClientContext) -> None:
    assert tls.context.set_options(0) & ssl.OP_NO_RENEGOTIATION


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())]
)
def test_any_usual_key(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    dev: DevIdentities,
    pki: Pki,
    client_context: ClientContext,
) -> None:
    server = issue(dev.ca, "other-server", purposes=("server",), names=["localhost"], key=key)
    made = server_tls(ListenerConfig(server, (dev.ca.leaf,)))
    wire = Wire(TlsSession(made), client_context(pki.good))
    wire.shake_hands()
    assert wire.session.established


def test_the_server_sends_its_chain_without_the_root(
    pki: Pki, dev: DevIdentities, client_context: ClientContext
) -> None:
    server = issue(pki.intermediate, "below-server", purposes=("server",), names=["localhost"])
    made = server_tls(ListenerConfig(server, (dev.ca.leaf,), auth=AuthMode.NONE))
    wire = Wire(TlsSession(made), client_context())
    wire.shake_hands()
    assert wire.session.established
    assert wire.session.client_chain() == ()


@pytest.mark.parametrize("case", ["mismatch", "weak", "kind"])
def test_an_identity_of_no_use(case: str, dev: DevIdentities, pki: Pki) -> None:
    identities: dict[str, Callable[[], Identity]] = {
        "mismatch": lambda: replace(dev.server, key=dev.client.key),
        "weak": lambda: issue(dev.ca, "weak-server", key=rsa.generate_private_key(65537, 1024)),
        "kind": lambda: replace(dev.server, key=dsa.generate_private_key(2048)),
    }
    with pytest.raises(CertificateError) as caught:
        server_tls(ListenerConfig(identities[case](), (dev.ca.leaf,)))
    assert caught.value.code == "unusable_identity"
    assert caught.value.next_step


def test_nothing_is_left_of_a_session(tls: ServerTls, pki: Pki, client_context: ClientContext) -> None:
    """No reference cycle: what a client cost is free as soon as it is gone, also when it was refused."""
    gc.collect()
    gc.disable()
    try:
        for identity in (pki.good, pki.stranger):
            wire = Wire(TlsSession(tls), client_context(identity))
            try:
                wire.shake_hands()
                wire.client.write(b"x")
                wire.exchange()
                wire.client.read(1)
            except ssl.SSLError:
                pass
            judge(tls, wire.session, opening=Opening.TLS)
            watch = weakref.ref(wire.session._connection)
            del wire
            assert watch() is None
    finally:
        gc.enable()


def test_bytes_after_the_end_change_nothing(tls: ServerTls) -> None:
    session = TlsSession(tls)
    session.receive(b"\x16\x03\x01\x00\x05hello")
    assert session.failure
    assert session.outgoing()
    assert session.receive(b"more") == b""
    session.send(b"x")
    session.close()
    assert session.outgoing() == b""
