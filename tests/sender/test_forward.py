"""Passing pushes on: what arrives upstream, what comes back, and what becomes of it when the upstream fails."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from inspector.certificates.mint import DevIdentities
from inspector.errors import UsageError
from inspector.history.model import Forwarded, Headers
from inspector.sender.forward import Forwarder
from inspector.sender.forward_line import LONGEST_ANSWER
from inspector.sender.model import Trust
from inspector.sender.own_address import is_own_address
from tests.sender.conftest import Nginx, OpensslServer, Serve, TargetFor, ToFiles

BODY = b'{"aps":{"alert":"\xc3\xa9"}}\x00\xff'
FIELDS: Headers = (
    ("Host", "push.example.com"),
    ("Content-Type", "application/json"),
    ("content-length", "99"),
    ("Connection", "keep-alive, X-Hop"),
    ("X-Hop", "1"),
    ("Keep-Alive", "timeout=5"),
    ("TE", "trailers"),
    ("Transfer-Encoding", "chunked"),
    ("Authorization", "Basic dTpw"),
    ("X-Tenant", "a"),
    ("X-Tenant", "é"),
    ("Via", "1.0 edge"),
)


@pytest.fixture
def forwarder(target_for: TargetFor) -> Iterator[Callable[..., Forwarder]]:
    """Makes forwarders to ports of this machine; closes them at the end."""
    made: list[Forwarder] = []

    def make(
        port: int, *identity: object, own: Callable[[], list[tuple[str, int]]] = list, **options: object
    ) -> Forwarder:
        made.append(Forwarder(target_for(port, *identity, **{"path": "", **options}), own))
        return made[-1]

    yield make
    for one in made:
        one.close()


def read_request(sock: socket.socket) -> tuple[bytes, list[bytes], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            raise ConnectionError
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    length = next(
        int(field.split(b":")[1]) for field in fields if field.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += sock.recv(65536)
    return first, fields, body


def test_everything_arrives_as_it_came(serve: Serve, forwarder: Callable[..., Forwarder]) -> None:
    seen: list[tuple[bytes, list[bytes], bytes]] = []
    answer = b"HTTP/1.1 299 Fine\r\nX-One: \xe9\r\nX-one: 2\r\nContent-Length: 3\r\n\r\n\x00\xff\n"

    def serve_two(sock: socket.socket) -> None:
        for _ in range(2):
            seen.append(read_request(sock))
            sock.sendall(answer)

    one = forwarder(serve(serve_two), scheme="http")
    first = one.forward("POST", "/push?a=1&b=%2F", FIELDS, BODY)
    second = one.forward("POST", "/", (), b"")
    line, fields, body = seen[0]
    assert (line, body) == (b"POST /push?a=1&b=%2F HTTP/1.1", BODY)
    port = one.address.rpartition(":")[2].strip("/")
    assert fields == [
        f"Host: localhost:{port}".encode(),
        b"Content-Type: application/json",
        b"Authorization: Basic dTpw",
        b"X-Tenant: a",
        "X-Tenant: é".encode(),
        b"Via: 1.0 edge",
        f"Via: 1.1 {one.mark}".encode(),
        f"Content-Length: {len(BODY)}".encode(),
    ]
    assert (first.status, first.body, first.reason) == (299, b"\x00\xff\n", None)
    assert first.headers == (("X-One", "é"), ("X-one", "2"), ("Content-Length", "3"))
    assert first.url == f"http://localhost:{port}/push?a=1&b=%2F"
    assert first.timings is not None
    assert first.timings.connect is not None
    assert second.timings is not None
    assert second.timings.connect is None, "the connection was kept alive"
    assert seen[1][2] == b""


@pytest.mark.parametrize(
    ("own", "came", "asked"),
    [
        ("", "/push", "/push"),
        ("/", "/push?x=1", "/push?x=1"),
        ("/hook", "/push", "/hook"),
        ("/hook", "/push?x=1", "/hook?x=1"),
        ("/hook?k=1", "/push?x=1", "/hook?k=1"),
        ("", "http://push.example.com/a?b=http://c", "/a?b=http://c"),
        ("", "http://push.example.com", "/"),
        ("", "/a?u=http://c", "/a?u=http://c"),
        ("", "/é", "/%C3%A9"),
        ("", "//a/../b", "//a/../b"),
    ],
)
def test_the_path(nginx: Nginx, forwarder: Callable[..., Forwarder], own: str, came: str, asked: str) -> None:
    result = forwarder(nginx.plain, scheme="http", path=own).forward("POST", came, (), b"{}")
    assert result.status == 200
    assert f" POST {asked} " in result.body.decode()


def test_our_own_credentials_go_before_the_pusher_s(
    serve: Serve, forwarder: Callable[..., Forwarder]
) -> None:
    seen: list[bytes] = []

    def answer(sock: socket.socket) -> None:
        seen.extend(read_request(sock)[1])
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    one = forwarder(
        serve(answer), scheme="http", basic_user="me", basic_password="it", headers=(("x-tenant", "ours"),)
    )
    assert one.forward("POST", "/", FIELDS, b"{}").status == 200
    assert [field for field in seen if field.lower().startswith((b"authorization", b"x-tenant"))] == [
        b"x-tenant: ours",
        b"Authorization: Basic bWU6aXQ=",
    ]


@pytest.mark.parametrize("port", ["required", "required_12"])
def test_our_identity_upstream(
    nginx: Nginx, forwarder: Callable[..., Forwarder], dev: DevIdentities, port: str
) -> None:
    result = forwarder(getattr(nginx, port), dev.client).forward("POST", "/push", FIELDS, BODY)
    assert result.status == 200
    assert f"CN={dev.client.name}".encode() in result.body
    assert result.body.endswith(f"POST /push application/json {len(BODY)}".encode())


def test_no_identity_where_one_is_wanted(
    openssl_server: OpensslServer, forwarder: Callable[..., Forwarder], to_files: ToFiles, dev: DevIdentities
) -> None:
    files = to_files(dev.server)
    port = openssl_server(files, "-Verify", "3", "-verify_return_error", "-CAfile", files.ca)
    result = forwarder(port).forward("POST", "/", (), b"{}")
    assert (result.status, result.reason) == (None, "tls_refused")
    assert result.detail is not None
    assert "TLS alert" in result.detail


def test_an_upstream_that_is_not_trusted(nginx: Nginx, forwarder: Callable[..., Forwarder]) -> None:
    one = forwarder(nginx.none, trust=Trust(system=False))
    assert one.forward("POST", "/", (), b"{}").reason == "tls_untrusted"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (b"", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Len", "dropped"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "dropped"),
        (b"I am no web server\r\n\r\n", "invalid_answer"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + bytes(LONGEST_ANSWER + 1),
            "answer_too_large",
        ),
    ],
)
def test_answers_that_are_none(
    serve: Serve, forwarder: Callable[..., Forwarder], says: bytes, reason: str
) -> None:
    def answer(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(says)

    result = forwarder(serve(answer), scheme="http").forward("POST", "/", (), b"{}")
    assert (result.status, result.reason) == (None, reason)
    assert result.advice is not None
    assert result.advice.happened


def test_nobody_there(forwarder: Callable[..., Forwarder]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    result = forwarder(port, host="127.0.0.1").forward("POST", "/", (), b"{}")
    assert result.reason == "connect_failed"
    assert result.advice is not None
    assert result.advice.happened == f"Nothing listens at 127.0.0.1:{port}."


def test_a_slow_one(serve: Serve, forwarder: Callable[..., Forwarder]) -> None:
    ended = threading.Event()

    def hold(_sock: socket.socket) -> None:
        ended.wait(20)

    one = forwarder(serve(hold), scheme="http", timeout=0.2)
    result = one.forward("POST", "/", (), b"{}")
    ended.set()
    assert result.reason == "timeout"
    assert result.advice is not None
    assert "0.2 s" in result.advice.remedy


def test_closing_breaks_off(serve: Serve, forwarder: Callable[..., Forwarder]) -> None:
    reached, results = threading.Event(), []

    def hold(sock: socket.socket) -> None:
        read_request(sock)
        reached.set()
        sock.recv(1)

    one = forwarder(serve(hold), scheme="http")
    thread = threading.Thread(target=lambda: results.append(one.forward("POST", "/", (), b"{}")))
    thread.start()
    assert reached.wait(20)
    began = time.monotonic()
    one.close()
    thread.join(20)
    assert time.monotonic() - began < 2
    assert [result.reason for result in results] == ["cancelled"]
    assert one.forward("POST", "/", (), b"{}").reason == "cancelled"


def test_many_at_once_share_few_connections(nginx: Nginx, forwarder: Callable[..., Forwarder]) -> None:
    one = forwarder(nginx.plain, scheme="http")
    results: list[Forwarded] = []

    def push(worker: int) -> None:
        for number in range(20):
            results.append(one.forward("POST", f"/{worker}/{number}", (), b"{}"))

    threads = [threading.Thread(target=push, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {result.status for result in results} == {200}
    opened = [result for result in results if result.timings and result.timings.connect is not None]
    assert len(opened) <= 16


def test_a_field_that_can_t_be_passed_on(nginx: Nginx, forwarder: Callable[..., Forwarder]) -> None:
    one = forwarder(nginx.plain, scheme="http")
    assert one.forward("POST", "/", (("X", "a\r\nY: b"),), b"{}").reason == "invalid_request"
    assert one.forward("POST", "/", (), b"{}").status == 200


def own_interface() -> str | None:
    """An address of this machine that is not loopback."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return None


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "interface"]
)
def test_not_to_ourselves(serve: Serve, forwarder: Callable[..., Forwarder], host: str) -> None:
    if host == "interface":
        host = own_interface() or pytest.skip("there is no other interface")
    with socket.create_server(("0.0.0.0", 0)) as ours:
        port = ours.getsockname()[1]
        one = forwarder(port, host=host, scheme="http", own=lambda: [("0.0.0.0", port)])
        with pytest.raises(UsageError, match="this listener itself"):
            one.check()
        result = one.forward("POST", "/", (), b"{}")
    assert result.reason in ("forward_loop", "connect_failed")  # nothing listens on IPv6 here
    assert (result.reason == "connect_failed") is (host == "[::1]")


def test_another_port_of_ours_is_not_ourselves(nginx: Nginx, forwarder: Callable[..., Forwarder]) -> None:
    one = forwarder(nginx.plain, scheme="http", own=lambda: [("127.0.0.1", nginx.none)])
    one.check()
    assert one.forward("POST", "/", (), b"{}").status == 200


def test_addresses_of_others() -> None:
    assert not is_own_address("192.0.2.1")
    assert not is_own_address("2001:db8::1")
    assert is_own_address("::ffff:127.0.0.1")


def test_what_can_t_be_forwarded_to(target_for: TargetFor) -> None:
    with pytest.raises(UsageError):
        Forwarder(target_for(1, scheme="ftp"))


def test_nothing_secret_shows(nginx: Nginx, forwarder: Callable[..., Forwarder]) -> None:
    result = forwarder(nginx.plain, scheme="http").forward("POST", "/", FIELDS, b"{}")
    assert "dTpw" not in repr(result)
