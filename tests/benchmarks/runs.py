"""Single runs of a benchmark: one load against one peer, or against Push Inspector with its history checked after.

Imports `stage`, `load` and the history's reader.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.history.reader import HistoryReader
from inspector.home import Home
from tests.benchmarks.load import FIRST, templates
from tests.benchmarks.stage import PATIENCE_SECONDS, Stage, processor_seconds, running

HERE = Path(__file__).parent
# Bodies are compared byte for byte for so many pushes of a run.
COMPARED = 200
_KEPT = """
SELECT count(*), count(DISTINCT sequence), min(sequence), max(sequence), sum(status = 200), sum(attempt = 1),
       sum(problem_count = 0)
FROM events WHERE kind = 'push' AND direction = 'in'
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the load saw, and what it cost. `server_cpu_us` is the processor time of the server for a push."""

    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    acknowledged: int
    first: int
    last: int
    load_cpu_us: float
    server_cpu_us: float


@dataclass(frozen=True, slots=True)
class Load:
    """What load: `keep-alive` or `handshakes`, for so many seconds."""

    kind: str
    seconds: float
    rate: float = 0.0
    connections: int = 16

    def run(self, stage: Stage, address: str, pid: int, first: int = FIRST) -> Loaded:
        """Drive the server at `address`. Raises RuntimeError where a push is not acknowledged."""
        command = [
            sys.executable,
            HERE / "load.py",
            self.kind,
            address,
            stage.client,
            "--seconds",
            self.seconds,
        ]
        command += ["--rate", self.rate, "--connections", self.connections, "--first", first]
        before = processor_seconds(pid)
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        spent = processor_seconds(pid) - before
        if done.returncode:
            raise RuntimeError(f"{self.kind} against {address}: {done.stderr.strip()}")
        found = json.loads(done.stdout)
        return Loaded(**found, server_cpu_us=spent / found["acknowledged"] * 1e6)


@dataclass(frozen=True, slots=True)
class Seen:
    """One load as Push Inspector saw it. Lateness in milliseconds, of the window's timer; threads in seconds."""

    loaded: Loaded
    late_p50_ms: float
    late_p99_ms: float
    late_max_ms: float
    threads: Mapping[str, float]


class Subject:
    """Push Inspector while it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        ready = self._read()
        self.address = f"127.0.0.1:{ready['port']}"
        self.platform = str(ready["platform"])
        self.next = FIRST

    def load(self, stage: Stage, load: Load) -> Seen:
        """Drive it, and wait until it shows all that was acknowledged."""
        self._say("mark")
        loaded = load.run(stage, self.address, self._process.pid, self.next)
        report = self._ask("report")
        self.next = loaded.last + 1
        end = time.monotonic() + PATIENCE_SECONDS
        shown = report
        while shown["rows"] != self.next - FIRST or not shown["following"]:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.next - FIRST} pushes were acknowledged, {shown} is shown")
            time.sleep(0.1)
            shown = self._ask("report")
        return Seen(
            loaded,
            float(report.get("p50_ms", 0)),
            float(report.get("p99_ms", 0)),
            float(report.get("max_ms", 0)),
            report["threads"],
        )

    def end(self) -> None:
        """Have it finish as a user would."""
        self._say("quit")
        if self._process.wait(PATIENCE_SECONDS):
            raise RuntimeError(f"it ended with {self._process.returncode}")

    def _ask(self, command: str) -> dict[str, Any]:
        self._say(command)
        return self._read()

    def _say(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], PATIENCE_SECONDS * 3)[0]:
            raise RuntimeError("it says nothing")
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("it has ended")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def subject(
    kind: str, stage: Stage, name: str, env: Mapping[str, str], *, others: bool = False
) -> Iterator[Subject]:
    """Push Inspector with an empty history, as `window` or `listener`. At the end its history is compared with what
    was acknowledged, if not `others` loaded it. Raises RuntimeError where they differ."""
    home = stage.fresh_home(name)
    command: list[str | Path] = [sys.executable, HERE / "subject.py", kind, home]
    command += ["--fingerprint", stage.client_fingerprint, "--crl", stage.crl]
    with running(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        running_now = Subject(process)
        yield running_now
        running_now.end()
    if not others:
        compare(Home.at(home).history_file, running_now.next - 1)
    shutil.rmtree(home)


def compare(history: Path, last: int) -> None:
    """Whether every push from FIRST to `last` is kept once, as a first attempt, answered 200 and without a problem,
    and with the bytes that were sent."""
    count = last - FIRST + 1
    with closing(sqlite3.connect(history)) as database:
        kept = database.execute(_KEPT).fetchone()
    if kept != (count, count, FIRST, last, count, count, count):
        raise RuntimeError(f"{count} pushes were acknowledged up to {last}, kept were {kept}")
    requests = templates(keep=True)
    reader = HistoryReader.open(history)
    try:
        ids = reader.ids(None)
        for place in range(0, count, max(count // COMPARED, 1)):
            event = reader.event(ids[place])
            if event is None or event.written.sequence is None:
                raise RuntimeError(f"push {place} can't be read")
            number = event.written.sequence
            if not (requests[number % len(requests)] % number).endswith(b"\r\n\r\n" + event.written.body):
                raise RuntimeError(f"push {number} is not kept as it was sent")
    finally:
        reader.close()


@contextmanager
def display(platform: str) -> Iterator[tuple[dict[str, str], str]]:
    """Where the window is shown: `xvfb`, `offscreen`, or `desktop` for the display there is; yields the environment
    and what to call it. Without Xvfb, offscreen takes its place."""
    program = shutil.which("Xvfb")
    if platform == "desktop":
        yield {}, "this desktop"
    elif platform == "offscreen" or program is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}, "offscreen: nothing is shown"
    else:
        reading, writing = os.pipe()
        command = [program, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            if not number:
                raise RuntimeError("Xvfb does not start; try --platform offscreen")
            yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}, "a real window under Xvfb"
        finally:
            process.terminate()
            process.wait()
