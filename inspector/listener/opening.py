"""What the first bytes of a connection are: TLS, plain HTTP, or something else. Pure; imports nothing of the
package.

OpenSSL does not tell what a client offered when it turns it away, so the ClientHello (RFC 8446 4.1.2; it is
in clear) is read here once more. Reading stops quietly at the first thing that does not fit: it is only for
advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

HANDSHAKE_RECORD = 0x16
_CLIENT_HELLO = 1
_SERVER_NAME = 0
_SUPPORTED_VERSIONS = 43
_VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
_METHODS = (b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"CONNECT", b"TRACE", b"PRI")
_LONGEST_METHOD = max(len(method) for method in _METHODS)


class Opening(Enum):
    """What a connection began with. UNDECIDED: too few bytes to tell."""

    UNDECIDED = auto()
    TLS = auto()
    HTTP = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offered: versions by name, newest first, and the server name it asked for."""

    versions: tuple[str, ...] = ()
    server_name: str | None = None


def classify(data: bytes) -> Opening:
    """What the bytes seen so far are. An SSL 2 hello counts as TLS: too old a version of it."""
    if not data:
        return Opening.UNDECIDED
    if data[0] == HANDSHAKE_RECORD:
        if len(data) < 2:
            return Opening.UNDECIDED
        return Opening.TLS if data[1] == 3 else Opening.OTHER
    if data[0] & 0x80:
        if len(data) < 3:
            return Opening.UNDECIDED
        return Opening.TLS if data[2] == _CLIENT_HELLO else Opening.OTHER
    method, space, _rest = data[: _LONGEST_METHOD + 1].partition(b" ")
    if space:
        return Opening.HTTP if method in _METHODS else Opening.OTHER
    if any(candidate.startswith(method) for candidate in _METHODS):
        return Opening.UNDECIDED
    return Opening.OTHER


def read_client_hello(data: bytes) -> ClientHello:
    """What a ClientHello in the first record offers; empty where there is none or it is cut off."""
    if data and data[0] & 0x80:
        return ClientHello(("SSLv2",))
    try:
        return _read(_Reader(data))
    except _CutOffError:
        return ClientHello()


class _CutOffError(Exception):
    """The bytes ended too early."""


class _Reader:
    """Takes big-endian numbers and blocks off the front of some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise _CutOffError
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def block(self, size_of_length: int) -> _Reader:
        return _Reader(self.take(self.number(size_of_length)))

    def take_all(self) -> bytes:
        return self._data[self._at :]

    def __bool__(self) -> bool:
        return self._at < len(self._data)


def _read(reader: _Reader) -> ClientHello:
    reader.take(3)  # record type and version
    record = reader.block(2)
    if record.number(1) != _CLIENT_HELLO:
        return ClientHello()
    record.take(3)  # length
    legacy = record.number(2)
    record.take(32)  # random
    record.block(1)  # session id
    record.block(2)  # cipher suites
    record.block(1)  # compression methods
    versions: list[int] = [legacy]
    name = None
    extensions = record.block(2) if record else _Reader(b"")
    while extensions:
        kind = extensions.number(2)
        value = extensions.block(2)
        if kind == _SUPPORTED_VERSIONS:
            offered = value.block(1)
            versions = []
            while offered:
                versions.append(offered.number(2))
        elif kind == _SERVER_NAME:
            names = value.block(2)
            if names.number(1) == 0:
                name = names.block(2).take_all().decode("ascii", "backslashreplace")
    known = [_VERSIONS[version] for version in sorted(versions, reverse=True) if version in _VERSIONS]
    return ClientHello(tuple(known), name)
