"""A process that is killed while it writes the vault: the file is the old one or the new one, whole, and every key in
it opens with the one passphrase or the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.certificates.vault import Vault
from inspector.errors import VaultError
from inspector.home import Home

# Says before each step that it begins, for ever, until it is killed in the middle of one.
_PRELUDE = """
import sys
from pathlib import Path
from inspector.certificates import protection
from inspector.certificates.vault import Vault
from inspector.home import Home
protection._COST = (2**14, 8, 1)
passphrase = ["one"]
vault = Vault(Home.at(Path(sys.argv[1])), ask=lambda: passphrase[0], use_keyring=False)
def begin():
    print("begin", flush=True)
"""
_SAVING = (
    _PRELUDE
    + """
chain = vault.get("dev-ca").chain
while True:
    begin()
    vault.add("more", chain, replace=True)
    vault.set_trust_clients("more", True)
    vault.restore(vault.remove("more"))
"""
)
_CHANGING = (
    _PRELUDE
    + """
vault.identity("dev-client")
while True:
    for new in ("two", "one"):
        begin()
        vault.change_passphrase(new)
"""
)


def kill_after(script: str, home: Home, steps: int) -> None:
    """Run the script and kill it in its step of that number, as nothing can be caught."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(home.data)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert process.stdout is not None
    for _ in range(steps):
        assert process.stdout.readline() == b"begin\n"
    process.kill()
    process.communicate(timeout=30)


def opens_with(home: Home, passphrase: str) -> bool:
    vault = Vault(home, ask=lambda: passphrase, use_keyring=False)
    try:
        vault.identity("dev-client")
    except VaultError:
        return False
    names = [entry.name for entry in vault.entries() if entry.has_key]
    assert names == ["dev-ca", "dev-server", "dev-client"]
    for name in names:  # all of them, not only the first
        vault.identity(name)
    return True


@pytest.fixture
def locked(home: Home) -> Home:
    vault = Vault(home, ask=lambda: "one", use_keyring=False)
    vault.create_dev()
    vault.change_passphrase("one")
    return home


def assert_whole(home: Home) -> None:
    assert opens_with(home, "one") != opens_with(home, "two")
    if sys.platform != "win32":
        for path in (home.vault_file, home.vault_file.with_name("vault.json.bak")):
            assert path.stat().st_mode & 0o777 == 0o600
    copy = Home.at(home.data / "copy")
    copy.create()
    backup = home.vault_file.with_name("vault.json.bak")
    copy.vault_file.write_bytes(backup.read_bytes())
    assert opens_with(copy, "one") != opens_with(copy, "two")
    for path in Path(home.data).glob("*"):  # what was half written is locked, too
        assert not path.is_file() or b"BEGIN PRIVATE KEY" not in path.read_bytes()


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_killed_while_saving(locked: Home, steps: int) -> None:
    kill_after(_SAVING, locked, steps)
    assert_whole(locked)
    Vault(locked, ask=lambda: "one", use_keyring=False).remove("dev-server")  # nothing is in the way


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_killed_while_the_passphrase_changes(locked: Home, steps: int) -> None:
    kill_after(_CHANGING, locked, steps)
    assert_whole(locked)
