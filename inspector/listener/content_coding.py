"""Undoes a body's Content-Encoding (RFC 9110 8.4), with a cap on what comes out. Pure; imports zlib."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = frozenset({"gzip", "x-gzip"})
_KNOWN = _GZIP | {"deflate", "identity"}
_MOST_CODINGS = 4
_LONGEST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why a coding can't be undone, as a sentence."""

    message: str


def decode(body: bytes, coding: str, cap: int) -> bytes | Undecodable:
    """`body` without its content codings: gzip (of one member or several) or deflate (with its zlib wrapping or, as
    some send it, without), or a list of them in the order they were applied. Nothing comes to more than `cap` bytes on
    the way."""
    names = [name for part in coding.split(",") if (name := part.strip().lower())]
    for name in names:
        if name not in _KNOWN:
            return Undecodable(f"its content coding {name[:_LONGEST_NAMED]} is not known here")
    names = [name for name in names if name != "identity"]
    if len(names) > _MOST_CODINGS:
        return Undecodable(f"it has {len(names)} content codings, one over the other")
    for name in reversed(names):
        decoded = _decode_one(body, name, cap)
        if isinstance(decoded, Undecodable):
            return decoded
        body = decoded
    return body


def _decode_one(body: bytes, name: str, cap: int) -> bytes | Undecodable:
    decoded = _inflate(body, _GZIP_OR_ZLIB, name, cap)
    if name == "deflate" and isinstance(decoded, Undecodable):
        bare = _inflate(body, _RAW_DEFLATE, name, cap)
        return decoded if isinstance(bare, Undecodable) and _looks_wrapped(body) else bare
    return decoded


def _looks_wrapped(body: bytes) -> bool:
    """Whether it begins as zlib's wrapping does (RFC 1950 2.2)."""
    return len(body) > 1 and body[0] & 0xF == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0


def _inflate(body: bytes, window: int, name: str, cap: int) -> bytes | Undecodable:
    pieces: list[bytes] = []
    left = cap
    while True:
        inflater = zlib.decompressobj(window)
        try:
            # One byte more than there may be: so what just fits is told from what does not.
            piece = inflater.decompress(body, left + 1)
        except zlib.error as error:
            return Undecodable(f"it is not valid {name}: {str(error).partition(': ')[2] or error}")
        if len(piece) > left:
            return Undecodable(f"undoing its {name} gives more than {cap} bytes")
        if not inflater.eof:
            return Undecodable(f"its {name} is cut off")
        pieces.append(piece)
        left -= len(piece)
        # RFC 1952 2.2: members follow each other. Zeros after the last are padding.
        body = inflater.unused_data.lstrip(b"\0") if name in _GZIP else inflater.unused_data
        if not body:
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if name not in _GZIP or not body.startswith(_GZIP_MAGIC):
            return Undecodable(f"{len(body)} bytes follow the end of its {name}")
