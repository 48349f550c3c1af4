"""A listener that goes on with another config."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import closing
from dataclasses import replace
from ipaddress import ip_network

import pytest
from cryptography.hazmat.primitives import hashes

from inspector.certificates.mint import DevIdentities, issue
from inspector.certificates.model import Identity
from inspector.errors import CertificateError, ListenError, UsageError
from inspector.history.store import HistoryWriter
from inspector.listener.bind import is_public
from inspector.listener.config import Answer, AuthMode, ExpectedHeader, Limits, ListenerConfig
from inspector.listener.events import HandshakeFailed, PushReceived
from inspector.listener.rule import Match, Rule
from inspector.listener.service import Listener
from tests.listener.conftest import ClientContext, Heard, Listen, Listening
from tests.listener.pki import Pki


class Client(http.client.HTTPSConnection):
    """A pusher that keeps its connection."""

    def __init__(self, listening: Listening, context: ssl.SSLContext) -> None:
        super().__init__("localhost", listening.ready.port, context=context, timeout=20)

    def push(self, body: bytes = b"{}", path: str = "/") -> int:
        self.request("POST", path, body=body)
        answer = self.getresponse()
        answer.read()
        return answer.status


def test_no_push_fails_while_all_is_swapped(
    listen: Listen, client_context: ClientContext, pki: Pki, dev: DevIdentities
) -> None:
    """Kept connections and new ones, while identity, CAs, limits and answers change over and over."""
    listening = listen()
    listener, config = listening.listener, listening.listener.config
    others = [
        replace(config, identity=issue(dev.ca, "renewed", purposes=("server",), names=["localhost"])),
        replace(config, client_cas=(dev.ca.leaf, pki.stranger.chain[-1]), limits=Limits(body_bytes=5000)),
        replace(config, rules=(Rule("other", Match(path="/nowhere"), Answer(status=500)),)),
        replace(config, expected_headers=(ExpectedHeader("Host"),), lenient=True),
        config,
    ]
    context = client_context(pki.good)
    enough = threading.Event()
    failed: list[object] = []
    pushes = [0] * 4

    def run(worker: int) -> None:
        keeps = worker % 2 == 0
        client = Client(listening, context)
        try:
            while not enough.is_set():
                if (status := client.push()) != 200:
                    failed.append(status)
                pushes[worker] += 1
                if not keeps:
                    client.close()
        except (OSError, http.client.HTTPException) as error:
            failed.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(40):
        listener.reconfigure(others[turn % len(others)])
        listening.heard.wait(PushReceived, 5 * (turn + 1))
    enough.set()
    for thread in threads:
        thread.join()
    assert not failed
    assert all(pushes)
    assert not listening.heard.all(HandshakeFailed)
    assert listener.config == config


def test_who_is_let_in(listen: Listen, client_context: ClientContext, pki: Pki) -> None:
    listening = listen()
    listener, config = listening.listener, listening.listener.config
    good, stranger = (client_context(one) for one in (pki.good, pki.stranger))

    def is_let_in(context: ssl.SSLContext) -> bool:
        with closing(Client(listening, context)) as client:
            try:
                return client.push() == 200
            except (OSError, http.client.HTTPException):
                return False

    assert (is_let_in(good), is_let_in(stranger)) == (True, False)
    fingerprint = pki.stranger.leaf.fingerprint(hashes.SHA256()).hex()
    listener.reconfigure(replace(config, client_fingerprints=(fingerprint,)))
    assert (is_let_in(good), is_let_in(stranger)) == (False, True)
    listener.reconfigure(replace(config, lenient=True))
    assert (is_let_in(good), is_let_in(stranger)) == (True, True)
    listener.reconfigure(replace(config, client_subjects=("CN=nobody",)))
    assert (is_let_in(good), is_let_in(stranger)) == (False, False)
    listener.reconfigure(replace(config, auth=AuthMode.NONE))
    assert (is_let_in(good), is_let_in(client_context())) == (True, True)
    listener.reconfigure(replace(config, proxy_protocol_from=(ip_network("127.0.0.1"),)))
    assert not is_let_in(good)


def test_an_open_connection_gets_the_new_answers(
    listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen(answer=Answer(fail_first=2))
    listener, config = listening.listener, listening.listener.config
    with closing(Client(listening, client_context(pki.good))) as client:
        assert client.push() == 500
        listener.reconfigure(replace(config, client_subjects=("*",)))  # counting goes on
        assert [client.push(), client.push()] == [500, 200]
        listener.reconfigure(replace(config, answer=Answer(status=403)))
        assert client.push() == 403
        rule = Rule("busy", Match(path="/a"), Answer(status=503))
        listener.reconfigure(replace(config, answer=Answer(status=403), rules=(rule,)))
        assert [client.push(path="/a"), client.push()] == [503, 403]
        basic = replace(config, auth=AuthMode.MTLS_BASIC, basic_user="u", basic_password="p")
        listener.reconfigure(basic)
        assert client.push() == 401


def test_new_caps_are_for_new_connections_and_known_heads_too(
    listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen()
    with closing(Client(listening, client_context(pki.good))) as client:
        assert [client.push(b"0123456789") for _ in range(2)] == [200, 200]
        listening.listener.reconfigure(replace(listening.listener.config, limits=Limits(body_bytes=5)))
        assert client.push(b"0123456789") == 200
        client.close()
        assert client.push(b"0123456789") == 413


def test_what_takes_a_new_listener(listen: Listen, dev: DevIdentities) -> None:
    listening = listen()
    listener, config = listening.listener, listening.listener.config
    listener.reconfigure(replace(config, port=listening.ready.port))  # the port that it has found
    assert listener.config == config
    for other in (
        replace(config, host="127.0.0.2"),
        replace(config, port=listening.ready.port + 1),
        replace(config, certificate_header="X-Cert"),
    ):
        with pytest.raises(ListenError, match="can't be changed") as caught:
            listener.reconfigure(other)
        assert "start again" in caught.value.next_step
    with pytest.raises(CertificateError):
        listener.reconfigure(replace(config, identity=Identity("bad", dev.server.chain, dev.client.key)))
    with pytest.raises(UsageError):
        listener.reconfigure(replace(config, answer=Answer(status=42)))
    assert listener.config == config


def test_counting_goes_on_whatever_else_changes(
    listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    twice = Rule("twice", Match(path="/busy"), Answer(status=503), first=2)
    listening = listen(answer=Answer(fail_first=2), rules=(twice,))
    listener = listening.listener
    with closing(Client(listening, client_context(pki.good))) as client:
        assert [client.push(path="/busy"), client.push()] == [503, 500]
        listener.reconfigure(replace(listener.config, expected_headers=(ExpectedHeader("X-Brand"),)))
        assert [client.push(path="/busy"), client.push()] == [503, 500]
        listener.reconfigure(replace(listener.config, expected_headers=()))
        assert [client.push(path="/busy"), client.push()] == [200, 200]
        listener.reconfigure(
            replace(listener.config, expected_headers=(ExpectedHeader("X"),), answer=Answer(404))
        )
        assert client.push() == 404


def test_before_its_start_all_may_change(dev: DevIdentities, writer: HistoryWriter) -> None:
    listener = Listener(ListenerConfig(dev.server, (), port=0), writer, Heard())
    listener.reconfigure(ListenerConfig(dev.server, (), host="localhost", port=0))
    ready = listener.start()
    listener.stop()
    assert ready.host == "localhost"
    listener.reconfigure(replace(listener.config, answer=Answer(status=500)))


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False), ("127.9.9.9", False), ("::1", False), ("[::1]", False), ("localhost", False),
        ("LOCALHOST.", False), ("a.localhost", False), ("::ffff:127.0.0.1", False), ("0.0.0.0", True),
        ("::", True), ("[::]", True), ("", True), ("192.168.1.7", True), ("fe80::1%eth0", True), ("example.com", True),
    ],
)  # fmt: skip
def test_what_others_can_reach(host: str, public: bool) -> None:
    assert is_public(host) is public


def test_all_addresses_can_be_reached_by_others(listen: Listen) -> None:
    assert listen().listener.public is False
    listening = listen(host="0.0.0.0")
    assert listening.listener.public is True
    assert listening.ready.url == f"https://127.0.0.1:{listening.ready.port}/"
    socket.create_connection(("127.0.0.1", listening.ready.port)).close()
