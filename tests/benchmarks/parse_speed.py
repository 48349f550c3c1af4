"""Prints the median microseconds that parsing takes: run it with `python tests/benchmarks/parse_speed.py`.

The listener parses every push on its one thread. A documented body should take 40 microseconds at most, retry key
included; the others show what oddities cost.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from inspector.contract.decode import decode
from inspector.contract.masking import mask_body
from inspector.contract.parse import parse
from inspector.contract.retry_key import retry_key
from inspector.sender.templates import all_templates

ROUNDS = 2000


def main() -> None:
    """Measures every template."""
    show(f"{'template':26}{'decode':>9}{'parse':>9}{'with key':>10}{'mask':>9}   µs, median of {ROUNDS}")
    for template in all_templates():
        body = template.body
        cells = [
            median_microseconds(partial(decode, body)),
            median_microseconds(partial(parse, body)),
            median_microseconds(partial(parse_with_key, body)),
            median_microseconds(partial(mask_body, body)),
        ]
        show(f"{template.name:26}{cells[0]:9.1f}{cells[1]:9.1f}{cells[2]:10.1f}{cells[3]:9.1f}")


def show(line: str) -> None:
    """One line of the table."""
    sys.stdout.write(f"{line}\n")


def parse_with_key(body: bytes) -> bytes | None:
    """What the listener does with every push."""
    return retry_key(parse(body))


def median_microseconds(work: Callable[[], object]) -> float:
    """The median time of one call."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / 1000


if __name__ == "__main__":
    main()
