"""Does a connection leave anything behind? Memory after every few thousand clients, good ones and refused
ones.

    python tests/benchmarks/listener_memory.py [--clients 20000]

Prints the resident memory of the listener's process; it must level off. Not part of the test suite.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from inspector.certificates.mint import issue, make_ca, make_dev
from inspector.certificates.model import Identity
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.service import Listener

STEPS = 10
CLIENT = """
import socket, ssl, sys
REQUEST = b"POST /push HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
host, port, count, good, bad = sys.argv[1:]
contexts = []
for pem in (good, bad):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(pem)
    contexts.append(context)
for number in range(int(count)):
    try:
        with socket.create_connection((host, int(port))) as plain, contexts[number & 1].wrap_socket(plain) as tls:
            tls.sendall(REQUEST)
            tls.recv(1000)
    except ssl.SSLError:
        pass
"""


def pem(identity: Identity, folder: Path) -> str:
    path = folder / f"{identity.name}.pem"
    encoding = serialization.Encoding.PEM
    key = identity.key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(identity.leaf.public_bytes(encoding) + key)
    return str(path)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20_000)
    clients: int = parser.parse_args().clients
    dev = make_dev(["localhost", "127.0.0.1"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good, bad = pem(dev.client, folder), pem(issue(make_ca("other"), "stranger"), folder)
        with HistoryWriter.open(folder / "history.sqlite3") as writer:
            listener = Listener(
                ListenerConfig(dev.server, (dev.ca.leaf,), port=0), writer, lambda _event: None
            )
            ready = listener.start()
            for step in range(STEPS):
                arguments = [ready.host, str(ready.port), str(clients // STEPS), good, bad]
                subprocess.run([sys.executable, "-c", CLIENT, *arguments], check=True)
                print(f"{(step + 1) * clients // STEPS:>7} clients {resident_mb():8.1f} MB")  # noqa: T201
            listener.stop()
            print(f"{listener.pushes} pushes, {listener.handshake_failures} refused")  # noqa: T201


if __name__ == "__main__":
    main()
