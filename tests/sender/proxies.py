"""HTTP proxies to go through: a small one that tunnels as RFC 9110 says, and tinyproxy where it is installed."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field

_PATIENCE_S = 20.0


@dataclass
class TunnelProxy:
    """A handler that takes CONNECT and passes bytes both ways. `heads` are the requests it got; `answer` is what it
    says instead of connecting."""

    credentials: str = ""
    answer: bytes = b""
    heads: list[bytes] = field(default_factory=list)

    def __call__(self, sock: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := sock.recv(4096)):
                return
            head += data
        self.heads.append(head)
        if self.credentials and f"Proxy-Authorization: Basic {self.credentials}\r\n".encode() not in head:
            sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        if self.answer:
            sock.sendall(self.answer)
            return
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        try:
            onward = socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_S)
        except OSError:
            sock.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        with onward:
            sock.sendall(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(onward, sock))
            back.start()
            _pass_on(sock, onward)
            back.join(_PATIENCE_S)


def _pass_on(source: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            to.sendall(data)
    for one in (source, to):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
