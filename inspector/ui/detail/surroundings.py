"""What the listener and the vault are like now, for the window to say what would help. Frozen; no Qt.

Imports cryptography and the certificates room.
"""

from __future__ import annotations

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
