"""Saved targets: what is saved comes back, secrets go to the vault, what is damaged or newer is left alone."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.certificates.vault import Vault
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.sender.kept import targets
from inspector.sender.kept.target_fields import from_json, to_json
from inspector.sender.kept.target_secrets import resolve
from inspector.sender.request import KEPT, SendRequest, TrustKind

FULL = SendRequest(
    "https://proxy.example.com/push",
    identity="mybrand",
    trust=TrustKind.FILES,
    ca_files=(Path("/etc/ca.pem"),),
    pin="ab" * 32,
    tls_min="1.3",
    tls_max="1.2",
    basic_user="lp",
    headers=(("X-Brand", "a$b"), ("x-brand", "c")),
    timeout=7.5,
    connect_timeout=0.5,
    proxy="http://proxy:3128",
    proxy_user="me",
)
SECRET = replace(
    FULL,
    basic_password="p4ssword",
    proxy_password="pr0xy",
    headers=(("X-Key", "s3cret"), ("X-Plain", "v"), ("x-key", "0ther"), ("Authorization", "Bearer t0ken")),
    secret_headers=("X-KEY",),
)
SECRETS = (b"p4ssword", b"pr0xy", b"s3cret", b"0ther", b"t0ken")


@pytest.fixture
def vault(home: Home) -> Vault:
    return Vault(home, use_keyring=False)


def opened(home: Home, name: str) -> SendRequest:
    return resolve(targets.find(home, name).request, Vault(home, use_keyring=False).secret)


def places(home: Home) -> set[str]:
    """The secrets' names in the vault, without the ids."""
    kept = json.loads(home.vault_file.read_text()).get("secrets", {})
    return {name.split(" ", 2)[2] for name in kept}


def test_nothing_saved_is_no_target(home: Home) -> None:
    assert targets.load(home) == ()
    assert not home.data.exists()  # looking makes nothing
    with pytest.raises(UsageError, match="no target “staging”") as caught:
        targets.find(home, "staging")
    assert "targets save" in caught.value.next_step


def test_every_field_comes_back(home: Home, vault: Vault) -> None:
    names = {one.name for one in fields(SendRequest) if getattr(FULL, one.name) == one.default}
    assert names == {
        "basic_password",
        "proxy_password",
        "secret_headers",
        "secrets_of",
    }  # a new one must be saved
    saved = targets.save(home, " Staging ", FULL, vault=vault)
    assert saved.name == "Staging"
    assert saved.request == FULL
    assert targets.load(home) == (saved,)
    assert targets.find(home, "sTAGING") == saved
    assert not home.vault_file.exists()  # no secret, no vault
    if sys.platform != "win32":
        assert stat.S_IMODE(home.targets_file.stat().st_mode) == 0o600


def test_files_named_in_one_folder_are_found_from_another(home: Home, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    targets.save(home, "a", SendRequest("https://a/", ca_files=(Path("ca.pem"),)))
    os.chdir("/")
    assert targets.find(home, "a").request.ca_files == (tmp_path / "ca.pem",)


def test_secrets_are_in_the_vault_alone(home: Home, vault: Vault) -> None:
    saved = targets.save(home, "a", SECRET, vault=vault)
    for path in home.data.rglob("*"):
        if path.is_file():
            assert not [secret for secret in SECRETS if secret in path.read_bytes()]
    assert saved == targets.find(home, "a")
    assert saved.request.headers == (
        ("X-Key", KEPT),
        ("X-Plain", "v"),
        ("x-key", KEPT),
        ("Authorization", KEPT),
    )
    assert saved.request.secrets_of == saved.id
    found = opened(home, "a")
    assert replace(found, secret_headers=()) == replace(SECRET, secret_headers=())
    assert not [secret for secret in SECRETS if secret.decode() in repr(found)]


def test_what_is_kept_stays_and_what_goes_is_forgotten(home: Home, vault: Vault) -> None:
    loaded = targets.save(home, "a", SECRET, vault=vault).request
    again = targets.save(
        home, "A", replace(loaded, basic_password="", headers=loaded.headers[:2], timeout=1.0), vault=vault
    )
    assert (again.name, len(targets.load(home))) == ("A", 1)
    assert opened(home, "a").headers == SECRET.headers[:2]
    assert opened(home, "a").timeout == 1.0
    assert places(home) == {"proxy-password", "header x-key"}


def test_another_name_keeps_the_secrets(home: Home, vault: Vault) -> None:
    before = targets.save(home, "a", SECRET, vault=vault)
    after = targets.rename(home, "a", "b")
    assert (after.id, after.name, after.request) == (before.id, "b", before.request)
    assert opened(home, "b").basic_password == "p4ssword"
    assert targets.rename(home, "b", "B").name == "B"
    with pytest.raises(UsageError, match="no target “a”"):
        targets.find(home, "a")


def test_saved_as_another_the_secrets_are_copied(home: Home, vault: Vault) -> None:
    first = targets.save(home, "a", SECRET, vault=vault)
    targets.save(home, "b", replace(first.request, url="https://b/"), vault=vault)
    targets.delete(home, "a", vault=vault)
    copied = opened(home, "b")
    assert (copied.url, copied.basic_password, copied.headers) == ("https://b/", "p4ssword", SECRET.headers)


def test_deleted_it_is_gone_with_its_secrets(home: Home, vault: Vault) -> None:
    targets.save(home, "a", SECRET, vault=vault)
    targets.save(home, "b", FULL, vault=vault)
    targets.delete(home, "A", vault=vault)
    assert [one.name for one in targets.load(home)] == ["b"]
    assert places(home) == set()
    with pytest.raises(UsageError, match="There is no target “a”") as caught:
        targets.delete(home, "a", vault=vault)
    assert caught.value.next_step == "There is: b."


def test_a_name_is_had_once(home: Home) -> None:
    targets.save(home, "a", FULL)
    targets.save(home, "b", FULL)
    with pytest.raises(UsageError, match="There is a target a already") as caught:
        targets.save(home, "A", SendRequest("https://x/"), over=False)
    assert caught.value.code == "target_exists"
    with pytest.raises(UsageError, match="a target a already"):
        targets.rename(home, "b", "A")
    assert targets.find(home, "a").request == FULL


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb"])
def test_what_can_not_be_a_name(home: Home, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        targets.save(home, name, FULL)
    assert caught.value.code == "target_name"
    assert "\n" not in caught.value.message
    assert not home.targets_file.exists()


def test_kept_must_stand_for_something(home: Home, vault: Vault) -> None:
    for request, what in (
        (SendRequest("https://a/", basic_password=KEPT), "password for Basic"),
        (SendRequest("https://a/", proxy_password=KEPT), "password for the proxy"),
        (SendRequest("https://a/", headers=(("X-New", KEPT),)), "value of the header x-new"),
    ):
        with pytest.raises(UsageError, match=f"no {what} yet"):
            targets.save(home, "a", request, vault=vault)
        with pytest.raises(UsageError, match=f"no {what} yet"):
            resolve(request, vault.secret)
        lost = replace(request, secrets_of="gone")
        with pytest.raises(StateError, match=f"{what} was kept in the vault") as caught:
            targets.save(home, "a", lost, vault=vault)
        assert "Type it again" in caught.value.next_step
        with pytest.raises(StateError):
            resolve(lost, vault.secret)
    assert not home.targets_file.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no list of targets"),
        ('{"format": "push-inspector profile", "version": 1}', "no list of targets"),
        ('{"format": "push-inspector targets", "version": true}', "no list of targets"),
        ({"targets": {}}, "no list of targets"),
        ({"targets": [3]}, "target 1"),
        ({"targets": [{"id": "x", "url": "https://a/"}]}, "target 1: 'name'"),
        ({"targets": [{"id": "x", "name": "a", "trust": "everybody"}]}, "trust can't be"),
        ({"targets": [{"id": "x", "name": "a", "tls_min": "1.1"}]}, "tls_min can't be"),
        ({"targets": [{"id": "x", "name": "a", "timeout": 0}]}, "timeout can't be"),
        ({"targets": [{"id": "x", "name": "a", "basic_password": "clear"}]}, "basic_password can't be"),
        (
            {"targets": [{"id": "x", "name": "a", "headers": [{"name": "n", "value": "v", "secret": True}]}]},
            "headers can't be",
        ),
        ({"targets": [{"id": "x", "name": "a"}, {"id": "y", "name": "A"}]}, "one name or id"),
        ({"targets": [{"id": "x", "name": "a"}, {"id": "x", "name": "b"}]}, "one name or id"),
        ({"version": 2}, "newer Push Inspector"),
    ],
)
def test_a_damaged_file_is_named_and_left_as_it_is(home: Home, content: Any, why: str) -> None:
    home.create()
    if isinstance(content, dict):
        content = json.dumps({"format": targets.FORMAT, "version": 1, **content})
    home.targets_file.write_text(content)
    for act in (
        lambda: targets.load(home),
        lambda: targets.save(home, "a", FULL),
        lambda: targets.rename(home, "a", "b"),
        lambda: targets.delete(home, "a"),
    ):
        with pytest.raises(StateError, match=why) as caught:
            act()
        assert str(home.targets_file) in caught.value.message
        assert caught.value.next_step
    assert home.targets_file.read_text() == content


def test_what_is_not_known_is_kept(home: Home) -> None:
    saved = targets.save(home, "a", FULL)
    content = json.loads(home.targets_file.read_text())
    content["colour"] = "red"
    content["targets"][0]["later"] = [1]
    home.targets_file.write_text(json.dumps(content))
    targets.save(home, "a", replace(FULL, timeout=2.0))
    targets.save(home, "b", FULL)
    again = json.loads(home.targets_file.read_text())
    assert (again["colour"], again["targets"][0]["later"], again["targets"][0]["id"]) == (
        "red",
        [1],
        saved.id,
    )
    assert again["targets"][0]["timeout"] == 2.0


def test_a_file_that_can_not_be_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    targets.save(home, "a", FULL)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StateError, match="can't be written: No space left"):
        targets.save(home, "b", FULL)
    monkeypatch.undo()
    assert [one.name for one in targets.load(home)] == ["a"]
    assert sorted(path.name for path in home.config.iterdir() if "targets" in path.name) == [
        "targets.json",
        "targets.json.lock",
    ]


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_seconds = st.floats(0.001, 1e6)
_requests = st.builds(
    SendRequest,
    url=_text,
    identity=_text,
    trust=st.sampled_from(TrustKind),
    ca_files=st.lists(st.just(Path("/ca.pem")), max_size=2).map(tuple),
    pin=_text,
    tls_min=st.sampled_from(("1.2", "1.3")),
    tls_max=st.sampled_from(("1.2", "1.3")),
    basic_user=_text,
    basic_password=st.sampled_from(("", KEPT)),
    headers=st.lists(st.tuples(st.sampled_from(("X-A", "x-a", "B")), _text), max_size=4).map(tuple),
    timeout=_seconds,
    connect_timeout=st.none() | _seconds,
    proxy=_text,
    proxy_user=_text,
    proxy_password=st.sampled_from(("", KEPT)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_requests)
def test_any_request_comes_back(request: SendRequest) -> None:
    has_kept = KEPT in (request.basic_password, request.proxy_password)
    there = json.loads(json.dumps(to_json(request)))
    assert from_json(there, "id") == replace(request, secrets_of="id" if has_kept else "")
