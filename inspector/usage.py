"""What uses an identity or CA of the vault: saved targets and the listener's settings, which name entries by name.
Pure.

So whatever takes an entry's place in the vault is used from then on, without anybody having to edit what names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.certificates.dev_names import DEV_SERVER
from inspector.listen_request import ListenRequest


@dataclass(frozen=True, slots=True)
class NamedIdentity:
    """Something that sends as an identity: its own name, and the identity's."""

    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an entry: `target`, `listener`, `listener_clients` (its CA is taken clients from) or `forwarding`;
    `name` is a target's."""

    kind: str
    name: str = ""

    @property
    def words(self) -> str:
        """For people."""
        return {
            "target": f"the target {self.name}",
            "listener": "the listener, as its server certificate",
            "listener_clients": "the listener, as a CA that clients are taken from",
            "forwarding": "the listener, to pass pushes on",
        }[self.kind]


def uses_of(
    name: str, *, targets: Iterable[NamedIdentity], listening: ListenRequest, trusted_for_clients: bool
) -> tuple[Use, ...]:
    """What uses the entry `name`. Without an identity of its own the listener shows dev-server."""
    found = [Use("target", target.name) for target in targets if target.identity == name]
    if (listening.server_identity or DEV_SERVER) == name:
        found.append(Use("listener"))
    if trusted_for_clients and not listening.client_ca_files:
        found.append(Use("listener_clients"))
    if listening.forward is not None and listening.forward.identity == name:
        found.append(Use("forwarding"))
    return tuple(found)


def listed(uses: Iterable[Use]) -> str:
    """The uses in one phrase: `the target staging and the listener, as …`; empty where there is none."""
    words = [use.words for use in uses]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
