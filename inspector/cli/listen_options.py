"""The options of `listen`, by group, and what makes them a request. Imports click, lazily what they speak of."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from inspector.cli.group import home_of
from inspector.cli.option_groups import option
from inspector.errors import InspectorError
from inspector.listen_request import AUTHS

_LONGEST_DELAY_MS = 86_400_000  # a day, as in rules
_F = TypeVar("_F", bound=Callable[..., Any])


class Seconds(click.FloatRange):
    """A time that ends: more than nothing, and no `nan` or `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return found


_SECONDS = Seconds(0, min_open=True)
_FILE = click.Path(path_type=Path)


def _identities(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The vault's identities, for the shell to complete."""
    from inspector.certificates.vault import Vault

    try:
        entries = Vault(home_of(context)).entries()
    except InspectorError:
        return []
    return [CompletionItem(one.name) for one in entries if one.has_key and one.name.startswith(begun)]


_address = option("Where to listen")
_clients = option("Whom to let in")
_pushes = option("What to answer")
_upstream = option("Pass pushes on")
_front = option("Behind a load balancer or tunnel")
_limits = option("Limits")
_run = option("This run")

_OPTIONS = (
    _address(
        "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on."
    ),
    _address(
        "--port",
        metavar="PORT",
        default=8443,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="0 takes any free one.",
    ),
    _address(
        "--server-identity",
        metavar="NAME",
        default="",
        shell_complete=_identities,
        help="The vault's identity to listen with.",
    ),
    _clients(
        "--auth", default="mtls", show_default=True, type=click.Choice(AUTHS), help="What clients must show."
    ),
    _clients(
        "--client-ca",
        "client_ca_files",
        multiple=True,
        type=_FILE,
        metavar="FILE",
        help="CA of clients (repeatable). Default: those in the vault.",
    ),
    _clients(
        "--client-fingerprint",
        "client_fingerprints",
        multiple=True,
        metavar="HEX",
        help="Only the client with this SHA-256 fingerprint, whoever issued it (repeatable).",
    ),
    _clients(
        "--client-subject",
        "client_subjects",
        multiple=True,
        metavar="PATTERN",
        help="Only clients with such a subject: 'CN=mybrand*' (repeatable).",
    ),
    _clients(
        "--crl",
        "crl_files",
        multiple=True,
        type=_FILE,
        metavar="FILE",
        help="Revoked certificates (repeatable).",
    ),
    _clients(
        "--lenient", is_flag=True, help="Take pushes from clients whose certificate fails, and flag them."
    ),
    _clients("--basic-user", default="", metavar="USER", help="User for Basic."),
    _clients("--basic-password-env", metavar="VAR", help="Variable with the password for Basic."),
    _clients(
        "--expect-header",
        "expected",
        multiple=True,
        metavar="'NAME[: VALUE]'",
        help="A header that every push should have; missing or different is a problem (repeatable).",
    ),
    _clients(
        "--expect-header-env",
        "expected_env",
        multiple=True,
        metavar="NAME=VAR",
        help="The same, with a secret value from a variable.",
    ),
    _pushes(
        "--respond",
        "status",
        default=200,
        show_default=True,
        type=click.IntRange(200, 599),
        metavar="STATUS",
        help="Status to answer.",
    ),
    _pushes(
        "--delay",
        "delay_ms",
        default=0,
        type=click.IntRange(0, _LONGEST_DELAY_MS),
        metavar="MS",
        help="Wait so long before answering.",
    ),
    _pushes(
        "--fail-first",
        default=0,
        type=click.IntRange(0),
        metavar="N",
        help="Answer 500 to the first N pushes.",
    ),
    _pushes("--drop", is_flag=True, help="Close the connection instead of answering."),
    _pushes(
        "--rules",
        "rules_file",
        type=_FILE,
        metavar="FILE",
        help="Rules that choose the answer, as JSON; pushes that none fits get the answer above.",
    ),
    _upstream(
        "--forward", "forward_url", metavar="URL", help="Pass every push on, and return what comes back."
    ),
    _upstream(
        "--forward-identity",
        default="",
        metavar="NAME",
        shell_complete=_identities,
        help="The vault's identity to present there.",
    ),
    _upstream(
        "--forward-ca",
        "forward_cas",
        multiple=True,
        type=_FILE,
        metavar="FILE",
        help="Trust this CA there (repeatable).",
    ),
    _upstream("--forward-insecure", is_flag=True, help="Do not check the upstream's certificate."),
    _upstream(
        "--forward-only-record", is_flag=True, help="Keep the upstream's answer, but give the client ours."
    ),
    _upstream(
        "--forward-timeout", type=_SECONDS, metavar="SECONDS", help="Longest wait for the upstream. [30]"
    ),
    _front(
        "--proxy-protocol-from",
        multiple=True,
        metavar="NET",
        help="Connections from this address or network begin with a PROXY protocol header (repeatable).",
    ),
    _front(
        "--certificate-header",
        default="",
        metavar="NAME",
        help="Plain HTTP on loopback; the client's certificate comes in this header (nginx's escaped PEM, Envoy's"
        " XFCC).",
    ),
    _limits(
        "--max-header",
        "header_bytes",
        type=click.IntRange(1024),
        metavar="BYTES",
        help="Largest header. [32768]",
    ),
    _limits(
        "--max-body", "body_bytes", type=click.IntRange(1), metavar="BYTES", help="Largest body. [1048576]"
    ),
    _limits(
        "--max-connections",
        "connections",
        type=click.IntRange(1),
        metavar="N",
        help="Most connections at once. [2000]",
    ),
    _limits(
        "--handshake-time",
        "handshake_seconds",
        type=_SECONDS,
        metavar="SECONDS",
        help="Longest TLS handshake. [10]",
    ),
    _limits(
        "--header-time",
        "header_seconds",
        type=_SECONDS,
        metavar="SECONDS",
        help="Longest wait for a header. [10]",
    ),
    _limits(
        "--body-time", "body_seconds", type=_SECONDS, metavar="SECONDS", help="Longest wait for a body. [30]"
    ),
    _limits(
        "--idle-time",
        "idle_seconds",
        type=_SECONDS,
        metavar="SECONDS",
        help="Longest silence between pushes. [75]",
    ),
    _run(
        "--profile",
        "from_profile",
        is_flag=True,
        help="Listen as the window does, with its saved settings and rules; options given here win.",
    ),
    _run("--max", "most", type=click.IntRange(1), metavar="N", help="Stop after N pushes."),
    _run("--for", "seconds", type=_SECONDS, metavar="SECONDS", help="Stop after so long."),
    _run(
        "--key-log",
        type=_FILE,
        metavar="FILE",
        help="Append TLS keys to FILE (SSLKEYLOGFILE), for Wireshark.",
    ),
    _run("--json", "as_json", is_flag=True, help="JSON lines (the default where the output is no terminal)."),
)


def listen_options(command: _F) -> _F:
    """Every option of `listen`, in the order of its help."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command
