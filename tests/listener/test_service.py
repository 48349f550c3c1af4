"""The listener's life: start, change, stop, and what happens when something around it fails."""

from __future__ import annotations

import gc
import http.client
import logging
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity
from inspector.errors import CertificateError, ListenError
from inspector.history.store import HistoryWriter
from inspector.listener.config import Answer, Limits, ListenerConfig
from inspector.listener.events import (
    HandshakeFailed,
    ListenerEvent,
    PushReceived,
    Ready,
    Stopped,
    StoreFailed,
    StoreRecovered,
)
from inspector.listener.service import Listener
from tests.listener.conftest import ClientContext, Heard, Listen, Listening, PemFile, wait_until
from tests.listener.pki import Pki

IOS = b'{"push-service": 1}'


@pytest.fixture
def https(client_context: ClientContext, pki: Pki) -> type[Https]:
    Https.context = client_context(pki.good)
    return Https


class Https(http.client.HTTPSConnection):
    """A client that may push."""

    context: ssl.SSLContext

    def __init__(self, listening: Listening, context: ssl.SSLContext | None = None) -> None:
        super().__init__("localhost", listening.ready.port, context=context or self.context)

    def push(self, body: bytes = IOS) -> int:
        self.request("POST", "/push", body=body)
        answer = self.getresponse()
        answer.read()
        return answer.status


def test_start_and_stop(listen: Listen, https: type[Https]) -> None:
    listening = listen()
    listener = listening.listener
    assert listening.ready.port > 0
    with closing(https(listening)) as client:
        assert client.push() == 200
    listener.stop()
    listener.stop()
    assert not listener.ready
    assert [type(event) for event in listening.heard.events] == [Ready, PushReceived, Stopped]
    assert listening.heard.all(Stopped) == [
        Stopped(pushes=1, handshake_failures=0, bare_connects=0, refused_requests=0)
    ]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(listening.address)
    with pytest.raises(RuntimeError):
        listener.start()


def test_stop_without_a_start(dev: DevIdentities, writer: HistoryWriter) -> None:
    listener = Listener(ListenerConfig(dev.server, (), port=0), writer, Heard())
    listener.stop()
    assert (listener.pushes, listener.handshake_failures, listener.bare_connects) == (0, 0, 0)


def test_the_port_is_free_again_at_once(listen: Listen, https: type[Https]) -> None:
    first = listen()
    with closing(https(first)) as client:
        client.push()
        first.listener.stop()
        second = listen(port=first.ready.port)
    with closing(https(second)) as client:
        assert client.push() == 200


def test_stop_is_quick_with_idle_connections(listen: Listen, https: type[Https]) -> None:
    listening = listen()
    clients = [https(listening) for _ in range(5)]
    for client in clients:
        assert client.push() == 200
    began = time.monotonic()
    listening.listener.stop(timeout=10)
    assert time.monotonic() - began < 1.0
    for client in clients:
        assert client.sock.recv(1) == b""  # a proper end, not a reset
        client.close()


def test_stop_answers_what_is_in_flight(listen: Listen, https: type[Https]) -> None:
    listening = listen(answer=Answer(delay_seconds=600))
    statuses: list[int] = []

    def push() -> None:
        with closing(https(listening)) as client:
            statuses.append(client.push())

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    listening.heard.wait(PushReceived, 4)
    listening.listener.stop(timeout=10)
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4


def test_stop_lets_a_request_under_way_finish(listen: Listen, https: type[Https]) -> None:
    listening = listen()
    with closing(https(listening)) as client:
        client.putrequest("POST", "/")
        client.putheader("Content-Length", "4")
        client.endheaders(b"12")
        # Its head must have been read before the stop.
        assert listening.listener._shared is not None
        wait_until(lambda: busy(listening))
        stopping = threading.Thread(target=listening.listener.stop, args=(10,))
        stopping.start()
        wait_until(lambda: refuses(listening.address))
        client.send(b"34")
        answer = client.getresponse()
        answer.read()
        assert (answer.status, answer.getheader("Connection")) == (200, "close")
    stopping.join()
    assert listening.heard.push().body == b"1234"


def busy(listening: Listening) -> bool:
    shared = listening.listener._shared
    assert shared is not None
    return any(one.idle_since is None for one in shared.open_connections())


def refuses(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address).close()
    except OSError:
        return True
    return False


def test_stop_does_not_wait_for_ever(listen: Listen, https: type[Https]) -> None:
    listening = listen()
    with closing(https(listening)) as client:
        client.putrequest("POST", "/")
        client.putheader("Content-Length", "4")
        client.endheaders(b"12")
        wait_until(lambda: busy(listening))
        listening.listener.stop(timeout=0.2)
    event = listening.heard.push()
    assert [problem.code for problem in event.problems] == ["cut_off"]
    assert event.body == b"12"
    assert listening.heard.all(Stopped)[0].refused_requests == 1
    assert isinstance(listening.heard.events[-1], Stopped)


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "byte", "part"])
def test_stop_does_not_wait_for_a_handshake(sent: bytes, listen: Listen) -> None:
    listening = listen()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(sent)
        wait_until(lambda: bool(listening.listener._shared and listening.listener._shared.open_connections()))
        began = time.monotonic()
        listening.listener.stop(timeout=10)
        assert time.monotonic() - began < 1.0
    assert isinstance(listening.heard.events[-1], Stopped)
    assert listening.listener.handshake_failures == 0


def test_stop_from_within_an_event(dev: DevIdentities, writer: HistoryWriter, https: type[Https]) -> None:
    heard = Heard()

    def stop_at_once(event: ListenerEvent) -> None:
        heard(event)
        if isinstance(event, PushReceived):
            listener.stop()

    listener = Listener(ListenerConfig(dev.server, (dev.ca.leaf,), port=0), writer, stop_at_once)
    listening = Listening(listener, listener.start(), heard, writer)
    with closing(https(listening)) as client:
        assert client.push() == 200
    heard.wait(Stopped)
    listener.stop()


def test_a_receiver_that_fails_harms_nobody(
    dev: DevIdentities, writer: HistoryWriter, https: type[Https], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: ListenerEvent) -> None:
        raise ValueError(f"no {type(event).__name__} please")

    listener = Listener(ListenerConfig(dev.server, (dev.ca.leaf,), port=0), writer, fail)
    listening = Listening(listener, listener.start(), Heard(), writer)
    with closing(https(listening)) as client:
        assert [client.push() for _ in range(3)] == [200] * 3
    listener.stop()
    assert listener.pushes == 3
    assert "no PushReceived please" in caplog.text


def change(listener: Listener, **changes: Any) -> None:
    listener.reconfigure(replace(listener.config, **changes))


def test_swap_the_identity_while_it_runs(
    listen: Listen, https: type[Https], dev: DevIdentities, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen()
    with closing(https(listening)) as old:
        assert old.push() == 200
        new_server = issue(dev.ca, "renewed", purposes=("server",), names=["localhost"])
        change(listening.listener, identity=new_server)
        with closing(https(listening)) as new:
            new.connect()
            shown = new.sock.getpeercert()
            assert shown is not None
            assert ("commonName", "renewed") in [pair for part in shown["subject"] for pair in part]
            assert new.push() == 200
        assert old.push() == 200
    with pytest.raises(CertificateError):
        change(listening.listener, identity=Identity("bad", new_server.chain, dev.client.key))
    assert listening.listener.config.identity is new_server
    with closing(https(listening)) as again:
        assert again.push() == 200


def test_swap_the_accepted_cas_while_it_runs(
    listen: Listen, https: type[Https], client_context: ClientContext, pki: Pki
) -> None:
    listening = listen()
    partner = make_ca("Partner CA")
    friend = client_context(issue(partner, "friend"))
    with closing(https(listening, friend)) as client, pytest.raises(ssl.SSLError):
        client.push()
    change(listening.listener, client_cas=(partner.leaf,))
    with closing(https(listening, friend)) as client:
        assert client.push() == 200
    with closing(https(listening)) as client, pytest.raises(ssl.SSLError):
        client.push()
    listening.heard.wait(HandshakeFailed, 2)


def test_changes_before_and_after_its_life_are_harmless(dev: DevIdentities, writer: HistoryWriter) -> None:
    listener = Listener(ListenerConfig(dev.server, (), port=0), writer, Heard())
    listener.set_answer(Answer(status=503))
    change(listener, client_cas=(dev.ca.leaf,))
    listener.start()
    listener.stop()
    change(listener, identity=dev.server)
    listener.set_answer(Answer())
    assert listener.config.client_cas == (dev.ca.leaf,)


def test_an_identity_of_no_use_leaves_nothing_running(dev: DevIdentities, writer: HistoryWriter) -> None:
    bad = Identity("bad", dev.server.chain, dev.client.key)
    with pytest.raises(CertificateError):
        Listener(ListenerConfig(bad, (), port=0), writer, Heard()).start()


def test_a_port_that_is_taken(listen: Listen) -> None:
    first = listen()
    with pytest.raises(ListenError) as caught:
        listen(port=first.ready.port)
    assert str(first.ready.port) in caught.value.message
    assert "taken" in caught.value.message
    assert "--port 0" in caught.value.next_step


def test_an_outage_of_the_history(
    listen: Listen,
    https: type[Https],
    writer: HistoryWriter,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Pushes are answered 500, so that the pusher sends them again; it is told once; then all goes on."""
    listening = listen()
    history = writer.path
    with closing(https(listening)) as client:
        assert client.push() == 200
        moved = history.rename(tmp_path / "moved")
        assert [client.push() for _ in range(3)] == [500] * 3
        moved.rename(history)
        assert client.push() == 200
        moved = history.rename(tmp_path / "moved")
        assert client.push() == 500
        moved.rename(history)
    kinds = [type(event) for event in listening.heard.events]
    assert kinds == [Ready, PushReceived, StoreFailed, StoreRecovered, PushReceived, StoreFailed]
    assert str(history) in listening.heard.all(StoreFailed)[0].message
    assert listening.listener.pushes == 2


def test_a_refused_client_during_an_outage(
    listen: Listen,
    client_context: ClientContext,
    pki: Pki,
    https: type[Https],
    writer: HistoryWriter,
    tmp_path: Path,
) -> None:
    listening = listen()
    stranger = client_context(pki.stranger)
    moved = writer.path.rename(tmp_path / "moved")
    with closing(https(listening, stranger)) as client, pytest.raises(ssl.SSLError):
        client.push()
    listening.heard.wait(StoreFailed)
    moved.rename(writer.path)
    with closing(https(listening, stranger)) as client, pytest.raises(ssl.SSLError):
        client.push()
    assert listening.heard.wait(HandshakeFailed)[0].count == 1
    assert listening.listener.handshake_failures == 2


def test_no_thread_and_no_socket_is_left(
    listen: Listen, https: type[Https], client_context: ClientContext, pki: Pki
) -> None:
    threads = threading.active_count()
    for turn in range(3):
        listening = listen()
        with closing(https(listening)) as client:
            client.push()
        with closing(https(listening, client_context(pki.stranger))) as client, pytest.raises(ssl.SSLError):
            client.push()
        listening.listener.stop()
        gc.collect()
        if turn == 0:
            files = open_files()  # the history has opened its own by now
    assert threading.active_count() == threads
    assert open_files() == files


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


SERVER = """
import sys, time
from pathlib import Path
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from inspector.certificates.model import Identity
from inspector.history.store import HistoryWriter
from inspector.listener.config import ListenerConfig
from inspector.listener.service import Listener

pem, ca, history = (Path(argument) for argument in sys.argv[1:])
data = pem.read_bytes()
chain = tuple(x509.load_pem_x509_certificates(data))
identity = Identity("server", chain, load_pem_private_key(data[data.index(b"-----BEGIN PRIVATE"):], None))
cas = tuple(x509.load_pem_x509_certificates(ca.read_bytes()))
listener = Listener(ListenerConfig(identity, cas, port=0), HistoryWriter.open(history), lambda event: None)
print(listener.start().port, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9")
def test_what_was_acknowledged_survives_kill_9(
    dev: DevIdentities, pem_file: PemFile, ca_file: Path, https: type[Https], tmp_path: Path
) -> None:
    history = tmp_path / "killed.sqlite3"
    command = [sys.executable, "-c", SERVER, str(pem_file(dev.server)), str(ca_file), str(history)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    acknowledged = [0] * 4
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        listening = Listening(None, Ready("", "localhost", port), Heard(), None)  # type: ignore[arg-type]

        def push(worker: int) -> None:
            with suppress(OSError, http.client.HTTPException), closing(https(listening)) as client:
                while client.push() == 200:
                    acknowledged[worker] += 1

        threads = [threading.Thread(target=push, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: sum(acknowledged) > 100)
        finally:
            process.kill()
            for thread in threads:
                thread.join()
    with HistoryWriter.open(history) as writer:
        next_id = writer.add([])
        assert next_id == []
    with closing(sqlite3.connect(history)) as database:
        (stored,) = database.execute("SELECT count(*) FROM events").fetchone()
    assert sum(acknowledged) <= stored <= sum(acknowledged) + 4


def test_the_limits_are_the_configs(listen: Listen, https: type[Https]) -> None:
    listening = listen(limits=Limits(body_bytes=10))
    with closing(https(listening)) as client:
        assert client.push(b"0123456789") == 200
        assert client.push(b"0123456789a") == 413


def test_the_log_holds_no_secret(
    listen: Listen, https: type[Https], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    listening = listen()
    with closing(https(listening)) as client:
        client.request("POST", "/", body=IOS, headers={"Authorization": "Basic c2VjcmV0"})
        client.getresponse().read()
    listening.listener.stop()
    assert "c2VjcmV0" not in caplog.text
