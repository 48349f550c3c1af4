"""One run of `listen`: events come in the listener's thread, and are printed in the main one.

Imports the listener's events lazily, and what prints them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import click

from inspector.cli.output import (
    Line,
    answered_line,
    attempt_words,
    handshake_line,
    json_text,
    printable,
    timestamp,
    upstream_words,
)
from inspector.cli.push_lines import PushLines

if TYPE_CHECKING:
    from inspector.listener.events import HandshakeFailed, ListenerEvent, PushReceived, PushSettled, Stopped

_FIRSTS_REMEMBERED = 4096
_MOST_LINES_AT_ONCE = 256


class Session:
    """Prints until there is enough of it."""

    def __init__(self, *, as_json: bool, most: int | None) -> None:
        self.read_anew: Callable[[], None] | None = None  # called in `run`, after it was asked for
        self.vault_changed: Callable[[], bool] | None = None  # asks for the same, where it says so
        self._read_anew_wanted = False
        self._json = as_json
        self._most = most
        self._pushes = 0
        self._push_lines = PushLines()
        self._lines: list[str] = []
        self._events: deque[ListenerEvent] = deque()
        self._firsts: OrderedDict[int, int] = OrderedDict()
        self._wake = threading.Condition()
        self._ending = False

    def take(self, event: ListenerEvent) -> None:
        """Called in the listener's thread."""
        with self._wake:
            self._events.append(event)
            self._wake.notify()

    def end(self) -> None:
        with self._wake:
            self._ending = True
            self._wake.notify()

    def interrupted(self, _number: int, _frame: FrameType | None) -> None:
        # A signal handler runs in the main thread, which may hold the condition: only set the flag; the wait below
        # looks at it several times a second.
        self._ending = True

    def asked_to_read_anew(self, _number: int, _frame: FrameType | None) -> None:
        """A signal handler, as `interrupted`."""
        self._read_anew_wanted = True

    def run(self, seconds: float | None) -> None:
        """Print until SIGINT or SIGTERM, until `seconds` are over or enough pushes came."""
        timer = threading.Timer(seconds, self.end) if seconds is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            while not self._ending:
                with self._wake:
                    if not self._events and not self._ending:
                        self._wake.wait(0.2)
                self.drain()
                if self.vault_changed is not None and self.vault_changed():
                    self._read_anew_wanted = True
                if self._read_anew_wanted and self.read_anew is not None:
                    self._read_anew_wanted = False
                    self.read_anew()
        finally:
            if timer is not None:
                timer.cancel()

    def drain(self) -> None:
        """Print what has come by now; not what comes meanwhile, so that a flood can be ended too."""
        from inspector.listener.events import (
            HandshakeFailed,
            PushReceived,
            PushSettled,
            Ready,
            Stopped,
            StoreFailed,
            StoreRecovered,
        )

        for _ in range(len(self._events)):
            event = self._events.popleft()
            if isinstance(event, PushReceived):
                self._pushes += event.is_push
                self._push(event)
                if self._most is not None and self._pushes >= self._most:
                    self._ending = True
            elif isinstance(event, PushSettled):
                self._answered(event)
            elif isinstance(event, HandshakeFailed):
                self._refused(event)
            elif isinstance(event, Ready):
                self._say(
                    {"event": "ready", "url": event.url, "host": event.host, "port": event.port},
                    f"Listening on {event.url}  (Ctrl+C ends it)",
                )
            elif isinstance(event, Stopped):
                self._say(*_farewell(event))
            elif isinstance(event, StoreFailed):
                click.echo(f"Pushes are answered 500. {event.message}", err=True)
            elif isinstance(event, StoreRecovered):
                click.echo(
                    "The history can be written again: pushes are kept and answered as before.", err=True
                )
        self._flush()

    def _push(self, event: PushReceived) -> None:
        if self._json:
            self._print(self._push_lines.text(event.written, event.event))
            return
        push = event.event
        parts = [
            timestamp(push.at),
            push.service.label.ljust(6),
            str(push.status or "–"),
            f"#{event.written.id}",
            f"brand {push.brand_id}" if push.brand_id else "",
            f"seq {push.sequence}" if push.sequence is not None else "",
            attempt_words(event.written.attempt, event.written.gap),
            f"rule {push.rule}" if push.rule else "",
            f"→ {upstream_words(push.forwarded)}" if push.forwarded else "",
            f"{len(push.problems)} problem{'s' * (len(push.problems) > 1)}" if push.problems else "",
            " ".join(push.message.split()) if push.message else "",
        ]
        self._print(printable("  ".join(part for part in parts if part)))

    def _answered(self, event: PushSettled) -> None:
        if self._json:
            self._print(json_text(answered_line(event.id, event.settled)))
            return
        settled = event.settled
        parts = [
            timestamp(settled.at),
            "  ↳   ",
            str(settled.status or "–"),
            f"#{event.id}",
            f"→ {upstream_words(settled.forwarded)}" if settled.forwarded else "",
        ]
        self._print(printable("  ".join(part for part in parts if part)))
        if settled.forwarded and settled.forwarded.advice:
            self._print(printable(f"    {settled.forwarded.advice.text}"))

    def _refused(self, event: HandshakeFailed) -> None:
        refused = event.event
        first = self._firsts.get(event.written.id, refused.at)
        self._firsts[event.written.id] = first
        if len(self._firsts) > _FIRSTS_REMEMBERED:
            self._firsts.popitem(last=False)
        if self._json:
            line = handshake_line(event.written.id, event.count, refused, first_at=first, last_at=refused.at)
            self._print(json_text(line))
            return
        times = f"  ×{event.count}, since {timestamp(first)}" if event.count > 1 else ""
        self._print(f"{timestamp(refused.at)}  TLS     ✕  #{event.written.id}  {refused.reason}{times}")
        if event.count == 1 and refused.advice:
            self._print(printable(f"    {refused.advice.text}"))

    def _say(self, line: Line, words: str) -> None:
        if self._json:
            self._print(json_text(line))
            click.echo(words, err=True)
        else:
            self._print(words)

    def _print(self, text: str) -> None:
        """A line of standard output; it leaves with the others that are ready, at the end of `drain`."""
        self._lines.append(text)
        if len(self._lines) >= _MOST_LINES_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._lines:
            lines, self._lines = self._lines, []
            click.echo("\n".join(lines))


def _farewell(event: Stopped) -> tuple[Line, str]:
    """What there was: the `stopped` line of interface.md, with what else there was, and in words."""
    counts = {"pushes": event.pushes, "handshake_failures": event.handshake_failures}
    words = [f"{event.pushes} pushes", f"{event.handshake_failures} turned away"]
    if event.refused_requests:
        counts["refused_requests"] = event.refused_requests
        words.append(f"{event.refused_requests} other requests")
    if event.bare_connects:
        counts["bare_connects"] = event.bare_connects
        words.append(f"{event.bare_connects} bare connects")
    return {"event": "stopped", **counts}, f"Stopped: {', '.join(words)}."
