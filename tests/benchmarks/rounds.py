"""The runs of the listener's table: each peer and Push Inspector under the same loads, and what was found.

Imports `runs`, `peers` and `cross_check`.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import cross_check, peers
from tests.benchmarks.runs import Load, Seen, subject
from tests.benchmarks.stage import Stage
from tests.benchmarks.table import Figures

WINDOW, LISTENER = "Push Inspector, window open", "Push Inspector, no window"
NGINX, MITMDUMP, MITMWEB, ASYNCIO = "nginx, return 200", "mitmdump", "mitmweb", "asyncio and ssl"
PACED = 2000
KEEP_ALIVE, LATE_PACED, LATE_FULL, HANDSHAKES, DRIBBLE, ALERTS = (
    "pushes acknowledged, mTLS keep-alive, 16 connections",
    f"lateness of a 10 ms timer of the UI thread, 99 %, at {PACED:,} pushes/s",
    "lateness of a 10 ms timer of the UI thread, 99 %, at full load",
    "one full mTLS handshake per push, ECDSA P-256",
    "a push while 1,000 connections dribble a byte a second, 99 %",
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
