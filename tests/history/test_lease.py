"""One process writes a history for long: others are told which, and it ends with the process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.lease import HELD, Holder, Lease, holder
from tests.listener.conftest import wait_until

HOLD = """
import sys
from pathlib import Path
from inspector.history.lease import Lease
lease = Lease.take(Path(sys.argv[1]), "listen")
print("held", flush=True)
sys.stdin.readline()
lease.release()
print("released", flush=True)
sys.stdin.readline()
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def other_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """One that holds the lease until it is told, or killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "held\n"
            yield child
        finally:
            child.kill()


def test_a_second_process_is_told_who_writes(path: Path) -> None:
    with other_process(path) as child:
        assert holder(path) == Holder(child.pid, "listen")
        with pytest.raises(HistoryError) as caught:
            Lease.take(path, "window")
        assert caught.value.code == HELD
        assert f"process {child.pid} (listen)" in caught.value.message
        assert "history new" in caught.value.next_step
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout is not None
        assert child.stdout.readline() == "released\n"
        lease = Lease.take(path, "window")
        assert holder(path) == Holder(os.getpid(), "window")
        lease.release()
        lease.release()
        assert holder(path) is None


def test_it_ends_with_the_process_that_is_killed(path: Path) -> None:
    with other_process(path) as child:
        child.kill()
        child.wait()
        wait_until(lambda: holder(path) is None)
        Lease.take(path, "window").release()


def test_nobody_holds_what_is_not_there(path: Path) -> None:
    assert holder(path) is None
    assert not list(path.parent.iterdir()), "looking makes no file"


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
def test_the_file_is_closed_to_others(path: Path) -> None:
    lease = Lease.take(path, "listen")
    (file,) = path.parent.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    lease.release()


@pytest.mark.parametrize("said", [b"", b"{", b"[1]", b'{"pid":"x"}', b"\xff\xfe"])
def test_a_lease_whose_words_are_broken_holds_all_the_same(path: Path, said: bytes) -> None:
    lease = Lease.take(path, "listen")
    (file,) = path.parent.iterdir()
    file.write_bytes(said)
    assert holder(path) == Holder()
    with pytest.raises(HistoryError, match="another process"):
        Lease.take(path, "window")
    lease.release()


def test_a_linked_history_has_one_lease(path: Path, tmp_path: Path) -> None:
    path.touch()
    link = tmp_path / "link.sqlite3"
    link.symlink_to(path)
    lease = Lease.take(link, "listen")
    assert holder(path) == Holder(os.getpid(), "listen")
    lease.release()


def test_no_folder_to_write_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="Can't make") as caught:
        Lease.take(tmp_path / "nowhere" / "history.sqlite3", "listen")
    assert caught.value.code != HELD
