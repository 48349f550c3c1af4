"""Reading TLS off raw bytes: numbers, blocks and records. Pure; imports nothing.

RFC 8446, sections 3 and 5.1; TLS 1.2's layout is the same.
"""

from __future__ import annotations

from collections.abc import Iterator

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
_HEADER_BYTES = 5
_MESSAGE_HEADER_BYTES = 4


class CutOffError(Exception):
    """The bytes ended too early."""


class Octets:
    """Takes big-endian numbers and blocks off the front of some bytes. Each raises CutOffError where there are too
    few."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise CutOffError
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def block(self, size_of_length: int) -> bytes:
        """A block that its length is written before, in so many bytes."""
        return self.take(self.number(size_of_length))

    def __bool__(self) -> bool:
        return self._at < len(self._data)


def records(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The records that are there whole: content type, header, content."""
    at = 0
    while at + _HEADER_BYTES <= len(data):
        start = at + _HEADER_BYTES
        end = start + (data[at + 3] << 8 | data[at + 4])
        if end > len(data):
            return
        yield data[at], data[at:start], data[start:end]
        at = end


def messages(handshake: bytes) -> Iterator[tuple[int, bytes]]:
    """The handshake messages that are there whole: type and body."""
    at = 0
    while at + _MESSAGE_HEADER_BYTES <= len(handshake):
        start = at + _MESSAGE_HEADER_BYTES
        end = start + int.from_bytes(handshake[at + 1 : start], "big")
        if end > len(handshake):
            return
        yield handshake[at], handshake[start:end]
        at = end


def clear_handshake(data: bytes) -> bytes:
    """The content of the handshake records at the beginning, put together: a message may be spread over several. In
    TLS 1.2 that is all until the client changes to its key, in TLS 1.3 the ClientHello."""
    pieces = []
    for kind, _header, content in records(data):
        if kind != HANDSHAKE:
            break
        pieces.append(content)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
