"""Vaults that earlier versions of the program wrote still open, and go on in the same file. The files in `vaults` were
written by those versions and are never made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.certificates.vault import Vault
from inspector.home import Home
from tests.certificates.forge import Forge

OLD = Path(__file__).parent / "vaults"
PASSPHRASE = "as old as the vault"


@pytest.mark.parametrize("version", [1, 2])
def test_an_old_vault_opens(home: Home, forge: Forge, version: int) -> None:
    home.create()
    home.vault_file.write_bytes((OLD / f"version{version}.json").read_bytes())
    assert json.loads(home.vault_file.read_text())["version"] == version
    vault = Vault(home, ask=lambda: PASSPHRASE)
    assert [(entry.name, entry.has_key) for entry in vault.entries()] == [
        ("old-ca", False),
        ("old-client", True),
    ]
    assert vault.get("old-ca").trust_clients
    assert vault.identity("old-client").leaf == vault.get("old-client").leaf
    assert vault.secret("basic") == ("pässword" if version == 2 else None)
    vault.add("new", forge.leaf.chain, forge.leaf.key)
    removed = vault.remove("old-client")
    vault.change_passphrase("a newer one")
    vault.restore(removed)
    again = Vault(home, ask=lambda: "a newer one")
    assert again.identity("old-client").key is not None
    assert again.identity("new").key is not None
    assert again.secret("basic") == ("pässword" if version == 2 else None)
