"""The window on a large history, measured from within; `history_table.py` starts it and reads the JSON line it prints.

    python tests/benchmarks/history_window.py HOME STARTED

STARTED is when the process was started (`time.time()`). It waits until the newest rows are painted, jumps to places all
over the table, types a filter letter by letter while a timer of 10 ms beats, and closes.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

from inspector.home import Home
from inspector.ui.app import run
from inspector.ui.main_window import MainWindow
from inspector.workbench import Workbench
from tests.benchmarks.subject import BEAT_MILLISECONDS, percentiles

JUMPS = 60
TYPED = "invoice"  # a third of all rows
LETTER_SECONDS = 0.12
PATIENCE_SECONDS = 60.0


def resident_megabytes() -> float:
    """Of this process; 0 where the system does not tell."""
    try:
        fields = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()
    except (OSError, IndexError):
        return 0.0
    return int(fields[0]) / 1024


class Paints(QObject):
    """Counts the paintings of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


class Measuring:
    """A script of steps in the UI thread; `wait` lets Qt work meanwhile."""

    def __init__(self, window: MainWindow, started: float) -> None:
        self._window = window
        self._started = started
        self._view = window.pushes.table.view
        self._paints = Paints()
        self._view.viewport().installEventFilter(self._paints)
        self._found: dict[str, object] = {}
        self._steps = self._script()
        window.ready.connect(self._begin, Qt.ConnectionType.SingleShotConnection)

    def _begin(self) -> None:
        QTimer.singleShot(0, self._run)

    def _run(self) -> None:
        for _ in self._steps:
            pass
        sys.stdout.write(json.dumps(self._found) + "\n")
        sys.stdout.flush()
        self._window.close()

    def _wait(self, true: Callable[[], bool], what: str) -> None:
        end = time.perf_counter() + PATIENCE_SECONDS
        while not true():
            QCoreApplication.processEvents()
            if time.perf_counter() > end:
                raise SystemExit(f"it never came to {what}")

    def _seen(self, place: int) -> bool:
        """Whether the rows around a place are here."""
        model = self._window.model
        return all(model.knows(model.id_at(one)) for one in (place, min(place + 12, model.rowCount() - 1)))

    def _painted_with(self, place: int) -> Callable[[], bool]:
        """Painted after its rows have come."""
        after: list[int] = []

        def true() -> bool:
            if not after and self._seen(place):
                after.append(self._paints.count)
                self._view.viewport().update()
            return bool(after) and self._paints.count > after[0]

        return true

    def _script(self) -> Iterator[None]:
        model = self._window.model
        self._wait(lambda: model.rowCount() > 20, "a first row")
        self._wait(self._painted_with(model.rowCount() - 20), "a first painting")
        self._found["open_ms"] = (time.time() - self._started) * 1000
        searching: list[bool] = []
        self._window.feed.searching.connect(searching.append)
        self._wait(
            lambda: (bool(searching) and not searching[-1]) or model.rowCount() >= 1_000_000, "all rows"
        )
        self._found["all_rows_ms"] = (time.time() - self._started) * 1000
        self._found["rows"] = model.rowCount()
        yield
        self._jump()
        yield
        self._type()
        yield
        self._found["megabytes"] = resident_megabytes()

    def _jump(self) -> None:
        chance = random.Random(1)
        model, spent = self._window.model, []
        for _ in range(JUMPS):
            place = chance.randrange(model.rowCount() - 50)
            began = time.perf_counter()
            self._view.verticalScrollBar().setValue(place)
            self._wait(self._painted_with(place), "a place")
            spent.append((time.perf_counter() - began) * 1000)
        spent.sort()
        self._found["jump_ms"] = statistics.median(spent)
        self._found["jump_p95_ms"] = spent[int(len(spent) * 0.95)]

    def _type(self) -> None:
        late: list[float] = []
        last = time.perf_counter()

        def beat() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append((now - last) * 1000 - BEAT_MILLISECONDS)
            last = now

        timer = QTimer(self._window, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(beat)
        timer.start()
        last = time.perf_counter()
        letters = (TYPED[:count] for count in range(1, len(TYPED) + 1))
        backwards = (TYPED[:count] for count in range(len(TYPED) - 1, -1, -1))
        for text in (*letters, *backwards, "e", "em", "", "service:apns"):
            self._window.toolbar.filter.setText(text)
            until = time.perf_counter() + LETTER_SECONDS + 0.15
            self._wait(lambda until=until: time.perf_counter() > until, "the next letter")  # type: ignore[misc]
        timer.stop()
        self._found.update({f"typing_{name}": value for name, value in percentiles(late).items()})


def main() -> int:
    measuring: list[Measuring] = []
    workbench = Workbench(Home.at(Path(sys.argv[1])), use_keyring=False)
    return run(workbench, after_start=lambda window: measuring.append(Measuring(window, float(sys.argv[2]))))


if __name__ == "__main__":
    sys.exit(main())
