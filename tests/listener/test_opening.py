"""What the first bytes of a connection are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.opening import Opening, classify


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
