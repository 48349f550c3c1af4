"""The profile: what is saved comes back, secrets go to the vault, what is damaged or newer is left alone."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector import profile
from inspector.certificates.vault import Vault
from inspector.errors import StateError, UsageError
from inspector.home import Home
from inspector.listen_request import KEPT, ForwardRequest, ListenRequest
from inspector.listener.config import Limits
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.profile_fields import from_json, to_json

FULL = ListenRequest(
    host="0.0.0.0",
    port=9443,
    auth="mtls+basic",
    lenient=True,
    basic_user="pusher",
    server_identity="mybrand",
    client_ca_files=(Path("/etc/ca.pem"),),
    client_fingerprints=("ab" * 32,),
    client_subjects=("CN=mybrand*",),
    crl_files=(Path("/etc/crl.pem"),),
    expected_headers=(("X-Plain", ""),),
    status=503,
    delay_ms=250,
    fail_first=2,
    drop=True,
    rules=(
        Rule(
            "first",
            Match(brand="9*", text="Grüße"),
            Answer(500, 1.5, headers=(("X", "y"),), body="no"),
            50,
            3,
        ),
        Rule("second", answer=Answer(fault=Fault.RESET), enabled=False),
    ),
    forward=ForwardRequest("https://up.example/", "mybrand", True, (Path("/etc/up.pem"),), 5.0, False),
    proxy_protocol_from=("10.0.0.0/8",),
    certificate_header="X-Client-Cert",
    key_log=Path("/tmp/keys.log"),
    limits=Limits(body_bytes=10, idle_seconds=1.5),
)
SECRETS = (("X-Key", "s3cret-value"), ("X-Plain", ""), ("X-Other", "0ther-value"))


def test_nothing_saved_is_the_defaults(home: Home) -> None:
    assert profile.load(home) == ListenRequest()
    assert not home.data.exists()  # looking makes nothing


def test_every_field_comes_back(home: Home) -> None:
    names = {name for name in to_json(FULL) if getattr(FULL, name) == getattr(ListenRequest(), name)}
    assert names == {"basic_password"}  # a field that is added must be saved too
    assert set(to_json(FULL)) == set(ListenRequest.__dataclass_fields__)
    profile.save(home, FULL)
    assert profile.load(home) == FULL
    assert not home.vault_file.exists()  # no secret, no vault
    if sys.platform != "win32":
        assert stat.S_IMODE(home.profile_file.stat().st_mode) == 0o600


def test_files_named_in_one_folder_are_found_from_another(home: Home, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    profile.save(home, ListenRequest(client_ca_files=(Path("ca.pem"),), key_log=Path("keys.log")))
    os.chdir("/")
    loaded = profile.load(home)
    assert (loaded.client_ca_files, loaded.key_log) == ((tmp_path / "ca.pem",), tmp_path / "keys.log")


def test_secrets_are_in_the_vault_alone(home: Home) -> None:
    request = ListenRequest(auth="basic", basic_user="u", basic_password="p4ssword", expected_headers=SECRETS)
    profile.save(home, request)
    for path in home.data.rglob("*"):
        if path.is_file():
            assert not [
                secret for secret in (b"p4ssword", b"s3cret", b"0ther") if secret in path.read_bytes()
            ]
    loaded = profile.load(home)
    assert loaded.basic_password == KEPT
    assert loaded.expected_headers == (("X-Key", KEPT), ("X-Plain", ""), ("X-Other", KEPT))
    assert profile.resolve(loaded, Vault(home).secret) == request


def test_what_is_kept_stays_and_what_goes_is_forgotten(home: Home) -> None:
    profile.save(home, ListenRequest(auth="basic", basic_password="p", expected_headers=SECRETS))
    loaded = profile.load(home)
    profile.save(
        home, replace(loaded, basic_password="", expected_headers=loaded.expected_headers[:2], port=1)
    )
    again = profile.resolve(profile.load(home), Vault(home).secret)
    assert (again.port, again.basic_password, again.expected_headers) == (1, "", SECRETS[:2])
    assert list(json.loads(home.vault_file.read_text())["secrets"]) == ["listen expected-header x-key"]
    profile.save(home, ListenRequest())
    assert "secrets" not in json.loads(home.vault_file.read_text())


def test_kept_must_stand_for_something(home: Home) -> None:
    with pytest.raises(UsageError, match="no value of x-new yet"):
        profile.save(home, ListenRequest(expected_headers=(("X-New", KEPT),)))
    with pytest.raises(UsageError, match="password"):
        profile.save(home, ListenRequest(basic_password=KEPT))
    assert not home.profile_file.exists()


def test_a_secret_that_the_vault_has_lost_is_said(home: Home) -> None:
    profile.save(home, ListenRequest(auth="basic", basic_password="p", expected_headers=SECRETS))
    with pytest.raises(StateError, match="password for Basic was kept in the vault") as caught:
        profile.resolve(profile.load(home), lambda _name: None)
    assert "Type it again" in caught.value.next_step
    with pytest.raises(StateError, match="value that X-Key should have"):
        profile.resolve(replace(profile.load(home), auth="mtls"), lambda _name: None)


def test_secrets_survive_a_new_passphrase(home: Home) -> None:
    profile.save(home, ListenRequest(expected_headers=SECRETS))
    Vault(home).change_passphrase("new one")
    vault = Vault(home, ask=lambda: "new one")
    assert profile.resolve(profile.load(home), vault.secret).expected_headers == SECRETS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no profile"),
        ('{"format": "other"}', "no profile"),
        ('{"format": "push-inspector profile"}', "no profile"),
        ('{"format": "push-inspector profile", "version": true}', "no profile"),
        ('{"format": "push-inspector profile", "version": 1, "listen": []}', "no profile"),
    ],
)
def test_a_damaged_file_is_said_and_left(home: Home, content: str, why: str) -> None:
    home.create()
    home.profile_file.write_text(content)
    for act in (lambda: profile.load(home), lambda: profile.save(home, ListenRequest())):
        with pytest.raises(StateError, match=why) as caught:
            act()
        assert str(home.profile_file) in caught.value.message
        assert "\n" not in caught.value.message
    assert home.profile_file.read_text() == content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("port", 65536),
        ("port", "8443"),
        ("port", True),
        ("auth", "any"),
        ("auth", ["mtls"]),
        ("host", None),
        ("status", 600),
        ("lenient", 1),
        ("client_subjects", "CN=*"),
        ("client_subjects", [1]),
        ("client_ca_files", [""]),
        ("basic_password", "in clear"),
        ("expected_headers", [{"name": "X", "value": "in clear"}]),
        ("expected_headers", [{"name": "X"}]),
        ("expected_headers", ["X"]),
        ("forward", {"url": 1}),
        ("forward", {}),
        ("forward", {"url": "https://x/", "timeout": 0}),
        ("forward", {"url": "https://x/", "timeout": float("nan")}),
        ("limits", {"body_bytes": 0}),
        ("limits", {"idle_seconds": -1}),
        ("limits", 7),
        ("key_log", ""),
        ("rules", [{"match": {}}]),
        ("rules", None),
    ],
)
def test_a_wrong_value_is_named(home: Home, field: str, value: object) -> None:
    home.create()
    content = json.dumps({"format": profile.FORMAT, "version": 1, "listen": {field: value}})
    home.profile_file.write_text(content)
    with pytest.raises(StateError) as caught:
        profile.load(home)
    assert field in caught.value.message or field == "rules"
    assert "in clear" not in str(caught.value)
    assert home.profile_file.read_text() == content


def test_a_newer_file_is_left(home: Home) -> None:
    home.create()
    content = json.dumps({"format": profile.FORMAT, "version": 2, "listen": {"all": "new"}})
    home.profile_file.write_text(content)
    for act in (lambda: profile.load(home), lambda: profile.save(home, ListenRequest())):
        with pytest.raises(StateError, match="newer Push Inspector"):
            act()
    assert home.profile_file.read_text() == content


def test_what_is_not_known_is_kept(home: Home) -> None:
    home.create()
    content = {"format": profile.FORMAT, "version": 1, "listen": {"port": 1, "colour": "red"}, "note": "mine"}
    home.profile_file.write_text(json.dumps(content))
    profile.save(home, replace(profile.load(home), port=2))
    saved = json.loads(home.profile_file.read_text())
    assert (saved["note"], saved["listen"]["colour"], saved["listen"]["port"]) == ("mine", "red", 2)


def test_a_file_that_cannot_be_read_or_written(home: Home) -> None:
    home.profile_file.mkdir(parents=True)
    for act in (lambda: profile.load(home), lambda: profile.save(home, ListenRequest())):
        with pytest.raises(StateError, match=r"profile\.json can't be read"):
            act()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(to_json(FULL))), _json, max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_anything_is_read_or_refused(content: dict[str, Any]) -> None:
    try:
        request = from_json(content)
    except (ValueError, UsageError):
        return
    written = to_json(request)  # files by their full paths
    assert to_json(from_json(written)) == written
