"""A whole session in processes of their own; then everything that they wrote is searched for every private key and
every passphrase, in every form. Only an export that was asked for in clear may hold one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from inspector.certificates.keys import PrivateKey, usable
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.vault import Vault
from inspector.home import Home
from tests.certificates.forge import Forge, pem
from tests.secret_forms import Secret, contents, found_in, of_key, of_text

FIRST = "the vault's first, größer als nötig"
SECOND = 'the vault\'s second: "quoted" & 日本'
FILE_PASSWORD = "password of the file, 12€"
EXPORT_PASSWORD = "password of the export/öffnen"
WRONG = "a wrong password that was tried"
PASSPHRASES = (FIRST, SECOND, FILE_PASSWORD, EXPORT_PASSWORD, WRONG)

SEVERAL = """
import json, sys
from inspector.cli import main
for arguments in json.loads(sys.argv[1]):
    try:
        main(arguments)
    except SystemExit as ended:
        assert not ended.code, (arguments, ended.code)
"""

CRASH = """
import sys
import inspector.certificates.export as export
def boom(identity, *arguments, **options):
    raise RuntimeError("nobody expected this")
export.export_pem = boom
from inspector.cli import main
main(sys.argv[1:])
"""

WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from inspector.home import Home
from inspector.ui.app import run
from inspector.workbench import Workbench
bench = Workbench(Home.default())
def boom():
    identity, key = bench.vault.identity("one"), bench.vault.identity("two").key
    QTimer.singleShot(200, QApplication.quit)
    raise RuntimeError("a slot did not expect this", identity, key)
raise SystemExit(run(bench, after_start=lambda window: QTimer.singleShot(0, boom)))
"""


@dataclass
class Session:
    """Commands on one home, all of whose folders are below `root`."""

    root: Path
    passphrase: str = FIRST
    said: list[bytes] = field(default_factory=list)

    @property
    def written(self) -> Path:
        return self.root / "written"

    def environment(self) -> dict[str, str]:
        place = {name: str(self.written / name) for name in ("HOME", "TMPDIR", "PUSH_INSPECTOR_HOME")}
        place |= {
            f"XDG_{name}_HOME": str(self.written / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")
        }
        for folder in place.values():
            Path(folder).mkdir(parents=True, exist_ok=True)
        secrets = {"FILE": FILE_PASSWORD, "EXPORT": EXPORT_PASSWORD, "NEW": SECOND, "WRONG": WRONG}
        vault = {"PUSH_INSPECTOR_VAULT_PASSPHRASE": self.passphrase, "PUSH_INSPECTOR_NO_KEYRING": "1"}
        return {**os.environ, **place, **secrets, **vault, "PYTHONDONTWRITEBYTECODE": "1"}

    def start(self, *arguments: str, code: str = "") -> subprocess.Popen[bytes]:
        program = ["-c", code] if code else ["-m", "inspector"]
        return subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.root,
            env={**self.environment(), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )

    def run(self, *arguments: str, ends: int = 0, stdin: bytes = b"", code: str = "") -> bytes:
        process = self.start(*arguments, code=code)
        out, err = process.communicate(stdin, timeout=60)
        assert process.returncode == ends, err.decode()
        self.said += [out, err]
        return out

    def run_all(self, commands: Iterable[Sequence[str]]) -> None:
        """Several commands in one process: its start costs more than most of them."""
        self.run(json.dumps([*map(list, commands)]), code=SEVERAL)


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return Forge(tmp_path_factory.mktemp("forge"))


def identities(session: Session, forge: Forge) -> None:
    """Make, import in every encryption, paste in clear, export, and change the passphrase."""
    given = session.root / "given"
    given.mkdir()
    (given / "rsa.p12").write_bytes(forge.p12(forge.leaf, password=FILE_PASSWORD))
    (given / "key.pem").write_bytes(forge.encrypted_pkcs8(forge.rsa, password=FILE_PASSWORD))
    (given / "chain.pem").write_bytes(pem(*forge.rsa.chain))
    run = session.run
    run("certs", "create-dev")
    run("certs", "import", "given/rsa.p12", "--name", "one", "--password-env", "FILE")
    run("certs", "import", "given/key.pem", "given/chain.pem", "--name", "two", "--password-env", "FILE")
    run("certs", "import", "-", "--name", "three", stdin=pem(*forge.ed25519.chain, forge.ed25519.key))
    run("certs", "import", "given/rsa.p12", "--name", "four", "--password-env", "WRONG", ends=2)
    run("certs", "import", "-", "--name", "five", stdin=pem(forge.leaf.leaf, forge.other.key), ends=2)
    run("certs", "protect", "--with", "passphrase", "--passphrase-env", "NEW")
    session.passphrase = SECOND
    run("certs", "csr", "six", "--json")
    session.run_all(
        ("certs", *command, name)
        for name in ("one", "two", "three", "dev-client")
        for command in (("show", "--json"), ("show", "--text"), ("check",))
    )
    run("certs", "export", "one", "--dir", "written/encrypted", "--encrypt-env", "EXPORT")
    run("certs", "export", "two", "--dir", "clear")
    run("certs", "delete", "three", "--yes")


def traffic(session: Session) -> None:
    """Listen, send by mTLS as an identity of the vault and as one of a file, and export the history."""
    listener = session.start("listen", "--port", "0", "--json", "--lenient")
    try:
        assert listener.stdout is not None
        first = listener.stdout.readline()
        url = json.loads(first)["url"]
        session.run("send", "ios", "--to", url, "--identity", "dev-client", "--json")
        session.run(
            "send", "fcm", "--to", url, "--cert", "given/rsa.p12", "--key-password-env", "FILE", "--json"
        )
        session.run("certs", "check", url, "--identity", "dev-client")
    finally:
        listener.terminate()
        out, err = listener.communicate(timeout=60)
    session.said += [first, out, err]
    session.run("send", "ios", "--to", url, "--identity", "dev-client", ends=3)
    session.run_all(
        ("history", "export", *arguments)
        for ending in ("jsonl", "har", "csv")
        for arguments in ((f"written/history.{ending}",), (f"written/all.{ending}", "--reveal"))
    )


def crash(session: Session) -> None:
    """Errors that nobody expected, with a key in hand, in a command and in the window: tracebacks go to the log."""
    session.run("certs", "export", "one", "--dir", "nowhere", ends=1, code=CRASH)
    session.run(code=WINDOW)
    log = (session.written / "PUSH_INSPECTOR_HOME" / "logs" / "push-inspector.log").read_text()
    assert "Traceback" in log
    assert "nobody expected this" in log
    assert "a slot did not expect this" in log


def secrets_of(session: Session, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> list[Secret]:
    """All keys, as the vault has them and as they came, and all passphrases."""
    monkeypatch.setenv("PUSH_INSPECTOR_VAULT_PASSPHRASE", SECOND)
    vault = Vault(Home.at(session.written / "PUSH_INSPECTOR_HOME"), use_keyring=False)
    keys = {entry.name: vault.identity(entry.name).key for entry in vault.entries() if entry.has_key}
    assert keys.keys() == {"dev-ca", "dev-server", "dev-client", "one", "two"}
    document = vault.document()
    assert document.protection is not None
    password = vault.opening.open(document.protection)
    (waiting,) = document.requests
    six = usable("six", load_pem_private_key(waiting.key.encode(), password))
    keys |= {"six": six, "three": forge.ed25519.key, "five": forge.other.key}
    return [
        *(of_key(f"the key of {name}", key) for name, key in keys.items()),
        *(of_text(f"the passphrase {number}", text) for number, text in enumerate(PASSPHRASES)),
    ]


def test_no_key_and_no_passphrase_is_written_anywhere(
    tmp_path: Path, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(tmp_path)
    identities(session, forge)
    traffic(session)
    crash(session)
    secrets = secrets_of(session, forge, monkeypatch)
    found = {
        name: names
        for name, data in (*contents(session.written), ("what was printed", b"".join(session.said)))
        if (names := found_in(data, secrets))
    }
    assert found == {}
    # What was asked for in clear is the only place, and the search would have found the others.
    assert {name for name, data in contents(tmp_path / "clear") if found_in(data, secrets)} == {
        "mybrandpushKey.pem"
    }
    written = {name.rpartition("/")[2] for name, _ in contents(session.written)}
    assert {"vault.json", "vault.json.bak", "push-inspector.log", "all.har", "mybrandpushKey.pem"} <= written
    assert any(name.endswith("its rows") for name in written)


@pytest.mark.parametrize("kind", ["rsa", "ec", "ed25519"])
def test_the_search_finds_a_key_in_any_form(kind: str) -> None:
    key: PrivateKey | None = None
    if kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
    elif kind == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    identity = issue(make_ca("ca"), "leaf", key=key)
    secret = of_key("it", identity.key)
    forms = [
        pem(identity.key),
        pem(identity.key).replace(b"\n", b"\r\n  "),
        json.dumps({"key": pem(identity.key).decode()}).encode(),
        *secret.plain,
        *(b"xy" + form for form in secret.packed),
        *(form.upper() for form in secret.hexed),
        *(bytes.fromhex(form.decode()).hex(":").encode() for form in secret.hexed),
    ]
    for form in forms:
        assert found_in(b"before " + form + b" behind", [secret]) == ["it"]
    assert found_in(pem(identity.leaf) + pem(make_ca("other").key), [secret]) == []


def test_the_search_finds_a_passphrase_in_any_form() -> None:
    secret = of_text("it", SECOND)
    for form in (*secret.plain, *secret.packed, *secret.hexed):
        assert found_in(b"before " + form + b" behind", [secret]) == ["it"]
    assert found_in(FIRST.encode(), [secret]) == []
