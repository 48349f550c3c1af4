"""The history's files by command: new, open, files, save, keep, compact."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inspector.home import Home
from inspector.workbench import Workbench
from tests.cli.conftest import Run
from tests.history.examples import push


def fill(home: Home, count: int) -> None:
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add([push() for _ in range(count)])
    workbench.close()


def listed(run_here: Run) -> int:
    return len(run_here("history", "list", "--json").lines)


def test_files_are_begun_opened_and_listed(run_here: Run, home: Home, tmp_path: Path) -> None:
    fill(home, 3)
    elsewhere = tmp_path / "else where" / "case.sqlite3"
    elsewhere.parent.mkdir()
    assert run_here("history", "new", str(elsewhere)).code == 0
    assert home.history_file == elsewhere
    assert listed(run_here) == 0
    fill(home, 1)
    assert run_here("history", "open", str(home.data / "history.sqlite3")).code == 0
    assert listed(run_here) == 3
    lines = run_here("history", "files").text.splitlines()
    assert [line[0] for line in lines] == ["*", " "]
    assert str(elsewhere) in lines[1]


def test_what_is_no_history_is_refused_and_left(run_here: Run, home: Home, tmp_path: Path) -> None:
    fill(home, 1)
    foreign = tmp_path / "notes.txt"
    foreign.write_text("x" * 2000)
    ran = run_here("history", "open", str(foreign))
    assert (ran.code, foreign.read_text()) == (4, "x" * 2000)
    ran = run_here("history", "open", str(tmp_path / "nothing"))
    assert (ran.code, "history new" in ran.err) == (2, True)
    ran = run_here("history", "open", str(tmp_path / ("n" * 300)))
    assert (ran.code, "can't be looked at: File name too long" in ran.err) == (4, True)
    assert run_here("history", "new", str(foreign)).code == 2
    assert home.history_file.name == "history.sqlite3"


def test_a_copy_is_saved(run_here: Run, home: Home, tmp_path: Path) -> None:
    fill(home, 2)
    copy = tmp_path / "copy.sqlite3"
    assert run_here("history", "save", str(copy)).code == 0
    again = run_here("history", "save", str(copy))
    assert (again.code, "--force" in again.err) == (2, True)
    assert run_here("history", "save", str(copy), "--force").code == 0
    run_here("history", "open", str(copy))
    assert listed(run_here) == 2


def test_how_much_is_kept_is_said(run_here: Run, home: Home) -> None:
    assert run_here("history", "keep").text == "The history keeps everything.\n"
    assert (
        "at most 1,000 events, 30 days"
        in run_here("history", "keep", "--events", "1000", "--days", "30").text
    )
    fill(home, 3)
    ran = run_here("history", "keep", "--events", "2")
    assert "About 1 of 3 events go" in ran.err
    assert "250 MB" in run_here("history", "keep", "--megabytes", "250").text
    assert run_here("history", "keep", "--all", "--days", "3").code == 2
    assert run_here("history", "keep", "--all").text == "The history keeps everything.\n"
    assert run_here("history", "keep", "--days", "0").code == 2
    too_little = run_here("history", "keep", "--megabytes", "0.5")
    assert (too_little.code, "at least 1 MB" in too_little.err) == (2, True)


def test_compacting_says_what_was_won(run_here: Run, home: Home) -> None:
    fill(home, 2000)
    assert run_here("history", "clear", "--yes").code == 0
    ran = run_here("history", "compact")
    assert ran.code == 0
    assert "MB smaller" in ran.err
    assert home.history_file.stat().st_size < 300_000


def test_compacting_waits_for_nobody_who_writes(run_here: Run, home: Home) -> None:
    fill(home, 1)
    other = Workbench(home, use_keyring=False)
    other.hold_history()
    ran = run_here("history", "compact")
    other.close()
    assert (ran.code, "(listen)" in ran.err) == (4, True)


def test_listen_says_what_it_let_go_of(run_here: Run, home: Home) -> None:
    fill(home, 30)
    run_here("history", "keep", "--events", "10")
    with subprocess.Popen(
        [sys.executable, "-m", "inspector", "--home", str(home.data), "listen", "--port", "0", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as listen:
        try:
            assert listen.stderr is not None
            said = next(line for line in listen.stderr if "go of" in line)
        finally:
            listen.terminate()
    assert said == "Let go of 20 rows above 10, the oldest first\n"
    assert listed(run_here) == 10


def test_who_goes_on_with_the_other_file_is_said(run_here: Run, home: Home) -> None:
    fill(home, 1)
    other = Workbench(home, use_keyring=False)
    other.hold_history()
    ran = run_here("history", "new")
    other.close()
    assert ran.code == 0
    assert "(listen) goes on writing history.sqlite3 until it is started again" in ran.err
    assert "goes on" not in run_here("history", "new").err
