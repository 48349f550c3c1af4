"""Undoing content codings."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.content_coding import Undecodable, decode

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


@given(st.binary(max_size=500), st.lists(st.sampled_from(["gzip", "deflate", "identity"]), max_size=4))
def test_codings_on_top_of_each_other(body: bytes, codings: list[str]) -> None:
    coded = body
    for coding in codings:
        if coding != "identity":
            coded = gzip.compress(coded) if coding == "gzip" else zlib.compress(coded)
    assert decode(coded, ", ".join(codings), CAP) == body


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(0, 9))
def test_gzip_of_several_members(bodies: list[bytes], padding: int) -> None:
    coded = b"".join(map(gzip.compress, bodies)) + b"\0" * padding
    assert decode(coded, "gzip", CAP) == b"".join(bodies)


def why(body: bytes, coding: str) -> str:
    found = decode(body, coding, CAP)
    assert isinstance(found, Undecodable)
    return found.message


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "g zip", "x" * 5000])
def test_other_codings(coding: str) -> None:
    assert "is not known here" in why(gzip.compress(b"x"), coding)
    assert len(why(b"x", coding)) < 200


def test_too_many_codings() -> None:
    assert "9 content codings" in why(b"x", ", ".join(["gzip"] * 9))


def test_the_cap() -> None:
    assert decode(gzip.compress(b"a" * CAP), "gzip", CAP) == b"a" * CAP
    two = gzip.compress(b"a" * (CAP // 2)) * 2
    assert decode(two, "gzip", CAP) == b"a" * CAP
    bomb = gzip.compress(b"a" * 50_000_000)
    for coded, coding in (
        (gzip.compress(b"a" * (CAP + 1)), "gzip"),
        (two + gzip.compress(b"a"), "gzip"),
        (bomb, "gzip"),
        (gzip.compress(bomb), "gzip, gzip"),
        (zlib.compress(b"a" * 50_000_000), "deflate"),
        (raw_deflate(b"a" * 50_000_000), "deflate"),
    ):
        assert "more than 10000 bytes" in why(coded, coding)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "deflate, gzip"]))
def test_no_bytes_raise(body: bytes, coding: str) -> None:
    assert isinstance(decode(body, coding, CAP), bytes | Undecodable)


def test_damaged_and_cut_off() -> None:
    coded = gzip.compress(b"hello world")
    assert "cut off" in why(coded[:-1], "gzip")
    assert "cut off" in why(b"", "gzip")
    assert "not valid gzip" in why(coded[:-8] + b"\0" * 8, "gzip")
    assert "1 bytes follow" in why(coded + b"x", "gzip")
    assert "not valid gzip" in why(b'{"aps": {}}', "gzip")
    assert "not valid deflate" in why(zlib.compress(b"hello world")[:-1] + b"x", "deflate")
    assert "not valid deflate" in why(b"\xff\xff", "deflate")
    assert "3 bytes follow" in why(raw_deflate(b"hello world") + b"xyz", "deflate")
