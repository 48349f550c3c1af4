"""The house itself: what every module owes, what is packed, what is locked. Reads files; knows no room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import inspector

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "inspector").rglob("*.py"))
TEXTS = {".cfg", ".json", ".lock", ".md", ".py", ".qss", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml", ""}
OURS = ("inspector", "packaging", "resources", "tests", ".ci")
MAX_LINES = 400


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def our_files() -> list[Path]:
    """What is ours of the checkout, without asking git: it need not be installed."""
    below = [
        path for folder in OURS for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts
    ]
    top = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    dotted = [ROOT / ".editorconfig", ROOT / ".gitattributes", ROOT / ".gitignore"]
    return sorted(path for path in [*below, *top, *dotted] if path.is_file())


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    """Package -> version of one lock file."""
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_and_is_not_too_long(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "has no docstring"
    assert len(source.splitlines()) <= MAX_LINES, f"has more than {MAX_LINES} lines"


def test_the_map_of_the_listener_names_its_parts() -> None:
    room = ROOT / "inspector" / "listener"
    named = set(re.findall(r"`(\w+)`", (room / "__init__.py").read_text(encoding="utf-8")))
    parts = {path.stem for path in room.glob("*.py") if not path.stem.startswith(("__", "http_"))}
    assert parts <= named, "`http` stands for its own parts"


def test_the_command_starts_without_what_it_seldom_needs() -> None:
    program = "import inspector.cli, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    loaded = {module.partition(".")[0] for module in run.stdout.split()}
    assert not loaded & {"PySide6", "shiboken6", "httpx", "keyring", "truststore", "OpenSSL", "cryptography"}


def test_the_wheel_holds_the_package_and_its_resources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    resources, pictures = ROOT / "resources", ROOT / "resources" / "screenshots"
    packed = {
        f"inspector/_resources/{path.relative_to(resources).as_posix()}"
        for path in our_files()
        if path.is_relative_to(resources) and not path.is_relative_to(pictures)
    }
    assert packed
    assert {name for name in names if name.startswith("inspector/_resources/")} == packed
    assert {name_of(path) for path in MODULES} <= names
    assert {name.partition("/")[0] for name in names} == {
        "inspector",
        f"push_inspector-{inspector.__version__}.dist-info",
    }


def test_the_wheel_runs_from_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "from inspector import resources; print(resources.root()); print(*resources.names('icons', '.svg'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    root, icons = run.stdout.splitlines()
    assert Path(root).is_relative_to(tmp_path)
    assert "copy" in icons.split()


def test_the_version_has_one_source(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    assert metadata["Version"] == inspector.__version__
    assert "version" not in project()["project"]
    assert inspector.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_hold_what_the_project_asks_for(lock: str) -> None:
    asked = [*project()["project"]["dependencies"], *project()["build-system"]["requires"]]
    if lock == "requirements-dev.lock":
        asked += project()["project"]["optional-dependencies"]["dev"]
    versions = locked(lock)
    for requirement in map(Requirement, asked):
        held = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(Version(held)), (
            f"{requirement} is locked at {held}: packaging/lock.sh"
        )


def test_what_is_tested_is_what_is_run() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_hashes_and_no_place(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", "    #"), re.MULTILINE), (
        "options don't belong here"
    )
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, f"{entry.split()[0]} has no hash"


def test_no_path_of_anybody_s_machine_is_in_the_files() -> None:
    machine = re.compile(r"(?<![\w.~$}])/(?:home|Users|root|work|farm)/[A-Za-z0-9.]")
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in our_files()
        if path.suffix in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if machine.search(line)
    ]
    assert not found
