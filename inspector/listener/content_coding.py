"""Undoes a body's Content-Encoding, with a cap on what comes out. Pure; imports zlib."""

from __future__ import annotations

import zlib

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP = frozenset({"gzip", "x-gzip"})


def decode(body: bytes, coding: str, cap: int) -> bytes | None:
    """`body` without its content coding: gzip or deflate (with its zlib wrapping or, as some send it,
    without). None for another coding, for several of them, and where the data is broken or would be more than
    `cap` bytes."""
    name = coding.strip().lower()
    if name in ("", "identity"):
        return body
    if name in _GZIP:
        return _inflate(body, _GZIP_OR_ZLIB, cap)
    if name == "deflate":
        decoded = _inflate(body, _GZIP_OR_ZLIB, cap)
        return _inflate(body, _RAW_DEFLATE, cap) if decoded is None else decoded
    return None


def _inflate(body: bytes, window: int, cap: int) -> bytes | None:
    inflater = zlib.decompressobj(window)
    try:
        decoded = inflater.decompress(body, cap)
    except zlib.error:
        return None
    return decoded if inflater.eof and not inflater.unused_data else None
