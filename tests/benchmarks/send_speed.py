"""How fast a run sends, how well it keeps a rate, and how fluid the window stays meanwhile.

    python -m tests.benchmarks.send_speed [--rounds 3]

To nginx with `ssl_verify_client on; return 200`, by mutual TLS over 16 connections that are kept alive: as fast as it
goes, without a history and with every push kept in one; at 1,000 a second; and with the window open in the same
process, its table following, while a timer of 10 ms beats. Everything is run `--rounds` times; the table shows medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.history.model import NewEvent
from inspector.home import Home
from inspector.sender.model import Target
from inspector.sender.run import run
from inspector.sender.run_plan import repeats
from inspector.sender.run_progress import RunSummary
from inspector.sender.run_record import Keep, Recorder
from inspector.sender.templates import find
from inspector.workbench import DEV_CLIENT, SendRequest, Workbench
from tests.benchmarks.machine import Others, facts, nginx_facts
from tests.benchmarks.peers import nginx, nginx_program
from tests.benchmarks.stage import Stage, set_stage
from tests.benchmarks.subject import BEAT_MILLISECONDS, percentiles
from tests.benchmarks.table import Figures, Row, as_text, milliseconds, rate

if TYPE_CHECKING:
    from inspector.ui.main_window import MainWindow

CONNECTIONS = 16
PUSHES = 20_000
RATE = 1_000
RATE_SECONDS = 5
WANTED = 2_000
WINDOW_RATES: tuple[int | None, ...] = (RATE, WANTED, None)

Add = Callable[[Sequence[NewEvent]], object]


def send_many(target: Target, count: int, wanted: int | None, add: Add | None) -> RunSummary:
    body = find("ios").body
    with Recorder(add or (lambda _: None), Keep.NONE if add is None else Keep.ALL) as recorder:
        plan = repeats(lambda _: body, count, wanted)
        summary = run(target, plan, concurrency=CONNECTIONS, on_result=recorder.take)
    if dict(summary.statuses) != {200: count} or (add is not None and recorder.recorded.stored != count):
        raise RuntimeError(f"not all went well: {summary.statuses} {summary.failures} {recorder.recorded}")
    return summary


def at_rest(workbench: Workbench, url: str, figures: dict[str, Figures]) -> None:
    """Without a window."""
    target = workbench.target(SendRequest(url=url, identity=DEV_CLIENT))
    note(figures, "fast", reached(send_many(target, PUSHES, None, None)))
    began = time.monotonic()
    note(figures, "kept", reached(send_many(target, PUSHES, None, workbench.writer.add)))
    note(figures, "durable", PUSHES / (time.monotonic() - began))
    steady = send_many(target, RATE * RATE_SECONDS, RATE, workbench.writer.add)
    # The last push is due an interval before the end of the time.
    note(figures, "rate", reached(steady) * (steady.sent - 1) / steady.sent)
    note(figures, "late_p99", steady.progress.lateness.at(0.99))
    for name in ("median", "p99", "p99_9"):
        note(figures, f"latency_{name}", steady.latencies[name])


def reached(summary: RunSummary) -> float:
    return summary.sent / summary.seconds


def note(figures: dict[str, Figures], name: str, value: float) -> None:
    figures.setdefault(name, Figures()).values.append(value)


def with_window(stage: Stage, home: Path, url: str, wanted: int | None, figures: dict[str, Figures]) -> None:
    """In a process of its own, as Qt ends with it."""
    command = [sys.executable, "-m", "tests.benchmarks.send_speed", "--window", home, url, str(wanted or 0)]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    for name, value in json.loads(done.stdout).items():
        note(figures, f"{name}_{wanted}", value)


class WindowRun:
    """A run in a thread of the window's process, and the window's timer."""

    def __init__(self, window: MainWindow, workbench: Workbench, url: str, wanted: int | None) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._window = window
        self._workbench = workbench
        self._target = workbench.target(SendRequest(url=url, identity=DEV_CLIENT))
        self._wanted = wanted
        self._late: list[float] = []
        self._last = 0.0
        self._summary: list[RunSummary] = []
        self._timer = QTimer(window, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._send)
        window.ready.connect(self._begin, Qt.ConnectionType.SingleShotConnection)

    def _begin(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()
        self._thread.start()

    def _send(self) -> None:
        def add(events: Sequence[NewEvent]) -> None:
            self._workbench.writer.add(events)
            self._window.feed.poke()

        count = PUSHES * 2 if self._wanted is None else self._wanted * RATE_SECONDS
        self._summary.append(send_many(self._target, count, self._wanted, add))

    def _beat(self) -> None:
        now = time.perf_counter()
        self._late.append((now - self._last) * 1000 - BEAT_MILLISECONDS)
        self._last = now
        if not self._thread.is_alive():
            self._timer.stop()
            figures = percentiles(self._late) | {"reached": reached(self._summary[0])}
            sys.stdout.write(json.dumps(figures) + "\n")
            sys.stdout.flush()
            self._window.close()


def show_window(home: Path, url: str, wanted: int | None) -> int:
    from inspector.ui.app import run as show

    workbench = Workbench(Home.at(home), use_keyring=False)
    kept: list[WindowRun] = []
    return show(workbench, after_start=lambda window: kept.append(WindowRun(window, workbench, url, wanted)))


def rows(figures: dict[str, Figures]) -> list[Row]:
    off = max(abs(value / RATE - 1) for value in figures["rate"].values)
    found = [
        Row(
            "as fast as it goes",
            words,
            figures[name].text(rate),
            reach=f"{WANTED:,}/s",
            reached=figures[name].median >= WANTED,
        )
        for name, words in (
            ("fast", "sent"),
            ("kept", "sent, each kept in a history"),
            ("durable", "sent and stored"),
        )
    ]
    found += [
        Row("1,000 a second", "reached", figures["rate"].text(rate), reach="within 2 %", reached=off <= 0.02),
        Row("1,000 a second", "starts, 99 % at most late", figures["late_p99"].text(milliseconds)),
        *(
            Row("1,000 a second", f"latency, {name}", figures[f"latency_{name}"].text(milliseconds))
            for name in ("median", "p99", "p99_9")
        ),
    ]
    for wanted in WINDOW_RATES:
        what = f"the window's timer, {f'{wanted:,} a second' if wanted else 'as fast as it goes'}"
        late = figures[f"p99_ms_{wanted}"]
        asked = wanted is not None
        found += [
            Row(what, "reached", figures[f"reached_{wanted}"].text(rate)),
            Row(
                what,
                "99 % at most late",
                late.text(milliseconds),
                reach="50 ms",
                reached=late.median <= 50 if asked else None,
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
    figures: dict[str, Figures] = {}
    others = Others()
    with tempfile.TemporaryDirectory() as folder:
        stage = set_stage(Path(folder))
        with nginx(program, stage) as peer:
            url = f"https://{peer.address}/"
            for number in range(wanted.rounds):
                workbench = Workbench(Home.at(stage.fresh_home(f"rest-{number}")), use_keyring=False)
                at_rest(workbench, url, figures)
                workbench.close()
                for speed in WINDOW_RATES:
                    home = stage.fresh_home(f"window-{number}-{speed}")
                    with_window(stage, home, url, speed, figures)
    print(as_text(rows(figures)))  # noqa: T201
    known = facts() | {"nginx": nginx_facts(program), "other programs took": others.share()}
    print("\n" + "; ".join(f"{name}: {value}" for name, value in known.items()))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
