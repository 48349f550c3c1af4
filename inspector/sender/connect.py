"""A TCP connection that can be given up at any moment. Imports the standard library and `sender.cancel`."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import threading
import time

from inspector.sender.cancel import Cancel, wait_for

_Address = tuple[socket.AddressFamily, tuple[object, ...]]
_IN_PROGRESS = {errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN}
# Tells of our own machine (no route, no such address family), so less than what another address has said.
_NO_ROUTE = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


def connect(host: str, port: int, deadline: float, cancel: Cancel | None) -> socket.socket:
    """Connect to the first address of `host` that takes us; the socket is non-blocking and sends at once.

    The time left until `deadline` (time.monotonic()) is shared fairly between a name's addresses. Raises
    socket.gaierror, OSError, TimeoutError or Cancelled.
    """
    addresses = _resolve(host, port, deadline, cancel)
    errors: list[OSError] = []
    for number, (family, address) in enumerate(addresses):
        now = time.monotonic()
        share = now + (deadline - now) / (len(addresses) - number)
        try:
            return _connect_to(family, address, share, cancel)
        except OSError as error:
            errors.append(error)
    telling = [error for error in errors if error.errno not in _NO_ROUTE]
    raise (telling or errors)[-1]


def _connect_to(
    family: socket.AddressFamily, address: tuple[object, ...], deadline: float, cancel: Cancel | None
) -> socket.socket:
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


def _resolve(host: str, port: int, deadline: float, cancel: Cancel | None) -> list[_Address]:
    """The addresses of `host`. The system's resolver can't be interrupted, so a thread of its own asks it;
    when nobody waits any longer, the thread ends unheard."""
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass
    found: list[_Address] = []
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


def _look_up(host: str, port: int, flags: int) -> list[_Address]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    unique = dict.fromkeys((family, address) for family, _, _, _, address in answers)
    return list(unique)
