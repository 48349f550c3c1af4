"""How soon is a push answered while a thousand other connections send a byte a second?

    python tests/benchmarks/listener_dribble.py [--connections 1000] [--seconds 10]

A third of them dribbles its ClientHello, a third the header fields of a request, a third a body; each byte is a
packet, and for the latter two a TLS record. They come from a process of their own, the pushes from another: by turns
over a connection of their own, handshake included, and over one that is kept. The limits on time are set so high that
nobody who dribbles is let go meanwhile. Not part of the test suite.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from inspector.certificates.mint import DevIdentities, make_dev
from inspector.history.store import HistoryWriter
from inspector.listener.config import Limits, ListenerConfig
from inspector.listener.service import Listener

CONNECTIONS = 1000
SECONDS = 10.0
PATIENT = Limits(
    handshake_seconds=600, header_seconds=600, body_seconds=600, idle_seconds=600, connections=CONNECTIONS * 2
)
BODY = b'{"push-service": 1, "notificationType": "apn"}'
PUSH = b"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
HEADERS = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
CONTENT = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
READY = "ready"
PAUSE_SECONDS = 0.005


def client_context(pem: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(pem)
    return context


def dribble(address: tuple[str, int], pem: Path, count: int) -> None:
    """Hold so many connections, and send a byte a second over each, until killed."""
    context = client_context(pem)
    connections: list[socket.socket] = []
    for number in range(count):
        plain = socket.create_connection(address)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if number % 3 == 0:
            plain.sendall(b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03")  # a ClientHello of 16 KB begins
            connections.append(plain)
        else:
            tls = context.wrap_socket(plain)
            tls.sendall(HEADERS if number % 3 == 1 else CONTENT)
            connections.append(tls)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    began = time.monotonic()
    for turn in range(10**9):
        connections[turn % count].sendall(b"x")
        ahead = began + (turn + 1) / count - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)


def push(address: tuple[str, int], pem: Path, seconds: float) -> None:
    """Push by turns over a new connection and over a kept one; print what each push took, in milliseconds."""
    context = client_context(pem)

    def connect() -> ssl.SSLSocket:
        return context.wrap_socket(socket.create_connection(address))

    def answered(tls: ssl.SSLSocket) -> None:
        tls.sendall(PUSH)
        if not tls.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit("a push was not answered 200")

    took: dict[str, list[float]] = {"new": [], "kept": []}
    end = time.monotonic() + seconds
    with connect() as kept:
        while time.monotonic() < end:
            began = time.perf_counter()
            with connect() as tls:
                answered(tls)
                took["new"].append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            answered(kept)
            took["kept"].append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE_SECONDS)
    sys.stdout.write(json.dumps(took))


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def write_client(dev: DevIdentities, folder: Path) -> Path:
    pem, encoding = folder / "client.pem", serialization.Encoding.PEM
    key = dev.client.key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(dev.client.leaf.public_bytes(encoding) + key)
    return pem


def measure(connections: int = CONNECTIONS, seconds: float = SECONDS) -> dict[str, float]:
    """What a push takes while others dribble: milliseconds at 50 and 99 % and at most, over a new connection and a
    kept one, how many were sent, and how much of a core the listener took."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < connections * 2:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, connections * 4), hard))
    dev = make_dev(["localhost", "127.0.0.1"])
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        writer = stack.enter_context(HistoryWriter.open(folder / "h.sqlite3"))
        pem = write_client(dev, folder)
        config = ListenerConfig(dev.server, (dev.ca.leaf,), port=0, limits=PATIENT)
        listener = Listener(config, writer, lambda _event: None)
        address = f"127.0.0.1:{listener.start().port}"
        stack.callback(listener.stop, 0.2)
        command = [sys.executable, __file__, "--address", address, "--client", str(pem)]
        dribbling = stack.enter_context(
            subprocess.Popen(
                [*command, "--role", "dribble", "--connections", str(connections)],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(dribbling.kill)
        assert dribbling.stdout is not None
        if dribbling.stdout.readline().strip() != READY:
            raise SystemExit("the dribbling connections could not be made")
        before, began = time.process_time(), time.monotonic()
        pushing = subprocess.run(
            [*command, "--role", "push", "--seconds", str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=seconds + 60,
        )
        busy = (time.process_time() - before) / (time.monotonic() - began)
        if dribbling.poll() is not None:
            raise SystemExit("a dribbling connection was let go")
    took: dict[str, list[float]] = json.loads(pushing.stdout)
    found = {"connections": float(connections), "pushes": float(sum(map(len, took.values()))), "busy": busy}
    for kind, values in took.items():
        found |= {f"{kind}_p50_ms": quantile(values, 0.5), f"{kind}_p99_ms": quantile(values, 0.99)}
        found[f"{kind}_max_ms"] = max(values)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--role", choices=["dribble", "push"], help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    parser.add_argument("--client", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.role is None:
        for name, value in measure(wanted.connections, wanted.seconds).items():
            sys.stdout.write(f"{name:<14} {value:10.2f}\n")
        return
    host, _, port = wanted.address.rpartition(":")
    if wanted.role == "dribble":
        dribble((host, int(port)), wanted.client, wanted.connections)
    else:
        push((host, int(port)), wanted.client, wanted.seconds)


if __name__ == "__main__":
    main()
