"""Whether an address is one of this machine's own. Imports the standard library only."""

from __future__ import annotations

import ipaddress
import socket


def own_address_of(host: str, port: int) -> str | None:
    """The first address of `host` that is this machine's own; None where it has none, or no address at all."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    addresses = dict.fromkeys(str(address[0]) for *_, address in answers)
    return next((one for one in addresses if is_own_address(one)), None)


def is_own_address(address: str) -> bool:
    """Whether what is sent to an IP address would stay on this machine.

    Nothing is sent: the system is only asked which of its addresses it would send from, and to itself that is the
    very same one.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback or ip.is_unspecified:
        return True
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        place = socket.getaddrinfo(str(ip) if ip.version == 4 else address, 9, family, socket.SOCK_DGRAM)[0][
            4
        ]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(place)
            source = probe.getsockname()[0]
    except OSError:
        return False
    return bool(ipaddress.ip_address(str(source).partition("%")[0]) == ip)
