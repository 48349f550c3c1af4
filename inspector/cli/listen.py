"""`listen`: the listener without a window, on the same history."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from inspector import log
from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.listen_options import listen_options
from inspector.cli.listen_remarks import remarks
from inspector.cli.listen_session import Session
from inspector.cli.listen_settings import wanted
from inspector.cli.option_groups import GroupedCommand
from inspector.cli.output import printable
from inspector.cli.secrets import prompt_for
from inspector.cli.vault_watch import VaultWatch
from inspector.errors import InspectorError
from inspector.garbage import spare_what_stays
from inspector.workbench import ListenRequest, Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.listener.config import ListenerConfig


@click.command(cls=GroupedCommand, context_settings=CONTEXT)
@listen_options
@common
@click.pass_context
def listen(
    context: click.Context,
    /,
    most: int | None,
    seconds: float | None,
    as_json: bool,  # noqa: FBT001 - click passes flags so
    **_rest: Any,
) -> int:
    """Receive pushes as the push proxy would, and show them line by line.

    A certificate that is renewed in the vault is shown from the next connection on. A run without a terminal, such as a
    service, reads vault, profile and files anew on SIGHUP, too; the port stays open.
    """
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    request = wanted(context, workbench.load_profile)
    # Without a log file, what the listener's threads log would stand among these lines.
    log.set_up(workbench.home)
    session = Session(as_json=as_json or not sys.stdout.isatty(), most=most)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, session.interrupted)
    if hasattr(signal, "SIGHUP") and not any(map(_is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        signal.signal(signal.SIGHUP, session.asked_to_read_anew)  # at a terminal it says that that is gone
    try:
        workbench.when_forgotten(lambda forgotten: click.echo(forgotten.words, err=True))
        workbench.hold_history()
        if workbench.ensure_identities():
            click.echo("Made identities for development: dev-ca, dev-server, dev-client.", err=True)
        listener = workbench.listen(request, session.take)
        _warn_of_purpose(listener.config.identity)
        ready = listener.start()
        spare_what_stays()
        _say_remarks(request, listener.config)
        own = ((ready.host, ready.port),)

        def read_anew() -> None:
            try:
                newer = wanted(context, workbench.load_profile, password=request.basic_password)
                listener.reconfigure(workbench.listener_config(newer, lambda: own))
            except InspectorError as error:
                click.echo(printable(f"All stays as it was. {error.message} {error.next_step}"), err=True)
                return
            click.echo("Read vault, profile and files anew.", err=True)
            _say_remarks(newer, listener.config)

        session.read_anew = read_anew
        session.vault_changed = VaultWatch(workbench.vault).changed
        try:
            session.run(seconds)
        finally:
            listener.stop()
            session.drain()
    finally:
        workbench.close()
    return 0


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # closed
        return False


def _say_remarks(request: ListenRequest, config: ListenerConfig) -> None:
    for remark in remarks(request, config):
        click.echo(printable(remark), err=True)


def _warn_of_purpose(identity: Identity) -> None:
    """Say when the certificate to listen with is none that clients take from a server."""
    from inspector.certificates.describe import purposes

    if "server" not in purposes(identity.leaf):
        click.echo(
            f"{identity.name} is no server's certificate: clients that check it will turn this listener down.",
            err=True,
        )
