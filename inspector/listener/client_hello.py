"""What a client offers: its ClientHello (RFC 8446 4.1.2; it is in clear), read once more beside OpenSSL. And what
the server chose of it.

Pure; imports history's model and this room's bytes and names. OpenSSL does not tell what a client offered, least of
all when it turns it away. Reading stops quietly at the first thing that does not fit: it is only for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from inspector.history.model import ClientOffer
from inspector.listener.octets import CutOffError, Octets, clear_handshake, messages
from inspector.listener.tls_names import CIPHERS, GROUPS, OPENSSL_CIPHERS, SIGNATURES, VERSIONS

_CLIENT_HELLO = 1
_SERVER_NAME, _GROUPS, _SIGNATURES, _ALPN, _VERSIONS = 0, 10, 13, 16, 43
_READ = frozenset({_SERVER_NAME, _GROUPS, _SIGNATURES, _ALPN, _VERSIONS})
# No honest client offers as many of anything; what a hostile one does is not to fill the history.
_MOST_VALUES = 200
_LONGEST_TEXT = 255
# A client offers the same at every handshake, so what was read is kept. The longest in use are below 500 bytes.
_OFFERS_KEPT = 256
_LONGEST_KEPT = 1024


@dataclass(frozen=True, slots=True)
class ClientHello:
    """`offer` is None where there is no ClientHello, or it is cut off or damaged."""

    offer: ClientOffer | None = None
    server_name: str | None = None

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of TLS offered, newest first."""
        return self.offer.versions if self.offer is not None else ()


def read_client_hello(data: bytes) -> ClientHello:
    """The ClientHello that a connection's bytes begin with. Never raises."""
    try:
        if data and data[0] & 0x80:
            return ClientHello(ClientOffer(_versions_of_ssl_2(data)))
        kind, body = next(messages(clear_handshake(data)), (None, b""))
        return _read(Octets(body)) if kind == _CLIENT_HELLO else ClientHello()
    except CutOffError:
        return ClientHello()


def chosen_cipher(server_hello: bytes) -> str | None:
    """The cipher suite that a server chose, by OpenSSL's name: OpenSSL itself tells only when it is in use. The bytes
    are the beginning of what the server sent. Never raises."""
    reader = Octets(server_hello)
    try:
        reader.take(5 + 4 + 2 + 32)  # the headers of record and message, version, random
        reader.block(1)  # session id
        number = reader.number(2)
    except CutOffError:
        return None
    return OPENSSL_CIPHERS.get(CIPHERS.get(number, "")) or f"0x{number:04x}"


def printable(value: bytes) -> str:
    """Text of the wire for people: what is no printable ASCII as `\\x1b`."""
    text = value[:_LONGEST_TEXT].decode("latin-1")
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one.isascii() and one.isprintable() else f"\\x{ord(one):02x}" for one in text)


def _versions_of_ssl_2(data: bytes) -> tuple[str, ...]:
    """A hello in SSL 2's form may ask for a newer version (RFC 5246 E.2), as Java 6 did."""
    newest = VERSIONS.get(int.from_bytes(data[3:5], "big"))
    return (newest, "SSLv2") if newest else ("SSLv2",)


def _read(hello: Octets) -> ClientHello:
    legacy = hello.take(2)
    hello.take(32)  # random
    hello.block(1)  # session id
    ciphers = hello.block(2)
    hello.block(1)  # compression methods
    found = _extensions(hello.block(2)) if hello else {}
    versions = Octets(found[_VERSIONS]).block(1) if _VERSIONS in found else legacy
    groups, signatures, alpn = (
        Octets(found[kind]).block(2) if kind in found else b"" for kind in (_GROUPS, _SIGNATURES, _ALPN)
    )
    size = len(versions) + len(ciphers) + len(groups) + len(signatures) + len(alpn)
    read = _offer if size <= _LONGEST_KEPT else _offer.__wrapped__
    return ClientHello(read(versions, ciphers, groups, signatures, alpn), _server_name(found))


def _extensions(data: bytes) -> dict[int, bytes]:
    """Those extensions that are read here; walked by hand, it is done for every connection."""
    found = {}
    at, end = 0, len(data)
    while at < end:
        start = at + 4
        if start > end:
            raise CutOffError
        kind = data[at] << 8 | data[at + 1]
        at = start + (data[at + 2] << 8 | data[at + 3])
        if at > end:
            raise CutOffError
        if kind in _READ:
            found[kind] = data[start:at]
    return found


def _server_name(found: Mapping[int, bytes]) -> str | None:
    if _SERVER_NAME not in found:
        return None
    names = Octets(Octets(found[_SERVER_NAME]).block(2))
    return printable(names.block(2)) if names.number(1) == 0 else None


@lru_cache(_OFFERS_KEPT)
def _offer(versions: bytes, ciphers: bytes, groups: bytes, signatures: bytes, alpn: bytes) -> ClientOffer:
    newest_first = sorted(dict.fromkeys(_numbers(versions)), reverse=True)
    return ClientOffer(
        _named(newest_first, VERSIONS),
        _named(_numbers(ciphers), CIPHERS),
        _named(_numbers(groups), GROUPS),
        _named(_numbers(signatures), SIGNATURES),
        _protocols(Octets(alpn)),
    )


def _numbers(data: bytes) -> list[int]:
    """Numbers of two bytes, without those that only test whether servers stand what they don't know (RFC 8701)."""
    if len(data) % 2:
        raise CutOffError
    values = (data[at] << 8 | data[at + 1] for at in range(0, min(len(data), 2 * _MOST_VALUES), 2))
    return [value for value in values if not _is_grease(value)]


def _is_grease(value: int) -> bool:
    return value & 0x0F0F == 0x0A0A and value >> 8 == value & 0xFF


def _named(values: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names.get(value) or f"0x{value:04x}" for value in values)


def _protocols(names: Octets) -> tuple[str, ...]:
    found: list[str] = []
    while names and len(found) < _MOST_VALUES:
        name = names.block(1)
        if not (len(name) == 2 and _is_grease(name[0] << 8 | name[1])):
            found.append(printable(name))
    return tuple(found)
