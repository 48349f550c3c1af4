"""One push to a server that nobody here wrote: what arrives there, and what comes back."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from inspector.certificates.mint import DevIdentities, issue
from inspector.errors import UsageError
from inspector.sender.model import ClientAuth, SendResult, Target, Trust
from inspector.sender.send import KEPT_ANSWER_BYTES, Prepared, Session, send

BODY = b'{ "aps":{"alert":"\xc3\xa9"},\r\n"badge" : 1.0 }\n'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def read_request(sock: socket.socket) -> bytes:
    """A whole request with a Content-Length, as it came. Raises ConnectionError where there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += some(sock)
    head, _, body = data.partition(b"\r\n\r\n")
    (length,) = (
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += some(sock)
    return head + b"\r\n\r\n" + body


def some(sock: socket.socket) -> bytes:
    data = sock.recv(65536)
    if not data:
        raise ConnectionError("closed before the whole request had come")
    return data


def answering(answer: bytes, seen: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """A handler that answers one request and closes."""

    def handle(sock: socket.socket) -> None:
        request = read_request(sock)
        if seen is not None:
            seen.append(request)
        sock.sendall(answer)

    return handle


def failure_of(result: SendResult) -> str | None:
    return result.failure.reason if result.failure else None


@pytest.mark.parametrize("version", ["TLSv1.3", "TLSv1.2"])
def test_a_push_goes_to_nginx_with_our_certificate(
    nginx: Any, target_for: Any, dev: DevIdentities, version: str
) -> None:
    port = nginx.required if version == "TLSv1.3" else nginx.required_12
    result = send(target_for(port, dev.client, path="/a/b?c=d"), BODY)
    assert result.failure is None
    assert (result.status, result.http_version) == (200, "HTTP/1.1")
    assert (
        result.answer_body
        == f"CN=dev-client,O=Push Inspector POST /a/b?c=d application/json {len(BODY)}".encode()
    )
    assert ("Server", "nginx/") in [(name, value[:6]) for name, value in result.answer_headers]
    assert result.url == f"https://localhost:{port}/a/b?c=d"
    assert abs(result.at / 1e6 - time.time()) < 60
    connection = result.connection
    assert connection is not None
    assert connection.peer == f"127.0.0.1:{port}"
    assert connection.local.startswith("127.0.0.1:")
    assert connection.trusted is True
    assert connection.tls is not None
    assert (connection.tls.version, connection.tls.sni, connection.tls.alpn) == (
        version,
        "localhost",
        "http/1.1",
    )
    assert connection.tls.cipher
    assert connection.certificate is not None
    assert connection.certificate.subject == "CN=dev-server,O=Push Inspector"
    assert connection.certificate.issuer == "CN=dev-ca,O=Push Inspector"
    assert connection.certificate.chain[0] == dev.server.leaf.public_bytes(Encoding.DER)
    assert result.client_auth == ClientAuth(
        asked=True, presented=True, issuers=("CN=dev-ca,O=Push Inspector",)
    )


def test_the_phases_add_up(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    timings = send(target_for(nginx.required, dev.client), BODY).timings
    phases = [timings.connect, timings.tls, timings.send, timings.wait, timings.read]
    assert all(phase is not None and phase >= 0 for phase in phases)
    assert timings.total is not None
    assert sum(filter(None, phases)) <= timings.total


def test_the_wait_is_the_server_s(serve: Any, target_for: Any) -> None:
    def slow(sock: socket.socket) -> None:
        read_request(sock)
        time.sleep(0.2)  # the server's time is what is measured
        sock.sendall(OK)

    timings = send(target_for(serve(slow), scheme="http"), BODY).timings
    assert timings.tls is None
    assert timings.wait is not None
    assert timings.wait >= 195
    assert timings.connect is not None
    assert timings.connect < 195


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_an_error_status_is_an_answer(nginx: Any, target_for: Any, dev: DevIdentities, status: int) -> None:
    result = send(target_for(nginx.required, dev.client, path=f"/{status}"), BODY)
    assert (result.status, result.failure) == (status, None)


def test_a_redirect_is_not_followed(nginx: Any, target_for: Any) -> None:
    result = send(target_for(nginx.none, path="/moved"), BODY)
    assert result.status == 302
    assert ("Location", "http://127.0.0.1:1/elsewhere") in result.answer_headers


def test_nginx_misses_a_certificate_by_400(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    result = send(target_for(nginx.required), BODY)
    assert result.status == 400
    assert b"No required SSL certificate was sent" in result.answer_body
    assert result.client_auth == ClientAuth(
        asked=True, presented=False, issuers=("CN=dev-ca,O=Push Inspector",)
    )
    rogue = issue(None, "rogue", purposes=("client",))
    result = send(target_for(nginx.required, rogue), BODY)
    assert result.status == 400
    assert b"The SSL certificate error" in result.answer_body
    assert result.client_auth is not None
    assert result.client_auth.presented


def test_an_optional_certificate_may_be_left_out(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    assert send(target_for(nginx.optional), BODY).answer_body.startswith(b" POST")
    assert send(target_for(nginx.optional, dev.client), BODY).answer_body.startswith(b"CN=dev-client,")


def test_a_server_that_does_not_ask_gets_no_certificate(
    nginx: Any, target_for: Any, dev: DevIdentities
) -> None:
    result = send(target_for(nginx.none, dev.client), BODY)
    assert result.status == 200
    assert result.client_auth == ClientAuth(asked=False, presented=False)


def test_every_byte_and_header_arrives_as_given(serve: Any, target_for: Any) -> None:
    seen: list[bytes] = []
    target = target_for(
        serve(answering(OK, seen)),
        scheme="http",
        basic_user="us\u00e9r",
        basic_password="pa:ss w\u00f6rd",
        headers=(("X-One", "1"), ("x-one", " 2 "), ("Empty", "")),
    )
    result = send(target, BODY)
    head, _, body = seen[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    credentials = base64.b64encode("us\u00e9r:pa:ss w\u00f6rd".encode()).decode()
    assert body == BODY
    assert lines[0] == "POST /push HTTP/1.1"
    assert set(lines[1:]) >= {
        f"Host: localhost:{target.url.split(':')[2].partition('/')[0]}",
        "Content-Type: application/json",
        f"Content-Length: {len(BODY)}",
        f"Authorization: Basic {credentials}",
        "X-One: 1",
        "x-one: 2",
    }
    assert sorted(f"{name}: {value}" for name, value in result.request_headers) == sorted(lines[1:])
    assert "accept-encoding" not in head.decode().lower()
    assert credentials not in repr(result)
    assert "pa:ss" not in repr(target)


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 5, b"x" * 3_000_000], ids=len)
def test_any_body_is_sent(nginx: Any, target_for: Any, body: bytes) -> None:
    result = send(target_for(nginx.none), body)
    assert result.status == 200
    assert result.answer_body.endswith(b" %d" % len(body))


def test_a_header_of_ours_goes_before_the_usual_one(serve: Any, target_for: Any) -> None:
    seen: list[bytes] = []
    headers = (
        ("content-type", "text/plain"),
        ("User-Agent", "me"),
        ("Host", "elsewhere"),
        ("Authorization", "Token x"),
    )
    send(target_for(serve(answering(OK, seen)), scheme="http", headers=headers), BODY)
    lines = seen[0].partition(b"\r\n\r\n")[0].decode().lower().split("\r\n")[1:]
    names = [line.partition(":")[0] for line in lines]
    assert len(names) == len(set(names))
    assert {"content-type: text/plain", "user-agent: me", "host: elsewhere", "authorization: token x"} <= set(
        lines
    )


@pytest.mark.parametrize(
    ("answer", "status", "body", "version"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, b"until the end", "HTTP/1.0"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            200,
            b"abc",
            "HTTP/1.1",
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", "HTTP/1.1"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"", "HTTP/1.1"),
        (
            b"HTTP/1.1 599 \xff\xfe\r\nX-\x41: \xe9\r\nContent-Length: 2\r\n\r\n\x00\xff",
            599,
            b"\x00\xff",
            "HTTP/1.1",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nnot",
            200,
            b"not",
            "HTTP/1.1",
        ),
    ],
)
def test_answers_are_kept_as_they_came(
    serve: Any, target_for: Any, answer: bytes, status: int, body: bytes, version: str
) -> None:
    result = send(target_for(serve(answering(answer)), scheme="http"), BODY)
    assert (result.failure, result.status, result.answer_body, result.http_version) == (
        None,
        status,
        body,
        version,
    )
    assert not result.truncated


def test_an_answer_without_end_is_cut(serve_tls: Any, target_for: Any) -> None:
    def pour(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65536)

    result = send(target_for(serve_tls(pour)), BODY)
    assert result.status == 200
    assert result.truncated
    assert len(result.answer_body) == KEPT_ANSWER_BYTES


def test_an_answer_of_just_the_kept_size_is_whole(serve: Any, target_for: Any) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % KEPT_ANSWER_BYTES + b"x" * KEPT_ANSWER_BYTES
    result = send(target_for(serve(answering(answer)), scheme="http"), BODY)
    assert len(result.answer_body) == KEPT_ANSWER_BYTES
    assert not result.truncated


def test_an_early_answer_to_a_body_that_is_not_read(serve: Any, target_for: Any) -> None:
    def impatient(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    result = send(target_for(serve(impatient), scheme="http"), b"x" * 20_000_000)
    assert result.status == 413 or failure_of(result) == "dropped"


def test_ipv6_literals(serve_tls: Any, dev: DevIdentities, target_for: Any) -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with listener:
        port = listener.getsockname()[1]
        result = send(target_for(port, host="[::1]", scheme="http", timeout=0.05), BODY)
    assert failure_of(result) == "timeout"
    assert result.connection is not None
    assert result.connection.peer == f"[::1]:{port}"
    assert ("Host", f"[::1]:{port}") in result.request_headers


def test_an_address_has_no_server_name(nginx: Any, target_for: Any) -> None:
    result = send(target_for(nginx.none, host="127.0.0.1"), BODY)
    assert result.status == 200
    assert result.connection is not None
    assert result.connection.tls is not None
    assert result.connection.tls.sni is None


def test_the_environment_changes_nothing(
    nginx: Any, target_for: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = tmp_path / "session-keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(secrets))
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(target_for(nginx.none), BODY).status == 200
    assert send(target_for(nginx.none, trust=Trust(insecure=True)), BODY).status == 200
    assert send(target_for(nginx.none, trust=Trust()), BODY).status is None
    assert not secrets.exists()


def test_the_trust_of_the_system_counts(
    nginx: Any, target_for: Any, dev: DevIdentities, monkeypatch: pytest.MonkeyPatch, to_files: Any
) -> None:
    assert failure_of(send(target_for(nginx.none, trust=Trust()), BODY)) == "tls_untrusted"
    monkeypatch.setenv("SSL_CERT_FILE", str(to_files(dev.ca).ca))
    assert send(target_for(nginx.none, trust=Trust()), BODY).status == 200
    assert failure_of(send(target_for(nginx.none, trust=Trust(system=False)), BODY)) == "tls_untrusted"


def test_extra_cas_stand_beside_the_system_s(nginx: Any, target_for: Any, dev: DevIdentities) -> None:
    assert send(target_for(nginx.none, trust=Trust(extra_cas=(dev.ca.leaf,))), BODY).status == 200


@pytest.mark.parametrize("port_of", ["required", "required_12"])
def test_a_session_keeps_its_connection(
    nginx: Any, target_for: Any, dev: DevIdentities, port_of: str
) -> None:
    with Session(Prepared(target_for(getattr(nginx, port_of), dev.client))) as session:
        first, second, third = (session.post(BODY, number=n) for n in range(3))
    assert [result.status for result in (first, second, third)] == [200, 200, 200]
    assert first.timings.connect is not None
    assert (second.timings.connect, second.timings.tls) == (None, None)
    assert first.connection is second.connection is third.connection
    assert third.number == 2


def test_a_session_connects_anew_where_the_server_has_closed(serve_tls: Any, target_for: Any) -> None:
    port = serve_tls(answering(OK), version=ssl.TLSVersion.TLSv1_3)
    with Session(Prepared(target_for(port))) as session:
        results = [session.post(BODY) for _ in range(5)]
    # Whether the close is seen before the next push or only by it is a race that no client can win.
    assert {failure_of(result) for result in results} <= {None, "dropped"}
    assert results[0].status == 200
    assert len({id(result.connection) for result in results}) > 1


@pytest.mark.parametrize("farewell", ["close_notify", "data"])
def test_a_session_does_not_use_a_connection_that_was_ended_politely(
    serve: Any, to_files: Any, target_for: Any, dev: DevIdentities, farewell: str
) -> None:
    """The server ends TLS (or says what nobody asked for) and leaves the connection itself open."""
    files = to_files(dev.server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    said = threading.Semaphore(0)

    def handle(sock: socket.socket) -> None:
        sock.settimeout(20)
        with context.wrap_socket(sock, server_side=True) as tls:
            answering(OK)(tls)
            if farewell == "data":
                tls.sendall(b"more")
                said.release()
                tls.recv(1)
                return
            tls.setblocking(False)
            with contextlib.suppress(OSError):
                tls.unwrap()
            said.release()
            tls.settimeout(20)
            tls.recv(1)

    with Session(Prepared(target_for(serve(handle)))) as session:
        results = []
        for _ in range(3):
            results.append(session.post(BODY))
            assert said.acquire(timeout=20)
    assert [result.status for result in results] == [200, 200, 200]
    assert all(result.timings.connect is not None for result in results)


def test_a_session_goes_on_after_a_failure(serve_tls: Any, target_for: Any) -> None:
    answers = iter([b"nonsense\r\n\r\n", OK])
    port = serve_tls(lambda sock: answering(next(answers))(sock))
    with Session(Prepared(target_for(port))) as session:
        assert failure_of(session.post(BODY)) == "invalid_answer"
        assert session.post(BODY).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "ftp://localhost/"},
        {"url": "https://user:pw@localhost/"},
        {"url": ""},
        {"headers": (("Bad Name", "x"),)},
        {"headers": (("Name", "x\r\nInjected: y"),)},
        {"headers": (("Content-Length", "3"),)},
        {"timeout": 0.0},
        {"timeout": float("nan")},
        {"basic_user": "a:b"},
    ],
    ids=str,
)
def test_what_can_t_be_sent_is_said_at_once(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        send(replace(Target("https://localhost:1/"), **changes), BODY)
    assert caught.value.message
    assert caught.value.next_step
    assert "pw" not in str(caught.value)
