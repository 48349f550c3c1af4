"""Where a vault's passphrase comes from, seen through the vault: new ones, existing ones, and when it is gone."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail, null

from inspector.certificates import oskeyring
from inspector.certificates.passphrase import VARIABLE, PassphraseKind
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError, UsageError, VaultError
from inspector.home import Home
from tests.certificates.forge import Forge
from tests.certificates.memory_keyring import MemoryKeyring


def never_asked() -> str:
    pytest.fail("asked for the passphrase")


def made(home: Home, forge: Forge) -> Vault:
    vault = Vault(home, ask=never_asked)
    vault.add("leaf", forge.leaf.chain, forge.leaf.key)
    return vault


def opens(home: Home, ask: Callable[[], str] | None = None) -> bool:
    try:
        return Vault(home, ask=ask).identity("leaf").key is not None
    except VaultError as error:
        return not well_told(error)


def well_told(error: VaultError) -> bool:
    return error.exit_code == 4 and bool(error.next_step) and "\n" not in error.message + error.next_step


def recorded(home: Home) -> str:
    return str(json.loads(home.vault_file.read_text())["protection"]["source"])


def test_a_new_vault_takes_the_keyring_first(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "from the environment")
    vault = made(home, forge)
    assert vault.source().kind is PassphraseKind.KEYRING
    assert vault.source().advice == ""
    [(service, account)] = memory_keyring.secrets
    assert service == "push-inspector"
    assert account in home.vault_file.read_text()
    assert len(memory_keyring.secrets[service, account]) > 30
    assert memory_keyring.secrets[service, account] not in home.vault_file.read_text()
    assert not home.vault_key_file.exists()
    assert opens(home)


def test_two_homes_do_not_share_a_secret(tmp_path: Path, forge: Forge, memory_keyring: MemoryKeyring) -> None:
    for name in ("a", "b"):
        made(Home.at(tmp_path / name), forge)
    assert len(set(memory_keyring.secrets.values())) == 2


def test_then_the_environment(home: Home, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "from the environment")
    vault = made(home, forge)
    assert vault.source().kind is PassphraseKind.ENVIRONMENT
    assert VARIABLE in vault.source().description
    assert "from the environment" not in repr(vault.source())
    assert opens(home)
    monkeypatch.setenv(VARIABLE, "another")
    assert not opens(home)
    assert opens(home, lambda: "from the environment")
    monkeypatch.delenv(VARIABLE)
    assert not opens(home)


def test_then_a_random_key_in_a_file_of_its_own(home: Home, forge: Forge) -> None:
    vault = made(home, forge)
    source = vault.source()
    assert source.kind is PassphraseKind.KEY_FILE
    assert str(home.vault_key_file) in source.description
    assert source.advice
    assert stat.S_IMODE(home.vault_key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.vault_key_file.parent.stat().st_mode) == 0o700
    assert home.vault_key_file.parent != home.vault_file.parent
    secret = home.vault_key_file.read_text().strip()
    assert secret not in repr(source)
    assert opens(home)
    home.vault_key_file.write_text("another\n")
    assert not opens(home)
    home.vault_key_file.unlink()
    assert not opens(home)
    assert opens(home, lambda: secret)


def test_a_key_file_that_is_there_is_used_and_never_replaced(home: Home, forge: Forge) -> None:
    home.vault_key_file.parent.mkdir(parents=True)
    home.vault_key_file.write_text("of an older vault\n")
    made(home, forge)
    assert home.vault_key_file.read_text() == "of an older vault\n"
    assert opens(home)


def test_an_empty_key_file_is_not_taken_for_a_key(home: Home, forge: Forge) -> None:
    home.vault_key_file.parent.mkdir(parents=True)
    home.vault_key_file.touch()
    with pytest.raises(VaultError, match="empty"):
        made(home, forge)
    assert not home.vault_file.exists()


@pytest.mark.parametrize("fault", ["locked", "forgetful"])
def test_a_keyring_that_can_not_keep_a_secret_is_passed_over(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, fault: str
) -> None:
    setattr(memory_keyring, fault, True)
    assert made(home, forge).source().kind is PassphraseKind.KEY_FILE
    assert opens(home)


def test_a_keyring_that_hangs_is_passed_over(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oskeyring, "PROBE_SECONDS", 0.05)
    memory_keyring.hanging = True
    assert made(home, forge).source().kind is PassphraseKind.KEY_FILE
    memory_keyring.release.set()


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_stand_ins_for_a_keyring_are_none(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, backend: type[fail.Keyring | null.Keyring]
) -> None:
    keyring.set_keyring(backend())
    assert made(home, forge).source().kind is PassphraseKind.KEY_FILE


def test_a_keyring_in_a_plain_file_is_none(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryKeyring, "priority", 0.5)
    assert made(home, forge).source().kind is PassphraseKind.KEY_FILE
    assert memory_keyring.calls == 0


@pytest.mark.parametrize("way", ["variable", "parameter"])
def test_the_keyring_can_be_switched_off(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "variable":
        monkeypatch.setenv("PUSH_INSPECTOR_NO_KEYRING", "1")
    vault = Vault(home, use_keyring=way == "variable")
    vault.create_dev()
    vault.identity("dev-client")
    assert vault.source().kind is PassphraseKind.KEY_FILE
    assert memory_keyring.calls == 0


def test_a_vault_of_the_keyring_says_so_where_it_is_switched_off(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, forge)
    with pytest.raises(VaultError, match="switched off"):
        Vault(home, use_keyring=False).identity("leaf")
    monkeypatch.setenv("PUSH_INSPECTOR_NO_KEYRING", "1")
    with pytest.raises(VaultError) as caught:
        Vault(home).identity("leaf")
    assert "PUSH_INSPECTOR_NO_KEYRING" in caught.value.next_step
    monkeypatch.setenv("PUSH_INSPECTOR_NO_KEYRING", "0")
    assert opens(home)


def test_a_locked_keyring_neither_loses_nor_replaces_anything(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, forge)
    before = home.vault_file.read_bytes()
    memory_keyring.locked = True
    monkeypatch.setenv(VARIABLE, "something else")
    assert not opens(home)
    with pytest.raises(VaultError):
        Vault(home).add("more", forge.other.chain, forge.other.key)
    assert home.vault_file.read_bytes() == before
    memory_keyring.locked = False
    assert opens(home)


def test_the_variable_beside_a_vault_of_another_source_changes_nothing(
    home: Home, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, forge)
    monkeypatch.setenv(VARIABLE, "set later")
    Vault(home).add("other", forge.other.chain, forge.other.key)
    assert recorded(home) == "key_file"
    monkeypatch.delenv(VARIABLE)
    for name in ("leaf", "other"):
        assert Vault(home).identity(name).key is not None


def test_a_passphrase_of_the_users_is_asked_once(home: Home, forge: Forge) -> None:
    made(home, forge).change_passphrase("correct hörse")
    asked = []

    def ask() -> str:
        asked.append(1)
        return "correct ho\u0308rse"  # decomposed, as a Mac's keyboard may have it

    vault = Vault(home, ask=ask)
    assert vault.source().kind is PassphraseKind.PASSPHRASE
    assert vault.entries()
    assert asked == []
    for _ in range(3):
        vault.identity("leaf")
    vault.add("other", forge.other.chain, forge.other.key)
    assert asked == [1]
    assert not opens(home)
    assert not opens(home, lambda: "wrong")
    assert not opens(home, lambda: "")


def test_the_variable_answers_instead_of_the_user(
    home: Home, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(home, forge).change_passphrase("correct horse")
    monkeypatch.setenv(VARIABLE, "correct horse")
    assert opens(home, never_asked)


def test_a_wrong_answer_can_be_followed_by_a_right_one(home: Home, forge: Forge) -> None:
    made(home, forge).change_passphrase("right")
    answers = iter(["wrong", "right"])
    vault = Vault(home, ask=lambda: next(answers))
    with pytest.raises(VaultError, match="another one than was given"):
        vault.identity("leaf")
    assert vault.identity("leaf").key is not None


def test_who_gives_up_is_heard(home: Home, forge: Forge) -> None:
    made(home, forge).change_passphrase("right")

    def give_up() -> str:
        raise UsageError("cancelled")

    vault = Vault(home, ask=give_up)
    for _ in range(2):
        with pytest.raises(UsageError, match="cancelled"):
            vault.identity("leaf")


def test_while_the_user_is_asked_what_needs_no_key_goes_on(home: Home, forge: Forge) -> None:
    made(home, forge).change_passphrase("right")
    asking, answer = threading.Event(), threading.Event()
    nested: list[Exception] = []

    def ask() -> str:
        asking.set()
        try:
            vault.identity("leaf")  # the dialog's event loop lets the same thread come here again
        except VaultError as error:
            nested.append(error)
        answer.wait()
        return "right"

    vault = Vault(home, ask=ask)
    worker = threading.Thread(target=lambda: vault.identity("leaf"))
    worker.start()
    assert asking.wait(10)
    assert [entry.name for entry in vault.entries()] == ["leaf"]
    assert vault.source().kind is PassphraseKind.PASSPHRASE
    vault.add("root", [forge.root.leaf], trust_clients=True)
    vault.set_trust_clients("root", False)
    vault.remove("root")
    answer.set()
    worker.join()
    assert "being asked" in str(nested[0])


def test_changing_the_passphrase_locks_everything_anew(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring
) -> None:
    vault = made(home, forge)
    vault.add("rsa", forge.rsa.chain, forge.rsa.key)
    vault.add("root", [forge.root.leaf], trust_clients=True)
    entries = vault.entries()
    before = home.vault_file.read_text()
    vault.change_passphrase("new")
    assert vault.entries() == entries
    assert memory_keyring.secrets == {}
    keys = [entry["key"] for entry in json.loads(before)["entries"] if entry["key"]]
    for path in (home.vault_file, home.vault_file.with_name("vault.json.bak")):
        assert not any(json.dumps(key)[1:-1] in path.read_text() for key in keys)
    for name in ("leaf", "rsa"):
        assert Vault(home, ask=lambda: "new").identity(name).key is not None
        assert vault.identity(name).key is not None
    vault.change_passphrase("newer")
    assert opens(home, lambda: "newer")
    assert not opens(home, lambda: "new")


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_passphrase_is_refused(home: Home, forge: Forge, empty: str) -> None:
    vault = made(home, forge)
    with pytest.raises(UsageError, match="empty"):
        vault.change_passphrase(empty)
    assert opens(home)


def test_a_vault_can_be_moved_from_source_to_source(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = made(home, forge)
    vault.protect_with(PassphraseKind.KEY_FILE)
    assert (recorded(home), memory_keyring.secrets) == ("key_file", {})
    assert opens(home)
    monkeypatch.setenv(VARIABLE, "secret")
    vault.protect_with(PassphraseKind.ENVIRONMENT)
    assert recorded(home) == "environment"
    assert not home.vault_key_file.exists()
    assert opens(home)
    vault.protect_with(PassphraseKind.KEYRING)
    vault.protect_with(PassphraseKind.KEYRING)
    assert (recorded(home), len(memory_keyring.secrets)) == ("keyring", 1)
    monkeypatch.delenv(VARIABLE)
    assert opens(home)


def test_a_source_that_is_not_at_hand_changes_nothing(home: Home, forge: Forge) -> None:
    vault = made(home, forge)
    before = home.vault_file.read_bytes()
    for kind in (PassphraseKind.KEYRING, PassphraseKind.ENVIRONMENT, PassphraseKind.NONE):
        with pytest.raises(VaultError):
            vault.protect_with(kind)
    assert home.vault_file.read_bytes() == before
    assert opens(home)


def test_another_process_that_changes_the_passphrase_is_noticed(home: Home, forge: Forge) -> None:
    made(home, forge)
    answers: list[str] = []
    vault = Vault(home, ask=lambda: answers.pop())
    assert vault.identity("leaf").key is not None
    Vault(home).change_passphrase("of the other process")
    with pytest.raises(IndexError):
        vault.identity("leaf")
    answers.append("of the other process")
    vault.add("other", forge.other.chain, forge.other.key)
    assert Vault(home, ask=lambda: "of the other process").identity("other").key is not None


def test_a_vault_of_certificates_alone_needs_no_passphrase(
    home: Home, forge: Forge, memory_keyring: MemoryKeyring
) -> None:
    vault = Vault(home, ask=never_asked)
    assert vault.source().kind is PassphraseKind.NONE
    vault.add("root", [forge.root.leaf], trust_clients=True)
    vault.set_trust_clients("root", False)
    assert vault.source().kind is PassphraseKind.NONE
    assert memory_keyring.calls == 0
    assert not home.vault_key_file.exists()
    with pytest.raises(CertificateError) as caught:
        vault.identity("root")
    assert caught.value.code == "no_key"


READS = """
import sys
from pathlib import Path
from inspector.certificates.vault import Vault
from inspector.home import Home
vault = Vault(Home.at(Path(sys.argv[1])))
assert [entry.name for entry in vault.entries()] == ["leaf"]
assert vault.get("leaf").has_key
vault.source(), vault.cas(), vault.trusted_client_cas()
print(sorted({"keyring", "jeepney", "secretstorage", "httpx", "asyncio", "OpenSSL"} & set(sys.modules)))
"""


def test_reading_entries_loads_no_keyring(home: Home, forge: Forge, memory_keyring: MemoryKeyring) -> None:
    made(home, forge)
    done = subprocess.run(
        [sys.executable, "-c", READS, str(home.data)],
        env={"PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
