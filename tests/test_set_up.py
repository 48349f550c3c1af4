"""The set-up scripts: what they install, how they ask for it, and what they say where they can't.

The system's own programs (dpkg-query, apt-get, sudo, id) are played by small scripts that write down how they were
called; bash, the scripts under test and the tools they use are real. The whole on a real empty system is proved by
packaging/prove-fresh.sh.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for systems with bash")

ROOT = Path(__file__).parent.parent
TOOLS = (
    "basename", "bash", "cat", "chmod", "cmp", "cp", "dirname", "env", "ls", "mktemp", "mv", "rm", "sed", "tar",
    "touch", "tr",
)  # fmt: skip


@dataclass
class Machine:
    """A PATH of our making, and the checkout's scripts run with nothing else on it."""

    folder: Path

    def has(self, name: str, script: str) -> None:
        program = self.folder / name
        program.write_text(f"#!{shutil.which('sh')}\n{script}\n")
        program.chmod(0o755)

    def logs(self, name: str, script: str = "") -> None:
        """A program that writes down its arguments."""
        self.has(name, f'echo "{name} $*" >>"{self.folder}/../calls"\n{script}')

    @property
    def calls(self) -> list[str]:
        path = self.folder.parent / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def run(self, commands: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run bash commands after the scripts' shared part, with nobody at the keyboard."""
        program = f'set -euo pipefail; . "{ROOT}/packaging/setup.sh"; {commands}'
        return subprocess.run(
            [str(self.folder / "bash"), "-c", program, "run.sh"],
            cwd=self.folder.parent,
            env={"PATH": str(self.folder), "TMPDIR": str(self.folder.parent), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian with nothing of ours installed, on which we are root."""
    folder = tmp_path / "a bin"
    folder.mkdir()
    for name in TOOLS:
        real = shutil.which(name)
        assert real, f"{name} is missing on this machine"
        (folder / name).symlink_to(real)
    machine = Machine(folder)
    machine.has("id", "echo 0")
    machine.has("dpkg-query", "exit 1")
    machine.logs("apt-get")
    machine.has("apt-cache", 'for name; do :; done; echo "Package: $name"')
    return machine


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_what_is_missing_is_installed_in_one_go(machine: Machine) -> None:
    run = machine.run("install_packages libegl1 curl")
    assert run.returncode == 0
    update, install = machine.calls
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends libegl1 curl")
    assert run.stdout == ""  # it belongs to the program


def test_nothing_is_called_where_nothing_is_missing(machine: Machine) -> None:
    machine.has("dpkg-query", 'echo "libegl1 installed"; echo "curl installed"')
    assert machine.run("install_packages libegl1 curl").returncode == 0
    assert machine.calls == []


def test_removed_packages_whose_settings_remain_are_missing(machine: Machine) -> None:
    machine.has("dpkg-query", 'echo "libegl1 config-files"; echo "curl installed"; exit 1')
    assert machine.run("missing_packages libegl1 curl xvfb").stdout.split() == ["libegl1", "xvfb"]


@pytest.mark.parametrize("installed", ["libglib2.0-0t64", "libglib2.0-0"])
def test_either_name_of_a_renamed_package_will_do(machine: Machine, installed: str) -> None:
    machine.has("dpkg-query", f'echo "{installed} installed"; exit 1')
    assert machine.run('missing_packages "libglib2.0-0t64|libglib2.0-0"').stdout == ""


@pytest.mark.parametrize("known", ["libglib2.0-0t64", "libglib2.0-0"])
def test_the_name_that_the_release_knows_is_installed(machine: Machine, known: str) -> None:
    machine.has(
        "apt-cache", f'for name; do :; done; [ "$name" = {known} ] && echo "Package: $name" || exit 100'
    )
    assert machine.run('install_packages "libglib2.0-0t64|libglib2.0-0"').returncode == 0
    assert machine.calls[-1].endswith(f" {known}")


def test_sudo_is_used_without_waiting_for_a_password(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.logs("sudo")
    assert machine.run("install_packages curl").returncode == 0
    assert [call.split()[:2] for call in machine.calls] == [["sudo", "-n"], ["sudo", "-n"]]


def test_without_root_or_sudo_one_line_says_what_to_install(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    run = machine.run('install_packages curl "libglib2.0-0t64|libglib2.0-0"')
    assert run.returncode == 1
    (line,) = lines(run.stderr)
    assert "apt-get install curl libglib2.0-0t64" in line
    assert machine.calls == []


def test_without_apt_get_one_line_names_the_packages(machine: Machine) -> None:
    (machine.folder / "apt-get").unlink()
    run = machine.run("install_packages curl xvfb")
    assert run.returncode == 1
    (line,) = lines(run.stderr)
    assert "no apt-get" in line
    assert "curl xvfb" in line


def test_another_system_is_left_alone(machine: Machine) -> None:
    (machine.folder / "dpkg-query").unlink()
    run = machine.run("install_packages curl")
    assert (run.returncode, run.stderr) == (0, "")
    assert machine.calls == []


def test_lists_that_cannot_be_renewed_are_used_as_they_are(machine: Machine) -> None:
    machine.logs("apt-get", 'case "$*" in *update*) exit 100 ;; esac')
    run = machine.run("install_packages curl")
    assert run.returncode == 0
    assert machine.calls[-1].endswith(" curl")


def test_a_failed_installation_is_told(machine: Machine) -> None:
    machine.has("apt-get", "exit 100")
    run = machine.run("install_packages curl")
    assert run.returncode == 1
    assert lines(run.stderr)[-1] == "apt-get could not install: curl"


def old_python(version: str) -> str:
    return f"echo {version}"


def test_an_old_python_is_named_with_its_version(machine: Machine) -> None:
    machine.has("python3", old_python("3.9"))
    run = machine.run("find_python")
    assert run.returncode == 1
    (line,) = lines(run.stderr)
    assert "3.11 or newer is needed" in line
    assert "python3 is 3.9" in line


def test_no_python_at_all_is_told(machine: Machine) -> None:
    run = machine.run("find_python")
    assert run.returncode == 1
    (line,) = lines(run.stderr)
    assert "none found" in line


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_a_new_enough_python_is_found_past_an_old_one(machine: Machine, version: str) -> None:
    machine.has("python3", old_python("3.10"))
    machine.has(f"python{version}", old_python(version))
    assert machine.run("find_python").stdout.strip() == str(machine.folder / f"python{version}")


def test_a_broken_python_is_passed_over(machine: Machine) -> None:
    machine.has("python3.11", "exit 127")
    machine.has("python3", old_python("3.13"))
    assert machine.run("find_python").stdout.strip() == str(machine.folder / "python3")


def test_the_python_asked_for_is_the_only_one_tried(machine: Machine) -> None:
    machine.has("python3.11", old_python("3.11"))
    machine.has("mine", old_python("3.8"))
    run = machine.run("find_python", PUSH_INSPECTOR_PYTHON="mine")
    assert run.returncode == 1
    assert "mine is 3.8" in run.stderr


def test_a_folder_that_is_no_environment_is_not_emptied(machine: Machine) -> None:
    precious = machine.folder.parent / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years")
    (machine.folder / "python3.11").symlink_to(sys.executable)
    run = machine.run("install_python_packages run", PUSH_INSPECTOR_VENV="precious")
    assert run.returncode == 1
    assert "not a virtual environment" in lines(run.stderr)[-1]
    assert (precious / "thesis.txt").read_text() == "years"


def test_a_python_without_venv_says_which_package_has_it(machine: Machine) -> None:
    machine.has("python3.11", 'case "$2" in *ensurepip*) exit 1 ;; esac; echo 3.11')
    run = machine.run("install_python_packages run", PUSH_INSPECTOR_VENV="env")
    assert run.returncode == 1
    (line,) = lines(run.stderr)
    assert "python3.11-venv" in line


def has_package_with(machine: Machine, package: str, path: str) -> None:
    """The archive has `package`, and in it the program `path`, which tells its version; other packages are empty."""
    tree = machine.folder.parent / "package"
    program = tree / path
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{shutil.which('sh')}\necho nginx version: 1 >&2\n")
    (tree / "empty").mkdir()
    machine.logs(
        "apt-get", 'case "$*" in *download*) for name; do :; done; touch "${name}_1.0_all.deb" ;; esac'
    )
    machine.has(
        "dpkg-deb", f'case "$2" in */{package}_*) cd "{tree}" ;; *) cd "{tree}/empty" ;; esac\ntar -c .'
    )


def provide_nginx(machine: Machine) -> subprocess.CompletedProcess[str]:
    (machine.folder.parent / "env" / "bin").mkdir(parents=True, exist_ok=True)
    return machine.run("server_folders=; provide_nginx", PUSH_INSPECTOR_VENV="env")


@pytest.mark.parametrize("package", ["nginx", "nginx-core", "nginx-light"])
def test_nginx_is_taken_out_of_its_package_and_not_installed(machine: Machine, package: str) -> None:
    has_package_with(machine, package, "usr/sbin/nginx")
    run = provide_nginx(machine)
    assert run.returncode == 0, run.stderr
    assert len(lines(run.stderr)) == 1
    environment = machine.folder.parent / "env"
    assert [path.name for path in environment.rglob("*")] == ["bin", "nginx"]
    assert os.access(environment / "bin" / "nginx", os.X_OK)
    assert all(" download " in call for call in machine.calls)
    before = machine.calls
    again = provide_nginx(machine)
    assert (again.returncode, again.stderr, machine.calls) == (0, "", before)


def test_an_nginx_that_is_there_is_used(machine: Machine) -> None:
    machine.has("nginx", "exit 0")
    run = provide_nginx(machine)
    assert (run.returncode, run.stderr, machine.calls) == (0, "", [])


def test_lists_that_are_out_of_date_are_renewed_for_nginx(machine: Machine) -> None:
    has_package_with(machine, "nginx", "usr/sbin/nginx")
    machine.logs(
        "apt-get",
        'case "$*" in *update*) touch fresh ;; *download*) [ -e ../../fresh ] && touch nginx_1.deb ;; esac',
    )
    run = provide_nginx(machine)
    assert run.returncode == 0
    assert (machine.folder.parent / "env" / "bin" / "nginx").exists()
    assert any(call.endswith(" update") for call in machine.calls)


@pytest.mark.parametrize("package_has", ["usr/sbin/other", "usr/sbin/nginx.d/nginx"])
def test_where_nginx_can_not_be_had_one_line_says_what_that_means(machine: Machine, package_has: str) -> None:
    has_package_with(machine, "nginx", package_has)
    run = provide_nginx(machine)
    assert run.returncode == 0
    assert "skipped" in lines(run.stderr)[-1]
    assert not list((machine.folder.parent / "env" / "bin").iterdir())


def test_another_system_without_nginx_is_told_that_tests_are_skipped(machine: Machine) -> None:
    (machine.folder / "apt-get").unlink()
    run = provide_nginx(machine)
    assert run.returncode == 0
    (line,) = lines(run.stderr)
    assert "skipped" in line


@pytest.mark.parametrize("script", ["run.sh", "test.sh", "lock.sh", "prove-fresh.sh", "../.ci/run"])
def test_the_scripts_can_be_started(script: str) -> None:
    path = ROOT / "packaging" / script
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True, timeout=60)
