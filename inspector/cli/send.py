"""`send`: one push, or many, as the pusher would send it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import (
    Line,
    header_lines,
    json_line,
    peer_line,
    problem_lines,
    table,
    timestamp,
    tls_line,
)
from inspector.cli.secrets import basic_password, from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.history.model import Headers
    from inspector.sender.cancel import Cancel
    from inspector.sender.model import SendResult, Target
    from inspector.sender.run import RunSummary

_INTERRUPTED = 130


@click.command(context_settings=CONTEXT)
@click.argument("source", required=False)
@click.option("--to", "url", metavar="URL", help="Where to send it.")
@click.option("--list", "list_templates", is_flag=True, help="List the templates.")
@click.option("--identity", default="", metavar="NAME", help="The vault's identity to present.")
@click.option(
    "--cert", type=click.Path(path_type=Path), metavar="FILE", help="Client certificate (PEM or PKCS#12)."
)
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Its private key (PEM).")
@click.option("--key-password-env", metavar="VAR", help="Variable with the password of the key.")
@click.option(
    "--ca",
    "cas",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Trust this CA (repeatable).",
)
@click.option("--insecure", is_flag=True, help="Do not check the server's certificate.")
@click.option("--basic-user", default="", metavar="U", help="User for Basic.")
@click.option("--basic-password-env", metavar="VAR", help="Variable with the password for Basic.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header (repeatable).")
@click.option(
    "--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change the payload: aps.alert=Hi."
)
@click.option("--retry", is_flag=True, help="Send again on 5xx and network errors, as the pusher does.")
@click.option(
    "--retry-interval", type=click.FloatRange(0), default=10.0, show_default=True, metavar="SECONDS"
)
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), default=30.0, show_default=True, metavar="SECONDS"
)
@click.option("--repeat", type=click.IntRange(1), default=1, metavar="N", help="Send it N times.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="R", help="That many a second.")
@click.option("--concurrency", type=click.IntRange(1, 256), default=1, metavar="C", help="That many at once.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def send(
    source: str | None,
    url: str | None,
    list_templates: bool,  # noqa: FBT001 - click passes flags so
    identity: str,
    cert: Path | None,
    key: Path | None,
    key_password_env: str | None,
    cas: tuple[Path, ...],
    insecure: bool,  # noqa: FBT001
    basic_user: str,
    basic_password_env: str | None,
    headers: tuple[str, ...],
    changes: tuple[str, ...],
    retry: bool,  # noqa: FBT001
    retry_interval: float,
    timeout: float,
    repeat: int,
    rate: float | None,
    concurrency: int,
    as_json: bool,  # noqa: FBT001
) -> int:
    """Send SOURCE: a template's name, a JSON file, - for standard input, or history:ID."""
    if list_templates:
        return _list(as_json=as_json)
    if not source or not url:
        raise UsageError(
            "send needs a SOURCE and a target.", "Write: push-inspector send ios --to https://host:port/"
        )
    if identity and cert:
        raise UsageError("--identity and --cert name two identities.", "Give one of them.")
    if repeat > 1 and retry:
        raise UsageError("--retry goes with one push, not with --repeat.", "Leave one of them out.")
    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    try:
        body = _body(source, workbench)
        for change in changes:
            from inspector.sender.edit import set_value

            body = set_value(body, change)
        request = SendRequest(
            url=url,
            identity=identity,
            insecure=insecure,
            ca_files=cas,
            basic_user=basic_user,
            basic_password=basic_password(basic_user, basic_password_env),
            headers=_headers(headers),
            timeout=timeout,
        )
        target = workbench.target(request, _identity(cert, key, key_password_env))
        out = _Output(as_json=as_json, reveal=False)
        if repeat > 1:
            return _run(workbench, target, body, out, repeat, rate, concurrency)
        return _send(workbench, target, body, out, retry=retry, interval=retry_interval)
    finally:
        workbench.close()


class _Output:
    """How results are printed."""

    def __init__(self, *, as_json: bool, reveal: bool) -> None:
        self.json = as_json
        self._reveal = reveal

    def result(self, identifier: int, attempt: int, result: SendResult, body: bytes) -> None:
        from inspector.sender.words import explain

        if self.json:
            json_line(_result_line(identifier, attempt, result, body, reveal=self._reveal))
            return
        if attempt > 1:
            click.echo(f"attempt {attempt}")
        for line in explain(result):
            click.echo(line)


def _result_line(identifier: int, attempt: int, result: SendResult, body: bytes, *, reveal: bool) -> Line:
    from inspector.contract.answers import meaning
    from inspector.contract.parse import parse

    failure = result.failure
    timings = result.timings
    push = parse(body)
    return {
        "event": "sent",
        "id": identifier,
        "sent_at": timestamp(result.at),
        "url": result.url,
        "service": push.service.value,
        "size": len(body),
        "attempt": attempt,
        "status": result.status,
        "meaning": meaning(result.status) if result.status is not None else None,
        "failure": {
            "reason": failure.reason,
            "alert": failure.alert,
            "message": failure.message,
            "next_step": failure.next_step,
            "detail": failure.detail,
        }
        if failure
        else None,
        "timings_ms": {
            name: None if value is None else round(value, 3)
            for name, value in (
                ("connect", timings.connect),
                ("tls", timings.tls),
                ("send", timings.send),
                ("wait", timings.wait),
                ("read", timings.read),
                ("total", timings.total),
            )
        },
        "peer": peer_line(result.connection),
        "tls": tls_line(result.connection),
        "answer_headers": header_lines(result.answer_headers, reveal=reveal),
        "answer_body": result.answer_body.decode("utf-8", errors="backslashreplace"),
        "problems": problem_lines(push.problems),
    }


def _exit_code(result: SendResult) -> int:
    if result.failure is not None:
        return _INTERRUPTED if result.failure.reason == "cancelled" else 3
    return 0 if result.status is not None and 200 <= result.status < 300 else 1


def _interruptible() -> Cancel:
    """A Cancel that Ctrl+C and SIGTERM set."""
    from inspector.sender.cancel import Cancel

    cancel = Cancel()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        cancel.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    return cancel


def _send(
    workbench: Workbench, target: Target, body: bytes, out: _Output, *, retry: bool, interval: float
) -> int:
    from inspector.contract.answers import RETRY_ATTEMPTS
    from inspector.sender.record import to_event
    from inspector.sender.retry import send_like_pusher

    attempts = 0

    def keep(result: SendResult) -> None:
        nonlocal attempts
        attempts += 1
        written = workbench.writer.add([to_event(result, body)])[0]
        out.result(written.id, attempts, result, body)

    _ = workbench.writer  # a history that can't be used is said before anything is sent
    results = send_like_pusher(
        target,
        body,
        interval=interval,
        attempts=RETRY_ATTEMPTS if retry else 1,
        cancel=_interruptible(),
        on_attempt=keep,
    )
    return _exit_code(results[-1])


def _run(
    workbench: Workbench,
    target: Target,
    body: bytes,
    out: _Output,
    count: int,
    rate: float | None,
    concurrency: int,
) -> int:
    from inspector.sender.record import to_event
    from inspector.sender.run import run

    _ = workbench.writer
    worst = 0
    with click.progressbar(length=count, label="Sending", file=sys.stderr) as bar:

        def keep(result: SendResult) -> None:
            nonlocal worst
            worst = max(worst, _exit_code(result))
            workbench.writer.add([to_event(result, body)])
            bar.update(1)

        summary = run(
            target,
            lambda _place: body,
            count=count,
            rate=rate,
            concurrency=concurrency,
            cancel=_interruptible(),
            on_result=keep,
        )
    _print_summary(summary, as_json=out.json)
    return worst


def _print_summary(summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        json_line(
            {
                "event": "run",
                "sent": summary.sent,
                "seconds": round(summary.seconds, 3),
                "statuses": {str(status): number for status, number in summary.statuses.items()},
                "failures": dict(summary.failures),
                "latency_ms": {name: round(value, 3) for name, value in summary.latencies.items()},
            }
        )
        return
    rate = summary.sent / summary.seconds if summary.seconds else 0.0
    click.echo(f"{summary.sent} sent in {summary.seconds:.2f} s ({rate:,.0f}/s)")
    for status, number in summary.statuses.items():
        click.echo(f"  {status}  {number}")
    for reason, number in summary.failures.items():
        click.echo(f"  {reason}  {number}")
    if summary.latencies:
        click.echo("  " + " · ".join(f"{name} {value:.1f} ms" for name, value in summary.latencies.items()))


def _list(*, as_json: bool) -> int:
    from inspector.sender.templates import all_templates

    templates = all_templates()
    if as_json:
        for one in templates:
            json_line(
                {
                    "name": one.name,
                    "title": one.title,
                    "service": one.service.value,
                    "description": one.description,
                    "tags": list(one.tags),
                    "unconfirmed": one.unconfirmed,
                }
            )
        return 0
    rows = [
        (one.name, one.service.label, one.title + (" (unconfirmed)" if one.unconfirmed else ""))
        for one in templates
    ]
    click.echo(table(("NAME", "SERVICE", "WHAT IT IS"), rows, widest=72))
    return 0


def _body(source: str, workbench: Workbench) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    if source.startswith("history:"):
        return _from_history(source.removeprefix("history:"), workbench)
    path = Path(source)
    if path.suffix.lower() == ".json" or "/" in source or "\\" in source:
        return _read(path)
    from inspector.sender.templates import find

    try:
        return find(source).body
    except UsageError:
        # A file whose name looks like no file's, such as one without an ending.
        if path.is_file():
            return _read(path)
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"Can't read {path}: {error.strerror or error}.",
            "Name a JSON file, a template (send --list), - or history:ID.",
        ) from error


def _from_history(text: str, workbench: Workbench) -> bytes:
    from inspector.history.model import Kind
    from inspector.history.up_to_date import open_for_reading

    path = workbench.home.history_file
    event = None
    if text.isascii() and text.isdigit() and path.exists():
        with open_for_reading(path) as reader:
            event = reader.event(int(text))
    if event is None or event.written.kind is not Kind.PUSH:
        raise UsageError(
            f"There is no push {text} in the history.", "List what there is with: push-inspector history list"
        )
    return event.written.body


def _identity(cert: Path | None, key: Path | None, password_env: str | None) -> Identity | None:
    if cert is None:
        if key is not None:
            raise UsageError("--key needs the certificate that goes with it.", "Add --cert FILE.")
        return None
    from inspector.certificates.model import Identity
    from inspector.certificates.read import read_files

    given = from_environment("--key-password-env", password_env)
    password: str | Callable[[], str] | None = (
        given if given is not None else prompt_for("Password of the key")
    )
    material = read_files([cert] if key is None else [cert, key], password, need_key=True)
    assert material.key is not None
    return Identity(cert.stem, material.chain, material.key)


def _headers(texts: tuple[str, ...]) -> Headers:
    result = []
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise UsageError(f"“{text}” is no header.", "Write it as --header 'Name: value'.")
        result.append((name.strip(), value.strip()))
    return tuple(result)
