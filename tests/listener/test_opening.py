"""What the first bytes of a connection are."""

from __future__ import annotations

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.opening import ClientHello, Opening, classify, read_client_hello


def hello(name: str | None, lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> bytes:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.minimum_version, context.maximum_version = lowest, highest
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
    return outgoing.read()


@pytest.mark.parametrize(
    ("data", "opening"),
    [
        (b"", Opening.UNDECIDED),
        (b"\x16", Opening.UNDECIDED),
        (b"\x16\x03", Opening.TLS),
        (b"\x16\x03\x01\x02\x00\x01", Opening.TLS),
        (b"\x16\x02", Opening.OTHER),
        (b"\x80", Opening.UNDECIDED),
        (b"\x80\x2e\x01", Opening.TLS),
        (b"\x80\x2e\x02", Opening.OTHER),
        (b"G", Opening.UNDECIDED),
        (b"GET", Opening.UNDECIDED),
        (b"GET ", Opening.HTTP),
        (b"GET / HTTP/1.1\r\n", Opening.HTTP),
        (b"POST /", Opening.HTTP),
        (b"PRI * HTTP/2.0", Opening.HTTP),
        (b"GETTING ", Opening.OTHER),
        (b"FLY / HTTP/1.1", Opening.OTHER),
        (b"PROXY TCP4", Opening.OTHER),
        (b"SSH-2.0", Opening.OTHER),
        (b"{", Opening.OTHER),
        (b"\x00", Opening.OTHER),
    ],
)
def test_classify(data: bytes, opening: Opening) -> None:
    assert classify(data) is opening


@given(st.binary(max_size=20))
def test_a_decision_is_never_taken_back(data: bytes) -> None:
    decided = [
        kind for end in range(len(data) + 1) if (kind := classify(data[:end])) is not Opening.UNDECIDED
    ]
    assert len(set(decided)) <= 1


def test_reads_what_a_client_offers() -> None:
    modern = hello("proxy.example.com", ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    assert read_client_hello(modern) == ClientHello(("TLSv1.3", "TLSv1.2"), "proxy.example.com")
    older = hello(None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)
    assert read_client_hello(older) == ClientHello(("TLSv1.2",), None)


def test_ssl_2() -> None:
    assert read_client_hello(b"\x80\x2e\x01\x00\x02").versions == ("SSLv2",)


@given(st.data())
def test_what_is_cut_off_or_damaged_says_nothing_wrong(data: st.DataObject) -> None:
    whole = hello("a.example", ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert read_client_hello(cut) == ClientHello()
    damaged = bytearray(whole)
    damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    assert isinstance(read_client_hello(bytes(damaged)), ClientHello)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(read_client_hello(b"\x16\x03\x01" + data), ClientHello)
    assert isinstance(read_client_hello(data), ClientHello)
