"""The check of a connection: each step against servers nobody here wrote, and what a push would have met."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.sender.cancel import Cancel
from inspector.sender.check_connection import check_connection
from inspector.sender.connection_check import STEP_TITLES, ConnectionCheck, Step, StepState
from inspector.sender.model import Proxy, Trust
from tests.sender.proxies import TunnelProxy

OK, WARNING, FAILED, SKIPPED = StepState.OK, StepState.WARNING, StepState.FAILED, StepState.SKIPPED
NOW = datetime.now(UTC)
NAMES = ("localhost", "127.0.0.1")


def of(check: ConnectionCheck, key: str) -> Step:
    step = check.step(key)
    assert step is not None, key
    return step


def states(check: ConnectionCheck) -> dict[str, StepState]:
    return {step.key: step.state for step in check.steps}


def all_ok(**others: StepState) -> dict[str, StepState]:
    return {key: others.get(key, OK) for key in STEP_TITLES if key != "proxy"}


@pytest.mark.parametrize("kind", ["required", "required_12"])
def test_all_is_well(nginx: Any, target_for: Any, dev: DevIdentities, kind: str) -> None:
    check = check_connection(target_for(getattr(nginx, kind), dev.client))
    assert states(check) == all_ok()
    assert (check.state, check.reached, check.cancelled) == (OK, True, False)
    assert check.timings.resolve is not None
    assert check.timings.tls is not None
    assert check.timings.send is None
    ours = of(check, "client_certificate")
    assert ("Takes those from", "CN=dev-ca,O=Push Inspector") in ours.facts
    assert ours.headline == "The server asks for a client certificate; dev-client was sent."
    assert of(check, "acceptance").headline == "The server has taken our certificate."
    assert check.client_auth is not None
    assert check.client_auth.presented
    assert check.connection is not None
    assert check.connection.trusted is True
    assert [link.subject for link in check.chain] == ["CN=dev-server,O=Push Inspector"]
    assert ("Version", "TLSv1.3" if kind == "required" else "TLSv1.2") in of(check, "tls").facts


def test_not_a_byte_of_http_is_sent(serve: Any, serve_tls: Any, target_for: Any) -> None:
    heard: list[bytes] = []
    done = threading.Semaphore(0)

    def note(sock: socket.socket) -> None:
        try:
            while data := sock.recv(65536):
                heard.append(data)
        finally:
            done.release()

    assert check_connection(target_for(serve_tls(note))).state is OK
    assert check_connection(target_for(serve(note), scheme="http")).state is WARNING
    assert done.acquire(timeout=20)
    assert done.acquire(timeout=20)
    assert heard == []


def test_no_certificate_where_one_is_wanted(
    openssl_server: Any, to_files: Any, target_for: Any, dev: DevIdentities
) -> None:
    """A TLS 1.3 server says so only after the handshake, a TLS 1.2 server within."""
    for version, alert in (("-tls1_3", "certificate_required"), ("-tls1_2", "handshake_failure")):
        port = openssl_server(
            to_files(dev.server),
            "-Verify",
            "1",
            "-verify_return_error",
            version,
            "-CAfile",
            to_files(dev.client).ca,
        )
        check = check_connection(target_for(port))
        assert states(check) == all_ok(client_certificate=WARNING, acceptance=FAILED), version
        assert (check.state, check.reached) == (FAILED, False)
        assert ("TLS alert", alert) in of(check, "acceptance").facts
        assert "--identity" in of(check, "acceptance").advice


def test_a_certificate_that_they_do_not_take(
    openssl_server: Any, to_files: Any, target_for: Any, dev: DevIdentities
) -> None:
    files = to_files(dev.server)
    rogue = issue(make_ca("rogue-ca"), "rogue", purposes=("client",))
    port = openssl_server(files, "-Verify", "1", "-verify_return_error", "-CAfile", to_files(dev.client).ca)
    check = check_connection(target_for(port, rogue))
    assert states(check) == all_ok(client_certificate=WARNING, acceptance=FAILED)
    assert "none of the CAs" in of(check, "client_certificate").headline
    assert "does not trust the CA" in of(check, "acceptance").headline


def test_an_optional_certificate(nginx: Any, target_for: Any) -> None:
    check = check_connection(target_for(nginx.optional))
    assert states(check) == all_ok(client_certificate=WARNING, acceptance=WARNING)
    assert (check.state, check.reached) == (WARNING, True)


def test_a_server_that_does_not_ask(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    assert states(check_connection(target_for(nginx.none))) == all_ok()
    check = check_connection(target_for(nginx.none, dev.client))
    assert states(check) == all_ok(client_certificate=WARNING)
    assert "does not ask" in of(check, "client_certificate").headline


def test_an_unknown_issuer_is_looked_at_further(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    server = issue(make_ca("middle", issuer=make_ca("root")), "brand-server", names=NAMES)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        port = serve_tls(lambda sock: sock.recv(9), server, client_ca=dev.ca.leaf, version=version)
        check = check_connection(target_for(port, dev.client))
        assert states(check) == all_ok(
            tls=WARNING, client_certificate=SKIPPED, acceptance=SKIPPED, trust=FAILED
        ), version
        assert (check.state, check.reached) == (FAILED, True)
        assert "not shown to one that we don't trust" in of(check, "client_certificate").headline
        assert "which is not trusted here" in of(check, "trust").headline
        assert [link.issued_by_next for link in check.chain] == [True, None]
        assert check.connection is not None
        assert check.connection.trusted is False
        assert check.client_auth is None or not check.client_auth.presented


@pytest.mark.parametrize(
    ("server", "bad", "said"),
    [
        ({"names": ("elsewhere.example",)}, "name", "not for localhost: it is for elsewhere.example"),
        (
            {"names": NAMES, "not_before": NOW - timedelta(days=9), "not_after": NOW - timedelta(days=1)},
            "expiry",
            "expired on",
        ),
        ({"names": NAMES, "not_before": NOW + timedelta(days=1)}, "expiry", "valid only from"),
    ],
)
def test_the_name_and_the_times_are_judged_apart_from_trust(
    serve_tls: Any, target_for: Any, dev: DevIdentities, server: dict[str, Any], bad: str, said: str
) -> None:
    port = serve_tls(lambda sock: sock.recv(9), issue(dev.ca, "odd", purposes=("server",), **server))
    check = check_connection(target_for(port))
    assert states(check) == all_ok(tls=WARNING, acceptance=SKIPPED, **{bad: FAILED})
    assert said in of(check, bad).headline
    assert of(check, bad).advice


def test_expired_and_unknown_at_once(serve_tls: Any, target_for: Any) -> None:
    long_ago = NOW - timedelta(days=9)
    server = issue(
        make_ca("brand-ca"),
        "odd",
        names=("x.example",),
        not_before=long_ago,
        not_after=NOW - timedelta(days=1),
    )
    check = check_connection(target_for(serve_tls(lambda sock: sock.recv(9), server)))
    assert states(check) == all_ok(tls=WARNING, acceptance=SKIPPED, trust=FAILED, expiry=FAILED, name=FAILED)


def test_it_expires_soon(serve_tls: Any, target_for: Any, dev: DevIdentities) -> None:
    server = issue(
        dev.ca, "soon", names=NAMES, not_before=NOW - timedelta(days=360), not_after=NOW + timedelta(days=5)
    )
    check = check_connection(target_for(serve_tls(lambda sock: sock.recv(9), server)))
    assert states(check) == all_ok(expiry=WARNING)
    assert "expires in" in of(check, "expiry").headline


def test_a_pin(serve_tls: Any, target_for: Any) -> None:
    long_ago = NOW - timedelta(days=9)
    server = issue(
        make_ca("brand-ca"),
        "odd",
        names=("x.example",),
        not_before=long_ago,
        not_after=NOW - timedelta(days=1),
    )
    port = serve_tls(lambda sock: sock.recv(9), server)
    right = check_connection(target_for(port, trust=Trust(system=False, pin=fingerprint(server.leaf))))
    assert states(right) == all_ok(expiry=WARNING, name=WARNING)
    assert "not checked here" in of(right, "name").headline
    wrong = check_connection(target_for(port, trust=Trust(system=False, pin="ab" * 32)))
    assert of(wrong, "trust").state is FAILED
    assert ("Pinned", "ab" * 32) in of(wrong, "trust").facts
    assert wrong.chain[0].fingerprint_sha256 == fingerprint(server.leaf)


def test_unchecked(nginx: Any, target_for: Any) -> None:
    check = check_connection(target_for(nginx.none, trust=Trust(system=False, insecure=True)))
    assert states(check) == all_ok(trust=WARNING)
    assert of(check, "trust").headline.startswith("Not checked")


def test_plain_http_has_no_more_steps(nginx: Any, target_for: Any) -> None:
    check = check_connection(target_for(nginx.plain, scheme="http"))
    assert states(check) == {"resolve": OK, "connect": OK, "tls": WARNING}
    assert check.chain == ()


def test_what_comes_after_a_failure_is_skipped(nginx: Any, target_for: Any) -> None:
    for target, failed in (
        (target_for(443, host="no-such-host.invalid"), "resolve"),
        (target_for(1), "connect"),
        (target_for(nginx.plain), "tls"),
        (target_for(nginx.required_12, tls_min="1.3"), "tls"),
    ):
        check = check_connection(target)
        keys = [step.key for step in check.steps]
        place = keys.index(failed)
        assert [step.state for step in check.steps] == [
            *[OK] * place,
            FAILED,
            *[SKIPPED] * (len(keys) - place - 1),
        ], failed
        assert not check.reached
        assert of(check, failed).advice


def test_an_address_needs_no_resolving(nginx: Any, target_for: Any) -> None:
    check = check_connection(target_for(nginx.none, host="127.0.0.1"))
    assert of(check, "resolve").headline == "127.0.0.1 is an address: nothing to look up."
    assert of(check, "resolve").milliseconds is None


def test_through_a_proxy(nginx: Any, serve: Any, target_for: Any, dev: DevIdentities) -> None:
    port = serve(TunnelProxy())
    check = check_connection(target_for(nginx.required, dev.client, proxy=Proxy("127.0.0.1", port)))
    assert states(check) == dict.fromkeys(STEP_TITLES, OK)
    assert of(check, "connect").headline == f"Connected to the HTTP proxy at 127.0.0.1:{port}."
    refused = check_connection(target_for(1, proxy=Proxy("127.0.0.1", port)))
    assert [of(refused, key).state for key in ("connect", "proxy", "tls")] == [OK, FAILED, SKIPPED]
    missing = check_connection(target_for(1, proxy=Proxy("127.0.0.1", 1)))
    assert [of(missing, key).state for key in ("connect", "proxy", "tls")] == [FAILED, SKIPPED, SKIPPED]


@pytest.mark.parametrize("content", [False, True])
def test_what_a_server_without_tickets_does(
    serve: Any, to_files: Any, target_for: Any, dev: DevIdentities, content: bool
) -> None:
    """It closes without a word after the handshake, or says nothing at all: the one is a refusal."""
    files = to_files(dev.server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    context.load_verify_locations(files.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.num_tickets = 0

    def handle(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as tls:
            if content:
                tls.recv(9)

    check = check_connection(target_for(serve(handle), dev.client))
    if content:
        assert states(check) == all_ok()
        assert of(check, "acceptance").headline == "The server said nothing against us after the handshake."
    else:
        assert states(check) == all_ok(acceptance=FAILED)
        assert not check.reached
        assert "closed the connection right after the handshake" in of(check, "acceptance").headline


def test_a_server_that_stops_in_the_handshake(serve: Any, target_for: Any) -> None:
    check = check_connection(target_for(serve(lambda sock: sock.recv(9)), connect_timeout=5))
    assert of(check, "tls").state is FAILED
    assert of(check, "acceptance").state is SKIPPED


@pytest.mark.parametrize("place", ["before", "during"])
def test_giving_up(serve: Any, target_for: Any, place: str) -> None:
    cancel, reached = Cancel(), threading.Event()

    def wait(sock: socket.socket) -> None:
        reached.set()
        while sock.recv(9):
            pass

    if place == "before":
        cancel.cancel()

    def give_up() -> None:
        reached.wait(20)
        cancel.cancel()

    thread = threading.Thread(target=give_up)
    thread.start()
    began = time.monotonic()
    check = check_connection(target_for(serve(wait)), cancel=cancel)
    assert time.monotonic() - began < 5
    reached.set()
    thread.join()
    assert check.cancelled
    assert not check.reached
    assert any(step.headline.startswith("Cancelled") for step in check.steps)
