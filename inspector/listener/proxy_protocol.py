"""The PROXY protocol's header, versions 1 and 2: how a load balancer announces whose connection it passes on.

Pure: bytes in, header, fault or "more is needed" out. Imports nothing of the package. Written after HAProxy's
specification (doc/proxy-protocol.txt): a line of at most 107 bytes, or a signature with a block of addresses
and optional extras, which are skipped. Where the balancer names no TCP address (a health check of its own,
UNKNOWN, UNSPEC, UNIX sockets, UDP), the connection's own addresses hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

V1_START = b"PROXY "
V2_START = b"\r\n\r\n\x00\r\nQUIT\n"
_V1_LONGEST = 107
_V2_FIXED = 16
# Extras are names, ids and, from some, a client's certificate.
_V2_LONGEST = 16 * 1024
_LONGEST_SHOWN = 60
_V1_FAMILIES: dict[bytes, type[IPv4Address | IPv6Address]] = {
    b"TCP4": IPv4Address,
    b"TCP6": IPv6Address,
}
# Family and transport byte -> size of an address; ports follow both addresses.
_V2_TCP = {0x11: 4, 0x21: 16}
_V2_LAST_FAMILY, _V2_LAST_TRANSPORT = 3, 2

Endpoint = tuple[str, int]
"""An address as text, and a port."""
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Announced:
    """A whole header of `length` bytes. `source` is the client, `destination` what it connected to; both None
    where the balancer names none. `own`: the connection is the balancer's, a health check."""

    length: int
    source: Endpoint | None = None
    destination: Endpoint | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class NotAnnounced:
    """The connection does not begin with a proper header. `begun`: it begins like one."""

    message: str
    begun: bool = False


def read_announcement(data: bytes) -> Announced | NotAnnounced | None:
    """What a connection's first bytes announce; None where more of them are needed. Never raises."""
    if V2_START.startswith(data[:12]):
        return _read_v2(data)
    if V1_START.startswith(data[:6]):
        return _read_v1(data)
    return NotAnnounced("The connection does not begin with a PROXY protocol header.")


def begins_like_announcement(data: bytes) -> bool:
    """Whether these are the first bytes of a connection whose sender speaks the PROXY protocol."""
    return data.startswith((V1_START, V2_START))


def is_within(host: str, networks: Sequence[Network]) -> bool:
    """Whether a socket's address, as text, is in one of the networks."""
    try:
        address = ip_address(_plain(ip_address(host.partition("%")[0])))
    except ValueError:
        return False
    return any(address in network for network in networks)


def _bad(message: str) -> NotAnnounced:
    return NotAnnounced(message, begun=True)


def _read_v1(data: bytes) -> Announced | NotAnnounced | None:
    end = data.find(b"\n", 0, _V1_LONGEST)
    if end < 0:
        if len(data) < _V1_LONGEST:
            return None
        return _bad(f"Its line has no end within {_V1_LONGEST} bytes.")
    line = data[:end]
    if not line.endswith(b"\r") or line.count(b"\r") > 1:
        return _bad("Its line does not end with CR LF.")
    words = line[:-1].split(b" ")
    if words[1] == b"UNKNOWN":  # what follows is to be ignored
        return Announced(end + 1)
    family = _V1_FAMILIES.get(words[1])
    if family is None:
        return _bad(f"{_shown(words[1])} is none of TCP4, TCP6 and UNKNOWN.")
    if len(words) != 6:
        return _bad("After the family it takes two addresses and two ports, each after one space.")
    try:
        addresses = [_plain(family(word.decode("ascii"))) for word in words[2:4]]
    except ValueError:
        return _bad(f"{_shown(b' '.join(words[2:4]))} are not two addresses of {_shown(words[1])}.")
    if any(b"%" in word for word in words[2:4]):
        return _bad("An address with a zone means nothing on another machine.")
    ports = [_port(word) for word in words[4:]]
    if ports[0] is None or ports[1] is None:
        return _bad(f"{_shown(b' '.join(words[4:]))} are not two ports.")
    return Announced(end + 1, (addresses[0], ports[0]), (addresses[1], ports[1]))


def _port(word: bytes) -> int | None:
    if not word.isdigit() or len(word) > 5 or (len(word) > 1 and word.startswith(b"0")):
        return None
    port = int(word)
    return port if port <= 0xFFFF else None


def _read_v2(data: bytes) -> Announced | NotAnnounced | None:
    if len(data) > len(V2_START) and data[12] not in (0x20, 0x21):
        return _bad(
            f"Its version and command are 0x{data[12]:02x}; version 2 knows 0x20 (LOCAL) and 0x21 (PROXY)."
        )
    if len(data) < _V2_FIXED:
        return None
    own, kind = data[12] == 0x20, data[13]
    size = int.from_bytes(data[14:16], "big")
    length = _V2_FIXED + size
    if length > _V2_LONGEST:
        return _bad(f"It announces {length} bytes; {_V2_LONGEST} are taken.")
    if not own:
        if kind >> 4 > _V2_LAST_FAMILY or kind & 0xF > _V2_LAST_TRANSPORT:
            return _bad(f"Its family and transport 0x{kind:02x} are none of version 2's.")
        if kind in _V2_TCP and size < 2 * _V2_TCP[kind] + 4:
            return _bad(f"{size} bytes are too few for two addresses and ports.")
    if len(data) < length:
        return None
    width = 0 if own else _V2_TCP.get(kind, 0)
    if not width:
        return Announced(length, own=own)
    family = IPv4Address if kind == 0x11 else IPv6Address
    block = data[_V2_FIXED : _V2_FIXED + 2 * width + 4]
    source, destination = (_plain(family(block[at : at + width])) for at in (0, width))
    ports = block[2 * width :]
    return Announced(
        length,
        (source, int.from_bytes(ports[:2], "big")),
        (destination, int.from_bytes(ports[2:], "big")),
    )


def _plain(address: IPv4Address | IPv6Address) -> str:
    """An IPv4 address in the clothes of IPv6 is shown as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(address if mapped is None else mapped)


def _shown(word: bytes) -> str:
    shown = word[:_LONGEST_SHOWN].decode("ascii", "backslashreplace")
    return shown if shown.isprintable() else repr(shown)
