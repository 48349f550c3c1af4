"""Does a client that is turned down always get to read why? Clients that write at once are the hard case.

    python tests/benchmarks/listener_alerts.py [--tries 60]

For TLS 1.2 and 1.3, for each kind of refusal: how many of the tries ended with the alert, and with what else.
Not part of the test suite (which does fewer of them).
"""

from __future__ import annotations

import argparse
import socket
import ssl
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from inspector.certificates.mint import issue, make_ca, make_dev
from inspector.certificates.model import Identity
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.service import Listener

REQUEST = b"POST /push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000


def context_for(identity: Identity | None, version: ssl.TLSVersion, folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    if identity is not None:
        path = folder / "client.pem"
        encoding = serialization.Encoding.PEM
        key = identity.key.private_bytes(
            encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(identity.leaf.public_bytes(encoding) + key)
        context.load_cert_chain(path)
    return context


def outcome(address: tuple[str, int], context: ssl.SSLContext) -> str:
    """What the client makes of it: the alert, or what it saw instead."""
    try:
        with socket.create_connection(address) as plain, context.wrap_socket(plain) as tls:
            tls.sendall(REQUEST)
            return f"data: {tls.recv(20)!r}"
    except ssl.SSLError as error:
        return str(error.reason)
    except OSError as error:
        return type(error).__name__


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=60)
    tries: int = parser.parse_args().tries
    dev = make_dev(["localhost", "127.0.0.1"])
    now = datetime.now(UTC)
    clients = {
        "stranger": issue(make_ca("other"), "stranger"),
        "expired": issue(dev.ca, "expired", not_before=now - timedelta(9), not_after=now - timedelta(1)),
        "server only": issue(dev.ca, "server-only", purposes=("server",)),
        "none": None,
    }
    with tempfile.TemporaryDirectory() as name, HistoryWriter.open(Path(name) / "h.sqlite3") as writer:
        listener = Listener(ListenerConfig(dev.server, (dev.ca.leaf,), port=0), writer, lambda _event: None)
        ready = listener.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            for label, identity in clients.items():
                context = context_for(identity, version, Path(name))
                found = Counter(outcome((ready.host, ready.port), context) for _ in range(tries))
                print(f"{version.name} {label:<12} {dict(found)}")  # noqa: T201
        listener.stop()


if __name__ == "__main__":
    main()
