"""Stopping a send, a retry or a run from another thread. Imports the standard library only.

Everything that waits here waits on a socket, so one wake-up ends every kind of waiting, on every platform.
"""

from __future__ import annotations

import selectors
import socket
import time
import weakref

_PollSelector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
# poll() counts whole milliseconds and rounds up; the last bit of a wait is slept exactly instead.
LONGEST_WAIT = 86400.0
"""Seconds, a day: what is waited for longer than this is a slip, and may be more than the system can wait for."""
_SLEPT_EXACTLY = 0.005


class Cancelled(Exception):  # noqa: N818 - what happened is no error
    """What was waited for was cancelled. Never leaves the sender: it becomes a result."""


class Cancel:
    """Asks for an end, once and for good. Thread-safe, and it takes no lock: a signal handler may call it.

    One Cancel may serve any number of sends, one after another or at the same time.
    """

    def __init__(self) -> None:
        self._cancelled = False
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        weakref.finalize(self, _close, self._reader, self._writer)

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        """End what goes on: it returns within about 100 ms."""
        if not self._cancelled:
            self._cancelled = True
            # The byte is never read: it keeps every waiter, present and future, awake.
            self._writer.send(b"x")

    def wait(self, seconds: float) -> bool:
        """Wait `seconds` or until cancelled; tells whether it was cancelled."""
        due = time.monotonic() + seconds
        if seconds > _SLEPT_EXACTLY:
            with _PollSelector() as selector:
                selector.register(self._reader, selectors.EVENT_READ)
                selector.select(seconds - _SLEPT_EXACTLY)
        if not self._cancelled and (rest := due - time.monotonic()) > 0:
            time.sleep(rest)
        return self._cancelled

    def fileno(self) -> int:
        """A descriptor that is readable from the moment of cancelling on."""
        return self._reader.fileno()


def wait_for(sock: socket.socket, events: int, deadline: float | None, cancel: Cancel | None) -> None:
    """Wait until `sock` is ready for `events` (selectors.EVENT_READ or EVENT_WRITE, or failed).

    `deadline` is of time.monotonic(). Raises TimeoutError when it has passed, Cancelled when asked to stop.
    """
    with _PollSelector() as selector:
        selector.register(sock, events)
        if cancel is not None:
            selector.register(cancel, selectors.EVENT_READ)
        while True:
            left = None if deadline is None else deadline - time.monotonic()
            ready = selector.select(left) if left is None or left > 0 else []
            if cancel is not None and cancel.cancelled:
                raise Cancelled
            if ready:
                return
            if left is not None and left <= 0:
                raise TimeoutError("timed out")


def _close(*sockets: socket.socket) -> None:
    for sock in sockets:
        sock.close()
