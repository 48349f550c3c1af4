"""Two processes on one history: the window reads along, says so, shows what comes, and writes once it may."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.history.query import local_now, parse
from inspector.history.retention import Retention
from inspector.history.store import HistoryWriter
from inspector.home import Home
from inspector.workbench import Workbench
from tests.history.examples import connection, push
from tests.ui.conftest import LONG, MakeWindow

SEND = ("send", "ios", "--identity", "dev-client")


def command(home: Home, *words: str) -> list[str]:
    return [sys.executable, "-m", "inspector", "--home", str(home.data), *words]


@contextmanager
def listening(home: Home) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`listen` in a process of its own, and its address."""
    with subprocess.Popen(
        command(home, "listen", "--port", "0", "--json"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        try:
            assert child.stdout is not None
            ready: dict[str, Any] = json.loads(child.stdout.readline())
            yield child, ready["url"]
        finally:
            child.terminate()


def test_a_second_window_reads_along(make_window: MakeWindow, home: Home, qtbot: QtBot) -> None:
    home.create()
    with listening(home) as (child, url):
        window = make_window()
        qtbot.waitUntil(lambda: "reading" in window.status_line.chips.shown, timeout=LONG)
        tip = window.status_line.chips.shown["reading"].tip
        assert f"Process {child.pid} (listen) writes this history" in tip

        sent = subprocess.run(command(home, *SEND, "--to", url), capture_output=True, timeout=60, check=False)
        assert sent.returncode == 0, sent.stderr
        qtbot.waitUntil(lambda: window.model.rowCount() == 2, timeout=LONG)  # the push, and that it was sent

        window.toggle_listening(True)
        qtbot.waitUntil(lambda: f"process {child.pid} (listen)" in window.notice.text, timeout=LONG)
        assert not window.listening.state.on
        action = window.notice.findChild(QPushButton, "notice_action")
        assert action is not None
        assert action.text() == "Start a new file beside it"
        child.terminate()
        child.wait()
    qtbot.waitUntil(lambda: "reading" not in window.status_line.chips.shown, timeout=LONG)
    assert window.workbench.holds_history


def test_a_new_file_beside_it_is_written(make_window: MakeWindow, home: Home, qtbot: QtBot) -> None:
    home.create()
    with listening(home):
        window = make_window()
        window.toggle_listening(True)
        qtbot.waitUntil(lambda: bool(window.notice.text), timeout=LONG)
        action = window.notice.findChild(QPushButton, "notice_action")
        assert action is not None
        action.click()
        qtbot.waitUntil(lambda: window.workbench.holds_history, timeout=LONG)
        qtbot.waitUntil(lambda: "reading" not in window.status_line.chips.shown, timeout=LONG)
        assert home.history_file.name == "history-2.sqlite3"


def test_a_file_that_cannot_be_made_leaves_the_table_whole(
    make_window: MakeWindow, home: Home, qtbot: QtBot
) -> None:
    home.create()
    with HistoryWriter.open(home.history_file) as writer:
        shared = connection()
        for _ in range(40):
            writer.add([push(connection=shared) for _ in range(1000)])
    window = make_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 40_000, timeout=LONG)
    failures: list[object] = []
    refusals: list[object] = []
    window.feed.failed.connect(failures.append)
    window.keeping.refused.connect(refusals.append)
    window.feed.show_query(parse("mybrandpush", now=local_now()))
    window.keeping.start_new_at(home.history_file)
    qtbot.waitUntil(lambda: bool(refusals), timeout=LONG)
    qtbot.waitUntil(lambda: window.model.rowCount() == 40_000, timeout=LONG)
    assert not failures


def test_a_listener_beside_a_window_says_who_writes(
    make_window: MakeWindow, home: Home, qtbot: QtBot
) -> None:
    Workbench(home, use_keyring=False).ensure_identities()
    window = make_window()
    qtbot.waitUntil(lambda: window.workbench.holds_history, timeout=LONG)
    refused = subprocess.run(
        command(home, "listen", "--port", "0"), capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 4
    first, second = refused.stderr.splitlines()
    assert "(window)" in first
    assert "history new" in second


def test_what_is_let_go_of_is_said_and_leaves_the_table(
    make_window: MakeWindow, home: Home, qtbot: QtBot
) -> None:
    home.create()
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add([push(sequence=number) for number in range(400)])
    workbench.close()
    window = make_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 400, timeout=LONG)
    said: list[str] = []
    window.keeping.said.connect(said.append)
    window.workbench.keep_at_most(Retention(most_events=150))
    qtbot.waitUntil(lambda: "Let go of 250 rows above 150, the oldest first" in said, timeout=LONG)
    qtbot.waitUntil(lambda: window.model.rowCount() == 150, timeout=LONG)
    assert window.model.id_at(0) == 251
