"""`listen`: the listener without a window, on the same history."""

from __future__ import annotations

import math
import signal
import sys
import threading
from collections import deque
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from inspector import log
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import handshake_line, json_line, printable, push_line, timestamp
from inspector.cli.secrets import basic_password, prompt_for
from inspector.errors import UsageError
from inspector.workbench import ListenRequest, Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.listener.config import Limits
    from inspector.listener.events import HandshakeFailed, ListenerEvent, PushReceived


class _Seconds(click.FloatRange):
    """A time that ends: more than nothing, and no `nan` or `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return found


_SECONDS = _Seconds(0, min_open=True)


class _Session:
    """One run: events come in the listener's thread, are printed in this one, until there is enough of them."""

    def __init__(self, *, as_json: bool, most: int | None) -> None:
        self._json = as_json
        self._most = most
        self._pushes = 0
        self._events: deque[ListenerEvent] = deque()
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
        finally:
            if timer is not None:
                timer.cancel()

    def drain(self) -> None:
        """Print what has come."""
        from inspector.listener.events import HandshakeFailed, PushReceived, Ready, Stopped, StoreFailed

        while self._events:
            event = self._events.popleft()
            if isinstance(event, PushReceived):
                self._pushes += event.is_push
                self._push(event)
                if self._most is not None and self._pushes >= self._most:
                    self._ending = True
            elif isinstance(event, HandshakeFailed):
                self._refused(event)
            elif isinstance(event, Ready):
                self._say(
                    {"event": "ready", "url": event.url, "host": event.host, "port": event.port},
                    f"Listening on {event.url}  (Ctrl+C ends it)",
                )
            elif isinstance(event, Stopped):
                self._say(
                    {
                        "event": "stopped",
                        "pushes": event.pushes,
                        "handshake_failures": event.handshake_failures,
                    },
                    f"Stopped: {event.pushes} pushes, {event.handshake_failures} turned away.",
                )
            elif isinstance(event, StoreFailed):
                click.echo(f"Pushes are answered 500. {event.message}", err=True)

    def _push(self, event: PushReceived) -> None:
        if self._json:
            json_line(push_line(event.written.id, event.written.attempt, event.event))
            return
        push = event.event
        parts = [
            timestamp(push.at),
            push.service.label.ljust(6),
            str(push.status or "–"),
            f"#{event.written.id}",
        ]
        if push.brand_id:
            parts.append(f"brand {push.brand_id}")
        if push.sequence is not None:
            parts.append(f"seq {push.sequence}")
        if event.written.attempt > 1:
            parts.append(f"attempt {event.written.attempt}")
        if push.problems:
            parts.append(f"{len(push.problems)} problems")
        click.echo(
            printable("  ".join(parts) + ("  " + " ".join(push.message.split()) if push.message else ""))
        )

    def _refused(self, event: HandshakeFailed) -> None:
        if self._json:
            json_line(handshake_line(event.written.id, event.count, event.event))
            return
        refused = event.event
        times = f"  ×{event.count}" if event.count > 1 else ""
        click.echo(f"{timestamp(refused.at)}  TLS     ✕  #{event.written.id}  {refused.reason}{times}")
        if event.count == 1 and refused.advice:
            click.echo(f"    {refused.advice.text}")

    def _say(self, line: dict[str, object], words: str) -> None:
        if self._json:
            json_line(line)
            click.echo(words, err=True)
        else:
            click.echo(words)


@click.command(context_settings=CONTEXT)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8443, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one."
)
@click.option(
    "--auth",
    default="mtls",
    show_default=True,
    type=click.Choice(["mtls", "basic", "mtls+basic", "none"]),
    help="Who is let in.",
)
@click.option("--basic-user", default="", help="User for Basic.")
@click.option("--basic-password-env", metavar="VAR", help="Variable with the password for Basic.")
@click.option(
    "--lenient", is_flag=True, help="Take pushes from clients whose certificate fails, and flag them."
)
@click.option("--server-identity", metavar="NAME", default="", help="The vault's identity to listen with.")
@click.option(
    "--client-ca",
    "client_cas",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CA of clients (repeatable).",
)
@click.option(
    "--respond", default=200, show_default=True, type=click.IntRange(200, 599), help="Status to answer."
)
@click.option(
    "--delay", default=0, type=click.IntRange(0), metavar="MS", help="Wait so long before answering."
)
@click.option(
    "--fail-first", default=0, type=click.IntRange(0), metavar="N", help="Answer 500 to the first N pushes."
)
@click.option("--drop", is_flag=True, help="Close the connection instead of answering.")
@click.option("--max", "most", type=click.IntRange(1), metavar="N", help="Stop after N pushes.")
@click.option("--for", "seconds", type=_SECONDS, metavar="SECONDS", help="Stop after so long.")
@click.option("--max-header", type=click.IntRange(1024), metavar="BYTES", help="Largest header. [32768]")
@click.option("--max-body", type=click.IntRange(1), metavar="BYTES", help="Largest body. [1048576]")
@click.option(
    "--max-connections", type=click.IntRange(1), metavar="N", help="Most connections at once. [2000]"
)
@click.option("--handshake-time", type=_SECONDS, metavar="SECONDS", help="Longest TLS handshake. [10]")
@click.option("--header-time", type=_SECONDS, metavar="SECONDS", help="Longest wait for a header. [10]")
@click.option("--body-time", type=_SECONDS, metavar="SECONDS", help="Longest wait for a body. [30]")
@click.option("--idle-time", type=_SECONDS, metavar="SECONDS", help="Longest silence between pushes. [75]")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON lines (the default where the output is no terminal)."
)
@common
def listen(
    host: str,
    port: int,
    auth: str,
    basic_user: str,
    basic_password_env: str | None,
    lenient: bool,  # noqa: FBT001 - click passes flags so
    server_identity: str,
    client_cas: tuple[Path, ...],
    respond: int,
    delay: int,
    fail_first: int,
    drop: bool,  # noqa: FBT001
    most: int | None,
    seconds: float | None,
    max_header: int | None,
    max_body: int | None,
    max_connections: int | None,
    handshake_time: float | None,
    header_time: float | None,
    body_time: float | None,
    idle_time: float | None,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Receive pushes as the push proxy would, and show them line by line."""
    if basic_user and "basic" not in auth:
        raise UsageError(
            f"--auth {auth} asks nobody for --basic-user.",
            "Add --auth basic or --auth mtls+basic, or leave it out.",
        )
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    # Without a log file, what the listener's threads log would stand among these lines.
    log.set_up(workbench.home)
    session = _Session(as_json=as_json or not sys.stdout.isatty(), most=most)
    request = ListenRequest(
        host=host,
        port=port,
        auth=auth,
        lenient=lenient,
        basic_user=basic_user,
        basic_password=basic_password(basic_user, basic_password_env),
        server_identity=server_identity,
        client_ca_files=client_cas,
        status=respond,
        delay_ms=delay,
        fail_first=fail_first,
        drop=drop,
        limits=_limits(
            header_bytes=max_header,
            body_bytes=max_body,
            connections=max_connections,
            handshake_seconds=handshake_time,
            header_seconds=header_time,
            body_seconds=body_time,
            idle_seconds=idle_time,
        ),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, session.interrupted)
    try:
        if workbench.ensure_identities():
            click.echo("Made identities for development: dev-ca, dev-server, dev-client.", err=True)
        listener = workbench.listen(request, session.take)
        _warn_of_purpose(listener.config.identity)
        listener.start()
        try:
            session.run(seconds)
        finally:
            listener.stop()
            session.drain()
    finally:
        workbench.close()
    return 0


def _limits(**given: float | None) -> Limits:
    """The limits, with those changed that were given."""
    from inspector.listener.config import Limits

    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return replace(Limits(), **changes)


def _warn_of_purpose(identity: Identity) -> None:
    """Say when the certificate to listen with is none that clients take from a server."""
    from inspector.certificates.describe import purposes

    if "server" not in purposes(identity.leaf):
        click.echo(
            f"{identity.name} is no server's certificate: clients that check it will turn this listener down.",
            err=True,
        )
