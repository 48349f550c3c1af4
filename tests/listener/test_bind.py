"""Opening the sockets, and why that can't be done."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from inspector.errors import ListenError
from inspector.listener.bind import is_everywhere, open_sockets, url_of


def close(sockets: Sequence[socket.socket]) -> None:
    for one in sockets:
        one.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", " 127.0.0.1 ", "0.0.0.0", "::"])
def test_hosts(host: str) -> None:
    sockets = open_sockets(host, 0)
    try:
        ports = {one.getsockname()[1] for one in sockets}
        assert len(ports) == 1
        socket.create_connection((sockets[0].getsockname()[0], ports.pop())).close()
    finally:
        close(sockets)


def test_all_ipv6_addresses_take_ipv4_clients_too() -> None:
    sockets = open_sockets("::", 0)
    try:
        socket.create_connection(("127.0.0.1", sockets[0].getsockname()[1])).close()
    finally:
        close(sockets)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "https://127.0.0.1:8443/"),
        ("::1", "https://[::1]:8443/"),
        ("[::1]", "https://[::1]:8443/"),
        ("localhost", "https://localhost:8443/"),
        ("0.0.0.0", "https://127.0.0.1:8443/"),
        ("::", "https://[::1]:8443/"),
    ],
)
def test_urls(host: str, url: str) -> None:
    assert url_of(host, 8443) == url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]", " 0::0 ", "0", "0x0"])
def test_all_addresses_however_they_are_written(host: str) -> None:
    assert is_everywhere(host)
    assert url_of(host, 8443) in ("https://127.0.0.1:8443/", "https://[::1]:8443/")


@pytest.mark.parametrize(
    "host", ["", "127.0.0.1", "::1", "10.0.0.0", "localhost", "müller.example", "00.example"]
)
def test_what_is_not_all_addresses(host: str) -> None:
    assert not is_everywhere(host)


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("no-such-host.invalid", 0, "can't be resolved"),
        ("", 0, "empty"),
        ("a" * 300, 0, "can't be resolved"),
        ("a..b", 0, "can't be resolved"),
        ("192.0.2.1", 0, "not an address of this machine"),
        ("127.0.0.1", 65536, "no port 65536"),
        ("127.0.0.1", -1, "no port -1"),
    ],
)
def test_what_cannot_be_listened_on(host: str, port: int, words: str) -> None:
    with pytest.raises(ListenError) as caught:
        open_sockets(host, port)
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.next_step
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_that_is_taken(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(ListenError, match="taken") as caught:
            open_sockets(host, port)
    assert str(port) in caught.value.next_step


def test_a_port_that_is_not_allowed() -> None:
    """As somebody who is not root."""
    start = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not start.exists() or int(start.read_text()) <= 443:
        pytest.skip("anybody may listen on port 443 here")
    script = (
        "import os\nfrom inspector.errors import ListenError\nfrom inspector.listener.bind import "
        "open_sockets\n"
        "import encodings.idna, socket; socket.getaddrinfo('127.0.0.1', 1)\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: open_sockets('127.0.0.1', 443)\nexcept ListenError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert "not allowed to listen on port 443" in done.stdout, done.stderr
    assert "--port 8443" in done.stdout
