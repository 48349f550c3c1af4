"""Tells when the vault's identities have changed, by whichever process. Imports certificates (lazily)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from inspector.errors import VaultError

if TYPE_CHECKING:
    from inspector.certificates.vault import Vault

_SECONDS = 1.0


class VaultWatch:
    """Looks at the vault's file about once a second: while it stays the same, that costs a `stat`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._seen = vault.entries()
        self._due = time.monotonic() + _SECONDS

    def changed(self) -> bool:
        """Whether entries came, went or changed since this was last true. A vault that can't be read now, as while it
        is being put back from its copy, has not changed yet."""
        now = time.monotonic()
        if now < self._due:
            return False
        self._due = now + _SECONDS
        try:
            entries = self._vault.entries()
        except VaultError:
            return False
        if entries == self._seen:
            return False
        self._seen = entries
        return True
