"""Start to visible window, measured from outside: from the start of the process to the first paint of the window.

Run it with `python tests/benchmarks/start_up.py [RUNS]` under a display (or `xvfb-run -a`).
Prints the median, least and most milliseconds, with an empty history.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

_CHILD = """
import sys, time
from inspector.home import Home
from pathlib import Path
from inspector.workbench import Workbench
from PySide6.QtCore import QEvent, QObject, QTimer
from inspector.ui.app import run

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.report)
        return False

    def report(self):
        print(time.time(), flush=True)
        window.close()

def after(shown):
    global window, watcher
    window = shown
    watcher = FirstPaint()
    shown.pushes.table.installEventFilter(watcher)
    shown.pushes.table.update()

sys.exit(run(Workbench(Home.at(Path(sys.argv[1])), use_keyring=False), after_start=after))
"""


def once() -> float:
    """Milliseconds from the start of a process to the first paint of its window."""
    with tempfile.TemporaryDirectory() as home:
        started = time.time()
        child = subprocess.run(
            [sys.executable, "-c", _CHILD, home],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
            timeout=60,
        )
        return (float(child.stdout.split()[0]) - started) * 1000


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    once()
    figures = [once() for _ in range(runs)]
    print(f"start to first paint: median {statistics.median(figures):.0f} ms", end="")  # noqa: T201
    print(f" (least {min(figures):.0f}, most {max(figures):.0f}, {runs} runs)")  # noqa: T201


if __name__ == "__main__":
    main()
