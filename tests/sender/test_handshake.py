"""Reading what passes in a handshake: messages as the RFCs write them, and bytes that only look like it."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from inspector.certificates.mint import DevIdentities
from inspector.sender.facts import issuer_names
from inspector.sender.handshake import Handshake, HandshakeWatch
from inspector.sender.model import Trust
from inspector.sender.send import send

TLS12, TLS13 = 0x0303, 0x0304
ALERT, HANDSHAKE = 21, 22
CERTIFICATE, CERTIFICATE_REQUEST, FINISHED = 11, 13, 20

ders = st.lists(st.binary(min_size=1, max_size=40), max_size=4)


def vector(data: bytes, size: int) -> bytes:
    return len(data).to_bytes(size) + data


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + vector(body, 3)


def certificate_12(chain: list[bytes]) -> bytes:
    return message(CERTIFICATE, vector(b"".join(vector(der, 3) for der in chain), 3))


def certificate_13(chain: list[bytes]) -> bytes:
    entries = b"".join(vector(der, 3) + vector(b"\0\5\0\1x", 2) for der in chain)
    return message(CERTIFICATE, vector(b"context", 1) + vector(entries, 3))


def request_12(names: list[bytes]) -> bytes:
    listed = b"".join(vector(name, 2) for name in names)
    return message(CERTIFICATE_REQUEST, vector(b"\1\x40", 1) + vector(b"\4\3", 2) + vector(listed, 2))


def request_13(names: list[bytes]) -> bytes:
    listed = b"".join(vector(name, 2) for name in names)
    extensions = b"\0\x0d" + vector(b"\0\2\4\3", 2)
    if names:
        extensions += b"\0\x2f" + vector(vector(listed, 2), 2)
    return message(CERTIFICATE_REQUEST, vector(b"", 1) + vector(extensions, 2))


def noted(*messages: tuple[bool, int, int, bytes]) -> Handshake:
    handshake = Handshake()
    for received, version, content, data in messages:
        handshake.note(received=received, version=version, content=content, data=data)
    return handshake


@given(chain=ders, names=ders)
def test_what_was_written_is_read(chain: list[bytes], names: list[bytes]) -> None:
    for version, certificate, request in (
        (TLS12, certificate_12, request_12),
        (TLS13, certificate_13, request_13),
    ):
        handshake = noted(
            (True, version, HANDSHAKE, certificate(chain)),
            (True, version, HANDSHAKE, request(names)),
            (False, version, HANDSHAKE, certificate(chain[:1])),
        )
        assert handshake.chain == tuple(chain)
        assert handshake.issuers == tuple(names)
        assert handshake.asked
        assert handshake.presented is bool(chain)
        assert handshake.version == ("TLSv1.2" if version == TLS12 else "TLSv1.3")


@given(
    st.booleans(),
    st.sampled_from([TLS12, TLS13]),
    st.sampled_from([ALERT, HANDSHAKE, 20, 23, 256]),
    st.binary(max_size=30)
    | st.tuples(st.sampled_from([2, 11, 13]), st.binary(max_size=40)).map(lambda parts: message(*parts)),
)
def test_no_bytes_do_harm(received: bool, version: int, content: int, data: bytes) -> None:
    issuer_names(noted((received, version, content, data)))


def test_alerts() -> None:
    assert noted((True, TLS12, ALERT, b"\2\x30")).alert == "unknown_ca"
    assert noted((True, TLS13, ALERT, b"\2\x74")).alert == "certificate_required"
    assert noted((False, TLS13, ALERT, b"\2\x30")).alert is None, "that was ours"
    assert noted((True, TLS12, ALERT, b"\1\x70")).alert is None, "a warning"
    assert noted((True, TLS13, ALERT, b"\1\0")).alert is None, "a polite end"
    assert noted((True, TLS13, ALERT, b"\1\x5a")).alert is None, "a polite end"


def test_names_of_issuers_are_texts(dev: DevIdentities) -> None:
    names = [
        dev.ca.leaf.subject.public_bytes(),
        _long_name().public_bytes(),
        b"\x30\x03\x31\x01\x00",
        b"nonsense",
    ]
    handshake = noted((True, TLS13, HANDSHAKE, request_13(names)))
    first, second, *others = issuer_names(handshake)
    assert first.startswith("CN=dev-ca")
    assert second.startswith("O=xxxx")
    assert len(others) == 2


def _long_name() -> x509.Name:
    attributes = [x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "x" * 60) for _ in range(5)]
    return x509.Name(attributes)


def test_a_watch_forgets_what_is_gone(dev: DevIdentities) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    watch = HandshakeWatch(context)
    tls = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    handshake = watch.follow(tls)
    assert handshake.chain == ()
    del tls
    assert not len(watch._known)


def test_one_watch_tells_connections_apart(dev: DevIdentities) -> None:
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=dev.ca.leaf.public_bytes(Encoding.DER))
    watch = HandshakeWatch(client)
    followed = []
    for _ in range(2):
        tls = client.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
        followed.append((tls, watch.follow(tls)))
    first, second = (handshake for _, handshake in followed)
    first.note(received=True, version=TLS12, content=HANDSHAKE, data=request_12([]))
    assert (first.asked, second.asked) == (True, False)


def test_without_the_callback_less_is_known_and_all_works(
    openssl_server: Any,
    nginx: Any,
    to_files: Any,
    target_for: Any,
    dev: DevIdentities,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inspector.sender.handshake.hasattr", lambda *_: False, raising=False)
    result = send(target_for(nginx.required, dev.client), b"{}")
    assert result.status == 200
    assert result.client_auth is None
    assert result.connection is not None
    assert result.connection.trusted is True
    assert result.connection.certificate is not None
    assert result.connection.certificate.chain == (dev.server.leaf.public_bytes(Encoding.DER),)
    assert result.connection.tls is not None
    assert result.connection.tls.version == "TLSv1.3"
    files = to_files(dev.server)
    port = openssl_server(files, "-Verify", "1", "-verify_return_error", "-CAfile", files.ca)
    refused = send(target_for(port), b"{}").failure
    assert refused is not None
    assert (refused.reason, refused.alert) == ("tls_refused", "certificate_required")
    untrusted = send(target_for(nginx.none, trust=Trust(system=False)), b"{}")
    assert untrusted.failure is not None
    assert untrusted.failure.reason == "tls_untrusted"
    assert untrusted.connection is not None
    assert untrusted.connection.certificate is None
