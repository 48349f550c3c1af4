"""What a client offers, read from real ClientHellos and from damaged ones."""

from __future__ import annotations

import ssl
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.history.model import ClientOffer
from inspector.listener.client_hello import ClientHello, chosen_cipher, printable, read_client_hello
from inspector.listener.tls_names import CIPHERS, OPENSSL_CIPHERS

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def hello(
    name: str | None,
    lowest: ssl.TLSVersion = TLS_1_2,
    highest: ssl.TLSVersion = TLS_1_3,
    *,
    ciphers: str = "",
    alpn: list[str] | None = None,
) -> bytes:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.minimum_version, context.maximum_version = lowest, highest
    if ciphers:
        context.set_ciphers(ciphers)
    if alpn:
        context.set_alpn_protocols(alpn)
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name).do_handshake()
    return outgoing.read()


def made(
    *extensions: tuple[int, bytes],
    version: int = 0x0303,
    ciphers: tuple[int, ...] = (0x1301,),
    kind: int = 1,
) -> bytes:
    """A ClientHello by hand."""
    packed = b"".join(struct.pack(">HH", number, len(value)) + value for number, value in extensions)
    body = struct.pack(">H", version) + bytes(32) + b"\0"
    body += struct.pack(f">H{len(ciphers)}H", 2 * len(ciphers), *ciphers) + b"\1\0"
    if extensions:
        body += struct.pack(">H", len(packed)) + packed
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return in_records(message, len(message))


def in_records(message: bytes, size: int) -> bytes:
    pieces = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(b"\x16\x03\x01" + len(piece).to_bytes(2, "big") + piece for piece in pieces)


def listed(*values: int) -> bytes:
    return struct.pack(f">H{len(values)}H", 2 * len(values), *values)


def test_reads_what_a_client_offers() -> None:
    modern = read_client_hello(hello("proxy.example.com", alpn=["h2", "http/1.1"]))
    assert modern.server_name == "proxy.example.com"
    assert modern.versions == ("TLSv1.3", "TLSv1.2")
    assert modern.offer is not None
    assert modern.offer.alpn == ("h2", "http/1.1")
    assert "TLS_AES_128_GCM_SHA256" in modern.offer.ciphers
    assert "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" in modern.offer.ciphers
    assert {"x25519", "secp256r1"} <= set(modern.offer.groups)
    assert {"ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"} <= set(modern.offer.signatures)
    older = read_client_hello(hello(None, TLS_1_2, TLS_1_2))
    assert (older.versions, older.server_name) == (("TLSv1.2",), None)


def test_keeps_the_client_s_order() -> None:
    """And names what the client's own list of ciphers says it sent."""
    wanted = (
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:AES256-SHA"
    )
    offer = read_client_hello(hello("a", TLS_1_2, TLS_1_2, ciphers=wanted)).offer
    assert offer is not None
    assert [OPENSSL_CIPHERS[name] for name in offer.ciphers if name in OPENSSL_CIPHERS] == wanted.split(":")


def test_what_has_no_name_is_its_number() -> None:
    offer = read_client_hello(
        made(
            (43, b"\x04\x7f\x1c\x03\x04"),
            (10, listed(0x1D, 0xFE01)),
            (13, listed(0x0403, 0xFE02)),
            ciphers=(0xFE03, 0x1301, 0x00FF),
        )
    ).offer
    assert offer == ClientOffer(
        ("0x7f1c", "TLSv1.3"),
        ("0xfe03", "TLS_AES_128_GCM_SHA256", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"),
        ("x25519", "0xfe01"),
        ("ecdsa_secp256r1_sha256", "0xfe02"),
    )


def test_values_that_only_test_servers_are_left_out() -> None:
    offer = read_client_hello(
        made(
            (0x4A4A, b""),
            (43, b"\x04\xba\xba\x03\x04"),
            (10, listed(0x5A5A, 0x1D)),
            (16, b"\x00\x0c\x02\x3a\x3a\x08http/1.1"),
            ciphers=(0xFAFA, 0x1301),
        )
    ).offer
    assert offer == ClientOffer(("TLSv1.3",), ("TLS_AES_128_GCM_SHA256",), ("x25519",), alpn=("http/1.1",))


@pytest.mark.parametrize("size", [1, 3, 40, 200, 16384])
def test_a_hello_that_is_spread_over_records(size: int) -> None:
    whole = hello("proxy.example.com")
    assert read_client_hello(in_records(whole[5:], size)) == read_client_hello(whole)


def test_an_old_hello_without_extensions() -> None:
    assert read_client_hello(made(version=0x0301, ciphers=(0x0005,))) == ClientHello(
        ClientOffer(("TLSv1",), ("TLS_RSA_WITH_RC4_128_SHA",))
    )


def test_ssl_2() -> None:
    assert read_client_hello(b"\x80\x2e\x01\x00\x02").versions == ("SSLv2",)
    assert read_client_hello(b"\x80\x2e\x01\x03\x01").versions == ("TLSv1", "SSLv2")


def test_no_client_hello() -> None:
    for data in (b"", b"\x16", made(kind=2), b"\x15\x03\x01\x00\x02\x02\x28", b"GET / HTTP/1.1"):
        assert read_client_hello(data) == ClientHello()


def test_names_stay_readable() -> None:
    found = read_client_hello(made((0, b"\x00\x08\x00\x00\x05a\n\x1b\xff\xe4"), (16, b"\x00\x03\x02\x00z")))
    assert found.server_name == "a\\x0a\\x1b\\xff\\xe4"
    assert found.offer is not None
    assert found.offer.alpn == ("\\x00z",)
    assert len(printable(b"x" * 10_000)) < 300


def test_a_hostile_hello_does_not_fill_the_history() -> None:
    many = tuple(range(0x6000, 0x6000 + 8000))
    offer = read_client_hello(
        made((10, listed(*many)), (16, b"\x20\x00" + b"\x01a" * 4096), ciphers=many)
    ).offer
    assert offer is not None
    assert max(len(offer.ciphers), len(offer.groups), len(offer.alpn)) <= 200


@given(st.data())
def test_what_is_cut_off_or_damaged_says_nothing_wrong(data: st.DataObject) -> None:
    whole = hello("a.example")
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert read_client_hello(cut) == ClientHello()
    damaged = bytearray(whole)
    damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    assert isinstance(read_client_hello(bytes(damaged)), ClientHello)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for whole in (
        data,
        b"\x16\x03\x01" + data,
        in_records(b"\x01" + len(data).to_bytes(3, "big") + data, 100),
    ):
        assert isinstance(read_client_hello(whole), ClientHello)


@given(st.lists(st.tuples(st.sampled_from([0, 10, 13, 16, 43, 51]), st.binary(max_size=30)), max_size=6))
def test_no_extension_raises(extensions: list[tuple[int, bytes]]) -> None:
    found = read_client_hello(made(*extensions))
    for text in (found.server_name or "", *(found.offer.alpn if found.offer is not None else ())):
        assert text.isprintable()


def test_the_same_offer_again_costs_little() -> None:
    """It is read for every connection, most of which offer what others did."""
    hellos = [hello("proxy.example.com") for _ in range(50)]
    first = read_client_hello(hellos[0]).offer
    assert all(read_client_hello(one).offer is first for one in hellos)
    began = time.perf_counter()
    for one in hellos:
        read_client_hello(one)
    assert (time.perf_counter() - began) / len(hellos) < 500e-6


@given(st.binary(max_size=100))
def test_no_server_hello_raises(data: bytes) -> None:
    chosen = chosen_cipher(data)
    assert chosen is None or chosen.isprintable()


def test_every_name_is_there_once() -> None:
    assert len(set(CIPHERS.values())) == len(CIPHERS)
    assert len(set(OPENSSL_CIPHERS.values())) == len(OPENSSL_CIPHERS)
