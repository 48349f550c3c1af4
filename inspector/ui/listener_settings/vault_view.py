"""What the settings show of the vault: CAs, servers, clients. No Qt; read in the worker's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.workbench import Workbench


@dataclass(frozen=True, slots=True)
class CaChoice:
    """An entry whose CA clients may be trusted by."""

    name: str
    subject: str
    days_left: int
    trusted: bool


@dataclass(frozen=True, slots=True)
class IdentityChoice:
    """An entry with a key; `names` are what a server's certificate is for."""

    name: str
    subject: str
    days_left: int
    names: tuple[str, ...] = ()

    @property
    def until(self) -> str:
        """How long it lasts, in words."""
        return until(self.days_left)


@dataclass(frozen=True, slots=True)
class VaultView:
    """All of it, each by name. `automatic` is the server that is taken where none is chosen, empty for none."""

    cas: tuple[CaChoice, ...] = ()
    servers: tuple[IdentityChoice, ...] = ()
    clients: tuple[IdentityChoice, ...] = ()
    automatic: str = ""


def until(days: int) -> str:
    """How long a certificate lasts, in words."""
    if days < 0:
        return "expired"
    return "1 day left" if days == 1 else f"{days:,} days left"


def read_vault(workbench: Workbench) -> VaultView:
    """Reads entries only, so it asks for no passphrase. Raises VaultError."""
    if not workbench.home.vault_file.exists():
        return VaultView()
    from inspector.certificates.describe import describe
    from inspector.certificates.entries import anchors
    from inspector.workbench import DEV_SERVER

    cas, servers, clients = [], [], []
    for entry in sorted(workbench.vault.entries(), key=lambda entry: entry.name):
        facts = describe(entry.leaf)
        # An identity's chain has its CA too, but that is no place where one would look for it.
        if (not entry.has_key or facts.is_ca or entry.trust_clients) and (found := anchors([entry])):
            ca = describe(found[0])
            cas.append(CaChoice(entry.name, ca.subject, ca.days_left, entry.trust_clients))
        if not entry.has_key or facts.is_ca:
            continue
        choice = IdentityChoice(entry.name, facts.subject, facts.days_left, facts.names)
        if "server" in facts.purposes:
            servers.append(choice)
        if "client" in facts.purposes:
            clients.append(choice)
    named = [choice.name for choice in servers]
    automatic = DEV_SERVER if DEV_SERVER in named else named[0] if len(named) == 1 else ""
    return VaultView(tuple(cas), tuple(servers), tuple(clients), automatic)
