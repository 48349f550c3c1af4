"""The program as a person starts it: a real window on a virtual display, ended by a signal."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.reader import HistoryReader
from inspector.home import Home

PATIENCE = 60

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual display of our own, on a number that Xvfb finds free."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    assert number
    yield f":{number}"
    server.terminate()
    server.wait()


def start(arguments: list[str], display: str, home: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PUSH_INSPECTOR_HOME": str(home),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_window(process: subprocess.Popen[str], display: str, name: str) -> None:
    """Until the display has a window of that name, as another program sees it."""
    found = subprocess.run(
        ["xdotool", "search", "--sync", "--onlyvisible", "--name", name],
        env={**os.environ, "DISPLAY": display},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert found.stdout.strip(), process.communicate(timeout=5)


def pushes_in_history(home: Home) -> int:
    """Once the window has made its history, which it does when it has been seen."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with HistoryReader.open(home.history_file) as reader:
                return reader.count().pushes_in
        except HistoryError:
            assert time.monotonic() < end
            time.sleep(0.05)


def wait_for_history(process: subprocess.Popen[str], home: Home) -> None:
    """Until the program has begun one: it does so after the window is seen."""
    for _ in range(int(PATIENCE / 0.05)):
        if home.history_file.exists():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    pytest.fail(f"There is no history: {process.communicate(timeout=5)}")


@pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("arguments", [["gui"], ["demo"]])
def test_the_window_opens_and_a_signal_ends_it_in_order(
    arguments: list[str], number: signal.Signals, display: str, home: Home
) -> None:
    process = start(arguments, display, home.data)
    wait_for_window(process, display, "Push Inspector")
    if arguments == ["gui"]:
        assert pushes_in_history(home) == 0
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
    if arguments == ["gui"]:
        assert home.settings_file.exists()
