"""Real listeners on free ports, and clients to try them with."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.history.model import NewEvent
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.events import HandshakeFailed, ListenerEvent, PushReceived, Ready
from inspector.listener.service import Listener
from tests.listener.pki import Pki, write_pem

PATIENCE_S = 20.0
SAMPLES = Path(__file__).parent.parent.parent / "resources" / "templates"
_Event = TypeVar("_Event", bound=ListenerEvent)


@dataclass
class Heard:
    """What a listener has told, to be waited for."""

    events: list[ListenerEvent] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: ListenerEvent) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def all(self, kind: type[_Event]) -> list[_Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, kind: type[_Event], count: int = 1) -> list[_Event]:
        """The first `count` events of a kind, as soon as they are there."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.all(kind)) >= count, PATIENCE_S)
            assert arrived, f"{count} {kind.__name__} expected, heard: {self.events}"
            return self.all(kind)[:count]

    def push(self) -> NewEvent:
        return self.wait(PushReceived)[0].event

    def refusal(self) -> NewEvent:
        return self.wait(HandshakeFailed)[0].event


@dataclass
class Listening:
    """A listener that runs, and what it has told."""

    listener: Listener
    ready: Ready
    heard: Heard
    writer: HistoryWriter

    @property
    def address(self) -> tuple[str, int]:
        return self.ready.host, self.ready.port

    @property
    def connect(self) -> str:
        return f"{self.ready.host}:{self.ready.port}"


Listen = Callable[..., Listening]


@pytest.fixture(autouse=True)
def no_socket_waits_for_ever() -> Iterator[None]:
    """A listener that does not answer fails a test; it does not hang it."""
    socket.setdefaulttimeout(PATIENCE_S)
    yield
    socket.setdefaulttimeout(None)


@pytest.fixture(scope="session")
def pki(dev: DevIdentities) -> Pki:
    return Pki(dev)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[HistoryWriter]:
    with HistoryWriter.open(tmp_path / "history.sqlite3") as opened:
        yield opened


@pytest.fixture
def listen(dev: DevIdentities, writer: HistoryWriter) -> Iterator[Listen]:
    """Starts listeners with the dev identities and any other setting of the config; stops them at the end."""
    running: list[Listener] = []

    def start(**settings: object) -> Listening:
        heard = Heard()
        config = ListenerConfig(
            **{"identity": dev.server, "client_cas": (dev.ca.leaf,), "port": 0, **settings}  # type: ignore[arg-type]
        )
        listener = Listener(config, writer, heard)
        running.append(listener)
        return Listening(listener, listener.start(), heard, writer)

    yield start
    for listener in running:
        listener.stop()


@pytest.fixture
def ca_file(dev: DevIdentities, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(dev.ca.leaf.public_bytes(Encoding.PEM))
    return path


PemFile = Callable[[Identity], Path]


@pytest.fixture
def pem_file(tmp_path: Path) -> PemFile:
    return lambda identity: write_pem(identity, tmp_path)


@pytest.fixture
def client_file(dev: DevIdentities, pem_file: PemFile) -> Path:
    return pem_file(dev.client)


ClientContext = Callable[..., ssl.SSLContext]
Connect = Callable[[Listening], AbstractContextManager[ssl.SSLSocket]]


@pytest.fixture
def client_context(ca_file: Path, pem_file: PemFile) -> ClientContext:
    """Python's own TLS client, with or without an identity, of one version of TLS."""

    def make(identity: Identity | None = None, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=ca_file)
        if identity is not None:
            context.set_ciphers("DEFAULT@SECLEVEL=0")  # so that it may show a weak key
            context.load_cert_chain(pem_file(identity))
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context

    return make


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def connect(request: pytest.FixtureRequest, client_context: ClientContext, pki: Pki) -> Connect:
    """Opens connections as a client that is let in, with one version of TLS and with the other."""
    context = client_context(pki.good, request.param)

    @contextmanager
    def open_one(listening: Listening) -> Iterator[ssl.SSLSocket]:
        with (
            socket.create_connection(listening.address) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            yield tls

    return open_one


def run(*command: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a program; its output is for the test to judge."""
    return subprocess.run([str(part) for part in command], input=stdin, capture_output=True, timeout=60)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that nothing tells of."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)
