"""Fixtures of the certificates' tests: files to read, and a keyring that is none of the machine's."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest

from inspector.certificates import protection
from tests.certificates.forge import Forge
from tests.certificates.memory_keyring import MemoryKeyring


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return Forge(tmp_path_factory.mktemp("forge"))


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least cost that a vault accepts; what it really is has a test of its own."""
    monkeypatch.setattr(protection, "_COST", (2**14, 8, 1))


@pytest.fixture
def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """A working keyring in memory, in the place of the machine's."""
    monkeypatch.delenv("PUSH_INSPECTOR_NO_KEYRING", raising=False)
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    backend.release.set()
    keyring.set_keyring(before)
