"""`history export`, `import` and `clear`, as they are written on the command line."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from tests.cli.conftest import PATIENCE, Run
from tests.history.examples import handshake, push


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with two pushes and a client that was turned away."""
    fill(home, 1)
    return home


def fill(home: Home, times: int) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        for _ in range(times):
            writer.add([push(), push(status=500, brand_id="7"), handshake()])


def left(home: Home) -> list[int]:
    with HistoryReader.open(home.history_file) as reader:
        return list(reader.ids())


def test_export_and_import(filled: Home, run_here: Run, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    done = run_here("history", "export", str(file), "status:>=500", "-is:handshake")
    assert (done.code, done.out) == (0, b"")
    assert done.err == f"1 event written to {file}, without secrets.\n"
    assert len(file.read_bytes().splitlines()) == 2
    done = run_here("history", "import", str(file))
    assert done.code == 0
    assert "1 event added, with the ids 4 to 4. 1 of them came without their secrets." in done.err
    again = run_here("history", "export", str(tmp_path / "all.har"), "--reveal")
    assert "4 events written" in again.err
    assert "with device tokens and credentials" in again.err
    assert "4 events added" in run_here("history", "import", str(tmp_path / "all.har")).err
    assert left(filled) == [*range(1, 9)]


def test_what_was_imported_is_found_quickly_at_once(home: Home, run_here: Run, tmp_path: Path) -> None:
    fill(home, 10)
    file = str(tmp_path / "all.jsonl")
    run_here("history", "export", file)
    assert run_here("history", "import", file).code == 0
    with HistoryReader.open(home.history_file) as reader:
        assert reader._bounds() == (55, 60)  # all whole blocks


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "out.txt"), ".jsonl, .har or .csv"),
        (("import", "out.csv"), ".jsonl or .har"),
        (("export", "there.jsonl"), "--force"),
        (("export", "out.jsonl", "status:x"), "status"),
        (("export",), "FILE"),
        (("import", "none.jsonl"), "can't be read"),
        (("import", "there.jsonl"), "line 1"),
        (("clear",), "--yes"),
    ],
)
def test_wrong_use_says_what_to_write(
    filled: Home, run_here: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    os.chdir(tmp_path)
    Path("there.jsonl").write_text("mine")
    done = run_here("history", *arguments)
    assert done.code == 2
    assert words in done.err
    assert len(done.err.splitlines()) <= 2
    assert Path("there.jsonl").read_text() == "mine"
    assert left(filled) == [1, 2, 3]


def test_force_replaces(filled: Home, run_here: Run, tmp_path: Path) -> None:
    file = tmp_path / "there.csv"
    file.write_text("old")
    assert run_here("history", "export", "--force", str(file)).code == 0
    assert file.read_text().startswith("id,")


def test_an_empty_home(run_here: Run, tmp_path: Path) -> None:
    done = run_here("history", "export", str(tmp_path / "out.jsonl"))
    assert done.code == 2
    assert "nothing to export" in done.err
    assert run_here("history", "clear", "--yes").code == 0
    (tmp_path / "in.jsonl").write_text('{"kind":"push","direction":"in","at":1}\n')
    assert run_here("history", "import", str(tmp_path / "in.jsonl")).code == 0


def test_clear(filled: Home, run_here: Run) -> None:
    done = run_here("history", "clear", "-is:handshake", "brand:7", "--yes")
    assert (done.code, done.err) == (0, "1 event deleted.\n")
    assert left(filled) == [1, 3]
    assert "Nothing matches" in run_here("history", "clear", "brand:7", "--yes").err
    assert "2 events deleted" in run_here("history", "clear", "--yes").err
    assert left(filled) == []
    with HistoryReader.open(filled.history_file) as reader:
        counts = reader.count()
    assert (counts.pushes_in, counts.handshakes) == (0, 0)


@pytest.mark.parametrize(("answer", "stay"), [(b"n\n", 3), (b"y\n", 0)])
def test_clear_asks_at_a_terminal(filled: Home, answer: bytes, stay: int) -> None:
    code, shown = at_a_terminal(filled, "history", "clear", typed=answer)
    assert code == 0
    assert b"Delete all 3 events for good? [y/N]" in shown
    assert len(left(filled)) == stay


def test_a_bar_at_a_terminal_and_what_ctrl_c_leaves(filled: Home, tmp_path: Path) -> None:
    code, shown = at_a_terminal(filled, "history", "export", str(tmp_path / "out.jsonl"))
    assert code == 0
    assert b"Exporting" in shown
    assert b"100%" in shown
    fill(filled, 4000)
    folder = tmp_path / "interrupted"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "history", "export", str(folder / "out.har")],
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(filled.data)},
        stderr=subprocess.PIPE,
    )
    while not list(folder.iterdir()):  # it has begun to write
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert list(folder.iterdir()) == []
    assert b"Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_import_that_is_told_to_end_leaves_nothing(
    filled: Home, run_here: Run, tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text('{"kind":"push","direction":"in","at":1}\n' * 20_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "history", "import", str(file)],
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(filled.data)},
        stderr=subprocess.PIPE,
    )
    while len(left(filled)) == 3:  # until it has taken some
        assert process.poll() is None
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert left(filled) == [1, 2, 3]
    assert b"Traceback" not in said


def test_a_copy_that_is_told_to_end_leaves_nothing(home: Home, tmp_path: Path) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        writer.add([push(body=b"{}" + b" " * 100_000)] * 300)
    for number in (signal.SIGTERM, signal.SIGINT):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "inspector", "history", "save", str(folder / "copy.sqlite3")],
            env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data)},
            stderr=subprocess.PIPE,
        )
        while not list(folder.iterdir()):  # it has begun to write
            assert process.poll() is None
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE)
        names = [path.name for path in folder.iterdir()]
        # It may have been quicker; what it says and what is there are the same thing.
        assert (process.returncode, b"Saved" in said, names) in [
            (128 + number, False, []),
            (0, True, ["copy.sqlite3"]),
        ]


def at_a_terminal(home: Home, *arguments: str, typed: bytes = b"") -> tuple[int, bytes]:
    """Runs a command at a terminal of its own; returns its code and what was shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments],
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, typed)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # Linux tells so that the other end is closed
        pass
    os.close(ours)
    return process.wait(PATIENCE), shown


def test_a_line_of_an_export_is_json_of_its_own(filled: Home, run_here: Run, tmp_path: Path) -> None:
    run_here("history", "export", str(tmp_path / "out.jsonl"))
    kinds = [json.loads(line).get("kind") for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert kinds == [None, "push", "push", "handshake"]
