"""What came of a send, told to people: for the commands and the window alike.

Imports `inspector.contract`, history's records and the sender's model.
"""

from __future__ import annotations

from inspector.contract.answers import meaning
from inspector.history.model import Timings
from inspector.sender.model import SendResult

_PHASES = (
    ("resolve", "resolve"),
    ("connect", "connect"),
    ("tls", "TLS"),
    ("send", "send"),
    ("wait", "wait"),
    ("read", "read"),
)

_NGINX_MISSES_ONE = (
    "nginx wants a client certificate and got none. It says so by this 400, not by a TLS alert: the handshake went "
    "well. Choose an identity with --identity NAME, or --cert FILE --key FILE."
)
_NGINX_REFUSES_OURS = (
    "nginx refused our client certificate: unknown issuer, expired, or not for clients. It says so by this 400, not "
    "by a TLS alert; its error log has the reason, its ssl_client_certificate the CAs that it takes."
)
_TLS_PORT = "The port speaks TLS: write https:// instead of http://."

# What servers write in a 400 where others send a TLS alert, and what it means.
_SAID_IN_HTTP = (
    (b"No required SSL certificate was sent", _NGINX_MISSES_ONE),
    (b"The SSL certificate error", _NGINX_REFUSES_OURS),
    (b"The plain HTTP request was sent to HTTPS port", _TLS_PORT),  # nginx
    (b"Client sent an HTTP request to an HTTPS server", _TLS_PORT),  # Go
    (b"This port speaks HTTPS", _TLS_PORT),  # our own listener
    (b"speaking plain HTTP to an SSL-enabled server port", _TLS_PORT),  # Apache
)

_MOST_ISSUERS = 3


def explain(result: SendResult) -> tuple[str, ...]:
    """The lines that tell what came of one attempt: the answer and what it means to the pusher, or the
    failure and what to do; then the phases, then the facts of TLS. Never a secret, never an empty line."""
    lines = _failure(result) if result.failure is not None else _answer(result)
    return (
        *lines,
        *(line for line in (phases(result.timings), tls_facts(result), client_certificate(result)) if line),
    )


def phases(timings: Timings) -> str:
    """`connect 1.2 ms · TLS 4.1 ms · wait 0.8 ms · read 0.1 ms`, the phases that happened; empty if none
    did."""
    parts = [
        f"{label} {_milliseconds(spent)}"
        for name, label in _PHASES
        if (spent := getattr(timings, name)) is not None
    ]
    if parts and timings.total is not None:
        parts.append(f"total {_milliseconds(timings.total)}")
    return " · ".join(parts)


def tls_facts(result: SendResult) -> str:
    """`TLSv1.3 · TLS_AES_256_GCM_SHA384 · SNI localhost · CN=dev-server (trusted)`; empty without TLS."""
    connection = result.connection
    if connection is None or connection.tls is None:
        return ""
    tls, certificate = connection.tls, connection.certificate
    parts = [
        tls.version,
        tls.cipher,
        f"ALPN {tls.alpn}" if tls.alpn else None,
        f"SNI {tls.sni}" if tls.sni else None,
    ]
    if certificate is not None:
        trust = {True: " (trusted)", False: " (not trusted)", None: ""}[connection.trusted]
        parts.append(
            f"server {certificate.subject or 'without a name'}{trust}, until {certificate.not_after}"
        )
    return " · ".join(part for part in parts if part)


def client_certificate(result: SendResult) -> str:
    """Whether the server asked for our certificate and got it; empty where that is not known."""
    asked = result.client_auth
    if asked is None:
        return ""
    if not asked.asked:
        return "The server did not ask for a client certificate."
    said = f"The server asked for a client certificate; {'ours was sent' if asked.presented else 'none was sent'}."
    if not asked.issuers or result.failure is not None:  # a failure that is about them names them
        return said
    more = len(asked.issuers) - _MOST_ISSUERS
    named = "; ".join(asked.issuers[:_MOST_ISSUERS]) + (f" and {more:,} more" if more > 0 else "")
    return f"{said} It takes those from {named}."


def _failure(result: SendResult) -> tuple[str, ...]:
    failure = result.failure
    assert failure is not None
    return tuple(line for line in (failure.message, failure.next_step) if line)


def _answer(result: SendResult) -> tuple[str, ...]:
    status = result.status or 0
    lines = [f"{status}: {meaning(status)}"]
    if status == 400:
        lines += [text for said, text in _SAID_IN_HTTP if said in result.answer_body]
    if result.truncated:
        lines.append(
            f"The answer was longer than the {len(result.answer_body):,} bytes of it that were kept."
        )
    return tuple(lines)


def _milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 1000 else f"{value / 1000:.2f} s"
