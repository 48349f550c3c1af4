"""Named environments: their file, and their secrets in the vault."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import pytest

from inspector.certificates.vault import Vault
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.sender.kept.environments import KEPT, Environment, Environments, Variable


class KeptSecrets:
    """A vault that keeps secrets in memory and counts how often it was asked."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.asked = 0

    def keep_secrets(self, secrets: Mapping[str, str | None]) -> None:
        self.asked += 1
        for name, text in secrets.items():
            if text is None:
                self.held.pop(name, None)
            else:
                self.held[name] = text

    def secret(self, name: str) -> str | None:
        self.asked += 1
        return self.held.get(name)


@pytest.fixture
def vault() -> KeptSecrets:
    return KeptSecrets()


@pytest.fixture
def environments(home: Home, vault: KeptSecrets) -> Environments:
    return Environments(home, lambda: vault)


def test_without_a_file_there_are_none(environments: Environments, vault: KeptSecrets) -> None:
    assert environments.load().environments == ()
    assert environments.take().values == {}
    assert vault.asked == 0


def test_values_come_and_go(environments: Environments, vault: KeptSecrets) -> None:
    environments.set("local", "BRAND", "90588711")
    environments.set("local", "HOST", "")
    environments.set("staging", "BRAND", "qa1")
    assert environments.load().current == "local", "the first one is the current one"
    assert environments.take().values == {"BRAND": "90588711", "HOST": ""}
    environments.use("STAGING")
    assert environments.take().name == "staging"
    environments.unset("local", "HOST")
    assert environments.take("local").values == {"BRAND": "90588711"}
    environments.rename("staging", "qa")
    assert environments.load().current == "qa"
    environments.duplicate("local", "local 2")
    environments.delete("qa")
    assert [one.name for one in environments.load().environments] == ["local", "local 2"]
    assert environments.load().current == ""
    assert vault.asked == 0, "no secret, no passphrase"


def test_secrets_are_in_the_vault_alone(environments: Environments, vault: KeptSecrets) -> None:
    environments.set("local", "TOKEN", "hush-hush", secret=True)
    assert "hush" not in environments.path.read_text()
    assert environments.load().environments[0].variables == (Variable("TOKEN", KEPT, True),)
    taken = environments.take()
    assert taken.values == {"TOKEN": "hush-hush"}
    assert taken.secrets == frozenset({"TOKEN"})
    assert "hush" not in repr(taken)
    environments.rename("local", "here")
    assert environments.take("here").values == {"TOKEN": "hush-hush"}
    environments.duplicate("here", "there")
    environments.set("there", "TOKEN", "other")
    assert environments.take("here").values == {"TOKEN": "hush-hush"}
    assert environments.take("there").values == {"TOKEN": "other"}, "it stays a secret"
    environments.set("there", "TOKEN", "open", secret=False)
    assert list(vault.held.values()) == ["hush-hush"]
    assert environments.take("there").secrets == frozenset()
    environments.delete("here")
    assert vault.held == {}


def test_with_the_real_vault(home: Home) -> None:
    environments = Environments(home, lambda: Vault(home, use_keyring=False))
    environments.set("local", "TOKEN", "hush", secret=True)
    assert Environments(home, lambda: Vault(home, use_keyring=False)).take().values == {"TOKEN": "hush"}


def test_what_can_not_be_is_refused(environments: Environments) -> None:
    environments.set("local", "A", "1")
    for wrong, word in (
        (lambda: environments.add("LOCAL"), "already"),
        (lambda: environments.add(" "), "no name"),
        (lambda: environments.set("local", "A B", "1"), "no name"),
        (lambda: environments.set("local", "A", "x" * 9000), "too long"),
        (lambda: environments.use("gone"), "There are: local"),
        (lambda: environments.unset("local", "B"), "no value B"),
        (lambda: environments.save(Environment("x", (Variable("A", "1"), Variable("A", "2")))), "twice"),
        (lambda: environments.save(Environment("x", (Variable("A", KEPT, True),))), "Type it once"),
    ):
        with pytest.raises(UsageError) as caught:
            wrong()
        assert word in str(caught.value)
    assert [one.name for one in environments.load().environments] == ["local"]


def test_a_secret_that_is_gone_is_said(environments: Environments, vault: KeptSecrets) -> None:
    environments.set("local", "TOKEN", "hush", secret=True)
    vault.held.clear()
    with pytest.raises(StateError, match="no more"):
        environments.take()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"format": "push-inspector environments"}',
        b'{"format": "push-inspector environments", "version": 2}',
        b'{"format": "push-inspector environments", "version": 1, "environments": [7]}',
        b'{"format": "push-inspector environments", "version": 1, "environments": [{"name": ""}]}',
        b'{"format": "push-inspector environments", "version": 1, "environments": [{"name": "a", "values": {"B": 1}}]}',
        b'{"format": "push-inspector environments", "version": 1, "environments": [{"name": "a"}, {"name": "A"}]}',
    ],
)
def test_a_damaged_file_is_told_and_left_alone(environments: Environments, content: bytes) -> None:
    environments.path.parent.mkdir(parents=True)
    environments.path.write_bytes(content)
    for deed in (environments.load, lambda: environments.set("a", "B", "1"), lambda: environments.use("")):
        with pytest.raises(StateError, match="left as"):
            deed()
    assert environments.path.read_bytes() == content


def test_what_is_not_known_is_kept(environments: Environments) -> None:
    environments.set("local", "A", "1")
    content = json.loads(environments.path.read_bytes())
    content["later"] = {"x": 1}
    content["environments"][0]["colour"] = "red"
    environments.path.write_text(json.dumps(content))
    environments.set("local", "A", "2")
    again = json.loads(environments.path.read_bytes())
    assert again["later"] == {"x": 1}
    assert again["environments"][0]["colour"] == "red"
    if sys.platform != "win32":
        assert environments.path.stat().st_mode & 0o777 == 0o600
