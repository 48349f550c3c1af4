"""A tunnel through an HTTP proxy: the CONNECT that asks for it, and the proxy's answer (RFC 9110 9.3.6).

On a connected, non-blocking socket; every wait can be cancelled. Imports the standard library and the sender's records.
"""

from __future__ import annotations

import base64
import re
import selectors
import socket

import inspector
from inspector.sender.cancel import Cancel, wait_for
from inspector.sender.model import Proxy

_LONGEST_HEAD = 64 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: ([^\r\n]*))?\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SHOWN = 80


class ProxyError(OSError):
    """The proxy made no tunnel. `status` is its answer's and `said` the words with it, None and its first bytes where
    it gave no HTTP answer; empty where it closed the connection without a word."""

    def __init__(self, status: int | None, said: str) -> None:
        super().__init__(f"{status} {said}".strip() if status is not None else said or "closed")
        self.status = status
        self.said = said


def open_tunnel(
    sock: socket.socket, proxy: Proxy, authority: str, deadline: float, cancel: Cancel | None
) -> None:
    """Have the proxy at the other end of `sock` connect on to `authority` (host:port). Raises ProxyError, OSError,
    TimeoutError (at `deadline` of time.monotonic()) or Cancelled."""
    view = memoryview(connect_request(proxy, authority))
    while view:
        try:
            view = view[sock.send(view) :]
        except BlockingIOError:
            wait_for(sock, selectors.EVENT_WRITE, deadline, cancel)
    status, said = _answer(_read_head(sock, deadline, cancel))
    if not 200 <= status < 300:
        raise ProxyError(status, said)


def connect_request(proxy: Proxy, authority: str) -> bytes:
    """The request for a tunnel to `authority`."""
    lines = [
        f"CONNECT {authority} HTTP/1.1",
        f"Host: {authority}",
        f"User-Agent: push-inspector/{inspector.__version__}",
    ]
    if proxy.user or proxy.password:
        credentials = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _read_head(sock: socket.socket, deadline: float, cancel: Cancel | None) -> bytes:
    """The head of the answer, and not a byte more: what follows is the tunnel's."""
    head = bytearray()
    while not _HEAD_END.search(head):
        if len(head) > _LONGEST_HEAD:
            raise ProxyError(None, "a head that is too long")
        try:
            peeked = sock.recv(4096, socket.MSG_PEEK)
        except BlockingIOError:
            wait_for(sock, selectors.EVENT_READ, deadline, cancel)
            continue
        if not peeked:
            raise ProxyError(None, _text(bytes(head)))
        end = _HEAD_END.search(head + peeked)
        head += sock.recv(len(peeked) if end is None else end.end() - len(head))
        if len(head) >= 5 and not head.startswith(b"HTTP/"):
            break
    return bytes(head)


def _answer(head: bytes) -> tuple[int, str]:
    found = _STATUS.match(head)
    if found is None:
        raise ProxyError(None, _text(head))
    return int(found[1]), _text(found[2] or b"")


def _text(data: bytes) -> str:
    """The first line, for people."""
    line = data.split(b"\n", 1)[0].strip()[:_SHOWN].decode("latin-1")
    return "".join(one if one.isprintable() else "." for one in line)
