"""`listen`: the listener without a window, on the same history."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

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
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity


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
    """Receive pushes as the push proxy would, and show them line by line."""
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    request = wanted(context, workbench.load_profile)
    # Without a log file, what the listener's threads log would stand among these lines.
    log.set_up(workbench.home)
    session = Session(as_json=as_json or not sys.stdout.isatty(), most=most)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, session.interrupted)
    try:
        if workbench.ensure_identities():
            click.echo("Made identities for development: dev-ca, dev-server, dev-client.", err=True)
        listener = workbench.listen(request, session.take)
        _warn_of_purpose(listener.config.identity)
        for remark in remarks(request):
            click.echo(printable(remark), err=True)
        listener.start()
        try:
            session.run(seconds)
        finally:
            listener.stop()
            session.drain()
    finally:
        workbench.close()
    return 0


def _warn_of_purpose(identity: Identity) -> None:
    """Say when the certificate to listen with is none that clients take from a server."""
    from inspector.certificates.describe import purposes

    if "server" not in purposes(identity.leaf):
        click.echo(
            f"{identity.name} is no server's certificate: clients that check it will turn this listener down.",
            err=True,
        )
