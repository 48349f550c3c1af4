"""The listener's figures beside those of its peers, all driven in one run by one load, on loopback.

    python tests/benchmarks/listener_table.py [--quick] [--json FILE] [--markdown] [--into README.md]

Rounds take turns over the peers; a figure is the median of the rounds, with the least and the most. After each run
of Push Inspector its history is compared with what was acknowledged, and its window with that. Compare the ratios:
the figures are the machine's, and of what else it does. nginx and Xvfb are taken where they are installed, mitmproxy
is put into a virtual environment below `--cache`; what can't be had is left out and named.

With `--profile` the processor time of a push is told by thread. Not part of the test suite.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.benchmarks import cross_check, listener_alerts, listener_dribble, machine, peers
from tests.benchmarks.rounds import (
    AB,
    ALERTS,
    ASYNCIO,
    AUTOCANNON,
    DRIBBLE,
    FULL,
    HANDSHAKES,
    KEEP_ALIVE,
    LATE_FULL,
    LATE_PACED,
    LISTENER,
    MITMDUMP,
    MITMWEB,
    NGINX,
    PACED,
    QUICK,
    WINDOW,
    Bench,
    Plan,
)
from tests.benchmarks.runs import display
from tests.benchmarks.stage import set_stage
from tests.benchmarks.table import Row, as_markdown, as_text, milliseconds, rate, whole

MARKS = ("<!-- figures of listener_table.py -->", "<!-- end of the figures -->")


def rows(bench: Bench, shown: str) -> list[Row]:
    """The table but for what is measured once."""
    checks = [
        Row(what, who, bench.found[what, who].text(rate))
        for what in (AUTOCANNON, AB)
        for who in (LISTENER, NGINX)
        if (what, who) in bench.found
    ]
    return [*keep_alive_rows(bench, shown), *lateness_rows(bench), *handshake_rows(bench), *checks]


def keep_alive_rows(bench: Bench, shown: str) -> list[Row]:
    made = []
    ceiling, web = bench.median(KEEP_ALIVE, NGINX), bench.median(KEEP_ALIVE, MITMWEB)
    for who in (WINDOW, LISTENER, NGINX, MITMDUMP, MITMWEB):
        median = bench.median(KEEP_ALIVE, who)
        if median is None:
            continue
        notes = [f"{shown},"] if who == WINDOW else []
        if web and who != MITMWEB:
            notes.append(f"{median / web:.1f} × mitmweb,")
        if ceiling and who in (WINDOW, LISTENER):
            notes.append(f"{median / ceiling:.2f} × nginx,")
        notes.append(bench.cost(KEEP_ALIVE, who))
        reach, enough = "", None
        if who == WINDOW:
            reach, enough = "8,000/s and 20 × mitmweb", median >= 8000 and (web is None or median >= 20 * web)
        figure = bench.found[KEEP_ALIVE, who].text(rate)
        made.append(Row(KEEP_ALIVE, who, figure, " ".join(notes), reach, enough))
    return made


def lateness_rows(bench: Bench) -> list[Row]:
    made = []
    for what, most in ((LATE_PACED, 33), (LATE_FULL, 50)):
        figures = bench.found[what, WINDOW]
        note = f"at most {milliseconds(max(bench.longest[what]))} in any round"
        if what == LATE_PACED and min(bench.paced) < PACED * 0.97:
            note += f", but only {rate(min(bench.paced))} were reached"
        figure = figures.text(milliseconds)
        made.append(Row(what, WINDOW, figure, note, f"{most} ms", figures.median <= most))
    return made


def handshake_rows(bench: Bench) -> list[Row]:
    made = []
    ceiling = bench.median(HANDSHAKES, NGINX)
    for who in (LISTENER, WINDOW, NGINX, ASYNCIO):
        median = bench.median(HANDSHAKES, who)
        if median is None:
            continue
        notes = [bench.cost(HANDSHAKES, who)]
        reach, enough = "", None
        if ceiling and who != NGINX:
            notes.insert(0, f"{median / ceiling:.2f} × nginx,")
            if who == LISTENER:
                reach, enough = "0.6 × nginx", median >= 0.6 * ceiling
        figure = bench.found[HANDSHAKES, who].text(rate)
        made.append(Row(HANDSHAKES, who, figure, " ".join(notes), reach, enough))
    return made


def alert_row(tries: int) -> Row:
    """All reasons, versions and manners of clients in one row; what went wrong goes to standard error."""
    told = list(listener_alerts.measure(tries))
    right, all_tries = sum(one.right for one in told), sum(one.tries for one in told)
    for one in told:
        if one.right != one.tries:
            manner = "writes first" if one.writes_first else "reads first"
            sys.stderr.write(f"{one.version} {one.reason}, {manner}: {dict(one.found)}\n")
    kinds = f"{len({one.reason for one in told})} reasons, TLS 1.2 and 1.3, {tries} tries each"
    return Row(ALERTS, LISTENER, f"{whole(right)} of {whole(all_tries)}", kinds, "all", right == all_tries)


def dribble_rows(seconds: float) -> list[Row]:
    """A push over a connection of its own, and over a kept one."""
    found = listener_dribble.measure(seconds=seconds)
    made = []
    for kind, name in (("new", "on a new connection"), ("kept", "on a kept connection")):
        late = found[f"{kind}_p99_ms"]
        half = f"{name}, half within {milliseconds(found[f'{kind}_p50_ms'])}, {whole(found['pushes'] / 2)} pushes"
        made.append(Row(DRIBBLE, LISTENER, milliseconds(late), half, "250 ms", late <= 250))
    return made


def mitmproxy_programs(folder: Path) -> tuple[dict[str, Path], str]:
    """The programs by name, and mitmproxy's version or why there is none."""
    try:
        version = peers.install_mitmproxy(folder)
    except (OSError, RuntimeError) as error:
        return {}, f"left out: {error}"
    return {MITMDUMP: folder / "bin" / "mitmdump", MITMWEB: folder / "bin" / "mitmweb"}, version


def measure(wanted: argparse.Namespace, plan: Plan) -> tuple[list[Row], dict[str, str], Bench]:
    """All of it, peer after peer, round after round."""
    facts = machine.facts()
    with ExitStack() as stack:
        stage = set_stage(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        env, shown = stack.enter_context(display(wanted.platform))
        program = peers.nginx_program()
        nginx = stack.enter_context(peers.nginx(program, stage)) if program is not None else None
        facts["nginx"] = machine.nginx_facts(program) if program is not None else "not installed"
        bench = Bench(plan, stage, env, nginx)
        runs: list[tuple[str, Callable[[], None]]] = [
            (WINDOW, bench.window),
            (LISTENER, bench.listener),
            (ASYNCIO, bench.asyncio),
        ]
        if nginx is None:
            facts["mitmproxy"] = "left out: it needs nginx to pass pushes on to"
        elif not wanted.ours_only:
            runs.append((NGINX, bench.nginx))
            programs, facts["mitmproxy"] = mitmproxy_programs(wanted.cache / "mitmproxy")
            for name, path in programs.items():
                runs.append((name, partial(bench.mitmproxy, name, path)))
        for number in range(plan.rounds):
            start = number % len(runs)  # nobody is always the first, or after the same one
            for name, run in (*runs[start:], *runs[:start]):
                sys.stderr.write(f"round {number + 1} of {plan.rounds}: {name}\n")
                try:
                    run()
                except RuntimeError as error:
                    if name not in (MITMDUMP, MITMWEB):
                        raise
                    facts[name] = f"failed in round {number + 1}: {error}"
        if wanted.cross_check:
            sys.stderr.write("autocannon and ab\n")
            bench.cross_check(cross_check.install_autocannon(wanted.cache / "autocannon"))
        table = rows(bench, shown)
    if not wanted.ours_only:
        sys.stderr.write("dribbling connections\n")
        table += dribble_rows(plan.seconds * 2)
        sys.stderr.write("alerts\n")
        table.append(alert_row(plan.tries))
    return table, facts, bench


def put_into(document: Path, table: list[Row], facts: dict[str, str]) -> None:
    """Put the table and what it was measured on between the document's two marks."""
    begin, end = MARKS
    before, found, rest = document.read_text(encoding="utf-8").partition(begin)
    _, found_too, after = rest.partition(end)
    if not (found and found_too):
        raise SystemExit(f"{document} lacks the lines {begin} and {end}")
    measured = "; ".join(f"{name} {value}" for name, value in facts.items() if name != "command")
    middle = f"\n\n{as_markdown(table)}\n\nMeasured on: {measured}.\n\n"
    document.write_text(before + begin + middle + end + after, encoding="utf-8")


def default_cache() -> Path:
    """Where what was installed for a benchmark may stay."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "push-inspector-benchmarks"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round, 10 tries")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds")
    parser.add_argument("--markdown", action="store_true", help="print the rows for a document")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put them into a document, between its marks"
    )
    parser.add_argument("--platform", choices=("xvfb", "offscreen", "desktop"), default="xvfb")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where mitmproxy is installed")
    parser.add_argument("--ours-only", action="store_true", help="no peers, no dribble, no alerts")
    parser.add_argument("--cross-check", action="store_true", help="drive it with autocannon and ab, too")
    parser.add_argument("--profile", action="store_true", help="tell the processor time of a push")
    wanted = parser.parse_args()
    plan = QUICK if wanted.quick else FULL
    plan = Plan(wanted.rounds or plan.rounds, wanted.seconds or plan.seconds, plan.tries)
    others = machine.Others()
    table, facts, bench = measure(wanted, plan)
    facts["taken by other programs meanwhile"] = others.share()
    facts["command"] = " ".join(["python", "tests/benchmarks/listener_table.py", *sys.argv[1:]])
    sys.stdout.write((as_markdown(table) if wanted.markdown else as_text(table)) + "\n\n")
    sys.stdout.write("\n".join(f"{name}: {value}" for name, value in facts.items()) + "\n")
    if wanted.profile:
        sys.stdout.write("\nprocessor time of a push, µs\n")
        for (what, who), figures in sorted(bench.threads.items()):
            sys.stdout.write(f"  {what[:36]:<38}{who:<60}{figures.text(whole)}\n")
    if wanted.into is not None:
        put_into(wanted.into, table, facts)
    if wanted.json is not None:
        every = {f"{what} | {who}": figures.values for (what, who), figures in bench.found.items()}
        spent = {f"{what} | {who}": figures.values for (what, who), figures in bench.threads.items()}
        written = {
            "facts": facts,
            "table": [row.as_json() for row in table],
            "rounds": every,
            "processor_us": spent,
        }
        wanted.json.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
