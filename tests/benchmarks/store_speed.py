"""How fast the history writes and searches. Run on request: `python -m tests.benchmarks.store_speed [ROWS]`.

Writes in the batches that a turn of the listener's loop makes, on a file in the current folder's own file system
(TMPDIR), and searches the result. Reports microseconds per event, wall and processor, and milliseconds per search.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from inspector.history.model import Connection, NewEvent
from inspector.history.query import parse
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import START, connection, push

CONNECTIONS = 16
HEADERS = (
    ("Host", "localhost:8443"),
    ("User-Agent", "Apache-HttpClient/4.5.3 (Java/1.8.0_121)"),
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("Content-Length", "423"),
    ("Connection", "Keep-Alive"),
    ("Accept-Encoding", "gzip,deflate"),
)
SEARCHES = (
    *("", "nowhere", "test", "привет", "nirgendwö", "service:fcm", "status:>=500", "seq:3..9", "conv:13a1*"),
    *("text:nowhere", "body:nowhere", "subject:rogue", "has:retry", "after:2030-01-01", "-test"),
)


def ascii_push(number: int, keys: random.Random, shared: list[Connection]) -> NewEvent:
    """A push of 440 bytes with a retry key of its own."""
    return push(
        at=START + number,
        connection=shared[number % CONNECTIONS],
        headers=HEADERS,
        retry_key=keys.randbytes(16),
        sequence=number % 100,
        body=push().body.ljust(440),
    )


def cyrillic_push(number: int, keys: random.Random, shared: list[Connection]) -> NewEvent:
    """The same with a text that SQLite can't fold."""
    event = ascii_push(number, keys, shared)
    return replace(
        event, message="Привет 123", body=event.body.replace(b"My Test: 123", "Привет 123".encode())
    )


def retried_push(number: int, keys: random.Random, shared: list[Connection]) -> NewEvent:
    """The same message over and over, as a load generator sends it."""
    return replace(ascii_push(number, keys, shared), retry_key=b"k" * 16)


def fresh_connection(number: int, keys: random.Random, shared: list[Connection]) -> NewEvent:
    """A connection for each push."""
    return replace(ascii_push(number, keys, shared), connection=connection(peer=f"127.0.0.1:{number}"))


def batches(
    make: Callable[[int, random.Random, list[Connection]], NewEvent], size: int, total: int
) -> Iterator[list[NewEvent]]:
    keys = random.Random(1)
    shared = [connection(peer=f"127.0.0.1:{50_000 + number}") for number in range(CONNECTIONS)]
    for start in range(0, total, size):
        yield [make(start + number, keys, shared) for number in range(size)]


def write(
    path: Path, make: Callable[[int, random.Random, list[Connection]], NewEvent], size: int, total: int
) -> tuple[float, float, float]:
    """Wall and processor microseconds per event, and the slowest batch in milliseconds."""
    wall = processor = slowest = 0.0
    with HistoryWriter.open(path) as writer:
        for batch in batches(make, size, total):
            began, used = time.perf_counter(), time.process_time()
            writer.add(batch)
            took = time.perf_counter() - began
            processor += time.process_time() - used
            wall += took
            slowest = max(slowest, took)
    return wall / total * 1e6, processor / total * 1e6, slowest * 1e3


def report(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    total -= total % 128
    with tempfile.TemporaryDirectory() as folder:
        report(f"{total:,} events               µs wall   µs cpu   slowest batch ms")
        for make in (ascii_push, cyrillic_push, retried_push, fresh_connection):
            for size in (16, 128):
                path = Path(folder) / f"{make.__name__}-{size}.sqlite3"
                wall, processor, slowest = write(path, make, size, total)
                report(f"{make.__name__:18} by {size:3}     {wall:8.1f} {processor:8.1f} {slowest:12.1f}")
        path = Path(folder) / "ascii_push-16.sqlite3"
        began = time.perf_counter()
        HistoryWriter.open(path).close()
        report(f"\nopening {path.stat().st_size / 1e6:.0f} MB: {(time.perf_counter() - began) * 1e3:.1f} ms")
        with HistoryReader.open(path) as reader:
            search(reader)


def search(reader: HistoryReader) -> None:
    now = datetime.now(UTC)
    for text in SEARCHES:
        query = parse(text, now=now)
        times = []
        for _ in range(3):
            began = time.perf_counter()
            found = len(reader.ids(query))
            times.append(time.perf_counter() - began)
        report(f"{text or '(everything)':18} {min(times) * 1e3:8.1f} ms, {found:,} found")
    ids = reader.ids()
    began = time.perf_counter()
    for start in range(0, 12_800, 128):
        reader.rows(ids[start : start + 128])
    report(f"a page of 128 rows {(time.perf_counter() - began) * 10:8.1f} ms")


if __name__ == "__main__":
    main()
