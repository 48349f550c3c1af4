"""`send --repeat` and `--play`: what they send, print, save and keep."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.home import Home
from inspector.sender.player.script import read_script
from inspector.sender.player.scripts import built_in
from tests.cli.conftest import PATIENCE, Listen, Pems, Run


def test_a_script_is_played(listen: Listen, pems: Pems, run_here: Run, tmp_path: Path) -> None:
    listening = listen(elsewhere=True)
    page, data = tmp_path / "run.html", tmp_path / "run.json"
    done = run_here(
        *(
            "send",
            "--play",
            "short-chat",
            "--speed",
            "100",
            "--to",
            listening.url,
            "--identity",
            "dev-client",
        ),
        *("--concurrency", "1", "--json", "--save-summary", str(page), "--save-summary", str(data)),
    )
    assert done.code == 0, done.err
    (line,) = done.lines
    assert (line["event"], line["sent"], line["planned"], line["statuses"]) == ("run", 8, 8, {"200": 8})
    assert (line["cancelled"], line["failures"], line["recorded"]) == (False, {}, 8)
    assert {"lowest", "mean", "median", "p90", "p95", "p99", "p99_9", "highest"} == set(line["latency_ms"])
    pushes = [listening.next_line() for _ in range(8)]
    assert [push["sequence"] for push in pushes] == list(range(1, 9))
    assert not any(push["problems"] for push in pushes)
    summary = json.loads(data.read_text(encoding="utf-8"))
    assert (summary["sent"], summary["title"]) == (8, "script short-chat, 100 times as fast")
    assert "short-chat" in page.read_text(encoding="utf-8")
    kept = run_here("history", "list", "direction:out", "--json")
    assert len(kept.lines) == 8


def test_a_script_of_one_s_own(listen: Listen, pems: Pems, run_here: Run, tmp_path: Path) -> None:
    """What --list-scripts prints is a file to begin with."""
    listed = run_here("send", "--list-scripts", "--json").lines
    assert [read_script(json.dumps(one).encode(), "x") for one in listed] == list(built_in())
    file = tmp_path / "mine.json"
    file.write_text(
        json.dumps(listed[0] | {"pushes": 3, "texts": ["Grüße"], "name": "mine"}), encoding="utf-8"
    )
    listening = listen(elsewhere=True)
    done = run_here(
        "send",
        "--play",
        str(file),
        "--speed",
        "50",
        "--to",
        listening.url,
        "--identity",
        "dev-client",
        "--keep",
        "none",
    )
    assert done.code == 0, done.err
    assert done.text.startswith("3 sent in ")
    assert run_here("history", "list", "direction:out", "--json").lines == []


def test_the_scripts_are_listed(run_here: Run) -> None:
    done = run_here("send", "--list-scripts")
    assert done.code == 0
    for script in built_in():
        assert script.name in done.text
        assert script.title in done.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--play", "short-chat"], "--to"),
        (["ios", "--play", "short-chat", "--to", "localhost"], "Leave out SOURCE"),
        (["--play", "short-chat", "--repeat", "3", "--to", "localhost"], "--repeat"),
        (["--play", "short-chat", "--rate", "3", "--to", "localhost"], "--rate"),
        (["--play", "short-chat", "--set", "badge=1", "--to", "localhost"], "--set"),
        (["--play", "short-chat", "--retry", "--to", "localhost"], "--retry"),
        (["--play", "short-chit", "--to", "localhost"], "Did you mean short-chat?"),
        (["ios", "--speed", "2", "--to", "localhost"], "--play"),
        (["ios", "--repeat", "2", "--save-summary", "x.txt", "--to", "localhost"], ".html"),
        (["ios", "--repeat", "2", "--save-summary", "/no/such/x.json", "--to", "localhost"], "/no/such"),
    ],
)
def test_what_can_t_be_asked_for(run_here: Run, pems: Pems, arguments: list[str], words: str) -> None:
    done = run_here("send", *arguments)
    assert done.code == 2
    assert words in done.err
    assert done.out == b""


def test_failures_are_told_in_words(run_here: Run, pems: Pems) -> None:
    done = run_here("send", "ios", "--to", "https://127.0.0.1:1/", "--repeat", "5", "--concurrency", "2")
    assert done.code == 3
    assert "connect_failed  5" in done.text
    assert "Nothing listens at 127.0.0.1:1. Check the port" in done.text
    assert "Sending" not in done.err


def test_a_summary_of_a_single_push(listen: Listen, pems: Pems, run_here: Run, tmp_path: Path) -> None:
    listening = listen("--respond", "503", elsewhere=True)
    file = tmp_path / "one.json"
    done = run_here(
        "send", "ios", "--to", listening.url, "--identity", "dev-client", "--save-summary", str(file)
    )
    assert done.code == 1
    assert json.loads(file.read_text(encoding="utf-8"))["statuses"] == {"503": 1}


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_person_sees_a_bar_and_may_stop_it(listen: Listen, pems: Pems, home: Home, tmp_path: Path) -> None:
    import pty

    listening = listen(elsewhere=True)
    ours, theirs = pty.openpty()
    arguments = [
        "send",
        "ios",
        "--repeat",
        "1000000",
        "--rate",
        "200",
        "--to",
        listening.url,
        "--identity",
        "dev-client",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments, "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "PUSH_INSPECTOR_HOME": str(home.data), "TERM": "xterm"},
    )
    os.close(theirs)
    seen = b""
    while not re.search(rb"Sending.*\d+/s", seen):
        seen += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    drain(ours)
    out, _ = process.communicate(timeout=PATIENCE)
    line: dict[str, Any] = json.loads(out)
    assert line["cancelled"]
    assert 0 < line["sent"] < 1_000_000
    assert line["recorded"] == line["sent"]


def drain(terminal: int) -> None:
    """Until the other side has gone; Linux says so by an error."""
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.close(terminal)
