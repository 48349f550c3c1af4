"""How fluid the window stays while its page of runs shows a run.

    python -m tests.benchmarks.runs_page [--rounds 3]

To nginx with `ssl_verify_client on; return 200`, by mutual TLS over 16 connections that are kept alive: at 1,000 and at
2,000 a second, every push kept in the history, and as fast as it goes; the plots are drawn anew ten times a second,
while a timer of 10 ms beats. The table shows medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.home import Home
from inspector.workbench import DEV_CLIENT, Workbench
from tests.benchmarks.machine import Others, facts, nginx_facts
from tests.benchmarks.peers import nginx, nginx_program
from tests.benchmarks.stage import Stage, set_stage
from tests.benchmarks.subject import BEAT_MILLISECONDS, WINDOW_SIZE, percentiles
from tests.benchmarks.table import Figures, Row, as_text, milliseconds, rate

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow
    from inspector.ui.runs.driver import Seen

CONNECTIONS = 16
RATES: tuple[int | None, ...] = (1_000, 2_000, None)
SECONDS = 6
FAST_PUSHES = 40_000
LATEST_MS = 50


class PageRun:
    """Begins a run on the page, as a person would, and watches the window's timer until its end."""

    def __init__(self, window: MainWindow, url: str, wanted: int | None) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._window = window
        self._url = url
        self._wanted = wanted
        self._late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(window, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        window.resize(*WINDOW_SIZE)
        window.ready.connect(self._begin, Qt.ConnectionType.SingleShotConnection)

    def _begin(self) -> None:
        window = self._window
        window.composer.set_target(self._url)
        window.composer.set_identity(DEV_CLIENT)
        window.show_runs()
        page = window.runs.page
        page.pace.concurrency.setValue(CONNECTIONS)
        page.pace.count.setValue(FAST_PUSHES if self._wanted is None else self._wanted * SECONDS)
        if self._wanted is not None:
            page.pace.pace.setCurrentIndex(page.pace.pace.findData("rate"))
            page.pace.rate.setValue(self._wanted)
        page.begin()
        self._last = time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._late.append((now - self._last) * 1000 - BEAT_MILLISECONDS)
        self._last = now
        page = self._window.runs.page
        if not page.running:
            self._timer.stop()
            seen: Seen = page.earlier.run(0)
            if dict(seen.progress.statuses) != {200: seen.progress.planned}:
                raise RuntimeError(f"not all went well: {seen.progress.statuses} {seen.progress.failures}")
            sys.stdout.write(json.dumps(percentiles(self._late) | {"reached": seen.progress.rate}) + "\n")
            sys.stdout.flush()
            self._window.close()


def show_window(home: Path, url: str, wanted: int | None) -> int:
    from inspector.ui.app import run as show

    workbench = Workbench(Home.at(home), use_keyring=False)
    kept: list[PageRun] = []
    return show(workbench, after_start=lambda window: kept.append(PageRun(window, url, wanted)))


def measure(stage: Stage, url: str, rounds: int) -> dict[str, Figures]:
    """Each in a process of its own, as Qt ends with it."""
    figures: dict[str, Figures] = {}
    for number in range(rounds):
        for wanted in RATES:
            home = stage.fresh_home(f"page-{number}-{wanted}")
            command = [sys.executable, "-m", "tests.benchmarks.runs_page", "--window", home, url, wanted or 0]
            done = subprocess.run(
                [str(part) for part in command], capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise RuntimeError(done.stderr)
            for name, value in json.loads(done.stdout).items():
                figures.setdefault(f"{name}_{wanted}", Figures()).values.append(value)
    return figures


def rows(figures: dict[str, Figures]) -> list[Row]:
    found = []
    for wanted in RATES:
        what = f"{wanted:,} a second" if wanted else "as fast as it goes"
        late = figures[f"p99_ms_{wanted}"]
        found += [
            Row(what, "reached", figures[f"reached_{wanted}"].text(rate)),
            Row(
                what,
                "the timer, 99 % at most late",
                late.text(milliseconds),
                reach=f"{LATEST_MS} ms",
                reached=late.median <= LATEST_MS,
            ),
            Row(what, "the latest", figures[f"max_ms_{wanted}"].text(milliseconds)),
        ]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--window", nargs=3, metavar=("HOME", "URL", "RATE"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.window:
        home, url, number = wanted.window
        return show_window(Path(home), url, int(number) or None)
    program = nginx_program()
    if program is None:
        sys.exit("nginx is not installed.")
    others = Others()
    with tempfile.TemporaryDirectory() as folder:
        stage = set_stage(Path(folder))
        with nginx(program, stage) as peer:
            figures = measure(
                stage, f"https://{peer.address.replace('127.0.0.1', 'localhost')}/", wanted.rounds
            )
    print(as_text(rows(figures)))  # noqa: T201
    known = facts() | {"nginx": nginx_facts(program), "other programs took": others.share()}
    print("\n" + "; ".join(f"{name}: {value}" for name, value in known.items()))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
