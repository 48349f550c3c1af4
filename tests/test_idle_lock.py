"""After how long the vault is locked: kept in a file, and in force in every workbench."""

from __future__ import annotations

import pytest

from inspector import core_dumps, idle_lock
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.workbench import Workbench


def test_never_by_default(home: Home) -> None:
    assert idle_lock.load(home) is None
    assert idle_lock.seconds(home) is None


def test_what_was_chosen_stays(home: Home) -> None:
    first = Workbench(home, use_keyring=False)
    first.lock_vault_after(7)
    assert first.vault.opening.idle_limit == 420
    assert Workbench(home, use_keyring=False).vault.opening.idle_limit == 420
    assert home.idle_lock_file.stat().st_mode & 0o077 == 0
    first.lock_vault_after(None)
    assert idle_lock.load(home) is None


@pytest.mark.parametrize("minutes", [0, -1, 1441, True, 1.5, "5"])
def test_what_makes_no_sense_is_refused(home: Home, minutes: object) -> None:
    with pytest.raises(UsageError, match="no number of minutes"):
        idle_lock.save(home, minutes)  # type: ignore[arg-type]
    assert not home.idle_lock_file.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff", b'{"format": "push-inspector idle lock", "version": 1, "minutes": "x"}'],
)
def test_a_damaged_file_locks_soon(home: Home, content: bytes) -> None:
    home.create()
    home.idle_lock_file.write_bytes(content)
    with pytest.raises(StateError, match="idle lock"):
        idle_lock.load(home)
    assert idle_lock.seconds(home) == idle_lock.CAREFUL_MINUTES * 60
    assert home.idle_lock_file.read_bytes() == content


def test_opening_the_vault_forbids_core_dumps(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(core_dumps, "forbid", lambda: asked.append(True))
    bench = Workbench(home, use_keyring=False)
    assert not asked
    _ = bench.vault
    assert asked
