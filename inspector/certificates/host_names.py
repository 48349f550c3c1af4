"""Host names as clients compare them with a certificate's. Pure; imports nothing of the package."""

from __future__ import annotations

import ipaddress


def is_named(name: str, own_names: tuple[str, ...]) -> bool:
    """Whether a host name or address is one of a certificate's names, as clients compare them (RFC 6125, section 6.4):
    in any case, a leading `*` standing for one label."""
    wanted = _plain(name)
    for own in map(_plain, own_names):
        if own == wanted:
            return True
        first, _, rest = wanted.partition(".")
        if first and own.startswith("*.") and own[2:] == rest:
            return True
    return False


def host_of(address: str) -> str:
    """The host of `host:port`, without brackets; empty where there is none, or it stands for any address."""
    host = address.rpartition(":")[0].strip("[]")
    try:
        return "" if host and ipaddress.ip_address(host).is_unspecified else host
    except ValueError:
        return host


def _plain(name: str) -> str:
    text = name.strip().rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return text
