"""The PROXY protocol's header as bytes in, words out."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.proxy_protocol import (
    V1_START,
    V2_START,
    Announced,
    NotAnnounced,
    begins_like_announcement,
    read_announcement,
)

TLS = b"\x16\x03\x01\x02\x00\x01"
V4 = socket.inet_aton("192.0.2.7") + socket.inet_aton("198.51.100.1") + struct.pack("!HH", 4711, 443)
V6 = (
    socket.inet_pton(socket.AF_INET6, "2001:db8::7")
    + socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    + struct.pack("!HH", 4711, 443)
)
SOURCE_4, SOURCE_6 = ("192.0.2.7", 4711), ("2001:db8::7", 4711)
AUTHORITY = b"\x02" + struct.pack("!H", 9) + b"localhost"


def v2(kind: int, block: bytes, command: int = 0x21) -> bytes:
    return V2_START + bytes((command, kind)) + struct.pack("!H", len(block)) + block


GOOD = [
    ("tcp4", b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n", SOURCE_4),
    ("tcp6", b"PROXY TCP6 2001:DB8:0:0::7 2001:db8::1 4711 443\r\n", SOURCE_6),
    ("mapped", b"PROXY TCP6 ::ffff:192.0.2.7 2001:db8::1 4711 443\r\n", SOURCE_4),
    ("unknown", b"PROXY UNKNOWN\r\n", None),
    ("unknown-with-more", b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", None),
    ("unknown-longest", b"PROXY UNKNOWN " + b"x" * 91 + b"\r\n", None),
    ("v2-tcp4", v2(0x11, V4), SOURCE_4),
    ("v2-tcp6", v2(0x21, V6), SOURCE_6),
    ("v2-extras", v2(0x11, V4 + AUTHORITY), SOURCE_4),
    ("v2-many-extras", v2(0x21, V6 + AUTHORITY * 600), SOURCE_6),
    ("v2-unspec", v2(0x00, b""), None),
    ("v2-unspec-with-more", v2(0x00, V4), None),
    ("v2-udp", v2(0x12, V4), None),
    ("v2-unix", v2(0x31, b"/run/a".ljust(108, b"\0") * 2), None),
    ("v2-local", v2(0x00, b"", command=0x20), None),
    ("v2-local-with-more", v2(0x11, V4, command=0x20), None),
    ("v2-local-of-an-odd-family", v2(0xFF, b"abc", command=0x20), None),
]
GOOD_CASES = pytest.mark.parametrize(
    ("header", "source"),
    [(header, source) for _n, header, source in GOOD],
    ids=[name for name, _h, _s in GOOD],
)


@GOOD_CASES
def test_a_header(header: bytes, source: tuple[str, int] | None) -> None:
    for follows in (b"", TLS, b"PROXY TCP4 "):
        found = read_announcement(header + follows)
        assert isinstance(found, Announced)
        assert found.length == len(header)
        assert found.source == source
        assert (found.destination is None) is (source is None)


@GOOD_CASES
def test_more_is_needed_until_it_is_whole(header: bytes, source: tuple[str, int] | None) -> None:
    assert [read_announcement(header[:end]) for end in range(len(header))] == [None] * len(header)


def test_where_it_was_sent_to() -> None:
    for header in (GOOD[0][1], v2(0x11, V4)):
        found = read_announcement(header)
        assert isinstance(found, Announced)
        assert found.destination == ("198.51.100.1", 443)


def test_a_balancers_own_connection() -> None:
    own = [name for name, header, _s in GOOD if getattr(read_announcement(header), "own", False)]
    assert own == ["v2-local", "v2-local-with-more", "v2-local-of-an-odd-family"]


@pytest.mark.parametrize(
    "data",
    [
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4711\r443\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 443 \r\n",
        b"PROXY TCP4  192.0.2.7 198.51.100.1 4711 443\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4711\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 65536\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 +1 443\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 0443 443\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 443 \r\n",
        b"PROXY TCP4 192.0.2.07 198.51.100.1 4711 443\r\n",
        b"PROXY TCP4 192.0.2 198.51.100.1 4711 443\r\n",
        b"PROXY TCP4 2001:db8::7 2001:db8::1 4711 443\r\n",
        b"PROXY TCP6 192.0.2.7 198.51.100.1 4711 443\r\n",
        b"PROXY TCP6 fe80::1%eth0 2001:db8::1 4711 443\r\n",
        b"PROXY TCP6 \xff\xfe 2001:db8::1 4711 443\r\n",
        b"PROXY UDP4 192.0.2.7 198.51.100.1 4711 443\r\n",
        b"PROXY tcp4 192.0.2.7 198.51.100.1 4711 443\r\n",
        b"PROXY \r\n",
        b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n",
        b"PROXY UNKNOWN " + b"x" * 200,
        V2_START + b"\x11",
        V2_START + b"\x22",
        V2_START + b"\x31\x11\x00\x0c",
        v2(0x41, V4),
        v2(0x13, V4),
        v2(0x11, V4[:-1]),
        v2(0x21, V6[:-1]),
        V2_START + b"\x21\x11\xff\xff",
        V2_START + b"\x20\x00\x40\x00",
    ],
)
def test_a_header_that_is_none(data: bytes) -> None:
    found = read_announcement(data)
    assert isinstance(found, NotAnnounced)
    assert found.begun
    assert found.message.endswith(".")
    assert found.message.isprintable()


@pytest.mark.parametrize(
    "data", [TLS, b"\x16", b"POST / HTTP/1.1\r\n", b"PROXY\tTCP4", b"\r\n\r\n\r", b"proxy ", b"\x00"]
)
def test_no_header_at_all(data: bytes) -> None:
    found = read_announcement(data)
    assert isinstance(found, NotAnnounced)
    assert not found.begun
    assert not begins_like_announcement(data)


def test_what_begins_like_one() -> None:
    assert all(begins_like_announcement(header) for _name, header, _source in GOOD)


@given(
    st.sampled_from([b"", V1_START, V1_START + b"TCP4 ", V2_START, V2_START + b"\x21\x11\x00\x0c"]),
    st.binary(max_size=200),
)
def test_no_bytes_raise(start: bytes, rest: bytes) -> None:
    data = start + rest
    found = read_announcement(data)
    if isinstance(found, Announced):
        assert 0 < found.length <= len(data)
        assert read_announcement(data[: found.length]) == found


_PORTS = st.integers(0, 65535)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), _PORTS, _PORTS)
def test_both_versions_say_the_same(address: object, source_port: int, port: int) -> None:
    text = str(address)
    six = ":" in text
    family = socket.AF_INET6 if six else socket.AF_INET
    packed = socket.inet_pton(family, text)
    line = f"PROXY TCP{6 if six else 4} {text} {text} {source_port} {port}\r\n".encode()
    block = packed * 2 + struct.pack("!HH", source_port, port)
    first, second = read_announcement(line), read_announcement(v2(0x21 if six else 0x11, block))
    assert isinstance(first, Announced)
    assert isinstance(second, Announced)
    assert (first.source, first.destination) == (second.source, second.destination)
    assert first.source is not None
    assert first.source[1] == source_port
