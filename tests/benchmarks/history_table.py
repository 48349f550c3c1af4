"""How a history of a million pushes does, against what it must reach. Prints a table.

    python tests/benchmarks/history_table.py [--rows 1000000] [--folder DIR] [--rounds 5] [--platform xvfb|offscreen]
        [--kills 100]

The history is made once and kept in DIR (1.5 GB; making it takes some minutes). Searches are timed to the first page,
against a plain scan of all rows by the same SQL in the same round. `survival.py` says what kills and a full disk cost.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from inspector.history.query import local_now, parse
from inspector.history.query_sql import to_sql
from inspector.history.reader import HistoryReader
from tests.benchmarks import machine
from tests.benchmarks.big_history import COMMON, RARE, RARE_BRAND, make
from tests.benchmarks.runs import display
from tests.benchmarks.stage import set_stage
from tests.benchmarks.survival import kills, outage
from tests.benchmarks.table import Figures, Row, as_text, milliseconds, whole

HERE = Path(__file__).parent
PAGE = 40
# What is searched, what to call it, and in how many milliseconds the first page must be there.
SEARCHES = (
    (f"brand:{RARE_BRAND}", "an indexed field, 10 rows", 50.0),
    ("status:503", "an indexed field, every 50th row", 50.0),
    (RARE, "a rare word", 50.0),
    ("nowhere-at-all", "a word that is nowhere", 50.0),
    (COMMON, "a word in a third of all rows", 300.0),
)


def first_page(reader: HistoryReader, text: str) -> float:
    """Milliseconds until the newest PAGE matches are there, with their rows."""
    query = parse(text, now=local_now())
    began = time.perf_counter()
    found: list[int] = []
    for piece in reader.search(query):
        found += piece
        if len(found) >= PAGE:
            break
    reader.rows(found[:PAGE])
    return (time.perf_counter() - began) * 1000


def scan(database: sqlite3.Connection, text: str) -> float:
    """The same by reading all rows, as far as there is no other way."""
    condition, parameters = to_sql(parse(text, now=local_now()))
    began = time.perf_counter()
    statement = f"SELECT id FROM events NOT INDEXED WHERE {condition} ORDER BY id DESC LIMIT {PAGE}"
    database.execute(statement, parameters).fetchall()
    return (time.perf_counter() - began) * 1000


def searches(path: Path, rounds: int) -> list[Row]:
    """One line each."""
    rows = []
    with HistoryReader.open(path) as reader:
        for text, what, reach in SEARCHES:
            ours, plain = Figures(), Figures()
            for _ in range(rounds):
                ours.values.append(first_page(reader, text))
                plain.values.append(scan(reader._database, text))
            ratio = f"a plain scan takes {milliseconds(plain.median)}"
            rows.append(
                Row(
                    "first page",
                    what,
                    ours.text(milliseconds),
                    ratio,
                    f"{reach:.0f} ms",
                    ours.median <= reach,
                )
            )
    return rows


def window(path: Path, rounds: int, platform: str) -> list[Row]:
    """The window's lines."""
    found: dict[str, Figures] = {}
    with display(platform) as (environment, where):
        for _ in range(rounds):
            command = [sys.executable, HERE / "history_window.py", path.parent, str(time.time())]
            env = {**os.environ, **environment}
            done = subprocess.run(
                [str(part) for part in command], capture_output=True, text=True, env=env, check=False
            )
            if done.returncode:
                raise RuntimeError(done.stderr.strip())
            for name, value in json.loads(done.stdout.splitlines()[-1]).items():
                found.setdefault(name, Figures()).values.append(float(value))

    def row(what: str, who: str, name: str, reach: float, show: Callable[[float], str], unit: str) -> Row:
        figures = found[name]
        return Row(what, who, figures.text(show), "", f"{reach:g} {unit}", figures.median <= reach)

    return [
        row(f"window, {where}", "start to the newest rows painted", "open_ms", 1500, milliseconds, "ms"),
        Row(f"window, {where}", "start to all rows in the table", found["all_rows_ms"].text(milliseconds)),
        row(f"window, {where}", "resident, after all of this", "megabytes", 250, whole, "MB"),
        row(f"window, {where}", "jump anywhere and paint, median", "jump_ms", 16, milliseconds, "ms"),
        Row(f"window, {where}", "jump anywhere and paint, 95 %", found["jump_p95_ms"].text(milliseconds)),
        row(
            f"window, {where}", "10 ms timer late while typing, most", "typing_max_ms", 50, milliseconds, "ms"
        ),
        Row(
            f"window, {where}",
            "10 ms timer late while typing, 99 %",
            found["typing_p99_ms"].text(milliseconds),
        ),
    ]


def exporting(path: Path, rows: int, rounds: int) -> list[Row]:
    """All of it as jsonl, in processes of their own, as the command does it; masked, and with all secrets."""
    lines = []
    for what, options in (("masked", ()), ("revealed", ("--reveal",))):
        seconds, memory = Figures(), Figures()
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                words = ["history", "export", f"{folder}/all.jsonl", *options]
                command = [sys.executable, "-m", "inspector", "--home", str(path.parent), *words]
                began = time.perf_counter()
                process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                if process.returncode:
                    raise RuntimeError(f"the export ended with {process.returncode}")
                seconds.values.append(time.perf_counter() - began)
                memory.values.append(usage.ru_maxrss / 1024)
        name = f"{rows:,} rows to jsonl, {what}"
        shown = seconds.text(lambda value: f"{value:.1f} s")
        note = f"{rows / seconds.median:,.0f}/s; at most {memory.median:.0f} MB"
        reached = seconds.median <= 60 * rows / 1_000_000
        lines.append(Row("export", name, shown, note, "60 s a million", reached))
    return lines


def survival(count: int) -> list[Row]:
    """What kills and a full disk cost."""
    with tempfile.TemporaryDirectory() as folder:
        stage = set_stage(Path(folder) / "stage")
        found = list(kills(stage, count))
        lost = sum(len(kill.lost) for kill in found)
        said = f"{lost} of {sum(kill.acknowledged for kill in found):,} lost"
        rows = [Row("survival", f"{count} times kill -9 under load", said, "", "0 lost", lost == 0)]
        try:
            full = outage(stage, Path(folder) / "disk")
        except OSError as error:
            return [*rows, Row("survival", "full disk", "not tried", str(error))]
        said = f"{full.refused} answered 500, then {full.after} answered 200; {len(full.lost)} lost"
        return [*rows, Row("survival", "full disk", said, "", "0 lost", not full.lost)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "push-inspector-history")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--platform", choices=("xvfb", "offscreen", "desktop"), default="xvfb")
    parser.add_argument("--kills", type=int, default=100)
    wanted = parser.parse_args()
    home = wanted.folder / f"{wanted.rows}"
    home.mkdir(parents=True, exist_ok=True)
    path = home / "history.sqlite3"
    make(path, wanted.rows)
    others = machine.Others()
    rows = [*searches(path, wanted.rounds), *window(path, wanted.rounds, wanted.platform)]
    rows += exporting(path, wanted.rows, 1)
    if wanted.kills:
        rows += survival(wanted.kills)
    lines = [as_text(rows), "", *(f"{name}: {fact}" for name, fact in machine.facts().items())]
    lines.append(f"other programs took {others.share()}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if all(row.reached is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
