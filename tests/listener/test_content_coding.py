"""Undoing content codings."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.content_coding import decode

CAP = 10_000


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@given(st.binary(max_size=2000))
def test_what_was_coded_comes_back(body: bytes) -> None:
    assert decode(gzip.compress(body), "gzip", CAP) == body
    assert decode(gzip.compress(body), " X-GZip ", CAP) == body
    assert decode(zlib.compress(body), "deflate", CAP) == body
    assert decode(raw_deflate(body), "Deflate", CAP) == body
    assert decode(body, "identity", CAP) == body
    assert decode(body, "", CAP) == body


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br"])
def test_other_codings(coding: str) -> None:
    assert decode(b"x", coding, CAP) is None


def test_the_cap() -> None:
    assert decode(gzip.compress(b"a" * CAP), "gzip", CAP) == b"a" * CAP
    assert decode(gzip.compress(b"a" * (CAP + 1)), "gzip", CAP) is None
    assert decode(gzip.compress(b"a" * 50_000_000), "gzip", CAP) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    for coding in ("gzip", "deflate"):
        assert decode(body, coding, CAP) is None or isinstance(decode(body, coding, CAP), bytes)


def test_damaged_and_cut_off() -> None:
    coded = gzip.compress(b"hello world")
    assert decode(coded[:-1], "gzip", CAP) is None
    assert decode(coded[:-8] + b"\0" * 8, "gzip", CAP) is None
    assert decode(coded + b"x", "gzip", CAP) is None
