"""`history show`: one event whole, for people and for programs. Imports what prints; readers lazily."""

from __future__ import annotations

import sys

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import (
    advice_parts,
    attempt_words,
    chain_subjects,
    forwarded_lines,
    header_lines,
    history_line,
    json_line,
    printable,
    timestamp,
    upstream_words,
)
from inspector.cli.query_words import has_history
from inspector.errors import UsageError
from inspector.history.model import (
    Advice,
    Connection,
    Direction,
    Event,
    Forwarded,
    Headers,
    Kind,
    NewEvent,
    TlsFacts,
)

NEWLINES = "\n\t"
_Fact = tuple[str, str]


@click.command("show", context_settings=CONTEXT)
@click.argument("identifier", metavar="ID", type=click.IntRange(1))
@click.option("--raw", is_flag=True, help="The body alone, byte for byte (tokens masked unless --reveal).")
@click.option("--chain", is_flag=True, help="The certificates that were presented alone, as PEM.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--reveal", is_flag=True, help="Show device tokens, Authorization and custom headers unmasked.")
@common
def show_event(identifier: int, raw: bool, chain: bool, as_json: bool, reveal: bool) -> int:  # noqa: FBT001 - click's
    """Show one event whole."""
    from inspector.history.exchange.masked import Mask
    from inspector.history.up_to_date import open_for_reading

    if raw + chain + as_json > 1:
        raise UsageError("--raw, --chain and --json are three ways to show it.", "Give one of them.")
    path = current_home().history_file
    event: Event | None = None
    if has_history(path):
        with open_for_reading(path) as reader:
            event = reader.event(identifier)
    if event is None:
        raise UsageError(
            f"There is no event {identifier} in the history.",
            "List what there is with: push-inspector history list",
        )
    if chain:
        click.echo(_chain_pem(event), nl=False)
        return 0
    if not reveal:
        event = Mask().event(event)
    body = event.written.body
    if raw:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return 0
    text = body.decode("utf-8", errors="backslashreplace")
    if as_json:
        _print_json(event, text)
    else:
        _print(event, text)
    return 0


def _chain_pem(event: Event) -> str:
    from inspector.certificates.describe import pem
    from inspector.certificates.read import load_certificate

    connection = event.written.connection
    chain = connection.certificate.chain if connection and connection.certificate else ()
    if not chain:
        raise UsageError(
            f"The other side of event {event.id} presented no certificate.", "There is no chain to show."
        )
    try:
        return "".join(pem(load_certificate(one)) for one in chain)
    except ValueError as error:
        raise UsageError(
            f"A certificate of event {event.id} can't be read: it is broken as it was presented.",
            "Ask the other side for it as a file.",
        ) from error


def _print_json(event: Event, body: str) -> None:
    written = event.written
    line = history_line(event, whole=True)
    line |= {"headers": header_lines(written.headers), "body": body}
    line |= {"answer_headers": header_lines(written.answer_headers)}
    line |= {"answer_body": written.answer_body.decode("utf-8", errors="backslashreplace")}
    line |= {"advice_parts": advice_parts(written.advice)}
    line |= {"forwarded": forwarded_lines(written.forwarded)}
    json_line(line)


def _print(event: Event, body: str) -> None:
    written = event.written
    connection = _connection(written.connection, all_the_same=_all_the_same(written))
    _print_facts([*_facts(event, written), *_advice(written.advice), *connection], indent="")
    if written.forwarded is not None:
        click.echo("\nUpstream")
        _print_facts(_upstream(written.forwarded), indent="  ")
        _print_headers(written.forwarded.headers)
        if written.forwarded.body:
            click.echo(
                f"\n{printable(written.forwarded.body.decode('utf-8', 'backslashreplace'), keep=NEWLINES)}"
            )
    for title, headers in (("Headers", written.headers), ("Answer", written.answer_headers)):
        if headers:
            click.echo(f"\n{title}")
            _print_headers(headers)
    if written.problems:
        click.echo("\nProblems")
        for one in written.problems:
            click.echo(
                printable(f"  {one.severity.value}: {one.path + ': ' if one.path else ''}{one.message}")
            )
    if body:
        click.echo(f"\n{printable(body, keep=NEWLINES)}")


def _print_facts(facts: list[_Fact], *, indent: str) -> None:
    for name, value in facts:
        if value:
            click.echo(printable(f"{indent}{name:<15} {value}"))


def _print_headers(headers: Headers) -> None:
    for line in header_lines(headers):
        click.echo(printable(f"  {line['name']}: {line['value']}"))


def _facts(event: Event, written: NewEvent) -> list[_Fact]:
    from inspector.contract.answers import meaning

    is_push = written.kind is Kind.PUSH
    status = f"{written.status} {meaning(written.status)}" if written.status is not None else "no answer"
    return [
        ("Event", f"#{event.id} {written.kind.value} {written.direction.value}"),
        ("Time", timestamp(written.at)),
        ("Service", written.service.label if is_push else ""),
        ("Status", status if is_push else ""),
        ("Answered", timestamp(event.settled_at) if event.settled_at is not None else ""),
        ("Request", f"{written.method} {written.url or written.path}".strip()),
        ("Attempt", attempt_words(event.attempt, event.gap).removeprefix("attempt ")),
        ("Rule", written.rule or ""),
        ("Count", f"{event.count}, last {timestamp(event.last_at)}" if event.count > 1 else ""),
        ("Reason", written.reason or ""),
        ("Detail", written.detail or ""),
    ]


def _advice(advice: Advice | None) -> list[_Fact]:
    if advice is None:
        return []
    return [
        ("What happened", advice.happened),
        ("Likely cause", advice.cause),
        ("What to do", advice.remedy),
    ]


def _all_the_same(written: NewEvent) -> str:
    """What was done though the other side is not trusted; empty where that was turned away. Behind a proxy that ends
    TLS the answer does that, by saying what happened."""
    if written.direction is Direction.OUT:
        return "sent to all the same"
    happened = written.advice.happened if written.advice is not None else ""
    if written.kind is Kind.HANDSHAKE or (happened and happened.encode() in written.answer_body):
        return ""
    return "taken all the same, as the listener was told"


def _connection(connection: Connection | None, *, all_the_same: str) -> list[_Fact]:
    if connection is None:
        return []
    facts = [("Peer", connection.peer), ("Via", connection.via or "")]
    certificate = connection.certificate
    if certificate is not None:
        chain = chain_subjects(certificate)
        facts += [
            ("Certificate", f"{certificate.subject}, issued by {certificate.issuer}"),
            ("Valid", f"{certificate.not_before} to {certificate.not_after}"),
            ("Fingerprint", f"SHA-256 {certificate.fingerprint_sha256}"),
            ("Chain", " ← ".join(chain[1:]) or "only this certificate was presented" if chain else ""),
        ]
    if connection.trusted is False:
        facts.append(("Trusted", f"no; {all_the_same}" if all_the_same else "no, and turned away"))
    return [*facts, *(_tls(connection.tls) if connection.tls else [])]


def _tls(tls: TlsFacts) -> list[_Fact]:
    settled = " ".join(part for part in (tls.version, tls.cipher) if part)
    facts = [
        ("TLS", settled),
        ("Server name", tls.sni or ""),
        ("ALPN", tls.alpn or ""),
        ("Alert sent", tls.alert_sent or ""),
        ("Alert received", tls.alert_received or ""),
    ]
    if tls.asked_for is not None:
        facts.append(("CAs asked for", " · ".join(tls.asked_for) or "any"))
    if tls.offer is not None:
        facts += [
            ("Offered", ", ".join(tls.offer.versions)),
            ("  ciphers", ", ".join(tls.offer.ciphers)),
            ("  groups", ", ".join(tls.offer.groups)),
            ("  signatures", ", ".join(tls.offer.signatures)),
            ("  ALPN", ", ".join(tls.offer.alpn)),
        ]
    return facts


def _upstream(forwarded: Forwarded) -> list[_Fact]:
    return [
        ("Answer", upstream_words(forwarded).removeprefix("upstream ")),
        ("URL", forwarded.url),
        ("Detail", forwarded.detail or ""),
        *_advice(forwarded.advice),
    ]
