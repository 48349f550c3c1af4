"""The vault's file: crashes, damage, newer versions. What can't be understood is never written over."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.certificates import files
from inspector.certificates.files import locked, write_whole
from inspector.certificates.vault import Vault
from inspector.certificates.vaultfile import VaultFile
from inspector.errors import VaultError
from inspector.home import Home
from tests.certificates.forge import Forge


@pytest.fixture
def vault(home: Home) -> Vault:
    vault = Vault(home)
    vault.create_dev()
    return vault


def backup(home: Home) -> Path:
    return home.vault_file.with_name("vault.json.bak")


def changes(forge: Forge) -> list[Any]:
    return [
        lambda vault: vault.add("more", forge.leaf.chain, forge.leaf.key),
        lambda vault: vault.add("more", forge.leaf.chain),
        lambda vault: vault.remove("dev-client"),
        lambda vault: vault.set_trust_clients("dev-ca", False),
        lambda vault: vault.create_dev(force=True),
        lambda vault: vault.change_passphrase("new"),
    ]


class CrashError(BaseException):
    """The power goes."""


@pytest.mark.parametrize("which", range(6))
def test_a_crash_before_the_rename_leaves_the_old_vault(
    home: Home, vault: Vault, forge: Forge, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    before = home.vault_file.read_bytes()

    def crash(*_: object) -> None:
        raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(CrashError):
            changes(forge)[which](vault)
    assert home.vault_file.read_bytes() == before
    again = Vault(home)
    assert [entry.name for entry in again.entries()] == ["dev-ca", "dev-server", "dev-client"]
    assert again.identity("dev-client").key is not None
    changes(forge)[which](again)  # the half-written file of the crash is in nobody's way
    assert sorted(path.name for path in home.data.iterdir() if path.is_file()) == [
        "vault.json", "vault.json.bak", "vault.json.lock",
    ]  # fmt: skip


def test_a_disk_that_is_full_leaves_the_old_vault(
    home: Home, vault: Vault, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.vault_file.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(VaultError, match="No space left"):
            vault.add("more", forge.leaf.chain, forge.leaf.key)
    assert home.vault_file.read_bytes() == before
    assert not list(home.data.glob(".*"))
    assert vault.identity("dev-client").key is not None


def test_everything_is_on_disk_before_the_rename(
    home: Home, vault: Vault, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        order.append("sync")
        real_sync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        order.append("rename")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    vault.remove("dev-client")
    assert order == ["sync", "rename", "sync"] * 2


def test_the_copy_holds_what_was_last_written(home: Home, vault: Vault) -> None:
    assert backup(home).read_bytes() == home.vault_file.read_bytes()
    vault.remove("dev-client")
    assert backup(home).read_bytes() == home.vault_file.read_bytes()


def test_a_copy_that_can_not_be_written_is_no_failure(
    home: Home, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes, *, mode: int = 0o600) -> None:
        if path.suffix == ".bak":
            raise OSError(28, os.strerror(28))
        write_whole(path, data, mode=mode)

    monkeypatch.setattr("inspector.certificates.vaultfile.write_whole", refuse)
    vault.remove("dev-client")
    assert len(Vault(home).entries()) == 2


def damage(text: str) -> dict[str, str]:
    whole = json.loads(text)

    def without(name: str) -> str:
        return json.dumps({key: value for key, value in whole.items() if key != name})

    def entry(**fields: object) -> str:
        return json.dumps({**whole, "entries": [{**whole["entries"][0], **fields}]})

    def lock(**fields: object) -> str:
        return json.dumps({**whole, "protection": {**whole["protection"], **fields}})

    return {
        "empty": "",
        "cut": text[: len(text) // 2],
        "no json": "not json",
        "a list": "[]",
        "nul bytes": "\x00" * 4096,
        "deep": "[" * 100_000,
        "another format": json.dumps({"format": "something", "version": 1}),
        "no format": without("format"),
        "no version": without("version"),
        "version text": json.dumps({**whole, "version": "1"}),
        "version true": json.dumps({**whole, "version": True}),
        "no entries": without("entries"),
        "entries null": json.dumps({**whole, "entries": None}),
        "entry no object": json.dumps({**whole, "entries": [7]}),
        "no protection": without("protection"),
        "keys without a lock": json.dumps({**whole, "protection": None}),
        "twice": json.dumps({**whole, "entries": [whole["entries"][0]] * 2}),
        "name": entry(name=7),
        "no chain": entry(chain=[]),
        "bad chain": entry(chain=["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]),
        "chain no text": entry(chain=[7]),
        "clear key": entry(key="-----BEGIN PRIVATE KEY-----"),
        "trust": entry(trust_clients="yes"),
        "source": lock(source="moon"),
        "verifier": lock(verifier="zz"),
        "kdf": lock(kdf={"name": "md5"}),
        "kdf cheap": lock(kdf={**whole["protection"]["kdf"], "n": 2}),
        "kdf ruinous": lock(kdf={**whole["protection"]["kdf"], "n": 2**40}),
        "kdf text": lock(kdf={**whole["protection"]["kdf"], "n": "32768"}),
    }


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = Home.at(tmp_path_factory.mktemp("sound"))
    Vault(home).create_dev()
    return home.vault_file.read_text()


@pytest.mark.parametrize("how", damage(json.dumps({"entries": [{}], "protection": {"kdf": {}}})))
def test_a_damaged_vault_is_never_written_over(home: Home, forge: Forge, sound: str, how: str) -> None:
    broken = damage(sound)[how]
    home.create()
    home.vault_file.write_text(broken)
    for whole_copy in (True, False):
        backup(home).write_text(sound if whole_copy else broken)
        vault = Vault(home)
        for act in (lambda v: v.entries(), lambda v: v.identity("dev-ca"), *changes(forge)):
            with pytest.raises(VaultError) as caught:
                act(vault)
            assert "damaged" in caught.value.message
            assert "\n" not in caught.value.message
            assert (str(backup(home)) in caught.value.next_step) == whole_copy
            assert caught.value.exit_code == 4
        assert home.vault_file.read_text() == broken
        assert backup(home).read_text() == (sound if whole_copy else broken)


def test_the_advice_for_a_damaged_vault_works(home: Home, vault: Vault) -> None:
    home.vault_file.write_text("{")
    with pytest.raises(VaultError) as caught:
        vault.entries()
    assert f"Its last good copy is {backup(home)}" in caught.value.next_step
    home.vault_file.write_bytes(backup(home).read_bytes())
    assert vault.identity("dev-client").key is not None


@pytest.mark.parametrize("how", ["damaged", "gone", "sound"])
def test_the_copy_is_put_back(home: Home, vault: Vault, how: str) -> None:
    names = [entry.name for entry in vault.entries()]
    path, whole = home.vault_file, home.vault_file.read_bytes()
    if how == "damaged":
        path.write_bytes(whole[:99])
    elif how == "gone":
        path.unlink()
    Vault(home).put_copy_back()
    assert path.read_bytes() == whole
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    assert [entry.name for entry in Vault(home).entries()] == names
    aside = path.with_name("vault.json.damaged")
    assert aside.exists() == (how == "damaged")


def test_a_copy_that_is_damaged_too_is_not_put_back(home: Home, vault: Vault) -> None:
    assert vault.entries()
    home.vault_file.write_bytes(b"{")
    backup(home).write_bytes(b"{")
    with pytest.raises(VaultError, match="is damaged"):
        Vault(home).put_copy_back()
    assert home.vault_file.read_bytes() == b"{"


def test_a_newer_vault_is_left_alone(home: Home, vault: Vault, forge: Forge) -> None:
    newer = json.dumps({"format": "push-inspector vault", "version": 4, "anything": "else"})
    home.vault_file.write_text(newer)
    for act in (lambda v: v.entries(), *changes(forge)):
        with pytest.raises(VaultError, match="newer Push Inspector") as caught:
            act(vault)
        assert str(backup(home)) in caught.value.next_step
    assert home.vault_file.read_text() == newer
    assert json.loads(backup(home).read_text())["version"] == 1


def test_a_vault_that_is_gone_while_its_copy_is_there(home: Home, vault: Vault, forge: Forge) -> None:
    copy = backup(home).read_bytes()
    home.vault_file.unlink()
    for act in (lambda v: v.entries(), *changes(forge)):
        with pytest.raises(VaultError, match="is gone"):
            act(Vault(home))
    assert backup(home).read_bytes() == copy
    assert not home.vault_file.exists()
    home.vault_file.write_bytes(copy)
    assert vault.identity("dev-client").key is not None


def test_a_folder_in_the_vaults_place(home: Home, forge: Forge) -> None:
    home.vault_file.mkdir(parents=True)
    for act in (lambda v: v.entries(), *changes(forge)):
        with pytest.raises(VaultError, match="can't be read"):
            act(Vault(home))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_noticed_or_harmless(tmp_path: Path, sound: str, data: st.DataObject) -> None:
    home = Home.at(tmp_path)
    start = data.draw(st.integers(0, len(sound)))
    end = data.draw(st.integers(start, min(start + 40, len(sound))))
    broken = sound[:start] + data.draw(st.text(max_size=20)) + sound[end:]
    home.vault_file.write_text(broken, encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(VaultError):
        VaultFile(home).load()


def test_a_lock_that_stays_taken(home: Home, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.05)
    with locked(home.data / "vault.json.lock"):
        assert vault.entries()
        with pytest.raises(VaultError, match="Another process"):
            vault.remove("dev-client")
    vault.remove("dev-client")


def test_a_lock_that_can_not_be_made(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="lock file"), locked(tmp_path / "none" / "lock"):
        pytest.fail("locked")
