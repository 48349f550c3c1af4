"""A TCP connection that can be given up at any moment. Imports the standard library and `sender.cancel`."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence

from inspector.sender.cancel import Cancel, wait_for

Address = tuple[socket.AddressFamily, tuple[object, ...]]
_IN_PROGRESS = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN}
# Tells of our own machine (no route, no such address family), so less than what another address has said.
_NO_ROUTE = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


def literal(host: str, port: int) -> list[Address]:
    """The address that `host` is in itself; none where it is a name, which must be resolved."""
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        return []


def resolve(host: str, port: int, deadline: float, cancel: Cancel | None) -> list[Address]:
    """The addresses of a name, IPv6 and IPv4, in the system's order of preference. The system's resolver can't be
    interrupted, so a thread of its own asks it; when nobody waits any longer, the thread ends unheard. Raises
    socket.gaierror, OSError, TimeoutError (at `deadline` of time.monotonic()) or Cancelled."""
    found: list[Address] = []
    failed: list[OSError] = []
    done, finished = socket.socketpair()

    def ask() -> None:
        try:
            found.extend(_look_up(host, port, 0))
        except OSError as error:
            failed.append(error)
        finally:
            finished.close()

    with done:
        threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
        wait_for(done, selectors.EVENT_READ, deadline, cancel)
    if failed:
        raise failed[0]
    return found


def connect(
    addresses: Sequence[Address],
    deadline: float,
    cancel: Cancel | None,
    missed: Callable[[Address, OSError], None] = lambda _address, _error: None,
) -> socket.socket:
    """Connect to the first address that takes us; the socket is non-blocking and sends at once.

    The time left until `deadline` (time.monotonic()) is shared fairly between the addresses; `missed` is told of each
    that did not take us. Raises OSError, TimeoutError or Cancelled.
    """
    errors: list[OSError] = []
    for number, address in enumerate(addresses):
        now = time.monotonic()
        share = now + (deadline - now) / (len(addresses) - number)
        try:
            return _connect_to(address, share, cancel)
        except OSError as error:
            errors.append(error)
            missed(address, error)
    telling = [error for error in errors if error.errno not in _NO_ROUTE]
    raise (telling or errors)[-1]


def text_of(address: Sequence[object]) -> str:
    """A socket's address as `host:port`."""
    host, port = str(address[0]), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _connect_to(where: Address, deadline: float, cancel: Cancel | None) -> socket.socket:
    family, address = where
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(address)
        if code in _IN_PROGRESS:
            wait_for(sock, selectors.EVENT_WRITE, deadline, cancel)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except BaseException:
        sock.close()
        raise
    if code:
        sock.close()
        raise OSError(code, os.strerror(code))
    return sock


def _look_up(host: str, port: int, flags: int) -> list[Address]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    unique = dict.fromkeys((family, address) for family, _, _, _, address in answers)
    return list(unique)
