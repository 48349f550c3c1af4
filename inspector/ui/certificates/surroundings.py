"""What is around the vault: who uses its entries, and by which names this machine is reached. No Qt.

Read in the worker's thread. Imports the workbench, the uses and the certificates room.
"""

from __future__ import annotations

import logging
import socket
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inspector.certificates.mint import is_server_name, own_names
from inspector.errors import StateError
from inspector.usage import NamedIdentity, Use, uses_of

if TYPE_CHECKING:
    from inspector.certificates.model import VaultEntry
    from inspector.listen_request import ListenRequest
    from inspector.workbench import Workbench

_log = logging.getLogger(__name__)
# Addresses of documentation (RFC 5737, RFC 3849): nothing is sent there, the kernel only picks our own side of the way.
_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`targets` are the saved ones, `listening` the listener's settings, None where they can't be read; `trouble` says
    why uses can't be told, if so; `names` are those that a server identity of this machine could have."""

    targets: tuple[NamedIdentity, ...] = ()
    listening: ListenRequest | None = None
    trouble: str = ""
    names: tuple[str, ...] = ()

    def uses_of(self, entry: VaultEntry) -> tuple[Use, ...]:
        """What uses an entry."""
        if self.listening is None:
            return ()
        return uses_of(
            entry.name,
            targets=self.targets,
            listening=self.listening,
            trusted_for_clients=entry.trust_clients,
        )


def read_surroundings(workbench: Workbench) -> Surroundings:
    """What can be read of it; files that can't are logged and told in `trouble`."""
    names = (*own_names(), *own_addresses())
    try:
        saved = workbench.targets()
        listening = workbench.load_profile()
    except StateError as error:
        _log.warning("who uses the vault's entries can't be told: %s %s", error.message, error.next_step)
        return Surroundings(trouble=f"{error.message} {error.next_step}".strip(), names=names)
    hosts = (urlsplit(target.request.url).hostname or "" for target in saved)
    reached = (host for host in hosts if host and is_server_name(host))
    return Surroundings(
        targets=tuple(NamedIdentity(target.name, target.request.identity) for target in saved),
        listening=listening,
        names=tuple(dict.fromkeys((*names, *reached))),
    )


def own_addresses() -> tuple[str, ...]:
    """The addresses under which this machine is reached from others, as far as it has a way to them."""
    found = []
    for family, far in _FAR_AWAY:
        try:
            with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
                probe.connect((far, 9))
                address = str(probe.getsockname()[0])
        except OSError:
            continue
        if not address.lower().startswith(("127.", "fe80:")):
            found.append(address)
    return tuple(found)
