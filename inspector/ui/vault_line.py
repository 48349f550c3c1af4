"""What the status line says of the vault: how keys are kept, which identity runs out next. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.certificates.vault import Vault


@dataclass(frozen=True, slots=True)
class VaultLine:
    """`text` for the line, `tip` for its tooltip."""

    text: str
    tip: str


def read_vault_line(vault: Vault) -> VaultLine:
    """Reads entries only, so it asks for no passphrase. Raises VaultError."""
    from inspector.certificates.describe import describe

    entries = [entry for entry in vault.entries() if entry.has_key]
    if not entries:
        return VaultLine("no certificates yet", "Create the ones for development, or import yours (Ctrl+4)")
    source = vault.source()
    days, name = min((describe(entry.leaf).days_left, entry.name) for entry in entries)
    until = f"{name}: {days:,} days" if days >= 0 else f"{name}: expired"
    return VaultLine(
        f"vault: {source.kind.replace('_', ' ')}  ·  {until}",
        f"{source.description}\n{source.advice}".strip(),
    )
