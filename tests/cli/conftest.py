"""The commands as a user runs them: real processes on a home of the test's own."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inspector import log
from inspector.certificates.describe import pem
from inspector.certificates.export import export_pem
from inspector.certificates.vault import Vault
from inspector.cli import main_group
from inspector.cli.group import guard
from inspector.home import Home

SAMPLES = Path(__file__).parent.parent.parent / "resources" / "templates"
PATIENCE = 30.0

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished command."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[Line]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def text(self) -> str:
        return self.out.decode()


Run = Callable[..., Ran]


@pytest.fixture
def run(home: Home) -> Run:
    """Runs one command to its end, without a terminal."""

    def go(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "inspector", *arguments],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data), **(env or {})},
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    return go


@dataclass
class Listening:
    """A running `listen`."""

    process: subprocess.Popen[bytes]
    ready: Line
    _lines: list[Line] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    @property
    def port(self) -> int:
        return int(self.ready["port"])

    def next_line(self) -> Line:
        assert self.process.stdout is not None
        line: Line = json.loads(self.process.stdout.readline())
        return line

    def stop(self, number: int = signal.SIGTERM) -> list[Line]:
        """Ends it; returns the lines that were left."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE)
        return [json.loads(line) for line in out.splitlines()]


Listen = Callable[..., Listening]


@pytest.fixture
def listen(home: Home) -> Iterator[Listen]:
    """Starts `listen --json` on a free port; `elsewhere`, in a copy of the home, as a history has one writer."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, env: dict[str, str] | None = None, elsewhere: bool = False) -> Listening:
        place = home.data
        if elsewhere:
            place = home.data.with_name(f"elsewhere-{len(running)}")
            shutil.copytree(home.data, place)
        process = subprocess.Popen(
            [sys.executable, "-m", "inspector", "listen", "--json", "--port", "0", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PUSH_INSPECTOR_HOME": str(place), **(env or {})},
        )
        running.append(process)
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, process.stderr.read().decode() if process.stderr else ""
        return Listening(process, json.loads(first))

    yield start
    for process in running:
        process.kill()
        process.communicate()


@dataclass(frozen=True, slots=True)
class Pems:
    """What a client needs, as the PEM files other programs read."""

    cert: Path
    key: Path
    ca: Path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the dev identities, and them as PEM files beside it; made once, copied by the tests."""
    root = tmp_path_factory.mktemp("prepared")
    vault = Vault(Home.at(root / "home"), use_keyring=False)
    vault.create_dev(force=False)
    folder = root / "pems"
    folder.mkdir()
    export_pem(vault.identity("dev-client"), folder, "client", None)
    (folder / "ca.pem").write_text(pem(vault.get("dev-ca").leaf))
    return root


@pytest.fixture
def pems(home: Home, prepared: Path, tmp_path: Path) -> Pems:
    """The dev identities in the test's home, and handed out as files."""
    shutil.copytree(prepared / "home", home.data)
    folder = tmp_path / "pems"
    shutil.copytree(prepared / "pems", folder)
    return Pems(folder / "clientCrt.pem", folder / "clientKey.pem", folder / "ca.pem")


@pytest.fixture
def run_here(
    home: Home, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Runs one command in this process: much quicker, and the same but for start, signals and the end."""
    monkeypatch.setenv("PUSH_INSPECTOR_HOME", str(home.data))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def go(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        code = guard(main_group, list(arguments))
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ran(code, out, err.decode())

    yield go
    for number, handler in handlers.items():
        signal.signal(number, handler)
    log.tear_down()
