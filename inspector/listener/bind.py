"""Opens the sockets to listen on, and says in plain words why that can't be done. Imports `inspector.errors`."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

from inspector.errors import ListenError

_BACKLOG = 1024
_ANY_PORT_TRIES = 20


class ListeningSocket(socket.socket):
    """A socket that can stop accepting while it stays open.

    asyncio loses a connection that it accepts in the very turn in which its server is closed: the socket
    lingers until it is garbage, and its client waits. So accepting is ended first, and the server a few turns
    later.
    """

    _accepting = True

    def stop_accepting(self) -> None:
        """From now on there are no new connections; what has been accepted goes on."""
        self._accepting = False

    def accept(self) -> tuple[socket.socket, Any]:
        if not self._accepting:
            raise BlockingIOError
        return super().accept()


def open_sockets(host: str, port: int, *, only_loopback: bool = False) -> list[ListeningSocket]:
    """Listening sockets for every address of `host`, all on one port (0: any that is free). Of a name with
    several addresses those that this machine does not have are left out. With `only_loopback`, one that others can
    reach is refused. Raises ListenError."""
    host = _bare(host)
    if not 0 <= port <= 65535:
        raise ListenError(f"There is no port {port}.", "Take one from 1 to 65535, or 0 for any that is free.")
    addresses = _addresses(host, port)
    if only_loopback and not all(_is_loopback(address[0]) for _family, address in addresses):
        raise ListenError(
            f"Plain HTTP is spoken on this machine only, and others can reach {host}.",
            "Listen on --host 127.0.0.1, where the proxy that ends TLS runs too.",
            code="only_loopback",
        )
    for _ in range(_ANY_PORT_TRIES if port == 0 else 1):
        try:
            return _open_all(addresses, port)
        except OSError as error:
            failure = error
            if port or error.errno != errno.EADDRINUSE:
                break
    raise _explain(failure, host, port) from failure


def is_everywhere(host: str) -> bool:
    """Whether what listens on `host` takes connections to every address of this machine."""
    bare = _bare(host)
    try:
        return ip_address(bare).is_unspecified
    except ValueError:
        pass
    try:
        return not any(socket.inet_aton(bare))  # 0 and 0x0 are ways to write it, too
    except (OSError, UnicodeError):
        return False


def is_public(host: str) -> bool:
    """Whether others than this machine can reach what listens on `host`: an address or a name. Does not resolve
    names: of those only localhost is known to be this machine alone."""
    host = _bare(host).lower().rstrip(".")
    return host != "localhost" and not host.endswith(".localhost") and not _is_loopback(host)


def _bare(host: str) -> str:
    return host.strip().strip("[]")


def _is_loopback(address: object) -> bool:
    try:
        found = ip_address(str(address).partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def url_of(host: str, port: int, scheme: str = "https") -> str:
    """The URL that reaches a listener on `host`; on all addresses, the one over loopback."""
    host = _bare(host)
    if is_everywhere(host):
        host = "::1" if ":" in host else "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}/"


_Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


def _addresses(host: str, port: int) -> list[_Address]:
    if not host:
        raise ListenError("The address to listen on is empty.", "Name one, such as --host 127.0.0.1.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ListenError(
            f"The name {host} can't be resolved to an address.",
            "Check its spelling, or name an address such as --host 127.0.0.1.",
        ) from error
    return list(dict.fromkeys((family, address) for family, _type, _protocol, _name, address in found))


def _open_all(addresses: Sequence[_Address], port: int) -> list[ListeningSocket]:
    opened: list[ListeningSocket] = []
    missing: OSError | None = None
    try:
        for family, address in addresses:
            try:
                opened.append(_open(family, (address[0], port, *address[2:])))
            except OSError as error:
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                missing = error
                continue
            port = opened[0].getsockname()[1]
    except BaseException:
        for one in opened:
            one.close()
        raise
    if not opened and missing is not None:
        raise missing
    return opened


def _open(family: socket.AddressFamily, address: tuple[object, ...]) -> ListeningSocket:
    opened = ListeningSocket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There, reuse would let two programs listen on one port.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # `::` takes IPv4 clients too, as people expect of "all addresses".
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
        opened.bind(address)
        opened.listen(_BACKLOG)
        opened.setblocking(False)
    except BaseException:
        opened.close()
        raise
    return opened


def _explain(error: OSError, host: str, port: int) -> ListenError:
    if error.errno == errno.EADDRINUSE:
        return ListenError(
            f"Port {port} on {host} is taken: another program, or another Push Inspector, listens there.",
            f"Stop it ({_who_listens(port)} names it), or take another port, such as --port 0 for any that "
            "is free.",
            code="port_taken",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return ListenError(
            f"You are not allowed to listen on port {port} of {host}.",
            f"Take a port above 1023, such as --port 8443, and forward to it.{_how_to_allow(port)}",
            code="port_not_allowed",
        )
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return ListenError(
            f"{host} is not an address of this machine.",
            "Name one that is, such as --host 127.0.0.1, or --host 0.0.0.0 for all of them.",
        )
    return ListenError(
        f"Can't listen on {host}, port {port}: {error.strerror or error}.", "Try another address."
    )


def _who_listens(port: int) -> str:
    if sys.platform == "win32":
        return f"netstat -ano | findstr :{port}"
    if sys.platform == "darwin":
        return f"lsof -nP -iTCP:{port} -sTCP:LISTEN"
    return f"ss -ltnp 'sport = :{port}'"


def _how_to_allow(port: int) -> str:
    if sys.platform.startswith("linux") and 0 < port < 1024:
        return f" Or allow it once, as root: sysctl net.ipv4.ip_unprivileged_port_start={port}."
    return ""
