"""What was removed can be put back until the program ends, its key encrypted all the while."""

from __future__ import annotations

import pytest

from inspector.certificates.removed import Removed
from inspector.certificates.vault import Vault
from inspector.certificates.vaultfile import VaultFile
from inspector.errors import CertificateError, VaultError
from inspector.home import Home
from tests.certificates.forge import Forge


@pytest.fixture
def vault(home: Home) -> Vault:
    vault = Vault(home)
    vault.create_dev()
    return vault


def names(vault: Vault) -> list[str]:
    return [entry.name for entry in vault.entries()]


def test_an_entry_comes_back_where_it_was_with_its_key(home: Home, vault: Vault) -> None:
    before = home.vault_file.read_bytes()
    removed = vault.remove("dev-server")
    assert removed.entry.name == "dev-server"
    assert names(vault) == ["dev-ca", "dev-client"]
    vault.lock()  # no passphrase is needed
    assert vault.restore(removed).has_key
    assert not vault.opening.is_open
    assert home.vault_file.read_bytes() == before
    assert vault.identity("dev-server").key is not None
    with pytest.raises(VaultError, match="put back already"):
        vault.restore(removed)
    assert "PRIVATE" not in repr(removed)


def test_several_come_back_in_any_order(vault: Vault) -> None:
    first, second, third = vault.remove("dev-ca"), vault.remove("dev-server"), vault.remove("dev-client")
    for removed in (second, first, third):
        vault.restore(removed)
    assert sorted(names(vault)) == ["dev-ca", "dev-client", "dev-server"]
    assert vault.get("dev-ca").trust_clients
    for name in names(vault):
        vault.identity(name)


def test_the_passphrase_was_changed_meanwhile(home: Home, vault: Vault) -> None:
    removed = vault.remove("dev-client")
    vault.change_passphrase("a new one")
    vault.restore(removed)
    again = Vault(home, ask=lambda: "a new one")
    assert again.identity("dev-client").key is not None


def test_the_passphrase_was_changed_by_another_process(home: Home, vault: Vault, forge: Forge) -> None:
    vault.add("plain", forge.leaf.chain)
    with_key, without = vault.remove("dev-client"), vault.remove("plain")
    Vault(home).change_passphrase("of another process")
    with pytest.raises(VaultError, match="changed the vault's passphrase"):
        vault.restore(with_key)
    assert vault.restore(without).name == "plain"


def test_the_passphrase_could_not_be_changed(
    home: Home, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = vault.remove("dev-client")

    def full(*_: object) -> None:
        raise VaultError("full")

    with monkeypatch.context() as patch:
        patch.setattr(VaultFile, "save", full)
        with pytest.raises(VaultError, match="full"):
            vault.change_passphrase("never in force")
    vault.restore(removed)
    assert Vault(home).identity("dev-client").key is not None


def test_its_name_was_taken_meanwhile(vault: Vault, forge: Forge) -> None:
    removed = vault.remove("dev-client")
    vault.add("DEV-client", forge.leaf.chain)
    with pytest.raises(CertificateError) as caught:
        vault.restore(removed)
    assert caught.value.code == "exists"
    vault.remove("DEV-client")
    vault.restore(removed)


def test_a_removal_that_failed_leaves_nothing_to_restore(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = vault.get("dev-client")

    def full(*_: object) -> None:
        raise VaultError("full")

    with monkeypatch.context() as patch:
        patch.setattr(VaultFile, "save", full)
        with pytest.raises(VaultError, match="full"):
            vault.remove("dev-client")
    with pytest.raises(VaultError, match="put back already"):
        vault.restore(Removed(entry, 1))


def test_a_renewed_certificate_keeps_the_key_of_the_one_it_replaces(vault: Vault, forge: Forge) -> None:
    from inspector.certificates.mint import issue

    renewed = issue(forge.middle, "renewed", key=forge.leaf.key)
    vault.add("mine", forge.leaf.chain, forge.leaf.key)
    vault.lock()
    assert vault.add("mine", renewed.chain, replace=True).has_key
    assert not vault.opening.is_open
    assert vault.identity("mine").leaf == renewed.leaf
    assert not vault.add("mine", forge.other.chain, replace=True).has_key  # another key's certificate
