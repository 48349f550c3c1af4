"""Push Inspector as a benchmark runs it: in a process of its own, with the real window or without.

    python tests/benchmarks/subject.py window|listener HOME --fingerprint SHA256 --crl FILE

It listens with what a user may have switched on and an ordinary push meets: rules (none of which fits), expected
headers, a list of allowed clients, a CRL. It prints one JSON line once it listens, and one for each line of standard
input: `mark` begins to measure, `report` tells what was seen since, `quit` ends it.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.home import Home
from inspector.listen_request import ListenRequest
from inspector.listener.rule import Answer, Match, Rule
from inspector.workbench import Workbench
from tests.benchmarks.load import HEADERS

if TYPE_CHECKING:
    from inspector.ui.listening import Listening
    from inspector.ui.main_window import MainWindow

BEAT_MILLISECONDS = 10
WINDOW_SIZE = (1440, 900)
RULES = (
    Rule("one device is refused", Match(device_token="no-such-device-*"), Answer(status=403)),
    Rule("one brand fails", Match(service="apns", brand="qa00000001"), Answer(status=500)),
    Rule("one text is slow", Match(text="nobody writes this"), Answer(delay_seconds=10)),
)


def everything_on(fingerprint: str, crl: Path) -> ListenRequest:
    """The features of the listener that look at every push or at every client."""
    return ListenRequest(
        port=0,
        client_fingerprints=(fingerprint,),
        crl_files=(crl,),
        expected_headers=HEADERS,
        rules=RULES,
    )


class Clock:
    """Processor time of each thread since the last mark. Empty where the system does not tell."""

    def __init__(self) -> None:
        self._before: dict[str, float] = {}

    def mark(self) -> None:
        self._before = self._read()

    def since(self) -> dict[str, float]:
        """Seconds by the thread's name."""
        return {name: round(spent - self._before.get(name, 0.0), 4) for name, spent in self._read().items()}

    def _read(self) -> dict[str, float]:
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        spent: dict[str, float] = {}
        for task in Path("/proc/self/task").glob("*"):
            try:
                nanoseconds = int((task / "schedstat").read_text().split()[0])
            except OSError:
                continue
            name = names.get(int(task.name), "other")
            spent[name] = spent.get(name, 0.0) + nanoseconds / 1e9
        return spent


def say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def watch_window(window: MainWindow, request: ListenRequest) -> None:
    """Listen once the history is shown, measure the timer's lateness, and obey standard input."""
    from PySide6.QtCore import QSocketNotifier, Qt, QTimer

    late: list[float] = []
    last = 0.0
    clock = Clock()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append((now - last) * 1000 - BEAT_MILLISECONDS)
        last = now

    def mark() -> None:
        nonlocal last
        late.clear()
        last = time.perf_counter()
        clock.mark()

    def report() -> None:
        bar = window.pushes.table.view.verticalScrollBar()
        say(
            {
                "beats": len(late),
                **percentiles(late),
                "rows": window.model.rowCount(),
                "following": bar.value() == bar.maximum(),
                "threads": clock.since(),
            }
        )

    def changed(state: Listening) -> None:
        if state.on and not state.busy and window.listening.address is not None:
            timer.start()
            say({"port": window.listening.address.port, "platform": platform_name()})

    commands: dict[str, Callable[[], object]] = {"mark": mark, "report": report, "quit": window.close}
    timer = QTimer(window, interval=BEAT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    listener = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, window)
    listener.activated.connect(lambda *_: commands[sys.stdin.readline().strip() or "quit"]())
    window.resize(*WINDOW_SIZE)
    window.listening.changed.connect(changed)
    window.listening.failed.connect(lambda error: sys.exit(str(error)))
    window.ready.connect(lambda: window.listening.start(request), Qt.ConnectionType.SingleShotConnection)


def platform_name() -> str:
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.platformName()


def percentiles(late: list[float]) -> dict[str, float]:
    """Milliseconds; negative lateness, the beat that catches up, counts as it is."""
    found = sorted(late) or [0.0]
    return {
        "p50_ms": found[len(found) // 2],
        "p99_ms": found[int(len(found) * 0.99)],
        "max_ms": found[-1],
    }


def run_window(workbench: Workbench, request: ListenRequest) -> int:
    """The window that a user sees."""
    from inspector.ui.app import run

    return run(workbench, after_start=lambda window: watch_window(window, request))


def run_listener(workbench: Workbench, request: ListenRequest) -> int:
    """The listener alone; nobody is told of its events."""
    clock = Clock()
    listener = workbench.listen(request, lambda _event: None)
    say({"port": listener.start().port, "platform": "none"})
    for line in sys.stdin:
        if line.strip() == "mark":
            clock.mark()
        elif line.strip() == "report":
            say({"rows": listener.pushes, "following": True, "threads": clock.since()})
        else:
            break
    listener.stop()
    workbench.close()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=("window", "listener"))
    parser.add_argument("home", type=Path)
    parser.add_argument("--fingerprint", required=True)
    parser.add_argument("--crl", type=Path, required=True)
    wanted = parser.parse_args()
    workbench = Workbench(Home.at(wanted.home), use_keyring=False)
    request = everything_on(wanted.fingerprint, wanted.crl)
    return (run_window if wanted.kind == "window" else run_listener)(workbench, request)


if __name__ == "__main__":
    sys.exit(main())
