"""The load that every peer gets: pushes over mutual TLS, from a process of its own. Standard library only.

    python tests/benchmarks/load.py keep-alive HOST:PORT CLIENT.pem [--seconds 5] [--connections 16] [--rate N]
    python tests/benchmarks/load.py handshakes HOST:PORT CLIENT.pem

`keep-alive`: each connection sends the next push when the last one is answered; with `--rate`, that many a second at
most, and a push that had to wait for a connection counts as late from the moment it was due. `handshakes`: a
connection for each push. Bodies are the documented ones; no two have the same sequence number, and every number from
`--first` on is sent once, so that whoever keeps them can be checked. Prints one JSON line.

Requests are made ahead but for the number, and nothing is decoded: this costs a tenth of what it measures.
"""

from __future__ import annotations

import argparse
import json
import re
import select
import socket
import ssl
import sys
import time
from collections import deque
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "templates"
SAMPLES = ("ios.json", "fcm.json", "huawei.json")
HEADERS = (("X-Brand-Token", "benchmark-1"), ("X-Environment", "benchmark"))
FIRST = 100_000_000  # nine digits, so that all bodies of a kind have the same length
ANSWERED = b"HTTP/1.1 200"
# A run that stands still for so long will not go on.
PATIENCE_SECONDS = 20.0
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_SEQUENCE = re.compile(rb'("sequence": *)[0-9]+')


def templates(*, keep: bool) -> tuple[bytes, ...]:
    """One request for each documented body, with `%d` for its sequence number."""
    made = []
    for name in SAMPLES:
        body, found = _SEQUENCE.subn(rb"\g<1>%d", (TEMPLATES / name).read_bytes().replace(b"%", b"%%"))
        if found != 1:
            raise SystemExit(f"{name} has {found} sequence numbers")
        head = [
            "POST /push HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Accept: */*",
            "User-Agent: load",
            *(f"{name}: {value}" for name, value in HEADERS),
            f"Content-Length: {len(body % FIRST)}",
            *([] if keep else ["Connection: close"]),
        ]
        made.append("\r\n".join(head).encode() + b"\r\n\r\n" + body)
    return tuple(made)


def whole(answer: bytes) -> bool:
    """Whether all of an answer is there. Ends the program where it is not the one wanted."""
    if not answer.startswith(ANSWERED):
        if len(answer) < len(ANSWERED) and ANSWERED.startswith(answer) and answer:
            return False
        raise SystemExit(f"not acknowledged: {answer[:200]!r}")
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(answer, 0, end)
    if length is None:
        raise SystemExit(f"an answer without length: {answer[:200]!r}")
    return len(answer) - end - 4 >= int(length[1])


class Report:
    """What was acknowledged, and how late; what is answered before `counted_from` is not measured."""

    def __init__(self, first: int, seconds: float, warm_up: float) -> None:
        self.first = self.next = first
        self.answered = 0
        self.began = time.perf_counter()
        self.counted_from = self.began + warm_up
        self.end = self.counted_from + seconds
        self.cpu_began = time.process_time()
        self.latencies: list[float] = []

    def answer(self, since: float, now: float) -> None:
        self.answered += 1
        if self.counted_from <= now <= self.end:
            self.latencies.append(now - since)

    def as_json(self) -> str:
        found = sorted(self.latencies)
        if not found:
            raise SystemExit("nothing was acknowledged")
        cpu = time.process_time() - self.cpu_began
        return json.dumps(
            {
                "per_second": len(found) / (self.end - self.counted_from),
                "p50_ms": found[len(found) // 2] * 1000,
                "p99_ms": found[int(len(found) * 0.99)] * 1000,
                "max_ms": found[-1] * 1000,
                "acknowledged": self.answered,
                "first": self.first,
                "last": self.next - 1,
                "load_cpu_us": cpu / self.answered * 1e6,
            }
        )


class Connection:
    """A connection that is used again and again."""

    __slots__ = ("partial", "since", "tls")

    def __init__(self, tls: ssl.SSLSocket) -> None:
        self.tls = tls
        self.partial = b""
        self.since = 0.0

    def answered(self) -> bool:
        """Read what there is; whether that was the rest of an answer."""
        try:
            data = self.tls.read(16384)
        except ssl.SSLWantReadError:
            return False
        answer = self.partial + data if self.partial else data
        if not data:
            raise SystemExit(f"closed instead of an answer, after {answer[:200]!r}")
        if whole(answer):
            self.partial = b""
            return True
        self.partial = answer
        return False


def connect(address: tuple[str, int], context: ssl.SSLContext, *, shake_hands: bool) -> ssl.SSLSocket:
    """A connection whose socket does not block from here on."""
    plain = socket.create_connection(address, timeout=PATIENCE_SECONDS)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls = context.wrap_socket(plain, do_handshake_on_connect=shake_hands)
    tls.setblocking(False)
    return tls


def keep_alive(address: tuple[str, int], context: ssl.SSLContext, wanted: argparse.Namespace) -> Report:
    """Push over connections that are kept."""
    requests = templates(keep=True)
    kinds = len(requests)
    poll = select.epoll()
    connections = {}
    for _ in range(wanted.connections):
        connection = Connection(connect(address, context, shake_hands=True))
        connections[connection.tls.fileno()] = connection
        poll.register(connection.tls, select.EPOLLIN)
    report = Report(wanted.first, wanted.seconds, wanted.warm_up)
    interval = 1 / wanted.rate if wanted.rate else 0.0
    idle = deque(connections.values())
    due = time.perf_counter()
    heard = due
    while (now := time.perf_counter()) < report.end or len(idle) < len(connections):
        while idle and now < report.end and due <= now:
            connection = idle.popleft()
            number = report.next
            report.next = number + 1
            connection.since = due if interval else now
            connection.tls.write(requests[number % kinds] % number)
            due = due + interval if interval else now
        wait = max(due - time.perf_counter(), 0.0) if idle and now < report.end else 1.0
        for number, _events in poll.poll(wait):
            connection = connections[number]
            if connection.answered():
                heard = time.perf_counter()
                report.answer(connection.since, heard)
                idle.append(connection)
        if now - heard > PATIENCE_SECONDS:
            raise SystemExit("no answer comes any more")
    for connection in connections.values():
        connection.tls.close()
    return report


class Visit:
    """One push on a connection of its own, in steps that don't block."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext, request: bytes) -> None:
        self._request = request
        self._shaken = False
        self.since = time.perf_counter()
        self.connection = Connection(connect(address, context, shake_hands=False))

    def step(self) -> bool:
        """Go on as far as possible; whether the answer is there."""
        tls = self.connection.tls
        if not self._shaken:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                return False
            self._shaken = True
            tls.write(self._request)
        return self.connection.answered()


def handshakes(address: tuple[str, int], context: ssl.SSLContext, wanted: argparse.Namespace) -> Report:
    """Push over connections that are used once, so many at a time."""
    requests = templates(keep=False)
    kinds = len(requests)
    poll = select.epoll()
    visits: dict[int, Visit] = {}
    report = Report(wanted.first, wanted.seconds, wanted.warm_up)
    heard = report.began

    def visit() -> Visit:
        number = report.next
        report.next = number + 1
        made = Visit(address, context, requests[number % kinds] % number)
        visits[made.connection.tls.fileno()] = made
        poll.register(made.connection.tls, select.EPOLLIN)
        return made

    fresh = [visit() for _ in range(wanted.connections)]
    while visits:
        awake = [visits[number] for number, _events in poll.poll(0 if fresh else 1.0)]
        stepping, fresh = dict.fromkeys((*fresh, *awake)), []
        for one in stepping:
            if not one.step():
                continue
            heard = time.perf_counter()
            report.answer(one.since, heard)
            del visits[one.connection.tls.fileno()]
            poll.unregister(one.connection.tls)
            one.connection.tls.close()
            if heard < report.end:
                fresh.append(visit())
        if time.perf_counter() - heard > PATIENCE_SECONDS:
            raise SystemExit("no answer comes any more")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=("keep-alive", "handshakes"))
    parser.add_argument("address")
    parser.add_argument("client")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--warm-up", type=float, default=0.5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--first", type=int, default=FIRST)
    wanted = parser.parse_args()
    host, _, port = wanted.address.rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # checking the server is no part of what is measured
    context.load_cert_chain(wanted.client)
    drive = keep_alive if wanted.kind == "keep-alive" else handshakes
    sys.stdout.write(drive((host, int(port)), context, wanted).as_json() + "\n")


if __name__ == "__main__":
    main()
