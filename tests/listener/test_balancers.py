"""Connections that come through a load balancer which announces its clients by the PROXY protocol."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from pathlib import Path

import pytest

from inspector.history.model import NewEvent
from inspector.listener.config import AuthMode, Limits
from inspector.listener.events import HandshakeFailed, PushReceived
from inspector.listener.proxy_protocol import V2_START
from tests.listener.conftest import PATIENCE_S, ClientContext, Listen, Listening, run, wait_until
from tests.listener.pki import Pki

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
ELSEWHERE = (IPv4Network("192.0.2.0/24"),)
ONE = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
V1 = b"PROXY TCP4 203.0.113.9 198.51.100.1 4711 443\r\n"
V2_BLOCK = socket.inet_aton("203.0.113.9") + socket.inet_aton("198.51.100.1") + struct.pack("!HH", 4711, 443)
V2 = (
    V2_START + b"\x21\x11" + struct.pack("!H", len(V2_BLOCK) + 7) + V2_BLOCK + b"\x04\x00\x04\x00\x00\x00\x00"
)
LOCAL = V2_START + b"\x20\x00\x00\x00"


def push(plain: socket.socket, context: ssl.SSLContext) -> bytes:
    with context.wrap_socket(plain, server_hostname="localhost") as tls:
        tls.sendall(ONE)
        return tls.recv(12)


def connection_of(listening: Listening) -> tuple[str, str | None]:
    connection = listening.heard.push().connection
    assert connection is not None
    return connection.peer, connection.via


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
@pytest.mark.parametrize("piece", [1, 5, 1000])
def test_the_announced_client(
    header: bytes, piece: int, listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    with socket.create_connection(listening.address) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(header), piece):
            plain.sendall(header[at : at + piece])
        host, port = plain.getsockname()
        assert push(plain, client_context(pki.good)) == b"HTTP/1.1 200"
    assert connection_of(listening) == ("203.0.113.9:4711", f"{host}:{port}")


def test_the_header_and_tls_in_one_packet(listen: Listen, client_context: ClientContext, pki: Pki) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = client_context(pki.good).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        session.do_handshake()
    with socket.create_connection(listening.address) as plain:
        plain.sendall(V2 + outgoing.read())
        while session.version() is None or session.cipher() is None:
            incoming.write(plain.recv(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                session.do_handshake()
                break
        session.write(ONE)
        plain.sendall(outgoing.read())
        assert plain.recv(10)
    assert connection_of(listening)[0] == "203.0.113.9:4711"


@pytest.mark.parametrize("header", [b"PROXY UNKNOWN\r\n", LOCAL, V2_START + b"\x21\x00\x00\x00"])
def test_where_none_is_named_the_sockets_address_holds(
    header: bytes, listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(header)
        host, port = plain.getsockname()
        assert push(plain, client_context(pki.good)) == b"HTTP/1.1 200"
    assert connection_of(listening) == (f"{host}:{port}", None)


def refusal(listening: Listening, *pieces: bytes) -> NewEvent:
    with socket.create_connection(listening.address) as plain:
        for piece in pieces:
            plain.sendall(piece)
        with contextlib.suppress(OSError):
            plain.shutdown(socket.SHUT_WR)
            while plain.recv(65536):
                pass
    return listening.heard.refusal()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "does not begin with a PROXY protocol header"),
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", "does not begin with a PROXY protocol header"),
        (b"PROXY TCP4 203.0.113.9 198.51.100.1 4711\r\n", "not valid"),
        (b"PROXY " + b"x" * 200, "not valid"),
        (V2_START + b"\x31\x11\x00\x0c" + V2_BLOCK, "not valid"),
    ],
)
def test_a_balancers_connection_without_a_proper_header(sent: bytes, says: str, listen: Listen) -> None:
    event = refusal(listen(proxy_protocol_from=LOOPBACK), sent)
    assert event.reason == "not_tls"
    assert event.detail is not None
    assert "a PROXY protocol header was expected" in event.detail
    assert event.advice is not None
    assert says in event.advice.happened
    assert event.advice.remedy


@pytest.mark.parametrize("header", [V1, V2, LOCAL], ids=["v1", "v2", "local"])
def test_from_elsewhere_no_header_is_believed(header: bytes, listen: Listen) -> None:
    event = refusal(listen(proxy_protocol_from=ELSEWHERE), header)
    assert event.reason == "not_tls"
    assert event.connection is not None
    assert event.connection.peer.startswith("127.0.0.1:")
    assert event.connection.via is None
    assert event.advice is not None
    assert "PROXY protocol" in event.advice.text


def test_from_elsewhere_none_is_needed(listen: Listen, client_context: ClientContext, pki: Pki) -> None:
    listening = listen(proxy_protocol_from=ELSEWHERE)
    with socket.create_connection(listening.address) as plain:
        assert push(plain, client_context(pki.good)) == b"HTTP/1.1 200"


def test_repeats_are_told_by_the_announced_address(
    listen: Listen, client_context: ClientContext, pki: Pki
) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    context = client_context(pki.stranger)
    for address in ("203.0.113.9", "203.0.113.9", "203.0.113.10"):
        with socket.create_connection(listening.address) as plain:
            plain.sendall(f"PROXY TCP4 {address} 198.51.100.1 4711 443\r\n".encode())
            with pytest.raises(OSError, match=r"unknown ca|UNKNOWN_CA"):
                push(plain, context)
    events = listening.heard.wait(HandshakeFailed, 3)
    assert [one.count for one in events] == [1, 2, 1]
    assert {one.event.reason for one in events} == {"unknown_issuer"}


@pytest.mark.parametrize(
    "sent", [b"", V1, V2, LOCAL, LOCAL + b"\x16\x03\x01"], ids=["nothing", "v1", "v2", "local", "local-tls"]
)
def test_a_health_check_is_counted_and_no_row(sent: bytes, listen: Listen) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(sent)
        plain.shutdown(socket.SHUT_WR)
        assert plain.recv(1) == b""
    wait_until(lambda: listening.listener.bare_connects == 1)
    listening.listener.stop()
    assert not listening.heard.all(HandshakeFailed)


@pytest.mark.parametrize(("hangs", "reason"), [(True, "timeout"), (False, "client_aborted")])
def test_a_header_that_is_cut_off(hangs: bool, reason: str, listen: Listen) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK, limits=Limits(handshake_seconds=0.2))
    with socket.create_connection(listening.address) as plain:
        plain.sendall(V1[:-5])
        if not hangs:
            plain.shutdown(socket.SHUT_WR)
        assert plain.recv(1) == b""
    event = listening.heard.refusal()
    assert event.reason == reason
    assert event.detail is not None
    assert "PROXY protocol header" in event.detail


def test_curl(listen: Listen, ca_file: Path, client_file: Path) -> None:
    listening = listen(proxy_protocol_from=LOOPBACK)
    url = f"https://localhost:{listening.ready.port}/"
    done = run(
        "curl", "-sS", "--haproxy-protocol", "--cacert", ca_file, "--cert", client_file, "-d", "{}", url
    )
    assert done.returncode == 0, done.stderr
    peer, via = connection_of(listening)
    assert peer == via  # curl announces itself


@contextlib.contextmanager
def running(*command: str | Path, port: int) -> Iterator[None]:
    """A proxy that is up."""
    with subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE) as process:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.01)
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def push_through(port: int, context: ssl.SSLContext) -> tuple[str, bytes]:
    """The client's own address, and what it was answered."""
    with socket.create_connection(("127.0.0.1", port)) as plain:
        host, own = plain.getsockname()
        return f"{host}:{own}", push(plain, context)


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="HAProxy is not installed")
@pytest.mark.parametrize(
    "option", ["send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options ssl,unique-id,crc32c"]
)
def test_haproxy(
    option: str, listen: Listen, client_context: ClientContext, pki: Pki, tmp_path: Path
) -> None:
    listening, port = listen(proxy_protocol_from=LOOPBACK), free_port()
    config = tmp_path / "haproxy.cfg"
    config.write_text(
        "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
        f"listen pushes\n  bind 127.0.0.1:{port}\n  unique-id-format %ci\n"
        f"  server inspector {listening.connect} check inter 50ms {option}\n"
    )
    with running("haproxy", "-f", config, port=port):
        address, answer = push_through(port, client_context(pki.good))
        assert answer == b"HTTP/1.1 200"
        wait_until(lambda: listening.listener.bare_connects > 2)  # HAProxy looks after us
    peer, via = connection_of(listening)
    assert peer == address
    assert via is not None
    assert via != peer
    listening.listener.stop()
    assert not listening.heard.all(HandshakeFailed)
    assert len(listening.heard.all(PushReceived)) == 1


STREAM_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


@pytest.mark.skipif(
    shutil.which("nginx") is None or not STREAM_MODULE.is_file(),
    reason="nginx's stream module is not installed",
)
def test_nginx_stream(listen: Listen, client_context: ClientContext, pki: Pki, tmp_path: Path) -> None:
    listening, port = listen(proxy_protocol_from=LOOPBACK), free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"load_module {STREAM_MODULE};\ndaemon off;\nmaster_process off;\npid {tmp_path}/nginx.pid;\n"
        f"error_log {tmp_path}/error.log;\nevents {{}}\nstream {{ server {{ listen 127.0.0.1:{port};\n"
        f"proxy_pass {listening.connect}; proxy_protocol on; }} }}\n"
    )
    with running("nginx", "-p", tmp_path, "-c", config, "-e", tmp_path / "error.log", port=port):
        address, answer = push_through(port, client_context(pki.good))
    assert answer == b"HTTP/1.1 200"
    peer, via = connection_of(listening)
    assert peer == address
    assert via is not None


def test_plain_http_behind_a_balancer(listen: Listen) -> None:
    """A balancer before the proxy, or a proxy that announces its client itself."""
    listening = listen(proxy_protocol_from=LOOPBACK, certificate_header="X-Cert", auth=AuthMode.NONE)
    with socket.create_connection(listening.address) as plain:
        plain.sendall(V2 + ONE)
        assert plain.recv(12) == b"HTTP/1.1 200"
    peer, via = connection_of(listening)
    assert peer == "203.0.113.9:4711"
    assert via is not None
    assert via.startswith("127.0.0.1:")
