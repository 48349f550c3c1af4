"""The vault locked by hand and when idle: what opens it is forgotten, and asked for again."""

from __future__ import annotations

import pytest

from inspector.certificates import opening
from inspector.certificates.vault import Vault
from inspector.errors import VaultError
from inspector.home import Home


class Person:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.knows = "open sesame"

    def __call__(self) -> str:
        self.asked += 1
        return self.knows


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(opening, "time", clock)
    return clock


@pytest.fixture
def vault(home: Home, person: Person) -> Vault:
    vault = Vault(home, ask=person)
    vault.create_dev()
    vault.change_passphrase(person.knows)
    assert vault.source().asks
    assert vault.opening.is_open
    return vault


def test_locked_it_asks_again(vault: Vault, person: Person) -> None:
    vault.identity("dev-client")
    assert person.asked == 0
    vault.lock()
    assert not vault.opening.is_open
    assert [entry.name for entry in vault.entries()] == [
        "dev-ca",
        "dev-server",
        "dev-client",
    ]  # no key needed
    assert person.asked == 0
    vault.identity("dev-client")
    vault.identity("dev-server")
    assert person.asked == 1
    vault.lock()
    person.knows = "open barley"
    with pytest.raises(VaultError, match="is another one than was given"):
        vault.identity("dev-client")
    assert not vault.opening.is_open


def test_it_locks_when_idle(vault: Vault, person: Person, clock: Clock) -> None:
    vault.opening.idle_limit = 60
    vault.lock()
    vault.identity("dev-client")
    assert person.asked == 1
    clock.now += 59
    assert not vault.opening.lock_when_idle()
    vault.identity("dev-client")  # use keeps it open
    clock.now += 59
    vault.identity("dev-client")
    assert person.asked == 1
    clock.now += 60
    vault.identity("dev-client")  # without a timer, too
    assert person.asked == 2
    clock.now += 61
    assert vault.opening.lock_when_idle()
    assert not vault.opening.is_open
    assert not vault.opening.lock_when_idle()


def test_without_a_limit_it_stays_open(vault: Vault, clock: Clock) -> None:
    clock.now += 1e9
    assert not vault.opening.lock_when_idle()
    assert vault.opening.is_open


def test_locked_while_somebody_is_asked(vault: Vault, person: Person) -> None:
    """The window locks from its own thread; the answer that is on its way still counts."""
    vault.lock()

    def ask() -> str:
        vault.lock()
        return person.knows

    again = Vault(Home.at(vault.path.parent), ask=ask)
    assert again.identity("dev-client").key is not None


def test_a_vault_that_asks_nobody_opens_again_by_itself(home: Home) -> None:
    vault = Vault(home)
    vault.create_dev()
    assert not vault.source().asks
    vault.lock()
    assert vault.identity("dev-client").key is not None
