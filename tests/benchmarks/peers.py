"""The programs that the listener is compared with, each run as its makers mean it. Imports `stage` only.

nginx with `return 200` is the ceiling: it checks the client's certificate, looks at nothing and keeps nothing.
mitmproxy accepts every client certificate and keeps its flows in memory.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.stage import Stage, free_port, running

_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 75;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl backlog=1024;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off; ssl_session_tickets off;
    ssl_certificate {server}; ssl_certificate_key {server};
    ssl_client_certificate {ca}; ssl_verify_client on;
    location / {{ return 200; }}
  }}
  server {{ listen 127.0.0.1:{plain_port}; location / {{ return 200; }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that takes pushes. `plain` is where it answers without TLS, if anywhere."""

    address: str
    pid: int
    plain: str = ""


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def nginx(program: str, stage: Stage) -> Iterator[Peer]:
    """One worker; the client's certificate is checked."""
    folder = stage.folder / "nginx"
    folder.mkdir(exist_ok=True)
    port, plain_port = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(
        _NGINX.format(folder=folder, port=port, plain_port=plain_port, server=stage.server, ca=stage.ca)
    )
    command: list[str | Path] = [program, "-c", config, "-e", folder / "nginx.log"]
    with running(command, ports=[port, plain_port]) as process:
        yield Peer(f"127.0.0.1:{port}", process.pid, f"127.0.0.1:{plain_port}")


@contextmanager
def plain_asyncio(stage: Stage) -> Iterator[Peer]:
    """asyncio's own TLS."""
    command: list[str | Path] = [
        sys.executable,
        Path(__file__).with_name("plain_server.py"),
        stage.server,
        stage.ca,
    ]
    with running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield Peer(f"127.0.0.1:{int(process.stdout.readline())}", process.pid)


def install_mitmproxy(folder: Path) -> str:
    """A virtual environment with mitmproxy in `folder`, made where there is none; returns its version. Raises
    RuntimeError, with the last line of pip, where it can't be had."""
    python = folder / "bin" / "python"
    if not (folder / "bin" / "mitmdump").exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "mitmproxy"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise RuntimeError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
    asked = "from mitmproxy.version import VERSION; print(VERSION)"
    return subprocess.run(
        [str(python), "-c", asked], capture_output=True, text=True, check=True
    ).stdout.strip()


@contextmanager
def mitmproxy(program: Path, stage: Stage, upstream: str) -> Iterator[Peer]:
    """mitmdump or mitmweb as a reverse proxy that asks for a client certificate. Nobody looks at its page, and it
    prints nothing: both would only make it slower."""
    port = free_port()
    command: list[str | Path] = [
        program,
        "--mode",
        f"reverse:http://{upstream}",
        "--listen-host",
        "127.0.0.1",
    ]
    command += [
        "--listen-port",
        str(port),
        "--certs",
        f"*={stage.server}",
        "--set",
        "request_client_cert=true",
    ]
    command += ["--set", f"confdir={stage.folder / 'mitmproxy'}"]
    if program.name == "mitmweb":
        command += ["--no-web-open-browser", "--web-port", str(free_port())]
    else:
        command += ["--quiet"]
    with running(command, ports=[port]) as process:
        yield Peer(f"127.0.0.1:{port}", process.pid)
