"""How many pushes a second the listener acknowledges over mutual TLS, durably, and how late.

    python tests/benchmarks/listener_speed.py [--seconds 5] [--connections 16] [--profile FILE]

The listener runs in this process, the load in another one (on the other core, where there are two):
keep-alive connections that each send the next push as soon as the last one is answered, then one full
handshake a push. `--connect HOST:PORT --client FILE` makes this the load alone. Not part of the test suite.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import select
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from inspector.certificates.mint import make_dev
from inspector.certificates.model import Identity
from inspector.history.store import HistoryWriter
from inspector.listener.bind import ListeningSocket
from inspector.listener.config import ListenerConfig
from inspector.listener.events import Ready
from inspector.listener.service import Listener
from inspector.listener.tls import ServerTls

BODY = {
    "push-service": 1,
    "notificationType": "apn",
    "device-token": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "aps": {"alert": "You have a new message", "sound": "default"},
    "backendService": "ams",
    "conversationId": "13a1c5f2-7b1e-4a53-8d3c-3f6a2f1d9b11",
    "dialogId": "13a1c5f2-7b1e-4a53-8d3c-3f6a2f1d9b11",
    "originatorId": "90588711.2333061110",
    "brandId": "90588711",
    "badge": 1,
}


def request(sequence: int) -> bytes:
    """A push as the pusher sends it; no two are the same message."""
    body = json.dumps({**BODY, "sequence": sequence}).encode()
    head = (
        "POST /push HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: */*\r\n"
        f"User-Agent: load\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """One keep-alive connection; its socket does not block."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        plain = socket.create_connection(address)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tls = context.wrap_socket(plain)
        self.tls.setblocking(False)
        self.sent_at = 0.0

    def push(self, sequence: int) -> None:
        self.sent_at = time.perf_counter()
        self.tls.send(request(sequence))


def keep_alive(
    address: tuple[str, int], context: ssl.SSLContext, seconds: float, connections: int
) -> dict[str, float]:
    """Push over `connections` at once; the rate and the latencies of what was acknowledged with 200."""
    clients = {}
    poll = select.epoll()
    sequence = os.getpid() << 20
    for _ in range(connections):
        client = Client(address, context)
        clients[client.tls.fileno()] = client
        poll.register(client.tls, select.EPOLLIN)
    began = time.perf_counter()
    for client in clients.values():
        sequence += 1
        client.push(sequence)
    latencies: list[float] = []
    halves: Counter[int] = Counter()
    end = began + seconds
    while (now := time.perf_counter()) < end:
        for number, _events in poll.poll(1):
            client = clients[number]
            try:
                answer = client.tls.recv(4096)
            except ssl.SSLWantReadError:
                continue
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"not acknowledged: {answer!r}")
            latencies.append(time.perf_counter() - client.sent_at)
            halves[int((now - began) * 2)] += 1
            sequence += 1
            client.push(sequence)
    took = now - began
    for client in clients.values():
        client.tls.close()
    latencies.sort()
    return {
        "pushes_per_second": round(len(latencies) / took, 1),
        "best_half_second": max(halves.values()) * 2,  # what others on the machine took least of
        "p50_ms": round(statistics.median(latencies) * 1000, 2),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1000, 2),
        "acknowledged": len(latencies),
    }


def handshakes(
    address: tuple[str, int], context: ssl.SSLContext, seconds: float, workers: int
) -> dict[str, float]:
    """One full handshake a push, from a few threads."""
    counts = [0] * workers
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        while time.perf_counter() < end:
            with socket.create_connection(address) as plain, context.wrap_socket(plain) as tls:
                tls.sendall(request(place << 40 | counts[place]))
                if not tls.recv(4096).startswith(b"HTTP/1.1 200"):
                    raise SystemExit("not acknowledged")
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"pushes_per_second": round(sum(counts) / seconds, 1), "acknowledged": sum(counts)}


def load(arguments: argparse.Namespace) -> None:
    """Be the load; print what was measured as one JSON line."""
    pin(1)
    host, _, port = arguments.connect.rpartition(":")
    address = (host, int(port))
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(arguments.client)
    found: dict[str, dict[str, float]] = {}
    if arguments.kind in ("both", "keep-alive"):
        found["keep_alive"] = keep_alive(address, context, arguments.seconds, arguments.connections)
    if arguments.kind in ("both", "handshakes"):
        found["handshake_per_push"] = handshakes(address, context, arguments.seconds, 8)
    print(json.dumps(found))  # noqa: T201 (its purpose)


def pin(core: int) -> None:
    """Stay on one core, where there are several and the system knows how."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        os.sched_setaffinity(0, {core})


def pem(identity: Identity) -> bytes:
    chain = b"".join(cert.public_bytes(serialization.Encoding.PEM) for cert in identity.chain)
    return chain + identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def measure(arguments: argparse.Namespace) -> None:
    """Listen, have the load run, report."""
    dev = make_dev(["localhost", "127.0.0.1"])
    with tempfile.TemporaryDirectory() as folder:
        client = Path(folder) / "client.pem"
        client.write_bytes(pem(dev.client))
        writer = HistoryWriter.open(Path(folder) / "history.sqlite3")
        listener = measured_listener(arguments.profile)(
            ListenerConfig(dev.server, (dev.ca.leaf,), port=0), writer, lambda _event: None
        )
        ready = listener.start()
        command = [
            sys.executable,
            __file__,
            "--connect",
            f"{ready.host}:{ready.port}",
            "--client",
            str(client),
        ]
        command += ["--seconds", str(arguments.seconds), "--connections", str(arguments.connections)]
        done = subprocess.run(
            [*command, "--kind", arguments.kind], capture_output=True, text=True, check=False
        )
        pushes = listener.pushes
        listener.stop()
        writer.close()
    if done.returncode:
        raise SystemExit(done.stderr)
    for name, found in json.loads(done.stdout).items():
        print(name, found)  # noqa: T201 (its purpose)
    print("committed", pushes)  # noqa: T201 (its purpose)


def measured_listener(profile: str) -> type[Listener]:
    """The listener, pinned to the first core, and profiled where a file is named."""

    class Measured(Listener):
        def _run(self, tls: ServerTls, sockets: list[ListeningSocket], ready: Ready) -> None:
            pin(0)
            if profile:
                profiler = cProfile.Profile()
                profiler.runcall(super()._run, tls, sockets, ready)
                profiler.dump_stats(profile)
            else:
                super()._run(tls, sockets, ready)
            # Unlike the rate, this is the same on a busy machine and on an idle one.
            print("processor time per push", round(time.thread_time() / max(self.pushes, 1) * 1e6, 1), "µs")  # noqa: T201

    return Measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--kind", choices=("both", "keep-alive", "handshakes"), default="both")
    parser.add_argument("--profile", default="")
    parser.add_argument("--connect", default="")
    parser.add_argument("--client", default="")
    arguments = parser.parse_args()
    if arguments.connect:
        load(arguments)
    else:
        measure(arguments)


if __name__ == "__main__":
    main()
