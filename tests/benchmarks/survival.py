"""What happens to pushes that were answered 200 when the process is killed, or the disk is full.

    python tests/benchmarks/survival.py [--kills 100]

A real `push-inspector listen` takes pushes over mutual TLS from several connections, is killed (SIGKILL) at a random
moment, and its history is compared with what was acknowledged; over and over, on the same history. Then one on a disk
of a few megabytes (a tmpfs, which only root can mount): it is filled, and emptied again. The tests run a short form.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.load import FIRST, templates
from tests.benchmarks.stage import PATIENCE_SECONDS, Stage, running, set_stage

REQUESTS = templates(keep=True)
DISK = "3m"


class Client:
    """One connection that is kept; pushes numbers from FIRST on."""

    def __init__(self, stage: Stage, port: int) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_cert_chain(stage.client)
        plain = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self._tls = context.wrap_socket(plain)
        self._answers = self._tls.makefile("rb")

    def push(self, number: int) -> int:
        """The status. Raises OSError where there is no answer."""
        self._tls.sendall(REQUESTS[number % len(REQUESTS)] % number)
        line = self._answers.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("no answer")
        length = 0
        while (header := self._answers.readline()) != b"\r\n":
            if not header:
                raise ConnectionError("half an answer")
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        self._answers.read(length)
        return int(line.split()[1])

    def close(self) -> None:
        self._answers.close()
        self._tls.close()


@contextmanager
def listener(home: Path, errors: IO[bytes] | None = None) -> Iterator[tuple[subprocess.Popen[Any], int]]:
    """`listen` on a free port."""
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "inspector",
        "--home",
        home,
        "listen",
        "--port",
        "0",
        "--json",
    ]
    with running(command, stdout=subprocess.PIPE, errors=errors) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline() or "{}")
        if said.get("event") != "ready":
            raise RuntimeError(f"it does not listen: {said}")
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        try:
            yield process, said["port"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)
            drain.join()
            process.stdout.close()


@dataclass(frozen=True, slots=True)
class Kill:
    """What one kill left: how many pushes were acknowledged before it, and which of them are not kept."""

    acknowledged: int
    lost: tuple[int, ...]


def kills(stage: Stage, count: int, seed: int = 1) -> Iterator[Kill]:
    """Kill a loaded listener so often. Raises RuntimeError where a history is not whole after it."""
    home = stage.fresh_home("kills")
    chance = random.Random(seed)
    following = FIRST
    for _ in range(count):
        acknowledged, following = _kill(stage, home, following, chance.uniform(0.02, 0.4))
        yield Kill(len(acknowledged), tuple(sorted(acknowledged - _kept(home))))


def _kill(stage: Stage, home: Path, first: int, after: float) -> tuple[set[int], int]:
    acknowledged: set[int] = set()
    numbers = iter(range(first, sys.maxsize))
    lock = threading.Lock()

    def load(client: Client) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while True:
                with lock:
                    number = next(numbers)
                if client.push(number) == 200:
                    acknowledged.add(number)

    with listener(home) as (process, port):
        clients = [Client(stage, port) for _ in range(4)]
        threads = [threading.Thread(target=load, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(after)
        process.kill()
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()
    return acknowledged, next(numbers)


def _kept(home: Path) -> set[int]:
    with closing(sqlite3.connect(home / "history.sqlite3")) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise RuntimeError(f"the history is damaged: {verdict}")
        return {number for (number,) in database.execute("SELECT sequence FROM events WHERE status = 200")}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of DISK. Raises OSError where none can be mounted."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@dataclass(frozen=True, slots=True)
class Outage:
    """A full disk: how many pushes were answered 200 before, with 500 in it, and 200 after; which are not kept; what
    was said to people."""

    before: int
    refused: int
    after: int
    lost: tuple[int, ...]
    said: str


def outage(stage: Stage, folder: Path) -> Outage:
    """Fill a listener's disk, and make room again. Raises OSError where no small disk can be had."""
    with small_disk(folder) as disk, tempfile.TemporaryFile() as errors:
        home = stage.fresh_home_at(disk / "home")
        statuses: list[int] = []
        with listener(home, errors) as (_, port):
            client = Client(stage, port)

            def push() -> int:
                statuses.append(client.push(FIRST + len(statuses)))
                return statuses[-1]

            for _ in range(20):
                push()
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(b"\0" * 4096):
                    pass
            end = time.monotonic() + PATIENCE_SECONDS
            while push() != 500:  # the log had some room of its own
                if time.monotonic() > end:
                    raise RuntimeError("the disk never filled up")
            refused = [push() for _ in range(5)].count(500) + 1
            ballast.unlink()
            while push() != 200:
                if time.monotonic() > end:
                    raise RuntimeError("it does not go on when there is room")
            for _ in range(20):
                push()
            client.close()
        answered = {FIRST + place for place, status in enumerate(statuses) if status == 200}
        failed = statuses.index(500)
        errors.seek(0)
        return Outage(
            before=failed,
            refused=refused,
            after=len([status for status in statuses[failed:] if status == 200]),
            lost=tuple(sorted(answered - _kept(home))),
            said=errors.read().decode(),
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage = set_stage(Path(folder) / "stage")
        acknowledged = lost = 0
        for kill in kills(stage, wanted.kills):
            acknowledged += kill.acknowledged
            lost += len(kill.lost)
        print(f"{wanted.kills} kills: {acknowledged:,} pushes were answered 200, {lost} of them lost")  # noqa: T201
        try:
            found = outage(stage, Path(folder) / "disk")
        except OSError as error:
            print(f"full disk: not tried ({error})")  # noqa: T201
        else:
            print(f"full disk: {found}")  # noqa: T201
            lost += len(found.lost)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
