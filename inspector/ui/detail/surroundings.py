"""What the listener and the vault are like now, for the window to say what would help. Frozen; no Qt.

Imports cryptography and the certificates room.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from cryptography import x509

from inspector.certificates.allowed import AllowedClients


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`accepted` are the CAs whose clients are let in, `known` all those of the vault, `own_names` what our server
    certificate is for (empty where none is known), `allowed` the clients that are let in by name, if there are any.
    `own_ca`: there is a CA of ours that the other side could trust. `lenient`: clients are taken whatever is wrong with
    their certificate. `url` is where we listen, empty where we don't."""

    accepted: tuple[x509.Certificate, ...] = ()
    known: tuple[x509.Certificate, ...] = ()
    own_names: tuple[str, ...] = ()
    allowed: AllowedClients = field(default_factory=AllowedClients)
    own_ca: bool = False
    lenient: bool = False
    url: str = ""


NOWHERE = Surroundings()


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
