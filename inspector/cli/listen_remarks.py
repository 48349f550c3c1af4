"""What is unusual about the way one listens, in a sentence each. Imports the words for listening."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from inspector.listen_request import ListenRequest

_NAMES_SHOWN = 5


def remarks(request: ListenRequest) -> Iterator[str]:
    """Sentences about what opens the listener wider, records secrets or changes answers; never a secret."""
    from inspector.listening_setup import header_warnings

    if not _is_loopback(request.host):
        yield f"Other machines can reach this listener: it listens on {request.host}."
    if request.auth == "none":
        yield "Anybody is let in: neither a certificate nor a password is asked for."
    elif request.lenient and "mtls" in request.auth:
        yield "Lenient: clients whose certificate fails are taken, and flagged."
    if request.certificate_header:
        yield (
            f"Plain HTTP: the client's certificate is taken from the header {request.certificate_header}, which"
            " whoever is in front must set itself."
        )
    if request.key_log is not None:
        yield f"TLS keys are being written to {request.key_log}: whoever has that file can read the traffic."
    yield from _forward(request)
    active = [rule.name for rule in request.rules if rule.enabled]
    if active:
        more = f" and {len(active) - _NAMES_SHOWN} more" if len(active) > _NAMES_SHOWN else ""
        count = f"{len(active)} rule{'s' * (len(active) > 1)}"
        yield f"Answers are chosen by {count}: {', '.join(active[:_NAMES_SHOWN])}{more}."
    yield from header_warnings(request.expected_headers)


def _is_loopback(host: str) -> bool:
    plain = host.strip().strip("[]").lower()
    try:
        return ipaddress.ip_address(plain).is_loopback
    except ValueError:
        return plain == "localhost"


def _forward(request: ListenRequest) -> Iterator[str]:
    forward = request.forward
    if forward is None:
        return
    answer = "its answer is returned" if forward.returns_answer else "its answer is only kept"
    unchecked = ", its certificate is not checked" if forward.insecure else ""
    yield f"Every push is passed on to {forward.url}; {answer}{unchecked}."
