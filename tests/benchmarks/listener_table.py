"""The listener's figures beside those of its peers, all driven in one run by one load, on loopback.

    python tests/benchmarks/listener_table.py [--quick] [--json FILE] [--markdown]

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
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks import cross_check, listener_alerts, machine, peers
from tests.benchmarks.runs import Load, Seen, display, subject
from tests.benchmarks.stage import Stage, set_stage
from tests.benchmarks.table import Figures, Row, as_markdown, as_text, milliseconds, rate, whole

WINDOW, LISTENER = "Push Inspector, window open", "Push Inspector, no window"
NGINX, MITMDUMP, MITMWEB, ASYNCIO = "nginx, return 200", "mitmdump", "mitmweb", "asyncio and ssl"
PACED = 2000
KEEP_ALIVE, LATE_PACED, LATE_FULL, HANDSHAKES, ALERTS = (
    "pushes acknowledged, mTLS keep-alive, 16 connections",
    f"lateness of a 10 ms timer of the UI thread, 99 %, at {PACED:,} pushes/s",
    "lateness of a 10 ms timer of the UI thread, 99 %, at full load",
    "one full mTLS handshake per push, ECDSA P-256",
    "clients turned away that read the right alert",
)
AUTOCANNON, AB = "the first with autocannon, one message", "handshakes with ab, one message"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `seconds` is the length of one load."""

    rounds: int
    seconds: float
    tries: int


FULL = Plan(rounds=5, seconds=5, tries=60)
QUICK = Plan(rounds=1, seconds=3, tries=10)


class Bench:
    """The runs, and what they found."""

    def __init__(self, plan: Plan, stage: Stage, env: Mapping[str, str], nginx: peers.Peer | None) -> None:
        self._plan = plan
        self._stage = stage
        self._env = env
        self._nginx = nginx
        self._runs = 0
        self.found: defaultdict[tuple[str, str], Figures] = defaultdict(Figures)
        self.threads: defaultdict[tuple[str, str], Figures] = defaultdict(Figures)
        self.paced: list[float] = []
        self.longest: defaultdict[str, list[float]] = defaultdict(list)

    def window(self) -> None:
        with subject("window", self._stage, self._name(), self._env) as running:
            paced = running.load(self._stage, Load("keep-alive", self._plan.seconds, rate=PACED))
            self.paced.append(paced.loaded.per_second)
            self._note_lateness(LATE_PACED, paced)
            self._note_threads(LATE_PACED, paced)
            full = running.load(self._stage, Load("keep-alive", self._plan.seconds))
            self._note_lateness(LATE_FULL, full)
            self._note_load(KEEP_ALIVE, WINDOW, full)
            self._note_load(HANDSHAKES, WINDOW, running.load(self._stage, self._handshakes))

    def listener(self) -> None:
        with subject("listener", self._stage, self._name(), self._env) as running:
            load = Load("keep-alive", self._plan.seconds)
            self._note_load(KEEP_ALIVE, LISTENER, running.load(self._stage, load))
            self._note_load(HANDSHAKES, LISTENER, running.load(self._stage, self._handshakes))

    def nginx(self) -> None:
        assert self._nginx is not None
        self._drive(KEEP_ALIVE, NGINX, self._nginx, Load("keep-alive", self._plan.seconds))
        self._drive(HANDSHAKES, NGINX, self._nginx, self._handshakes)

    def asyncio(self) -> None:
        with peers.plain_asyncio(self._stage) as peer:
            self._drive(HANDSHAKES, ASYNCIO, peer, self._handshakes)

    def mitmproxy(self, who: str, program: Path) -> None:
        assert self._nginx is not None
        with peers.mitmproxy(program, self._stage, self._nginx.plain) as peer:
            self._drive(KEEP_ALIVE, who, peer, Load("keep-alive", self._plan.seconds))

    def cross_check(self, program: Path | None) -> None:
        """The listener and nginx under the loads of others, once."""
        with subject("listener", self._stage, self._name(), self._env, others=True) as running:
            addresses = {LISTENER: running.address}
            if self._nginx is not None:
                addresses[NGINX] = self._nginx.address
            for who, address in addresses.items():
                if program is not None:
                    found = cross_check.autocannon(program, self._stage, address, self._plan.seconds)
                    self._note(AUTOCANNON, who, found)
                if shutil.which("ab"):
                    self._note(AB, who, cross_check.ab(self._stage, address, self._plan.seconds))

    def median(self, what: str, who: str) -> float | None:
        figures = self.found.get((what, who))
        return figures.median if figures is not None else None

    def cost(self, what: str, who: str) -> str:
        """The processor time that a push costs the server: unlike the rate, no matter of how busy the machine is."""
        figures = self.threads.get((what, f"{who}: process"))
        return f"{figures.median:,.0f} µs of processor time" if figures is not None else ""

    @property
    def _handshakes(self) -> Load:
        return Load("handshakes", self._plan.seconds)

    def _drive(self, what: str, who: str, peer: peers.Peer, load: Load) -> None:
        loaded = load.run(self._stage, peer.address, peer.pid)
        self._note(what, who, loaded.per_second)
        self.threads[what, f"{who}: process"].values.append(loaded.server_cpu_us)
        self.threads[what, f"{who}: load"].values.append(loaded.load_cpu_us)

    def _note_load(self, what: str, who: str, seen: Seen) -> None:
        self._note(what, who, seen.loaded.per_second)
        self._note_threads(what, seen, who)

    def _note_lateness(self, what: str, seen: Seen) -> None:
        self._note(what, WINDOW, seen.late_p99_ms)
        self.longest[what].append(seen.late_max_ms)

    def _note(self, what: str, who: str, value: float) -> None:
        self.found[what, who].values.append(value)

    def _note_threads(self, what: str, seen: Seen, who: str = WINDOW) -> None:
        for name, seconds in seen.threads.items():
            spent = seconds / seen.loaded.acknowledged * 1e6
            self.threads[what, f"{who}: {name}"].values.append(spent)
        self.threads[what, f"{who}: process"].values.append(seen.loaded.server_cpu_us)
        self.threads[what, f"{who}: load"].values.append(seen.loaded.load_cpu_us)

    def _name(self) -> str:
        self._runs += 1
        return f"run-{self._runs}"


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
        if nginx is not None and not wanted.ours_only:
            runs.append((NGINX, bench.nginx))
            programs, facts["mitmproxy"] = mitmproxy_programs(wanted.cache / "mitmproxy")
            for name, path in programs.items():
                runs.append((name, partial(bench.mitmproxy, name, path)))
        for number in range(plan.rounds):
            start = number % len(runs)  # nobody is always the first, or after the same one
            for name, run in (*runs[start:], *runs[:start]):
                sys.stderr.write(f"round {number + 1} of {plan.rounds}: {name}\n")
                run()
        if wanted.cross_check:
            sys.stderr.write("autocannon and ab\n")
            bench.cross_check(cross_check.install_autocannon(wanted.cache / "autocannon"))
        table = rows(bench, shown)
    if not wanted.ours_only:
        sys.stderr.write("alerts\n")
        table.append(alert_row(plan.tries))
    return table, facts, bench


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
