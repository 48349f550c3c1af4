"""Bad ends of a connection, and whether one has come to such an end. Imports the words for
faults."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress

from inspector.listener.rule import Fault

# On, for no time at all; Windows has two short numbers there.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def spoil(transport: asyncio.Transport, fault: Fault) -> None:
    """End a connection as `fault` says: after what was sent but without the proper end that TLS has, with a TCP reset,
    or at once."""
    if fault is Fault.TRUNCATE:
        transport.close()
        return
    if fault is Fault.RESET:
        with suppress(OSError):  # it is gone already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def is_gone(transport: asyncio.Transport) -> bool:
    """Whether the other side is known to be there no more: the system has heard so since we wrote last."""
    if transport.is_closing():
        return True
    try:
        return bool(transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
    except OSError:
        return True
