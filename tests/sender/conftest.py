"""Servers to send to: nginx, `openssl s_server`, and sockets that misbehave. All on loopback, on free ports."""

from __future__ import annotations

import contextlib
import queue
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspector.certificates.mint import DevIdentities
from inspector.certificates.model import Identity
from inspector.sender.model import Target, Trust

PATIENCE_S = 20.0

Handler = Callable[[socket.socket], None]


@dataclass(frozen=True)
class PemFiles:
    """An identity on disk, as other programs want it: the chain without its root, the key in clear, the root."""

    cert: Path
    key: Path
    ca: Path


ToFiles = Callable[[Identity], PemFiles]
Serve = Callable[[Handler], int]
ServeTls = Callable[..., int]
OpensslServer = Callable[..., int]
TargetFor = Callable[..., Target]


@pytest.fixture
def to_files(tmp_path: Path) -> ToFiles:
    """Writes identities into the test's folder."""

    def write(identity: Identity) -> PemFiles:
        return _pem_files(identity, tmp_path / f"{identity.name}-{len(list(tmp_path.iterdir()))}")

    return write


@pytest.fixture
def target_for(dev: DevIdentities) -> TargetFor:
    """A target on this machine that trusts the dev CA and nothing else."""

    def make(port: int, identity: Identity | None = None, **options: object) -> Target:
        scheme, host = options.pop("scheme", "https"), options.pop("host", "localhost")
        path = options.pop("path", "/push")
        trust = options.pop("trust", Trust(system=False, extra_cas=(dev.ca.leaf,)))
        assert isinstance(trust, Trust)
        return Target(f"{scheme}://{host}:{port}{path}", identity, trust, **options)  # type: ignore[arg-type]

    return make


@dataclass
class _Sockets:
    """A server that runs `handler` in a thread for each connection."""

    handler: Handler
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("localhost", 0)))
    open: list[socket.socket] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    stopped: bool = False

    def start(self) -> int:
        self._start(self._accept)
        port: int = self.listener.getsockname()[1]
        return port

    def stop(self) -> None:
        self.stopped = True
        with contextlib.suppress(OSError):
            socket.create_connection(self.listener.getsockname()).close()
        for sock in self.open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(PATIENCE_S)
        self.listener.close()

    def _start(self, run: Callable[[], None]) -> None:
        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()

    def _accept(self) -> None:
        while True:
            sock, _ = self.listener.accept()
            if self.stopped:
                sock.close()
                return
            self.open.append(sock)
            self._start(lambda sock=sock: self._handle(sock))  # type: ignore[misc]

    def _handle(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            self.handler(sock)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a plain server, returns its port. What a handler raises of OSError ends only its connection."""
    servers: list[_Sockets] = []

    def start(handler: Handler) -> int:
        servers.append(_Sockets(handler))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def serve_tls(serve: Serve, to_files: ToFiles, dev: DevIdentities) -> ServeTls:
    """Starts a TLS server on Python's ssl, returns its port. `client_ca` makes it want a client certificate.

    With `lines`, each handshake's error goes there as a text, or "" for one that went well.
    """

    def start(
        handler: Handler,
        identity: Identity | None = None,
        *,
        client_ca: x509.Certificate | None = None,
        version: ssl.TLSVersion | None = None,
        ciphers: str = "",
        lines: queue.SimpleQueue[str] | None = None,
    ) -> int:
        files = to_files(identity or dev.server)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if ciphers:
            context.set_ciphers(ciphers)
        context.load_cert_chain(files.cert, files.key)
        if version is not None:
            context.minimum_version = context.maximum_version = version
        if client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=client_ca.public_bytes(Encoding.DER))

        def handle(sock: socket.socket) -> None:
            try:
                tls = context.wrap_socket(sock, server_side=True)
            except OSError as error:
                if lines is not None:
                    lines.put(str(error))
                raise
            if lines is not None:
                lines.put("")
            with tls:
                handler(tls)

        return serve(handle)

    return start


@pytest.fixture
def openssl_server() -> Iterator[OpensslServer]:
    """Starts `openssl s_server` with the arguments given, returns its port."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    running: list[tuple[subprocess.Popen[str], threading.Thread]] = []

    def start(files: PemFiles, *arguments: str | Path) -> int:
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", files.cert, "-key", files.key]
        process = subprocess.Popen(
            [str(part) for part in (*command, *arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        ports: queue.SimpleQueue[int] = queue.SimpleQueue()
        # It tells much of each connection, and would stop if nobody read that.
        reader = threading.Thread(target=_read_ports, args=(process, ports))
        reader.start()
        running.append((process, reader))
        return ports.get(timeout=PATIENCE_S) or pytest.fail("openssl s_server did not start")

    yield start
    for process, reader in running:
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _read_ports(process: subprocess.Popen[str], ports: queue.SimpleQueue[int]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ACCEPT "):
            ports.put(int(line.strip().rpartition(":")[2]))
    ports.put(0)


@dataclass(frozen=True)
class Nginx:
    """The ports of a running nginx: `required` (and `required_12`, by TLS 1.2) must get a client certificate,
    `optional` may, `none` wants none, `plain` speaks HTTP. Every path is answered 200 with the client's subject and
    what was asked, but for /401, /403, /500, /503 and /moved."""

    required: int
    required_12: int
    optional: int
    none: int
    plain: int


_NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log info;
events {{ worker_connections 256; }}
http {{
    access_log off; keepalive_requests 100000; client_max_body_size 4m;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    ssl_certificate {server.cert}; ssl_certificate_key {server.key}; ssl_client_certificate {client.ca};
    ssl_protocols TLSv1.2 TLSv1.3;
    {servers}
}}
"""
_NGINX_SERVER = """
    server {{
        listen 127.0.0.1:{port} {tls};
        {options}
        location = /moved {{ return 302 http://127.0.0.1:1/elsewhere; }}
        location = /401 {{ return 401; }}
        location = /403 {{ return 403; }}
        location = /500 {{ return 500; }}
        location = /503 {{ return 503; }}
        location / {{ return 200 "$ssl_client_s_dn $request_method $request_uri $content_type $content_length"; }}
    }}
"""


@pytest.fixture(scope="session")
def nginx(dev: DevIdentities, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """One nginx for all tests, run by whoever runs them."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    server = _pem_files(dev.server, folder / "server")
    client = _pem_files(dev.client, folder / "client")
    kinds = {
        "required": ("ssl", "ssl_verify_client on;"),
        "required_12": ("ssl", "ssl_verify_client on; ssl_protocols TLSv1.2;"),
        "optional": ("ssl", "ssl_verify_client optional;"),
        "none": ("ssl", ""),
        "plain": ("", ""),
    }
    ports = dict(zip(kinds, _free_ports(len(kinds)), strict=True))
    servers = "".join(
        _NGINX_SERVER.format(port=ports[name], tls=tls, options=options)
        for name, (tls, options) in kinds.items()
    )
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, server=server, client=client, servers=servers))
    process = subprocess.Popen([program, "-c", config, "-e", folder / "error.log"], stderr=subprocess.PIPE)
    try:
        _wait_for(process, ports["plain"])
        yield Nginx(**ports)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def _pem_files(identity: Identity, folder: Path) -> PemFiles:
    folder.mkdir()
    files = PemFiles(folder / "crt.pem", folder / "key.pem", folder / "ca.pem")
    sent = [cert for cert in identity.chain if cert.issuer != cert.subject] or identity.chain
    files.cert.write_bytes(b"".join(cert.public_bytes(Encoding.PEM) for cert in sent))
    files.key.write_bytes(identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files.ca.write_bytes(identity.chain[-1].public_bytes(Encoding.PEM))
    return files


def _free_ports(count: int) -> list[int]:
    """Free until somebody takes them; nginx can't tell which ports it would have chosen."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [sock.getsockname()[1] for sock in sockets]


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it listens. A refused connection says so at once, so this asks again for as long as the process lives."""
    for _ in range(int(PATIENCE_S / 0.05)):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    stderr = process.stderr.read().decode() if process.stderr and process.poll() is not None else ""
    pytest.fail(f"nginx did not start: {stderr}")
