from __future__ import annotations

import base64
import json
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.keys import PrivateKey
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError, StateError, VaultError
from inspector.home import Home
from tests.certificates.forge import PASSWORD, Forge, pem


@pytest.fixture
def vault(home: Home) -> Vault:
    return Vault(home)


def names(vault: Vault) -> list[str]:
    return [entry.name for entry in vault.entries()]


def refused(code: str) -> pytest.RaisesExc[CertificateError]:
    return pytest.RaisesExc(
        CertificateError, check=lambda error: error.code == code and bool(error.next_step)
    )


def test_an_empty_home_has_no_vault_and_reading_makes_none(home: Home, vault: Vault) -> None:
    assert not vault.exists
    assert vault.entries() == vault.cas() == vault.trusted_client_cas() == ()
    with refused("unknown_name"):
        vault.get("dev-client")
    with refused("unknown_name"):
        vault.identity("dev-client")
    assert not home.data.exists()


@pytest.mark.parametrize("kind", ["leaf", "rsa", "p384", "p521", "ed25519"])
def test_an_identity_comes_back_whole(home: Home, vault: Vault, forge: Forge, kind: str) -> None:
    made = getattr(forge, kind)
    added = vault.add("mine", made.chain, made.key)
    assert vault.exists
    for reader in (vault, Vault(home)):
        assert reader.get("mine") == added == reader.entries()[0]
        found = reader.identity("mine")
        assert (found.name, found.chain) == ("mine", made.chain)
        assert found.key.public_key() == made.key.public_key()
    assert (added.has_key, added.trust_clients) == (True, False)
    age = datetime.now(UTC) - datetime.fromisoformat(added.created_at)
    assert -1 < age.total_seconds() < 60


def test_file_modes(home: Home, vault: Vault) -> None:
    vault.create_dev()
    for path in home.data.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    home.vault_file.chmod(0o644)
    vault.remove("dev-client")
    assert stat.S_IMODE(home.vault_file.stat().st_mode) == 0o600


def clear_forms(key: PrivateKey) -> list[bytes]:
    """All that a key might look like if it lay about in clear."""
    found = []
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        der = key.private_bytes(Encoding.DER, form, NoEncryption())
        text = key.private_bytes(Encoding.PEM, form, NoEncryption())
        found += [
            der,
            text,
            *(line for line in text.splitlines()[1:-1] if len(line) >= 40),
            base64.b64encode(der),
        ]
    numbers = []
    if isinstance(key, ec.EllipticCurvePrivateKey):
        numbers = [key.private_numbers().private_value]
    elif isinstance(key, rsa.RSAPrivateKey):
        private = key.private_numbers()
        numbers = [private.p, private.q, private.d]
    for number in numbers:
        raw = number.to_bytes((number.bit_length() + 7) // 8)
        found += [raw, raw[::-1], raw.hex().encode(), str(number).encode(), base64.b64encode(raw)]
    return found


def test_no_key_is_ever_on_disk_in_clear(
    home: Home, vault: Vault, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    real = Path.replace

    def spy(path: Path, target: Path) -> Path:
        written.append(path.read_bytes())
        return real(path, target)

    monkeypatch.setattr(Path, "replace", spy)
    source = home.data.parent / "client.p12"
    source.write_bytes(forge.p12(forge.other))
    vault.add("leaf", forge.leaf.chain, forge.leaf.key)
    vault.add("rsa", forge.rsa.chain, forge.rsa.key)
    vault.import_files([source], "other", PASSWORD)
    vault.create_dev()
    vault.change_passphrase("geheim")
    keys = [vault.identity(name).key for name in names(vault)]
    everything = b"\n".join(
        [*written, *(path.read_bytes() for path in home.data.rglob("*") if path.is_file())]
    )
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in everything
    for key in keys:
        for form in clear_forms(key):
            assert form not in everything
    assert b"geheim" not in everything
    assert b"BEGIN PRIVATE KEY" not in everything


def test_names(vault: Vault, forge: Forge) -> None:
    for good in ("a", "A-b_c.d", "9", "x" * 64, "mybrand.prod-2026", "console", "com10"):
        vault.add(good, [forge.root.leaf])
    for bad in (
        "", " ", "a b", "x" * 65, "ä", ".hidden", "-option", "end.", "a/b", "a\\b", "a:b", "..", "a\n", "\x1b[31m",
        "con", "NUL", "com1", "Lpt9.pem", "aux.x.y",
    ):  # fmt: skip
        with refused("invalid_name") as caught:
            vault.add(bad, [forge.root.leaf])
        assert caught.value.message.isprintable()


def test_names_are_unique_without_regard_to_capitals(vault: Vault, forge: Forge) -> None:
    vault.add("Mine", forge.leaf.chain, forge.leaf.key)
    with refused("exists"):
        vault.add("mine", forge.other.chain, forge.other.key)
    assert vault.identity("Mine").leaf == forge.leaf.leaf
    vault.add("other", forge.other.chain)
    vault.add("mine", forge.rsa.chain, forge.rsa.key, replace=True)
    assert names(vault) == ["mine", "other"]
    assert vault.identity("mine").leaf == forge.rsa.leaf


def test_unknown_names_bring_near_ones(vault: Vault) -> None:
    vault.create_dev()
    for wrong, near in (("dev-clent", "dev-client"), ("DEV-CA", "dev-ca"), ("devserver", "dev-server")):
        with refused("unknown_name") as caught:
            vault.get(wrong)
        assert near in caught.value.next_step
    with refused("unknown_name") as caught:
        vault.get("zzzzz")
    assert "dev-ca, dev-server, dev-client" in caught.value.next_step


def test_a_key_of_another_certificate_is_refused(vault: Vault, forge: Forge) -> None:
    with refused("key_mismatch"):
        vault.add("x", forge.leaf.chain, forge.other.key)
    assert not vault.exists


def test_remove(vault: Vault, forge: Forge) -> None:
    vault.create_dev()
    vault.remove("dev-server")
    assert names(vault) == ["dev-ca", "dev-client"]
    for _ in range(2):
        with refused("unknown_name"):
            vault.remove("dev-server")


def test_trust_for_clients(vault: Vault, forge: Forge) -> None:
    vault.add("brand-ca", [forge.middle.leaf, forge.root.leaf], trust_clients=True)
    vault.add("leaf", forge.leaf.chain, forge.leaf.key)
    assert vault.trusted_client_cas() == (forge.middle.leaf, forge.root.leaf)
    assert vault.cas() == (forge.middle.leaf, forge.root.leaf)
    vault.set_trust_clients("brand-ca", False)
    assert vault.trusted_client_cas() == ()
    assert not vault.get("brand-ca").trust_clients
    vault.set_trust_clients("leaf", True)
    assert vault.trusted_client_cas() == (forge.middle.leaf, forge.root.leaf)
    assert vault.identity("leaf").key is not None
    with refused("unknown_name"):
        vault.set_trust_clients("nobody", True)


def test_only_who_can_vouch_is_trusted(vault: Vault, forge: Forge) -> None:
    for make in (
        lambda: vault.add("leaf", [forge.leaf.leaf], trust_clients=True),
        lambda: vault.set_trust_clients("alone", True),
    ):
        if "alone" not in names(vault):
            vault.add("alone", [forge.leaf.leaf])
        with refused("not_a_ca"):
            make()
    itself = issue(None, "self-signed client")
    vault.add("itself", itself.chain, trust_clients=True)
    assert vault.trusted_client_cas() == (itself.leaf,)


def test_create_dev(home: Home, vault: Vault, forge: Forge) -> None:
    vault.add("mine", forge.leaf.chain, forge.leaf.key)
    made = vault.create_dev()
    assert [entry.name for entry in made] == ["dev-ca", "dev-server", "dev-client"]
    assert names(vault) == ["mine", "dev-ca", "dev-server", "dev-client"]
    assert [entry.trust_clients for entry in made] == [True, False, False]
    assert vault.trusted_client_cas() == (made[0].leaf,)
    with refused("exists") as caught:
        vault.create_dev()
    assert "--force" in caught.value.next_step
    assert vault.entries()[1:] == made
    mine = vault.get("mine")
    again = vault.create_dev(force=True)
    assert vault.entries() == (mine, *again)
    assert {entry.leaf for entry in again}.isdisjoint(entry.leaf for entry in made)
    (home.data / "ca.pem").write_bytes(pem(vault.identity("dev-ca")))
    for name, purpose in (("dev-client", "sslclient"), ("dev-server", "sslserver")):
        (home.data / "leaf.pem").write_bytes(pem(vault.identity(name)))
        forge.openssl(
            "verify", "-x509_strict", "-purpose", purpose, "-CAfile", str(home.data / "ca.pem"),
            str(home.data / "leaf.pem"),
        )  # fmt: skip


@pytest.mark.parametrize("there", ["dev-ca", "dev-server", "DEV-CLIENT"])
def test_create_dev_replaces_nothing_unasked(vault: Vault, forge: Forge, there: str) -> None:
    vault.add(there, forge.leaf.chain, forge.leaf.key)
    with refused("exists"):
        vault.create_dev()
    assert names(vault) == [there]


def test_import_files(vault: Vault, forge: Forge, tmp_path: Path) -> None:
    key, chain, p12, bundle = (tmp_path / name for name in ("a.key", "a.crt", "b.p12", "cas.pem"))
    key.write_bytes(forge.encrypted_pkcs8(forge.leaf))
    chain.write_bytes(pem(*reversed(forge.leaf.chain)))
    p12.write_bytes(forge.p12(forge.rsa))
    two = [make_ca("One"), make_ca("Two")]
    bundle.write_bytes(pem(*two))
    assert vault.import_files([key, chain], "a", PASSWORD).chain == forge.leaf.chain
    assert vault.import_files([p12], "b", lambda: PASSWORD, trust_clients=True).chain == forge.rsa.chain
    cas = vault.import_files([bundle], "cas", trust_clients=True)
    assert (cas.chain, cas.extra, cas.has_key) == ((two[0].leaf,), (two[1].leaf,), False)
    assert vault.get("cas") == cas
    expected = {forge.middle.leaf, forge.root.leaf, two[0].leaf, two[1].leaf}
    assert set(vault.trusted_client_cas()) == set(vault.cas()) == expected
    assert vault.identity("b").key is not None
    with refused("wrong_password"):
        vault.import_files([p12], "c", "nonsense")
    with refused("exists"):
        vault.import_files([p12], "b", lambda: pytest.fail("asked in vain"))
    with refused("not_found"):
        vault.import_files([tmp_path / "none"], "c")
    assert vault.import_files([p12], "a", PASSWORD, replace=True).chain == forge.rsa.chain
    assert names(vault) == ["a", "b", "cas"]


def test_a_damaged_key_is_told_from_a_wrong_passphrase(home: Home, vault: Vault, forge: Forge) -> None:
    vault.add("leaf", forge.leaf.chain, forge.leaf.key)
    vault.add("other", forge.other.chain, forge.other.key)
    content = json.loads(home.vault_file.read_text())
    entries = content["entries"]
    head, body, foot = (
        entries[0]["key"].partition("\n")[0],
        entries[0]["key"].splitlines()[1:-1],
        "-----END ENCRYPTED",
    )
    entries[0]["key"] = entries[1]["key"]
    entries[1]["key"] = "\n".join([head, *reversed(body), f"{foot} PRIVATE KEY-----", ""])
    home.vault_file.write_text(json.dumps(content))
    for name in ("leaf", "other"):
        with pytest.raises(VaultError, match=f"The key of {name} .* is damaged"):
            Vault(home).identity(name)


def test_many_threads_lose_nothing(vault: Vault, forge: Forge) -> None:
    def work(number: int) -> None:
        vault.add(f"entry-{number}", forge.leaf.chain, forge.leaf.key)
        assert vault.identity(f"entry-{number}").leaf == forge.leaf.leaf
        vault.entries()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(vault)) == [f"entry-{number}" for number in range(8)]


ADDS = """
import sys
from pathlib import Path
from inspector.certificates.mint import issue
from inspector.certificates.vault import Vault
from inspector.home import Home
vault = Vault(Home.at(Path(sys.argv[1])))
identities = [issue(None, f"{sys.argv[2]}-{number}") for number in range(6)]
print("ready", flush=True)
sys.stdin.readline()
for identity in identities:
    vault.add(identity.name, identity.chain, identity.key)
for identity in identities:
    assert vault.identity(identity.name).leaf == identity.leaf
"""


@pytest.mark.parametrize("existing", [False, True])
def test_two_processes_at_once_lose_nothing(home: Home, vault: Vault, forge: Forge, existing: bool) -> None:
    if existing:
        vault.create_dev()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADDS, str(home.data), name],
            env={"PYTHONPATH": str(Path.cwd()), "PUSH_INSPECTOR_NO_KEYRING": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    made = {f"{name}-{number}" for name in ("one", "two") for number in range(6)}
    assert set(names(vault)) == made | (set(names(vault)) & {"dev-ca", "dev-server", "dev-client"})
    assert len(vault.entries()) == 12 + (3 if existing else 0)
    for name in made:
        assert vault.identity(name).key is not None


def test_reading_is_cached_until_the_file_changes(home: Home, vault: Vault, forge: Forge) -> None:
    vault.create_dev()
    first = vault.entries()
    assert all(one is other for one, other in zip(first, vault.entries(), strict=True))
    Vault(home).remove("dev-client")
    assert names(vault) == ["dev-ca", "dev-server"]


def test_a_home_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError) as caught:
        Vault(Home.at(tmp_path / "file" / "home")).create_dev()
    assert caught.value.exit_code == 4


def test_secrets_are_sealed_and_come_back(home: Home, vault: Vault) -> None:
    vault.keep_secrets({"one": "s3cret", "two": "\udcff odd ünd lông"})
    assert b"s3cret" not in home.vault_file.read_bytes()
    again = Vault(home)
    assert (again.secret("one"), again.secret("two"), again.secret("three")) == (
        "s3cret",
        "\udcff odd ünd lông",
        None,
    )
    vault.keep_secrets({"one": None, "two": "new", "never": None})
    assert (again.secret("one"), again.secret("two")) == (None, "new")
    vault.add("with-key", make_ca("a").chain)
    assert again.secret("two") == "new"  # other changes leave them


def test_a_secret_cannot_take_anothers_place(home: Home, vault: Vault) -> None:
    vault.keep_secrets({"one": "first", "two": "second"})
    content = json.loads(home.vault_file.read_text())
    content["secrets"] = {"one": content["secrets"]["two"], "two": "AAAA", "three": "?"}
    home.vault_file.write_text(json.dumps(content))
    for name in ("one", "two", "three"):
        with pytest.raises(VaultError, match=f"The secret {name} .* is damaged"):
            Vault(home).secret(name)


def test_a_vault_without_secrets_is_one_that_older_programs_take(home: Home, vault: Vault) -> None:
    vault.add("a", make_ca("a").chain)
    assert json.loads(home.vault_file.read_text())["version"] == 1
    vault.keep_secrets({"one": "x"})
    assert json.loads(home.vault_file.read_text())["version"] == 2
    vault.keep_secrets({"one": None})
    assert json.loads(home.vault_file.read_text())["version"] == 1
